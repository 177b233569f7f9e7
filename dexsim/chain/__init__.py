"""The chain: values that cross the border to an EVM, engines, nodes, and the one object that changes state."""

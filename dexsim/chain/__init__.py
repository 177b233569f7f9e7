"""The chain: values, engines, nodes, and the one object that changes state."""

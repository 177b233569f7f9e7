"""Sources and compiled contracts: the compiler, artifacts, the ABI codec."""

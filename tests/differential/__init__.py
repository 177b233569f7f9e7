"""The exchange against the published Uniswap v2 bytecode, transaction by transaction."""

"""What pairs under Uniswap v2's interface promise: a model, machines that move chain and model together, cases."""

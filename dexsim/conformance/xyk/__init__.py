"""Pairs under Uniswap v2's interface: a model, machines that move chain and model together, cases."""

"""What transactions cost in gas, beside the same ones on Uniswap v2, and the committed snapshot of both."""

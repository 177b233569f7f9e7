"""Which token a value is counted in, told by its name: the field's names are few and old."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

TOKENS_OF_OWN = {"balanceOf", "totalSupply", "allowance", "_balances", "_totalSupply"}
"""Variables and functions that hold amounts of the contract's own token."""

NAMES_OF_RESULTS: Mapping[str, tuple[str, ...]] = {
    "balanceOf": ("value",),
    "totalSupply": ("value",),
    "allowance": ("value",),
    "getReserves": ("reserve0", "reserve1", "blockTimestampLast"),
    "burn": ("amount0", "amount1"),
    "mint": ("liquidity",),
    "addLiquidity": ("amountA", "amountB", "shares"),
    "addLiquidityETH": ("amountToken", "amountETH", "shares"),
    "removeLiquidity": ("amountA", "amountB"),
    "removeLiquidityWithPermit": ("amountA", "amountB"),
    "removeLiquidityETH": ("amountToken", "amountETH"),
    "removeLiquidityETHWithPermit": ("amountToken", "amountETH"),
}
"""What the results of well-known functions are: ABIs rarely name them."""

RESULTS_ALONG_A_PATH = "amounts"

_OWN = {"value", "amount", "wad", "liquidity", "_value", "_amount"}
_OF_A_PAIR = re.compile(r"_?(amount|reserve|balance|fees?)_?([01])", re.IGNORECASE)
_BY_ARGUMENT = (("amountA", "tokenA"), ("amountB", "tokenB"), ("amountToken", "token"))


def units_of_value(
    name: str,
    known: Mapping[str, Any],
    contract: str,
    tokens_of: Callable[[str], Sequence[str]],
) -> list[str]:
    """The tokens (addresses, or "native") of a value by name; one for a number, [] for no amount.

    known: the other values of the same call. contract: whose call it is. tokens_of: token0 and
    token1 of a contract that has them.
    """
    path = [str(token) for token in known.get("path") or ()]
    if path and name == RESULTS_ALONG_A_PATH:
        return path
    if path and name.startswith(("amountIn", "amountOut")):
        return [path[0 if name.startswith("amountIn") else -1]]
    pair = _OF_A_PAIR.match(name)
    if pair:
        tokens = tokens_of(contract)
        return [tokens[int(pair[2])]] if tokens else []
    for prefix, token in _BY_ARGUMENT:
        if name.startswith(prefix) and token in known:
            return [str(known[token])]
    if name.startswith("amountETH"):
        return ["native"]
    return [contract] if name in _OWN else []

"""A step's amounts are each told in whole tokens of their own kind."""

from __future__ import annotations

from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool, Reserves
from dexsim.results.liquidity_reader import Step
from dexsim.results.liquidity_rows import Stepped, liquidity_rows

BASE = Erc20("0x" + "aa" * 20, symbol="WETH", decimals=18)
QUOTE = Erc20("0x" + "bb" * 20, symbol="USDC", decimals=6)
POOL = Pool("0x" + "11" * 20, base=BASE, quote=QUOTE, fee_bps=30, market="main")
STEP = Step(
    "main",
    4,
    "swap",
    lp=7 * 10**18,
    change=Reserves(-2 * 10**18, 3 * 10**6),
    paid_in=Reserves(0, 4 * 10**6),
    paid_out=Reserves(5 * 10**18, 6 * 10**6),
)


def test_wei_and_whole_tokens_of_every_amount() -> None:
    rows = liquidity_rows({"main": POOL})
    rows.enter(Stepped(1, 2, "alice", "trader", STEP))
    (row,) = rows.to_arrow({"run_id": "", "arm": "", "seed": 0}).to_pylist()
    whole = {
        "lp": 7,
        "base": -2,
        "quote": 3,
        "base_in": 0,
        "quote_in": 4,
        "base_out": 5,
        "quote_out": 6,
    }
    for name, tokens in whole.items():
        unit = 10**6 if name.startswith("quote") else 10**18
        assert (row[name], row[f"{name}_tokens"]) == (tokens * unit, tokens), name
    assert (row["block"], row["position"], row["step"]) == (1, 2, 4)
    assert (row["agent"], row["role"], row["market"]) == ("alice", "trader", "main")

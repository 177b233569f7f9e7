"""An order's row: what it sells and its limit, each in whole tokens of its own kind."""

from __future__ import annotations

from typing import Any

import pytest

from dexsim.blockspace.orders import Order
from dexsim.blockspace.pending import Pending
from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool
from dexsim.results.order_rows import Ordered, order_rows

BASE = Erc20("0x" + "aa" * 20, symbol="WETH", decimals=18)
QUOTE = Erc20("0x" + "bb" * 20, symbol="USDC", decimals=6)
POOL = Pool("0x" + "11" * 20, base=BASE, quote=QUOTE, fee_bps=30, market="main")
ALICE = Account.named("alice")


def row(token_in: str, amount_in: int, **known: Any) -> dict[str, Any]:
    order = Order(
        ALICE, market="main", token_in=token_in, amount_in=amount_in, tip=7, slippage_bps=9
    )
    pending = Pending(
        id=1,
        tx=Transaction(sender=ALICE.address, to=None),
        agent="people",
        role="trader",
        arrival_ms=5,
        submitted_block=3,
        order=order,
        **known,
    )
    rows = order_rows({"main": POOL})
    rows.enter(Ordered(3, order, pending))
    (made,) = rows.to_arrow({"run_id": "", "arm": "", "seed": 0}).to_pylist()
    return dict(made)


@pytest.mark.parametrize(
    ("token_in", "sold", "bought"), [("WETH", 10**18, 10**6), ("USDC", 10**6, 10**18)]
)
def test_wei_and_whole_tokens_of_both_sides(token_in: str, sold: int, bought: int) -> None:
    limit = 3 * bought
    swap = POOL.call_of(ALICE.address, token_in, 2 * sold, limit)
    made = row(token_in, 2 * sold, swap=swap, limit=1)
    assert (made["amount_in"], made["amount_in_tokens"]) == (2 * sold, 2)
    assert (made["min_amount_out"], made["min_amount_out_tokens"]) == (limit, 3)
    assert (made["account"], made["agent"], made["token_in"]) == ("alice", "people", token_in)
    assert (made["block"], made["arrival_ms"], made["slippage_bps"]) == (3, 5, 9)
    assert (made["market"], made["tip_per_gas"], made["visibility"]) == ("main", 7, "public")


def test_an_order_that_becomes_no_swap_has_the_limit_of_its_desk() -> None:
    assert row("WETH", 10**18, limit=4 * 10**6)["min_amount_out_tokens"] == 4
    assert row("WETH", 10**18)["min_amount_out"] is None

"""Users who do what is written, and searchers after them: what tests of structures share."""

from __future__ import annotations

from typing import Any

from dexsim.agents import Sandwicher
from dexsim.blockspace.mechanisms import Priority
from dexsim.blockspace.orders import Order
from dexsim.results.arm import Arm
from dexsim.scenario.run import run
from tests.scenarios import small
from tests.scenarios.nasty import Scripted

ETHER = 10**18
WETH, USDC = 1000 * ETHER, 2_000_000 * 10**6
"""Reserves of `small.world()`."""


def selling(*amounts: int, slippage_bps: int = 500, tip: int = 10**9, **about: Any) -> Scripted:
    """Sells these amounts of WETH in the first block."""

    def script(view: Any, me: Any, setup: Any) -> list[Order]:
        fields = {"market": "main", "token_in": "WETH", "slippage_bps": slippage_bps, "tip": tip}
        fields |= about
        return [Order(me, amount_in=amount, **fields) for amount in amounts if view.block == 1]

    return Scripted(script=script)


def hunt(victims: Any, *, mechanism: Any = None, **searchers: Sandwicher | Scripted) -> Arm:
    """Two blocks of these users and searchers."""
    done = run(
        small.scenario(
            agents={"retail": victims, **searchers}, blocks=2, mechanism=mechanism or Priority()
        ),
        seed=1,
    )
    assert done.summary().closes
    return done.arms[0]


def gains(arm: Arm, part: str, token: str = "ETH") -> int:
    """What attacks brought somebody, in wei."""
    rows = arm.rows("effects")
    return sum(int(r["amount"]) for r in rows if r["part"] == part and r["token"] == token)

"""How far below the quote a user lets a swap fall."""

from __future__ import annotations

from typing import Literal, TypeAlias

from dexsim import cpmm
from dexsim.agents.protocol import View
from dexsim.errors import ScenarioError
from dexsim.market.adapted import AnyPool
from dexsim.market.erc20 import Erc20

SlippageRule: TypeAlias = Literal["fixed", "break-even"]
"""fixed: always the same. break-even: what leaves a sandwich nothing after its gas."""


def check_rule(rule: SlippageRule, pool: AnyPool) -> None:
    """Raises ScenarioError where a rule needs to know a pool's shape, and it is not known."""
    if rule == "break-even" and pool.fee_bps is None:
        raise ScenarioError(
            f"break-even is known of x * y = k alone, and {pool.market} has a shape of its own",
            key="slippage",
        )


def break_even_bps(view: View, pool: AnyPool, token: Erc20, amount: int, gas: int) -> int:
    """The largest slippage at which no sandwich of a swap pays for so much gas.

    amount: wei of `token`, which is sold. The gas is priced at this block's base fee, without
    any tip, so that an attacker never pays less; and rounded down. Without a price of native
    money a ScenarioError says so.
    """
    assert pool.fee_bps is not None
    cost = view.native_cost(gas * view.base_fee, token)
    reserve_in, _ = pool.sides(token, view.reserves(pool.market))
    return cpmm.break_even_slippage_bps(amount, reserve_in, max(0, cost - 1), pool.fee_bps)

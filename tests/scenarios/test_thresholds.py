"""A12 of the theory, found by the searcher itself in runs: below which size nobody is sandwiched."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from dexsim import cpmm
from dexsim.agents import Sandwicher
from dexsim.blockspace.fees import Gas
from dexsim.blockspace.orders import Order
from dexsim.cpmm import closed_forms
from dexsim.market.world import Market, Token, Venue, World
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Scenario
from tests.scenarios.nasty import Scripted

RESERVE = 10**25


def world(fee_bps: int) -> World:
    market = Market(
        venue="exchange", pair="BASE/QUOTE", base_reserve="10000000", quote_reserve="10000000"
    )
    return World(
        tokens={"BASE": Token(), "QUOTE": Token()},
        venues={"exchange": Venue(fee_bps=fee_bps)},
        markets={"main": market},
    )


def is_attacked(size: int, fee_bps: int) -> bool:
    """Whether a searcher attacks a sale of so much of the base token, without gas and without a limit."""

    def sell(view: Any, me: Any, setup: Any) -> list[Order]:
        return [Order(me, market="main", token_in="BASE", amount_in=size, min_amount_out=0)]

    scenario = Scenario(
        world=world(fee_bps),
        agents={
            "user": Scripted(script=sell, funds={"BASE": "10000000"}),
            "searcher": Sandwicher(capital={"BASE": "100000000"}),
        },
        blocks=1,
        gas=Gas(base_fee_gwei="0", native_price="0.000000001"),
    )
    done = run(scenario, seed=1)
    assert done.summary().closes
    return bool(done.arms[0].rows("sandwiches"))


@cache
def bracket(fee_bps: int) -> tuple[int, int]:
    """The largest size found that nobody attacks, and the smallest that somebody does."""
    low, high = RESERVE // 10**6, RESERVE // 10
    assert not is_attacked(low, fee_bps)
    assert is_attacked(high, fee_bps)
    while (high - low) * 2_000_000 > high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_attacked(middle, fee_bps) else (middle, high)
    return low, high


@pytest.mark.parametrize("fee_bps", [1, 5, 30, 100])
def test_the_searcher_brackets_u1_to_a_millionth(fee_bps: int) -> None:
    low, high = bracket(fee_bps)
    u1 = closed_forms.first_threshold(fee_bps) * RESERVE
    assert abs(high / u1 - 1) < 10**-6
    assert abs(low / u1 - 1) < 10**-6


@pytest.mark.parametrize("fee_bps", [1, 5, 30, 100])
def test_the_solver_brackets_u1_to_a_millionth(fee_bps: int) -> None:
    u1 = closed_forms.first_threshold(fee_bps) * RESERVE

    def profit(size: int) -> int:
        return cpmm.optimal_frontrun(size, 0, RESERVE, RESERVE, fee_bps).profit

    assert profit(int(u1) * (10**6 - 1) // 10**6) == 0
    assert profit(int(u1) * (10**6 + 1) // 10**6) > 0


def test_who_tries_the_largest_size_alone_misses_what_pays() -> None:
    """A12's trap: at 0.31 % and a tolerance of 20 % the largest size loses, and a smaller one gains."""
    ether = 10**18
    x, v = 1000 * ether, 31 * ether // 10
    least = cpmm.minimum_out(cpmm.amount_out(v, x, x), 2_000)
    largest = cpmm.max_frontrun(v, least, x, x)
    best = cpmm.optimal_frontrun(v, least, x, x)
    assert _gain(largest, v, x) < 0 < best.profit
    assert 0 < best.frontrun_in < largest // 2
    assert abs(best.profit - 2_404 * 10**12) < 10**12
    assert abs(_gain(largest, v, x) + 16_318 * 10**12) < 10**12


def _gain(front: int, v: int, x: int) -> int:
    bought = cpmm.amount_out(front, x, x)
    victim = cpmm.amount_out(v, x + front, x - bought)
    return cpmm.amount_out(bought, x - bought - victim, x + front + v) - front

"""Front-running without sight: what the average is worth in integers, and what a run of it costs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from dexsim import cpmm
from dexsim.agents import BlindFrontrunner
from dexsim.blockspace.mechanisms import CommitReveal
from dexsim.blockspace.orders import Order
from dexsim.cpmm.closed_forms import blind_threshold
from dexsim.errors import ScenarioError
from dexsim.results.arm import Arm
from tests.scenarios import small
from tests.scenarios.nasty import Scripted
from tests.scenarios.test_backrunners import DOLLAR, ETHER, X, Y, play, two_pools

DEPTH = 10**33
G = Fraction(997, 1000)


def round_trip(stake: int, between: tuple[bool, int] | None, pool: tuple[int, int]) -> int:
    """What comes back of a stake sold before, and bought back behind, somebody's swap.

    between: whether it is on the same side, and its input.
    """
    x, y = cpmm.swap(stake, *pool)
    bought = pool[1] - y
    if between is not None:
        same, victim = between
        x, y = cpmm.swap(victim, x, y) if same else cpmm.swap(victim, y, x)[::-1]
    return x - cpmm.swap(bought, y, x)[1]


@pytest.mark.parametrize("victim_bps", [10, 100, 300, 560, 570, 1000])
def test_a15_the_mean_of_both_sides_is_the_closed_form(victim_bps: int) -> None:
    """A15: EV/a = g^2*(m + 1/m)/2 - 1, m = (1 + u)*(1 + g*u), in exact integers for a small stake."""
    stake, victim = DEPTH // 10**9, DEPTH * victim_bps // 10_000
    pool = (DEPTH, DEPTH)
    gains = [round_trip(stake, (same, victim), pool) - stake for same in (True, False)]
    u = Fraction(victim_bps, 10_000)
    m = (1 + u) * (1 + G * u)
    closed = G * G * (m + 1 / m) / 2 - 1
    assert abs(Fraction(sum(gains), 2 * stake) - closed) < Fraction(1, 10**8)
    assert (sum(gains) > 0) is (victim_bps > blind_threshold() * 10_000)


def test_a15_the_sign_turns_at_5_6486_per_cent() -> None:
    stake = DEPTH // 10**9
    for victim, is_gain in ((DEPTH * 56_485 // 10**6, False), (DEPTH * 56_487 // 10**6, True)):
        back = sum(round_trip(stake, (same, victim), (DEPTH, DEPTH)) for same in (True, False))
        assert (back > 2 * stake) is is_gain


def blind(**changes: Any) -> BlindFrontrunner:
    return BlindFrontrunner(**({"capital": {"WETH": "100", "USDC": "200000"}} | changes))


def selling_in(block: int, amount: int) -> Scripted:
    def script(view: Any, me: Any, setup: Any) -> list[Order]:
        fields = {"market": "main", "token_in": "WETH", "slippage_bps": 500}
        return [Order(me, amount_in=amount, **fields)] if view.block == block else []

    return Scripted(script=script)


def own(arm: Arm) -> list[dict[str, Any]]:
    return [row for row in arm.rows("swaps") if row["agent"] == "searcher"]


def test_an_order_that_it_could_not_read_stands_between_its_legs() -> None:
    arm = play(CommitReveal(), retail=selling_in(2, 10 * ETHER), searcher=blind(), blocks=3)
    front, back = own(arm)
    (victim,) = [row for row in arm.rows("swaps") if row["agent"] == "retail"]
    assert (front["block"], victim["block"], back["block"]) == (2, 3, 3)
    assert back["position"] > victim["position"]
    sells_base = front["token_in"] == "WETH"
    pool, stake = ((X, Y), 10 * ETHER) if sells_base else ((Y, X), 20_000 * DOLLAR)
    assert int(front["amount_in"]) == stake
    expected = round_trip(stake, (sells_base, 10 * ETHER), pool)
    assert int(back["amount_out"]) == expected
    assert (expected > stake) is sells_base


def test_it_reads_nothing_that_others_have_encrypted() -> None:
    """What it does is the same whatever the others do."""
    arms = [
        play(CommitReveal(), retail=selling_in(block, amount), searcher=blind(), blocks=6)
        for block, amount in ((2, ETHER), (3, 20 * ETHER))
    ]
    seen = [[(row["block"], row["token_in"]) for row in own(arm)] for arm in arms]
    assert seen[0] == seen[1]
    assert len(seen[0]) >= 4


def test_under_commit_reveal_it_loses_to_small_orders() -> None:
    """M9: users of 0.5 % of the pool, both sides, far below 5.65 %: a toss costs 0.6 % of the stake."""
    users = small.retail(median_size="3", market="main")
    arm = play(CommitReveal(), world=two_pools(), retail=users, searcher=blind(), blocks=40)
    rounds = list(zip(own(arm)[::2], own(arm)[1::2], strict=False))
    assert len(rounds) > 15
    assert {front["token_in"] for front, _ in rounds} == {"WETH", "USDC"}
    rate = {"WETH": 2000, "USDC": 10**12}
    gained = sum(
        (int(back["amount_out"]) - int(front["amount_in"])) * rate[front["token_in"]]
        for front, back in rounds
    )
    staked = sum(int(front["amount_in"]) * rate[front["token_in"]] for front, _ in rounds)
    assert all(back["token_in"] != front["token_in"] for front, back in rounds)
    assert -0.012 < gained / staked < -0.003


def test_it_needs_capital_of_both_sides() -> None:
    with pytest.raises(ScenarioError, match="there is no USDC"):
        play(CommitReveal(), searcher=blind(capital={"WETH": "100"}))

"""Searching by asking, held against the closed forms of a constant-product pool."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from dexsim import cpmm
from dexsim.agents.searching import LIMIT_QUESTIONS, PEAK_QUESTIONS, largest_passing, peak
from dexsim.errors import Reverted

FEE = 30


class Counted:
    """A function that counts how often it is asked."""

    def __init__(self, function: Callable[[int], int]) -> None:
        self._function = function
        self.asked = 0

    def __call__(self, amount: int) -> int:
        self.asked += 1
        return self._function(amount)


class Attack:
    """A victim in a pool of reserves x and y, drawn over many magnitudes; asked one input at a time."""

    def __init__(self, rng: Random) -> None:
        self.x, self.y = (int(10 ** rng.uniform(8, 26)) for _ in range(2))
        self.victim = max(1, int(self.x * 10 ** rng.uniform(-5, -0.5)))
        slippage = rng.choice([10, 50, 100, 500, 3_000, 10_000])
        quoted = out(self.victim, self.x, self.y)
        self.least = max(1, quoted * (10_000 - slippage) // 10_000)
        self.most = int(self.x * 10 ** rng.uniform(-3, 1))

    def margin(self, amount: int) -> int:
        """What the victim gets above its limit after a front-run."""
        bought = out(amount, self.x, self.y)
        if amount and bought < 1:
            return -1 - self.least
        return out(self.victim, self.x + amount, self.y - bought) - self.least

    def gain(self, amount: int) -> int:
        """What the three legs bring."""
        bought = out(amount, self.x, self.y)
        victim_out = out(self.victim, self.x + amount, self.y - bought)
        if bought < 1 or victim_out < self.least:
            return -amount
        back = out(bought, self.y - bought - victim_out, self.x + amount + self.victim)
        return back - amount

    def best(self) -> cpmm.Frontrun:
        return cpmm.optimal_frontrun(self.victim, self.least, self.x, self.y, FEE, max_in=self.most)

    def tolerance(self, best: cpmm.Frontrun) -> int:
        """What eight wei of the other token are worth behind the victim, and eight wei."""
        left = self.y - best.frontrun_out - best.victim_out
        return 8 * (self.x + best.frontrun_in + self.victim) // max(1, left) + 8


def out(amount: int, x: int, y: int) -> int:
    """What the pool pays; -1 where it refuses."""
    try:
        return cpmm.amount_out(amount, x, y, FEE) if amount else 0
    except Reverted:
        return -1


def attacks(seed: int, count: int) -> list[Attack]:
    rng = Random(seed)
    return [Attack(rng) for _ in range(count)]


def test_the_limit_that_is_found_passes_and_is_the_largest_to_a_part_in_2_to_the_36() -> None:
    exact = 0
    for each in attacks(1, 600):
        true = min(each.most, cpmm.max_frontrun(each.victim, each.least, each.x, each.y, FEE))
        margin = Counted(each.margin)
        found = largest_passing(margin, each.most)
        assert margin.asked <= LIMIT_QUESTIONS
        assert found <= true
        # Where a front-run of 1 wei buys nothing, or the questions run out on the steps of a price
        # of few digits, it may be smaller; the profit of what is lost is held below.
        exact += true - found <= max(1, true >> 36)
    assert exact > 500


def test_the_best_attack_is_that_of_the_closed_form_but_for_a_few_wei() -> None:
    paying = 0
    for each in attacks(2, 600):
        best = each.best()
        gain = Counted(each.gain)
        amount, profit = peak(gain, largest_passing(each.margin, each.most))
        assert gain.asked <= PEAK_QUESTIONS
        assert profit <= best.profit
        assert best.profit - profit <= each.tolerance(best) + best.profit // 10**9
        assert not amount or each.gain(amount) == profit
        paying += profit > 0
    assert paying > 200


def test_an_arbitrage_is_that_of_the_closed_form_to_a_millionth() -> None:
    rng = Random(3)
    for _ in range(300):
        x, y = (int(10 ** rng.uniform(18, 26)) for _ in range(2))
        top, bottom = y * rng.randint(1_010, 3_000), x * 1_000
        sells_first, best = cpmm.arbitrage(x, y, top, bottom, FEE)
        assert not sells_first

        def gain(amount: int, x: int = x, y: int = y, top: int = top, bottom: int = bottom) -> int:
            return out(amount, y, x) * top - amount * bottom

        counted = Counted(gain)
        amount, profit = peak(counted, y * 10)
        assert counted.asked <= PEAK_QUESTIONS
        assert gain(best) - profit <= gain(best) // 10**6
        assert gain(amount) == profit


@pytest.mark.parametrize(("most", "found"), [(0, 0), (1, 1), (99, 99), (100, 100), (10**30, 100)])
def test_the_largest_on_a_plain_slope_is_exact(most: int, found: int) -> None:
    assert largest_passing(lambda amount: 100 - amount, most) == found


def test_what_fails_undisturbed_has_no_limit() -> None:
    assert largest_passing(lambda _: -1, 100) == 0


@pytest.mark.parametrize("top", [1, 2, 3, 17, 1_000, 10**6])
def test_small_peaks_are_found_exactly(top: int) -> None:
    assert peak(lambda amount: 2 * top * top - (amount - top) ** 2, 10**6)[0] == pytest.approx(
        top, rel=1e-2
    )
    assert peak(lambda amount: amount, top) == (top, top)


def test_where_nothing_gains_nothing_is_done() -> None:
    assert peak(lambda amount: -amount, 10**20) == (0, 0)
    assert peak(lambda amount: amount, 0) == (0, 0)

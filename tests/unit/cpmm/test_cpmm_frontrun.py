"""The sandwich on integers: against brute force on small pools, against bounds on large ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
import pytest

from dexsim.cpmm import (
    MAX_RESERVE,
    Frontrun,
    amount_out,
    fee_fraction,
    max_frontrun,
    minimum_out,
    optimal_frontrun,
    swap,
)
from dexsim.cpmm.sandwich import _ternary
from dexsim.errors import AmountTypeError, Reverted, ScenarioError

E18 = 10**18
FEES = [0, 1, 5, 30, 33, 100, 250, 333, 1000]
Victim = tuple[int, int, int, int, int]  # victim_in, victim_min_out, reserve_in, reserve_out, fee


# The reference: the three swaps one after the other, by the function that the contract mirrors.


def execute(a: int, pool: Victim) -> Frontrun | None:
    """The sandwich of input `a`, or None where one of its swaps reverts."""
    v, least, x, y, fee_bps = pool
    try:
        x1, y1 = swap(a, x, y, fee_bps)
        x2, y2 = swap(v, x1, y1, fee_bps)
        if y1 - y2 < least:
            return None
        _, x3 = swap(y - y1, y2, x2, fee_bps)
    except Reverted:
        return None
    return Frontrun(a, y - y1, y1 - y2, x2 - x3, x2 - x3 - a)


def brute_force(v: int, least: int, x: int, y: int, fee_bps: int) -> tuple[list[int], int]:
    """The gains of the inputs 1, 2, ... that the victim bears, and the largest such input."""
    n, d = fee_fraction(fee_bps)
    gains: list[int] = []
    for a in range(10**6):
        o = a * n * y // (x * d + a * n)
        q = v * n * (y - o) // ((x + a) * d + v * n)
        if q < max(1, least):
            return gains, max(0, a - 1)
        if a:
            gains.append(o * n * (x + a + v) // ((y - o - q) * d + o * n) - a)
    raise AssertionError("the victim bears too much to try it all")


def small_pools(count: int, bits: int, seed: int) -> Iterator[Victim]:
    rng = random.Random(seed)
    for i in range(count):
        x, y, v = (rng.randint(1, 2 ** rng.randint(1, bits)) for _ in range(3))
        fee_bps = FEES[i % len(FEES)]
        n, d = fee_fraction(fee_bps)
        quoted = v * n * y // (x * d + v * n)
        part = rng.choice([0, 1, 50, 90, 99, 100])
        least = rng.choice([quoted * part // 100, rng.randint(0, quoted + 1)])
        yield v, least, x, y, fee_bps


def test_smallest_best_input_equals_brute_force_on_small_pools() -> None:
    attacked = ties = 0
    for i, pool in enumerate(small_pools(1200, 10, seed=1)):
        gains, _ = brute_force(*pool)
        best = max(gains, default=0)
        for cost in {0, i % 7, max(0, best - 1), max(0, best)}:
            found = optimal_frontrun(*pool, cost=cost)
            if best > cost:
                assert found.frontrun_in == gains.index(best) + 1, (pool, cost)
                assert found.profit == best - cost
            else:
                assert (found.frontrun_in, found.profit) == (0, 0), (pool, cost)
        attacked += best > 0
        ties += best > 0 and gains.count(best) > 1
    assert attacked > 300  # the comparison means something
    assert ties > 100


def test_every_tiny_pool_equals_brute_force() -> None:
    for fee_bps in (0, 30, 1000):
        for x in range(1, 7):
            for y in range(1, 9):
                for v in (1, 2, 3, 5, 8, 30):
                    for least in (0, 1, 2, 4):
                        pool = (v, least, x, y, fee_bps)
                        gains, limit = brute_force(*pool)
                        best = max([0, *gains])
                        found = optimal_frontrun(*pool)
                        expected = gains.index(best) + 1 if best else 0
                        assert (found.profit, found.frontrun_in) == (best, expected), pool
                        assert max_frontrun(*pool) == limit, pool


def vectorised(v: int, least: int, x: int, y: int, fee_bps: int) -> tuple[int, int]:
    """(greatest gain, smallest input of it) over every input, in 64-bit integers."""
    n, d = fee_fraction(fee_bps)
    a = np.arange(max_frontrun(v, least, x, y, fee_bps) + 1, dtype=np.int64)
    o = a * n * y // (x * d + a * n)
    q = v * n * (y - o) // ((x + a) * d + v * n)
    gains = o * n * (x + a + v) // ((y - o - q) * d + o * n) - a
    best = int(np.argmax(gains))
    return int(gains[best]), best


def pools_up_to_the_exact_limit() -> Iterator[Victim]:
    rng = random.Random(2)
    for i in range(120):
        x, y = (rng.randint(2**17, 2**20) for _ in range(2))
        if i % 4 == 0:
            y = rng.randint(2**8, 2**12)  # plateaus: many inputs for one output
        if i % 10 == 0:
            x = y = 2**20
        fee_bps = [0, 1, 5, 30, 100][i % 5]
        first, second = [(0, 0), (1, 2), (5, 10), (30, 60), (101, 203)][i % 5]
        share = rng.choice([second + 3, first + second // 2 + 1, 300, 2000])
        v = max(1, min(2**20, x * share // 10_000))
        yield (
            v,
            minimum_out(amount_out(v, x, y, fee_bps), rng.choice([100, 4000, 6000])),
            x,
            y,
            fee_bps,
        )


def test_smallest_best_input_is_exact_up_to_two_to_the_twenty() -> None:
    attacked = 0
    for pool in pools_up_to_the_exact_limit():
        best, smallest = vectorised(*pool)
        found = optimal_frontrun(*pool)
        if best > 0:
            attacked += 1
            assert (found.profit, found.frontrun_in) == (best, smallest), pool
        else:
            assert (found.profit, found.frontrun_in) == (0, 0), pool
    assert attacked > 80


# Large pools


def large_pools(count: int, seed: int) -> Iterator[Victim]:
    rng = random.Random(seed)
    for _ in range(count):
        x = rng.randint(10**12, 10 ** rng.randint(13, 32))
        y = rng.randint(10**9, 10 ** rng.randint(10, 33))
        fee_bps = rng.choice([0, 1, 5, 30, 100, 1000])
        v = max(1, int(x * 10 ** rng.uniform(-2.6, 0.6)))
        quoted = amount_out(v, x, y, fee_bps)
        slippage = rng.choice([10, 50, 100, 500, 3000, 9000, 10_000])
        yield v, minimum_out(quoted, slippage), x, y, fee_bps


def ternary(gain: Callable[[int], int], low: int, high: int, *, strict: bool, step: int) -> int:
    """The greatest gain that an integer ternary search sees at its end."""
    while high - low > 3:
        third = (high - low) // 3
        left, right = gain(low + third), gain(high - third)
        if left < right or (left == right and not strict):
            low += third + step
        else:
            high -= third + step
    return max(gain(a) for a in range(low, high + 1))


def gain_of(pool: Victim) -> Callable[[int], int]:
    v, _, x, y, fee_bps = pool
    n, d = fee_fraction(fee_bps)

    def gain(a: int) -> int:
        o = a * n * y // (x * d + a * n)
        q = v * n * (y - o) // ((x + a) * d + v * n)
        return o * n * (x + a + v) // ((y - o - q) * d + o * n) - a

    return gain


def test_profit_is_never_below_a_ternary_search_on_large_pools() -> None:
    for pool in large_pools(250, seed=3):
        profit = optimal_frontrun(*pool).profit
        limit, gain = max_frontrun(*pool), gain_of(pool)
        for strict in (False, True):
            for step in (0, 1):
                assert profit >= ternary(gain, 0, limit, strict=strict, step=step), pool


def test_the_smallest_best_input_is_exact_where_the_limit_binds() -> None:
    """Far below the limit the curve is too low: the last inputs hold the optimum."""
    for v, slippage_bps in ((8, 100), (20, 50), (300, 500)):
        for x, y in ((E18, E18), (1000 * E18, 3000 * E18), (10**9, 10**24)):
            quoted = amount_out(v * x // 1000, x, y)
            pool = (v * x // 1000, minimum_out(quoted, slippage_bps), x, y, 30)
            limit, gain = max_frontrun(*pool), gain_of(pool)
            inputs = range(max(1, limit - 3000), limit + 1)
            found = optimal_frontrun(*pool)
            best = max(map(gain, inputs))
            assert found.profit == best, pool
            assert found.frontrun_in == next(a for a in inputs if gain(a) == best), pool


def test_an_attack_that_only_returns_its_cost_is_not_made() -> None:
    for pool in large_pools(100, seed=9):
        gross = optimal_frontrun(*pool).profit
        net = optimal_frontrun(*pool, cost=gross)
        assert net.profit > 0 or net.frontrun_in == 0, pool
        assert net.profit >= 0, pool


@pytest.mark.parametrize("left_on_tie", [False, True])
def test_the_ternary_search_finds_a_smooth_maximum(left_on_tie: bool) -> None:
    for peak in (0, 1, 699_999, 700_000, 999_999, 10**6):
        assert peak in _ternary(lambda a, p=peak: -((a - p) ** 2), 10**6, left_on_tie=left_on_tie)


def real_profit(a: int, v: int, x: int, fee_bps: int) -> Fraction:
    """The curve over the reals, as the three swaps give it, in a pool of x against x."""
    g = Fraction(*fee_fraction(fee_bps))
    o = x * g * a / (x + g * a)
    q = (x - o) * g * v / (x + a + g * v)
    return g * o * (x + a + v) / (x - o - q + g * o) - a


def real_optimum(pool: Victim) -> int:
    """The input of greatest real profit that the victim bears, rounded down, by bisection."""
    v, _, x, _, fee_bps = pool
    low, high = 0, max_frontrun(*pool)
    while high - low > 1:
        middle = (low + high) // 2
        if real_profit(middle, v, x, fee_bps) > real_profit(middle - 1, v, x, fee_bps):
            low = middle
        else:
            high = middle
    return max(low, high, key=lambda a: real_profit(a, v, x, fee_bps))


def test_profit_is_within_the_stated_bound_of_the_real_optimum() -> None:
    attacked = 0
    for pool in large_pools(120, seed=4):
        v, _, x, y, fee_bps = pool
        a = real_optimum(pool)
        found = optimal_frontrun(*pool)
        best = real_profit(a, v, x, fee_bps)
        assert found.profit <= max(best, 0), pool
        sandwich = execute(a, pool)
        if sandwich is None:
            continue
        attacked += 1
        g, u = Fraction(*fee_fraction(fee_bps)), Fraction(v, x)
        left = y - sandwich.frontrun_out - sandwich.victim_out
        bound = 1 + 2 * (x + a + v) / (left + g * sandwich.frontrun_out)
        bound += max(0, g * g * (1 + u) * (1 + g * u) - 1)
        assert found.profit > best - bound, pool
    assert attacked > 80


def test_legs_are_what_the_pool_executes() -> None:
    for pool in [*large_pools(100, seed=5), *small_pools(300, 12, seed=6)]:
        found = optimal_frontrun(*pool)
        if found.frontrun_in:
            assert found == execute(found.frontrun_in, pool), pool
            assert found.frontrun_in <= max_frontrun(*pool)


def test_attacker_victim_and_pool_conserve_both_tokens() -> None:
    v, x, y = 20 * E18, 1000 * E18, 3000 * E18
    found = optimal_frontrun(v, minimum_out(amount_out(v, x, y), 200), x, y)
    x1, y1 = swap(found.frontrun_in, x, y)
    x2, y2 = swap(v, x1, y1)
    y3, x3 = swap(found.frontrun_out, y2, x2)
    assert (x3 - x) + (found.backrun_out - found.frontrun_in) - v == 0
    assert (y3 - y) + found.victim_out == 0
    assert found.profit == found.backrun_out - found.frontrun_in > 0


def test_liquidity_providers_gain_from_the_attack() -> None:
    v, a, x = 20 * E18, 10 * E18, 1000 * E18
    clean_x, clean_y = swap(v, x, x)
    clean = Fraction(clean_x * clean_y, x * x)
    sandwich = execute(a, (v, 0, x, x, 30))
    assert sandwich is not None
    end_x = x + a + v - sandwich.backrun_out
    end_y = x - sandwich.victim_out
    attacked = Fraction(end_x * end_y, x * x)
    assert round((float(clean) ** 0.5 - 1) * 1e5, 3) == 2.941
    assert round((float(attacked) ** 0.5 - 1) * 1e5, 3) == 5.908


# Limits


def test_one_wei_more_than_the_largest_frontrun_makes_the_victim_fail() -> None:
    bound = 0
    for pool in [*large_pools(150, seed=7), *small_pools(400, 12, seed=8)]:
        limit = max_frontrun(*pool)
        if limit:
            bound += 1
            assert passes(limit, pool), pool
        assert not passes(limit + 1, pool), pool
    assert bound > 200


def passes(a: int, pool: Victim) -> bool:
    v, least, x, y, fee_bps = pool
    n, d = fee_fraction(fee_bps)
    left = y - a * n * y // (x * d + a * n)
    out = v * n * left // ((x + a) * d + v * n)
    return x + a + v <= MAX_RESERVE and out >= max(1, least)


def test_a_victim_that_accepts_its_quote_only_bears_rounding_at_most() -> None:
    v, x = 10 * E18, 1000 * E18
    quoted = amount_out(v, x, x)
    assert max_frontrun(v, quoted, x, x) < 1000
    assert optimal_frontrun(v, quoted, x, x).profit == 0


def test_a_victim_that_fails_already_is_not_attacked() -> None:
    v, x = 10 * E18, 1000 * E18
    least = amount_out(v, x, x) + 1
    assert max_frontrun(v, least, x, x) == 0
    assert optimal_frontrun(v, least, x, x) == Frontrun(0, 0, 0, 0, 0)


@pytest.mark.parametrize("pool", [(0, 0, 10, 10), (10, 0, 0, 10), (10, 0, 10, 0),
                                  (MAX_RESERVE, 0, 10, 10), (1, 0, 1000, 10)])  # fmt: skip
def test_a_victim_whose_swap_reverts_is_not_attacked(pool: tuple[int, int, int, int]) -> None:
    assert optimal_frontrun(*pool) == Frontrun(0, 0, 0, 0, 0)
    assert max_frontrun(*pool) == 0


def test_no_attack_reports_what_the_victim_gets() -> None:
    v, x = 1 * E18, 1000 * E18  # below the first threshold
    assert optimal_frontrun(v, 0, x, x) == Frontrun(0, 0, amount_out(v, x, x), 0, 0)


def test_reserves_stay_within_112_bits() -> None:
    x, y, v = 2**112 - 2**108, 2**111, 2**107
    found = optimal_frontrun(v, 0, x, y)
    assert max_frontrun(v, 0, x, y) == MAX_RESERVE - x - v
    assert 0 < found.frontrun_in <= MAX_RESERVE - x - v
    assert found == execute(found.frontrun_in, (v, 0, x, y, 30))


def test_the_largest_victim_passes_and_one_more_is_left_alone() -> None:
    x, y = 2**111, 2**111
    fits = MAX_RESERVE - x
    assert optimal_frontrun(fits, 0, x, y).victim_out == amount_out(fits, x, y)
    assert optimal_frontrun(fits + 1, 0, x, y) == Frontrun(0, 0, 0, 0, 0)
    assert optimal_frontrun(10, 0, x, MAX_RESERVE).victim_out == amount_out(10, x, MAX_RESERVE)
    assert optimal_frontrun(10, 0, x, MAX_RESERVE + 1) == Frontrun(0, 0, 0, 0, 0)


def test_the_whole_range_of_reserves_is_answered() -> None:
    sizes = [1, 2, 1000, 2**20, 2**21, 10**24, 2**111, MAX_RESERVE]
    for x in sizes:
        for y in sizes:
            for v in sizes:
                found = optimal_frontrun(v, 1, x, y)
                if found.frontrun_in:
                    assert found == execute(found.frontrun_in, (v, 1, x, y, 30)), (v, x, y)


# Numbers of the economics


@pytest.mark.parametrize(
    ("v", "slippage_bps", "a", "profit"),
    [
        (10 * E18, 100, 5.070448, 0.070162),
        (31 * E18 // 10, 2000, 28.732248, 0.002404),  # the largest feasible input loses 0.016318
        (10 * E18, 10_000, 2329.928, 4.87663),
    ],
)
def test_known_optima_in_a_pool_of_a_thousand(
    v: int, slippage_bps: int, a: float, profit: float
) -> None:
    x = 1000 * E18
    for y in (x, 3 * x):  # the other reserve does not matter
        least = minimum_out(amount_out(v, x, y), slippage_bps)
        found = optimal_frontrun(v, least, x, y)
        assert found.frontrun_in / E18 == pytest.approx(a, rel=2e-7)
        assert found.profit / E18 == pytest.approx(profit, rel=3e-4, abs=5e-7)


def test_the_largest_feasible_frontrun_can_lose_where_a_smaller_one_gains() -> None:
    v, x = 31 * E18 // 10, 1000 * E18
    least = minimum_out(amount_out(v, x, x), 2000)
    limit = max_frontrun(v, least, x, x)
    at_limit = execute(limit, (v, least, x, x, 30))
    assert at_limit is not None
    assert limit / E18 == pytest.approx(118.393976, abs=1e-6)
    assert at_limit.profit / E18 == pytest.approx(-0.016318, abs=1e-6)
    assert optimal_frontrun(v, least, x, x).profit / E18 == pytest.approx(0.002404, abs=1e-6)


def test_the_victim_gets_its_minimum_where_the_limit_binds() -> None:
    v, x = 10 * E18, 1000 * E18
    least = minimum_out(amount_out(v, x, x), 100)
    found = optimal_frontrun(v, least, x, x)
    assert least <= found.victim_out <= least + 5


def test_cost_is_subtracted_and_ends_the_attack_where_it_eats_the_gain() -> None:
    v, x = 10 * E18, 1000 * E18
    least = minimum_out(amount_out(v, x, x), 100)
    gross = optimal_frontrun(v, least, x, x)
    net = optimal_frontrun(v, least, x, x, cost=gross.profit - 1)
    assert (net.profit, net.frontrun_in) == (1, gross.frontrun_in)
    none = optimal_frontrun(v, least, x, x, cost=gross.profit)
    assert none == Frontrun(0, 0, amount_out(v, x, x), 0, 0)


@pytest.mark.parametrize("bad", [1.0, True, "1"])
def test_amounts_must_be_ints(bad: object) -> None:
    for position in range(6):
        arguments: list[object] = [10, 1, 100, 100, 30, 0]
        arguments[position] = bad
        with pytest.raises(AmountTypeError):
            optimal_frontrun(*arguments)  # type: ignore[arg-type]


def test_negative_amounts_are_refused() -> None:
    with pytest.raises(ScenarioError, match="cost"):
        optimal_frontrun(10, 1, 100, 100, cost=-1)
    with pytest.raises(ScenarioError, match="victim_in"):
        max_frontrun(-1, 1, 100, 100)


def test_a_capital_limit_gives_the_best_input_within_it() -> None:
    attacked = 0
    for i, pool in enumerate(small_pools(600, 10, seed=77)):
        gains, _ = brute_force(*pool)
        capital = (i * 37) % (len(gains) + 3)
        best = max(gains[:capital], default=0)
        found = optimal_frontrun(*pool, max_in=capital)
        assert found.profit == max(best, 0)
        if best > 0:
            attacked += 1
            assert found.frontrun_in == gains.index(best) + 1
    assert attacked > 100


def test_a_capital_limit_binds_on_large_pools_too() -> None:
    pool = (10 * E18, 0, 1000 * E18, 1000 * E18, 30)
    free = optimal_frontrun(*pool)
    assert optimal_frontrun(*pool, max_in=free.frontrun_in).profit == free.profit
    bound = optimal_frontrun(*pool, max_in=10 * E18)
    assert 10 * E18 - 100 < bound.frontrun_in <= 10 * E18
    assert bound.profit < free.profit
    assert optimal_frontrun(*pool, max_in=0).profit == 0

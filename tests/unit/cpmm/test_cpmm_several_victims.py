"""Sandwiches of several victims: against brute force on small pools, by execution on large ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations

from dexsim.cpmm import (
    FrontrunMany,
    amount_out,
    choose_victims,
    minimum_out,
    optimal_frontrun,
    optimal_frontrun_many,
    swap,
)
from dexsim.cpmm.sandwich import _ternary
from dexsim.cpmm.sandwich_bound import can_gain, most_gain
from dexsim.errors import Reverted

E18 = 10**18
FEES = [0, 1, 30, 100, 333, 1000]
Pool = tuple[list[tuple[int, int]], int, int, int]


def execute(a: int, pool: Pool) -> FrontrunMany | None:
    """The sandwich of input `a`, or None where a victim reverts."""
    victims, x, y, fee = pool
    bought, outs = amount_out(a, x, y, fee) if a else 0, []
    i, j = x + a, y - bought
    for v, least in victims:
        try:
            i2, j2 = swap(v, i, j, fee)
        except Reverted:
            return None
        if j - j2 < least:
            return None
        outs.append(j - j2)
        i, j = i2, j2
    back = amount_out(bought, j, i, fee) if bought else 0
    return FrontrunMany(a, bought, sum(outs), back, back - a, tuple(outs))


def brute_force(pool: Pool, most: int = 10**6) -> list[FrontrunMany]:
    """What the inputs 0, 1, ... give, up to the one before the first that a victim cannot bear."""
    found = []
    for a in range(most):
        result = execute(a, pool)
        if result is None:
            return found
        found.append(result)
    return found


def small_pools(count: int, seed: int, most: int = 4) -> Iterator[Pool]:
    rng = random.Random(seed)
    for i in range(count):
        x, y = (rng.randint(1, 2 ** rng.randint(1, 9)) for _ in range(2))
        fee = FEES[i % len(FEES)]
        victims, a, b = [], x, y
        for _ in range(rng.randint(1, most)):
            v = rng.randint(1, 2 ** rng.randint(1, 9))
            out = amount_out(v, a, b, fee)
            victims.append((v, rng.choice([out, out * rng.randint(30, 100) // 100, 1])))
            a, b = a + v, b - out
        yield victims, x, y, fee


def test_smallest_best_input_equals_brute_force_on_small_pools() -> None:
    attacked = ties = 0
    for i, pool in enumerate(small_pools(1000, seed=1)):
        tried = brute_force(pool)
        best = max((r.profit for r in tried), default=0)
        for cost in {0, i % 5, max(0, best - 1), best}:
            found = optimal_frontrun_many(*pool, cost=max(0, cost))
            if best > cost:
                first = next(r for r in tried if r.profit == best)
                assert (found.frontrun_in, found.profit) == (first.frontrun_in, best - cost), pool
                assert (found.frontrun_out, found.victim_outs, found.backrun_out) == (
                    first.frontrun_out,
                    first.victim_outs,
                    first.backrun_out,
                )
            else:
                outs = tried[0].victim_outs if tried else (0,) * len(pool[0])
                assert found == FrontrunMany(0, 0, sum(outs), 0, 0, outs), pool
        attacked += best > 0
        ties += best > 0 and sum(r.profit == best for r in tried) > 1
    assert attacked > 150
    assert ties > 50


def test_the_attackers_own_money_limits_it() -> None:
    for i, pool in enumerate(small_pools(200, seed=2)):
        tried = brute_force(pool)[: i % 40 + 1]
        best = max((r.profit for r in tried), default=0)
        found = optimal_frontrun_many(*pool, max_in=i % 40)
        first = next((r.frontrun_in for r in tried if r.profit == best > 0), 0)
        assert (found.frontrun_in, found.profit) == (first, max(0, best)), pool


def large_pools(count: int, seed: int) -> Iterator[Pool]:
    rng = random.Random(seed)
    for i in range(count):
        x, y, fee = 10 ** rng.randint(18, 27), 10 ** rng.randint(18, 27), FEES[i % len(FEES)]
        victims, a, b = [], x, y
        for _ in range(rng.randint(1, 4)):
            v = x * rng.randint(1, 500) // 10_000
            out = amount_out(v, a, b, fee)
            victims.append((v, minimum_out(out, rng.randint(0, 500))))
            a, b = a + v, b - out
        yield victims, x, y, fee


def test_large_pools_are_never_below_a_ternary_search_and_stand_execution() -> None:
    attacked = 0
    for pool in large_pools(60, seed=3):
        found = optimal_frontrun_many(*pool)
        if found.frontrun_in == 0:
            continue
        attacked += 1
        assert found == execute(found.frontrun_in, pool), pool
        low, high = 0, pool[1] * 10
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if execute(middle, pool) else (low, middle)

        def gain(a: int, pool: Pool = pool) -> int:
            result = execute(a, pool)
            return result.profit if result else -1

        for left_on_tie in (False, True):
            for a in _ternary(gain, low, left_on_tie=left_on_tie):
                assert gain(a) <= found.profit, pool
    assert attacked > 20


def test_one_victim_is_the_sandwich_of_one() -> None:
    for (victims, x, y, fee), _ in zip(large_pools(60, seed=4), range(60), strict=True):
        (v, least), *_ = victims
        one, many = (
            optimal_frontrun(v, least, x, y, fee),
            optimal_frontrun_many([(v, least)], x, y, fee),
        )
        # Both stay within the same bound of the real optimum: a few wei at the pool's price.
        assert abs(many.profit - one.profit) <= 4 + 3 * (x // y + 1), (v, least, x, y, fee)


def best_subset(victims: Sequence[tuple[int, int]], x: int, y: int, fee: int) -> int:
    gains = [0]
    for size in range(1, len(victims) + 1):
        for chosen in combinations(victims, size):
            gains += [r.profit for r in brute_force((list(chosen), x, y, fee))]
    return max(gains)


def test_the_chosen_victims_equal_brute_force_over_all_subsets() -> None:
    fewer = 0
    for victims, x, y, fee in small_pools(120, seed=5, most=3):
        chosen, found = choose_victims(victims, x, y, fee)
        assert found.profit == best_subset(victims, x, y, fee)
        picked = [victims[i] for i in chosen]
        assert found == optimal_frontrun_many(picked, x, y, fee)
        assert chosen == tuple(sorted(chosen))
        fewer += 0 < len(chosen) < len(victims)
    assert fewer > 5


def test_a_victim_with_an_unbearable_limit_is_left_out() -> None:
    x = 1000 * E18
    good = (20 * E18, minimum_out(amount_out(20 * E18, x, x), 300))
    chosen, found = choose_victims([(20 * E18, x), good], x, x)
    assert chosen == (1,)
    assert found.profit > 0


def test_many_victims_are_chosen_greedily_and_no_worse_than_the_best_alone() -> None:
    x = 1000 * E18
    victims = [(i * E18, amount_out(i * E18, x, x) * 9 // 10) for i in range(4, 12)]
    chosen, found = choose_victims(victims, x, x)
    assert len(chosen) > 1
    assert found.profit >= max(optimal_frontrun(*v, x, x).profit for v in victims)


def test_no_sandwich_gains_more_than_the_bound_and_some_gain_all_of_it() -> None:
    reached = 0
    for victims, x, y, fee in small_pools(1500, seed=61):
        found = brute_force((victims, x, y, fee), most=2000)
        if victims and found:
            gains, most = max(each.profit for each in found), most_gain(victims, x, y)
            assert gains <= most, (victims, x, y, fee)
            assert gains < 1 or can_gain(gains, victims, x, y, fee), (victims, x, y, fee)
            reached += gains == most > 0
    assert reached > 20


def test_fees_alone_can_make_every_sandwich_lose() -> None:
    """Each victim moves the price by 0.1 %, and the attacker pays 0.3 % twice."""
    victims = [(E18, E18 * 98 // 100)] * 3
    assert most_gain(victims, 1000 * E18, 1000 * E18) > E18 // 100
    assert not can_gain(1, victims, 1000 * E18, 1000 * E18, 30)
    assert can_gain(E18 // 100, victims, 1000 * E18, 1000 * E18, 0)
    assert optimal_frontrun_many(victims, 1000 * E18, 1000 * E18, 30).frontrun_in == 0


def test_a_tight_limit_leaves_less_than_the_fees_would() -> None:
    """A victim of a tenth of the pool pays for any front-run; one that bears 0.01 % for a small one."""
    x = y = 1000 * E18
    undisturbed = amount_out(100 * E18, x, y, 30)
    loose, tight = ((100 * E18, minimum_out(undisturbed, bps)) for bps in (2000, 1))
    assert can_gain(E18 // 4, [loose], x, y, 30)
    assert not can_gain(E18 // 4, [tight], x, y, 30)
    assert not can_gain(E18 // 4, [loose, tight], x, y, 30)
    assert optimal_frontrun(*loose, x, y, 30).profit > E18 // 4
    assert 0 < optimal_frontrun(*tight, x, y, 30).profit < E18 // 4


def test_a_limit_that_takes_the_whole_pool_leaves_nothing_to_gain() -> None:
    assert most_gain([(10, 60), (10, 40)], 1000, 100) == 0
    assert most_gain([(10, 60), (10, 39)], 1000, 100) == 0

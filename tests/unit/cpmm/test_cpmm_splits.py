"""One swap over several pools of a pair: against all splits of small ones, and the merged pool."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexsim import cpmm
from dexsim.errors import Reverted, ScenarioError

E18 = 10**18
Pools = list[tuple[int, int]]


def splits(total: int, places: int) -> Iterator[tuple[int, ...]]:
    """All of them, in lexicographical order."""
    if places == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in splits(total - first, places - 1):
            yield (first, *rest)


def got(inputs: tuple[int, ...], pools: Pools, fee: int = 30) -> int:
    return sum(cpmm.amount_out(a, *pool, fee) for a, pool in zip(inputs, pools, strict=True) if a)


def paid(outputs: tuple[int, ...], pools: Pools, fee: int = 30) -> int | None:
    """None where a pool does not hold its part."""
    if any(t >= y for t, (_, y) in zip(outputs, pools, strict=True) if t):
        return None
    return sum(cpmm.amount_in(t, *pool, fee) for t, pool in zip(outputs, pools, strict=True) if t)


def small_cases() -> Iterator[tuple[int, Pools, int]]:
    rng = random.Random(16)
    for _ in range(250):
        places = rng.randint(1, 3)
        pools = [(rng.randint(1, 60), rng.randint(1, 60)) for _ in range(places)]
        yield rng.randint(1, 24), pools, rng.choice([0, 30, 300, 1000])


def test_a_sale_in_small_pools_is_the_first_of_the_best_of_all_splits() -> None:
    ties = 0
    for amount, pools, fee in small_cases():
        gains = {each: got(each, pools, fee) for each in splits(amount, len(pools))}
        best = max(gains.values())
        ties += list(gains.values()).count(best) > 1
        first = next(each for each, gain in gains.items() if gain == best)
        assert cpmm.optimal_split(amount, pools, fee) == first, (amount, pools, fee)
    assert ties > 50


def test_a_purchase_from_small_pools_is_the_first_of_the_cheapest_of_all_splits() -> None:
    bought = 0
    for amount, pools, fee in small_cases():
        costs = {each: paid(each, pools, fee) for each in splits(amount, len(pools))}
        known = {each: cost for each, cost in costs.items() if cost is not None}
        if not known:
            with pytest.raises(Reverted, match="router: insufficient liquidity"):
                cpmm.cheapest_split(amount, pools, fee)
            continue
        bought += 1
        least = min(known.values())
        first = next(each for each, cost in known.items() if cost == least)
        assert cpmm.cheapest_split(amount, pools, fee) == first, (amount, pools, fee)
    assert bought > 150


def test_a_purchase_from_pools_of_one_price_costs_what_the_merged_pool_asks() -> None:
    pools = [(1000 * E18, 500 * E18), (250 * E18, 125 * E18), (50 * E18, 25 * E18)]
    parts = cpmm.cheapest_split(65 * E18, pools)
    assert all(abs(a - b * E18) < 10 for a, b in zip(parts, (50, 12.5, 2.5), strict=True))
    merged = cpmm.amount_in(65 * E18, 1300 * E18, 650 * E18)
    total = paid(parts, pools)
    assert total is not None
    assert 0 <= total - merged <= 3 * len(pools)
    assert total < cpmm.amount_in(65 * E18, *pools[0])


def test_a_pool_that_is_too_dear_sells_nothing() -> None:
    assert cpmm.cheapest_split(E18, [(1000 * E18, 900 * E18), (1000 * E18, 1000 * E18)]) == (
        0,
        E18,
    )


def test_nearly_all_that_pools_hold_can_be_bought() -> None:
    pools = [(1000, 700), (900, 600), (0, 0)]
    assert cpmm.cheapest_split(1298, pools) == (699, 599, 0)
    with pytest.raises(Reverted, match="router: insufficient liquidity"):
        cpmm.cheapest_split(1299, pools)
    assert cpmm.cheapest_split(1498, [(1, 1000), (10_000, 500)]) == (999, 499)


def test_a_purchase_needs_a_pool_and_a_wish() -> None:
    with pytest.raises(ScenarioError, match="pools"):
        cpmm.cheapest_split(1, [])
    with pytest.raises(Reverted, match="router: insufficient output"):
        cpmm.cheapest_split(0, [(10, 10)])


RESERVES = st.integers(10**6, 2**100)


@given(
    st.integers(1, 10**6),
    st.lists(st.tuples(RESERVES, RESERVES), min_size=1, max_size=5),
    st.sampled_from([0, 5, 30, 1000]),
)
def test_a_purchase_gets_everything_and_no_shift_is_cheaper(
    share: int, pools: Pools, fee: int
) -> None:
    amount = max(1, sum(y - 1 for _, y in pools) * share // 10**6)
    parts = cpmm.cheapest_split(amount, pools, fee)
    assert sum(parts) == amount
    total = paid(parts, pools, fee)
    assert total is not None
    for alone in range(len(pools)):
        whole = paid(tuple(amount * (i == alone) for i in range(len(pools))), pools, fee)
        assert whole is None or total <= whole
    if share > 900_000:
        return  # the last wei of a pool cost more than any bound of rounding
    ends = [cpmm.amount_in(t + 1, *pool, fee) - cpmm.amount_in(max(1, t), *pool, fee)
            for t, pool in zip(parts, pools, strict=True) if t + 1 < pool[1]]  # fmt: skip
    tolerance = len(pools) * (2 + max(ends))
    for giver in range(len(pools)):
        for taker in range(len(pools)):
            for part in (2, 10, 1000):
                moved = list(parts)
                moved[giver] -= parts[giver] // part
                moved[taker] += parts[giver] // part
                other = paid(tuple(moved), pools, fee)
                assert other is None or total <= other + tolerance

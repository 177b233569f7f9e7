"""Liquidity just in time, against brute force on small pools and A21's closed form on large ones."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from dexsim.cpmm import (
    JitPool,
    JustInTime,
    amount_out,
    liquidity_burned,
    liquidity_minted,
    optimal_jit,
)
from dexsim.errors import Reverted, ScenarioError
from dexsim.theory.competition import jit_multiple

E18 = 10**18
NOTHING = JustInTime(0, 0, 0, 0, 0, 0, 0)


def played(pool: JitPool, shares: int) -> JustInTime | None:
    """Mint, swap, burn, one after the other, by the functions that the contract mirrors."""
    a, b = (-(-shares * reserve // pool.supply) for reserve in (pool.x, pool.y))
    try:
        minted = liquidity_minted(a, b, pool.x, pool.y, pool.supply)
        paid = amount_out(pool.victim_in, pool.x + a, pool.y + b, pool.fee_bps)
        left = pool.x + a + pool.victim_in, pool.y + b - paid
        back = liquidity_burned(minted, *left, pool.supply + minted)
    except Reverted:
        return None
    if paid < max(1, pool.victim_min_out):
        return None
    return JustInTime(a, b, minted, paid, *back, 0)


def score(done: JustInTime, num: int, den: int) -> int:
    return (done.back_in - done.amount_in) * num + (done.back_out - done.amount_out) * den


def brute_force(pool: JitPool, num: int, den: int, max_in: int, max_out: int) -> tuple[int, int]:
    """The fewest shares of greatest score, and that score; (0, 0) where none gains."""
    best, level = 0, 0
    for shares in range(1, max(max_in, max_out) * pool.supply + 1):
        done = played(pool, shares)
        a, b = (-(-shares * reserve // pool.supply) for reserve in (pool.x, pool.y))
        if a > max_in or b > max_out:
            break
        if done is not None and score(done, num, den) > level:
            best, level = shares, score(done, num, den)
    return best, level


def small_pool(rng: Random) -> tuple[JitPool, int, int, int, int]:
    x, y, supply = (int(10 ** rng.uniform(0.5, 3.2)) for _ in range(3))
    victim = max(1, int(x * 10 ** rng.uniform(-2, 0.5)))
    fee = rng.choice([0, 1, 30, 100, 1000])
    least = rng.choice([0, amount_out(victim, x, y, fee)])
    off = Fraction(rng.randint(80, 120), 100)
    price = Fraction(y, x) * (off if rng.random() < 0.5 else 1)
    caps = (int(x * 10 ** rng.uniform(-1, 0.6)), int(y * 10 ** rng.uniform(-1, 0.6)))
    pool = JitPool(x, y, supply, victim, least, fee)
    return pool, price.numerator, price.denominator, *caps


def test_equals_brute_force_on_1000_small_pools() -> None:
    rng, gained = Random(21), 0
    for _ in range(1_000):
        pool, num, den, max_in, max_out = small_pool(rng)
        best = optimal_jit(pool, num, den, max_in=max_in, max_out=max_out)
        shares, level = brute_force(pool, num, den, max_in, max_out)
        if level // num <= 0:
            assert best == NOTHING
            continue
        gained += 1
        done = played(pool, shares)
        assert done is not None
        assert (best.amount_in, best.amount_out, best.liquidity) == (
            *(done.amount_in, done.amount_out, done.liquidity),
        )
        assert (best.victim_out, best.back_in, best.back_out) == (
            *(done.victim_out, done.back_in, done.back_out),
        )
        assert best.profit == level // num
    assert gained > 200


def deep(victim: int, **changes: int) -> JitPool:
    return JitPool(
        **({"x": 1000 * E18, "y": 2_000_000 * 10**6, "supply": 44 * E18} | changes),
        victim_in=victim,
    )


def test_a21_a_trade_of_one_per_cent_is_met_by_1_87814_times_the_pool() -> None:
    pool = JitPool(10**25, 10**25, 10**25, 10**23)
    best = optimal_jit(pool, 1, 1)
    known = jit_multiple(0.01)
    assert known is not None
    assert abs(best.amount_in / 10**25 - known) < 1e-9
    assert abs(known - 1.87814) < 5e-6
    # profit/v = (1 - w)*(1 - g/(1 + g*d*w)), with w the old liquidity's part.
    w, g, d = (
        Fraction(1) / (1 + Fraction(best.liquidity, 10**25)),
        Fraction(997, 1000),
        Fraction(1, 100),
    )
    closed = (1 - w) * (1 - g / (1 + g * d * w)) * 10**23
    assert closed - 4 < best.profit <= closed


@pytest.mark.parametrize(("bps_of_bps", "is_all"), [(30_180, True), (30_182, False)])
def test_a21_up_to_a_trade_of_0_30181_per_cent_more_liquidity_always_gains_more(
    bps_of_bps: int, is_all: bool
) -> None:
    pool = JitPool(10**25, 10**25, 10**25, 10**25 * bps_of_bps // 10**7)
    capital = 10**31
    best = optimal_jit(pool, 1, 1, max_in=capital)
    assert (capital - best.amount_in < 1_000) is is_all


def test_no_more_is_put_in_than_the_capital() -> None:
    pool = deep(10 * E18)
    price = (2_000 * 10**6, E18)
    free = optimal_jit(pool, *price)
    tight = optimal_jit(pool, *price, max_in=free.amount_in // 3, max_out=free.amount_out)
    assert 0 <= free.amount_in // 3 - tight.amount_in < 10**10
    assert 0 < tight.profit < free.profit
    narrow = optimal_jit(pool, *price, max_out=free.amount_out // 5)
    assert 0 <= free.amount_out // 5 - narrow.amount_out < 64


def test_what_gains_no_more_than_its_cost_is_left_alone() -> None:
    pool, price = deep(10 * E18), (2_000 * 10**6, E18)
    gained = optimal_jit(pool, *price).profit
    assert gained > 0
    assert optimal_jit(pool, *price, cost=gained - 1).profit == gained
    assert optimal_jit(pool, *price, cost=gained) == NOTHING


def test_a_victim_that_pays_less_than_outside_is_not_served() -> None:
    """Where the token that it sells is worth less outside than here, providing loses."""
    assert optimal_jit(deep(10 * E18), 1_950 * 10**6, E18) == NOTHING


def test_the_victims_output_is_never_worse_than_without() -> None:
    rng = Random(7)
    served = 0
    for _ in range(300):
        x, y, supply = (int(10 ** rng.uniform(9, 26)) for _ in range(3))
        victim = int(x * 10 ** rng.uniform(-4, -0.3)) + 1
        best = optimal_jit(JitPool(x, y, supply, victim), y, x, max_in=5 * x, max_out=5 * y)
        if best.profit:
            served += 1
            assert best.victim_out >= amount_out(victim, x, y)
    assert served > 200


def test_large_pools_lose_less_than_two_wei_of_each_token_to_rounding() -> None:
    rng = Random(8)
    for _ in range(200):
        x, y = (int(10 ** rng.uniform(12, 26)) for _ in range(2))
        pool = JitPool(x, y, int((x * y) ** 0.5), int(x * 10 ** rng.uniform(-2.4, -0.5)))
        best = optimal_jit(pool, y, x)
        d = pool.victim_in / x
        known = jit_multiple(d)
        assert known is not None
        done = Fraction(best.liquidity, pool.supply)
        for multiple in (done, Fraction(known)):
            old, g = 1 / (1 + multiple), Fraction(997, 1000)
            real = (
                (1 - old) * (1 - g / (1 + g * Fraction(pool.victim_in, x) * old)) * pool.victim_in
            )
            assert best.profit > real - 2 - 2 * Fraction(x, y) - 1


@pytest.mark.parametrize("name", ["x", "y", "supply", "victim_in"])
def test_there_is_a_pool_and_a_swap(name: str) -> None:
    fields = {"x": 10, "y": 10, "supply": 10, "victim_in": 1}
    with pytest.raises(ScenarioError, match=name):
        JitPool(**(fields | {name: 0}))


def test_a_price_is_positive() -> None:
    with pytest.raises(ScenarioError, match="price_den"):
        optimal_jit(JitPool(10, 10, 10, 1), 1, 0)

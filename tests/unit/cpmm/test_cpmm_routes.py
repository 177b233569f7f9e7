"""Routes and cycles on integers, by execution of the swap's formula."""

from __future__ import annotations

import random
from decimal import Decimal, localcontext

import pytest

from dexsim.cpmm import (
    Cycle,
    amount_out,
    break_even_slippage_bps,
    least_input,
    minimum_out,
    optimal_cycle,
    optimal_frontrun,
)
from dexsim.cpmm.closed_forms import break_even_slippage
from dexsim.errors import Reverted, ScenarioError

E18 = 10**18
FEES = [0, 1, 30, 100, 333, 1000]


def through(amount: int, pools: list[tuple[int, int]], fees: list[int]) -> tuple[int, ...]:
    outs = []
    for (x, y), fee in zip(pools, fees, strict=True):
        amount = amount_out(amount, x, y, fee) if amount else 0
        outs.append(amount)
    return tuple(outs)


@pytest.mark.parametrize("bits", [6, 20, 100])
def test_the_least_input_passes_and_a_wei_less_does_not(bits: int) -> None:
    rng, passed = random.Random(bits), 0
    for _ in range(500):
        pools = [
            (rng.randint(1, 2**bits), rng.randint(1, 2**bits)) for _ in range(rng.randint(1, 3))
        ]
        fees = [rng.choice(FEES) for _ in pools]
        most = rng.randint(0, pools[-1][1])
        try:
            needed = least_input(most, pools, fees)
        except Reverted:
            continue
        passed += 1
        assert through(needed, pools, fees)[-1] >= max(1, most)
        assert through(needed - 1, pools, fees)[-1] < max(1, most)
    assert passed > 80


def test_what_no_input_buys_is_refused() -> None:
    assert least_input(7, []) == 7
    assert least_input(0, []) == 1
    with pytest.raises(Reverted, match="router: insufficient liquidity"):
        least_input(100, [(100, 100)])
    with pytest.raises(Reverted, match="pool: overflow"):
        least_input(99, [(2**111, 100)])
    with pytest.raises(ScenarioError, match="1 fees for 2 pools"):
        least_input(1, [(9, 9), (9, 9)], [30])
    with pytest.raises(ScenarioError, match="pools is empty"):
        optimal_cycle([])


def test_the_best_cycle_equals_brute_force_on_small_pools() -> None:
    rng, gained, ties = random.Random(1), 0, 0
    for i in range(800):
        pools = [(rng.randint(1, 300), rng.randint(1, 300)) for _ in range(rng.randint(2, 4))]
        fees = [rng.choice(FEES) for _ in pools]
        most = None if i % 2 else rng.randint(0, 200)
        tried = range(1, 1 + (pools[-1][1] if most is None else most))
        gains = [through(a, pools, fees)[-1] - a for a in tried]
        best = max(gains, default=0)
        found = optimal_cycle(pools, fees, max_in=most)
        if best > 0:
            a = gains.index(best) + 1
            assert found == Cycle(a, through(a, pools, fees), best), (pools, fees, most)
        else:
            assert found == Cycle(0, (), 0), (pools, fees, most)
        gained += best > 0
        ties += best > 0 and gains.count(best) > 1
    assert gained > 200
    assert ties > 50


def test_two_pools_of_a_thousand_give_the_known_numbers() -> None:
    x = 1000 * E18
    found = optimal_cycle([(x, x), (x, 1100 * E18)])
    with localcontext() as context:
        context.prec = 50
        g = Decimal("0.997")
        a, b, c = g * g * 1000 * 1100, Decimal(10**6), g * (1000 + g * 1000)
        best = (a.sqrt() - b.sqrt()) ** 2 / c
        assert str(((a * b).sqrt() - b) / c)[:21] == "22.934312012472616824"
        assert str(best)[:20] == "1.047236224807529900"
        assert 0 <= int(best * E18) - found.profit <= 2
    # Around the optimum profit is flat: the inputs that lose less than a wei span 1e10 wei.
    assert abs(found.amount_in - 22934312012472616824) < 10**11


def test_a_cycle_pays_only_where_prices_are_60271_thousandths_of_a_bp_apart() -> None:
    x = 10**27
    assert optimal_cycle([(x, x), (x, x * 10**6 // 1_006_027)]).profit == 0
    assert optimal_cycle([(x, x * 1_006_027 // 10**6), (x, x)]).profit == 0
    assert optimal_cycle([(x, x * 1_006_028 // 10**6), (x, x)]).profit > 0


def test_no_sandwich_pays_at_the_safe_limit_and_one_does_a_bp_above() -> None:
    rng, both = random.Random(1), 0
    for _ in range(150):
        x, y = 10 ** rng.randint(20, 26), 10 ** rng.randint(20, 26)
        v = x * rng.randint(1, 500) // 10_000
        cost = rng.choice([0, x // 10**6, x // 10**5, x // 10**4])
        fee = rng.choice([1, 5, 30, 100])
        quoted = amount_out(v, x, y, fee)
        bps = break_even_slippage_bps(v, x, cost, fee)
        real = break_even_slippage(v, x, cost, fee)
        assert bps == int(real * 10_000)
        least = minimum_out(quoted, min(bps, 9_999))
        # The two limits are rounded to whole wei: a gain of that much is no attack.
        assert optimal_frontrun(v, least, x, y, fee, cost).profit <= 2 + 2 * x // y
        if bps < 9_999:
            both += 1
            least = minimum_out(quoted, bps + 1)
            assert optimal_frontrun(v, least, x, y, fee, cost).profit > 0, (v, x, y, cost, fee)
    assert both > 60


def test_the_known_break_even_is_14_bp() -> None:
    assert break_even_slippage_bps(10 * E18, 1000 * E18, E18 // 100) == 14
    assert break_even_slippage_bps(3 * E18, 1000 * E18, 0) == 10_000

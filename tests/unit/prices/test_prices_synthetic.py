"""Drawn prices against the closed forms of their laws, with fixed seeds.

Tolerances are in standard errors of the estimate (four of them), never in per cent.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pytest

from dexsim.errors import ScenarioError
from dexsim.prices import Constant, Gbm, JumpDiffusion, OrnsteinUhlenbeck, PriceProcess
from dexsim.prices.grid import CHUNK, GridPath, rounded_price
from dexsim.streams import Streams

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
START_MS = 1_691_884_800_000
Floats = npt.NDArray[np.float64]

GBM = Gbm(start="2000", daily_volatility="0.05")
JUMPS = JumpDiffusion(
    start="2000",
    daily_volatility="0.03",
    jumps_per_day="2",
    jump_mean="-0.04",
    jump_volatility="0.06",
)
OU = OrnsteinUhlenbeck(start="2000", daily_volatility="0.05", half_life_hours="6")
DRAWN: list[PriceProcess] = [GBM, JUMPS, OU]


def log_prices(process: PriceProcess, steps: int, step_ms: int, *, seed: int = 1) -> Floats:
    """The log returns since the start on one path, at multiples of a step."""
    path = process.begin(Streams(seed), START_MS)
    prices = [float(path.at(START_MS + step_ms * k)) for k in range(steps + 1)]
    return np.log(np.array(prices) / 2000)


def endings(process: PriceProcess, time_ms: int, *, seeds: int) -> Floats:
    """The relative price at one time on many paths."""
    paths = (process.begin(Streams(seed), START_MS) for seed in range(seeds))
    return np.array([float(path.at(START_MS + time_ms)) / 2000 for path in paths])


def assert_mean(sample: Floats, expected: float) -> None:
    error = sample.std(ddof=1) / math.sqrt(len(sample))
    assert abs(sample.mean() - expected) < 4 * error


def assert_variance(sample: Floats, expected: float) -> None:
    """By the sample's own fourth moment, so that heavy tails widen the tolerance as they must."""
    assert_mean((sample - sample.mean()) ** 2 * len(sample) / (len(sample) - 1), expected)


def assert_standard_normal(sample: Floats) -> None:
    """Kolmogorov-Smirnov distance; 1.95 / sqrt(n) is exceeded once in a thousand samples."""
    ranks = np.arange(1, len(sample) + 1) / len(sample)
    law = np.array([(1 + math.erf(x / math.sqrt(2))) / 2 for x in np.sort(sample)])
    distance = max(np.max(ranks - law), np.max(law - ranks + 1 / len(sample)))
    assert distance < 1.95 / math.sqrt(len(sample))


@pytest.mark.parametrize("drift", ["0", "0.005", "-0.004"])
def test_log_returns_of_gbm_are_independent_normals_of_the_stated_moments(drift: str) -> None:
    process = replace(GBM, daily_drift=drift, step_seconds=3600)
    returns = np.diff(log_prices(process, 20 * CHUNK, HOUR_MS))
    mean, sd = (float(drift) - 0.05**2 / 2) / 24, 0.05 / math.sqrt(24)
    assert_mean(returns, mean)
    assert_variance(returns, sd**2)
    assert_standard_normal((returns - mean) / sd)
    assert_mean((returns[1:] - mean) * (returns[:-1] - mean) / sd**2, 0)


def test_volatility_adds_up_over_the_grid_steps_that_a_block_spans() -> None:
    returns = np.diff(log_prices(GBM, 3 * CHUNK, 12_000))
    assert_variance(returns, 0.05**2 * 12 / 86_400)


@pytest.mark.parametrize("drift", ["0", "0.1", "-0.1"])
@pytest.mark.parametrize(
    "process", [replace(GBM, daily_volatility="0.4"), replace(JUMPS, jump_volatility="0.15")]
)
def test_drift_is_the_drift_of_the_price_with_and_without_jumps(
    process: Gbm | JumpDiffusion, drift: str
) -> None:
    moved = replace(process, daily_drift=drift, step_seconds=3600)
    assert_mean(endings(moved, 3 * DAY_MS, seeds=3000), math.exp(float(drift) * 3))


@pytest.mark.parametrize("hours", [1, 24])
def test_jumps_add_their_moments_to_those_of_the_diffusion(hours: int) -> None:
    process = replace(JUMPS, step_seconds=3600 * hours)
    returns = np.diff(log_prices(process, 2 * CHUNK, hours * HOUR_MS))
    days = hours / 24
    mean_jump = math.exp(-0.04 + 0.06**2 / 2) - 1
    assert_mean(returns, (-(0.03**2) / 2 - 2 * mean_jump + 2 * -0.04) * days)
    assert_variance(returns, (0.03**2 + 2 * (0.04**2 + 0.06**2)) * days)
    third = 2 * (-(0.04**3) - 3 * 0.04 * 0.06**2) * days  # third cumulant: rate * E[jump**3]
    centred = returns - returns.mean()
    assert_mean(centred**3, third)
    assert_mean(centred[:CHUNK] * centred[CHUNK:], 0)  # one chunk knows nothing of the other


def test_steps_with_a_jump_are_as_many_as_the_poisson_law_says() -> None:
    still = replace(JUMPS, daily_volatility=0, step_seconds=3600)
    returns = np.diff(log_prices(still, 2 * CHUNK, HOUR_MS))
    drift = np.median(returns)
    jumped = (np.abs(returns - drift) > 1e-9).astype(float)
    assert_mean(jumped, 1 - math.exp(-2 / 24))


def test_without_jumps_the_jump_diffusion_is_the_path_of_gbm() -> None:
    still = replace(JUMPS, jumps_per_day=0, daily_volatility="0.05").begin(Streams(5), 0)
    plain = GBM.begin(Streams(5), 0)
    assert [still.at(t * 1000) for t in range(5000)] == [plain.at(t * 1000) for t in range(5000)]


def test_reverting_price_has_the_variance_of_its_age() -> None:
    process, speed = replace(OU, step_seconds=600), 24 * math.log(2) / 6
    paths = [process.begin(Streams(seed), 0) for seed in range(3000)]
    for hours in (1, 6, 48):
        logs = np.log(np.array([float(path.at(hours * HOUR_MS)) for path in paths]) / 2000)
        sd = 0.05 * math.sqrt((1 - math.exp(-2 * speed * hours / 24)) / (2 * speed))
        assert_mean(logs, 0)
        assert_variance(logs, sd**2)
        assert_standard_normal(logs / sd)


def test_half_of_a_deviation_is_gone_after_the_half_life() -> None:
    process = replace(OU, step_seconds=21_600)
    logs = log_prices(process, 30 * CHUNK, 6 * HOUR_MS)
    now, later = logs[:-1], logs[1:]
    assert abs((now @ later) / (now @ now) - 0.5) < 4 * math.sqrt(0.75 / len(now))
    speed = 24 * math.log(2) / 6
    shocks, sd = later - 0.5 * now, 0.05 * math.sqrt((1 - 0.25) / (2 * speed))
    assert_variance(shocks, sd**2)
    assert_standard_normal(shocks / sd)


def test_reverting_price_without_reversion_lives_through_the_shocks_of_gbm() -> None:
    reverting = replace(OU, half_life_hours=1_000_000).begin(Streams(5), 0)
    plain = GBM.begin(Streams(5), 0)
    for step in (1, CHUNK, CHUNK + 1, 4 * CHUNK):
        convexity = 0.05**2 / 2 * step / 86_400
        log_ratio = math.log(reverting.at(1000 * step) / plain.at(1000 * step))
        assert log_ratio == pytest.approx(convexity, abs=1e-6)


@pytest.mark.parametrize("process", DRAWN)
def test_path_does_not_depend_on_the_order_of_the_questions(process: PriceProcess) -> None:
    times = [START_MS + 700 * k for k in range(0, 5 * CHUNK, 37)]
    forwards = process.begin(Streams(3), START_MS)
    expected = {time: forwards.at(time) for time in times}
    shuffled = random.Random(0).sample(times, len(times))
    mixed = process.begin(Streams(3), START_MS)
    assert {time: mixed.at(time) for time in shuffled} == expected
    far_first = process.begin(Streams(3), START_MS)
    far_first.at(START_MS + 40 * CHUNK * 1000)
    assert {time: far_first.at(time) for time in reversed(times)} == expected


def test_each_chunk_goes_on_where_the_one_before_it_ended() -> None:
    counted: Floats = np.arange(1.0, CHUNK + 1)
    rising = GridPath(
        start=1.0,
        start_ms=0,
        step_ms=10,
        draw=lambda chunk, entry: entry + (1 + chunk) * 1e-4 * counted,
    )
    for time_ms in (3 * CHUNK * 10, 10, 0, CHUNK * 10, CHUNK * 10 + 19, CHUNK * 10 + 20):
        step = time_ms // 10
        expected = 1e-4 * sum(max(0, step - CHUNK * k) for k in range(3))
        assert math.log(rising.at(time_ms)) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("process", DRAWN)
def test_path_belongs_to_its_streams(process: PriceProcess) -> None:
    def price(streams: Streams) -> Decimal:
        return process.begin(streams, 0).at(DAY_MS)

    streams = Streams(3).named("prices", "WETH")
    assert price(streams) == price(Streams(3).named("prices", "WETH"))
    assert len({price(streams), price(Streams(4)), price(Streams(3).named("prices", "X"))}) == 3


@pytest.mark.parametrize("process", DRAWN)
def test_price_holds_between_grid_points_and_before_the_start(process: PriceProcess) -> None:
    path = process.begin(Streams(3), START_MS)
    assert path.at(START_MS - 1) == path.at(START_MS) == path.at(START_MS + 999) == 2000
    assert path.at(START_MS + 1000) == path.at(START_MS + 1999) != path.at(START_MS + 2000)
    assert path.first_ms is None
    assert path.end_ms is None


@pytest.mark.parametrize(
    ("start", "log_return", "written"),
    [
        (2000.0, 0.0, "2000.00000000"),
        (1.0, math.log(2) / 2, "1.41421356237"),
        (1e-9, 0.0, "1.00000000000E-9"),
        (0.1 + 0.2, 0.0, "0.300000000000"),
        (123456789012.5, 0.0, "123456789012"),  # a tie, which goes to the even digit
        (123456789013.5, 0.0, "123456789014"),
    ],
)
def test_price_has_twelve_significant_digits(start: float, log_return: float, written: str) -> None:
    assert str(rounded_price(start, log_return)) == written


@pytest.mark.parametrize("log_return", [-1e9, -800.0, 800.0, 1e9])
def test_price_that_leaves_every_range_is_told(log_return: float) -> None:
    with pytest.raises(ScenarioError, match=r"left the range .* lower its volatility"):
        rounded_price(2000.0, log_return)


def test_constant_never_moves_and_keeps_every_digit() -> None:
    path = Constant(price="1848.12437812345678").begin(Streams(1), START_MS)
    assert {path.at(t) for t in (0, START_MS, 10**15)} == {Decimal("1848.12437812345678")}
    assert path.first_ms is None
    assert path.end_ms is None


BAD: list[tuple[Callable[[], object], str, str]] = [
    (lambda: replace(GBM, start="0"), "start", "not above zero"),
    (lambda: replace(GBM, start="1e40"), "start", "from 1E-36 to 1E"),
    (lambda: replace(GBM, daily_volatility="-0.1"), "daily_volatility", "below zero"),
    (lambda: replace(GBM, daily_volatility="500"), "daily_volatility", "from 0 to 100"),
    (lambda: replace(GBM, daily_drift="-101"), "daily_drift", "from -100 to 100"),
    (lambda: replace(GBM, step_seconds="0.0015"), "step_seconds", "whole number of millisec"),
    (lambda: replace(GBM, step_seconds="0.0001"), "step_seconds", "from 0.001"),
    (lambda: replace(JUMPS, jumps_per_day="1e30"), "jumps_per_day", "from 0 to"),
    (lambda: replace(JUMPS, jump_volatility="11"), "jump_volatility", "from 0 to 10"),
    (lambda: replace(JUMPS, jump_mean="-11"), "jump_mean", "from -10 to 10"),
    (lambda: replace(OU, half_life_hours="1e-400"), "half_life_hours", "from 1e-6"),
    (lambda: Constant(price="-1"), "price", "not above zero"),
    (lambda: Constant(price="1e99"), "price", "from 1E-36"),
]


@pytest.mark.parametrize(("make", "key", "told"), BAD)
def test_number_that_makes_no_sense_is_refused_by_name(
    make: Callable[[], object], key: str, told: str
) -> None:
    with pytest.raises(ScenarioError, match=told) as caught:
        make()
    assert caught.value.key == key


def test_extremes_that_are_allowed_can_be_drawn() -> None:
    assert replace(GBM, daily_volatility=0).begin(Streams(1), 0).at(DAY_MS) == 2000
    wild = replace(JUMPS, jumps_per_day="1e6", jump_volatility=0, jump_mean="0.0001")
    assert wild.begin(Streams(1), 0).at(10_000) > 0
    quick = replace(OU, half_life_hours="1e-6").begin(Streams(1), 0)
    slow = replace(OU, half_life_hours=1_000_000).begin(Streams(1), 0)
    assert quick.at(DAY_MS) > 0
    assert slow.at(DAY_MS) > 0

"""Block clocks: the fixed one to the millisecond, the Poisson one against the exponential law."""

from __future__ import annotations

import math
from itertools import islice

import numpy as np
import numpy.typing as npt
import pytest

from dexsim.errors import ScenarioError
from dexsim.prices import BlockClock, FixedClock, Gbm, PoissonClock
from dexsim.streams import Streams

START_MS = 1_691_884_800_000


def times(clock: BlockClock, count: int, *, seed: int = 1) -> list[int]:
    return list(islice(clock.start(Streams(seed), START_MS), count))


def gaps(clock: BlockClock, count: int) -> npt.NDArray[np.int64]:
    return np.diff(np.array([START_MS, *times(clock, count)]))


def test_fixed_clock_is_exact() -> None:
    assert times(FixedClock(), 3) == [START_MS + 12_000, START_MS + 24_000, START_MS + 36_000]
    assert set(gaps(FixedClock(seconds="0.25"), 1000).tolist()) == {250}
    assert FixedClock(seconds=2).mean_seconds == 2


def test_poisson_gaps_are_exponential_and_independent() -> None:
    count = 20_000
    drawn = gaps(PoissonClock(mean_seconds=12), count) / 12_000
    assert abs(drawn.mean() - 1) < 4 / math.sqrt(count)
    law = -np.expm1(-np.sort(drawn))
    distance = np.max(np.abs(law - np.arange(1, count + 1) / count))
    assert distance < 1.95 / math.sqrt(count)
    centred = drawn - 1
    assert abs(np.mean(centred[1:] * centred[:-1])) < 4 / math.sqrt(count)


def test_poisson_blocks_in_a_minute_vary_as_a_poisson_count_does() -> None:
    drawn = np.array(times(PoissonClock(), 50_000))
    minutes = np.bincount((drawn - START_MS) // 60_000)[:-1]
    error = math.sqrt((1 / 5 + 2) / len(minutes))  # of var/mean: kurtosis 3 + 1/5
    assert abs(minutes.var() / minutes.mean() - 1) < 4 * error


def test_poisson_times_strictly_increase_at_gaps_below_a_millisecond() -> None:
    drawn = gaps(PoissonClock(mean_seconds="0.01"), 20_000)
    assert drawn.min() == 1
    assert abs(drawn.mean() - 10) < 4 * 10 / math.sqrt(20_000)  # moved blocks shift no later ones


def test_poisson_clock_belongs_to_its_streams() -> None:
    assert times(PoissonClock(), 600, seed=2) == times(PoissonClock(), 600, seed=2)
    assert times(PoissonClock(), 600, seed=2) != times(PoissonClock(), 600, seed=3)


def test_poisson_means_scale_the_same_draws() -> None:
    slow = np.array(times(PoissonClock(mean_seconds=24), 500)) - START_MS
    fast = np.array(times(PoissonClock(mean_seconds=12), 500)) - START_MS
    assert np.abs(slow - 2 * fast).max() <= 2


def test_outside_price_is_the_same_whatever_the_clock() -> None:
    process = Gbm(start="2000", daily_volatility="0.05")

    def seen(clock: BlockClock) -> dict[int, object]:
        streams = Streams(9)  # one scope for both, the worst case
        path = process.begin(streams, START_MS)
        return {time: path.at(time) for time in islice(clock.start(streams, START_MS), 800)}

    plain = process.begin(Streams(9), START_MS)
    for clock in (FixedClock(), FixedClock(seconds=1), PoissonClock()):
        assert all(plain.at(time) == price for time, price in seen(clock).items())


def test_clocks_that_make_no_sense_are_refused_by_name() -> None:
    with pytest.raises(ScenarioError, match="not above zero") as caught:
        FixedClock(seconds=0)
    assert caught.value.key == "seconds"
    with pytest.raises(ScenarioError, match="whole number of milliseconds"):
        FixedClock(seconds="0.0015")
    with pytest.raises(ScenarioError, match=r"from 0\.01") as caught:
        PoissonClock(mean_seconds="0.001")
    assert caught.value.key == "mean_seconds"

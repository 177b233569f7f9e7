"""The window oracle on random schedules, against a model that integrates the price itself."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from dexsim.errors import Reverted
from tests.watched import ALICE, E18, Q112, Watched

PERIODS = 4
PERIOD = 100
MISSING = "oracle: missing observation"


@dataclass
class Model:
    """What an oracle would know that has seen every price and every update."""

    prices: list[tuple[int, int, int]] = field(default_factory=list)
    first_update: dict[int, int] = field(default_factory=dict)

    def price(self, now: int, reserves: tuple[int, int]) -> None:
        """From now on."""
        a, b = reserves
        self.prices.append((now, b * Q112 // a, a * Q112 // b))

    def update(self, now: int) -> bool:
        """Whether it is the first of its period."""
        return self.first_update.setdefault(now // PERIOD, now) == now

    def average(self, now: int) -> tuple[int, int, int] | str:
        """Both averages and the span, or the reason of a refusal."""
        since = self.first_update.get(now // PERIOD - PERIODS + 1)
        if since is None:
            return MISSING
        ends = [time for time, *_ in self.prices[1:]] + [now]
        sums = [0, 0]
        for (begun, *both), ended in zip(self.prices, ends, strict=True):
            seconds = max(0, ended - max(begun, since))
            sums = [total + price * seconds for total, price in zip(sums, both, strict=True)]
        return sums[0] // (now - since), sums[1] // (now - since), now - since


waits = st.one_of(st.sampled_from([1, PERIOD - 1, PERIOD, PERIOD + 1]), st.integers(1, 3 * PERIOD))
deeds = st.lists(st.sampled_from(["update", "update", "trade", "donate"]), max_size=4)
schedules = st.lists(st.tuples(waits, deeds), min_size=10, max_size=25)


@pytest.fixture
def watched(dex):
    """The pool, some way into a window."""
    return Watched.over(dex, PERIODS * PERIOD, PERIODS)


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(schedule=schedules, side=st.integers(0, 1), late=st.booleans())
def test_it_answers_as_one_that_has_seen_every_price(watched, schedule, side, late):
    dex = watched.dex
    with dex.chain.anchor():
        if late:
            watched.reach(2**32 - 1000)
        model = Model()
        model.price(dex.now(), dex.reserves())
        for number, (seconds, todo) in enumerate(schedule):
            dex.wait(seconds)
            for deed in todo:
                if deed == "update":
                    # Within one second the second one is no write, and the model cannot tell.
                    fresh = dex.now() not in model.first_update.values()
                    assert watched.update() == (model.update(dex.now()) and fresh)
                elif deed == "trade":
                    trade(dex, (number + side) % 2)
                    model.price(dex.now(), dex.reserves())
                else:
                    dex.pay(E18)
            assert told(watched) == model.average(dex.now())


def trade(dex, side):
    """A tenth of a reserve is sold, and what lies in the pool goes with it."""
    reserves = dex.reserves()
    paid = reserves[side] // 10
    out = dex.router.read.getAmountOut(paid, reserves[side], reserves[1 - side])
    dex.pay(**{f"amount{side}": paid})
    dex.send(dex.pool.write.swap(ALICE, *((0, out) if side == 0 else (out, 0)), ALICE, b""))


def told(watched):
    """As the model says it."""
    try:
        answer = watched.average()
    except Reverted as error:
        event("refused")
        return error.reason
    event("answered")
    return answer

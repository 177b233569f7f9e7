"""The window oracle beside the published ones: the same schedules, the same answers, less gas."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from dexsim.errors import Reverted
from dexsim.market.contract import Contract
from dexsim.market.contract import deploy as deploy_contract
from tests.published import needs_published, published
from tests.watched import ALICE, DAY, E18, HOUR, Watched

# Recorded on Istanbul by the original's own tests; measured on its bytecode under Cancun.
RECORDED = ("first_update", "second_update_same_period", "second_update_new_period")
CANCUN = {"first": 131_766, "same period": 27_474, "new period": 103_442, "ring is full": 52_142}
CEILINGS = {"first": 103_100, "same period": 25_450, "new period": 86_000, "ring is full": 51_800}

OUR_REASON = {
    "SlidingWindowOracle: MISSING_HISTORICAL_OBSERVATION": "oracle: missing observation",
    "FixedPoint: DIV_BY_ZERO": "oracle: no liquidity",
    "invalid opcode": "oracle: missing observation",
}


@dataclass(frozen=True)
class Sides:
    """Our pool and oracle and the published ones over the same two tokens, moved alike."""

    dex: Any
    pools: tuple[Contract, Contract]
    oracles: tuple[Contract, Contract]

    def add(self, *amounts: int) -> None:
        """Liquidity."""
        for pool in self.pools:
            self.dex.on(pool).add(*amounts)

    def swap(self, side: int, amount: int) -> None:
        """Sell so much of token0 (side 0) or of token1."""
        reserves = self.dex.reserves()
        out = self.dex.router.read.getAmountOut(amount, reserves[side], reserves[1 - side])
        for pool in self.pools:
            here = self.dex.on(pool)
            here.pay(**{f"amount{side}": amount})
            here.swap(*((0, out) if side == 0 else (out, 0)))

    def update(self) -> tuple[Any, Any]:
        """What each says."""
        tokens = (self.dex.token0, self.dex.token1)
        return tuple(
            answer(self.dex.send, oracle.write.update(ALICE, *tokens)) for oracle in self.oracles
        )

    def observed(self, place: int) -> tuple[Any, Any]:
        """What each has at a place of its ring."""
        ours, theirs = self.oracles
        return (
            ours.read.observation(self.dex.token0, self.dex.token1, place),
            theirs.read.pairObservations(self.pools[1], place),
        )

    def consult(self, amount: int, side: int) -> tuple[Any, Any]:
        """What each says."""
        tokens = (self.dex.token0, self.dex.token1)
        token_in, token_out = tokens[side], tokens[1 - side]
        return tuple(
            answer(oracle.read.consult, token_in, amount, token_out) for oracle in self.oracles
        )


def answer(do, *args):
    """An int, None for a transaction that passed, or the reason of a refusal as we would say it."""
    try:
        said = do(*args)
    except Reverted as error:
        return OUR_REASON.get(error.reason, error.reason)
    return said if isinstance(said, int) else None


@pytest.fixture
def sides(dex):
    """`sides(window, periods)`: at the beginning of a window, without liquidity."""

    def make(window: int, periods: int) -> Sides:
        with dex.chain.block(time_ms=dex.chain.time_ms):
            factory = deploy_contract(dex.chain, published("UniswapV2Factory"), ALICE, ALICE)
            theirs = deploy_contract(
                dex.chain,
                published("ExampleSlidingWindowOracle"),
                ALICE,
                factory,
                window,
                periods,
            )
        ours = dex.deploy("oracle_window", dex.factory, window, periods)
        pair = dex.create_pool(dex.token0, dex.token1, factory)
        dex.wait(window - dex.now() % window)
        return Sides(dex, (dex.pool, pair), (ours, theirs))

    return make


@needs_published
@pytest.mark.parametrize("seed", range(8))
def test_random_schedules_give_the_same_observations_answers_and_refusals(sides, seed):
    draw = random.Random(seed)
    periods = draw.choice([2, 3, 5, 8, 24])
    period = draw.choice([30, 100, HOUR])
    both = sides(periods * period, periods)
    said = Counter[str]()
    for step in range(60):
        both.dex.wait(draw.choice([1, period // 3, period, period, period * 2 - 1]))
        if step == 3:
            both.add(draw.randrange(E18, 100 * E18), draw.randrange(E18, 100 * E18))
        elif step > 3 and draw.random() < 0.3:
            both.swap(draw.randrange(2), draw.randrange(1, 50 * E18))
        if draw.random() < 0.9:
            ours, theirs = both.update()
            assert ours == theirs, step
            said[f"update {ours}"] += 1
            place = both.oracles[0].read.observation_index(both.dex.now())
            if ours is None:
                assert both.observed(place)[0] == both.observed(place)[1]
        for side in (0, 1):
            ours, theirs = both.consult(draw.randrange(2 ** draw.randrange(113)), side)
            assert ours == theirs, step
            said["answer" if isinstance(ours, int) else ours] += 1
    assert min(said[each] for each in ("answer", "oracle: missing observation")) > 0
    assert said["update oracle: no liquidity"] > 0


@needs_published
def test_where_the_published_one_overflows_ours_answers_exactly(sides):
    both = sides(2, 2)
    both.add(10**21, 10**6)
    both.update()
    both.dex.wait(1)
    average, _ = both.oracles[0].read.average_price(both.dex.token0, both.dex.token1)
    most = (2**256 - 1) // average
    ours, theirs = both.consult(most, 0)
    assert ours == theirs == average * most >> 112
    ours, theirs = both.consult(most + 1, 0)
    assert theirs == "FixedPoint: MULTIPLICATION_OVERFLOW"
    assert ours == average * (most + 1) >> 112


@needs_published
def test_the_averages_of_the_published_daily_oracle_are_ours_of_two_periods(sides):
    both = sides(2 * DAY, 2)
    dex, (ours, _) = both.dex, both.oracles
    both.add(5 * E18, 10 * E18)
    draw = random.Random(7)
    factory = both.pools[1].read.factory()
    with dex.chain.block(time_ms=dex.chain.time_ms):
        simple = deploy_contract(
            dex.chain, published("ExampleOracleSimple"), ALICE, factory, *(dex.token0, dex.token1)
        )
    both.update()
    watched = Watched(dex, ours)
    for _ in range(6):
        started = dex.now()
        both.swap(draw.randrange(2), draw.randrange(1, E18))
        dex.wait(draw.randrange(DAY))
        both.swap(draw.randrange(2), draw.randrange(1, E18))
        watched.reach(started + DAY + draw.randrange(1000))
        dex.send(simple.write.update(ALICE))
        averages = (simple.read.price0Average(), simple.read.price1Average())
        assert watched.average() == (*averages, dex.now() - started)
        amount = draw.randrange(10**24)
        answers = tuple(simple.read.consult(each, amount) for each in watched.pair)
        assert watched.consult(amount) == answers
        watched.update()


def gas_of_updates(dex, oracle):
    """Gas of the four kinds of an update, each in a block of its own."""

    def update():
        return dex.send(oracle.write.update(ALICE, dex.token0, dex.token1)).gas_used

    gas = {"first": update(), "same period": update()}
    for hour in range(1, 25):
        dex.wait(HOUR)
        used = update()
        if hour == 1:
            gas["new period"] = used
    gas["ring is full"] = used
    return gas


def test_updates_cost_no_more_than_the_original_did_under_either_rules(dex, vector):
    day = Watched.over(dex, DAY, 24)
    dex.wait(DAY)
    used = gas_of_updates(dex, day.oracle)
    recorded = vector("univ2_periphery_oracle")["sliding"]["gas_istanbul"]
    for kind, name in zip(("first", "same period", "new period"), RECORDED, strict=True):
        assert used[kind] <= recorded[name]
    for kind, ceiling in CEILINGS.items():
        assert used[kind] <= ceiling < CANCUN[kind]


@needs_published
def test_the_gas_of_the_original_is_as_written_down(sides):
    both = sides(DAY, 24)
    both.add(5 * E18, 10 * E18)
    both.dex.wait(DAY)
    assert gas_of_updates(both.dex, both.oracles[1]) == CANCUN

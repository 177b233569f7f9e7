"""What is written reads back to the same value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexsim.agents import Arbitrageur, Farmer, Provider, Sandwicher, Trader
from dexsim.blockspace.fees import Gas
from dexsim.blockspace.mechanisms import Fifo, Priority, RandomOrder
from dexsim.errors import ScenarioError
from dexsim.market.world import Gauge, Incentive, Market, Token, Venue, Weth, World
from dexsim.prices import (
    Constant,
    FixedClock,
    Gbm,
    JumpDiffusion,
    OrnsteinUhlenbeck,
    PoissonClock,
    Sessions,
)
from dexsim.scenario.reading import loads
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.writing import dumps

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True, kw_only=True)
class Own:
    """An agent as somebody would write it, with a field of every sort."""

    text: str
    number: int = 3
    real: float = 0.5
    exact: Decimal = Decimal("0.1")
    flag: bool = False
    several: tuple[int, ...] = (1, 2)
    by_name: dict[str, float] = field(default_factory=dict)
    perhaps: int | str | None = None

    def start(self, setup: object) -> object:
        """Not needed here."""
        raise NotImplementedError


names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,7}", fullmatch=True)
symbols = names.filter(lambda name: name != "ETH")
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
amounts = st.decimals(0, 10**12, places=6).map(str)
above_zero = st.decimals("0.000001", 10**12, places=6)
rates = st.one_of(st.decimals(0, 10, places=4), st.integers(0, 10), st.floats(0, 10))
counts = st.integers(1, 10**9)
bps = st.integers(0, 10_000)


@st.composite
def prices(draw: Draw) -> Any:
    start = draw(above_zero)
    plain = draw(
        st.sampled_from(
            [
                Constant(price=start),
                Gbm(start=start, daily_volatility="0.05", daily_drift="-0.01"),
                JumpDiffusion(
                    start=start, daily_volatility=0, jumps_per_day="0.5", jump_volatility="0.1"
                ),
                OrnsteinUhlenbeck(start=start, daily_volatility="0.01", half_life_hours=12),
            ]
        )
    )
    return Sessions(process=plain, opens="09:00") if draw(st.booleans()) else plain


@st.composite
def worlds(draw: Draw) -> World:
    base, quote, reward = draw(st.lists(symbols, min_size=3, max_size=3, unique=True))
    venue, market, gauge = draw(names), draw(names), draw(names)
    emission = Incentive(rate_per_second=draw(amounts), cap=draw(amounts))
    described = Market(
        venue=venue,
        pair=f"{base}/{quote}",
        base_reserve=draw(above_zero),
        quote_reserve=draw(st.none() | above_zero),
    )
    return World(
        tokens={base: Weth(), quote: Token(decimals=draw(st.integers(0, 36))), reward: emission},
        venues={venue: Venue(fee_bps=draw(st.integers(0, 1000)))},
        markets={market: described},
        gauges={gauge: Gauge(market=market, reward=reward)} if draw(st.booleans()) else {},
        prices=draw(st.dictionaries(st.sampled_from([base, quote]), prices())),
    )


capital = st.dictionaries(names, amounts, max_size=2)
own = st.builds(
    Own,
    text=words,
    number=st.integers(-(10**12), 10**12),
    real=st.floats(allow_nan=False),
    exact=st.decimals(-(10**6), 10**6, places=5),
    flag=st.booleans(),
    several=st.lists(st.integers(-5, 5)).map(tuple),
    by_name=st.dictionaries(names, st.floats(allow_nan=False), max_size=2),
    perhaps=st.none() | st.integers(-5, 5) | words,
)
agents = st.one_of(
    st.builds(
        Trader,
        market=st.none() | names,
        count=counts,
        trades_per_block=rates,
        median_size=amounts,
        buy_share=rates,
        slippage_convention=st.sampled_from(["share", "v2-sdk"]),
        visibility=st.sampled_from(["public", "private"]),
        funds=st.none() | capital,
    ),
    st.builds(Arbitrageur, capital=capital, tip_gwei=rates),
    st.builds(Sandwicher, capital=capital, market=st.none() | names),
    st.builds(Provider, base_amount=amounts, leaves_block=st.none() | counts, slippage_bps=bps),
    st.builds(Farmer, gauge=names, base_amount=amounts, sells_in=st.none() | names),
    own,
)


@st.composite
def scenarios(draw: Draw) -> Scenario:
    world = draw(worlds())
    people = draw(st.dictionaries(names, agents, max_size=3))
    return Scenario(
        world=world,
        agents=people,
        blocks=draw(counts),
        numeraire=draw(st.sampled_from(["", *world.tokens])),
        clock=draw(st.sampled_from([FixedClock(), FixedClock(seconds=1), PoissonClock()])),
        mechanism=draw(st.sampled_from([Priority(), Fifo(), RandomOrder()])),
        gas=draw(st.builds(Gas, base_fee_gwei=rates, dynamic=st.booleans(), endowment=amounts)),
        disabled=frozenset(name for name in people if draw(st.booleans())),
        title=draw(words),
    )


@settings(derandomize=True, max_examples=200, deadline=None, database=None)
@given(scenarios())
def test_scenario_reads_back_to_an_equal_value(scenario: Scenario) -> None:
    again = loads(dumps(scenario))
    assert again == scenario
    assert isinstance(again, Scenario)
    assert list(again.agents) == list(scenario.agents)
    assert list(again.world.tokens) == list(scenario.world.tokens)
    assert dumps(again) == dumps(scenario)


@settings(derandomize=True, max_examples=50, deadline=None, database=None)
@given(scenarios(), words, rates, st.lists(names, min_size=1, max_size=3, unique=True))
def test_experiment_reads_back_to_an_equal_value(
    base: Scenario, claim: str, margin: Any, arms: list[str]
) -> None:
    changes = {"blocks": 5, "mechanism": {"kind": "fifo"}, "clock.kind": base.clock.kind}
    experiment = Experiment(
        base=base, arms=dict.fromkeys(arms, changes), claim=claim, margin=margin
    )
    assert loads(dumps(experiment)) == experiment


def test_text_is_readable() -> None:
    world = World(
        tokens={"WETH": Weth(), "USDC": Token(decimals=6)},
        venues={"exchange": Venue()},
        markets={
            "main": Market(
                venue="exchange", pair="WETH/USDC", base_reserve="1000", quote_reserve="2e6"
            )
        },
        prices={"WETH": Gbm(start=2000, daily_volatility=0.05)},
    )
    people = {"retail": Trader(count=20), "my.searcher": Sandwicher(capital={"WETH": "200"})}
    base = Scenario(world=world, agents=people, disabled=frozenset({"my.searcher"}))
    experiment = Experiment(base=base, arms={"a": {"blocks": 5}, "b": {}}, claim='"so"', margin=1)
    assert dumps(experiment) == (
        'schema = 1\nblocks = 300\nclock = { kind = "fixed" }\n'
        'mechanism = { kind = "priority" }\n\n'
        '[experiment]\nclaim = "\\"so\\""\nmargin = "1"\n\n'
        '[world.tokens]\nWETH = { kind = "weth" }\nUSDC = { kind = "erc20", decimals = 6 }\n\n'
        '[world.prices.WETH]\nkind = "gbm"\nstart = "2000"\ndaily_volatility = "0.05"\n\n'
        "[world.venues.exchange]\n\n"
        '[world.markets.main]\nvenue = "exchange"\npair = "WETH/USDC"\n'
        'base_reserve = "1000"\nquote_reserve = "2000000"\n\n'
        '[agents.retail]\nkind = "trader"\ncount = 20\n\n'
        '[agents."my.searcher"]\nkind = "sandwicher"\ncapital = { WETH = "200" }\n'
        "enabled = false\n\n"
        "[arms.a]\nblocks = 5\n\n[arms.b]\n"
    )


def test_objects_in_arms_are_written_as_tables() -> None:
    base = loads(dumps(_small()))
    assert isinstance(base, Scenario)
    arms = {"a": {"mechanism": Fifo(), "agents.x": Provider(base_amount=Decimal(5))}}
    again = loads(dumps(Experiment(base=base, arms=arms)))
    assert isinstance(again, Experiment)
    assert again.arms["a"] == {
        "mechanism": {"kind": "fifo"},
        "agents.x": {"kind": "provider", "base_amount": "5"},
    }


def test_not_a_number_is_written_and_read() -> None:
    scenario = _small().replace(agents={"own": Own(text="", real=math.nan)})
    again = loads(dumps(scenario))
    assert isinstance(again, Scenario)
    assert math.isnan(again.agents["own"].real)


def test_class_inside_a_function_cannot_be_written() -> None:
    @dataclass(frozen=True)
    class Local:
        def start(self, setup: object) -> object:
            raise NotImplementedError

    with pytest.raises(ScenarioError, match=r"agents\.mine\.kind: .*Local is defined inside"):
        dumps(_small().replace(agents={"mine": Local()}))


def test_value_without_a_form_is_told() -> None:
    scenario = _small().replace(agents={"own": Own(text=object())})  # type: ignore[arg-type]
    with pytest.raises(ScenarioError, match=r"agents\.own\.text: <object .* cannot be written"):
        dumps(scenario)


def _small() -> Scenario:
    return Scenario(
        world=World(
            tokens={"WETH": Weth(), "USDC": Token(decimals=6)},
            venues={"v": Venue()},
            markets={"m": Market(venue="v", pair="WETH/USDC", base_reserve="1")},
        )
    )

"""Changes by dotted paths: `--set`, and the arms of an experiment."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pytest

from dexsim.agents import Provider, Sandwicher, Trader
from dexsim.blockspace.fees import Gas
from dexsim.blockspace.mechanisms import Fifo
from dexsim.errors import AmountTypeError, ScenarioError
from dexsim.market.world import Market, Token, Venue, Weth, World
from dexsim.prices import Constant, FixedClock, Gbm, JumpDiffusion, PoissonClock
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.settings import Written, apply, arms, arms_of, parse_setting


@dataclass(frozen=True, kw_only=True)
class Own:
    """An agent with texts that look like numbers."""

    mode: Literal["1", "2"] = "1"

    def start(self, setup: object) -> object:
        raise NotImplementedError


@pytest.fixture
def scenario() -> Scenario:
    """One market, two agents, an outside price, a Poisson clock."""
    return Scenario(
        world=World(
            tokens={"WETH": Weth(), "USDC": Token(decimals=6)},
            venues={"exchange": Venue()},
            markets={"main": Market(venue="exchange", pair="WETH/USDC", base_reserve="1")},
            prices={"WETH": Gbm(start="2000", daily_volatility="0.05")},
        ),
        agents={
            "retail": Trader(count=20, median_size="2"),
            "searcher": Sandwicher(capital={"WETH": "200"}),
            "v1.5": Provider(base_amount="5"),
        },
        clock=PoissonClock(mean_seconds=6),
    )


def _get(scenario: Scenario, path: str) -> Any:
    found: Any = scenario
    for part in path.split("/"):
        found = found[part] if isinstance(found, dict) else getattr(found, part)
    return found


CHANGES: list[tuple[str, Any, str, Any]] = [
    ("agents.retail.count", 50, "agents/retail/count", 50),
    ("agents.retail.median_size", "2.5", "agents/retail/median_size", Decimal("2.5")),
    ("agents.retail.median_size", Decimal(3), "agents/retail/median_size", Decimal(3)),
    ("agents.searcher.enabled", False, "disabled", {"searcher"}),
    ("agents.searcher.capital.USDC", "5", "agents/searcher/capital", {"WETH": 200, "USDC": 5}),
    ('agents."v1.5".base_amount', "7", "agents/v1.5/base_amount", 7),
    ("agents.searcher", {"kind": "trader"}, "agents/searcher", Trader()),
    ("agents.new", {"kind": "trader"}, "agents/new", Trader()),
    ("agents.new", Trader(count=2), "agents/new", Trader(count=2)),
    ("world.venues.exchange.fee_bps", 5, "world/venues/exchange/fee_bps", 5),
    (
        "world.prices.WETH.daily_volatility",
        0.1,
        "world/prices/WETH/daily_volatility",
        Decimal("0.1"),
    ),
    ("blocks", 100, "blocks", 100),
    ("title", "x", "title", "x"),
    ("gas.dynamic", True, "gas", Gas(dynamic=True)),
    ("clock.mean_seconds", 12, "clock", PoissonClock()),
    ("clock", {"kind": "fixed", "seconds": 2}, "clock", FixedClock(seconds=2)),
    ("clock", FixedClock(seconds=2), "clock", FixedClock(seconds=2)),
    ("mechanism.kind", "fifo", "mechanism", Fifo()),
    ("world.prices.WETH", Constant(price=5), "world/prices/WETH", Constant(price=5)),
]


@pytest.mark.parametrize(("key", "value", "path", "expected"), CHANGES)
def test_change_arrives_and_touches_nothing_else(
    scenario: Scenario, key: str, value: Any, path: str, expected: Any
) -> None:
    before = pickle.dumps(scenario)
    changed = apply(scenario, {key: value})
    assert _get(changed, path) == expected
    assert pickle.dumps(scenario) == before
    part = path.split("/", maxsplit=1)[0]
    assert changed.replace(**{part: getattr(scenario, part)}) == scenario


def test_no_change_gives_an_equal_scenario(scenario: Scenario) -> None:
    assert apply(scenario, {}) == scenario


def test_changes_are_judged_together(scenario: Scenario) -> None:
    changed = apply(
        scenario,
        {
            "world.venues.second": {"fee_bps": 5},
            "world.markets.main.venue": "second",
            "world.prices.WETH.kind": "jumps",
            "world.prices.WETH.jumps_per_day": 1,
            "world.prices.WETH.jump_volatility": "0.1",
        },
    )
    assert changed.world.markets["main"].venue == "second"
    assert changed.world.prices["WETH"] == JumpDiffusion(
        start="2000", daily_volatility="0.05", jumps_per_day=1, jump_volatility="0.1"
    )


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("agents.retail.cuont", 5, "unknown key 'cuont'; did you mean count?"),
        ("agents.retial.count", 5, "unknown agent 'retial'; did you mean retail?"),
        ("agnts.retail.count", 5, "unknown key 'agnts'; did you mean agents"),
        ("blocs", 5, "unknown key 'blocs'; did you mean blocks"),
        ("world.venue.exchange.fee_bps", 5, "unknown key 'venue'; did you mean venues or tenders?"),
        ("world.venues.exchnge.fee_bps", 5, "unknown venue 'exchnge'; did you mean exchange?"),
        ("world.venues.exchange.fee", 5, "unknown key 'fee'"),
        ("clock.mean_second", 5, "did you mean mean_seconds?"),
        ("clock.mean_seconds.x", 5, "mean_seconds is no table, it is '6'"),
        ("agents.retail.median_size", 2, 'as text: "2", not the int'),
        ("agents.retail.count", "50", "valid integer, not '50'"),
        ("agents.searcher.enabled", "no", "true or false, not 'no'"),
        ("agents.retail", 5, "expected a table, not 5"),
        ("agents", {"retail": {"count": 5}}, "whole path in quotes"),
        ("world.markets", {}, "whole path in quotes"),
        ("world", {}, "whole path in quotes"),
        ("schema", 1, "unknown key 'schema'"),
        ("mechanism.kind", "fofi", "unknown mechanism kind 'fofi'; allowed: priority, fifo"),
        ("", 1, "unknown key ''"),
        ("title", object(), "cannot be written in a file"),
    ],
)
def test_change_that_cannot_be_is_told_with_its_key(
    scenario: Scenario, key: str, value: Any, told: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        apply(scenario, {key: value})
    assert told in caught.value.problem
    assert caught.value.key == key


def test_new_kind_without_a_key_of_the_old_one_is_told(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        apply(scenario, {"clock.kind": "fixed"})
    assert caught.value.key == "clock.mean_seconds"
    assert caught.value.problem == (
        "kind 'fixed' has no key 'mean_seconds', which the scenario sets for kind 'poisson'; "
        'change the whole table: clock = { kind = "fixed", ... }'
    )


def test_new_kind_that_needs_more_is_told(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError, match=r"world\.prices\.WETH\.half_life_hours: is missing"):
        apply(scenario, {"world.prices.WETH.kind": "ou"})


@pytest.mark.parametrize(
    ("setting", "path", "expected"),
    [
        ("agents.retail.count=50", "agents/retail/count", 50),
        ("agents.retail.median_size=2", "agents/retail/median_size", 2),
        ("agents.retail.median_size=2.50", "agents/retail/median_size", Decimal("2.5")),
        ("agents.retail.median_size='3'", "agents/retail/median_size", 3),
        ("agents.retail.visibility=private", "agents/retail/visibility", "private"),
        ("agents.retail.market=main", "agents/retail/market", "main"),
        ("agents.searcher.enabled=false", "disabled", {"searcher"}),
        ("agents.searcher.capital={WETH='1'}", "agents/searcher/capital", {"WETH": 1}),
        ("agents.searcher.capital.WETH=7", "agents/searcher/capital", {"WETH": 7}),
        (
            "world.prices.WETH.daily_volatility = 0.1",
            "world/prices/WETH/daily_volatility",
            Decimal("0.1"),
        ),
        ("mechanism.kind=fifo", "mechanism", Fifo()),
        ('clock={kind="fixed"}', "clock", FixedClock()),
        ("clock.mean_seconds=7", "clock/mean_seconds", 7),
        ("gas.endowment=5", "gas/endowment", 5),
        ("title=2024-01-01", "title", "2024-01-01"),
        ("title=a = b", "title", "a = b"),
        ("title=", "title", ""),
        ('title="quoted"', "title", "quoted"),
    ],
)
def test_typed_value_is_what_its_key_takes(
    scenario: Scenario, setting: str, path: str, expected: Any
) -> None:
    changed = apply(scenario, dict([parse_setting(setting)]))
    assert _get(changed, path) == expected


def test_several_typed_values_are_taken_each_by_its_key(scenario: Scenario) -> None:
    typed = ["agents.retail.median_size=5", "agents.searcher.capital.WETH=9", "title=8", "blocks=7"]
    changed = apply(scenario, dict(parse_setting(setting) for setting in typed))
    assert changed.agents["retail"].median_size == 5
    assert changed.agents["searcher"].capital == {"WETH": 9}
    assert (changed.title, changed.blocks) == ("8", 7)


def test_typed_value_that_is_right_as_text_is_not_blamed_for_another(scenario: Scenario) -> None:
    own = scenario.replace(agents={"own": Own()})
    assert apply(own, dict([parse_setting("agents.own.mode=2")])).agents["own"] == Own(mode="2")
    with pytest.raises(ScenarioError, match="blocks: input should be greater"):
        apply(own, dict(map(parse_setting, ["agents.own.mode=2", "blocks=0"])))


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("agents.retail.cuont=5", "agents.retail.cuont: unknown key 'cuont'; did you mean count?"),
        ("agents.retail.median_size=-2", "an amount cannot be -2"),
        ("agents.retail.median_size=lots", "'lots' is not a number"),
        ("agents.retail.count=2.5", "valid integer, not 2.5"),
        ("agents.retail.count=many", "valid integer, not 'many'"),
        ("world.venues.exchange.fee_bps=2000", "less than or equal to 1000, not 2000"),
        ("agents.retail.median_size=true", "'true' is not a number"),
        ("numeraire=5", "unknown token '5'"),
    ],
)
def test_typed_value_that_its_key_refuses_is_told(
    scenario: Scenario, setting: str, told: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        apply(scenario, dict([parse_setting(setting)]))
    assert told in str(caught.value)
    assert not isinstance(caught.value, AmountTypeError)


def test_setting_is_a_key_and_the_text_as_typed() -> None:
    assert parse_setting("agents.retail.count = 50 ") == ("agents.retail.count", "50")
    assert isinstance(parse_setting("a=1")[1], Written)
    for wrong in ("agents.retail.count", "=5", ""):
        with pytest.raises(ScenarioError, match="expected key=value, as in"):
            parse_setting(wrong)


def test_typed_text_cannot_bring_further_keys() -> None:
    assert Written("5\nother = 6").meant() == "5\nother = 6"
    assert Written("[1, 2]").meant() == [1, 2]


def test_arms_are_the_changed_scenarios(scenario: Scenario) -> None:
    experiment = Experiment(
        base=scenario, arms={"calm": {"agents.searcher.enabled": False}, "hunted": {}}
    )
    calm = scenario.replace(disabled=frozenset({"searcher"}))
    assert arms(experiment) == {"calm": calm, "hunted": scenario}
    assert list(arms(experiment)) == ["calm", "hunted"]
    assert arms_of(experiment) == arms(experiment)
    assert arms_of(scenario) == {"base": scenario}


def test_mistake_in_an_arm_names_the_arm(scenario: Scenario) -> None:
    experiment = Experiment(base=scenario, arms={"calm": {"agents.serchr.enabled": False}})
    with pytest.raises(ScenarioError, match=r"^arms\.calm\.agents\.serchr\.enabled: unknown agent"):
        arms(experiment)


def test_change_of_an_experiment_is_of_its_base(scenario: Scenario) -> None:
    experiment = Experiment(base=scenario, arms={"calm": {"agents.searcher.enabled": False}})
    changed = apply(experiment, {"blocks": 5})
    assert changed == experiment.replace(base=scenario.replace(blocks=5))


def test_change_that_an_arm_cannot_follow_is_told(scenario: Scenario) -> None:
    experiment = Experiment(base=scenario, arms={"rich": {"agents.searcher.capital.WETH": "5"}})
    with pytest.raises(ScenarioError, match=r"^arms\.rich\.agents\.searcher\.capital: unknown key"):
        apply(experiment, {"agents.searcher": {"kind": "trader"}})

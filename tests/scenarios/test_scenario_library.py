"""The built-in scenarios, the file to start from, and the schema of both."""

from __future__ import annotations

import copy
import re
import tomllib
from typing import Any

import jsonschema
import pytest

from dexsim.agents import AGENT_KINDS
from dexsim.errors import ScenarioError
from dexsim.scenario.catalogue import catalogue, template
from dexsim.scenario.library import built_in, names
from dexsim.scenario.reading import load, loads
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.schema import field_docs, json_schema
from dexsim.scenario.settings import arms
from dexsim.scenario.writing import dumps


def _valid(spec: dict[str, Any]) -> bool:
    return bool(jsonschema.Draft202012Validator(json_schema()).is_valid(spec))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(built_in(name).read_text("utf-8"))


def test_library_has_the_promised_scenarios_each_with_a_claim_or_a_title() -> None:
    assert names() == [
        "compare-mechanisms",
        "depth",
        "fragmentation",
        "incentives",
        "nail-house",
        "newcomers",
        "safe-haven",
        "sandwich",
        "tracking",
        "transparency",
        "treasury",
        "wind-down",
    ]
    told = dict(catalogue())
    assert list(told) == names()
    assert told["sandwich"].startswith("A public mempool costs users money: ")
    assert told["incentives"].startswith("Token incentives do not last: ")


@pytest.mark.parametrize("name", names())
def test_every_experiment_says_what_theory_says_and_compares_its_arms(name: str) -> None:
    experiment = load(name)
    assert isinstance(experiment, Experiment)
    assert experiment.claim
    assert experiment.effects
    assert set(arms(experiment)) == set(experiment.arms)
    assert name == "sandwich" or experiment.closed_form


@pytest.mark.parametrize("name", names())
def test_built_in_scenario_reads_back_and_validates(name: str) -> None:
    assert loads(dumps(load(name))) == load(name)
    assert _valid(_read(name))
    assert _valid(tomllib.loads(dumps(load(name))))


def test_sandwich_compares_the_same_market_with_and_without_a_searcher() -> None:
    experiment = load("sandwich")
    assert isinstance(experiment, Experiment)
    both = arms(experiment)
    assert {name: set(arm.disabled) for name, arm in both.items()} == {
        "calm": {"searcher"},
        "hunted": set(),
    }
    assert (experiment.measure, experiment.effect) == ("retail_cost_bps", "hunted - calm")
    assert both["calm"].replace(disabled=frozenset()) == both["hunted"]


def test_template_runs_as_it_is_and_explains_every_key() -> None:
    text = template("my-first")
    scenario = loads(text)
    assert isinstance(scenario, Scenario)
    assert scenario.title == "my-first"
    assert "NAME.toml" not in text
    assert _valid(tomllib.loads(text))
    for block in text[: text.index("# Further kinds")].split("\n\n"):
        told = " ".join(line for line in block.splitlines() if line.startswith("#"))
        for line in block.splitlines():
            keys = re.findall(r"(\w+) =", line.partition("#")[0])
            own = keys[1:] if "{" in line else keys
            assert "#" in line or all(key in told for key in own), line


def test_commented_part_of_the_template_is_right_too() -> None:
    text = template("x")
    more = text[text.index("# [experiment]") :]
    experiment = loads(text + re.sub(r"^# ?", "", more, flags=re.M))
    assert isinstance(experiment, Experiment)
    assert list(arms(experiment)) == ["narrow", "wide"]


@pytest.mark.parametrize("name", ["", "a b", "../x", 'a"b', "-x"])
def test_template_refuses_a_name_that_is_none(name: str) -> None:
    with pytest.raises(ScenarioError, match="a name has letters"):
        template(name)


def test_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("block", 5),
        ("blocks", "5"),
        ("blocks", 0),
        ("schema", 2),
        ("clock.mean_second", 5),
        ("clock.kind", "poison"),
        ("mechanism.kind", "fofi"),
        ("gas.base_fee", "1"),
        ("world.token", {}),
        ("world.tokens.USDC.decimals", 40),
        ("world.tokens.USDC.kind", "erc-20"),
        ("world.venues.exchange.fee", 5),
        ("world.venues.exchange.fee_bps", 2000),
        ("world.markets.main.base_reserve", 5),
        ("world.prices.WETH.stat", "5"),
        ("agents.retail.cuont", 5),
        ("agents.retail.count", 2.5),
        ("agents.retail.kind", "tradr"),
        ("agents.retail.enabled", "no"),
        ("agents.searcher.capital.WETH", 5),
        ("experiment.clam", "x"),
        ("arms", {}),
    ],
)
def test_schema_refuses_a_typo(path: str, value: object) -> None:
    spec = _read("sandwich")
    changed = copy.deepcopy(spec)
    table = changed
    *parents, last = path.split(".")
    for part in parents:
        table = table[part]
    table[last] = value
    assert _valid(spec)
    assert not _valid(changed)


def test_schema_knows_that_a_plain_token_needs_no_kind() -> None:
    spec = _read("sandwich")
    del spec["world"]["tokens"]["USDC"]["kind"]
    assert _valid(spec)
    del spec["agents"]["retail"]["kind"]
    assert not _valid(spec)


@pytest.mark.parametrize("key", ["schema", "world", "arms"])
def test_schema_refuses_a_file_without_what_is_needed(key: str) -> None:
    spec = _read("sandwich")
    del spec[key]
    assert not _valid(spec)


def test_schema_lets_classes_of_somebody_s_own_through() -> None:
    spec = _read("sandwich")
    spec["agents"]["mine"] = {"kind": "./mine.py:Momentum", "window": 5, "enabled": False}
    spec["mechanism"] = {"kind": "auctions:Batch"}
    assert _valid(spec)


def test_schema_tells_what_the_classes_say_about_their_keys() -> None:
    assert field_docs(AGENT_KINDS["trader"])["median_size"] == "whole base tokens."
    assert field_docs(AGENT_KINDS["provider"])["leaves_block"].startswith("of the run, from 1")
    shown = json_schema()["$defs"]["agent"]["anyOf"][0]["properties"]["median_size"]
    assert shown == {"type": "string", "description": "whole base tokens."}

"""The plain data of a scenario file as a Scenario or an Experiment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dexsim.blockspace.fees import Gas
from dexsim.errors import ScenarioError
from dexsim.market.issued import TenderOffer
from dexsim.market.world import Gauge, Market, Venue, World
from dexsim.scenario.building import Table, build, build_kind, check_keys, expect_table, within
from dexsim.scenario.kinds import AGENTS, CLOCKS, MECHANISMS, PRICES, TOKENS, Slot
from dexsim.scenario.scenario import Experiment, Scenario

SCHEMA = 1
"""The version of the file's shape that this dexsim reads and writes."""

ENABLED = "enabled"
"""The key that every agent has besides its own."""

PLAIN = ("title", "blocks", "numeraire")
PARTS: Mapping[str, Slot | type[Any]] = {"clock": CLOCKS, "mechanism": MECHANISMS, "gas": Gas}
WORLD: Mapping[str, Slot | type[Any]] = {
    "tokens": TOKENS,
    "prices": PRICES,
    "venues": Venue,
    "markets": Market,
    "gauges": Gauge,
    "tenders": TenderOffer,
}
EXPERIMENT = ("claim", "measure", "effect", "margin", "closed_form", "also")
SCENARIO_KEYS = (*PLAIN, *PARTS, "world", "agents")


def build_file(spec: Table) -> Scenario | Experiment:
    """What a whole file describes: an Experiment where it has arms.

    The arms are not tried. Raises ScenarioError with the dotted key.
    """
    check_keys(spec, ["schema", *SCENARIO_KEYS, "experiment", "arms"])
    _check_schema(spec.get("schema"))
    rest = {key: value for key, value in spec.items() if key in SCENARIO_KEYS}
    base = build_scenario(rest)
    if "arms" not in spec:
        if "experiment" in spec:
            raise ScenarioError("an experiment needs arms: [arms.NAME]", key="arms")
        return base
    told = expect_table(spec.get("experiment", {}), "experiment")
    within("experiment", check_keys, told, EXPERIMENT)
    arms = expect_table(spec["arms"], "arms")
    for name, changes in arms.items():
        expect_table(changes, f"arms.{name}")
    if not arms:
        raise ScenarioError("an experiment needs at least one arm: [arms.NAME]", key="arms")
    return _experiment(base, arms, told)


def _experiment(base: Scenario, arms: Table, told: Table) -> Experiment:
    try:
        return Experiment(base=base, arms=dict(arms), **told)
    except ScenarioError as error:
        raise error.within("experiment") from None


def build_scenario(spec: Table) -> Scenario:
    """The scenario of a table without schema, experiment and arms."""
    check_keys(spec, SCENARIO_KEYS)
    fields: dict[str, Any] = {key: spec[key] for key in PLAIN if key in spec}
    for key, shape in PARTS.items():
        if key in spec:
            fields[key] = within(key, _build, shape, spec[key])
    if "world" not in spec:
        raise ScenarioError("is missing", key="world")
    fields["world"] = within("world", _world, spec["world"])
    agents = expect_table(spec.get("agents", {}), "agents")
    fields["agents"] = {name: within(f"agents.{name}", _agent, agents[name]) for name in agents}
    fields["disabled"] = frozenset(name for name in agents if not agents[name].get(ENABLED, True))
    return Scenario(**fields)


def _build(shape: Slot | type[Any], value: object) -> Any:
    return build_kind(shape, value) if isinstance(shape, Slot) else build(shape, value)


def _world(value: object) -> World:
    table = expect_table(value)
    check_keys(table, list(WORLD))
    parts = {
        section: {
            name: within(f"{section}.{name}", _build, WORLD[section], each)
            for name, each in expect_table(entries, section).items()
        }
        for section, entries in table.items()
    }
    return World(**parts)


def _agent(value: object) -> Any:
    enabled = expect_table(value).get(ENABLED, True)
    if not isinstance(enabled, bool):
        raise ScenarioError(f"expected true or false, not {enabled!r}", key=ENABLED)
    return build_kind(AGENTS, value, besides=(ENABLED,))


def _check_schema(found: object) -> None:
    if found is None:
        raise ScenarioError(f"is missing; write schema = {SCHEMA}", key="schema")
    if isinstance(found, bool) or found != SCHEMA:
        raise ScenarioError(
            f"unknown schema {found!r}; this dexsim reads schema = {SCHEMA}", key="schema"
        )

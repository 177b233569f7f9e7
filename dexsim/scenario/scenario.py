"""A scenario and an experiment: everything that a run needs, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from dataclasses import replace as dataclass_replace
from typing import Any

from dexsim.blockspace.fees import Gas
from dexsim.blockspace.mechanisms import Priority
from dexsim.description import AtLeastOne, Number, Text, check_name, description, unknown
from dexsim.errors import ScenarioError
from dexsim.market.world import World
from dexsim.prices.clock import FixedClock
from dexsim.results.effects import Effect, parse_effect
from dexsim.results.measures import MEASURES

RESERVED = frozenset(
    {"builder", "deployer", "contracts", "keeper", "liquidity", "locked", "others", "set-up"}
)
"""Names in the tables that no agent can have."""


@description
class Scenario:
    """One world, its people, and how blocks are made.

    agents: descriptions by name; disabled: names of those that stay away (they
    keep their place and their random streams). numeraire: the token in which
    gains are valued; without it the first market's quote token.
    mechanism: orders the block. clock: when blocks come.
    """

    world: World
    agents: dict[str, Any] = field(default_factory=dict)
    blocks: AtLeastOne = 300
    numeraire: Text = ""
    clock: Any = field(default_factory=FixedClock)
    mechanism: Any = field(default_factory=Priority)
    gas: Gas = field(default_factory=Gas)
    disabled: frozenset[str] = frozenset()
    title: Text = ""

    def __post_init__(self) -> None:
        if not self.world.markets:
            raise ScenarioError("a scenario needs a market", key="world.markets")
        if self.money not in self.world.tokens:
            known = list(self.world.tokens)
            raise ScenarioError(unknown(self.money, known, "token"), key="numeraire")
        self._check_part("clock", "start", "mean_seconds")
        mechanism = self.mechanism
        if not (hasattr(mechanism, "sequence") or hasattr(mechanism, "fill")):
            raise ScenarioError(
                f"{mechanism!r} is no mechanism: it has neither sequence() nor fill()",
                key="mechanism",
            )
        for name, agent in self.agents.items():
            check_name(name, "agents")
            if name in RESERVED:
                raise ScenarioError(
                    f"{name!r} is taken by the simulation itself; choose another name",
                    key=f"agents.{name}",
                )
            if not callable(getattr(agent, "start", None)):
                raise ScenarioError(
                    f"{agent!r} is no agent: it has no start()", key=f"agents.{name}"
                )
        for name in self.disabled:
            if name not in self.agents:
                raise ScenarioError(unknown(name, list(self.agents), "agent"), key="agents")

    @property
    def money(self) -> str:
        """The token in which gains are valued: the numeraire, or the first market's quote."""
        return self.numeraire or next(iter(self.world.markets.values())).quote

    def replace(self, **changes: Any) -> Scenario:
        """A copy with some fields changed; who is no longer there is not disabled either."""
        if "agents" in changes:
            changes.setdefault("disabled", self.disabled & changes["agents"].keys())
        return dataclass_replace(self, **changes)

    def _check_part(self, part: str, *needs: str) -> None:
        value = getattr(self, part)
        missing = [name for name in needs if not hasattr(value, name)]
        if missing:
            raise ScenarioError(f"{value!r} is no {part}: it has no {missing[0]}", key=part)


@description
class Experiment:
    """Arms of one scenario, to be compared on the same random numbers.

    arms: changes by arm, as `--set` writes them: {"calm":
    {"agents.searcher.enabled": False}, "hunted": {}}. claim: what is tested, in
    words. measure, effect, margin: what is compared, for example
    "retail_cost_bps", "hunted - calm", 1. effect: two arms, one arm alone, or a
    list of such; the claim says that it lies above the margin. closed_form: what
    theory says, in words. also: further measures that a comparison tells beside, each arm
    against the first.
    """

    base: Scenario
    arms: Mapping[str, Mapping[str, Any]]
    claim: Text = ""
    measure: Text = ""
    effect: Text | list[Text] = ""
    margin: Number = 0
    closed_form: Text = ""
    also: list[Text] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.arms:
            raise ScenarioError("an experiment needs at least one arm", key="arms")
        for key, names in (
            ("measure", [self.measure] if self.measure else []),
            ("also", self.also),
        ):
            for name in names:
                if name not in MEASURES:
                    raise ScenarioError(unknown(name, list(MEASURES), "measure"), key=key)
        self.effects  # noqa: B018 - read, so that an arm that is not there is told

    @property
    def effects(self) -> list[Effect]:
        """What is compared, the first one first; empty where nothing is."""
        told = [self.effect] if isinstance(self.effect, str) else self.effect
        return [parse_effect(text, self.arms) for text in told if text]

    def replace(self, **changes: Any) -> Experiment:
        """A copy with some fields changed."""
        return dataclass_replace(self, **changes)

"""Which machines look at which properties, and how much of each is usual."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from dexsim.artifacts.artifact import Artifact
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.conformance.amm.presents import AmmMachine
from dexsim.conformance.amm.statements import AMM
from dexsim.conformance.amm.subject import AmmSubject
from dexsim.conformance.campaign import Size
from dexsim.conformance.candidate import Candidate
from dexsim.conformance.history import Machine
from dexsim.conformance.properties import XYK, Property
from dexsim.conformance.rewards.gauge_machine import GaugeMachine
from dexsim.conformance.rewards.streamed_machine import StreamedMachine
from dexsim.conformance.rewards.subject import ANY_WORDS, RewardSubject, liquidity_of
from dexsim.conformance.spoken import spoken
from dexsim.conformance.xyk.every_case import CaseMachine
from dexsim.conformance.xyk.ladder import LADDER
from dexsim.description import unknown
from dexsim.errors import ArtifactError
from dexsim.market.adapter import OpenedPool, Tokens, open_pool
from dexsim.market.pair_adapter import open_pair

SETS = ("amm", "xyk")
_USUAL = Size(runs=10, steps=25)
_LAST = Size(runs=24, steps=25)
_AMM = Size(runs=80, steps=15)


@dataclass(frozen=True)
class Part:
    """One campaign. settings: the machine's class attributes."""

    name: str
    machine: type[Machine]
    size: Size = _USUAL
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What is looked at, by whom."""

    properties: tuple[Property, ...]
    parts: tuple[Part, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Of all properties."""
        return frozenset(each.id for each in self.properties)


def parts(candidate: Candidate, sets: Sequence[str], only: frozenset[str]) -> Plan:
    """The plan for a pool. Raises ArtifactError for a set or an id that is not there."""
    for name in sets:
        if name not in SETS:
            raise ArtifactError(unknown(name, list(SETS), "set of properties"))
    whole = [_SETS[name](candidate) for name in sets or _fitting(candidate)]
    properties = [each for plan in whole for each in plan.properties]
    for id_ in sorted(only):
        if id_ not in {each.id for each in properties}:
            raise ArtifactError(unknown(id_, [each.id for each in properties], "property"))
    return Plan(
        tuple(each for each in properties if not only or each.id in only),
        tuple(part for plan in whole for part in plan.parts if _looks_at(part, only)),
    )


def settings_of(candidate: Candidate, machine: type[Machine]) -> Mapping[str, Any]:
    """The class attributes that a machine has when it drives this pool.

    Raises ArtifactError for a machine of a set that does not fit the pool.
    """
    for name in ["amm"] if candidate.lacks else SETS:
        for part in _SETS[name](candidate).parts:
            if part.machine is machine:
                return part.settings
    raise ArtifactError(f"no set of properties drives {candidate.pool} with {machine.__name__}")


def _fitting(candidate: Candidate) -> Sequence[str]:
    """With an adapter a pool is an amm of some shape; without one it has to be a pair, which is both."""
    return ["xyk", "amm"] if candidate.adapter is None else ["amm"]


def _looks_at(part: Part, only: frozenset[str]) -> bool:
    return not only or bool(only & part.machine.looks_at())


def _xyk(candidate: Candidate) -> Plan:
    subject = candidate.subject()
    venue = {"subject": subject}
    cases = Part(CaseMachine.told_as, CaseMachine, _USUAL, venue)
    pools = [
        Part(rung.told_as, rung, _LAST if rung is LADDER[-1] else _USUAL, venue) for rung in LADDER
    ]
    farmed = {"subject": RewardSubject(liquidity_of(subject), too_much=ANY_WORDS)}
    farms = [Part(each.told_as, each, _USUAL, farmed) for each in (GaugeMachine, StreamedMachine)]
    return Plan(XYK, (cases, *pools, *farms))


def _amm(candidate: Candidate) -> Plan:
    subject = AmmSubject(candidate.artifact.name, _opening(candidate))
    return Plan(AMM, (Part(AmmMachine.told_as, AmmMachine, _AMM, {"subject": subject}),))


def _opening(candidate: Candidate) -> Callable[[Chain, Account, Tokens], OpenedPool]:
    adapter, artifact = candidate.adapter_class(), candidate.artifact
    if adapter is not None:
        return partial(_opened, adapter, artifact)
    subject = candidate.subject()
    return lambda chain, sender, tokens: open_pair(
        chain,
        artifact,
        sender,
        tokens,
        factory=subject.factory,
        router=subject.router,
        fee_bps=subject.fee_bps,
    )


def _opened(
    adapter: type[Any], artifact: Artifact, chain: Chain, sender: Account, tokens: Tokens
) -> OpenedPool:
    opened = open_pool(adapter, chain, artifact, sender, tokens)
    return replace(opened, adapter=spoken(opened.adapter))


_SETS = {"amm": _amm, "xyk": _xyk}

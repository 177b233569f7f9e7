"""Filling a block, for good or to look at it and undo it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dexsim.blockspace import structure
from dexsim.blockspace.builder import Filling, Site
from dexsim.blockspace.bundles import Entry, PendingBundle
from dexsim.blockspace.contest import PROPOSER, Won
from dexsim.blockspace.landed import landed_attacks
from dexsim.blockspace.pending import Pending
from dexsim.chain.open_block import OpenBlock
from dexsim.results.attacks import Outcome
from dexsim.results.rounds import Outputs
from dexsim.scenario.stage import Stage


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A block that was executed and undone: how it was filled, and what it left."""

    filling: Filling
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Spared:
    """outputs: of swaps without bundles and attacks, None where there are none; spared: by attack."""

    outputs: Outputs | None = None
    spared: Mapping[int, Outcome] = field(default_factory=dict)


def filled(stage: Stage, block: OpenBlock, entries: Sequence[Entry], won: Won) -> Filling:
    """A block as its builder fills it, with what it pays for it at the end."""
    site = _site(stage, block, entries, won.builder)
    site.pay(PROPOSER.address, won.price, what="builder.bid")
    return site.filling


def _site(stage: Stage, block: OpenBlock, entries: Sequence[Entry], builder: str) -> Site:
    """Have the mechanism fill a block with what a builder has; every time with the same stream."""
    on_chain = stage.deployment
    site = Site(block, entries, builder=builder, pools=on_chain.pools, auctions=on_chain.auctions)
    rng = stage.streams.generator("mechanism", block.env.number)
    structure.fill(stage.scenario.mechanism, site, rng)
    return site


def rehearse(stage: Stage, time_ms: int, entries: Sequence[Entry], won: Won) -> Spared:
    """What the block would be without bundles and attacks, and without each attack alone."""
    innocent = [entry for entry in entries if isinstance(entry, Pending) and not entry.attack]
    if len(innocent) == len(entries):
        return Spared()
    attacks = _attacks(entries)
    if len(entries) - len(innocent) > 1 and attacks:
        filling = _rehearsed(stage, time_ms, entries, won).filling
        landing = {attack.id for attack in landed_attacks(filling)}
        attacks = {number: own for number, own in attacks.items() if number in landing}
    nobody = _rehearsed(stage, time_ms, innocent, won)
    spared = {}
    for number, own in attacks.items():
        rest = [entry for entry in entries if entry.id not in own]
        without = nobody if len(rest) == len(innocent) else _rehearsed(stage, time_ms, rest, won)
        spared[number] = without.outcome
    return Spared(_outputs(stage, nobody.filling), spared)


def _attacks(entries: Sequence[Entry]) -> dict[int, set[int]]:
    """Numbers of the entries that are an attack's own, by the attack's number."""
    found = {}
    for entry in entries:
        if isinstance(entry, PendingBundle) and entry.bundle.label is not None:
            found[entry.id] = {entry.id}
        elif isinstance(entry, Pending) and entry.attack is not None:
            attack = entry.attack
            found[attack.id] = {attack.legs[leg] for leg in attack.label.own}
    return found


def _rehearsed(stage: Stage, time_ms: int, entries: Sequence[Entry], won: Won) -> Rehearsed:
    """A block that is executed, looked at, and undone."""
    with stage.chain.rehearsal(time_ms=time_ms, base_fee=stage.base_fee) as block:
        filling = filled(stage, block, entries, won)
        receipts = [included.receipt for included in filling.included]
        outcome = stage.recorder.outcome(receipts, block.env.base_fee)
    return Rehearsed(filling, outcome)


def _outputs(stage: Stage, filling: Filling) -> Outputs:
    """What swaps gave."""
    return {
        (included.source.id, swap.market): swap.amount_out
        for included in filling.included
        if included.source is not None
        for swap in stage.recorder.swaps_in(included.receipt)
    }

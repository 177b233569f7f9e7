"""Attacks that landed as they were meant: whole, in their order, and around somebody."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from dexsim.blockspace.builder import Filling, Inclusion, Landed
from dexsim.blockspace.labels import Attack, BackrunLabel, Label, SandwichLabel


@dataclass(frozen=True, slots=True)
class LandedAttack:
    """An attack in a block.

    id: its bundle's number, or its own. legs: transactions by the label's indices, without those
    victims that it missed; positions: their places in the block. others: places of those whom it hit
    without meaning to. sent: native money that it sent to the builder, besides fees.
    """

    id: int
    label: Label
    agent: str
    legs: Mapping[int, Inclusion]
    positions: Mapping[int, int]
    others: Mapping[int, Inclusion] = field(default_factory=dict)
    sent: int = 0

    @property
    def own(self) -> list[Inclusion]:
        """The searcher's own transactions."""
        return [self.legs[leg] for leg in self.label.own]

    @property
    def victims(self) -> list[Inclusion]:
        """Those who were hit."""
        return [
            *(self.legs[leg] for leg in self.label.victims if leg in self.legs),
            *self.others.values(),
        ]

    @property
    def hit(self) -> list[int]:
        """Where they stand in the block."""
        meant = [self.positions[leg] for leg in self.label.victims if leg in self.legs]
        return [*meant, *self.others]


def landed_attacks(filling: Filling) -> list[LandedAttack]:
    """Those of a block, in the order of their numbers."""
    found = [*_bundled(filling), *_unbundled(filling)]
    return sorted(found, key=lambda attack: attack.id)


def _bundled(filling: Filling) -> Iterator[LandedAttack]:
    for landed in filling.landed.values():
        if landed.entry.bundle.label is not None:
            places = {
                included.leg: place
                for place, included in enumerate(filling.included)
                if included.bundle is landed.entry and included.leg is not None
            }
            attack = _attack(filling, landed.entry.bundle.label, places, landed)
            if attack is not None:
                yield attack


def _unbundled(filling: Filling) -> Iterator[LandedAttack]:
    places = {
        included.source.id: place
        for place, included in enumerate(filling.included)
        if included.source is not None
    }
    attacks = {
        included.source.attack.id: included.source.attack
        for included in filling.included
        if included.source is not None and included.source.attack is not None
    }
    for attack in attacks.values():
        legs = {index: places[each] for index, each in enumerate(attack.legs) if each in places}
        found = _attack(filling, attack.label, legs, attack)
        if found is not None:
            yield found


def _attack(
    filling: Filling, label: Label, places: Mapping[int, int], origin: Landed | Attack
) -> LandedAttack | None:
    """What landed of an attack; None where that is not what was meant."""
    own = [places[leg] for leg in label.own if leg in places]
    worked = all(filling.included[place].receipt.status for place in own)
    if len(own) < len(label.own) or own != sorted(own) or not worked:
        return None
    first = -1 if isinstance(label, BackrunLabel) else own[0]
    hit = [
        leg
        for leg in label.victims
        if leg in places
        and first < places[leg] < own[-1]
        and filling.included[places[leg]].receipt.status
    ]
    others = _unmeant(filling, label, own, {places.get(leg) for leg in label.victims})
    if label.victims and not hit and not others:
        return None
    kept = {leg: places[leg] for leg in (*label.own, *hit)}
    return LandedAttack(
        id=origin.entry.id if isinstance(origin, Landed) else origin.id,
        label=label,
        agent=filling.included[own[0]].agent,
        legs={leg: filling.included[place] for leg, place in kept.items()},
        positions=kept,
        others={place: filling.included[place] for place in others},
        sent=origin.attempt.eth_sent_to_coinbase if isinstance(origin, Landed) else 0,
    )


def _unmeant(
    filling: Filling, label: Label, own: list[int], meant: Collection[int | None]
) -> list[int]:
    """Places of swaps that a sandwich in the open hit besides: between its legs, the same way."""
    if not isinstance(label, SandwichLabel):
        return []
    between = range(own[0] + 1, own[-1])
    same = [
        place
        for place in between
        if (source := filling.included[place].source) is not None
        and source.market == label.market
        and source.attack is None
        and source.order is not None
        and source.order.token_in == label.token
    ]
    return [
        place for place in same if place not in meant and filling.included[place].receipt.status
    ]

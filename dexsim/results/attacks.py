"""What an attack does to everybody: a block with it, less the same block without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dexsim.chain.types import Address
from dexsim.market.world import NATIVE

if TYPE_CHECKING:  # what writes rows needs none
    from dexsim.results.arm import Arm

BURNT = "burnt"
"""Whose the base fees are, in the rows of effects."""

MINTED = "minted"
"""Whose new tokens are, in the rows of effects."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a block has left.

    moved: what each address got of each token in it, wei, by token and address. minted: what was
    made of each token less what was destroyed, by its own events. native: money at
    its end, by address. others: money of everybody else. burnt: base fees, wei.
    """

    moved: Mapping[tuple[str, Address], int]
    minted: Mapping[str, int]
    native: Mapping[Address, int]
    others: int
    burnt: int


def effects(
    hit: Outcome, spared: Outcome, part_of: Callable[[Address | None], tuple[str, str]]
) -> dict[tuple[str, str, str], int]:
    """By part, agent and token, in wei: what came with the attack, and would not have without.

    Of every token all effects together are zero: with what was minted of it more, below zero, and
    of native money with what was burnt more. part_of: the part in it and the name of who owns an address, of
    strangers where there is None.
    """
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for token, address in {*hit.moved, *spared.moved}:
        key = token, address
        found[*part_of(address), token] += hit.moved.get(key, 0) - spared.moved.get(key, 0)
    for address, wei in hit.native.items():
        found[*part_of(address), NATIVE] += wei - spared.native[address]
    found[*part_of(None), NATIVE] += hit.others - spared.others
    for token in {*hit.minted, *spared.minted}:
        more = hit.minted.get(token, 0) - spared.minted.get(token, 0)
        found[MINTED, MINTED, token] -= more
    found[BURNT, BURNT, NATIVE] += hit.burnt - spared.burnt
    return {key: wei for key, wei in sorted(found.items()) if wei}


def open_effects(arm: Arm) -> list[str]:
    """Attacks whose effects on everybody do not sum to zero, in words."""
    sums: dict[tuple[int, int, str], int] = defaultdict(int)
    for row in arm.rows("effects"):
        sums[row["block"], row["attack"], row["token"]] += int(row["amount"])
    return [
        f"effects of attack {attack} in block {block}: {wei} wei of {token} are nobody's"
        for (block, attack, token), wei in sums.items()
        if wei
    ]

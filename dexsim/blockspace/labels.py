"""Ground truth from the searcher's side: what a bundle, or several transactions, are meant to be.

Indices are of legs; amounts are wei of the token named. Victims
are other people's transactions among them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, kw_only=True)
class SandwichLabel:
    """Two swaps of the searcher's own, in opposite directions, around those of victims."""

    kind: ClassVar[str] = "sandwich"
    market: str
    token: str
    frontrun: int
    victims: tuple[int, ...]
    backrun: int
    expected_profit: int

    @property
    def own(self) -> tuple[int, ...]:
        """Legs of the searcher's own."""
        return self.frontrun, self.backrun

    def part(self, leg: int) -> str:
        """What a leg is: frontrun, victim, backrun or other."""
        named = {self.frontrun: "frontrun", self.backrun: "backrun"}
        return _named(named, leg, self.victims)

    @property
    def markets(self) -> tuple[str, ...]:
        """Where it trades."""
        return (self.market,)


@dataclass(frozen=True, kw_only=True)
class BackrunLabel:
    """A swap behind those of others that takes the price difference which they leave.

    markets: in the order of the cycle; one alone, where the other side of the trade is outside.
    victims: those whose swaps it answers; none, where it answers what stood before the block.
    """

    kind: ClassVar[str] = "backrun"
    markets: tuple[str, ...]
    token: str
    victims: tuple[int, ...]
    backrun: int
    expected_profit: int

    @property
    def own(self) -> tuple[int, ...]:
        """Legs of the searcher's own."""
        return (self.backrun,)

    def part(self, leg: int) -> str:
        """What a leg is: victim, backrun or other."""
        return _named({self.backrun: "backrun"}, leg, self.victims)


@dataclass(frozen=True, kw_only=True)
class JitLabel:
    """Liquidity that is added before others' swaps and taken out behind them."""

    kind: ClassVar[str] = "jit"
    market: str
    token: str
    mint: int
    victims: tuple[int, ...]
    burn: int
    expected_profit: int

    @property
    def own(self) -> tuple[int, ...]:
        """Legs of the searcher's own."""
        return self.mint, self.burn

    def part(self, leg: int) -> str:
        """What a leg is: mint, victim, burn or other."""
        return _named({self.mint: "mint", self.burn: "burn"}, leg, self.victims)

    @property
    def markets(self) -> tuple[str, ...]:
        """Where it provides."""
        return (self.market,)


def _named(own: Mapping[int, str], leg: int, victims: Collection[int]) -> str:
    return own.get(leg, "victim" if leg in victims else "other")


Label: TypeAlias = SandwichLabel | BackrunLabel | JitLabel


@dataclass(frozen=True, kw_only=True)
class Attack:
    """An attack by single transactions, each of which waits by itself.

    legs: numbers of the pending transactions, in the order of the label's indices.
    """

    id: int
    label: Label
    legs: tuple[int, ...]

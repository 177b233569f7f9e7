"""What everybody is due, in exact fractions, and how much of it rounding may have taken."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

PRECISION = 10**36


class Shadow:
    """Stakes, and rewards shared by them second by second.

    due: what each was due since the beginning. paid: what each was paid.
    nobodys: what was emitted while nobody staked, or for stakes that are leaving. leaving: stakes
    that left in an emergency, and earn for nobody until the next count.
    """

    def __init__(self, people: Iterable[str]) -> None:
        self.stakes = dict.fromkeys(people, 0)
        self.due = dict.fromkeys(self.stakes, Fraction(0))
        self.paid = dict.fromkeys(self.stakes, 0)
        self.nobodys = Fraction(0)
        self.leaving = 0
        self._rounded = dict.fromkeys(self.stakes, Fraction(0))
        self._rounded_nobodys = Fraction(0)

    @property
    def total(self) -> int:
        """All stakes."""
        return sum(self.stakes.values())

    def share(self, emitted: int) -> None:
        """Give what was emitted to those who staked meanwhile."""
        total = self.total + self.leaving
        if total == 0:
            self.nobodys += emitted
            return
        self.nobodys += Fraction(emitted * self.leaving, total)
        for who, stake in self.stakes.items():
            self.due[who] += Fraction(emitted * stake, total)

    def counted(self, owner: str) -> None:
        """A checkpoint of `owner`: rounds his sum down, and the integral for everybody."""
        self._rounded_nobodys += Fraction(self.leaving, PRECISION)
        self.leaving = 0
        for who, stake in self.stakes.items():
            self._rounded[who] += Fraction(stake, PRECISION)
        self._rounded[owner] += 1

    def give_up(self, who: str, owed: int) -> None:
        """What `who` is owed, in whole units, and his stake's are nobody's."""
        self.nobodys += owed
        self.due[who] = Fraction(self.paid[who])
        self._rounded[who] = Fraction(0)
        self.leaving += self.stakes[who]
        self.stakes[who] = 0

    def least_nobodys(self) -> Fraction:
        """A bound that what nobody earned must be more than, told in whole units."""
        return self.nobodys - self._rounded_nobodys - 1 - Fraction(self.leaving, PRECISION)

    def least(self, who: str) -> Fraction:
        """A bound that `who` must have got more than, a read now being one more checkpoint."""
        return self.due[who] - self._rounded[who] - 1 - Fraction(self.stakes[who], PRECISION)

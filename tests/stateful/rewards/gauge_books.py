"""What a gauge owes, counted eagerly for everybody and in whole numbers: 10**36 parts make a unit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

UNIT = 10**36


@dataclass
class Book:
    """One reward. released: units since the beginning, or since the running period's."""

    released: int = 0
    counted: int = 0
    nobodys: int = 0
    owed: Counter[str] = field(default_factory=Counter)
    claimed: Counter[str] = field(default_factory=Counter)
    # Of a stream: what was ever sent, and its period.
    funded: int = 0
    rate: int = 0
    begin: int = 0
    finish: int = 0

    def copy(self) -> Book:
        """The same, to be counted further."""
        changed = {"owed": Counter(self.owed), "claimed": Counter(self.claimed)}
        return Book(**(vars(self) | changed))

    def streamed(self, now: int) -> int:
        """What the period has released by now."""
        return self.rate * (min(now, self.finish) - self.begin)

    def share(self, stakes: Counter[str], gone: int) -> None:
        """Count up to what is released: a unit at least, and the rest of a division waits."""
        fresh = self.released * UNIT - self.counted
        if fresh < UNIT:
            return
        total = sum(stakes.values()) + gone
        if total == 0:
            self.nobodys += fresh
            self.counted += fresh
            return
        each = fresh // total
        for who, stake in stakes.items():
            self.owed[who] += each * stake
        self.nobodys += each * gone
        self.counted += each * total

    def keep(self, who: str, stake: int) -> None:
        """His fraction of a unit becomes a whole number of parts for each of `stake`."""
        fraction = self.owed[who] % UNIT
        lost = fraction % stake if stake else fraction
        self.owed[who] -= lost
        if lost > self.counted:
            self.nobodys += lost  # a period that has just begun has not counted so much
        else:
            self.counted -= lost

    def give_up(self, who: str) -> None:
        """What he is owed is nobody's."""
        self.nobodys += self.owed.pop(who, 0)

    def claim(self, who: str) -> int:
        """He is paid whole units."""
        paid = self.owed[who] // UNIT
        self.owed[who] -= paid * UNIT
        self.claimed[who] += paid
        return paid

    def spare(self) -> int:
        """What is nobody's, or waits."""
        return self.nobodys + self.released * UNIT - self.counted

    def begin_period(self, arrived: int, now: int, duration: int) -> None:
        """A period with what arrived, what is left, and what is nobody's."""
        left = self.rate * max(0, self.finish - now)
        amount, self.nobodys = arrived + left + self.spare() // UNIT, self.spare() % UNIT
        self.rate, rest = divmod(amount, duration)
        self.nobodys += rest * UNIT
        self.funded += arrived
        self.begin, self.finish = now, now + duration
        self.released = self.counted = 0

    def emitted(self, now: int) -> int:
        """What there was to earn: of a stream, all that was sent but what is left of it."""
        if self.finish:
            return self.funded - self.rate * max(0, self.finish - now)
        return self.released

"""Rules that go somewhere and come back, alone and at one moment: nobody gains by it."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import rule

from dexsim.conformance.amm.acting import apart, gains
from dexsim.conformance.amm.books import Pair
from dexsim.conformance.amm.liquidity import EVEN, LiquidityRules, tilts
from dexsim.conformance.amm.sizes import (
    amounts,
    comparable,
    dust,
    people,
    pinches,
    sides,
    times,
)
from dexsim.conformance.history import refused
from dexsim.conformance.keeping import keeps


class TripRules(LiquidityRules):
    """There and back."""

    watches: ClassVar[tuple[str, ...]] = ("A02", "A04")

    @rule(who=people, side=sides, amount=amounts, there=times, back=times)
    @refused()
    @keeps("A02")
    def there_and_back(self, who: str, side: int, amount: int, there: int, back: int) -> bool:
        """Sell in some steps, and sell what came of it in some others."""
        amount = min(comparable(amount, self.reserves()[side]), self.wealth(who)[side] // 2)
        with self.moment(aside=True):
            had = self.wealth(who)
            self._sell(who, side, max(amount, there), there)
            self._sell(who, 1 - side, apart(self.wealth(who), had)[1 - side], back)
            self._gained_nothing("A02", who, had)
        return True

    @rule(who=people, side=sides, amount=dust, often=st.integers(2, 8))
    @refused()
    @keeps("A04")
    def nibble(self, who: str, side: int, amount: int, often: int) -> bool:
        """Sell a few units again and again, and sell at once what came of it."""
        with self.moment(aside=True):
            had = self.wealth(who)
            self._sell(who, side, amount * often, often)
            self._square(who, had)
            self._gained_nothing("A04", who, had)
        return True

    @rule(who=people, pinch=pinches, tilt=tilts, pieces=times, part=st.integers(0, 2))
    @refused()
    @keeps("A02")
    def in_and_out(self, who: str, pinch: int, tilt: int, pieces: int, part: int) -> bool:
        """Add in some pieces, remove what came of it: at once, in two parts, or in three."""
        with self.moment(aside=True):
            had, shares = self.wealth(who), self.shares(who)
            for _ in range(pieces):
                self.adds(who, max(pinch // pieces, 1), tilt)
            gained = self.shares(who) - shares
            for number in range(part + 1):
                self._removes_gained(who, gained * number // (part + 1), gained, shares)
            self._removes_gained(who, gained, gained, shares)
            self._square(who, had)
            self._gained_nothing("A02", who, had)
        return True

    def _removes_gained(self, who: str, upto: int, gained: int, had: int) -> None:
        gone = had + gained - self.shares(who)
        if upto > gone:
            self.remove_tx(who, upto - gone)

    @rule(who=people, pinch=pinches, side=sides, amount=amounts, swaps_first=st.booleans())
    @refused()
    @keeps("A02")
    def add_swap_remove(
        self, who: str, pinch: int, side: int, amount: int, swaps_first: bool
    ) -> bool:
        """Add, swap, remove, swap back; or swap, add, swap back, remove."""
        with self.moment(aside=True):
            had, shares = self.wealth(who), self.shares(who)
            amount = min(comparable(amount, self.reserves()[side]), had[side] // 4)
            if swaps_first:
                self.swap_tx(who, side, amount, 0)
            self.adds(who, pinch, EVEN)
            if not swaps_first:
                self.swap_tx(who, side, amount, 0)
            gained = self.shares(who) - shares
            if gained > 0:
                self.remove_tx(who, gained)
            self._square(who, had)
            self._gained_nothing("A02", who, had)
        return True

    def _sell(self, who: str, side: int, amount: int, steps: int) -> None:
        for number in range(steps):
            part = amount * (number + 1) // steps - amount * number // steps
            if part > 0:
                self.swap_tx(who, side, part, 0)

    def _square(self, who: str, had: Pair) -> None:
        """Sell what is too much of one token, unless it is too much of both."""
        more = apart(self.wealth(who), had)
        if min(more) < 0 < max(more):
            self._sell(who, more.index(max(more)), max(more), 1)

    def _gained_nothing(self, id_: str, who: str, had: Pair) -> None:
        more = apart(self.wealth(who), had)
        told = f"{who} gains nothing; he has {self.amounts(more)} more"
        self.promise(id_, not gains(more), told)

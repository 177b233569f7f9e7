"""Rules that add and remove, and leaving."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import rule

from dexsim.conformance.amm.acting import address, apart, gains, together
from dexsim.conformance.amm.books import Pair
from dexsim.conformance.amm.sizes import (
    PEOPLE,
    people,
    pinches,
    shares_of_a_thousand,
    times,
)
from dexsim.conformance.amm.statements import DUST
from dexsim.conformance.amm.swaps import SwapRules
from dexsim.conformance.history import aimed, refused
from dexsim.conformance.keeping import keeps

EVEN, MORE_BASE, MORE_QUOTE, ONLY_BASE, ONLY_QUOTE = range(5)
tilts = st.integers(EVEN, ONLY_QUOTE)
orders = st.permutations(PEOPLE).map(tuple)
Slack = tuple[int | None, int | None]


class LiquidityRules(SwapRules):
    """Adding, removing, leaving."""

    watches: ClassVar[tuple[str, ...]] = ("A03", "A04", "A06")

    @rule(who=people, pinch=pinches, tilt=tilts)
    @aimed()
    @keeps("A06")
    def add(self, who: str, pinch: int, tilt: int) -> bool:
        """Somebody adds so many 2**20ths of the reserves, or of one of them more."""
        before, slack = self.parts(), self._slack()
        with self.moment():
            accepted = self.adds(who, pinch, tilt)
        self.reserves()
        self._nobody_else_is_poorer(who, before, slack)
        return accepted

    def adds(self, who: str, pinch: int, tilt: int) -> bool:
        """The first of some offers that is accepted."""
        for offered in self._offers(who, pinch, tilt):
            moves = self.add_tx(who, offered)
            if moves is not None:
                over = max(apart((0, 0), together(moves.of(address(who)), offered)))
                self.promise("A06", over <= 0, f"{who} pays no more than {self.amounts(offered)}")
                return True
        return False

    def _offers(self, who: str, pinch: int, tilt: int) -> Iterator[Pair]:
        reserves, wealth = self.reserves(), self.wealth(who)
        for much, leaning in (
            (pinch, tilt),
            (pinch, EVEN),
            (max(pinch, 2**16), EVEN),
            (2**20, EVEN),
        ):
            base, quote = (have * much // 2**20 + 1 for have in reserves)
            base *= {MORE_BASE: 3, ONLY_QUOTE: 0}.get(leaning, 1)
            quote *= {MORE_QUOTE: 3, ONLY_BASE: 0}.get(leaning, 1)
            yield min(base, wealth[0]), min(quote, wealth[1])
        yield min(2**40, wealth[0]), min(2**40, wealth[1])

    @rule(who=people, part=shares_of_a_thousand)
    @aimed()
    @keeps("A04", "A06")
    def remove(self, who: str, part: int) -> bool:
        """A holder removes so many thousandths of his shares, or all where that is refused."""
        holder = self.holder(who)
        if holder is None:
            return True
        before, slack, had = self.parts(), self._slack(), self.shares(holder)
        with self.moment():
            accepted = any(
                self._removes(holder, shares, had) for shares in (had * part // 1000, had) if shares
            )
        self.reserves()
        self._nobody_else_is_poorer(holder, before, slack)
        return accepted

    def _removes(self, who: str, shares: int, had: int) -> bool:
        due = self.due(shares)
        moves = self.remove_tx(who, shares)
        if moves is None:
            return False
        left = self.shares(who)
        self.promise(
            "A06", left == had - shares, f"{who} has {had - shares} shares left; he has {left}"
        )
        self._no_more_than_due(who, shares, due, moves.of(address(who)))
        return True

    def _no_more_than_due(self, who: str, shares: int, due: Pair, got: Pair) -> None:
        told = f"{who} gets at most {self.amounts(due)} for {shares} shares"
        self.promise("A04", not gains(apart(got, due)), f"{told}; he got {self.amounts(got)}")

    @rule(who=people, part=shares_of_a_thousand, pieces=st.integers(2, 5))
    @refused()
    @keeps("A04")
    def remove_in_pieces(self, who: str, part: int, pieces: int) -> bool:
        """A holder who removes so many thousandths piece by piece."""
        holder = self.holder(who)
        if holder is None:
            return False
        with self.moment(aside=True):
            shares = max(self.shares(holder) * part // 1000, 1)
            due, had = self.due(shares), self.wealth(holder)
            for number in range(pieces):
                piece = shares * (number + 1) // pieces - shares * number // pieces
                if piece:
                    self.remove_tx(holder, piece)
            self._no_more_than_due(holder, shares, due, apart(self.wealth(holder), had))
        return True

    @rule(who=people, more=times)
    @refused()
    @keeps("A06")
    def remove_more_than_one_has(self, who: str, more: int) -> bool:
        """Somebody who removes more than he has, from nothing up."""
        with self.moment(aside=True):
            others = sum(self.shares(each) for each in PEOPLE if each != who)
            own = self.shares(who)
            for shares in {own + 1, own + max(others * more // 5, 1)}:
                told = f"{who}, who has {own} shares, cannot remove {shares}; he did"
                self.promise("A06", self.remove_tx(who, shares) is None, told)
        return True

    @rule(order=orders)
    @refused()
    def leave(self, order: tuple[str, ...]) -> bool:
        """What if all holders left, one after another."""
        with self.moment(aside=True):
            self.all_leave("A03", order)
        return True

    @keeps("A03", "A05")
    def all_leave(self, id_: str, order: Sequence[str]) -> None:
        """Everybody removes all his shares; who cannot breaks this promise."""
        for who in order:
            shares = self.shares(who)
            if not shares:
                continue
            reserves, all_shares = self.reserves(), max(self.all_shares(), shares)
            part = [reserve * shares // all_shares for reserve in reserves]
            moves = self.remove_tx(who, shares)
            got = moves.of(address(who)) if moves else (0, 0)
            leaves = min(part) < DUST or (min(got) >= 0 and max(got) > 0)
            told = f"{who} can remove all his {shares} shares and gets something for them"
            self.promise(id_, leaves, f"{told}; {'he got nothing' if moves else 'he was refused'}")

    def holder(self, who: str) -> str | None:
        """That one, or the next who has shares."""
        turn = PEOPLE.index(who)
        return next((p for p in PEOPLE[turn:] + PEOPLE[:turn] if self.shares(p)), None)

    def _slack(self) -> Slack:
        """How much of each token rounding can hide: one unit, and what two of the other are worth."""
        base, quote = self.quoted(1, 2), self.quoted(0, 2)
        return (None if base is None else base + 1), (None if quote is None else quote + 1)

    def _nobody_else_is_poorer(
        self, who: str, before: dict[str, Pair | None], slack: Slack
    ) -> None:
        after, now = self.parts(), None
        for holder, had in before.items():
            has = after.get(holder)
            if holder == who or had is None or has is None:
                continue
            fallen = apart(had, has)
            if max(fallen) > 0 and min(fallen) >= 0:  # only then does it matter how much
                now = now or self._slack()
                fallen = _beyond(fallen, slack, now)
            told = f"{holder}, who could get {self.amounts(had)}, can still when {who} is done"
            poorer = max(fallen) > 0 and min(fallen) >= 0
            self.promise("A06", not poorer, f"{told}; it is {self.amounts(has)}")


def _beyond(fallen: Pair, *slacks: Slack) -> Pair:
    """What of a fall rounding cannot explain; nothing where the pool did not say what units are worth."""
    base, quote = (
        0 if None in allowed else max(fall - max(each or 0 for each in allowed), 0)
        for fall, allowed in zip(fallen, zip(*slacks, strict=True), strict=True)
    )
    return base, quote

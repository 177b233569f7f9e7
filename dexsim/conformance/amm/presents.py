"""Rules that give tokens to the pool: to a filled one, and to one with a first deposit alone."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import rule

from dexsim.conformance.amm.acting import address, apart, gains
from dexsim.conformance.amm.books import Pair
from dexsim.conformance.amm.liquidity import Slack, orders
from dexsim.conformance.amm.sizes import amounts, gifts, of_every_size, people, sides
from dexsim.conformance.amm.trips import TripRules
from dexsim.conformance.history import refused
from dexsim.conformance.keeping import keeps

_BASE, _QUOTE = 1, 2
which = st.integers(_BASE, _BASE | _QUOTE)
"""Base, quote, or both."""


class AmmMachine(TripRules):
    """All rules."""

    watches: ClassVar[tuple[str, ...]] = ("A05",)

    @rule(who=people, gift=gifts, given=which, trader=people, amount=amounts, order=orders)
    @refused()
    @keeps("A05")
    def present(
        self, who: str, gift: int, given: int, trader: str, amount: int, order: tuple[str, ...]
    ) -> bool:
        """What if somebody gave the pool a present: parts, then swaps, then everybody leaves."""
        before = self.parts()
        with self.moment(aside=True):
            self._give(who, gift, given)
            if any(before.values()):
                self._nobody_lost(before)
            for side in (0, 1):
                self.swap_at_quote("A05", trader, side, amount)
            self.all_leave("A05", order)
        return True

    def _give(self, who: str, gift: int, given: int) -> None:
        for side, bit in enumerate((_BASE, _QUOTE)):
            if given & bit:
                self.give_tx(who, side, min(gift, self.wealth(who)[side] // 4))

    def _nobody_lost(self, before: dict[str, Pair | None]) -> None:
        for holder, had in before.items():
            has = self._part_inside(holder)
            if had is None or has is None:
                continue
            told = f"{holder} can get {self.amounts(had)} after a present as before"
            self.promise("A05", not gains(apart(had, has)), f"{told}; it is {self.amounts(has)}")

    def _part_inside(self, who: str) -> Pair | None:
        """A holder's part in the middle of an open block, which goes on as if nothing had happened."""
        engine, books, told = self.stage.chain.engine, self.books.copy(), len(self.story)
        mark = engine.snapshot()
        try:
            moves = self.remove_tx(who, self.shares(who))
            return moves.of(address(who)) if moves else None
        finally:
            engine.restore(mark)
            engine.release(mark)
            self.books = books
            del self.story[told:]

    @rule(
        world=st.integers(0, 2),
        first=st.tuples(of_every_size(1, 40), of_every_size(1, 40)),
        gift=of_every_size(1, 96),
        given=which,
        percent=st.sampled_from([1, 50, 99, 150, 199, 1000]),
        side=sides,
        victim_leaves_first=st.booleans(),
    )
    @refused()
    @keeps("A05")
    def first_depositor(
        self,
        world: int,
        first: Pair,
        gift: int,
        given: int,
        percent: int,
        side: int,
        victim_leaves_first: bool,
    ) -> bool:
        """In an empty pool bob adds and gives, alice adds so many percent of the gift, both leave."""
        history = self.stage, self.books, self._parts
        try:
            self.enter(min(world, len(self.subject.decimals) - 1), spare=True)
            with self.moment(aside=True):
                return self._attack(first, gift, given, percent, side, victim_leaves_first)
        finally:
            self.stage, self.books, self._parts = history

    def _attack(
        self, first: Pair, gift: int, given: int, percent: int, side: int, victim_first: bool
    ) -> bool:
        rich = {who: self.wealth(who) for who in ("alice", "bob")}
        more = (max(first[0], 2**11), max(first[1], 2**11))
        if not any(self.add_tx("bob", offered) for offered in (first, more)):
            return False
        self._give("bob", gift, given)
        deposit, hidden = self._victim(gift * percent // 100 + 1, side), self._slack()
        if self.add_tx("alice", deposit) is None:
            return False
        put = apart(rich["alice"], self.wealth("alice"))
        for who in ("alice", "bob") if victim_first else ("bob", "alice"):
            if self.shares(who):
                self.remove_tx(who, self.shares(who))
        won = {who: apart(self.wealth(who), had) for who, had in rich.items()}
        self._nobody_was_robbed(won["bob"], won["alice"], put, hidden)
        return True

    def _victim(self, amount: int, side: int) -> Pair:
        """So much of one token, and of the other in proportion to the reserves that there are."""
        reserves, wealth = self.reserves(), self.wealth("alice")
        other = amount * reserves[1 - side] // max(reserves[side], 1) + 1
        base, quote = (amount, other) if side == 0 else (other, amount)
        return min(base, wealth[0]), min(quote, wealth[1])

    def _nobody_was_robbed(self, won: Pair, victim: Pair, put: Pair, hidden: Slack) -> None:
        told = (
            f"bob, the first, gains no more than fees, 1 % of the {self.amounts(put)} that alice "
            f"put in; he has {self.amounts(won)} more"
        )
        fees = put[0] // 100, put[1] // 100
        self.promise("A05", not gains(apart(won, fees)), told)
        for side in (0, 1):
            rounding = hidden[side]
            if rounding is None:
                continue
            bearable = max(-won[side], 0) + put[side] // 100 + 1 + rounding
            robbed = -victim[side] > bearable and victim[1 - side] <= 0
            self.promise(
                "A05",
                not robbed,
                f"alice, who put in {self.amounts(put)} after a first deposit and a present, gets "
                f"it back but for 1 % and what it cost bob; she has {self.amounts(victim)} more, "
                f"bob {self.amounts(won)}",
            )

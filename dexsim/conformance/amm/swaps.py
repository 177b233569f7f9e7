"""Rules that swap, and what is refused to those who swap."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from dexsim.chain.accounts import Account
from dexsim.conformance.amm.acting import Acting, address
from dexsim.conformance.amm.books import Pair
from dexsim.conformance.amm.sizes import (
    PEOPLE,
    amounts,
    comparable,
    deposits,
    people,
    sides,
)
from dexsim.conformance.history import aimed, refused, step
from dexsim.conformance.keeping import keeps


class SwapRules(Acting):
    """A first deposit, time, and swaps."""

    watches: ClassVar[tuple[str, ...]] = ("A01", "A06", "A07")

    @initialize(
        world=st.integers(0, 2),
        base=deposits,
        quote=deposits,
        near=st.one_of(st.none(), st.integers(0, 20)),
    )
    @step
    def fill(self, world: int, base: int, quote: int, near: int | None) -> None:
        """The first deposit is alice's: these amounts, or bigger ones where those are refused.

        near: so many units more of quote than of base; where rounding counts, it then counts in both.
        """
        quote = quote if near is None else base + near
        self.enter(min(world, len(self.subject.decimals) - 1))
        tokens = self.stage.tokens
        even = [1000 * 10**token.decimals for token in tokens]
        tries = ((base, quote), (max(base, 2**20), max(quote, 2**20)), (even[0], even[1]))
        with self.moment():
            filled = any(self.add_tx("alice", offered) for offered in tries)
        self.promise("A03", filled, f"some first deposit; refused are {tries} units")
        self.reserves()

    @rule(seconds=st.sampled_from([1, 12, 3600, 86_400, 30_000_000]))
    @step
    def wait(self, seconds: int) -> None:
        """Time passes."""
        chain = self.stage.chain
        chain.mine(time_ms=chain.time_ms + 1000 * seconds)
        self.tell(f"{seconds} seconds pass")
        self._parts = None

    @rule(who=people, side=sides, amount=amounts)
    @aimed()
    @keeps("A04")
    def swap(self, who: str, side: int, amount: int) -> bool:
        """Somebody sells, at the exact quote."""
        before = self.parts()
        with self.moment():
            accepted = self.swap_at_quote("A01", who, side, amount)
        self.reserves()
        after = self.parts()
        token = self.stage.tokens[side]
        for holder, had in before.items():
            has = after.get(holder)
            if had is not None and has is not None and holder != who:
                told = f"{self.show(token, had[side])} for {holder}; it is now"
                self.promise(
                    "A04",
                    has[side] >= had[side],
                    f"when {who} sells {token}, at least as much of it as before, {told} "
                    f"{self.show(token, has[side])}",
                )
        return accepted

    @keeps("A01", "A05")
    def swap_at_quote(self, id_: str, who: str, side: int, amount: int) -> bool:
        """A swap at its quote, after one at a unit more; what is wrong then breaks this promise."""
        found = self._acceptable(who, side, amount)
        if found is None:
            return False
        amount, quote = found
        other = self.stage.tokens[1 - side]
        due = f"{who} gets the quote, {self.show(other, quote)}, for "
        due += self.show(self.stage.tokens[side], amount)
        beyond = self.swap_tx(who, side, amount, quote + 1)
        self.promise(id_, beyond is None, f"{due}; a limit of one unit more was accepted")
        if beyond is not None:
            return True
        moves = self.swap_tx(who, side, amount, quote)
        self.promise(id_, moves is not None, f"{due}, and is not refused")
        if moves is not None:
            wanted = (-amount, quote) if side == 0 else (quote, -amount)
            got = moves.of(address(who))
            self.promise(id_, got == wanted, f"{due}; moved were {self.amounts(got)}")
        return moves is not None

    def _acceptable(self, who: str, side: int, amount: int) -> Pair | None:
        """An amount that the pool gives something for, near this one if possible, and its quote."""
        reserves = self.reserves()
        first = comparable(amount, reserves[side])
        worth = reserves[side] * reserves[1 - side] // max(sum(reserves), 1)
        for tried in (
            first,
            first >> 3,
            worth // 4,
            reserves[side] // 50,
            reserves[1 - side] // 50,
        ):
            chosen = min(tried, self.wealth(who)[side])
            if chosen > 0 and (quote := self.quoted(side, chosen)):
                return chosen, quote
        return None

    @rule(who=people, side=sides, amount=amounts)
    @refused()
    @keeps("A01")
    def sell_more_than_one_has(self, who: str, side: int, amount: int) -> bool:
        """Somebody who has one unit less than he wants to sell."""
        token, rich = self.stage.tokens[side], PEOPLE[PEOPLE.index(who) - 1]
        with self.moment(aside=True):
            found = self._acceptable(who, side, amount)
            if found is None:
                return False
            away = self.wealth(who)[side] - found[0] + 1
            tx = token.transfer(Account.named(who), to=Account.named(rich), amount=away)
            self.books.enter(self.stage.chain.send(tx))
            self.tell(f"  {who} has {self.show(token, found[0] - 1)}")
            moves = self.swap_tx(who, side, found[0], 0)
            self.promise(
                "A01", moves is None, f"{who} cannot sell {self.show(token, found[0])}, but did"
            )
        return True

    @rule(who=people, side=sides)
    @refused()
    @keeps("A04")
    def sell_nothing(self, who: str, side: int) -> bool:
        """Somebody who sells nothing."""
        with self.moment(aside=True):
            quote = self.quoted(side, 0)
            self.promise("A04", not quote, f"nothing for nothing; the quote is {quote} units")
            moves = self.swap_tx(who, side, 0, 0)
            got = moves.of(address(who)) if moves else (0, 0)
            self.promise("A04", max(got) <= 0, f"nothing for nothing; {who} got {got} units")
        return True

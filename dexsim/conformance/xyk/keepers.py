"""The fourth rung: the protocol fee on and off, gifts, skim and sync, shares that move, time that jumps."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import rule

from dexsim.conformance.history import aimed, refused, step
from dexsim.conformance.keeping import expect
from dexsim.conformance.xyk.machine import amounts, people, sides
from dexsim.conformance.xyk.model import UINT32, UINT112
from dexsim.conformance.xyk.removes import RemoveMachine
from dexsim.conformance.xyk.stage import PEOPLE, POOL, SETTER, TREASURY
from dexsim.conformance.xyk.state import ZERO
from dexsim.conformance.xyk.swaps import on_side

spans = st.one_of(
    st.integers(1, 10**7), st.sampled_from([UINT32 // 2, UINT32 - 1, UINT32, UINT32 + 7])
)
takers = st.sampled_from((*PEOPLE, ZERO, POOL))


class KeeperMachine(RemoveMachine):
    """Everything that people do to a pool without borrowing from it."""

    protocol_fee = True
    told_as = "protocol fee, gifts, time"
    watches: ClassVar[tuple[str, ...]] = ("P12", "P13", "P14", "P15", "P18", "P21")

    @rule(who=people, on=st.booleans())
    @aimed("P15")
    def switch_the_protocol_fee(self, who: str, on: bool) -> bool:
        """The setter names a receiver, or nobody; somebody else cannot."""
        self.refuses("P15", "factory: forbidden", "set_fee_to", who, who)
        self.also_refused("protocol fee: a stranger")
        return self.do("P15", "set_fee_to", SETTER, TREASURY if on else ZERO)

    @rule(seconds=spans)
    @step
    def wait(self, seconds: int) -> None:
        """Time passes, also around the end of 32 bits."""
        self.wait_for(seconds)

    @rule(who=people, to=people)
    @aimed("P18")
    def skim(self, who: str, to: str) -> bool:
        """Somebody takes what was left in the pool."""
        return self.do("P18", "skim", who, POOL, to)

    @rule(who=people)
    @aimed("P18")
    def sync(self, who: str) -> bool:
        """Somebody makes reserves of what was left in the pool."""
        return self.do("P18", "sync", who, POOL)

    @rule(who=people, side=sides, amount=amounts)
    @aimed("P01")
    def donate(self, who: str, side: int, amount: int) -> bool:
        """Tokens for the pool, without a call to it."""
        reserve = self.model.pools[POOL].reserves[side]
        room = min(self.room(side) // 8, self.wealth(who, side), reserve)
        if room < 1:
            return False
        self.pay(who, on_side(1 + amount % room, side))
        return True

    @rule(who=people, to=takers, amount=amounts)
    @aimed("P09")
    def hand_shares_over(self, who: str, to: str, amount: int) -> bool:
        """Shares to somebody else, to nobody, or to the pool, where the next burn takes them."""
        holder = self.holder(who)
        if holder is None:
            return False
        shares = self.model.pools[POOL].shares[holder]
        reason = "pool: insufficient balance"
        self.refuses("P09", reason, "give_shares", holder, POOL, to, shares + amount)
        self.also_refused("hand over: more than there is")
        reason = "pool: insufficient allowance"
        self.refuses("P09", reason, "take_shares", TREASURY, POOL, holder, to, 1)
        self.also_refused("hand over: somebody else's")
        self.do("P09", "give_shares", holder, POOL, holder, shares)
        part = shares if to in PEOPLE else -(-shares // 8)
        return self.do("P09", "give_shares", holder, POOL, to, 1 + amount % part)

    @rule(who=people, seconds=spans)
    @aimed("P14")
    def a_second_call_in_one_second_adds_nothing(self, who: str, seconds: int) -> bool:
        """The sums of prices move with the first, whatever the second is."""
        with self.aside():
            self.wait_for(seconds)
            self.do("P13", "sync", who, POOL)
            sums = self.stage.seen().pools[POOL].sums
            self.do("P14", "sync", who, POOL)
            again = self.stage.seen().pools[POOL].sums
            expect(again == sums, f"P14: sums of prices of {sums} still, they are {again}")
        return True

    @rule(who=people, side=sides, amount=amounts)
    @aimed("P21")
    def a_gift_takes_from_nobody(self, who: str, side: int, amount: int) -> bool:
        """After a gift and a sync, every holder's part is worth at least as much of both tokens.

        Before the protocol's share, which a gift of one token raises like any growth of k.
        """
        room = min(self.room(side), self.wealth(who, side))
        if room < 1:
            return False
        with self.aside():
            before = self._parts()
            self.pay(who, on_side(1 + amount % room, side))
            self.do("P21", "sync", who, POOL)
            for holder, parts in self._parts().items():
                kept = all(now >= then for now, then in zip(parts, before[holder], strict=True))
                expect(kept, f"P21: at least {before[holder]} for {holder}, not {parts}")
        return True

    def _parts(self) -> dict[str, list[int]]:
        state = self.stage.seen()
        pool = state.pools[POOL]
        return {
            holder: [shares * held // pool.supply for held in state.balances(pool)]
            for holder, shares in pool.shares.items()
        }

    @rule(who=people, side=sides)
    @refused("P12")
    def an_overfull_pool_refuses_until_it_is_skimmed(self, who: str, side: int) -> bool:
        """One unit above 112 bits."""
        if self.wealth(who, side) < UINT112:
            return False
        out = on_side(1, 1 - side)
        with self.aside():
            self.pay(who, on_side(self.room(side), side))
            self.do("P12", "sync", who, POOL)
            self.pay(who, on_side(1, side))
            self.refuses("P12", "pool: overflow", "sync", who, POOL)
            self.pay(who, on_side(min(UINT112, self.wealth(who, side)), side))
            if self.model.most_out(POOL, 1 - side) > 0:
                self.refuses("P12", "pool: overflow", "swap", who, POOL, *out, who)
            self.do("P12", "skim", who, POOL, who)
            self.do("P12", "sync", who, POOL)
        return True

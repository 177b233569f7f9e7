"""The third rung: people take liquidity out again."""

from __future__ import annotations

from typing import ClassVar

from hypothesis.stateful import rule

from dexsim.conformance.history import aimed
from dexsim.conformance.keeping import expect
from dexsim.conformance.xyk.adds import AddMachine
from dexsim.conformance.xyk.machine import amounts, people
from dexsim.conformance.xyk.stage import POOL


class RemoveMachine(AddMachine):
    """Swap, add and remove."""

    told_as = "liquidity removed"
    watches: ClassVar[tuple[str, ...]] = ("P05", "P20")

    def liquidity_for(self, who: str, amount: int, pool: str = POOL) -> int:
        """Some of somebody's shares that pay at least one unit of both tokens; 0 where none do."""
        supply = self.model.pools[pool].supply + self.model.pending_share(pool)
        least = max(-(-supply // held) for held in self.model.balances(pool))
        has = self.model.pools[pool].shares.get(who, 0)
        return least + amount % (has - least + 1) if has >= least else 0

    @rule(who=people, amount=amounts, to=people)
    @aimed("P20")
    def remove(self, who: str, amount: int, to: str) -> bool:
        """A holder burns some shares."""
        holder = self.holder(who)
        liquidity = self.liquidity_for(holder, amount) if holder else 0
        if holder is None or liquidity == 0:
            return False
        self.no_shares_pay_nothing(who)
        self.do("P09", "give_shares", holder, POOL, POOL, liquidity)
        return self.do("P20", "burn", who, POOL, to)

    def no_shares_pay_nothing(self, who: str) -> None:
        """A burn while the pool holds none of its own shares."""
        if self.model.pools[POOL].shares.get(POOL, 0) == 0:
            self.refuses("P20", "pool: insufficient liquidity burned", "burn", who, POOL, who)
            self.also_refused("remove: no shares")

    @rule(who=people, amount=amounts)
    @aimed("P05")
    def in_and_out_gains_nothing(self, who: str, amount: int) -> bool:
        """Add, and remove what it gave: never more of either token than was put in."""
        with self.aside():
            self.do("P18", "skim", "bob", POOL, "treasury")
            if self.model.pools[POOL].shares.get(POOL, 0) > 0:
                self.do("P20", "burn", "bob", POOL, "treasury")
            had = [self.wealth(who, side) for side in (0, 1)]
            deposit = self.deposit_for(who, amount)
            if deposit is None or self.model.pools[POOL].shares.get(POOL, 0) > 0:
                return False
            self.pay(who, deposit)
            before = self.model.pools[POOL].shares.get(who, 0)
            if not self.do("P20", "mint", who, POOL, who):
                return False
            got = self.model.pools[POOL].shares[who] - before
            self.do("P09", "give_shares", who, POOL, POOL, got)
            self.do("P05", "burn", who, POOL, who)
            has = [self.wealth(who, side) for side in (0, 1)]
            expect(has[0] <= had[0] and has[1] <= had[1], f"P05: no more than {had}, not {has}")
        return True

"""The first rung: swaps alone, in both directions, each for the most that the pool pays."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import rule

from dexsim.conformance.history import aimed, refused
from dexsim.conformance.keeping import expect
from dexsim.conformance.xyk.machine import VenueMachine, amounts, people, sides
from dexsim.conformance.xyk.stage import POOL
from dexsim.conformance.xyk.state import Pair


def on_side(amount: int, side: int) -> Pair:
    """An amount of one token and none of the other."""
    return (0, amount) if side else (amount, 0)


class SwapMachine(VenueMachine):
    """Swap only."""

    told_as = "swaps"
    watches: ClassVar[tuple[str, ...]] = (
        "P01",
        "P02",
        "P03",
        "P04",
        "P05",
        "P07",
        "P08",
        "P09",
        "P10",
        "P11",
        "P12",
        "P13",
        "P14",
        "P16",
        "P19",
        "P27",
        "P28",
    )

    def input_for(self, who: str, side: int, amount: int) -> int:
        """An input near `amount` that buys at least one unit and fits; 0 where there is none."""
        reserves = self.model.pools[POOL].reserves
        if reserves[1 - side] < 2:
            return 0
        divisor = (reserves[1 - side] - 1) * self.other_fee()
        least = reserves[side] * self.model.base // divisor + 1
        most = min(self.wealth(who, side), self.room(side), least + 2 * reserves[side])
        return least + amount % (most - least + 1) if most >= least else 0

    def swap_all(self, who: str, side: int, paid: int, to: str) -> bool:
        """Pay, and take the most there is for it."""
        self.pay(who, on_side(paid, side))
        out = self.model.most_out(POOL, 1 - side)
        return out > 0 and self.do("P02", "swap", who, POOL, *on_side(out, 1 - side), to)

    @rule(who=people, side=sides, amount=amounts, to=people)
    @aimed("P02")
    def swap(self, who: str, side: int, amount: int, to: str) -> bool:
        """Somebody pays one token and takes the most of the other."""
        paid = self.input_for(who, side, amount)
        return paid > 0 and self.swap_all(who, side, paid, to)

    @rule(who=people, side=sides, amount=amounts)
    @refused("P07")
    def one_wei_more_is_refused(self, who: str, side: int, amount: int) -> bool:
        """The output after the most that there is."""
        paid = self.input_for(who, side, amount)
        with self.aside():
            self.pay(who, on_side(paid, side))
            out = self.model.most_out(POOL, 1 - side) + 1
            if paid == 0 or out >= self.model.pools[POOL].reserves[1 - side]:
                return False
            self.refuses("P07", "pool: k", "swap", who, POOL, *on_side(out, 1 - side), who)
        return True

    @rule(who=people, side=sides, amount=amounts)
    @refused("P02")
    def unpaid_swaps_are_refused(self, who: str, side: int, amount: int) -> bool:
        """Nothing is given for nothing, neither nothing for something, nor the whole reserve."""
        reserve = self.model.pools[POOL].reserves[side]
        with self.aside():
            self.refuses("P02", "pool: insufficient output", "swap", who, POOL, 0, 0, who)
            for out in (reserve, reserve + amount):
                outs = on_side(out, side)
                self.refuses("P02", "pool: insufficient liquidity", "swap", who, POOL, *outs, who)
            if reserve < 2:
                return True
            outs = on_side(1 + amount % (reserve - 1), side)
            for token in "AB":
                self.refuses("P02", "pool: invalid to", "swap", who, POOL, *outs, token)
            if self.model.surplus(POOL) == (0, 0):
                self.refuses("P02", "pool: insufficient input", "swap", who, POOL, *outs, who)
        return True

    @rule(who=people, side=sides, amount=amounts, parts=st.integers(2, 5))
    @aimed("P08")
    def splitting_gains_nothing(self, who: str, side: int, amount: int, parts: int) -> bool:
        """The same input at once, and in parts: the parts buy no more."""
        paid = self.input_for(who, side, amount)
        whole = self._bought(who, side, [paid])
        if whole == 0:
            return False
        share = paid // parts
        bought = self._bought(who, side, [share] * (parts - 1) + [paid - share * (parts - 1)])
        expect(bought <= whole, f"P08: at most {whole} for {paid} in {parts} parts, not {bought}")
        return True

    def _bought(self, who: str, side: int, parts: list[int]) -> int:
        """What inputs buy one after another, in a pool without surplus."""
        with self.aside():
            self.do("P18", "skim", "bob", POOL, "treasury")
            had = self.wealth(who, 1 - side)
            for paid in parts:
                if paid > 0:
                    self.swap_all(who, side, paid, who)
            return self.wealth(who, 1 - side) - had

    @rule(who=people, side=sides, amount=amounts)
    @aimed("P05")
    def there_and_back_gains_nothing(self, who: str, side: int, amount: int) -> bool:
        """Swap, and swap all of it back."""
        with self.aside():
            self.do("P18", "skim", "bob", POOL, "treasury")
            paid = self.input_for(who, side, amount)
            had = [self.wealth(who, each) for each in (0, 1)]
            if paid == 0 or not self.swap_all(who, side, paid, who):
                return False
            got = self.wealth(who, 1 - side) - had[1 - side]
            self.pay(who, on_side(got, 1 - side))
            back = self.model.most_out(POOL, side)
            if back > 0:
                self.do("P05", "swap", who, POOL, *on_side(back, side), who)
            has = [self.wealth(who, each) for each in (0, 1)]
            expect(has[0] <= had[0] and has[1] <= had[1], f"P05: no more than {had}, not {has}")
        return True

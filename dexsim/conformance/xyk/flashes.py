"""The fifth rung: flash swaps, paid back in the same token, the other one, or both."""

from __future__ import annotations

from math import gcd
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import rule

from dexsim.conformance.history import aimed, refused
from dexsim.conformance.xyk.keepers import KeeperMachine
from dexsim.conformance.xyk.machine import amounts, people, sides
from dexsim.conformance.xyk.stage import BORROWER, POOL
from dexsim.conformance.xyk.state import Pair
from dexsim.conformance.xyk.swaps import on_side

Script = list[tuple[Any, ...]]
LOAN_KINDS = ("same", "other", "both")
kinds = st.sampled_from(LOAN_KINDS)
questions = st.sampled_from(
    ["getReserves", "totalSupply", "kLast", "price0CumulativeLast", "price1CumulativeLast"]
)
CHANGES: dict[str, tuple[Any, ...]] = {
    "mint": (POOL, BORROWER),
    "burn": (POOL, BORROWER),
    "swap": (POOL, 1, 0, BORROWER),
    "skim": (POOL, BORROWER),
    "sync": (POOL,),
}


class FlashMachine(KeeperMachine):
    """Swap, add, remove, keep and borrow."""

    told_as = "flash swaps"
    watches: ClassVar[tuple[str, ...]] = ("P02", "P17")

    def loan(self, kind: str, side: int, amount: int) -> tuple[Pair, Pair] | None:
        """What is borrowed and the least that pays for it, of a pool without surplus."""
        reserves = self.model.pools[POOL].reserves
        if min(reserves) < 2:
            return None
        lent = [1 + amount % (reserve - 1) for reserve in reserves]
        if kind == "both":
            outs, due = (lent[0], lent[1]), (self._back(lent[0]), self._back(lent[1]))
        elif kind == "same":
            outs, due = on_side(lent[side], side), on_side(self._back(lent[side]), side)
        else:
            outs = on_side(lent[side], side)
            left = (reserves[side] - lent[side]) * self.other_fee()
            price = -(-reserves[1 - side] * lent[side] * self.model.base // left)
            due = on_side(price, 1 - side)
        after = (reserves[i] - outs[i] + due[i] for i in (0, 1))
        own = all(self.wealth(BORROWER, i) >= due[i] for i in (0, 1))
        return (outs, due) if own and max(after) < 2**112 else None

    def without_rounding(self, side: int, amount: int) -> int:
        """An amount that `loan` makes a loan of, whose price is a whole number: 997 for 1000."""
        unit = self.other_fee() // gcd(self.other_fee(), self.model.base)
        most = (self.model.pools[POOL].reserves[side] - 1) // unit
        return unit * (1 + amount % most) - 1 if most > 0 else amount

    def _back(self, lent: int) -> int:
        return -(-lent * self.model.base // self.other_fee())

    def paying(self, due: Pair) -> Script:
        """The script that pays so much."""
        return [("transfer", token, POOL, d) for token, d in zip("AB", due, strict=True) if d > 0]

    def without_surplus(self) -> None:
        """Nothing in the pool that would help to pay."""
        self.do("P18", "skim", "bob", POOL, "treasury")

    @rule(
        who=people, kind=kinds, side=sides, amount=amounts, question=questions, exact=st.booleans()
    )
    @aimed("P02", "P17")
    def borrow(
        self, who: str, kind: str, side: int, amount: int, question: str, exact: bool
    ) -> bool:
        """A loan paid back with the least; in its middle the views say what they said before.

        exact: of an amount whose fee needs no rounding, so that k is met and not exceeded.
        """
        if max(self.model.surplus(POOL)) > 0:
            self.without_surplus()
            self.promises_hold()
        if exact:
            kind, amount = "same", self.without_rounding(side, amount)
        loan = self.loan(kind, side, amount)
        if loan is None:
            return False
        script = [("ask", POOL, question), *self.paying(loan[1])]
        return self.do("P02", "swap", who, POOL, *loan[0], BORROWER, script)

    @rule(who=people, kind=kinds, side=sides, amount=amounts)
    @refused("P02")
    def a_loan_short_of_one_wei_is_refused(
        self, who: str, kind: str, side: int, amount: int
    ) -> bool:
        """One unit less of what is due, and nothing at all."""
        with self.aside():
            self.without_surplus()
            loan = self.loan(kind, side, amount)
            if loan is None:
                return False
            outs, due = loan
            nothing = [("ask", POOL, "kLast")]
            less = (max(due[0] - 1, 0), max(due[1] - 1, 0))
            reason = "pool: k" if max(less) > 0 else "pool: insufficient input"
            short = self.paying(less) or nothing
            self.refuses("P02", reason, "swap", who, POOL, *outs, BORROWER, short)
            reason = "pool: insufficient input"
            self.refuses("P02", reason, "swap", who, POOL, *outs, BORROWER, nothing)
        return True

    @rule(who=people, change=st.sampled_from(sorted(CHANGES)), side=sides, amount=amounts)
    @refused("P17")
    def a_locked_pool_refuses_every_change(
        self, who: str, change: str, side: int, amount: int
    ) -> bool:
        """Before and after the loan is paid."""
        with self.aside():
            self.without_surplus()
            loan = self.loan("same", side, amount)
            if loan is None:
                return False
            outs, due = loan
            call = (change, *CHANGES[change])
            for script in ([call, *self.paying(due)], [*self.paying(due), call]):
                self.refuses("P17", "pool: locked", "swap", who, POOL, *outs, BORROWER, script)
        return True

    @rule(who=people, to=people, side=sides, amount=amounts)
    @aimed("P17")
    def shares_move_while_the_pool_is_locked(
        self, who: str, to: str, side: int, amount: int
    ) -> bool:
        """The liquidity token has no lock."""
        with self.aside():
            self.without_surplus()
            holder, loan = self.holder(who), self.loan("same", side, amount)
            if holder is None or loan is None:
                return False
            part = 1 + amount % self.model.pools[POOL].shares[holder]
            self.do("P09", "give_shares", holder, POOL, BORROWER, part)
            script = [("give_shares", POOL, to, part), *self.paying(loan[1])]
            self.do("P17", "swap", who, POOL, *loan[0], BORROWER, script)
            apart = list(self.stage.seen().differences(self.model.seen()))
            return not apart

"""The second rung: people add liquidity, in proportion or with too much of one token."""

from __future__ import annotations

from typing import ClassVar

from hypothesis.stateful import rule

from dexsim.conformance.history import aimed
from dexsim.conformance.xyk.machine import amounts, people, sides
from dexsim.conformance.xyk.model import UINT112
from dexsim.conformance.xyk.stage import POOL
from dexsim.conformance.xyk.state import Pair
from dexsim.conformance.xyk.swaps import SwapMachine, on_side


class AddMachine(SwapMachine):
    """Swap and add."""

    told_as = "liquidity added"
    watches: ClassVar[tuple[str, ...]] = ("P15", "P20")

    def deposit_for(self, who: str, amount: int, pool: str = POOL) -> Pair | None:
        """A deposit in proportion for some `amount` of shares, rounded up; None where nothing fits."""
        p = self.model.pools[pool]
        supply = p.supply + self.model.pending_share(pool)
        most = min(
            min(self.wealth(who, side, pool), self.room(side, pool)) * supply // p.reserves[side]
            for side in (0, 1)
        )
        most = min(most, supply)
        shares = 1 + amount % most if most > 0 else 0
        deposit = (-(-shares * p.reserves[0] // supply), -(-shares * p.reserves[1] // supply))
        fits = all(deposit[side] <= self.room(side, pool) for side in (0, 1))
        return deposit if shares and fits else None

    @rule(who=people, amount=amounts, extra=amounts, side=sides, to=people)
    @aimed("P20")
    def add(self, who: str, amount: int, extra: int, side: int, to: str) -> bool:
        """A deposit, with something of one token on top that goes to all holders."""
        deposit = self.deposit_for(who, amount)
        if deposit is None:
            return False
        self.half_a_deposit_is_refused(who, deposit, side)
        room = min(self.room(side) - deposit[side], self.wealth(who, side) - deposit[side])
        self.pay(who, deposit)
        self.pay(who, on_side(min(extra, room, 2 * deposit[side], UINT112 // 2), side))
        return self.do("P20", "mint", who, POOL, to)

    def half_a_deposit_is_refused(self, who: str, deposit: Pair, side: int) -> None:
        """One token alone adds nothing."""
        if self.model.surplus(POOL)[1 - side] > 0:
            return
        with self.aside():
            self.pay(who, on_side(deposit[side], side))
            self.refuses("P20", "pool: insufficient liquidity minted", "mint", who, POOL, who)
        self.also_refused("add: one token alone")

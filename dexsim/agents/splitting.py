"""One trade in several parts, one after the other."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, Strict

from dexsim import cpmm
from dexsim.agents.protocol import View
from dexsim.chain.accounts import Account
from dexsim.errors import ScenarioError
from dexsim.market.adapted import AnyPool
from dexsim.market.erc20 import Erc20

Parts: TypeAlias = Annotated[int, Strict(), Field(ge=1)] | Literal["auto"]
"""How many parts of a trade; auto: each as large as cannot be sandwiched."""


@dataclass(slots=True)
class Portion:
    """A part of a trade that is to be sold now: wei of a token, and when it was made."""

    token: Erc20
    amount: int
    time_ms: int


@dataclass(slots=True)
class _Rest:
    """What is left of a trade. parts: to come; None: as many as it takes."""

    token: Erc20
    amount: int
    time_ms: int
    parts: int | None


class Parcels:
    """The trades of one account that go in parts: at most one waits for a block at a time.

    parts: equal ones but for a wei, the larger first; "auto": the largest that no sandwich
    gains from (`cpmm.immune_amount`), by the reserves at the block's start, as often as it takes.
    """

    def __init__(self, pool: AnyPool, account: Account, parts: int | Literal["auto"]) -> None:
        if parts == "auto" and pool.fee_bps is None:
            raise ScenarioError(
                f"auto is known of x * y = k alone, and {pool.market} has a shape of its own",
                key="split_parts",
            )
        self._pool = pool
        self._account = account
        self._parts = parts
        self._rests: deque[_Rest] = deque()

    def add(self, token: Erc20, amount: int, time_ms: int) -> None:
        """A trade, behind those that are not done."""
        parts = None if self._parts == "auto" else self._parts
        self._rests.append(_Rest(token, amount, time_ms, parts))

    def next(self, view: View) -> Portion | None:
        """The part for this block; none while one still waits. A trade whose money is gone is given up."""
        if any(each.tx.sender == self._account.address for each in view.pending):
            return None
        while self._rests:
            rest = self._rests[0]
            held = view.balance(self._account, rest.token.symbol)
            amount = min(self._cut(view, rest), held)
            rest.amount -= amount
            if rest.amount == 0 or amount == 0:
                self._rests.popleft()
            if amount:
                made = max(rest.time_ms, view.since_ms)
                return Portion(rest.token, amount, made)
        return None

    def _cut(self, view: View, rest: _Rest) -> int:
        if rest.parts is not None:
            amount = -(-rest.amount // rest.parts)
            rest.parts -= 1
            return amount
        assert self._pool.fee_bps is not None
        reserve_in, _ = self._pool.sides(rest.token, view.reserves(self._pool.market))
        return min(rest.amount, max(1, cpmm.immune_amount(reserve_in, self._pool.fee_bps)))

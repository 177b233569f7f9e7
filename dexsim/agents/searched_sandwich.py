"""The best sandwich in a pool of no known shape: searched by executing it, and undoing it.

What a victim gets after a front-run cannot be had from one quote: it depends
on the state that the front-run leaves. So the front-run is rehearsed on the
block's starting state. First comes the largest one that the victim's limit
allows (at most `LIMIT_QUESTIONS` rehearsals of one swap, after each of which
the pool is asked for the victim's quote), then the most profitable one up to
there (at most `PEAK_QUESTIONS` rehearsals of all three legs).

On a constant-product pool the profit is short of the optimum by no more than
what eight wei of the other token are worth behind the victim, eight wei, and a
10^-9 part: so it is measured against `cpmm.optimal_frontrun`. A pool whose
profit has several peaks may hide better attacks; what is found has been
executed, so that it is worth what it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from dexsim.agents.protocol import View
from dexsim.agents.searching import largest_passing, peak
from dexsim.chain.accounts import Account
from dexsim.chain.types import Receipt, Transaction
from dexsim.cpmm import Frontrun
from dexsim.errors import Reverted, TransactionRejected
from dexsim.market.adapted import AdaptedPool
from dexsim.market.erc20 import Erc20

NO_ATTACK = Frontrun(0, 0, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A victim's swap in a pool, and who would attack it.

    token_in: what the victim sells. before: transactions that come first.
    """

    pool: AdaptedPool
    account: Account
    token_in: Erc20
    victim: Transaction
    victim_in: int
    victim_min_out: int
    before: tuple[Transaction, ...] = ()


def searched_frontrun(view: View, target: Target, *, cost: int, max_in: int) -> Frontrun:
    """The most profitable sandwich that was found; zero profit means: do not attack.

    cost: of the attack besides, in wei of the input token. max_in: the most
    that can be put in. A victim without a limit has to get 1 wei.
    """
    search = _Search(view, target)
    least = max(1, target.victim_min_out)
    limit = largest_passing(lambda amount: search.victim_quote(amount) - least, max_in)
    if not limit:
        return NO_ATTACK
    amount, profit = peak(lambda amount: search.profit(amount) - cost, limit)
    if not amount:
        return NO_ATTACK
    legs = search.legs(amount)
    assert legs is not None
    bought, victim_out, back = legs
    return Frontrun(amount, bought, victim_out, back, profit)


class _Search:
    """Rehearsals of one attack."""

    def __init__(self, view: View, target: Target) -> None:
        self._view = view
        self._target = target
        self._first = len(target.before)
        self._legs: dict[int, tuple[int, int, int] | None] = {}

    def victim_quote(self, amount: int) -> int:
        """What the victim is quoted after a front-run of so much; -1 where either is refused."""
        target = self._target
        quoted = -1

        def ask(receipts: Sequence[Receipt]) -> Transaction:
            nonlocal quoted
            if all(receipt.status for receipt in receipts[self._first :]):
                quoted = self._quote()
            raise _EnoughSeen

        front = [self._front(amount)] if amount else []
        with suppress(_EnoughSeen, TransactionRejected):
            self._view.rehearse([*target.before, *front, ask])
        return quoted

    def _quote(self) -> int:
        target = self._target
        try:
            return target.pool.amount_out(token_in=target.token_in, amount_in=target.victim_in)
        except Reverted:
            return -1

    def profit(self, amount: int) -> int:
        """What the back-run returns beyond the front-run; the whole input is lost where it fails."""
        legs = self.legs(amount)
        return -amount if legs is None else legs[2] - amount

    def legs(self, amount: int) -> tuple[int, int, int] | None:
        """(front-run's output, victim's, back-run's); None where one of the three fails."""
        if amount not in self._legs:
            self._legs[amount] = self._execute(amount)
        return self._legs[amount]

    def _execute(self, amount: int) -> tuple[int, int, int] | None:
        target = self._target
        pool = target.pool

        def back(receipts: Sequence[Receipt]) -> Transaction:
            bought = self._out(receipts[self._first])
            if not bought or not receipts[-1].status:
                raise _EnoughSeen
            return pool.door.swap(
                target.account,
                pool=pool,
                token_in=pool.other(target.token_in),
                amount_in=bought,
                min_amount_out=0,
            )

        try:
            receipts = self._view.rehearse(
                [*target.before, self._front(amount), target.victim, back]
            )
        except (_EnoughSeen, TransactionRejected):
            return None
        outs = [self._out(receipt) for receipt in receipts[self._first :]]
        return (outs[0], outs[1], outs[2]) if all(outs) else None

    def _front(self, amount: int) -> Transaction:
        target = self._target
        return target.pool.door.swap(
            target.account,
            pool=target.pool,
            token_in=target.token_in,
            amount_in=amount,
            min_amount_out=0,
        )

    def _out(self, receipt: Receipt) -> int:
        swap = self._target.pool.swap_in(receipt)
        return swap.amount_out if swap is not None else 0


class _EnoughSeen(Exception):
    """A rehearsal need not go on."""

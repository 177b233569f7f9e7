"""A sandwich by two public transactions, and the race for the place before the victim.

The front-run stands before the victims by its tip, the back-run behind them by the victims' own
tip and by having come later. Who is outbid replaces its front-run by one that bids more, as long as
the attack would pay (Daian et al. 2019: a priority gas auction); who stops bidding pays for what reverts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from dexsim.agents.bidding import outbid, rival_tip
from dexsim.agents.gas_estimate import GasEstimate
from dexsim.agents.protocol import View
from dexsim.agents.sandwich_legs import Plan, Purse, sandwich_label, tipped
from dexsim.blockspace.bundles import Unbundled
from dexsim.blockspace.pending import Pending
from dexsim.chain.accounts import Account


@dataclass(frozen=True)
class _Standing:
    """An attack of this block that waits: its nonces, and the most that its front-run may tip."""

    plan: Plan
    first_nonce: int
    most: Fraction


class GasAuction:
    """A searcher's one attack of a block in the open."""

    def __init__(self, purse: Purse, gas: GasEstimate) -> None:
        self._purse = purse
        self._gas = gas
        self._standing: _Standing | None = None

    @property
    def _account(self) -> Account:
        return self._purse.account

    def enter(self, view: View, plan: Plan | None) -> Iterator[Unbundled]:
        """The first bid: just above the victims'."""
        self._standing = None
        if plan is not None:
            nonce = view.nonce(self._account)
            self._standing = _Standing(plan, nonce, self._most(view, plan))
            yield from self._bid(view)

    def answer(self, view: View) -> Iterator[Unbundled]:
        """A higher bid, where a rival stands before and it still pays."""
        yield from self._bid(view)

    def _bid(self, view: View) -> Iterator[Unbundled]:
        standing = self._standing
        if standing is None:
            return
        waiting = self._waiting(view, standing.first_nonce + 1)
        if waiting is None:
            yield self._legs(standing)
            return
        plan, own = standing.plan, self._account.address
        rival = rival_tip(view.pending, plan.pool.address, plan.token_in.address, own)
        tip = outbid(plan.tip, rival, standing.most)
        if tip is not None:
            self._standing = replace(standing, plan=replace(plan, tip=tip))
            yield self._legs(self._standing, waiting)

    def _waiting(self, view: View, nonce: int) -> Pending | None:
        """A transaction of one's own in the mempool."""
        own = (each for each in view.pending if each.tx.sender == self._account.address)
        return next((each for each in own if each.tx.nonce == nonce), None)

    def _legs(self, standing: _Standing, waiting: Pending | None = None) -> Unbundled:
        """Front-run, victims, and the back-run: a new one, or the one that waits."""
        plan, nonce = standing.plan, standing.first_nonce
        front = tipped(self._purse.front(plan, least_out=plan.legs.frontrun_out), plan.tip, nonce)
        # What the front-run has cost is spent by then: any loss but that of the input is too late to save.
        back = waiting or tipped(
            self._purse.back(plan, least_profit=0, amount=plan.legs.frontrun_out),
            _least_tip(plan),
            nonce + 1,
        )
        victims = [victim.pending for victim in plan.victims]
        return Unbundled(legs=(front, *victims, back), label=sandwich_label(plan))

    def _most(self, view: View, plan: Plan) -> Fraction:
        """Wei per gas at which the front-run would take the whole profit."""
        gross = plan.legs.profit + plan.cost
        worth = view.native_worth(gross, plan.token_in)
        gas = self._gas.of(1)
        fixed = gas * (2 * view.base_fee + _least_tip(plan))
        return Fraction(worth - fixed, gas)


def _least_tip(plan: Plan) -> int:
    """The lowest that a victim pays: behind it, and by having come later, the back-run stands."""
    return min(victim.pending.tx.max_priority_fee_per_gas for victim in plan.victims)

"""Which sandwiches to make of what can be read: of one victim each, or of several together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeAlias

from dexsim import cpmm
from dexsim.agents.bidding import BidShare, money_for, tip_before
from dexsim.agents.gas_estimate import GasEstimate
from dexsim.agents.protocol import View
from dexsim.agents.sandwich_legs import Plan, Purse, tipped
from dexsim.agents.searched_sandwich import Target, searched_frontrun
from dexsim.agents.victims import Victim, victims_in
from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction
from dexsim.cpmm import Frontrun
from dexsim.description import Rate, Tokens
from dexsim.market.adapted import AdaptedPool, AnyPool
from dexsim.market.pool import Reserves

_Group: TypeAlias = tuple[Victim, ...]


class Taste(Protocol):
    """What a searcher wants; see `Sandwicher`."""

    @property
    def capital(self) -> Mapping[str, Tokens]: ...

    @property
    def tip_gwei(self) -> Rate: ...

    @property
    def max_victims(self) -> int: ...

    @property
    def max_attacks(self) -> int: ...


class Planner:
    """Solves what a searcher sees."""

    def __init__(
        self, taste: Taste, purse: Purse, pools: Mapping[str, AnyPool], gas: GasEstimate
    ) -> None:
        self._taste = taste
        self._purse = purse
        self._pools = pools
        self._gas = gas

    def plans(self, view: View, share: BidShare | None = None) -> list[Plan]:
        """The sandwiches that pay, in the order in which they count on each other.

        Victims one at a time, or with those together whom that pays for most: whichever brings more.
        """
        singles = [(victim,) for victim in self._victims(view)]
        plans = self._in_turn(view, singles, share)
        together = list(self._together(view, singles))
        if together:
            others = self._in_turn(view, [*together, *singles], share)
            plans = max(plans, others, key=lambda each: sum(_worth(view, plan) for plan in each))
        return plans

    def _victims(self, view: View) -> Iterator[Victim]:
        """Somebody else's swaps of tokens that this searcher has."""
        for pending in view.pending:
            if pending.tx.sender != self._purse.account.address:
                for victim in victims_in(view, pending, self._pools):
                    if victim.token_in.symbol in self._taste.capital:
                        yield victim

    def _together(self, view: View, singles: Sequence[_Group]) -> Iterator[_Group]:
        """Of those who sell the same token to the same pool, the ones that pay most together."""
        sides: dict[tuple[str, str], list[Victim]] = {}
        for (victim,) in singles:
            if victim.pool.fee_bps is not None:
                sides.setdefault((victim.pool.market, victim.token_in.symbol), []).append(victim)
        for side in sides.values():
            largest = sorted(side, key=lambda victim: (-victim.amount_in, victim.pending.id))
            group = sorted(largest[: self._taste.max_victims], key=lambda victim: victim.pending.id)
            if len(group) > 1:
                chosen, _ = cpmm.choose_victims(*self._question(view, group, ()))
                if len(chosen) > 1:
                    yield tuple(group[index] for index in chosen)

    def _in_turn(self, view: View, groups: Sequence[_Group], share: BidShare | None) -> list[Plan]:
        """The most profitable first, each such that it pays behind those before it in its market.

        Nobody twice, and no more than the searcher attacks in a block.
        """
        solved = [plan for group in groups if (plan := self._solve(view, group, ())) is not None]
        solved.sort(key=lambda plan: (-_worth(view, plan), plan.victims[0].pending.id))
        done: dict[str, list[Plan]] = {}
        hit: set[int] = set()
        room = self._taste.max_attacks
        for plan in solved:
            ids = {victim.pending.id for victim in plan.victims}
            earlier = done.setdefault(plan.pool.market, [])
            if ids & hit or not room:
                continue
            best = self._robust(view, plan, earlier) if earlier else plan
            if best is not None:
                room -= 1
                earlier.append(self._bid(view, best, share))
                hit |= ids
        return [plan for plans in done.values() for plan in plans]

    def _robust(self, view: View, plan: Plan, earlier: Sequence[Plan]) -> Plan | None:
        """What pays behind earlier ones, and at the top of the block too, where builders try it alone.

        The smaller of both front-runs: each victim bears any that is smaller than one that it bears.
        """
        behind = self._solve(view, plan.victims, earlier)
        if behind is None or behind.legs.frontrun_in <= plan.legs.frontrun_in:
            return behind
        return plan

    def _bid(self, view: View, plan: Plan, share: BidShare | None) -> Plan:
        """The plan with what it offers the builder out of its profit."""
        cost = share.of(plan.legs.profit) if share is not None else 0
        holder = self._purse.holder(plan.token_in)
        if not cost or isinstance(holder, Account):
            return plan
        return replace(plan, bid=money_for(view, holder, cost, plan.token_in), bid_cost=cost)

    def _solve(self, view: View, group: _Group, earlier: Sequence[Plan]) -> Plan | None:
        """The best attack on a group behind earlier ones in its market; None where none pays."""
        first = group[0]
        if first.pool.fee_bps is None:
            legs = self._search(view, first, earlier)
        elif len(group) == 1:
            ((victim,), *question, most) = self._question(view, group, earlier)
            legs = cpmm.optimal_frontrun(*victim, *question, max_in=most)
        else:
            legs = cpmm.optimal_frontrun_many(*self._question(view, group, earlier))
        if not legs.profit:
            return None
        return Plan(group, legs, self._cost(view, group), self._tip(group))

    def _question(
        self, view: View, group: Sequence[Victim], earlier: Sequence[Plan]
    ) -> tuple[list[tuple[int, int]], int, int, int, int, int]:
        """What a solver is asked: victims, reserves, fee, cost, capital."""
        first = group[0]
        assert first.pool.fee_bps is not None
        held = view.reserves(first.pool.market)
        for plan in earlier:
            held = _after(plan, held)
        victims = [(victim.amount_in, victim.min_out) for victim in group]
        sides = first.pool.sides(first.token_in, held)
        return (
            victims,
            *sides,
            first.pool.fee_bps,
            self._cost(view, group),
            self._most(view, first),
        )

    def _tip(self, group: Sequence[Victim]) -> int:
        """Wei per gas that stands before every victim."""
        return tip_before((victim.pending for victim in group), self._taste.tip_gwei)

    def _cost(self, view: View, group: Sequence[Victim]) -> int:
        fees = self._gas.of(2) * (view.base_fee + self._tip(group))
        return view.native_cost(fees, group[0].token_in)

    def _most(self, view: View, victim: Victim) -> int:
        return view.balance(self._purse.holder(victim.token_in), victim.token_in.symbol)

    def _search(self, view: View, victim: Victim, earlier: Sequence[Plan]) -> Frontrun:
        pool, account = victim.pool, self._purse.account
        assert isinstance(pool, AdaptedPool)
        target = Target(
            pool=pool,
            account=account,
            token_in=victim.token_in,
            victim=victim.pending.tx,
            victim_in=victim.amount_in,
            victim_min_out=victim.min_out,
            before=tuple(tx for plan in earlier for tx in self._transactions(plan)),
        )
        cost = self._cost(view, (victim,))
        return searched_frontrun(view, target, cost=cost, max_in=self._most(view, victim))

    def _transactions(self, plan: Plan) -> list[Transaction]:
        front = tipped(self._purse.front(plan, least_out=0), plan.tip)
        back = tipped(self._purse.back(plan, least_profit=plan.least_profit), plan.tip)
        return [front, *(victim.pending.tx for victim in plan.victims), back]


def _worth(view: View, plan: Plan) -> int:
    """The profit in native money, so that those in different tokens can be compared."""
    return view.native_worth(plan.legs.profit, plan.token_in)


def _after(plan: Plan, held: Reserves) -> Reserves:
    """The reserves once all legs are done."""
    reserve_in, reserve_out = plan.pool.sides(plan.token_in, held)
    reserve_in += plan.legs.frontrun_in + sum(v.amount_in for v in plan.victims)
    reserve_in -= plan.legs.backrun_out
    reserve_out -= plan.legs.victim_out
    sells_base = plan.token_in is plan.pool.base
    return Reserves(reserve_in, reserve_out) if sells_base else Reserves(reserve_out, reserve_in)

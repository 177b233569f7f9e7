"""Searchers who provide liquidity for one swap, and take it out behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from dexsim import cpmm
from dexsim.agents.bidding import money_for, share_of, tip_before
from dexsim.agents.gaps import outside_price
from dexsim.agents.protocol import Setup, View
from dexsim.agents.victims import Victim, victims_in
from dexsim.blockspace.bundles import Bundle
from dexsim.blockspace.labels import JitLabel
from dexsim.description import Rate, ShareBps, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.market.pool import Pool, Reserves
from dexsim.market.searcher import Searcher

_FIRST_GUESS = 320_000  # gas of both legs


@description
class JustInTime:
    """Takes most of the fee of a large swap: adds liquidity before it, and removes it behind it.

    How much is `cpmm.optimal_jit`, marked at the outside price (without one, at the pool's own), as far
    as the capital goes; nothing where it does not pay after gas. All in one bundle, through a contract of
    its own (`searcher.vy`), that lands only on the reserves that it was made for. The victim gets
    more than without. One swap in a pool and block, the most profitable; pools of no known shape are
    left alone.

    capital: whole tokens by symbol, of both sides. market: the only one to watch; without it, all.
    tip_gwei: at least this; a victim's tip is outbid by 1 wei per gas. bid_share_bps: of the expected
    profit, for the builder, sent by the contract.
    """

    kind: ClassVar[str] = "just-in-time"
    role: ClassVar[str] = "searcher"
    searches: ClassVar[bool] = True
    capital: dict[str, Tokens]
    market: Text | None = None
    tip_gwei: Rate = Decimal(0)
    bid_share_bps: ShareBps = 0

    def start(self, setup: Setup) -> JustInTimeActor:
        """Open the account and its contract."""
        names = list(setup.deployment.pools) if self.market is None else [self.market]
        found = {name: setup.pool(name) for name in names}
        pools = {name: pool for name, pool in found.items() if isinstance(pool, Pool)}
        if not pools:
            raise ScenarioError("there is no x * y = k pool to watch", key="market")
        return JustInTimeActor(self, setup.executor(funds=self.capital)[1], pools)


@dataclass(frozen=True)
class _Plan:
    """Liquidity for a victim. cost: gas, in wei of what the victim sells."""

    victim: Victim
    pool: Pool
    best: cpmm.JustInTime
    tip: int
    cost: int

    @property
    def profit(self) -> int:
        return self.best.profit - self.cost


class JustInTimeActor:
    """A `JustInTime` while it lives."""

    def __init__(
        self, described: JustInTime, searcher: Searcher, pools: Mapping[str, Pool]
    ) -> None:
        self._described = described
        self._searcher = searcher
        self._pools = pools
        self._gas = 0

    def act(self, view: View) -> Iterator[Bundle]:
        """A bundle for the best victim of each pool."""
        # Bundles land whole: each mint has its burn behind it.
        for mint, burn in zip(view.receipts[::2], view.receipts[1::2], strict=True):
            self._gas = max(self._gas, mint.gas_used + burn.gas_used)
        best: dict[str, _Plan] = {}
        for pending in view.pending:
            if pending.tx.sender == self._searcher.owner.address:
                continue
            for victim in victims_in(view, pending, self._pools):
                plan = self._solve(view, victim)
                market = victim.pool.market
                if plan.profit > 0 and (
                    market not in best or self._is_better(view, plan, best[market])
                ):
                    best[market] = plan
        for plan in best.values():
            yield self._bundle(view, plan)

    def _is_better(self, view: View, plan: _Plan, other: _Plan) -> bool:
        mine, others = (view.native_worth(p.profit, p.victim.token_in) for p in (plan, other))
        return mine > others

    def _solve(self, view: View, victim: Victim) -> _Plan:
        pool = self._pools[victim.pool.market]
        tip = tip_before([victim.pending], self._described.tip_gwei)
        cost = view.native_cost(
            (self._gas or _FIRST_GUESS) * (view.base_fee + tip), victim.token_in
        )
        sides = pool.sides(victim.token_in, view.reserves(pool.market))
        if not all(sides):
            return _Plan(victim, pool, cpmm.JustInTime(0, 0, 0, 0, 0, 0, 0), tip, cost)
        price = self._price(view, victim, pool)
        asked = cpmm.JitPool(
            *sides, pool.lp_supply(), victim.amount_in, victim.min_out, pool.fee_bps
        )
        best = cpmm.optimal_jit(
            asked,
            price.numerator,
            price.denominator,
            cost=cost,
            max_in=view.balance(self._searcher, victim.token_in.symbol),
            max_out=view.balance(self._searcher, pool.other(victim.token_in).symbol),
        )
        return _Plan(victim, pool, best, tip, cost)

    def _price(self, view: View, victim: Victim, pool: Pool) -> Fraction:
        """Wei of what the victim gets per wei of what it sells."""
        price = outside_price(view, pool) or view.reserves(pool.market).price
        return price if victim.token_in is pool.base else 1 / price

    def _bundle(self, view: View, plan: _Plan) -> Bundle:
        pool, best, token = plan.pool, plan.best, plan.victim.token_in
        share = share_of(plan.profit, self._described.bid_share_bps)
        bid = money_for(view, self._searcher, share, token)
        put, back = (
            _as_held(plan, *pair)
            for pair in ((best.amount_in, best.amount_out), (best.back_in, best.back_out))
        )
        mint = self._searcher.add(
            pool=pool,
            base_amount=put.base,
            quote_amount=put.quote,
            least_liquidity=best.liquidity,
        )
        burn = self._searcher.remove(
            pool=pool,
            liquidity=best.liquidity,
            least_base=back.base,
            least_quote=back.quote,
            tip=bid,
        )
        label = JitLabel(
            market=pool.market,
            token=token.symbol,
            mint=0,
            victims=(1,),
            burn=2,
            expected_profit=plan.profit,
        )
        own = [replace(tx, max_priority_fee_per_gas=plan.tip) for tx in (mint, burn)]
        return Bundle(legs=(own[0], plan.victim.pending, own[1]), label=label)


def _as_held(plan: _Plan, of_in: int, of_out: int) -> Reserves:
    """Amounts of what the victim sells and gets, as base and quote."""
    sells_base = plan.victim.token_in is plan.pool.base
    return Reserves(of_in, of_out) if sells_base else Reserves(of_out, of_in)

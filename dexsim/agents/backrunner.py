"""Searchers who take the price gaps that others' swaps leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Literal

from dexsim.agents.backrun_plans import Backrun, PathGas
from dexsim.agents.bidding import tip_before
from dexsim.agents.gaps import Against, GapFinder, gain_in
from dexsim.agents.guesses import guesses
from dexsim.agents.pool_states import PoolStates, at_start, behind
from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.bundles import Bundle, Unbundled
from dexsim.blockspace.pending import Hint, Pending
from dexsim.description import Rate, ShareBps, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.market.pool import Pool
from dexsim.market.searcher import Searcher


@description
class Backrunner:
    """Trades behind others wherever that pays after gas, and does nothing where it does not.

    It works out what every swap that it can read leaves, to the wei, and takes the gap between pools, by a
    cycle of two or three (`cpmm.optimal_cycle`), or to the outside price (`cpmm.arbitrage`); what
    stands open before the block too. It trades through a contract of its own (`searcher.vy`), which reverts
    without the gas and the bid. Pools of no known shape are left alone.

    capital: whole tokens by symbol; a cycle starts in one of them. markets: the only ones to watch;
    without it, all. against: "pools", "outside" or "both". via: "bundle", each victim and
    the trade behind it, whole or not at all; "transactions", one trade in the open behind all that
    waits, at the lowest tip of those. tip_gwei: where nobody waits, and the least of a bundle, which
    outbids its victim by 1 wei per gas. bid_share_bps: of the expected profit, for the builder, sent by
    the contract.
    guesses_bps: where a hint does not tell the amount, it may lie between any two of these, in bps of
    the reserve; for each range a bundle of its own is sent.
    """

    kind: ClassVar[str] = "backrunner"
    role: ClassVar[str] = "searcher"
    searches: ClassVar[bool] = True
    capital: dict[str, Tokens]
    markets: tuple[Text, ...] = ()
    against: Against = "both"
    via: Literal["bundle", "transactions"] = "bundle"
    tip_gwei: Rate = Decimal(0)
    bid_share_bps: ShareBps = 0
    guesses_bps: tuple[ShareBps, ...] = (30, 45, 70, 100, 150, 220, 330, 500, 750, 1100, 1700, 2500)

    def start(self, setup: Setup) -> BackrunnerActor:
        """Open the account and its contract."""
        found = {name: setup.pool(name) for name in self.markets or setup.deployment.pools}
        pools = {name: pool for name, pool in found.items() if isinstance(pool, Pool)}
        if not pools:
            raise ScenarioError("there is no x * y = k pool to watch", key="markets")
        finder = GapFinder(pools, [setup.token(name) for name in self.capital], self.against)
        return BackrunnerActor(self, setup.executor(funds=self.capital)[1], pools, finder)


@dataclass(frozen=True)
class _Sight:
    """What stands behind these swaps, and which markets they went through; None: look at all."""

    states: PoolStates
    victims: tuple[Pending | Hint, ...] = ()
    touched: frozenset[str] | None = None


class BackrunnerActor:
    """A `Backrunner` while it lives."""

    def __init__(
        self,
        described: Backrunner,
        searcher: Searcher,
        pools: Mapping[str, Pool],
        finder: GapFinder,
    ) -> None:
        self._described = described
        self._searcher = searcher
        self._pools = pools
        self._finder = finder
        self._gas = PathGas()

    def act(self, view: View) -> Iterator[Bundle | Unbundled]:
        """Bundles, or one transaction behind all that waits."""
        self._gas.learn(view.receipts)
        if self._described.via == "bundle":
            yield from self._bundles(view)
            yield from self._guessing(view)
        else:
            yield from self._in_the_open(view)

    def _bundles(self, view: View) -> Iterator[Bundle]:
        """The most profitable first, each solved behind those before it."""
        states, held = at_start(view, self._pools), self._held(view)
        groups: list[tuple[Pending, ...]] = [(), *((each,) for each in self._others(view))]
        solved = [(group, self._behind(view, states, held, group)) for group in groups]
        paying = [(group, plan) for group, plan in solved if plan is not None]
        paying.sort(key=lambda each: -each[1].worth(view))
        for place, (group, plan) in enumerate(paying):
            best = self._behind(view, states, held, group) if place else plan
            if best is None:
                continue
            yield self._with_bid(view, best).bundle(self._searcher)
            states, held = self._after(view, states, held, best)

    def _behind(
        self,
        view: View,
        states: PoolStates,
        held: Mapping[str, int],
        group: tuple[Pending, ...],
    ) -> Backrun | None:
        """The best trade behind a victim, or before everybody."""
        sight = _Sight(states)
        for victim in group:
            left = behind(view, states, victim, self._pools)
            if left is None:
                return None
            sight = _Sight(left[0], (victim,), frozenset(left[1]))
        return self._best(view, sight, held, self._outbidding(group))

    def _after(
        self, view: View, states: PoolStates, held: Mapping[str, int], plan: Backrun
    ) -> tuple[PoolStates, Mapping[str, int]]:
        """States and capital once it is done."""
        for victim in plan.victims:
            assert isinstance(victim, Pending)
            left = behind(view, states, victim, self._pools)
            assert left is not None
            states = left[0]
        symbol = plan.gap.token_in.symbol
        if plan.gap.cost:
            held = {**held, symbol: held[symbol] - plan.gap.amount_in}
        return plan.gap.done(states)[0], held

    def _guessing(self, view: View) -> Iterator[Bundle]:
        """Behind what is only hinted at: a bundle for each amount that it may have."""
        states, held = at_start(view, self._pools), self._held(view)
        edges = self._described.guesses_bps
        for hint in view.hints:
            for guess in guesses(hint, states, self._pools, edges):
                sight = _Sight(guess.likely, (hint,), frozenset({str(hint.market)}))
                plan = self._best(view, sight, held, self._tip, least=guess.least)
                if plan is not None:
                    yield self._with_bid(view, plan).bundle(self._searcher)

    def _in_the_open(self, view: View) -> Iterator[Unbundled]:
        """One trade behind everybody who can be read, in the order of their tips."""
        states, seen = at_start(view, self._pools), list[tuple[Pending, tuple[str, ...]]]()
        for each in sorted(self._others(view), key=lambda each: -each.tip(view.base_fee)):
            left = behind(view, states, each, self._pools)
            if left is not None:
                states = left[0]
                seen.append((each, left[1]))
        tips = [each.tx.max_priority_fee_per_gas for each, _ in seen]
        plan = self._best(view, _Sight(states), self._held(view), min(tips, default=self._tip))
        if plan is not None:
            hit = [each for each, markets in seen if set(markets) & set(plan.gap.markets)]
            yield self._with_bid(view, replace(plan, victims=tuple(hit))).unbundled(self._searcher)

    def _best(
        self,
        view: View,
        sight: _Sight,
        held: Mapping[str, int],
        tip: int,
        least: PoolStates | None = None,
    ) -> Backrun | None:
        """The trade of greatest profit after gas; None where none pays.

        least: it insists on what it gains there, but on no less than half of what it expects after gas.
        """
        plans = []
        for gap in self._finder.gaps(view, sight.states, held, sight.touched):
            fees = self._gas.of(len(gap.pools)) * (view.base_fee + tip)
            gas = view.native_cost(fees, gap.token_out)
            sure = gap.gross
            if least is not None and gap.gross > gas:
                sure = max(gain_in(gap, least), (gas + gap.gross) // 2)
            plans.append(Backrun(gap, sight.victims, gas, tip, sure))
        paying = [plan for plan in plans if plan.profit > 0]
        return max(paying, key=lambda plan: plan.worth(view), default=None)

    def _with_bid(self, view: View, plan: Backrun) -> Backrun:
        return plan.bidding(view, self._searcher, self._described.bid_share_bps)

    @property
    def _tip(self) -> int:
        return tip_before((), self._described.tip_gwei)

    def _outbidding(self, group: tuple[Pending, ...]) -> int:
        return tip_before(group, self._described.tip_gwei)

    def _others(self, view: View) -> list[Pending]:
        own = self._searcher.owner.address
        return [each for each in view.pending if each.swap is not None and each.tx.sender != own]

    def _held(self, view: View) -> Mapping[str, int]:
        return {name: view.balance(self._searcher, name) for name in self._described.capital}

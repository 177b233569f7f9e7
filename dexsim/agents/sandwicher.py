"""Searchers who put two swaps of their own around those of victims."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal

from dexsim.agents.bidding import BidShare
from dexsim.agents.gas_auction import GasAuction
from dexsim.agents.gas_estimate import GasEstimate
from dexsim.agents.protocol import Setup, View
from dexsim.agents.sandwich_legs import (
    ExecutorPurse,
    Plan,
    Purse,
    RouterPurse,
    sandwich_label,
    tipped,
)
from dexsim.agents.sandwich_plans import Planner
from dexsim.blockspace.bundles import Bundle, Unbundled
from dexsim.description import AtLeastOne, Rate, ShareBps, Text, Tokens, description
from dexsim.market.adapted import AdaptedPool, AnyPool


@description
class Sandwicher:
    """Attacks swaps that it can read wherever that pays after gas, and does nothing where it does not.

    The front-run is the optimum under the limits of its victims, one or several
    (`cpmm.optimal_frontrun`, `cpmm.choose_victims`), as far as the capital goes; in a pool of no known
    shape it is searched by rehearsals (`agents.searched_sandwich`). It trades through contracts
    of its own (`searcher.vy`), whose last leg reverts unless it brings back the input, the gas and
    the bid; where it watches a pool that only its own door can trade with, through doors, and without
    bids. Victims whose route leads through several pools are attacked in one of them.

    capital: whole tokens by symbol: what can be put at risk at a time. market: the only one to watch;
    without it, all. tip_gwei: at least this; a victim's tip is outbid by 1 wei per gas. max_victims: in
    one sandwich; max_attacks: in one block. via: "bundle", legs that land whole or not at all;
    "transactions", two that compete in the open by their tips, for the most profitable attack of a
    block alone, and that outbid rivals as often as the mechanism lets them. bid_share_bps: of the
    expected profit, for the builder of a bundle, sent by the contract. bid_step_bps: by how much that
    share rises after a block in which nothing landed; it falls by a quarter of it after one in which
    something did.
    """

    kind: ClassVar[str] = "sandwicher"
    role: ClassVar[str] = "searcher"
    searches: ClassVar[bool] = True
    answers: ClassVar[bool] = True
    capital: dict[str, Tokens]
    market: Text | None = None
    tip_gwei: Rate = Decimal(0)
    max_victims: AtLeastOne = 3
    max_attacks: AtLeastOne = 8
    via: Literal["bundle", "transactions"] = "bundle"
    bid_share_bps: ShareBps = 0
    bid_step_bps: ShareBps = 0

    def start(self, setup: Setup) -> SandwicherActor:
        """Open and fund the account, and its contract."""
        names = list(setup.deployment.pools) if self.market is None else [self.market]
        pools = {name: setup.pool(name) for name in names}
        return SandwicherActor(self, self._purse(setup, pools), pools)

    def _purse(self, setup: Setup, pools: dict[str, AnyPool]) -> Purse:
        """A contract, unless a pool is among those watched that only its own door can trade with."""
        if any(isinstance(pool, AdaptedPool) for pool in pools.values()):
            account = setup.account(funds=self.capital)
            return RouterPurse(account, {name: setup.router(name) for name in pools})
        owner = setup.account()
        held = {symbol: {symbol: whole} for symbol, whole in self.capital.items()}
        contracts = {symbol: setup.executor(funds=funds)[1] for symbol, funds in held.items()}
        return ExecutorPurse(owner, contracts)


class SandwicherActor:
    """A `Sandwicher` while it lives."""

    def __init__(self, described: Sandwicher, purse: Purse, pools: dict[str, AnyPool]) -> None:
        self._described = described
        self._purse = purse
        self._gas = GasEstimate()
        self._planner = Planner(described, purse, pools, self._gas)
        self._share = BidShare(described.bid_share_bps, described.bid_step_bps)
        self._auction = GasAuction(purse, self._gas)
        self._block = 0

    def act(self, view: View) -> Iterator[Bundle | Unbundled]:
        """Bundles for the victims that pay, or two transactions and what outbids rivals."""
        again = view.block == self._block
        if not again:
            self._block = view.block
            self._gas.learn(view.receipts)
            self._share.hear(landed=any(receipt.status for receipt in view.receipts))
        if self._described.via == "transactions":
            yield from self._auction.answer(view) if again else self._open(view)
        elif not again:
            yield from self._bundles(view)

    def _open(self, view: View) -> Iterator[Unbundled]:
        plans = self._planner.plans(view)
        yield from self._auction.enter(view, plans[0] if plans else None)

    def _bundles(self, view: View) -> Iterator[Bundle]:
        for plan in self._planner.plans(view, self._share):
            self._share.sent()
            yield _bundle(self._purse, plan)


def _bundle(purse: Purse, plan: Plan) -> Bundle:
    """Front-run, victims, back-run: whole or not at all."""
    front = tipped(purse.front(plan, least_out=0), plan.tip)
    back = tipped(purse.back(plan, least_profit=plan.least_profit), plan.tip)
    victims = [victim.pending for victim in plan.victims]
    return Bundle(legs=(front, *victims, back), label=sandwich_label(plan))

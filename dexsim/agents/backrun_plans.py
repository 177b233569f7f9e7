"""What a back-runner makes of a price gap: its costs, its bid, and the transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dexsim.agents.bidding import money_for, share_of
from dexsim.agents.gaps import Gap
from dexsim.agents.protocol import View
from dexsim.blockspace.bundles import Bundle, Unbundled
from dexsim.blockspace.labels import BackrunLabel
from dexsim.blockspace.pending import Hint, Pending
from dexsim.chain.types import Receipt, Transaction
from dexsim.market.searcher import Searcher, read_trade

_FIRST_GUESS = 60_000  # gas of a transaction through a searcher's contract
_FIRST_GUESS_A_POOL = 60_000


class PathGas:
    """The most gas that one's own trades have used, by how many pools they went through."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}

    def learn(self, receipts: Iterable[Receipt]) -> None:
        """Take note of one's own transactions."""
        for receipt in receipts:
            trade = read_trade(receipt.transaction)
            if receipt.status and trade is not None:
                pools = len(trade.pools)
                self._seen[pools] = max(self._seen.get(pools, 0), receipt.gas_used)

    def of(self, pools: int) -> int:
        """Gas for a trade through so many pools."""
        return self._seen.get(pools, _FIRST_GUESS + _FIRST_GUESS_A_POOL * pools)


@dataclass(frozen=True)
class Backrun:
    """A trade behind those of others. Costs and profits in wei of the token that comes out.

    gas: what it costs at `tip` wei per gas. sure: what it counts on gaining, gas and all; the
    gap's `gross`, unless it is a guess. bid: wei of native money for the builder, worth bid_cost.
    """

    gap: Gap
    victims: tuple[Pending | Hint, ...]
    gas: int
    tip: int
    sure: int
    bid: int = 0
    bid_cost: int = 0

    @property
    def profit(self) -> int:
        """After gas, before the bid."""
        return self.sure - self.gas

    @property
    def is_guess(self) -> bool:
        """Whether it is meant for more than it counts on."""
        return self.sure != self.gap.gross

    def bidding(self, view: View, searcher: Searcher, share_bps: int) -> Backrun:
        """The same with its bid, as far as the contract has native money."""
        cost = share_of(self.profit, share_bps)
        return replace(self, bid=money_for(view, searcher, cost, self.gap.token_out), bid_cost=cost)

    def worth(self, view: View) -> int:
        """The profit in native money, so that those in different tokens can be compared."""
        return view.native_worth(self.profit, self.gap.token_out)

    def transaction(self, searcher: Searcher, least_profit: int) -> Transaction:
        """The trade, which reverts below `least_profit`."""
        gap = self.gap
        tx = searcher.finish(
            pools=gap.pools,
            token_in=gap.token_in,
            amount_in=gap.amount_in,
            cost=gap.cost,
            least_profit=least_profit,
            tip=self.bid,
        )
        return replace(tx, max_priority_fee_per_gas=self.tip)

    def bundle(self, searcher: Searcher) -> Bundle:
        """Behind its victims or not at all: without the gas and the bid, it does not land."""
        least = self.sure if self.is_guess else self.gas + self.bid_cost
        own = self.transaction(searcher, least)
        return Bundle(legs=(*self.victims, own), label=self._label())

    def unbundled(self, searcher: Searcher) -> Unbundled:
        """By itself. Its gas is spent either way: it reverts only where it would lose more than that."""
        own = self.transaction(searcher, self.bid_cost)
        return Unbundled(legs=(*self.victims, own), label=self._label())

    def _label(self) -> BackrunLabel:
        return BackrunLabel(
            markets=self.gap.markets,
            token=self.gap.token_out.symbol,
            victims=tuple(range(len(self.victims))),
            backrun=len(self.victims),
            expected_profit=self.profit,
        )

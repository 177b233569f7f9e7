"""Reads swaps and reserves out of events: a pool's own, or behind an adapter those of its tokens."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from dexsim.chain.types import Receipt
from dexsim.making import constructor
from dexsim.market.adapted import AdaptedPool
from dexsim.market.deployment import Deployment
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Reserves
from dexsim.results.pool_events import PoolEvent, PoolEvents


@dataclass(frozen=True, slots=True)
class SwapSeen:
    """A swap as the pool logged it: amounts in wei, prices in quote per base, whole tokens."""

    market: str
    token_in: Erc20
    token_out: Erc20
    amount_in: int
    amount_out: int
    mid_before: float
    mid_after: float


_make_swap_seen = constructor(SwapSeen)


class SwapReader:
    """Follows every pool's reserves from its Sync events.

    A pool behind an adapter logs what it likes: there a swap is what its tokens
    say that the sender paid and got, and reserves and prices are asked.
    """

    def __init__(self, deployment: Deployment, events: PoolEvents) -> None:
        pools = deployment.pools.items()
        self._events = events
        self._adapted = {name: pool for name, pool in pools if isinstance(pool, AdaptedPool)}
        self._mids: dict[str, Fraction | None] = dict.fromkeys(self._adapted)
        self._noted: dict[tuple[bytes, str], Fraction | None] = {}
        self._units: dict[str, tuple[int, int]] = {
            name: (10**pool.base.decimals, 10**pool.quote.decimals) for name, pool in pools
        }
        self.reserves = {name: Reserves(0, 0) for name in deployment.pools}
        self._found: dict[str, Reserves] = {}  # by the last transaction, where it changed them

    def read(self, receipt: Receipt) -> list[SwapSeen]:
        """The swaps of a transaction; takes note of the reserves that it leaves."""
        found = []
        before: dict[str, Reserves] = {}
        self._found = {}
        for event in self._events.of(receipt):
            market = event.market
            if event.name == "Sync":
                before[market] = self.reserves[market]
                self._found.setdefault(market, before[market])
                (self.reserves[market],) = event.pairs
            elif event.name == "Swap":
                after = self.reserves[market]
                was = before.get(market, after)
                found.append(self._seen(event, was, after))
        return found + self._read_adapted(receipt) if self._adapted else found

    def before(self, market: str) -> Reserves:
        """A pool's reserves before the transaction that was read last."""
        return self._found.get(market, self.reserves[market])

    @property
    def has_to_ask(self) -> bool:
        """Whether a pool stands behind an adapter."""
        return bool(self._adapted)

    def watch(self, receipt: Receipt) -> None:
        """Ask what a transaction has left, while that is the state: prices behind adapters."""
        for market, pool in self._adapted.items():
            if receipt.status and pool.flow(receipt).touched:
                self._noted[receipt.tx_hash, market] = pool.mid()

    def close_block(self) -> None:
        """Ask what a block has left behind adapters."""
        self._noted.clear()
        for market, pool in self._adapted.items():
            self.reserves[market] = pool.reserves()
            self._mids[market] = pool.mid()

    def price(self, market: str) -> float | None:
        """A pool's price at the end of the block, in whole tokens; None for an empty pool."""
        if market in self._adapted:
            return self.whole(market, self._mids[market])
        return self.mid(market, self.reserves[market])

    def _read_adapted(self, receipt: Receipt) -> list[SwapSeen]:
        found = []
        for market, pool in self._adapted.items():
            before = self._mids[market]
            after = self._mids[market] = self._noted.get((receipt.tx_hash, market), before)
            found += self._seen_adapted(market, pool, receipt, (before, after))
        return found

    def _seen_adapted(
        self,
        market: str,
        pool: AdaptedPool,
        receipt: Receipt,
        mids: tuple[Fraction | None, Fraction | None],
    ) -> list[SwapSeen]:
        swap = pool.swap_in(receipt)
        if swap is None:
            return []
        before, after = (self.whole(market, mid) or 0.0 for mid in mids)
        tokens = swap.token_in, swap.token_out
        return [SwapSeen(market, *tokens, swap.amount_in, swap.amount_out, before, after)]

    def amounts(self, receipt: Receipt) -> list[SwapSeen]:
        """All swaps of a transaction, without their prices; takes note of nothing."""
        nothing = Reserves(0, 0)
        found = [
            self._seen(event, nothing, nothing)
            for event in self._events.of(receipt)
            if event.name == "Swap"
        ]
        for market, adapted in self._adapted.items():
            found += self._seen_adapted(market, adapted, receipt, (None, None))
        return found

    def swap_in(self, receipt: Receipt, market: str) -> SwapSeen | None:
        """The first swap of a transaction in a market, without its prices."""
        return next((swap for swap in self.amounts(receipt) if swap.market == market), None)

    def mid(self, market: str, reserves: Reserves | None) -> float | None:
        """The price that reserves mean, in whole tokens; None for an empty pool."""
        if not reserves or not reserves.base:
            return None
        base, quote = self._units[market]
        return (reserves.quote * base) / (reserves.base * quote)

    def whole(self, market: str, mid: Fraction | None) -> float | None:
        """A price of wei for wei, in whole tokens."""
        if mid is None:
            return None
        base, quote = self._units[market]
        # Dividing integers rounds once, and so do fractions on their way to a float.
        return (mid.numerator * base) / (mid.denominator * quote)

    def _seen(self, event: PoolEvent, before: Reserves, after: Reserves) -> SwapSeen:
        market, pool = event.market, event.pool
        paid_in, paid_out = event.pairs
        sells_base = paid_in.base > 0 and (paid_out.quote > 0 or paid_in.quote == 0)
        mids = (self.mid(market, before) or 0.0, self.mid(market, after) or 0.0)
        if sells_base:
            return _make_swap_seen(
                market, pool.base, pool.quote, paid_in.base, paid_out.quote, *mids
            )
        return _make_swap_seen(market, pool.quote, pool.base, paid_in.quote, paid_out.base, *mids)

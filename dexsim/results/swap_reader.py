"""Reads swaps and reserves out of a pool's events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dexsim.chain.types import Receipt
from dexsim.market.deployment import Deployment
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool, Reserves


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


class SwapReader:
    """Follows every pool's reserves from its Sync events."""

    def __init__(self, deployment: Deployment) -> None:
        self._pools = {pool.address: (name, pool) for name, pool in deployment.pools.items()}
        self._by_name = deployment.pools
        self.reserves = {name: Reserves(0, 0) for name in deployment.pools}

    def read(self, receipt: Receipt) -> list[SwapSeen]:
        """The swaps of a transaction; takes note of the reserves that it leaves."""
        found = []
        before = dict(self.reserves)
        for log in receipt.logs:
            if log.address not in self._pools:
                continue
            market, pool = self._pools[log.address]
            event = pool.contract.decode_log(log)
            if event is None:
                continue
            if event.name == "Sync":
                before[market] = self.reserves[market]
                now = pool.oriented(event.fields["reserve0"], event.fields["reserve1"])
                self.reserves[market] = now
            elif event.name == "Swap":
                after = self.reserves[market]
                found.append(self._seen(market, pool, event.fields, before[market], after))
        return found

    def amounts(self, receipt: Receipt) -> list[SwapSeen]:
        """All swaps of a transaction, without their prices; takes note of nothing."""
        nothing = Reserves(0, 0)
        return [
            self._seen(market, pool, event.fields, nothing, nothing)
            for log in receipt.logs
            if log.address in self._pools
            for market, pool in (self._pools[log.address],)
            if (event := pool.contract.decode_log(log)) is not None and event.name == "Swap"
        ]

    def swap_in(self, receipt: Receipt, market: str) -> SwapSeen | None:
        """The first swap of a transaction in a market, without its prices."""
        return next((swap for swap in self.amounts(receipt) if swap.market == market), None)

    def mid(self, market: str, reserves: Reserves | None) -> float | None:
        """The price that reserves mean, in whole tokens; None for an empty pool."""
        if reserves is None or not reserves.base:
            return None
        pool = self._by_name[market]
        return float(reserves.price * 10**pool.base.decimals / 10**pool.quote.decimals)

    def _seen(
        self, market: str, pool: Pool, fields: Mapping[str, Any], before: Reserves, after: Reserves
    ) -> SwapSeen:
        paid_in = pool.oriented(fields["amount0In"], fields["amount1In"])
        paid_out = pool.oriented(fields["amount0Out"], fields["amount1Out"])
        sells_base = paid_in.base > 0 and (paid_out.quote > 0 or paid_in.quote == 0)
        mids = (self.mid(market, before) or 0.0, self.mid(market, after) or 0.0)
        if sells_base:
            return SwapSeen(market, pool.base, pool.quote, paid_in.base, paid_out.quote, *mids)
        return SwapSeen(market, pool.quote, pool.base, paid_in.quote, paid_out.base, *mids)

"""The events of pools that log as a Uniswap v2 pair does, decoded once for all who read them."""

from __future__ import annotations

from typing import Any, NamedTuple

from dexsim.chain.types import Address, Log, Receipt
from dexsim.market.adapted import AdaptedPool
from dexsim.market.deployment import Deployment
from dexsim.market.pool import Pool

READ = frozenset({"Sync", "Swap", "Mint", "Burn"})
"""Those that tell of reserves."""


class PoolEvent(NamedTuple):
    """An event of a pool. name: "" for one that tells nothing of reserves, a transfer of shares say."""

    place: int
    market: str
    pool: Pool
    log: Log
    name: str
    fields: dict[str, Any]


class PoolEvents:
    """Finds and decodes the pools' events of a transaction; asked again, it gives the same list."""

    def __init__(self, deployment: Deployment) -> None:
        self._pools: dict[Address, tuple[str, Pool]] = {
            pool.address: (name, pool)
            for name, pool in deployment.pools.items()
            if not isinstance(pool, AdaptedPool)
        }
        self._last: Receipt | None = None
        self._found: list[PoolEvent] = []

    def of(self, receipt: Receipt) -> list[PoolEvent]:
        """The events in their order."""
        if receipt is not self._last:
            self._last, self._found = receipt, self._read(receipt)
        return self._found

    def _read(self, receipt: Receipt) -> list[PoolEvent]:
        found = []
        for place, log in enumerate(receipt.logs):
            known = self._pools.get(log.address)
            if known is None or not log.topics:
                continue
            market, pool = known
            event = pool.contract.decode_log(log)
            name = event.name if event is not None and event.name in READ else ""
            fields = dict(event.fields) if event is not None else {}
            found.append(PoolEvent(place, market, pool, log, name, fields))
        return found

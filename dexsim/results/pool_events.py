"""The events of pools that log as a Uniswap v2 pair does, decoded once for all who read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from eth_hash.auto import keccak

from dexsim.chain.types import Address, Log, Receipt
from dexsim.market.adapted import AdaptedPool
from dexsim.market.deployment import Deployment
from dexsim.market.pool import Pool

WORD = 32


class _Shape(NamedTuple):
    """How an event that tells of reserves is logged: whole words, each below `bound`.

    topics: how many, each but the first an address.
    """

    name: str
    fields: tuple[str, ...]
    topics: int
    bound: int

    def cuts(self) -> list[tuple[str, int, int]]:
        """Each field, and where its word begins and ends."""
        return [(name, WORD * at, WORD * at + WORD) for at, name in enumerate(self.fields)]


_SHAPES = {
    keccak(signature.encode()): shape
    for signature, shape in {
        "Sync(uint112,uint112)": _Shape("Sync", ("reserve0", "reserve1"), 1, 2**112),
        "Swap(address,uint256,uint256,uint256,uint256,address)": _Shape(
            "Swap", ("amount0In", "amount1In", "amount0Out", "amount1Out"), 3, 2**256
        ),
        "Mint(address,uint256,uint256)": _Shape("Mint", ("amount0", "amount1"), 2, 2**256),
        "Burn(address,uint256,uint256,address)": _Shape("Burn", ("amount0", "amount1"), 3, 2**256),
    }.items()
}
"""Those of a Uniswap v2 pair, by topic. Read here and not by the ABI's codec: it is half the work."""


_CUTS = {shape.name: shape.cuts() for shape in _SHAPES.values()}
_NO_ADDRESS = bytes(12)


class PoolEvent(NamedTuple):
    """An event of a pool. name: "" for one that tells nothing of reserves, a transfer of shares say.

    fields: the amounts that it tells, by name, in wei.
    """

    place: int
    market: str
    pool: Pool
    log: Log
    name: str
    fields: Mapping[str, int]


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
            name, fields = _told(log)
            found.append(PoolEvent(place, market, pool, log, name, fields))
        return found


def _told(log: Log) -> tuple[str, Mapping[str, int]]:
    """An event's name and amounts; "" for one of another name or layout."""
    shape, topics, data = _SHAPES.get(log.topics[0]), log.topics, log.data
    if shape is None or len(topics) != shape.topics or len(data) < WORD * len(shape.fields):
        return "", {}
    cuts = _CUTS[shape.name]
    fields = {name: int.from_bytes(data[start:end], "big") for name, start, end in cuts}
    for topic in topics[1:]:
        if not topic.startswith(_NO_ADDRESS):
            return "", {}
    return ("", {}) if max(fields.values()) >= shape.bound else (shape.name, fields)

"""The events of pools that log as a Uniswap v2 pair does, decoded once for all who read them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from eth_hash.auto import keccak

from dexsim.chain.types import Address, Log, Receipt
from dexsim.making import tuple_constructor
from dexsim.market.adapted import AdaptedPool
from dexsim.market.deployment import Deployment
from dexsim.market.pool import Pool, Reserves, make_reserves

WORD = 32
_ANY_WORD = 2 ** (8 * WORD)


class _Shape(NamedTuple):
    """How an event that tells of reserves is logged: pairs of whole words, each below `bound`.

    topics: how many, each but the first an address. pairs: of token0's amount and token1's.
    """

    name: str
    topics: int
    pairs: int
    bound: int


_SHAPES = {
    keccak(signature.encode()): shape
    for signature, shape in {
        "Sync(uint112,uint112)": _Shape("Sync", 1, 1, 2**112),
        "Swap(address,uint256,uint256,uint256,uint256,address)": _Shape("Swap", 3, 2, _ANY_WORD),
        "Mint(address,uint256,uint256)": _Shape("Mint", 2, 1, _ANY_WORD),
        "Burn(address,uint256,uint256,address)": _Shape("Burn", 3, 1, _ANY_WORD),
    }.items()
}
"""Those of a Uniswap v2 pair, by topic. Read here and not by the ABI's codec: it is half the work."""


_NO_ADDRESS = bytes(12)


class PoolEvent(NamedTuple):
    """An event of a pool. name: "" for one that tells nothing of reserves, a transfer of shares say.

    pairs: the amounts that it tells, as base and quote, in wei: of a Sync what the reserves are, of a
    swap what was paid in and what was paid out, of a mint and a burn what came or went.
    """

    place: int
    market: str
    pool: Pool
    log: Log
    name: str
    pairs: tuple[Reserves, ...]


_make_pool_event = tuple_constructor(PoolEvent)


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
            name, pairs = _told(log, pool.base_is_token0)
            found.append(_make_pool_event(place, market, pool, log, name, pairs))
        return found


_NOTHING: tuple[str, tuple[Reserves, ...]] = ("", ())


def _told(log: Log, base_is_token0: bool) -> tuple[str, tuple[Reserves, ...]]:
    """An event's name and amounts; "" for one of another name or layout."""
    shape, topics, data = _SHAPES.get(log.topics[0]), log.topics, log.data
    if shape is None or len(topics) != shape.topics or len(data) < 2 * WORD * shape.pairs:
        return _NOTHING
    if not all(map(_is_address, topics[1:])):
        return _NOTHING
    pairs = [_pair(data, 2 * WORD * place, base_is_token0) for place in range(shape.pairs)]
    if shape.bound != _ANY_WORD and max(pairs[0].base, pairs[0].quote) >= shape.bound:
        return _NOTHING
    return shape.name, tuple(pairs)


@lru_cache(maxsize=65_536)
def _is_address(topic: bytes) -> bool:
    return topic.startswith(_NO_ADDRESS)


def _pair(data: bytes, at: int, base_is_token0: bool) -> Reserves:
    middle = at + WORD
    first = int.from_bytes(data[at:middle], "big")
    second = int.from_bytes(data[middle : middle + WORD], "big")
    return make_reserves(first, second) if base_is_token0 else make_reserves(second, first)

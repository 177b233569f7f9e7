"""Who is one and the same behind several transactions.

A block shows addresses, not people. Two swaps are one actor's when they share who signed, a
contract that trades on its own account, or who got the tokens. A router is nobody: everybody
trades through it. So the question is which contracts are routers; see `routers`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from dexsim.results.mev_records import LiquidityRecord, SwapRecord

Key: TypeAlias = tuple[str, ...]

KNOWN_ROUTERS = frozenset(
    {
        "0x7a250d5630b4cf539739df2c5dacb4c659f2488d",  # Uniswap v2
        "0xf164fc0ec4e93095b804a4795bbe1e730497b92a",  # Uniswap v2, the first
        "0xe592427a0aece92de3edee1f18e0157c05861564",  # Uniswap v3
        "0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45",  # Uniswap, both
        "0xd9e1ce17f2641f24ae83637ab66a2cca9c378b9f",  # Sushiswap
        "0x03f7724180aa6b939894b5ca4314783b0b36b329",  # Shibaswap
        "0x11111254369792b2ca5d084ab5eea397ca8fa48b",  # 1inch v2
        "0x111111125434b319222cdbf8c261674adb56f3ae",  # 1inch v2
        "0x11111112542d85b3ef69ae05771c2dccff4faa26",  # 1inch v3
        "0x1111111254fb6c44bac0bed2854e76f90643097d",  # 1inch v4
        "0xdef1c0ded9bec7f1a1670819833240f027b25eff",  # 0x
        "0xdef171fe48cf0115b1d80b88dc8eab59176fee57",  # Paraswap v5
        "0x881d40237659c251811cec9c364ef91dc08d300c",  # Metamask
    }
)
"""Routers and aggregators of Ethereum mainnet, where a record does not show who signed."""

TOLD_APART = 6
"""An amount with more decimal digits than this, trailing zeros aside, is nobody else's by chance."""


class Actors:
    """Who is who, block by block."""

    def __init__(
        self, swaps: Iterable[SwapRecord], liquidity: Iterable[LiquidityRecord] = ()
    ) -> None:
        swaps, liquidity = list(swaps), list(liquidity)
        self._nobody = {"", *routers(swaps), *(swap.market for swap in swaps)}
        self._parents: dict[Key, Key] = {}
        records: list[SwapRecord | LiquidityRecord] = [*swaps, *liquidity]
        for record in records:
            first, *others = self._keys(record)
            for key in others:
                self._join(first, key)

    def of(self, record: SwapRecord | LiquidityRecord) -> Key:
        """The actor behind a record: equal for two records of one block when it is the same."""
        return self._root(next(self._keys(record)))

    def name(self, record: SwapRecord | LiquidityRecord) -> str:
        """An address to call the actor by: its own contract, else who signed; "" for neither."""
        return next((a for a in _addresses(record) if a not in self._nobody), "")

    def through_own_contract(self, swap: SwapRecord) -> bool:
        """Whether a swap came to the pool from a contract of its actor's own."""
        return (swap.sender or swap.called) not in {*self._nobody, swap.origin}

    def _keys(self, record: SwapRecord | LiquidityRecord) -> Iterator[Key]:
        block = str(record.block)
        yield block, "transaction", str(record.position)
        for address in _addresses(record):
            if address not in self._nobody:
                yield block, "address", address
        if isinstance(record, SwapRecord) and not record.origin:
            for token, amount in _exactly(record):
                yield block, "amount", record.market, token, str(amount)

    def _root(self, key: Key) -> Key:
        while (parent := self._parents.get(key, key)) != key:
            key = parent
        return key

    def _join(self, one: Key, other: Key) -> None:
        ours, theirs = sorted((self._root(one), self._root(other)))
        self._parents[theirs] = ours


def routers(swaps: Iterable[SwapRecord]) -> set[str]:
    """Contracts that trade for others.

    Those known by name; where signers are on record, a contract that several of them use and that
    hands on what it buys, as far as recipients are on record: to a signer, or to several others
    that are no pools (a searcher's contract keeps it); where they are not, one that calls pools
    on behalf of several contracts.
    """
    swaps = list(swaps)
    pools = {swap.market for swap in swaps}
    signers, recipients, callers = defaultdict(set), defaultdict(set), defaultdict(set)
    hands_on = set()
    for swap in swaps:
        if not swap.origin:
            callers[swap.sender].add(swap.called or swap.sender)
        for contract in {swap.sender, swap.called}:
            signers[contract].add(swap.origin)
            if swap.to not in {contract, *pools}:
                recipients[contract].add(swap.to)
            if swap.to in {"", swap.origin}:
                hands_on.add(contract)
    hands_on |= {contract for contract, paid in recipients.items() if len(paid) > 1}
    shared = {contract for contract in hands_on if len(signers[contract]) > 1}
    return {*KNOWN_ROUTERS, *shared, *(c for c, by in callers.items() if len(by) > 1)}


def _addresses(record: SwapRecord | LiquidityRecord) -> tuple[str, ...]:
    if isinstance(record, LiquidityRecord):
        return record.provider, record.called, record.origin
    return record.called, record.sender, record.origin, record.to


def _exactly(swap: SwapRecord) -> list[tuple[str, int]]:
    """What would give away that nobody signed on record: selling to the wei what was bought."""
    sides = (swap.token_in, swap.amount_in), (swap.token_out, swap.amount_out)
    return [side for side in sides if side[1] and len(str(side[1]).rstrip("0")) > TOLD_APART]

"""Hypothesis strategies for what exchanges are tested with: amounts, reserves, people, operations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dexsim.chain.accounts import Account
from dexsim.chain.address import checksum
from dexsim.chain.types import Address

MAX_UINT256 = 2**256 - 1
MAX_RESERVE = 2**112 - 1
"""The most that a Uniswap-v2 pool can hold of a token."""

_NAMES = ("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy")


def amounts(smallest: int = 0, largest: int = MAX_UINT256) -> SearchStrategy[int]:
    """Integers of every magnitude alike: as often near 10**3 as near 10**30, and often at an edge.

    Edges are both ends and their neighbours, and powers of two and ten with theirs.
    Raises ValueError when there is no such amount.
    """
    if not 0 <= smallest <= largest:
        raise ValueError(f"no amount lies between {smallest} and {largest}")
    edges = [edge for edge in _edges(smallest, largest) if smallest <= edge <= largest]
    return st.one_of(st.sampled_from(edges), _of_any_magnitude(smallest, largest))


def _edges(smallest: int, largest: int) -> list[int]:
    powers = [*(2**bits for bits in (8, 64, 112, 128, 255, 256)), *(10**n for n in (6, 18, 24))]
    middles = [smallest, smallest + 1, largest - 1, largest, *powers]
    return sorted({middle + step for middle in middles for step in (-1, 0, 1)})


def _of_any_magnitude(smallest: int, largest: int) -> SearchStrategy[int]:
    def of_bits(bits: int) -> SearchStrategy[int]:
        low, high = (1 << bits) >> 1, (1 << bits) - 1
        return st.integers(max(low, smallest), min(high, largest))

    return st.integers(smallest.bit_length(), largest.bit_length()).flatmap(of_bits)


def reserves(smallest: int = 1, largest: int = MAX_RESERVE) -> SearchStrategy[tuple[int, int]]:
    """Both reserves of a pool, each of any magnitude, so that lopsided pools come up too."""
    return st.tuples(amounts(smallest, largest), amounts(smallest, largest))


def people(names: Sequence[str] = _NAMES) -> SearchStrategy[Account]:
    """The accounts of the fixtures, or those of other names."""
    return st.sampled_from([Account.named(name) for name in names])


def addresses() -> SearchStrategy[Address]:
    """Any address: people of the fixtures, precompiles and other small numbers, and strangers."""
    numbers = st.one_of(st.integers(0, 20), st.integers(0, 2**160 - 1), st.just(2**160 - 1))
    strangers = numbers.map(lambda number: checksum(f"0x{number:040x}"))
    return st.one_of(people().map(lambda account: account.address), strangers)


@dataclass(frozen=True, slots=True)
class Swap:
    """Somebody sells `amount` wei of base or of quote."""

    who: Account
    sells_base: bool
    amount: int


@dataclass(frozen=True, slots=True)
class Add:
    """Somebody offers so much liquidity, in wei of each token."""

    who: Account
    base: int
    quote: int


@dataclass(frozen=True, slots=True)
class Remove:
    """Somebody takes out a share of their liquidity, in basis points: 10 000 is all."""

    who: Account
    share_bps: int


@dataclass(frozen=True, slots=True)
class Donate:
    """Somebody sends the pool tokens for nothing, in wei of base or of quote."""

    who: Account
    gives_base: bool
    amount: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes."""

    seconds: int


Operation: TypeAlias = Swap | Add | Remove | Donate | Wait


def operation(
    kinds: Sequence[type[Operation]] = (Swap, Add, Remove, Donate, Wait),
    *,
    who: SearchStrategy[Account] | None = None,
    largest: int = 10**24,
) -> SearchStrategy[Operation]:
    """One thing that happens to a pool.

    kinds: which; who: who does it (`alice` and `bob`); largest: of all amounts, in wei.
    """
    actors = people(_NAMES[:2]) if who is None else who
    some = amounts(1, largest)
    ways: dict[type[Operation], SearchStrategy[Operation]] = {
        Swap: st.builds(Swap, actors, st.booleans(), some),
        Add: st.builds(Add, actors, some, some),
        Remove: st.builds(Remove, actors, st.one_of(st.just(10_000), st.integers(1, 10_000))),
        Donate: st.builds(Donate, actors, st.booleans(), some),
        Wait: st.builds(Wait, st.sampled_from([1, 12, 3_600, 86_400, 31_536_000])),
    }
    return st.one_of([ways[kind] for kind in kinds])


def operations(
    kinds: Sequence[type[Operation]] = (Swap, Add, Remove, Donate, Wait),
    *,
    who: SearchStrategy[Account] | None = None,
    largest: int = 10**24,
    at_most: int = 20,
) -> SearchStrategy[list[Operation]]:
    """A sequence of operations, at least one; see `operation`."""
    one = operation(kinds, who=who, largest=largest)
    return st.lists(one, min_size=1, max_size=at_most)

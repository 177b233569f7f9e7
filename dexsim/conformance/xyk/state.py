"""What can be seen of a venue from outside, as one value: of the chain and of the model alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

ZERO = "zero"
Pair = tuple[int, int]


@dataclass(frozen=True)
class PoolState:
    """One pool. `sums` are the cumulative prices; `shares` the liquidity by holder."""

    name: str
    tokens: tuple[str, str]
    reserves: Pair
    since: int
    sums: Pair
    k_last: int
    supply: int
    shares: Mapping[str, int]

    @property
    def k(self) -> int:
        """The product of the reserves."""
        return self.reserves[0] * self.reserves[1]


@dataclass(frozen=True)
class State:
    """A venue. `tokens`: for each token, who holds how much."""

    now: int
    fee_to: str
    pools: Mapping[str, PoolState]
    tokens: Mapping[str, Mapping[str, int]]

    def balances(self, pool: PoolState) -> Pair:
        """What a pool holds of its two tokens."""
        first, second = pool.tokens
        return self.tokens[first][pool.name], self.tokens[second][pool.name]

    def surplus(self, pool: PoolState) -> Pair:
        """What a pool holds above its reserves."""
        balances = self.balances(pool)
        return balances[0] - pool.reserves[0], balances[1] - pool.reserves[1]

    def differences(self, other: State) -> Iterator[str]:
        """Every place where the two differ, in words: "pool.k_last: 5, not 7"."""
        if self.fee_to != other.fee_to:
            yield f"fee_to: {self.fee_to}, not {other.fee_to}"
        for name, pool in self.pools.items():
            for field in ("tokens", "reserves", "since", "sums", "k_last", "supply"):
                ours, theirs = getattr(pool, field), getattr(other.pools[name], field)
                if ours != theirs:
                    yield f"{name}.{field}: {ours}, not {theirs}"
            yield from _apart(f"{name}.shares", pool.shares, other.pools[name].shares)
        for token, holders in self.tokens.items():
            yield from _apart(token, holders, other.tokens[token])


def _apart(what: str, ours: Mapping[str, int], theirs: Mapping[str, int]) -> Iterator[str]:
    for who in ours.keys() | theirs.keys():
        if ours.get(who, 0) != theirs.get(who, 0):
            yield f"{what} of {who}: {ours.get(who, 0)}, not {theirs.get(who, 0)}"

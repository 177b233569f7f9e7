"""Price gaps: between pools, closed by a cycle of swaps, and to the outside, closed by one swap."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal, TypeAlias

from dexsim import cpmm
from dexsim.agents.pool_states import PoolStates, swapped
from dexsim.agents.protocol import View
from dexsim.errors import Reverted
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool

MOST_POOLS = 3
"""Of a cycle."""

Against: TypeAlias = Literal["both", "pools", "outside"]
"""What a pool's price is held against: other pools', the outside price, or both."""

Cycle: TypeAlias = tuple[Erc20, tuple[Pool, ...]]
"""What is sold first and comes back, and the pools on the way."""


@dataclass(frozen=True)
class Gap:
    """A trade that takes a price difference.

    cost: what `amount_in` of token_in is worth outside, in wei of what comes out; 0 for a cycle,
    which brings back what it starts with. gross: what comes beyond that, in the same unit.
    """

    pools: tuple[Pool, ...]
    token_in: Erc20
    amount_in: int
    cost: int
    gross: int

    @property
    def token_out(self) -> Erc20:
        """What comes out, and the profit is counted in."""
        token = self.token_in
        for pool in self.pools:
            token = pool.other(token)
        return token

    @property
    def markets(self) -> tuple[str, ...]:
        """Where it trades, in its order."""
        return tuple(pool.market for pool in self.pools)

    def done(self, states: PoolStates) -> tuple[PoolStates, int]:
        """The states after it, and what it would gain there. Raises Reverted where it cannot trade."""
        token, amount = self.token_in, self.amount_in
        for pool in self.pools:
            states, amount = swapped(states, pool, token, amount)
            token = pool.other(token)
        is_cycle = token.symbol == self.token_in.symbol
        return states, amount - (self.amount_in if is_cycle else self.cost)


def cycles(pools: Collection[Pool], start: Iterable[Erc20]) -> list[Cycle]:
    """Every way from a token back to it through 2 or 3 different pools."""

    def onward(token: Erc20, home: Erc20, way: tuple[Pool, ...]) -> Iterator[tuple[Pool, ...]]:
        for pool in pools:
            if pool in way or token.symbol not in {pool.base.symbol, pool.quote.symbol}:
                continue
            following, longer = pool.other(token), (*way, pool)
            if following.symbol == home.symbol:
                if way:
                    yield longer
            elif len(longer) < MOST_POOLS:
                yield from onward(following, home, longer)

    return [(home, way) for home in start for way in onward(home, home, ())]


class GapFinder:
    """Finds the trades of greatest profit, as far as a searcher's capital goes."""

    def __init__(self, pools: Mapping[str, Pool], tokens: Collection[Erc20], against: Against):
        self._pools = pools
        self._outside = against != "pools"
        self._cycles = cycles(list(pools.values()), tokens) if against != "outside" else []

    def gaps(
        self,
        view: View,
        states: PoolStates,
        capital: Mapping[str, int],
        touched: Collection[str] | None = None,
    ) -> Iterator[Gap]:
        """Of each way the best trade that gains, before gas.

        capital: wei by symbol. touched: only ways through one of these markets; None: all.
        """
        for token, way in self._cycles:
            if touched is None or any(pool.market in touched for pool in way):
                yield from cycle_gap(states, token, way, capital.get(token.symbol, 0))
        for market in (self._pools if touched is None else touched) if self._outside else ():
            pool = self._pools[market]
            price = outside_price(view, pool)
            if price is not None:
                yield from outside_gap(states, pool, price, capital)


def cycle_gap(states: PoolStates, token: Erc20, way: tuple[Pool, ...], most: int) -> Iterator[Gap]:
    """The best input of a cycle (`cpmm.optimal_cycle`), if any gains."""
    sides, sold = [], token
    for pool in way:
        sides.append(pool.sides(sold, states[pool.market]))
        sold = pool.other(sold)
    if not most or not all(map(all, sides)):
        return
    best = cpmm.optimal_cycle(sides, [pool.fee_bps for pool in way], max_in=most)
    if best.profit > 0:
        yield Gap(way, token, best.amount_in, 0, best.profit)


def outside_gap(
    states: PoolStates, pool: Pool, price: Fraction, capital: Mapping[str, int]
) -> Iterator[Gap]:
    """The swap towards an outside price, quote wei per base wei (`cpmm.arbitrage`), if it gains."""
    held = states[pool.market]
    if not held.base or not held.quote:
        return
    sells_base, amount = cpmm.arbitrage(
        held.base, held.quote, price.numerator, price.denominator, pool.fee_bps
    )
    token = pool.base if sells_base else pool.quote
    amount = min(amount, capital.get(token.symbol, 0))
    if not amount:
        return
    worth = ceil(amount * price if sells_base else amount / price)
    gross = cpmm.amount_out(amount, *pool.sides(token, held), pool.fee_bps) - worth
    if gross > 0:
        yield Gap((pool,), token, amount, worth, gross)


def outside_price(view: View, pool: Pool) -> Fraction | None:
    """Quote wei per base wei outside; None for tokens that have no price there."""
    known = view.prices.at(view.time_ms)
    base, quote = pool.base, pool.quote
    if base.symbol not in known or quote.symbol not in known or not known[quote.symbol]:
        return None
    whole = Fraction(known[base.symbol]) / Fraction(known[quote.symbol])
    return whole * Fraction(10) ** (quote.decimals - base.decimals) or None


def gain_in(gap: Gap, states: PoolStates) -> int:
    """What a trade would gain where pools hold this; 0 where it cannot trade, or loses."""
    try:
        return max(0, gap.done(states)[1])
    except Reverted:
        return 0

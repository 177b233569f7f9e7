"""The liquidity of one market, walked step by step: what each step made of every holder's share.

A holder's position is worth its share of the reserves, at the prices of the
block's end. Each change of that value has one cause, and is entered under it:

- exposure: prices moved while the reserves stayed: sum of x * (change of price).
  It is what the rebalancing portfolio of Milionis, Moallemi, Roughgarden and
  Zhang ("Automated Market Making and Loss-Versus-Rebalancing", 2022) earns,
  which holds what the pool holds and trades at the outside price.
- fees: the part of every swap's input that the pool keeps by its fee.
- lvr, loss-versus-rebalancing: what a swap took from the pool beyond its fee.
  Without fees the sum is R - V of that paper, along the path. Against
  arbitrage it is a loss; from those who trade at a worse price than the
  outside one it is a gain, and negative here.
- other: what no trade brought: donations, deposits out of proportion, rounding,
  and the protocol's part of the fees, which is paid by all in new liquidity.
- trading: fees - lvr + other in one, where a pool's steps are not known.
- flow: what the holder put in less what it took out.

Values are integers: grains of 1e-36 whole numeraire tokens, rounded down. All
changes are differences of such values, so that they add up with no rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dexsim.results.arm import Row

GRAINS = 10**36
"""Of a whole numeraire token."""

_ARBITRAGE = "arbitrageur"
_BPS = 10_000


@dataclass(slots=True)
class Sums:
    """What a holder's position came to, by cause, in grains; lvr_to_arbitrage is part of lvr."""

    exposure: int = 0
    fees: int = 0
    lvr: int = 0
    lvr_to_arbitrage: int = 0
    other: int = 0
    trading: int = 0
    flow: int = 0


class Book:
    """A market's reserves and whose they are, while its steps are played.

    lp: LP tokens by holder. fee_bps: None where steps are not known (see
    `adopt`). volume, own_volume: grains that swaps paid in, and the part of it
    that swappers paid to themselves as holders of liquidity.
    """

    def __init__(
        self, market: str, lp: Mapping[str, int], reserves: tuple[int, int], fee_bps: int | None
    ) -> None:
        self.lp: dict[str, int] = defaultdict(int, lp)
        self.supply = sum(lp.values())
        self.base, self.quote = reserves
        self.sums: dict[str, Sums] = defaultdict(Sums)
        self.volume = self.own_volume = 0
        self._fee_bps = fee_bps or 0
        self._pool = f"pool {market}"
        self._prices = (0, 0, 1)
        self._values: dict[str, int] = {}
        self._created: list[tuple[str, int]] = []
        self._destroyed: list[tuple[str, int]] = []
        self._in_transit: list[tuple[str, int]] = []
        self._steps: dict[str, Callable[[Row], None]] = {
            "swap": self._swap,
            "mint": self._mint,
            "burn": self._burn,
            "sync": self._sync,
            "created": self._create,
            "destroyed": self._destroy,
            "transfer": self._transfer,
            "stake": self._transfer,
            "unstake": self._transfer,
        }

    def open(self, base_price: Fraction, quote_price: Fraction) -> dict[str, int]:
        """Set the prices of a wei to begin with, and return what each position is worth."""
        self._set_prices(base_price, quote_price)
        self._revalue()
        return dict(self._values)

    def reprice(self, base_price: Fraction, quote_price: Fraction) -> None:
        """The next block: its prices, on what the pool still holds."""
        self._set_prices(base_price, quote_price)
        for holder, change in self._revalue().items():
            self.sums[holder].exposure += change

    def play(self, rows: Iterable[Row]) -> None:
        """The steps of one transaction, in order."""
        for row in rows:
            self._steps[row["kind"]](row)
        self._finish()

    def adopt(self, lp: Mapping[str, int], reserves: tuple[int, int]) -> None:
        """What is there at a block's end, where steps are not known.

        LP tokens that came or went in the block count as flow at their value at
        its end; everything else that happened is `trading`.
        """
        supply = sum(lp.values())
        if supply and self.supply:
            (self.base, self.quote), self.supply = reserves, supply
            for holder, change in self._revalue().items():
                self.sums[holder].trading += change
        (self.base, self.quote), self.supply = reserves, supply
        self.lp = defaultdict(int, lp)
        for holder, change in self._revalue().items():
            self.sums[holder].flow += change

    def count(self, agent: str, base_in: int, quote_in: int) -> None:
        """A swap's volume, and the part of it that the swapper's own liquidity took."""
        paid = self._worth(base_in, quote_in)
        self.volume += self._part(paid, 1, 1)
        self.own_volume += self._part(paid, self.lp.get(agent, 0), self.supply)

    # --- steps ------------------------------------------------------------------

    def _swap(self, row: Row) -> None:
        self._move_reserves(row)
        paid = self._worth(row["base_in"], row["quote_in"])
        for holder, change in self._revalue().items():
            mine = self.sums[holder]
            fee = self._part(paid * self._fee_bps, self.lp[holder], self.supply * _BPS)
            mine.fees += fee
            mine.lvr += fee - change
            if row["role"] == _ARBITRAGE:
                mine.lvr_to_arbitrage += fee - change
        self.count(row["agent"], row["base_in"], row["quote_in"])

    def _mint(self, row: Row) -> None:
        """Who gets the last of the LP tokens has put in what came."""
        minted = self._created
        self._apply_moves()
        self._move_reserves(row)
        changes = self._revalue()
        if minted:
            joined = minted[-1][0]
            put_in = self._part(self._worth(row["base_in"], row["quote_in"]), 1, 1)
            self.sums[joined].flow += put_in
            changes[joined] = changes.get(joined, 0) - put_in
        self._enter_other(changes)

    def _burn(self, row: Row) -> None:
        """Whose LP tokens are destroyed has taken out what went."""
        burnt = self._destroyed
        self._apply_moves()
        self._move_reserves(row)
        changes = self._revalue()
        worth = self._worth(row["base_out"], row["quote_out"])
        total = sum(amount for _, amount in burnt)
        for holder, amount in burnt:
            taken = self._part(worth, amount, total)
            self.sums[holder].flow -= taken
            changes[holder] = changes.get(holder, 0) + taken
        self._enter_other(changes)

    def _sync(self, row: Row) -> None:
        self._move_reserves(row)
        self._enter_other(self._revalue())

    def _create(self, row: Row) -> None:
        self._created.append((row["target"], row["lp"]))

    def _destroy(self, row: Row) -> None:
        """LP tokens that lie in the pool for its burn are still theirs who sent them there."""
        source, left = row["source"], row["lp"]
        while left and source == self._pool and self._in_transit:
            holder, amount = self._in_transit.pop(0)
            used = min(left, amount)
            self._destroyed.append((holder, used))
            left -= used
            if amount > used:
                self._in_transit.insert(0, (holder, amount - used))
        if left:
            self._destroyed.append((source, left))

    def _transfer(self, row: Row) -> None:
        if row["target"] == self._pool:
            self._in_transit.append((row["source"], row["lp"]))
        else:
            self._hand_over(row["source"], row["target"], row["lp"])

    # --- what steps are made of ----------------------------------------------------

    def _hand_over(self, source: str, target: str, amount: int) -> None:
        self.lp[source] -= amount
        self.lp[target] += amount
        for holder, change in self._revalue().items():
            self.sums[holder].flow += change

    def _finish(self) -> None:
        """What a transaction leaves open: liquidity from nowhere, or sent to the pool for anybody."""
        if self._created or self._destroyed:
            self._apply_moves()
            self._enter_other(self._revalue())
        for holder, amount in self._in_transit:
            self._hand_over(holder, self._pool, amount)
        self._in_transit = []

    def _apply_moves(self) -> None:
        for sign, moves in ((1, self._created), (-1, self._destroyed)):
            for holder, amount in moves:
                self.lp[holder] += sign * amount
                self.supply += sign * amount
        self._created, self._destroyed = [], []

    def _move_reserves(self, row: Row) -> None:
        self.base += row["base"]
        self.quote += row["quote"]

    def _enter_other(self, changes: Mapping[str, int]) -> None:
        for holder, change in changes.items():
            self.sums[holder].other += change

    def _set_prices(self, base_price: Fraction, quote_price: Fraction) -> None:
        """Both prices over one denominator."""
        self._prices = (
            base_price.numerator * quote_price.denominator,
            quote_price.numerator * base_price.denominator,
            base_price.denominator * quote_price.denominator,
        )

    def _worth(self, base: int, quote: int) -> int:
        return self._prices[0] * base + self._prices[1] * quote

    def _part(self, worth: int, share: int, total: int) -> int:
        """A share of a worth, in grains; nothing of an empty pool."""
        return worth * share * GRAINS // (total * self._prices[2]) if total else 0

    def _revalue(self) -> dict[str, int]:
        """Value all positions anew; by how much each has changed."""
        worth = self._worth(self.base, self.quote)
        before = self._values
        self._values = {who: self._part(worth, lp, self.supply) for who, lp in self.lp.items()}
        changes = {who: now - before.get(who, 0) for who, now in self._values.items()}
        gone = {who: -was for who, was in before.items() if who not in self._values}
        return {who: change for who, change in (changes | gone).items() if change}

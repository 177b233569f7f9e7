"""What providing liquidity brought, split by cause: for every holder and every market."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from dexsim.results.accounts import liquidity
from dexsim.results.lp_book import GRAINS, Book, Sums
from dexsim.results.lp_incentives import Incentives, Place, gas, incentives

if TYPE_CHECKING:
    from dexsim.results.arm import Arm, Row


@dataclass(frozen=True, kw_only=True)
class LpParts:
    """A holder's liquidity in a market over the run, in whole numeraire tokens at each block's prices.

    opening, closing: what the position is worth after the set-up and at the
    end, by the tables of balances and reserves. flow: put in less taken out.
    exposure, fees, lvr, other, trading: see `dexsim.results.lp_book`, which
    gets them from the steps of the pool. rewards: beside the position, as is
    gas. lvr_to_arbitrage: the part of lvr that arbitrageurs took.
    """

    holder: str
    role: str
    market: str
    opening: Fraction
    closing: Fraction
    flow: Fraction
    exposure: Fraction
    fees: Fraction
    lvr: Fraction
    lvr_to_arbitrage: Fraction
    other: Fraction
    trading: Fraction
    rewards: Incentives
    gas: Fraction

    @property
    def change(self) -> Fraction:
        """What the position gained: its change of value beyond what was put in or taken out."""
        return self.closing - self.opening - self.flow

    @property
    def open(self) -> Fraction:
        """What the parts leave unexplained of `change`: 0, exactly."""
        return self.change - (self.exposure + self.fees - self.lvr + self.other + self.trading)

    @property
    def profit(self) -> Fraction:
        """All parts, with the rewards at market price when they were earned."""
        return self.change + self.rewards.at_market - self.gas

    @property
    def profit_cashed_out(self) -> Fraction:
        """All parts, with what sold rewards brought and the others at the end's price."""
        return self.change + self.rewards.cashed_out + self.rewards.kept - self.gas


@dataclass(frozen=True)
class MarketWalked:
    """A market after the run: sums and positions by holder, in grains; what swaps paid in."""

    opening: Mapping[str, int]
    closing: Mapping[str, int]
    sums: Mapping[str, Sums]
    volume: int
    own_volume: int


def lp_parts(arm: Arm) -> list[LpParts]:
    """The split of everybody who has or had liquidity, market by market."""
    roles = {row["agent"]: row["role"] for row in arm.rows("agents")}
    earned = incentives(arm)
    places = _places(arm, earned)
    markets: dict[str, list[str]] = defaultdict(list)
    for holder, market in places:
        markets[holder].append(market)
    paid = gas(arm, markets)
    return [
        _parts(arm, place, roles, earned.get(place) or Incentives(), paid.get(place, Fraction(0)))
        for place in places
    ]


def _places(arm: Arm, earned: Mapping[Place, Incentives]) -> list[Place]:
    """Holder and market wherever there is something to split."""
    found = [
        (holder, market)
        for market, done in arm.kept(walked).items()
        for holder in {**done.opening, **done.sums, **done.closing}
        if done.sums.get(holder, Sums()) != Sums()
        or done.opening.get(holder)
        or done.closing.get(holder)
    ]
    return list(dict.fromkeys([*found, *earned]))


def _parts(
    arm: Arm, place: Place, roles: Mapping[str, str], earned: Incentives, paid: Fraction
) -> LpParts:
    holder, market = place
    done = arm.kept(walked)[market]
    sums = done.sums.get(holder, Sums())

    def whole(grains: int) -> Fraction:
        return Fraction(grains, GRAINS)

    return LpParts(
        holder=holder,
        role=roles.get(holder, "others"),
        market=market,
        opening=whole(done.opening.get(holder, 0)),
        closing=whole(done.closing.get(holder, 0)),
        flow=whole(sums.flow),
        exposure=whole(sums.exposure),
        fees=whole(sums.fees),
        lvr=whole(sums.lvr),
        lvr_to_arbitrage=whole(sums.lvr_to_arbitrage),
        other=whole(sums.other),
        trading=whole(sums.trading),
        rewards=earned,
        gas=paid,
    )


def walked(arm: Arm) -> dict[str, MarketWalked]:
    """Every market, walked from the set-up to the end."""
    steps: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in arm.rows("liquidity"):
        steps[row["market"], row["block"]].append(row)
    books, opening = {}, {}
    for pool in arm.at_block("pools", 0):
        book = books[pool["market"]] = _book(arm, pool, 0)
        opening[pool["market"]] = book.open(*_prices(arm, pool, 0))
    for block in range(1, arm.last_block + 1):
        for pool in arm.at_block("pools", block):
            book = books[pool["market"]]
            book.reprice(*_prices(arm, pool, block))
            if pool["fee_bps"] is None:
                _count(book, pool, arm.at_block("swaps", block))
                book.adopt(_lp(arm, block, pool["market"]), _reserves(pool))
            for _, rows in groupby(steps[pool["market"], block], lambda row: row["position"]):
                book.play(rows)
    end = arm.last_block
    return {
        pool["market"]: MarketWalked(
            opening[pool["market"]],
            _book(arm, pool, end).open(*_prices(arm, pool, end)),
            books[pool["market"]].sums,
            books[pool["market"]].volume,
            books[pool["market"]].own_volume,
        )
        for pool in arm.at_block("pools", end)
    }


def _book(arm: Arm, pool: Row, block: int) -> Book:
    """A market as the tables of balances and reserves have it."""
    lp = _lp(arm, block, pool["market"])
    return Book(pool["market"], lp, _reserves(pool), pool["fee_bps"])


def _count(book: Book, pool: Row, swaps: list[Row]) -> None:
    """The volume of a block where steps are not known."""
    for row in swaps:
        if row["market"] == pool["market"]:
            sells_base = row["token_in"] == pool["base"]
            amount = row["amount_in"]
            book.count(row["agent"], amount * sells_base, amount * (not sells_base))


def _lp(arm: Arm, block: int, market: str) -> dict[str, int]:
    held = liquidity(arm, block).items()
    return {holder: amount for (holder, name), amount in held if name == market}


def _reserves(pool: Row) -> tuple[int, int]:
    return pool["base_reserve"], pool["quote_reserve"]


def _prices(arm: Arm, pool: Row, block: int) -> tuple[Fraction, Fraction]:
    """Of a wei of base and of quote; 0 where nobody says one."""
    prices = arm.prices_at(block)
    return prices.get(pool["base"], Fraction(0)), prices.get(pool["quote"], Fraction(0))

"""What liquidity earned in rewards and paid in gas, by holder and market: exact fractions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dexsim.results.arm import Arm, Row

Place = tuple[str, str]
"""A holder and a market."""

_ZERO = Fraction(0)


@dataclass(slots=True)
class Incentives:
    """Rewards in the numeraire.

    at_market: every block's earnings at that block's price, claimed or not.
    cashed_out: what swaps that sold claimed rewards paid, at their block's
    prices. kept: what was not sold, at the end's price.
    """

    at_market: Fraction = _ZERO
    cashed_out: Fraction = _ZERO
    kept: Fraction = _ZERO


@dataclass(frozen=True, slots=True)
class Sold:
    """Rewards that a holder sold: wei, and what they brought in the numeraire.

    Never more than was claimed: what somebody sells beyond that was bought, and
    is left out in proportion.
    """

    amount: Fraction
    brought: Fraction


def incentives(arm: Arm) -> dict[Place, Incentives]:
    """Rewards of everybody who ever staked."""
    found: dict[Place, Incentives] = defaultdict(Incentives)
    earned: dict[tuple[str, str, str], int] = {}
    for row in arm.rows("rewards"):
        key = (row["gauge"], row["agent"], row["reward"])
        now = row["claimed"] + row["claimable"]
        before = earned.get(key, 0) if row["block"] else now
        earned[key] = now
        price = arm.prices_at(row["block"]).get(row["reward"], _ZERO)
        found[row["agent"], row["market"]].at_market += (now - before) * price
    sales, claims = arm.kept(sold), claimed(arm)
    markets = arm.about["gauges"]
    for (gauge, holder, reward), amount in claims.items():
        mine = found[holder, markets[gauge]]
        sale = sales.get((holder, reward), Sold(_ZERO, _ZERO))
        of_all = _of_all(claims, holder, reward)
        part = Fraction(amount, of_all) if of_all else _ZERO
        left = earned[gauge, holder, reward] - sale.amount * part
        mine.cashed_out += sale.brought * part
        mine.kept += arm.value(reward, left)
    return dict(found)


def claimed(arm: Arm) -> dict[tuple[str, str, str], int]:
    """What was claimed over the run, in wei, by gauge, holder and reward."""
    ends = {0: -1, arm.last_block: 1}
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for block, sign in ends.items():
        for row in arm.at_block("rewards", block):
            found[row["gauge"], row["agent"], row["reward"]] += sign * row["claimed"]
    return dict(found)


def sold(arm: Arm) -> dict[tuple[str, str], Sold]:
    """Claimed rewards that were sold, by holder and reward."""
    claims = claimed(arm)
    limits: dict[tuple[str, str], int] = defaultdict(int)
    for (_, holder, reward), amount in claims.items():
        limits[holder, reward] += amount
    amounts: dict[tuple[str, str], int] = defaultdict(int)
    brought: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in arm.rows("swaps"):
        key = (row["agent"], row["token_in"])
        if key in limits:
            price = arm.prices_at(row["block"]).get(row["token_out"], _ZERO)
            amounts[key] += row["amount_in"]
            brought[key] += row["amount_out"] * price
    found = {}
    for key, amount in amounts.items():
        counted = min(Fraction(1), Fraction(limits[key], amount))
        found[key] = Sold(amount * counted, brought[key] * counted)
    return found


def _of_all(claims: Mapping[tuple[str, str, str], int], holder: str, reward: str) -> int:
    return sum(amount for key, amount in claims.items() if key[1:] == (holder, reward))


def gas(arm: Arm, places: Mapping[str, list[str]]) -> dict[Place, Fraction]:
    """What holders paid for gas for the sake of their liquidity, at the block's price of ETH.

    places: by holder the markets where it has liquidity. Counted is every
    transaction but swaps, and swaps that sell a claimed reward: in the market
    whose liquidity it moved or whose pool or gauge it called, and in equal
    parts in all of the holder's markets where that cannot be said.
    """
    moved, selling = _markets_moved(arm), _sales(arm)
    called = _addresses(arm)
    found: dict[Place, Fraction] = defaultdict(Fraction)
    for row in arm.rows("transactions"):
        holder, place = row["agent"], (row["block"], row["position"])
        if holder not in places:
            continue
        if row["kind"] != "other" and place not in selling:
            continue
        named = moved.get(place) or selling.get(place) or called.get(row["to"], [])
        markets = [name for name in named if name in places[holder]] or places[holder]
        price = arm.prices_at(row["block"]).get("ETH", _ZERO)
        cost = row["gas_used"] * row["effective_gas_price"] * price
        for market in markets:
            found[holder, market] += cost / len(markets)
    return dict(found)


def _markets_moved(arm: Arm) -> dict[tuple[int, int], list[str]]:
    """Markets whose liquidity a transaction moved."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row in arm.rows("liquidity"):
        known = found[row["block"], row["position"]] if row["kind"] != "swap" else None
        if known is not None and row["market"] not in known:
            known.append(row["market"])
    return dict(found)


def _sales(arm: Arm) -> dict[tuple[int, int], list[str]]:
    """Transactions that sell a claimed reward, and the markets of the gauges that paid it."""
    markets: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (gauge, holder, reward), amount in claimed(arm).items():
        if amount:
            markets[holder, reward].append(arm.about["gauges"][gauge])
    return {
        (row["block"], row["position"]): markets[row["agent"], row["token_in"]]
        for row in arm.rows("swaps")
        if (row["agent"], row["token_in"]) in markets
    }


def _addresses(arm: Arm) -> dict[str, list[str]]:
    """Markets by the addresses of their pools and gauges."""

    def market(row: Row) -> str:
        role, name = row["role"], row["agent"].partition(" ")[2]
        return str(name if role == "pool" else arm.about["gauges"][name])

    rows = [row for row in arm.rows("agents") if row["role"] in {"pool", "gauge"}]
    return {address: [market(row)] for row in rows for address in row["accounts"]}

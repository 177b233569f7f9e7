"""One venue as many: the same liquidity in equal pools that know nothing of each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import TYPE_CHECKING

from dexsim.errors import ScenarioError

if TYPE_CHECKING:
    from dexsim.market.world import Market, Venue

_DIGITS = Context(prec=60)


def fragmented(
    venues: Mapping[str, Venue], markets: Mapping[str, Market]
) -> tuple[dict[str, Venue], dict[str, Market]]:
    """Venues and markets with every fragment written out, in order; others as they are.

    A venue of n fragments becomes NAME-1 to NAME-n, and each of its markets as many, with an n-th
    of the reserves each. Raises ScenarioError where that is no decimal, or a name is taken.
    """
    own_venues: dict[str, Venue] = {}
    for name, venue in venues.items():
        whole = dataclasses.replace(venue, fragments=1)
        for each in _names(name, venue.fragments, venues, "venues"):
            own_venues[each] = whole
    own_markets: dict[str, Market] = {}
    for name, market in markets.items():
        count = venues[market.venue].fragments if market.venue in venues else 1
        if count == 1:
            own_markets[name] = market
            continue
        for number, each in enumerate(_names(name, count, markets, "markets"), 1):
            own_markets[each] = _part(market, name, count, f"{market.venue}-{number}")
    return own_venues, own_markets


def _names(name: str, count: int, taken: Mapping[str, object], section: str) -> list[str]:
    if count == 1:
        return [name]
    names = [f"{name}-{number}" for number in range(1, count + 1)]
    for each in names:
        if each in taken:
            raise ScenarioError(
                f"{each!r} is there already, and would be a fragment", key=f"{section}.{name}"
            )
    return names


def _part(market: Market, name: str, count: int, venue: str) -> Market:
    return dataclasses.replace(
        market,
        venue=venue,
        base_reserve=_share(Decimal(market.base_reserve), count, f"{name}.base_reserve"),
        quote_reserve=None
        if market.quote_reserve is None
        else _share(Decimal(market.quote_reserve), count, f"{name}.quote_reserve"),
    )


def _share(reserve: Decimal, count: int, key: str) -> Decimal:
    part = _DIGITS.divide(reserve, Decimal(count))
    if _DIGITS.multiply(part, Decimal(count)) != reserve:
        raise ScenarioError(
            f"{reserve:f} cannot be shared equally among {count}", key=f"markets.{key}"
        )
    return part

"""A venue that is written once and stands many times."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dexsim.errors import ScenarioError
from dexsim.market.world import Market, Token, Venue, Weth, World
from dexsim.prices import Constant
from dexsim.scenario.reading import loads
from dexsim.scenario.scenario import Scenario
from dexsim.scenario.settings import apply
from dexsim.scenario.writing import dumps


def world(fragments: int, base: str = "1000", **markets: Market) -> World:
    main = Market(venue="x", pair="WETH/USDC", base_reserve=base, quote_reserve="2000000")
    return World(
        tokens={"WETH": Weth(), "USDC": Token(decimals=6)},
        venues={"x": Venue(fee_bps=5, fragments=fragments), "other": Venue()},
        markets={"main": main, **markets},
        prices={"WETH": Constant(price="2000")},
    )


def test_fragments_share_the_reserves_and_nothing_else() -> None:
    found = world(4)
    assert list(found.venues) == ["x-1", "x-2", "x-3", "x-4", "other"]
    assert list(found.markets) == ["main-1", "main-2", "main-3", "main-4"]
    assert {venue.fee_bps for name, venue in found.venues.items() if name != "other"} == {5}
    for number, market in enumerate(found.markets.values(), 1):
        assert (market.venue, market.pair) == (f"x-{number}", "WETH/USDC")
        assert (market.base_reserve, market.quote_reserve) == (Decimal(250), Decimal(500_000))


def test_one_fragment_is_the_venue_itself() -> None:
    assert list(world(1).markets) == ["main"]
    assert world(1).venues["x"] == Venue(fee_bps=5)


def test_markets_of_other_venues_stay_whole() -> None:
    second = Market(venue="other", pair="WETH/USDC", base_reserve="7", quote_reserve="1")
    assert world(2, second=second).markets["second"] == second


def test_a_reserve_that_cannot_be_shared_is_refused() -> None:
    with pytest.raises(ScenarioError, match="1000 cannot be shared equally among 3") as raised:
        world(3)
    assert raised.value.key == "markets.main.base_reserve"


def test_a_fragment_s_name_must_be_free() -> None:
    taken = Market(venue="other", pair="WETH/USDC", base_reserve="7", quote_reserve="1")
    with pytest.raises(ScenarioError, match="'main-2' is there already"):
        world(2, **{"main-2": taken})


def test_a_change_fragments_a_scenario_and_it_reads_back() -> None:
    whole = Scenario(world=world(1), agents={}, blocks=1)
    changed = apply(whole, {"world.venues.x.fragments": 2})
    assert changed == Scenario(world=world(2), agents={}, blocks=1)
    assert loads(dumps(changed)) == changed


@pytest.mark.parametrize("count", [0, 1_001, True, "2"])
def test_fragments_are_counted(count: object) -> None:
    with pytest.raises(ScenarioError):
        Venue(fragments=count)  # type: ignore[arg-type]

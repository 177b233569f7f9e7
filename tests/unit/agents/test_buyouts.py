"""Bidders who want everything, and holders with a price."""

from __future__ import annotations

from fractions import Fraction
from math import isclose
from typing import Any

import pytest

from dexsim.agents import Bidder, Holdout
from dexsim.blockspace.fees import Gas
from dexsim.errors import ScenarioError
from dexsim.market.issued import Issued, TenderOffer
from dexsim.market.world import Market, Token, Venue, World
from dexsim.prices import Constant
from dexsim.results.arm import Arm
from dexsim.results.measures import MEASURES
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Scenario
from dexsim.theory import buyout
from tests.scenarios.issuing import held

E18, USDC = 10**18, 10**6


def _arm(agents: dict[str, Any], *, blocks: int = 40, **offer: Any) -> Arm:
    """A house of 100 000 parts in a pool at 10 USDC, and whatever the others hold."""
    tender = {
        "token": "HOUSE",
        "bidder": "raider",
        "cash": "USDC",
        "price": "12",
        "ends_after_seconds": 120,
    }
    world = World(
        tokens={"USDC": Token(decimals=6), "DEED": Token(), "HOUSE": Issued(backing="DEED")},
        venues={"exchange": Venue(fee_bps=30)},
        markets={
            "main": Market(
                venue="exchange", pair="HOUSE/USDC", base_reserve="100000", quote_reserve="1000000"
            )
        },
        tenders={"all": TenderOffer(**(tender | offer))},
        prices={"USDC": Constant(price="1")},
    )
    gas = Gas(base_fee_gwei="0", native_price="2000")
    scenario = Scenario(world=world, agents=agents, blocks=blocks, numeraire="USDC", gas=gas)
    done = run(scenario, seed=0)
    assert done.summary().closes
    return done.arms[0]


def _bidder(**changes: Any) -> Bidder:
    return Bidder(**({"market": "main", "capital": "20000000", "tender": "all"} | changes))


def _holders(**changes: Any) -> Holdout:
    fields = {"market": "main", "count": 9, "amount": "100000", "ask": "11", "tender": "all"}
    return Holdout(**(fields | changes))


@pytest.mark.parametrize("bps", [5_000, 9_000, 9_900])
def test_buying_from_the_pool_costs_what_the_formula_says(bps: int) -> None:
    arm = _arm({"raider": _bidder(tender=None, buys_bps=bps, capital="200000000")}, blocks=2)
    share = Fraction(bps, 10_000)
    assert held(arm, "raider", "HOUSE") >= share * 100_000 * E18
    paid = Fraction(200_000_000 * USDC - held(arm, "raider", "USDC"), 1_000_000 * USDC)
    assert isclose(paid, buyout.cost_to_buy(share), rel_tol=1e-9)
    assert isclose(MEASURES["missing_bps"](arm), 10_000 - bps, abs_tol=1e-6)
    assert isclose(MEASURES["buyout_multiple"](arm), float(paid / share), rel_tol=1e-6)


def test_a_pool_is_never_bought_empty() -> None:
    arm = _arm({"raider": _bidder(tender=None, buys_bps=10_000)}, blocks=5)
    assert held(arm, "raider", "USDC") == 0  # everything that it had
    assert 0 < MEASURES["missing_bps"](arm) < 1_000


def test_an_offer_that_enough_accept_drags_the_others_along() -> None:
    agents = {
        "raider": _bidder(),
        "holders": _holders(),
        "nail": _holders(count=1, amount="1000", ask="1000"),
    }
    arm = _arm(agents, threshold_bps=8_000, drag_bps=8_000, squeeze_price="11")
    assert MEASURES["missing_bps"](arm) == 0
    assert held(arm, "raider", "HOUSE") == (900_000 + 1_000 + 100_000) * E18
    assert held(arm, "holders", "USDC") == 900_000 * 12 * USDC
    assert held(arm, "nail", "USDC") == 1_000 * 11 * USDC
    spent = (900_000 * 12 + 101_000 * 11) * USDC
    assert held(arm, "raider", "USDC") == 20_000_000 * USDC - spent
    assert held(arm, "tender all", "USDC") == 0


def test_all_or_nothing_fails_by_the_one_who_will_not_sell() -> None:
    agents = {
        "raider": _bidder(),
        "holders": _holders(),
        "nail": _holders(count=1, amount="1", ask="1000"),
    }
    arm = _arm(agents, threshold_bps=10_000)
    assert MEASURES["missing_bps"](arm) == 10_000
    assert held(arm, "raider", "USDC") == 20_000_000 * USDC
    assert held(arm, "holders", "HOUSE") == 900_000 * E18  # everybody has got his own back
    assert held(arm, "tender all", "HOUSE") == 0
    assert held(arm, "tender all", "USDC") == 0


def test_holders_sell_to_the_pool_at_their_price() -> None:
    agents = {
        "raider": _bidder(tender=None, buys_bps=700),
        "holders": _holders(count=3, amount="100", ask="11", last_ask="13", tender=None),
    }
    arm = _arm(agents, blocks=4)
    sold = [row for row in arm.rows("swaps") if row["agent"] == "holders"]
    pools = {row["block"]: row["price"] for row in arm.rows("pools")}
    asks = [11, 12, 13]
    assert sold
    assert len(sold) == sum(ask <= max(pools.values()) for ask in asks)
    assert all(pools[row["block"] - 1] >= 11 for row in sold)


def test_the_bidder_of_a_tender_is_who_it_says() -> None:
    with pytest.raises(ScenarioError, match="world.tenders.all.bidder: the bidder is"):
        _arm({"other": _bidder()})


def test_what_is_wanted_twice_is_refused() -> None:
    offer = {"token": "HOUSE", "bidder": "a", "cash": "USDC", "price": "1"}
    tokens = {"USDC": Token(decimals=6), "HOUSE": Issued(backing="USDC")}
    market = Market(venue="v", pair="HOUSE/USDC", base_reserve="1", quote_reserve="1")
    with pytest.raises(
        ScenarioError, match="tenders.second.token: HOUSE is wanted by tender 'first'"
    ):
        World(
            tokens=tokens,
            venues={"v": Venue()},
            markets={"m": market},
            tenders={"first": TenderOffer(**offer), "second": TenderOffer(**offer)},  # type: ignore[arg-type]
        )
    with pytest.raises(ScenarioError, match='tenders.t.token: USDC is no token of kind = "issued"'):
        World(
            tokens=tokens,
            venues={"v": Venue()},
            markets={"m": market},
            tenders={"t": TenderOffer(**(offer | {"token": "USDC"}))},  # type: ignore[arg-type]
        )
    with pytest.raises(ScenarioError, match="tokens.HOUSE.backing: USDC has to stand above HOUSE"):
        World(tokens=dict(reversed(tokens.items())), venues={"v": Venue()}, markets={"m": market})


def test_what_the_bidder_bought_before_counts_when_it_is_handed_in() -> None:
    """Nine tenths accept, and the bidder has half a hundredth: together just enough."""
    agents = {"raider": _bidder(buys_bps=50, opens_block=3), "holders": _holders(ask="11.9")}
    arm = _arm(agents, threshold_bps=9_050, drag_bps=9_050)
    assert MEASURES["missing_bps"](arm) == 0
    assert held(arm, "tender all", "HOUSE") == held(arm, "tender all", "USDC") == 0
    missed = _arm(agents, threshold_bps=9_051)
    assert MEASURES["missing_bps"](missed) == pytest.approx(9_950)

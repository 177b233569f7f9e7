"""Customers of an issuer: the peg held to its band, redemptions in line, and who owns the issuer."""

from __future__ import annotations

from fractions import Fraction
from math import isclose
from typing import Any

import pytest

from dexsim.agents import Buyer, IssuerOwner, Leaver, Redeemer
from dexsim.errors import ScenarioError
from dexsim.market.world import Market
from dexsim.results.arm import Arm
from dexsim.scenario.run import run
from dexsim.theory import peg
from tests.scenarios import issuing, small
from tests.scenarios.issuing import USDC, held, issuer, price

FEES = {"mint_fee_bps": 10, "redeem_fee_bps": 10}


def _redeemer(**changes: Any) -> Redeemer:
    fields = {"market": "peg", "capital": {"USDC": "2000000"}, "tip_gwei": 0}
    return Redeemer(**(fields | changes))


def _pushed(up: str, **terms: Any) -> Arm:
    """A buyer lifts the price in block 2; the redeemer answers in block 3."""
    buyer = Buyer(
        market="peg", buys="HUSD", amount=up, budget=up, starts_block=2, slippage_bps=10_000
    )
    return issuing.arm({"buyer": buyer, "redeemer": _redeemer()}, blocks=5, **(FEES | terms))


def test_a_dear_token_is_minted_and_sold_down_to_the_band() -> None:
    arm = _pushed("200000")
    high = peg.band(10, 10, 30)[1]
    assert price(arm, 2) > float(high)
    assert isclose(
        price(arm, 3), float(high), rel_tol=1e-3
    )  # the fee of the arbitrage stays in the pool
    assert price(arm, 3) <= float(high)
    assert issuer(arm)["minted"] > issuer(arm, 0)["minted"]
    assert held(arm, "redeemer", "USDC") > 2_000_000 * USDC


def test_a_cheap_token_is_bought_and_redeemed_up_to_the_band() -> None:
    low = peg.band(10, 10, 30)[0]
    arm = issuing.arm({"redeemer": _redeemer()}, quote="900000", blocks=3, **FEES)
    assert isclose(price(arm), float(low), rel_tol=1e-3)
    assert price(arm) >= float(low)
    assert held(arm, "redeemer", "USDC") > 2_000_000 * USDC
    assert held(arm, "redeemer", "HUSD") == 0


def test_what_brings_a_price_back_is_what_the_formula_says() -> None:
    """Without fees in pool and issuer: T0 (1 - sqrt(P0 / P)) tokens to redeem, at a cap a block."""
    arm = issuing.arm(
        {"redeemer": _redeemer()}, quote="900000", blocks=60, fee_bps=0, redeem_cap="1000"
    )
    told = peg.tokens_to_redeem(1_000_000, 0.9, 1.0)
    assert isclose(issuer(arm)["redeemed"] / USDC, told, rel_tol=1e-6)
    busy = [b for b in range(1, 61) if issuer(arm, b)["redeemed"] > issuer(arm, b - 1)["redeemed"]]
    assert len(busy) == peg.blocks_to_redeem(int(told * USDC) + 1, 1_000 * USDC) == 52


def test_inside_the_band_nothing_is_done() -> None:
    arm = issuing.arm({"redeemer": _redeemer()}, quote="1003000", blocks=3, **FEES)
    assert issuer(arm)["minted"] == issuer(arm, 0)["minted"]
    assert issuer(arm)["redeemed"] == 0


def test_gas_widens_the_band() -> None:
    """So much gas that minting a little is not worth it."""
    lifted = {"quote": "1010000", "blocks": 3}
    free = issuing.arm({"redeemer": _redeemer()}, **lifted, **FEES)  # type: ignore[arg-type]
    paid = issuing.arm({"redeemer": _redeemer()}, **lifted, **FEES, base_fee="5000")  # type: ignore[arg-type]
    assert price(free) < 1.0041 < price(paid)


@pytest.mark.parametrize(
    "terms",
    [
        {"whitelist": True},
        {"opens": "03:00", "closes": "03:01"},
        {"mint_cap": "1"},
    ],
)
def test_where_the_issuer_does_not_serve_the_price_stays_away(terms: dict[str, Any]) -> None:
    assert price(_pushed("200000", **terms)) > 1.4


def test_the_whitelisted_customer_is_served() -> None:
    assert price(_pushed("200000", whitelist=True, customers=["redeemer"])) < 1.0041


def test_with_a_delay_the_cash_comes_when_its_time_has_come() -> None:
    arm = issuing.arm(
        {"redeemer": _redeemer()}, quote="900000", blocks=12, delay_seconds=60, **FEES
    )
    asked = [b for b in range(1, 13) if issuer(arm, b)["waiting"]]
    assert asked == [1, 2, 3, 4, 5]  # blocks of twelve seconds
    assert issuer(arm)["redeemed"] == issuer(arm, 1)["waiting"]
    assert held(arm, "redeemer", "USDC") > 2_000_000 * USDC


def test_a_stock_is_held_to_what_its_share_costs() -> None:
    stock = issuing.Issued(backing="WETH")
    world = small.world(
        tokens=small.world().tokens | {"wSTOCK": stock},
        markets={
            "peg": Market(
                venue="exchange", pair="wSTOCK/USDC", base_reserve="100", quote_reserve="210000"
            )
        },
    )
    dealer = _redeemer(capital={"WETH": "100", "USDC": "200000"})
    arm = run(small.scenario(world=world, agents={"dealer": dealer}, blocks=10), seed=3).arms[0]
    outside = [float(r["exact"]) for r in arm.rows("prices") if r["token"] == "WETH"]
    for block in range(2, 11):
        assert isclose(price(arm, block), outside[block], rel_tol=0.0065)


def test_only_an_issued_base_has_a_peg() -> None:
    with pytest.raises(ScenarioError, match="market: the base of market 'main' is no issued token"):
        run(small.scenario(agents={"r": Redeemer(market="main", capital={})}))


# --- leaving ---------------------------------------------------------------------------


def _leavers(**changes: Any) -> Leaver:
    return Leaver(**({"token": "HUSD", "count": 4, "amount": "100", "tip_gwei": 0} | changes))


def test_holders_leave_one_after_the_other_as_the_cap_has_it() -> None:
    arm = issuing.arm({"all": _leavers()}, redeem_cap="150", blocks=5)
    gone = [issuer(arm, block)["redeemed"] / USDC for block in range(6)]
    assert gone == [0, 150, 300, 400, 400, 400]
    assert held(arm, "all", "USDC") == 400 * USDC
    assert peg.blocks_to_redeem(400, 150) == 3
    assert not [row for row in arm.rows("transactions") if not row["status"]]


def _short(redemption: str, **changes: Any) -> Arm:
    """A tenth of the reserve is gone before anybody leaves; the pool is next to nothing."""
    owner = IssuerOwner(token="HUSD", invests=1, invests_bps=1_000)
    return issuing.arm(
        {"owner": owner, "all": _leavers(starts_block=2, **changes)},
        base="0.1",
        quote="0.1",
        min_coverage_bps=9_000,
        redemption=redemption,
    )


def test_first_come_first_served_pays_the_first_in_full() -> None:
    arm = _short("first-come")
    assert held(arm, "all", "USDC") == int(400.1 * USDC * 9 // 10)
    assert issuer(arm)["reserve"] == 0
    assert held(arm, "all", "HUSD") == 400 * USDC - int(400.1 * USDC * 9 // 10)


def test_shared_out_everybody_is_paid_the_same_part() -> None:
    arm = _short("pro-rata")
    assert held(arm, "all", "HUSD") == 0
    assert held(arm, "all", "USDC") == 4 * (100 * USDC * 9 // 10)


def test_who_cannot_be_paid_sells_in_the_pool() -> None:
    arm = _short("first-come", sells_in="peg")
    assert held(arm, "all", "HUSD") == 0
    assert price(arm) < 1e-4  # a price of nothing, once the reserve is gone


def test_with_a_delay_leavers_ask_and_claim() -> None:
    arm = issuing.arm({"all": _leavers()}, delay_seconds=24, redeem_cap="150", blocks=6)
    assert issuer(arm, 1)["waiting"] == 400 * USDC
    assert [issuer(arm, b)["redeemed"] / USDC for b in range(1, 7)] == [0, 0, 150, 300, 400, 400]


# --- the owner ---------------------------------------------------------------------------


def test_the_owner_invests_and_puts_back_and_stops_minting() -> None:
    owner = IssuerOwner(token="HUSD", invests=2, invests_bps=500, divests=4, stops_minting=5)
    arm = issuing.arm({"owner": owner, "redeemer": _redeemer()}, min_coverage_bps=9_500)
    reserve = [issuer(arm, block)["reserve"] for block in range(7)]
    whole = 1_000_000 * USDC
    assert reserve[1:5] == [whole, whole * 95 // 100, whole * 95 // 100, whole]
    assert held(arm, "owner", "USDC", 3) == whole * 5 // 100


def test_no_more_can_be_invested_than_the_coverage_allows() -> None:
    owner = IssuerOwner(token="HUSD", invests=2, invests_bps=501)
    arm = issuing.arm({"owner": owner}, min_coverage_bps=9_500)
    (mine,) = [row for row in arm.rows("transactions") if row["agent"] == "owner"]
    assert mine["reason"] == "issuer: coverage too low"


def test_flight_lifts_the_price_where_minting_has_stopped() -> None:
    owner = IssuerOwner(token="HUSD", stops_minting=1)
    buyer = Buyer(
        market="peg",
        buys="HUSD",
        amount="200000",
        budget="200000",
        starts_block=2,
        slippage_bps=10_000,
    )
    arm = issuing.arm(
        {"owner": owner, "buyer": buyer, "redeemer": _redeemer()}, fee_bps=0, blocks=5
    )
    assert isclose(price(arm), float(peg.lifted_price(Fraction(2), Fraction(10))), rel_tol=1e-9)

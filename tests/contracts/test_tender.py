"""A buy-out: what is offered, who accepts, and that the bidder's cash is paid or given back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from dexsim.chain.accounts import Account
from dexsim.market.contract import Contract
from dexsim.testing import reverts
from tests.contracts.test_issuer import TERMS, as_struct

E18 = 10**18
FOREVER = 2**256 - 1
NOBODY = 10_001
CAROL, DAVE = Account.named("carol"), Account.named("dave")
SUPPLY = 1_000


@dataclass(frozen=True)
class Offer:
    """A tender of Carol's, paid in B, for a token of which Alice has 600, Bob 300, Carol 100 units."""

    dex: object
    tender: Contract
    token: Contract

    def send(self, name, sender, *args):
        return self.dex.send(getattr(self.tender.write, name)(sender, *args))

    def read(self, name, *args):
        return getattr(self.tender.read, name)(*args)

    def cash(self, who):
        return self.dex.token1.read.balanceOf(who)

    def tokens(self, who):
        return self.token.read.balanceOf(who)

    def late(self):
        self.dex.wait(self.tender.read.offer()[4] - self.dex.now() + 1)


@pytest.fixture
def offered(dex, alice, bob):
    issuer = dex.deploy("issuer", "House", "HSE", 18, dex.token0, alice, as_struct(TERMS))
    dex.send(dex.token0.write.approve(alice, issuer, FOREVER))
    for who, amount in ((alice, 600), (bob, 300), (CAROL, 100)):
        dex.send(issuer.write.mint(alice, amount, who))
    dex.send(dex.token1.write.transfer(alice, CAROL, 1_000 * E18))

    def made(*, price=2 * E18, squeeze=E18, threshold=5_000, drag=NOBODY, opened=True):
        terms = (price, squeeze, threshold, drag, dex.now() + 100)
        tender = dex.deploy("tender", issuer, dex.token1, CAROL, terms)
        dex.send(issuer.write.set_tender(alice, tender))
        dex.send(dex.token1.write.approve(CAROL, tender, FOREVER))
        for who in (alice, bob, CAROL):
            dex.send(issuer.write.approve(who, tender, FOREVER))
        offer = Offer(dex, tender, issuer)
        if opened:
            offer.send("open", CAROL)
            offer.send("accept", CAROL, 100)
        return offer

    return made


def test_the_bidder_lays_down_cash_for_everybody_else(offered):
    offer = offered(price=2 * E18 + 1)
    assert offer.read("cash_held") == offer.cash(offer.tender) == 1_801  # 900 * price, rounded up
    with reverts("tender: open already"):
        offer.send("open", CAROL)


def test_only_the_bidder_opens_and_in_time(offered, bob):
    offer = offered(opened=False)
    with reverts("tender: not the bidder"):
        offer.send("open", bob)
    with reverts("tender: not open"):
        offer.send("accept", bob, 1)
    offer.late()
    with reverts("tender: too late"):
        offer.send("open", CAROL)
    with reverts("tender: nothing to settle"):
        offer.send("settle", bob)


def test_who_accepts_is_paid_and_the_rest_of_the_cash_goes_back(offered, alice, bob):
    offer = offered()
    before = offer.cash(CAROL)
    offer.send("accept", bob, 300)
    offer.send("accept", alice, 100)
    assert offer.tokens(offer.tender) == 500  # the bidder's own are handed in too
    assert offer.read("reached_bps") == 5_000
    with reverts("tender: too early"):
        offer.send("settle", bob)
    with reverts("tender: not settled"):
        offer.send("collect", bob, bob)
    offer.late()
    offer.send("settle", DAVE)
    assert offer.read("succeeded")
    assert not offer.read("drags_along")
    assert offer.cash(CAROL) - before == 1_000  # of 1,800
    had = offer.cash(bob)
    offer.send("collect", DAVE, bob)
    assert offer.cash(bob) - had == 600
    with reverts("tender: nothing accepted"):
        offer.send("collect", DAVE, bob)
    offer.send("collect", DAVE, alice)
    had = offer.cash(CAROL)
    offer.send("collect", DAVE, CAROL)  # nobody is paid for what was the bidder's
    assert offer.cash(CAROL) == had
    assert offer.tokens(CAROL) == 500
    assert offer.tokens(alice) == 500
    assert offer.cash(offer.tender) == offer.read("cash_held") == 0
    with reverts("tender: nobody is squeezed out"):
        offer.send("squeeze", CAROL, alice)


@pytest.mark.parametrize(("accepted", "succeeds"), [(399, False), (400, True)])
def test_the_threshold_is_met_exactly_or_not(offered, alice, accepted, succeeds):
    offer = offered()
    offer.send("accept", alice, accepted)
    offer.late()
    offer.send("settle", alice)
    assert offer.read("succeeded") is succeeds


def test_after_a_failure_everybody_has_what_they_had(offered, alice, bob):
    offer = offered(threshold=10_000)  # all or nothing
    cash = offer.cash(CAROL)
    offer.send("accept", bob, 300)
    offer.send("accept", alice, 599)
    offer.late()
    with reverts("tender: too late"):
        offer.send("revoke", bob, 1)
    with reverts("tender: too late"):
        offer.send("accept", alice, 1)
    offer.send("settle", bob)
    assert offer.cash(CAROL) - cash == 1_800
    for who in (alice, bob, CAROL):
        offer.send("collect", DAVE, who)
    assert (offer.tokens(alice), offer.tokens(bob), offer.tokens(CAROL)) == (600, 300, 100)
    assert offer.cash(offer.tender) == offer.tokens(offer.tender) == 0
    with reverts("tender: nothing is left"):
        offer.send("return_surplus", DAVE)
    with reverts("tender: nothing to settle"):
        offer.send("settle", bob)


def test_even_with_everything_in_it_is_settled_after_the_deadline(offered, alice, bob):
    """What is borrowed for a moment cannot be handed in and decide in the same moment."""
    offer = offered(threshold=10_000)
    offer.send("accept", alice, 600)
    offer.send("accept", bob, 300)
    assert offer.read("reached_bps") == 10_000
    with reverts("tender: too early"):
        offer.send("settle", bob)
    offer.late()
    offer.send("settle", bob)
    assert offer.read("succeeded")
    with reverts("tender: too late"):
        offer.send("revoke", bob, 1)


def test_tokens_in_the_bidders_hands_count_for_nothing(offered, alice):
    offer = offered(threshold=5_000)
    offer.send("accept", alice, 300)
    offer.dex.send(offer.token.write.transfer(alice, CAROL, 300))
    offer.late()
    offer.send("settle", alice)
    assert not offer.read("succeeded")


def test_who_accepted_may_think_again(offered, bob):
    offer = offered()
    offer.send("accept", bob, 300)
    with reverts("tender: not accepted"):
        offer.send("revoke", bob, 301)
    offer.send("revoke", bob, 200)
    assert (offer.tokens(bob), offer.read("accepted", bob), offer.read("total_accepted")) == (
        200,
        100,
        200,
    )
    with reverts("tender: zero amount"):
        offer.send("accept", bob, 0)


@pytest.mark.parametrize(("accepted", "drags"), [(799, False), (800, True)])
def test_above_the_second_threshold_everybody_is_bought_out(offered, alice, bob, accepted, drags):
    offer = offered(drag=9_000)
    cash = offer.cash(CAROL)
    offer.send("accept", alice, 600)
    offer.send("accept", bob, accepted - 600)
    offer.late()
    offer.send("settle", DAVE)
    assert offer.read("drags_along") is drags
    if not drags:
        return
    assert offer.cash(CAROL) - cash == 100  # the squeeze-out costs half
    had = offer.cash(bob)
    offer.send("squeeze", DAVE, bob)
    assert offer.cash(bob) - had == 100
    for who in (alice, bob, CAROL):
        offer.send("collect", DAVE, who)
    assert offer.tokens(CAROL) == SUPPLY
    assert offer.cash(CAROL) == cash + 100
    assert offer.cash(offer.tender) == offer.read("cash_held") == 0


def test_what_rounding_leaves_goes_back_too(offered, alice, bob):
    offer = offered(price=E18 + 1, squeeze=E18 - 1, drag=5_000)
    offer.send("accept", alice, 600)
    offer.late()
    offer.send("settle", DAVE)
    before = offer.cash(CAROL)
    offer.send("collect", DAVE, alice)
    offer.send("squeeze", DAVE, bob)
    offer.send("return_surplus", DAVE)
    assert offer.cash(CAROL) - before == 2  # 601 laid down and 600 paid; 300 and 299
    assert offer.cash(offer.tender) == 0


def test_a_squeeze_takes_what_is_there_and_not_the_bidders(offered, alice):
    offer = offered(drag=5_000)
    offer.send("accept", alice, 600)
    offer.late()
    offer.send("settle", DAVE)
    for who in (CAROL, offer.tender):
        with reverts("tender: not to be squeezed out"):
            offer.send("squeeze", DAVE, who)
    with reverts("tender: zero amount"):
        offer.send("squeeze", DAVE, DAVE)


def test_an_offer_that_cannot_pay_for_new_tokens_fails(offered, dex, alice, bob):
    offer = offered(squeeze=2 * E18, drag=5_000)
    offer.send("accept", alice, 600)
    dex.send(offer.token.write.mint_at_par(alice, 1, bob))
    offer.late()
    offer.send("settle", DAVE)
    assert not offer.read("succeeded")
    offer.send("collect", DAVE, alice)
    assert offer.tokens(alice) == 600


def test_more_than_the_cash_is_for_is_not_accepted(offered, dex, alice):
    offer = offered()
    dex.send(offer.token.write.mint_at_par(alice, 301, alice))
    offer.send("accept", alice, 900)
    with reverts("tender: cash is missing"):
        offer.send("accept", alice, 1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"price": 0}, "tender: price out of range"),
        ({"price": 2**128, "squeeze": 0}, "tender: price out of range"),
        ({"squeeze": 2 * E18 + 1}, "tender: squeeze price above the price"),
        ({"threshold": 10_001}, "tender: threshold out of range"),
        ({"drag": 10_002}, "tender: threshold out of range"),
        ({"drag": 4_999}, "tender: drags along below the threshold"),
    ],
)
def test_offers_that_make_no_sense_are_refused(offered, changes, reason):
    with reverts(reason):
        offered(opened=False, **changes)


def test_an_offer_names_tokens_a_bidder_and_a_time_to_come(dex):
    good = (E18, E18, 0, NOBODY, dex.now() + 100)
    with reverts("tender: no such token"):
        dex.deploy("tender", CAROL, dex.token1, CAROL, good)
    with reverts("tender: zero address"):
        dex.deploy("tender", dex.token0, dex.token1, "0x" + "00" * 20, good)
    with reverts("tender: deadline has passed"):
        dex.deploy("tender", dex.token0, dex.token1, CAROL, (*good[:4], dex.now()))


def test_cash_that_does_not_arrive_opens_nothing(dex, alice, bob):
    cash = dex.deploy("mocks/fee_on_transfer", 100)
    dex.send(cash.write.mint(alice, CAROL, 10**24))
    offer = (E18, E18, 0, NOBODY, dex.now() + 100)
    tender = dex.deploy("tender", dex.token0, cash, CAROL, offer)
    with reverts("tender: transfer failed"):
        dex.send(tender.write.open(CAROL))
    dex.send(cash.write.approve(CAROL, tender, FOREVER))
    with reverts("tender: cash is missing"):
        dex.send(tender.write.open(CAROL))

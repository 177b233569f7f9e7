"""What others try while a token is bought back: new tokens, tokens that wait, cash that fails."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from dexsim.chain.accounts import Account
from dexsim.market.contract import Contract
from dexsim.testing import reverts
from tests.contracts.test_issuer import FOREVER, TERMS, as_struct

E18 = 10**18
CAROL, DAVE = Account.named("carol"), Account.named("dave")


@dataclass(frozen=True)
class Bid:
    """Carol bids 2 B a token, and 1.5 to whom she squeezes out; Alice issued, who owns and has 600."""

    dex: object
    issuer: Contract
    tender: Contract
    cash: Contract

    def do(self, contract, name, sender, *args):
        return self.dex.send(getattr(contract.write, name)(sender, *args))

    def offer(self, name, sender, *args):
        return self.do(self.tender, name, sender, *args)

    def tokens(self, who):
        return self.issuer.read.balanceOf(who)

    def money(self, who):
        return self.cash.read.balanceOf(who)

    def settled(self):
        self.dex.wait(101)
        self.offer("settle", DAVE)
        return self


@pytest.fixture
def bid(dex, alice, bob):
    """`bid(cash, **terms)`: open, with Alice's 600 accepted; Bob has 300 and Carol 100."""

    def made(cash=None, price=2 * E18, squeeze=15 * E18 // 10, drag=6_000, **terms):
        told = as_struct(TERMS | terms)
        issuer = dex.deploy("issuer", "House", "HSE", 18, dex.token0, alice, told)
        dex.send(dex.token0.write.approve(alice, issuer, FOREVER))
        for who, amount in ((alice, 600), (bob, 300), (CAROL, 100)):
            dex.send(issuer.write.mint_at_par(alice, amount, who))
        paid = cash or dex.token1
        offer = (price, squeeze, 0, drag, dex.now() + 100)
        made = Bid(dex, issuer, dex.deploy("tender", issuer, paid, CAROL, offer), paid)
        if cash is None:
            dex.send(paid.write.transfer(alice, CAROL, 10_000))
        dex.send(issuer.write.set_tender(alice, made.tender))
        dex.send(paid.write.approve(CAROL, made.tender, FOREVER))
        for who in (alice, bob):
            dex.send(issuer.write.approve(who, made.tender, FOREVER))
        made.offer("open", CAROL)
        made.offer("accept", alice, 600)
        return made

    return made


# --- the issuer while somebody bids ----------------------------------------------------


def test_nobody_mints_while_somebody_bids(bid, dex, alice, bob):
    made = bid()
    assert not made.issuer.read.minting()
    dex.send(dex.token0.write.transfer(alice, bob, 5))
    made.do(dex.token0, "approve", bob, made.issuer, 5)
    with reverts("issuer: minting has stopped"):
        made.do(made.issuer, "mint", bob, 5)
    with reverts("issuer: a tender is named"):
        made.do(made.issuer, "set_minting", alice, True)
    made.do(made.issuer, "set_minting", alice, False)
    made.do(made.issuer, "set_tender", alice, "0x" + "00" * 20)
    with reverts("issuer: minting has stopped"):
        made.do(made.issuer, "mint", bob, 5)
    made.do(made.issuer, "set_minting", alice, True)
    made.do(made.issuer, "mint", bob, 5)


def test_an_offer_is_not_paid_in_its_own_token(bid, dex):
    token = bid().issuer
    with reverts("tender: paid in itself"):
        dex.deploy("tender", token, token, CAROL, (E18, E18, 0, 0, dex.now() + 100))


# --- tokens that wait to be redeemed -----------------------------------------------------


def test_who_waits_is_squeezed_out_and_paid(bid, bob):
    made = bid(delay=1_000)
    made.do(made.issuer, "request", bob, 200)
    assert made.issuer.read.squeezable(bob) == 300
    made.settled()
    made.offer("squeeze", DAVE, bob)
    assert made.money(bob) == 450
    assert (made.tokens(bob), made.issuer.read.requested(bob)) == (0, 0)
    assert made.tokens(made.issuer) == made.issuer.read.waiting() == 0
    assert made.tokens(CAROL) == 400


def test_tokens_that_wait_are_their_owners_and_not_the_tills(bid, bob, alice):
    made = bid(delay=1_000)
    made.do(made.issuer, "request", bob, 200)
    made.settled()
    with reverts("tender: zero amount"):
        made.offer("squeeze", DAVE, made.issuer)
    made.do(made.issuer, "transfer", bob, made.issuer, 10)
    made.offer("squeeze", DAVE, made.issuer)  # what was sent astray, and nothing else
    assert made.money(made.issuer) == 15
    made.do(made.issuer, "cancel", bob, 200)
    assert made.tokens(bob) == 290


def test_a_tender_takes_no_more_than_there_is(bid, alice, bob):
    made = bid(delay=1_000)
    made.do(made.issuer, "request", bob, 200)
    made.do(made.issuer, "set_tender", alice, DAVE)
    with reverts("issuer: insufficient balance"):
        made.do(made.issuer, "squeeze", DAVE, bob, DAVE, 301)
    made.do(made.issuer, "squeeze", DAVE, bob, DAVE, 150)
    assert (made.tokens(bob), made.issuer.read.requested(bob)) == (0, 150)
    assert made.issuer.read.waiting() == made.tokens(made.issuer) == 150


# --- tokens that were not there when it was settled -----------------------------------------


def test_what_came_later_is_not_paid_from_what_others_are_owed(bid, alice, bob):
    made = bid().settled()
    assert made.tender.read.cash_held() == 1_200 + 450
    made.do(made.issuer, "mint_at_par", alice, 301, DAVE)
    with reverts("tender: cash is missing"):
        made.offer("squeeze", DAVE, DAVE)  # 451 of 450
    made.do(made.issuer, "transfer", DAVE, bob, 1)
    made.offer("squeeze", DAVE, DAVE)
    with reverts("tender: cash is missing"):
        made.offer("squeeze", DAVE, bob)
    assert made.tokens(bob) == 301  # who cannot be paid is not squeezed out
    made.offer("return_surplus", DAVE)
    made.offer("collect", DAVE, alice)
    assert made.money(made.tender) == made.tender.read.cash_held() == 0


def test_a_surplus_is_never_below_nothing(bid, alice):
    made = bid().settled()
    made.do(made.issuer, "mint_at_par", alice, 1_000, DAVE)
    made.offer("return_surplus", DAVE)
    assert made.tender.read.cash_held() == made.money(made.tender) == 1_200 + 450


def test_what_the_bidder_sells_later_is_not_paid_from_what_others_are_owed(bid, alice, bob):
    made = bid().settled()
    made.do(made.issuer, "transfer", CAROL, DAVE, 100)
    made.offer("squeeze", CAROL, DAVE)
    with reverts("tender: cash is missing"):
        made.offer("squeeze", CAROL, bob)
    made.offer("collect", DAVE, alice)
    assert made.tender.read.cash_held() == made.money(made.tender) == 300


# --- cash that fails ----------------------------------------------------------------------------


def odd_cash(dex, mock, *args):
    cash = dex.deploy(f"mocks/{mock}", *args)
    dex.send(cash.write.mint(CAROL, CAROL, 10_000))
    return cash


def test_cash_that_the_bidder_cannot_take_keeps_nobodys_tokens(bid, dex, alice, bob):
    cash = odd_cash(dex, "selective")
    made = bid(cash, drag=10_001)
    made.do(cash, "set_listed", CAROL, CAROL, True)
    made.settled()
    assert made.tender.read.succeeded()
    assert made.tender.read.cash_held() == 1_800
    made.offer("collect", DAVE, alice)
    with reverts("tender: transfer failed"):
        made.offer("return_surplus", DAVE)
    made.do(cash, "set_listed", CAROL, CAROL, False)
    made.offer("return_surplus", DAVE)
    assert made.money(made.tender) == made.tender.read.cash_held() == 0
    assert made.money(CAROL) == 10_000 - 1_200


def test_after_a_failure_cash_that_could_not_go_back_goes_later(bid, dex, alice):
    cash = odd_cash(dex, "false_return")
    made = bid(cash, drag=10_001)
    # More tokens than the cash is for: what cannot be paid fails.
    made.do(made.issuer, "mint_at_par", alice, 1, DAVE)
    made.do(cash, "set_failing", CAROL, True)
    made.settled()
    made.do(cash, "set_failing", CAROL, False)
    made.offer("collect", DAVE, alice)
    made.offer("return_surplus", DAVE)
    assert made.money(made.tender) == made.tender.read.cash_held() == 0


@pytest.mark.parametrize("inner", ["accept", "revoke", "settle", "collect", "squeeze", "open"])
def test_cash_that_calls_back_finds_the_tender_locked(bid, dex, alice, bob, inner):
    cash = odd_cash(dex, "reentrant_token")
    made = bid(cash).settled()
    args = {"accept": (1,), "revoke": (0,), "collect": (alice,), "squeeze": (bob,)}.get(inner, ())
    call = getattr(made.tender.write, inner)(CAROL, *args)
    made.do(cash, "set_hook", CAROL, made.tender, call.data)
    for name, who in (("collect", alice), ("squeeze", bob)):
        with reverts("tender: transfer failed") as refusal:
            made.offer(name, DAVE, who)
        assert any(b"tender: locked" in each for each in said(refusal.error.frame))
    made.do(cash, "set_hook", CAROL, "0x" + "00" * 20, b"")
    made.offer("collect", DAVE, alice)
    made.offer("squeeze", DAVE, bob)
    assert (made.money(alice), made.money(bob), made.money(made.tender)) == (1_200, 450, 0)


def said(frame):
    """What every frame of a call tree gave back."""
    return [frame.output, *(each for call in frame.calls for each in said(call))]

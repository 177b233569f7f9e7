"""A batch auction of a token that misbehaves: nobody's escrow is another's, nobody stops the others."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from dexsim.chain.accounts import Account
from dexsim.cpmm.batch import BatchOrder, clear
from dexsim.market.contract import Contract
from dexsim.testing import reverts

FOREVER = 2**256 - 1
NOBODY = "0x" + "00" * 20
E18 = 10**18
ANN, BEN, EVE = (Account.named(name) for name in ("ann", "ben", "eve"))


@dataclass(frozen=True)
class Trial:
    """An auction of an odd token and a plain one; the pool has 1000 of either, three people 100."""

    dex: object
    odd: Contract
    plain: Contract
    pool: Contract
    auction: Contract

    def do(self, contract, name, sender, *args):
        return self.dex.send(getattr(contract.write, name)(sender, *args, gas_limit=9_000_000))

    def place(self, who, token, amount=E18, least=0):
        self.do(self.auction, "place", who, token, amount, least)
        return self.auction.read.next_id() - 1

    def settle(self, *left_out):
        return self.do(self.auction, "settle", EVE, list(left_out))

    def held(self, *whose):
        return [
            tuple(token.read.balanceOf(who) for who in whose) for token in (self.odd, self.plain)
        ]

    def owed(self, who):
        return self.auction.read.owed(who, self.odd), self.auction.read.owed(who, self.plain)

    def amounts_out(self, *orders):
        """orders: (sells odd, amount). What each gets, of the pool as it is."""
        first = self.pool.read.token0() == self.odd.address
        batch = [BatchOrder(odd is first, amount) for odd, amount in orders]
        return clear(batch, *self.pool.read.getReserves()[:2]).amounts_out


@pytest.fixture
def try_out(dex, alice):
    def made(mock, *args):
        odd = dex.deploy(f"mocks/{mock}", *args)
        plain = dex.deploy("mocks/no_return")
        pool = dex.create_pool(odd, plain)
        auction = dex.deploy("batch_auction", pool)
        trial = Trial(dex, odd, plain, pool, auction)
        for token in (odd, plain):
            for who, amount in (
                (pool, 1000 * E18),
                (ANN, 100 * E18),
                (BEN, 100 * E18),
                (EVE, 100 * E18),
            ):
                trial.do(token, "mint", alice, who, amount)
            for who in (ANN, BEN, EVE):
                trial.do(token, "approve", who, auction, FOREVER)
        trial.do(pool, "mint", alice, alice)
        return trial

    return made


def test_a_fee_on_what_is_handed_in_is_refused(try_out):
    trial = try_out("fee_on_transfer", 100)
    with reverts("batch: transfer failed"):
        trial.place(ANN, trial.odd)
    trial.place(ANN, trial.odd, 99)  # a fee of 0


def test_a_token_that_does_not_pay_escrows_nothing(try_out):
    trial = try_out("false_return")
    number = trial.place(ANN, trial.odd)
    trial.do(trial.odd, "set_failing", ANN, True)
    with reverts("batch: transfer failed"):
        trial.place(BEN, trial.odd)
    with reverts("batch: transfer failed"):
        trial.do(trial.auction, "cancel", ANN, number)
    with reverts("batch: transfer failed"):  # the pool cannot be paid
        trial.settle()
    trial.do(trial.odd, "set_failing", ANN, False)
    trial.do(trial.auction, "cancel", ANN, number)
    assert trial.held(ANN, trial.auction) == [(100 * E18, 0)] * 2


def test_who_cannot_be_paid_is_owed_it_and_the_others_are_paid(try_out):
    trial = try_out("selective")
    trial.place(ANN, trial.plain)
    trial.place(BEN, trial.plain, 2 * E18)
    expected = trial.amounts_out((False, E18), (False, 2 * E18))
    trial.do(trial.odd, "set_listed", ANN, ANN, True)
    receipt = trial.settle()
    assert trial.held(BEN)[0] == (100 * E18 + expected[1],)
    assert trial.held(ANN, trial.auction)[0] == (100 * E18, expected[0])
    assert trial.owed(ANN) == (expected[0], 0)
    assert trial.owed(BEN) == trial.owed(EVE) == (0, 0)
    assert [e.name for e in trial.auction.events(receipt)].count("Owed") == 1
    for token in (trial.odd, trial.plain):
        with reverts("batch: nothing owed"):
            trial.do(trial.auction, "withdraw", EVE, token, EVE)
    with reverts("batch: transfer failed"):
        trial.do(trial.auction, "withdraw", ANN, trial.odd, ANN)
    assert trial.owed(ANN) == (expected[0], 0)
    trial.do(trial.auction, "withdraw", ANN, trial.odd, EVE)
    assert trial.held(EVE, trial.auction)[0] == (100 * E18 + expected[0], 0)
    with reverts("batch: nothing owed"):
        trial.do(trial.auction, "withdraw", ANN, trial.odd, ANN)


def test_what_is_owed_is_not_paid_to_a_later_batch(try_out):
    trial = try_out("selective")
    trial.place(ANN, trial.odd, E18, 2 * E18)  # asks for too much: refunded
    trial.do(trial.odd, "set_listed", ANN, ANN, True)
    trial.settle(0)
    assert trial.owed(ANN) == (E18, 0)
    trial.place(BEN, trial.odd, 3 * E18)
    trial.place(EVE, trial.plain, E18)
    trial.settle()
    assert trial.held(trial.auction) == [(E18,), (0,)]
    trial.do(trial.auction, "withdraw", ANN, trial.odd, BEN)
    assert trial.held(trial.auction) == [(0,), (0,)]


def test_what_strangers_send_changes_nobodys_share(try_out):
    trial = try_out("no_return")
    expected = trial.amounts_out((True, 5 * E18), (False, E18))
    before = trial.held(ANN, BEN)
    trial.do(trial.odd, "transfer", EVE, trial.auction, 7)
    trial.place(ANN, trial.odd, 5 * E18)
    trial.place(BEN, trial.plain, E18)
    trial.do(trial.plain, "transfer", EVE, trial.auction, 9)
    trial.settle()
    assert trial.held(trial.auction) == [(7,), (9,)]
    after = trial.held(ANN, BEN)
    assert after[0] == (before[0][0] - 5 * E18, before[0][1] + expected[1])
    assert after[1] == (before[1][0] + expected[0], before[1][1] - E18)


def test_a_purchase_that_does_not_arrive_settles_nothing(try_out):
    trial = try_out("selective")
    trial.place(ANN, trial.plain, 3 * E18)
    trial.do(trial.odd, "set_limit", ANN, 10**17)
    with reverts("pool: transfer failed"):
        trial.settle()
    taxed = try_out("fee_on_transfer", 100)
    taxed.place(ANN, taxed.plain, 3 * E18)
    with reverts("batch: transfer failed"):
        taxed.settle()
    taxed.do(taxed.auction, "cancel", ANN, 0)
    assert taxed.held(ANN, taxed.auction)[1] == (100 * E18, 0)


CALLS = {
    "place": lambda trial: (trial.plain, 1, 0),
    "cancel": lambda trial: (0,),
    "settle": lambda trial: ([],),
    "withdraw": lambda trial: (trial.odd, EVE),
}


@pytest.mark.parametrize("inner", CALLS)
def test_a_token_that_calls_back_finds_the_auction_locked(try_out, inner):
    trial = try_out("reentrant_token")
    trial.place(ANN, trial.odd)
    call = getattr(trial.auction.write, inner)(EVE, *CALLS[inner](trial))
    trial.do(trial.odd, "set_hook", EVE, trial.auction, call.data)
    attempts = [
        (trial.auction, "place", BEN, trial.odd, 1, 0),
        (trial.auction, "cancel", ANN, 0),
        (trial.auction, "settle", EVE, []),
    ]
    for attempt in attempts:
        with reverts("batch: transfer failed") as refusal:
            trial.do(*attempt)
        assert any(b"batch: locked" in each for each in said(refusal.error.frame))
    trial.do(trial.odd, "set_hook", EVE, NOBODY, b"")
    expected = trial.amounts_out((True, E18))
    trial.settle()
    assert trial.held(ANN, trial.auction)[1] == (100 * E18 + expected[0], 0)


def test_who_is_called_when_he_is_paid_cannot_be_paid_twice(try_out):
    trial = try_out("reentrant_token")
    trial.place(ANN, trial.odd, 2 * E18, 3 * E18)  # refunded
    trial.place(BEN, trial.plain, E18, 2 * E18)  # refunded: nothing goes through the pool
    call = trial.auction.write.withdraw(ANN, trial.odd, ANN)
    trial.do(trial.odd, "set_hook", EVE, trial.auction, call.data)
    trial.settle(0, 1)
    assert trial.owed(ANN) == (2 * E18, 0)  # the call back was refused, and so the payment
    assert trial.held(ANN, BEN, trial.auction) == [
        (98 * E18, 100 * E18, 2 * E18),
        (100 * E18, 100 * E18, 0),
    ]
    with reverts("batch: transfer failed") as refusal:
        trial.do(trial.auction, "withdraw", ANN, trial.odd, ANN)
    assert any(b"batch: locked" in each for each in said(refusal.error.frame))
    trial.do(trial.odd, "set_hook", EVE, NOBODY, b"")
    trial.do(trial.auction, "withdraw", ANN, trial.odd, ANN)
    assert trial.held(ANN, trial.auction) == [(100 * E18, 0), (100 * E18, 0)]


def test_more_than_a_pool_can_hold_waits_until_it_is_cancelled(try_out, alice):
    trial = try_out("no_return")
    trial.place(ANN, trial.odd)
    trial.do(trial.odd, "mint", alice, EVE, 2**112)
    room = 2**112 - 1 - 1000 * E18 - E18
    for amount, fits in ((room + 1, False), (room, True)):
        number = trial.place(EVE, trial.odd, amount)
        with trial.dex.chain.anchor():
            if fits:
                trial.settle()
            else:
                with reverts("pool: overflow"):
                    trial.settle()
        trial.do(trial.auction, "cancel", EVE, number)
    trial.settle()


def said(frame):
    """What every frame of a call tree gave back."""
    return [frame.output, *(each for call in frame.calls for each in said(call))]

"""What a run on an issuer pays, by its closed forms; and cash that is no proper cash."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dexsim.chain.accounts import Account
from dexsim.testing import reverts
from dexsim.theory import peg
from tests.contracts.test_issuer import FOREVER, TERMS, Till, as_struct, closes

E18 = 10**18
CAROL, OWNER = Account.named("carol"), Account.named("owner")
CROWD = [Account.named(f"holder {number}") for number in range(6)]
CLAIMS = [7, 1_000, 1, 333, 250, 409]  # 2,000 in all
ONE, ZERO = b"\0" * 31 + b"\1", b"\0" * 32


@pytest.fixture
def crowded(dex, alice):
    """`crowded(coverage_bps, **terms)`: everybody of the crowd has a claim, and this part is there."""

    def opened(coverage_bps, **terms):
        told = {"min_coverage_bps": coverage_bps, **terms}
        issuer = dex.deploy("issuer", "D", "D", 18, dex.token0, alice, as_struct(TERMS | told))
        till = Till(dex, issuer)
        dex.send(dex.token0.write.approve(alice, issuer, FOREVER))
        for who, claim in zip(CROWD, CLAIMS, strict=True):
            till.mint_at_par(alice, claim, who)
        gone = sum(CLAIMS) * (10_000 - coverage_bps) // 10_000
        till.invest(alice, gone, CAROL)
        return till

    return opened


# --- closed forms of a run ---------------------------------------------------------


@pytest.mark.parametrize("coverage_bps", [10_000, 9_000, 5_000])
def test_first_come_pays_what_the_closed_form_says(crowded, coverage_bps):
    till = crowded(coverage_bps)
    expected = peg.first_come(Fraction(coverage_bps, 10_000), CLAIMS)
    for who, claim, due in zip(CROWD, CLAIMS, expected, strict=True):
        # Whoever is not paid in full takes what is left, and keeps the rest of the tokens.
        if due < claim:
            with reverts("issuer: reserve exhausted"):
                till.redeem(who, int(due) + 1)
        if due:
            till.redeem(who, int(due))
        assert till.cash(who) == due
        assert till.read("balanceOf", who) == claim - due
    assert till.read("outstanding") == sum(CLAIMS) * (10_000 - coverage_bps) // 10_000
    assert closes(till)


@pytest.mark.parametrize("coverage_bps", [10_000, 9_000, 5_000, 50])
@pytest.mark.parametrize("backwards", [False, True])
def test_shared_out_the_order_makes_no_difference(crowded, coverage_bps, backwards):
    till = crowded(coverage_bps, pro_rata=True)
    claims = list(zip(CROWD, CLAIMS, strict=True))
    expected = dict(zip(CROWD, peg.pro_rata(Fraction(coverage_bps, 10_000), CLAIMS), strict=True))
    for later, (who, claim) in enumerate(reversed(claims) if backwards else claims):
        covered = till.read("coverage")
        till.redeem(who, claim)
        # Never more than the share but for the units that those before left behind.
        assert -1 < till.cash(who) - expected[who] <= later
        assert till.read("coverage") >= covered
    assert sum(till.cash(who) for who in CROWD) == -(-sum(CLAIMS) * coverage_bps // 10_000)
    assert till.read("reserve") == 0
    assert closes(till)


@pytest.mark.parametrize(("supply", "cap"), [(2_000, 1_000), (2_000, 999), (2_000, 7)])
def test_a_cap_takes_as_many_blocks_as_the_closed_form_says(dex, alice, supply, cap):
    told = as_struct(TERMS | {"redeem_cap": cap})
    till = Till(dex, dex.deploy("issuer", "D", "D", 18, dex.token0, alice, told))
    dex.send(dex.token0.write.approve(alice, till.issuer, FOREVER))
    till.mint(alice, supply)
    blocks = 0
    while left := till.read("outstanding"):
        with reverts("issuer: above the cap" if left > cap else "issuer: insufficient balance"):
            till.redeem(alice, min(left, cap) + 1)
        till.redeem(alice, min(left, cap))
        blocks += 1
    assert blocks == peg.blocks_to_redeem(supply, cap)


def test_a_fee_does_not_change_who_is_paid_what_part(crowded):
    till = crowded(5_000, pro_rata=True, redeem_fee_bps=1_000)
    till.redeem(CROWD[1], 1_000)
    till.redeem(CROWD[4], 250)
    assert (till.cash(CROWD[1]), till.cash(CROWD[4])) == (450, 112)  # 125 less a tenth, rounded
    assert till.read("income") == 50 + 13
    assert till.read("coverage") == E18 // 2


def test_more_than_all_is_not_shared_out(crowded, dex, alice):
    till = crowded(10_000, pro_rata=True)
    till.divest(alice, 500)
    till.redeem(CROWD[1], 1_000)
    assert till.cash(CROWD[1]) == 1_000
    assert till.read("coverage") == 15 * E18 // 10


# --- cash that misbehaves --------------------------------------------------------------


def odd(dex, bob, mock, *args, **terms):
    """An issuer over this cash; its owner has none, Bob has 1,000 and 500 tokens."""
    cash = dex.deploy(f"mocks/{mock}", *args)
    told = as_struct(TERMS | terms)
    issuer = dex.deploy("issuer", "D", "D", 18, cash, OWNER, told)
    for tx in (cash.write.mint(bob, bob, 1_500), cash.write.approve(bob, issuer, FOREVER)):
        dex.send(tx)
    till = Till(dex, issuer)
    till.mint(bob, 500)
    return cash, till


def state(till, *people):
    names = ("minted", "redeemed", "reserve", "income", "waiting", "totalSupply")
    held = tuple(till.read("balanceOf", who) for who in people)
    return (*(till.read(name) for name in names), *held)


MANNERS = {
    "a word of zero": (True, False, ZERO),
    "31 bytes": (True, False, b"\xff" * 31),
    "a refusal without reason": (True, True, b""),
    "a refusal that says yes": (True, True, ONE),
}
NOTHING_MOVES = {
    "yes without moving": (False, False, ONE),
    "silence without moving": (False, False, b""),
}


@pytest.mark.parametrize("manner", [*MANNERS, *NOTHING_MOVES])
def test_what_is_not_paid_out_is_not_written_off(dex, bob, manner):
    cash, till = odd(dex, bob, "odd_answer", min_coverage_bps=0, mint_fee_bps=2_500)
    before = state(till, bob)
    dex.send(cash.write.set_transfer(bob, *(MANNERS | NOTHING_MOVES)[manner]))
    calls = [(bob, "redeem", 5), (OWNER, "invest", 5, CAROL), (OWNER, "collect_income", 5, CAROL)]
    for who, name, *args in calls:
        with reverts("issuer: transfer failed"):
            getattr(till, name)(who, *args)
    assert state(till, bob) == before


@pytest.mark.parametrize("call", ["mint", "divest", "add_income"])
@pytest.mark.parametrize("manner", MANNERS)
def test_a_deposit_that_is_refused_counts_for_nothing(dex, bob, call, manner):
    cash, till = odd(dex, bob, "odd_answer")
    before = state(till, bob)
    dex.send(cash.write.set_transfer_from(bob, *MANNERS[manner]))
    with reverts("issuer: transfer failed"):
        getattr(till, call)(bob, 5)
    assert state(till, bob) == before


@pytest.mark.parametrize("manner", NOTHING_MOVES)
def test_a_deposit_that_does_not_arrive_counts_for_nothing(dex, bob, manner):
    cash, till = odd(dex, bob, "odd_answer")
    before = state(till, bob)
    dex.send(cash.write.set_transfer_from(bob, *NOTHING_MOVES[manner]))
    with reverts("issuer: zero amount"):
        till.mint(bob, 5)
    for call in ("divest", "add_income"):
        getattr(till, call)(bob, 5)
    assert state(till, bob) == before


def test_at_par_all_has_to_arrive(dex, bob):
    cash, till = odd(dex, bob, "fee_on_transfer", 100)
    dex.send(cash.write.mint(bob, OWNER, 1_000))
    dex.send(cash.write.approve(OWNER, till.issuer, FOREVER))
    with reverts("issuer: transfer failed"):
        till.mint_at_par(OWNER, 1_000, bob)
    assert till.read("minted") == 495


def test_cash_that_costs_its_sender_more_is_not_paid_out_of_what_is_others(dex, bob):
    cash, till = odd(dex, bob, "tax_on_top", 100)
    with reverts("issuer: transfer failed"):
        till.redeem(bob, 100)
    till.redeem(bob, 99)  # too little for a tax
    assert cash.read.balanceOf(till.issuer) == till.read("reserve") == 401


@pytest.mark.parametrize("told", [0, 499])
def test_a_balance_that_shrinks_in_a_deposit_is_told(dex, bob, told):
    cash, till = odd(dex, bob, "lying_balance")
    dex.send(cash.write.lie(bob, True, False, told.to_bytes(32, "big")))
    with reverts("issuer: transfer failed"):
        till.mint(bob, 5)
    with reverts("issuer: transfer failed"):
        till.divest(bob, 5)


def test_more_than_was_asked_for_is_nobodys(dex, bob):
    """Whatever a balance says, a deposit mints no more than what was to be paid."""
    cash, till = odd(dex, bob, "lying_balance")
    dex.send(cash.write.lie(bob, True, False, (10**9).to_bytes(32, "big")))
    till.mint(bob, 5)
    assert (till.read("reserve"), till.read("outstanding")) == (505, 505)


def test_neither_reserve_nor_income_is_recovered(dex, bob):
    cash, till = odd(dex, bob, "no_return", mint_fee_bps=2_500)
    assert (till.read("reserve"), till.read("income")) == (400, 100)
    with reverts("issuer: cash is promised"):
        till.recover(OWNER, cash, 1, CAROL)
    dex.send(cash.write.transfer(bob, till.issuer, 1))
    till.recover(OWNER, cash, 1, CAROL)
    assert cash.read.balanceOf(CAROL) == 1


def test_a_loss_of_the_cash_is_told_and_takes_no_tokens(dex, bob):
    cash, till = odd(dex, bob, "rebasing")
    dex.send(cash.write.rebase(bob, 1, 2))
    before = state(till, bob)
    with reverts("issuer: transfer failed"):
        till.redeem(bob, 251)
    assert state(till, bob) == before
    with reverts("issuer: cash is promised"):
        till.recover(OWNER, cash, 0, CAROL)
    till.redeem(bob, 250)
    assert cash.read.balanceOf(till.issuer) == 0


# What the lock guards, with arguments that would do if it did not.
REENTRIES = {
    "mint": (1,),
    "mint_at_par": (1, CAROL),
    "redeem": (1,),
    "request": (1,),
    "claim": (0,),
    "cancel": (0,),
    "invest": (0, CAROL),
    "divest": (0,),
    "add_income": (0,),
    "collect_income": (0, CAROL),
    "recover": (CAROL, 0, CAROL),
}


def said(frame):
    """What every frame of a call tree gave back."""
    return [frame.output, *(each for call in frame.calls for each in said(call))]


@pytest.mark.parametrize("inner", REENTRIES)
def test_in_the_middle_of_a_payment_every_door_is_locked(dex, bob, inner):
    cash, till = odd(dex, bob, "reentrant_token")
    before = state(till, bob)
    call = getattr(till.issuer.write, inner)(bob, *REENTRIES[inner])
    dex.send(cash.write.set_hook(bob, till.issuer, call.data))
    for outer in ("mint", "redeem", "divest", "add_income"):
        with reverts("issuer: transfer failed") as refusal:
            getattr(till, outer)(bob, 10)
        assert any(b"issuer: locked" in each for each in said(refusal.error.frame))
    assert state(till, bob) == before

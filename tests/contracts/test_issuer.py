"""An issuer: what a deposit mints, what a redemption pays, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from dexsim.chain.accounts import Account
from dexsim.market.contract import Contract
from dexsim.testing import reverts

E18 = 10**18
FOREVER = 2**256 - 1
NOWHERE = "0x" + "00" * 20
CAROL = Account.named("carol")
WEDNESDAY = 1_700_000_000 // 86_400 * 86_400 + 86_400  # 15 November 2023, midnight
TERMS = {
    "mint_fee_bps": 0,
    "redeem_fee_bps": 0,
    "delay": 0,
    "mint_cap": 0,
    "redeem_cap": 0,
    "min_coverage_bps": 10_000,
    "hours": {"opens": 0, "closes": 0, "days": 127},
    "pro_rata": False,
    "whitelist": False,
    "restricted": False,
}


@dataclass(frozen=True)
class Till:
    """An issuer of token A that Alice owns; Alice and Bob have cash and approved all of it."""

    dex: object
    issuer: Contract

    def __getattr__(self, name):
        return lambda sender, *args: self.dex.send(getattr(self.issuer.write, name)(sender, *args))

    def read(self, name, *args):
        return getattr(self.issuer.read, name)(*args)

    def cash(self, who):
        return self.dex.token0.read.balanceOf(who)


@pytest.fixture
def open_till(dex, alice, bob):
    dex.send(dex.token0.write.transfer(alice, bob, 1_000 * E18))

    def opened(**terms):
        issuer = dex.deploy(
            "issuer", "Dollar", "DLR", 18, dex.token0, alice, as_struct(TERMS | terms)
        )
        for who in (alice, bob):
            dex.send(dex.token0.write.approve(who, issuer, FOREVER))
        return Till(dex, issuer)

    return opened


def as_struct(terms):
    """The values in the order of the contract's struct."""
    return tuple(as_struct(each) if isinstance(each, dict) else each for each in terms.values())


def closes(till):
    """What has to hold whatever happened."""
    assert till.read("minted") - till.read("redeemed") == till.read("outstanding")
    assert till.read("outstanding") == till.read("totalSupply")
    promised = till.read("reserve") + till.read("income")
    assert till.cash(till.issuer) >= promised
    return True


# --- minting and redeeming ------------------------------------------------------


def test_a_deposit_mints_one_for_one_and_is_paid_back(open_till, bob):
    till = open_till()
    till.mint(bob, 7 * E18)
    assert till.read("balanceOf", bob) == till.read("reserve") == 7 * E18
    before = till.cash(bob)
    till.redeem(bob, 7 * E18)
    assert till.cash(bob) - before == 7 * E18
    assert (till.read("reserve"), till.read("outstanding"), till.read("redeemed")) == (
        0,
        0,
        7 * E18,
    )
    assert closes(till)


@pytest.mark.parametrize("amount", [1, 9, 999, 1000, 10**18 + 7])
def test_the_fee_of_a_deposit_is_on_top(open_till, bob, amount):
    till = open_till(mint_fee_bps=10)
    needed = till.read("deposit_for", amount)
    assert needed == -(-amount * 10_010 // 10_000)
    till.mint(bob, needed)
    assert till.read("balanceOf", bob) == till.read("reserve") == amount
    assert till.read("income") == needed - amount
    if amount > 1:
        till.mint(bob, needed - 1)
        assert till.read("balanceOf", bob) == 2 * amount - 1
    assert closes(till)


def test_the_fee_of_a_redemption_is_taken_from_the_payout(open_till, bob):
    till = open_till(redeem_fee_bps=25)
    till.mint(bob, 10_001)
    assert till.read("payment_for", 10_001) == 10_001 * 9_975 // 10_000 == 9_975
    before = till.cash(bob)
    till.redeem(bob, 10_001)
    assert till.cash(bob) - before == 9_975
    assert till.read("income") == 26
    assert closes(till)


def test_tokens_and_cash_go_where_they_are_sent(open_till, bob):
    till = open_till()
    till.mint(bob, 5, CAROL)
    assert till.read("balanceOf", CAROL) == 5
    till.redeem(CAROL, 5, NOWHERE[:-1] + "9")
    assert till.cash(NOWHERE[:-1] + "9") == 5


@pytest.mark.parametrize("call", ["mint", "redeem"])
def test_nothing_is_no_amount(open_till, bob, call):
    till = open_till()
    with reverts("issuer: zero amount"):
        getattr(till, call)(bob, 0)


def test_a_deposit_that_mints_nothing_is_refused(open_till, bob):
    till = open_till(mint_fee_bps=10_000)
    with reverts("issuer: zero amount"):
        till.mint(bob, 1)
    till.mint(bob, 2)


def test_nobody_redeems_what_they_do_not_have(open_till, alice, bob):
    till = open_till()
    till.mint(alice, 10)
    with reverts("issuer: insufficient balance"):
        till.redeem(bob, 1)


# --- a reserve that falls short -----------------------------------------------------


def invested(till, alice, bob, share_bps=1_000):
    """Alice and Bob have 500 each, and a tenth of the reserve is gone."""
    for who in (alice, bob):
        till.mint(who, 500)
    till.invest(alice, 1_000 * share_bps // 10_000, CAROL)
    return till


def test_who_comes_first_is_paid_in_full_and_the_last_are_not(open_till, alice, bob):
    till = invested(open_till(min_coverage_bps=9_000), alice, bob)
    assert till.read("coverage") == 9 * 10**17
    till.redeem(alice, 500)
    assert till.read("coverage") == 8 * 10**17
    with reverts("issuer: reserve exhausted"):
        till.redeem(bob, 401)
    till.redeem(bob, 400)
    assert (till.read("reserve"), till.read("outstanding")) == (0, 100)
    assert till.read("payment_for", 1) == 0
    assert closes(till)


def test_shared_out_everybody_gets_the_same_part(open_till, alice, bob):
    till = invested(open_till(min_coverage_bps=9_000, pro_rata=True), alice, bob)
    paid = []
    for who, amount in ((alice, 500), (bob, 1), (bob, 498), (bob, 1)):
        before = till.cash(who)
        assert till.read("payment_for", amount) == amount * till.read("reserve") // till.read(
            "outstanding"
        )
        till.redeem(who, amount)
        paid.append(till.cash(who) - before)
    assert paid == [450, 0, 449, 1]  # a part of a unit stays for the rest
    assert till.read("reserve") == till.read("outstanding") == 0
    assert closes(till)


def test_what_comes_back_covers_again(open_till, alice, bob):
    till = invested(open_till(min_coverage_bps=9_000, pro_rata=True), alice, bob)
    till.divest(bob, 100)
    assert till.read("coverage") == E18
    before = till.cash(alice)
    till.redeem(alice, 500)
    assert till.cash(alice) - before == 500


@pytest.mark.parametrize("bps", [0, 1, 9_000, 10_000])
def test_the_coverage_that_is_promised_stays(open_till, alice, bob, bps):
    till = open_till(min_coverage_bps=bps)
    till.mint(bob, 1_003)
    most = 1_003 - -(-1_003 * bps // 10_000)
    with reverts("issuer: coverage too low" if bps else "issuer: reserve exhausted"):
        till.invest(alice, most + 1, alice)
    if most:
        till.invest(alice, most, alice)
    assert till.read("reserve") == 1_003 - most


def test_coverage_of_nothing_is_full(open_till):
    assert open_till().read("coverage") == E18


# --- caps, hours, lists ---------------------------------------------------------------


def test_a_block_mints_and_redeems_up_to_its_caps(open_till, dex, alice, bob):
    till = open_till(mint_cap=10, redeem_cap=4)
    with dex.chain.block(time_ms=dex.chain.time_ms):
        dex.chain.send(till.issuer.write.mint(alice, 6))
        assert till.read("mint_room") == 4
        with reverts("issuer: above the cap"):
            dex.chain.send(till.issuer.write.mint(bob, 5))
        dex.chain.send(till.issuer.write.mint(bob, 4))
        dex.chain.send(till.issuer.write.redeem(alice, 4))
        assert till.read("redeem_room") == 0
        with reverts("issuer: above the cap"):
            dex.chain.send(till.issuer.write.redeem(bob, 1))
    till.redeem(alice, 2)
    till.mint(bob, 10)
    assert closes(till)


def test_without_caps_there_is_room_for_all(open_till):
    till = open_till()
    assert till.read("mint_room") == till.read("redeem_room") == 2**256 - 1


@pytest.mark.parametrize("supply", [10, 11])
def test_a_cap_empties_the_supply_in_so_many_blocks(open_till, bob, supply):
    till = open_till(redeem_cap=4)
    till.mint(bob, supply)
    blocks = 0
    while left := till.read("balanceOf", bob):
        till.redeem(bob, min(left, 4))
        blocks += 1
    assert blocks == -(-supply // 4)


HOURS = {"opens": 9 * 3600, "closes": 17 * 3600, "days": 0b0011111}
NIGHT = {"opens": 22 * 3600, "closes": 4 * 3600, "days": 0b0000100}  # from Wednesday evening


@pytest.mark.parametrize(
    ("hours", "second", "is_open"),
    [
        (HOURS, 9 * 3600 - 1, False),
        (HOURS, 9 * 3600, True),
        (HOURS, 17 * 3600 - 1, True),
        (HOURS, 17 * 3600, False),
        (HOURS, 3 * 86_400 + 9 * 3600, False),  # Saturday
        (HOURS, 4 * 86_400 + 9 * 3600, False),
        (HOURS, 5 * 86_400 + 9 * 3600, True),  # Monday
        (NIGHT, 22 * 3600 - 1, False),
        (NIGHT, 22 * 3600, True),
        (NIGHT, 86_400 + 4 * 3600 - 1, True),  # Thursday morning belongs to Wednesday
        (NIGHT, 86_400 + 4 * 3600, False),
        (NIGHT, 86_400 + 22 * 3600, False),
        (NIGHT, 0, False),  # Wednesday morning belongs to Tuesday
        ({"opens": 0, "closes": 86_400, "days": 4}, 86_399, True),
        ({"opens": 0, "closes": 86_400, "days": 4}, 86_400, False),
        ({"opens": 0, "closes": 0, "days": 127}, 3 * 86_400 + 5, True),
    ],
)
def test_hours_of_a_week(open_till, hours, second, is_open):
    assert open_till(hours=hours).read("is_open", WEDNESDAY + second) is is_open


def test_outside_the_hours_nobody_mints_or_redeems(open_till, dex, bob):
    second = dex.now() % 86_400
    till = open_till(hours={"opens": second, "closes": second + 100, "days": 127})
    till.mint(bob, 10)
    dex.wait(100)
    for call in ("mint", "redeem"):
        with reverts("issuer: closed"):
            getattr(till, call)(bob, 1)


def test_only_the_whitelisted_are_served(open_till, alice, bob):
    till = open_till(whitelist=True)
    with reverts("issuer: not whitelisted"):
        till.mint(bob, 5)
    till.set_whitelisted(alice, bob, True)
    till.mint(bob, 5)
    till.transfer(bob, CAROL, 5)  # anybody may hold it
    with reverts("issuer: not whitelisted"):
        till.redeem(CAROL, 5)
    till.set_whitelisted(alice, bob, False)
    with reverts("issuer: not whitelisted"):
        till.mint(bob, 5)


def test_only_the_whitelisted_hold_what_is_restricted(open_till, alice, bob):
    till = open_till(restricted=True)
    with reverts("issuer: not whitelisted"):
        till.mint(bob, 5)
    till.set_whitelisted(alice, bob, True)
    till.mint(bob, 5)
    with reverts("issuer: not whitelisted"):
        till.transfer(bob, CAROL, 5)
    till.approve(bob, alice, 5)
    with reverts("issuer: not whitelisted"):
        till.transferFrom(alice, bob, CAROL, 5)
    till.set_whitelisted(alice, CAROL, True)
    till.transferFrom(alice, bob, CAROL, 2)
    till.set_whitelisted(alice, bob, False)
    with reverts("issuer: not whitelisted"):
        till.transfer(bob, CAROL, 3)
    till.redeem(bob, 3)  # what one may not hold any more can still be turned into cash
    assert closes(till)


def test_minting_can_stop_and_redemption_stays_open(open_till, alice, bob):
    till = open_till()
    till.mint(bob, 5)
    till.set_minting(alice, False)
    with reverts("issuer: minting has stopped"):
        till.mint(bob, 5)
    till.redeem(bob, 5)
    till.set_minting(alice, True)
    till.mint(bob, 5)


# --- waiting ----------------------------------------------------------------------------


def test_with_a_delay_tokens_wait_and_are_paid_after_it(open_till, dex, bob):
    till = open_till(delay=100, redeem_fee_bps=100)
    till.mint(bob, 1_000)
    with reverts("issuer: ask first"):
        till.redeem(bob, 1_000)
    till.request(bob, 600)
    assert till.read("requested", bob) == till.read("waiting") == 600
    assert till.read("outstanding") == 1_000
    dex.wait(99)
    with reverts("issuer: too early"):
        till.claim(bob, 600)
    dex.wait(1)
    with reverts("issuer: not requested"):
        till.claim(bob, 601)
    before = till.cash(bob)
    till.claim(bob, 200)
    till.claim(bob, 400)
    assert till.cash(bob) - before == 198 + 396
    assert (till.read("waiting"), till.read("outstanding")) == (0, 400)
    assert closes(till)


def test_a_second_request_waits_anew_and_can_be_taken_back(open_till, dex, bob):
    till = open_till(delay=100)
    till.mint(bob, 10)
    till.request(bob, 4)
    dex.wait(60)
    till.request(bob, 5)
    dex.wait(60)
    with reverts("issuer: too early"):
        till.claim(bob, 4)
    with reverts("issuer: not requested"):
        till.cancel(bob, 10)
    till.cancel(bob, 9)
    assert till.read("balanceOf", bob) == 10
    assert till.read("waiting") == 0
    with reverts("issuer: zero amount"):
        till.request(bob, 0)


def test_who_waits_is_worth_what_everybody_is_when_paid(open_till, dex, alice, bob):
    till = invested(open_till(delay=10, min_coverage_bps=5_000, pro_rata=True), alice, bob)
    till.request(bob, 500)
    till.invest(alice, 400, CAROL)
    dex.wait(10)
    before = till.cash(bob)
    till.claim(bob, 500)
    assert till.cash(bob) - before == 250
    assert till.read("coverage") == E18 // 2


def test_without_a_delay_nobody_waits(open_till, bob):
    till = open_till()
    till.mint(bob, 10)
    with reverts("issuer: redeem at once"):
        till.request(bob, 5)


# --- the owner ------------------------------------------------------------------------------


def test_the_owner_mints_at_par_whatever_the_fee_the_cap_and_the_hour(open_till, dex, alice):
    second = dex.now() % 86_400
    shut = {"opens": (second + 10) % 86_400, "closes": (second + 20) % 86_400, "days": 127}
    till = open_till(mint_fee_bps=500, mint_cap=1, hours=shut, whitelist=True)
    till.mint_at_par(alice, 1_000, CAROL)
    assert till.read("balanceOf", CAROL) == till.read("reserve") == till.read("minted") == 1_000
    assert till.read("income") == 0
    with reverts("issuer: zero amount"):
        till.mint_at_par(alice, 0, CAROL)


def test_income_is_the_owners_and_nothing_else_is(open_till, dex, alice, bob):
    till = open_till(mint_fee_bps=100)
    till.mint(bob, 1_010)
    till.add_income(bob, 5)
    assert till.read("income") == 15
    with reverts("issuer: income exhausted"):
        till.collect_income(alice, 16, CAROL)
    till.collect_income(alice, 15, CAROL)
    assert till.cash(CAROL) == 15
    dex.send(dex.token0.write.transfer(bob, till.issuer, 7))
    assert till.read("coverage") == E18  # what nobody asked for counts for nothing
    with reverts("issuer: cash is promised"):
        till.recover(alice, dex.token0, 8, CAROL)
    till.recover(alice, dex.token0, 7, CAROL)
    assert till.cash(CAROL) == 22
    dex.send(dex.token1.write.transfer(alice, till.issuer, 3))
    till.recover(alice, dex.token1, 3, CAROL)
    with reverts("issuer: tokens wait here"):
        till.recover(alice, till.issuer, 0, CAROL)
    assert closes(till)


@pytest.mark.parametrize(
    ("call", "args"),
    [
        ("mint_at_par", (1, CAROL)),
        ("invest", (1, CAROL)),
        ("collect_income", (0, CAROL)),
        ("recover", (NOWHERE, 0, CAROL)),
        ("set_minting", (False,)),
        ("set_whitelisted", (CAROL, True)),
        ("set_tender", (CAROL,)),
        ("set_owner", (CAROL,)),
    ],
)
def test_what_is_the_owners_alone(open_till, alice, bob, call, args):
    till = open_till()
    with reverts("issuer: not the owner"):
        getattr(till, call)(bob, *args)
    till.set_owner(alice, bob)
    with reverts("issuer: not the owner"):
        getattr(till, call)(alice, *args)


def test_the_owner_is_somebody_and_the_till_stays_on_its_list(open_till, alice):
    till = open_till()
    with reverts("issuer: zero address"):
        till.set_owner(alice, NOWHERE)
    with reverts("issuer: tokens wait here"):
        till.set_whitelisted(alice, till.issuer, False)


def test_only_the_tender_moves_tokens_unasked(open_till, alice, bob):
    till = open_till(restricted=True)
    till.set_whitelisted(alice, bob, True)
    till.mint(bob, 5)
    with reverts("issuer: not the tender"):
        till.squeeze(CAROL, bob, CAROL, 5)
    till.set_tender(alice, CAROL)
    till.squeeze(CAROL, bob, CAROL, 5)
    assert till.read("balanceOf", CAROL) == 5


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mint_fee_bps": 10_001}, "issuer: fee too high"),
        ({"redeem_fee_bps": 10_001}, "issuer: fee too high"),
        ({"min_coverage_bps": 10_001}, "issuer: coverage too high"),
        ({"delay": 2**40 + 1}, "issuer: delay too long"),
        ({"hours": {"opens": 86_400, "closes": 0, "days": 1}}, "issuer: no such hours"),
        ({"hours": {"opens": 0, "closes": 86_401, "days": 1}}, "issuer: no such hours"),
        ({"hours": {"opens": 0, "closes": 0, "days": 0}}, "issuer: no such hours"),
        ({"hours": {"opens": 0, "closes": 0, "days": 128}}, "issuer: no such hours"),
    ],
)
def test_terms_that_make_no_sense_are_refused(open_till, changes, reason):
    with reverts(reason):
        open_till(**changes)


def test_an_issuer_needs_cash_and_an_owner(dex, alice):
    with reverts("issuer: no such token"):
        dex.deploy("issuer", "D", "D", 18, CAROL, alice, as_struct(TERMS))
    with reverts("issuer: zero address"):
        dex.deploy("issuer", "D", "D", 18, dex.token0, NOWHERE, as_struct(TERMS))


def test_what_would_not_fit_is_refused(open_till, bob):
    till = open_till()
    with reverts("issuer: overflow"):
        till.mint(bob, 2**128)


# --- cash that misbehaves ---------------------------------------------------------------------


def odd_till(dex, alice, bob, mock, *args):
    cash = dex.deploy(f"mocks/{mock}", *args)
    issuer = dex.deploy("issuer", "Dollar", "DLR", 18, cash, alice, as_struct(TERMS))
    dex.send(cash.write.mint(alice, bob, 1_000 * E18))
    dex.send(cash.write.approve(bob, issuer, FOREVER))
    return cash, Till(dex, issuer)


def test_cash_with_a_fee_mints_what_arrived(dex, alice, bob):
    cash, till = odd_till(dex, alice, bob, "fee_on_transfer", 100)
    till.mint(bob, 1_000)
    assert (
        till.read("balanceOf", bob)
        == till.read("reserve")
        == cash.read.balanceOf(till.issuer)
        == 990
    )
    assert till.read("minted") == till.read("outstanding")


def test_cash_that_answers_false_moves_nothing(dex, alice, bob):
    cash, till = odd_till(dex, alice, bob, "false_return")
    dex.send(cash.write.set_failing(alice, True))
    with reverts("issuer: transfer failed"):
        till.mint(bob, 1_000)
    assert till.read("minted") == 0
    dex.send(cash.write.set_failing(alice, False))
    till.mint(bob, 1_000)
    dex.send(cash.write.set_failing(alice, True))
    with reverts("issuer: transfer failed"):
        till.redeem(bob, 1)
    assert till.read("balanceOf", bob) == 1_000


def test_cash_that_calls_back_finds_the_door_locked(dex, alice, bob):
    cash, till = odd_till(dex, alice, bob, "reentrant_token")
    till.mint(bob, 1_000)
    call = till.issuer.write.redeem(bob, 1)
    dex.send(cash.write.set_hook(alice, till.issuer, call.data))
    for again in ("mint", "redeem"):
        with reverts("issuer: transfer failed"):
            getattr(till, again)(bob, 10)
    assert till.read("reserve") == cash.read.balanceOf(till.issuer) == 1_000

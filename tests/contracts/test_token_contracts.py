"""The plain token's minter, and wrapped coins."""

from __future__ import annotations

import pytest

from dexsim.chain.types import Transaction
from dexsim.testing import reverts

E18 = 10**18
NOBODY = "0x" + "00" * 20


def test_the_deployer_gets_the_supply_and_mints(dex, alice):
    token = dex.deploy("token", "Dollar", "USD", 6, 12_345)
    read = token.read
    assert (read.name(), read.symbol(), read.decimals()) == ("Dollar", "USD", 6)
    assert read.totalSupply() == read.balanceOf(alice) == 12_345
    assert read.minter() == alice.address


def test_only_the_minter_mints(dex, alice, bob):
    with reverts("token: not the minter"):
        dex.send(dex.token0.write.mint(bob, bob, 1))
    supply = dex.token0.read.totalSupply()
    receipt = dex.send(dex.token0.write.mint(alice, bob, 5))
    assert dex.told(receipt) == [("token0.Transfer", "zero", "bob", 5)]
    assert dex.token0.read.balanceOf(bob) == 5
    assert dex.token0.read.totalSupply() == supply + 5


def test_minting_is_handed_on_and_given_up(dex, alice, bob):
    write = dex.token0.write
    with reverts("token: not the minter"):
        dex.send(write.set_minter(bob, bob))
    receipt = dex.send(write.set_minter(alice, bob))
    assert dex.told(receipt) == [("token0.MinterSet", "bob")]
    with reverts("token: not the minter"):
        dex.send(write.mint(alice, alice, 1))
    dex.send(write.mint(bob, bob, 1))
    dex.send(write.set_minter(bob, NOBODY))
    with reverts("token: not the minter"):
        dex.send(write.mint(bob, bob, 1))


def test_holders_burn_what_they_have_and_not_one_more(dex, alice, bob):
    dex.send(dex.token0.write.transfer(alice, bob, 10))
    supply = dex.token0.read.totalSupply()
    with reverts("token: insufficient balance"):
        dex.send(dex.token0.write.burn(bob, 11))
    receipt = dex.send(dex.token0.write.burn(bob, 10))
    assert dex.told(receipt) == [("token0.Transfer", "bob", "zero", 10)]
    assert dex.token0.read.totalSupply() == supply - 10


def test_supply_cannot_pass_256_bits(dex, alice):
    supply = dex.token0.read.totalSupply()
    for receiver in (alice, NOBODY):  # no balance overflows where somebody else gets the rest
        with reverts(""):
            dex.send(dex.token0.write.mint(alice, receiver, 2**256 - supply))
    dex.send(dex.token0.write.mint(alice, alice, 2**256 - 1 - supply))


@pytest.fixture
def wrapped(dex, alice):
    """Alice has wrapped 5 coins."""
    receipt = dex.send(dex.weth.write.deposit(alice, value=5 * E18))
    assert dex.told(receipt) == [("weth.Deposit", "alice", 5 * E18)]
    return dex


def test_coins_are_wrapped_one_for_one(wrapped, alice):
    read = wrapped.weth.read
    assert (read.name(), read.symbol(), read.decimals()) == ("Wrapped Ether", "WETH", 18)
    assert read.balanceOf(alice) == read.totalSupply() == 5 * E18
    assert wrapped.chain.balance(wrapped.weth.address) == 5 * E18


def test_a_plain_transfer_of_coins_is_a_deposit(wrapped, bob):
    tx = Transaction(sender=bob.address, to=wrapped.weth.address, value=7)
    assert wrapped.told(wrapped.send(tx)) == [("weth.Deposit", "bob", 7)]
    assert wrapped.weth.read.balanceOf(bob) == 7


def test_withdrawal_gives_coins_for_the_balance_and_not_one_more(wrapped, alice):
    with reverts("weth: insufficient balance"):
        wrapped.send(wrapped.weth.write.withdraw(alice, 5 * E18 + 1))
    before = wrapped.chain.balance(alice)
    receipt = wrapped.send(wrapped.weth.write.withdraw(alice, 5 * E18))
    assert wrapped.told(receipt) == [("weth.Withdrawal", "alice", 5 * E18)]
    assert wrapped.chain.balance(alice) - before == 5 * E18 - receipt.fee
    assert wrapped.weth.read.totalSupply() == 0


def test_coins_cannot_be_withdrawn_to_a_contract_that_refuses_them(wrapped, alice):
    callee = wrapped.deploy("mocks/flash_callee")
    wrapped.send(wrapped.weth.write.transfer(alice, callee, 1))
    withdraw = wrapped.weth.write.withdraw(alice, 1).data
    with reverts("weth: transfer failed"):
        wrapped.send(callee.write.run(alice, wrapped.weth, withdraw))


@pytest.mark.parametrize("amount", [0, 5])
@pytest.mark.parametrize("frugal", [True, False])
def test_who_gets_coins_back_has_2300_gas_to_take_them(frugal, amount, wrapped, alice):
    receiver = wrapped.deploy("mocks/coin_receiver", frugal)
    wrapped.send(wrapped.weth.write.transfer(alice, receiver, 5))
    call = receiver.write.run(alice, wrapped.weth, wrapped.weth.write.withdraw(alice, amount).data)
    if frugal:
        wrapped.send(call)
        assert wrapped.chain.balance(receiver.address) == amount
    else:
        with reverts("weth: transfer failed"):
            wrapped.send(call)


def test_owners_of_wrapped_coins_need_no_allowance_of_their_own(wrapped, alice, bob):
    wrapped.send(wrapped.weth.write.transferFrom(alice, alice, bob, 1))
    with reverts("weth: insufficient allowance"):
        wrapped.send(wrapped.weth.write.transferFrom(bob, alice, bob, 1))
    wrapped.send(wrapped.weth.write.approve(alice, bob, 1))
    wrapped.send(wrapped.weth.write.transferFrom(bob, alice, bob, 1))
    assert wrapped.weth.read.balanceOf(bob) == 2


def test_other_calls_do_not_swallow_coins(dex, alice, bob):
    with reverts(""):
        dex.send(dex.token0.write.transfer(alice, bob, 1, value=1))
    with reverts(""):
        dex.send(dex.weth.write.withdraw(alice, 0, value=1))

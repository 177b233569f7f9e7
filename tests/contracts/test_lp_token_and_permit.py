"""The ERC-20 part, for the liquidity token and the plain one: same rules, each with its own label."""

from __future__ import annotations

import pytest
from eth_abi import encode
from eth_hash.auto import keccak

from dexsim.testing import reverts
from tests.permits import sign

E18 = 10**18
FOREVER = 2**256 - 1
NOBODY = "0x" + "00" * 20
CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def incentive(dex, alice):
    token = dex.deploy("incentive_token", "Reward", "RWD", 0, 10**30, (0, 1, 0, [], 10**25, 0))
    dex.send(token.write.set_minter(alice, alice))
    dex.send(token.write.mint(alice, alice, 10**24))
    return token


@pytest.fixture(params=["pool", "token", "incentive"])
def coin(request, dex, alice):
    """(handle, label, name) of a token of which Alice holds some."""
    dex.add(100 * E18, 100 * E18)
    if request.param == "pool":
        return dex.pool, "pool", "dexsim LP"
    if request.param == "token":
        return dex.token0, "token", dex.token0.read.name()
    return incentive(dex, alice), "incentive", "Reward"


def test_lp_token_has_constant_name_symbol_and_decimals(dex):
    read = dex.pool.read
    assert (read.name(), read.symbol(), read.decimals()) == ("dexsim LP", "DEX-LP", 18)


def test_transfer_moves_the_whole_balance_and_not_one_more(coin, dex, alice, bob):
    token, label, _ = coin
    balance = token.read.balanceOf(alice)
    with reverts(f"{label}: insufficient balance"):
        dex.send(token.write.transfer(alice, bob, balance + 1))
    dex.send(token.write.transfer(alice, bob, balance))
    assert (token.read.balanceOf(alice), token.read.balanceOf(bob)) == (0, balance)


def test_allowance_covers_its_amount_and_not_one_more(coin, dex, alice, bob):
    token, label, _ = coin
    dex.send(token.write.approve(alice, bob, 1000))
    with reverts(f"{label}: insufficient allowance"):
        dex.send(token.write.transferFrom(bob, alice, bob, 1001))
    receipt = dex.send(token.write.transferFrom(bob, alice, bob, 1000))
    assert token.read.allowance(alice, bob) == 0
    assert [event.name for event in token.events(receipt)] == ["Transfer"]


def test_unlimited_allowance_is_never_spent(coin, dex, alice, bob):
    token, _, _ = coin
    dex.send(token.write.approve(alice, bob, FOREVER))
    dex.send(token.write.transferFrom(bob, alice, bob, 1000))
    assert token.read.allowance(alice, bob) == FOREVER
    dex.send(token.write.approve(alice, bob, FOREVER - 1))
    dex.send(token.write.transferFrom(bob, alice, bob, 1000))
    assert token.read.allowance(alice, bob) == FOREVER - 1001


def test_nobody_is_refused_for_an_address(coin, dex, alice):
    token, _, _ = coin
    supply, balance = token.read.totalSupply(), token.read.balanceOf(alice)
    zero = token.read.balanceOf(NOBODY)
    dex.send(token.write.transfer(alice, NOBODY, 5))
    dex.send(token.write.transfer(alice, alice, balance - 5))
    dex.send(token.write.approve(alice, NOBODY, 1))
    assert token.read.balanceOf(alice) == balance - 5
    assert token.read.balanceOf(NOBODY) == zero + 5
    assert token.read.totalSupply() == supply


def test_domain_separator_names_token_and_chain(coin, dex):
    token, _, name = coin
    kind = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    words = [keccak(kind.encode()), keccak(name.encode()), keccak(b"1"), dex.chain.chain_id]
    types = ["bytes32", "bytes32", "bytes32", "uint256", "address"]
    wanted = keccak(encode(types, [*words, token.address]))
    assert token.read.DOMAIN_SEPARATOR() == wanted


def test_permit_typehash_is_that_of_the_specification(coin, vector):
    token, _, _ = coin
    wanted = vector("univ2_core_erc20_factory")["erc20"]["PERMIT_TYPEHASH"]
    assert "0x" + token.read.PERMIT_TYPEHASH().hex() == wanted


def test_permit_sets_the_allowance_once(coin, dex, alice, bob):
    token, label, name = coin
    signature = sign(dex, alice, bob, 1000, token=token, name=name)
    receipt = dex.send(token.write.permit(bob, alice, bob, 1000, FOREVER, *signature))
    (event,) = token.events(receipt)
    assert (event.name, *event.fields.values()) == ("Approval", alice.address, bob.address, 1000)
    assert token.read.allowance(alice, bob) == 1000
    assert token.read.nonces(alice) == 1
    with reverts(f"{label}: invalid signature"):
        dex.send(token.write.permit(bob, alice, bob, 1000, FOREVER, *signature))
    again = sign(dex, alice, bob, 7, token=token, name=name, nonce=1)
    dex.send(token.write.permit(bob, alice, bob, 7, FOREVER, *again))
    assert token.read.allowance(alice, bob) == 7


def test_a_permit_is_for_the_named_spender_whoever_brings_it(coin, dex, alice, bob):
    """While spenders brought their own permits, an allowance for whoever brings them went unnoticed."""
    token, _, name = coin
    signature = sign(dex, alice, bob, 1000, token=token, name=name)
    receipt = dex.send(token.write.permit(alice, alice, bob, 1000, FOREVER, *signature))
    (event,) = token.events(receipt)
    assert list(event.fields.values()) == [alice.address, bob.address, 1000]
    assert (token.read.allowance(alice, bob), token.read.allowance(alice, alice)) == (1000, 0)


def test_permit_passes_at_its_deadline_and_not_a_second_later(coin, dex, alice, bob):
    token, label, name = coin
    deadline = dex.now()
    signature = sign(dex, alice, bob, 1000, token=token, name=name, deadline=deadline)
    with dex.chain.anchor():
        dex.wait(1)
        with reverts(f"{label}: expired"):
            dex.send(token.write.permit(bob, alice, bob, 1000, deadline, *signature))
        assert token.read.nonces(alice) == 0
    dex.send(token.write.permit(bob, alice, bob, 1000, deadline, *signature))


@pytest.mark.parametrize("wrong", ["signer", "amount", "nonce", "chain", "contract", "garbage"])
def test_permit_with_a_wrong_signature_is_refused(wrong, coin, dex, alice, bob):
    token, label, name = coin
    domain = {"token": dex.weth if wrong == "contract" else token, "name": name}
    signature = sign(
        dex,
        bob if wrong == "signer" else alice,
        bob,
        1001 if wrong == "amount" else 1000,
        nonce=1 if wrong == "nonce" else 0,
        chain_id=1 if wrong == "chain" else None,
        **domain,
    )
    if wrong == "garbage":
        signature = (29, *signature[1:])
    with reverts(f"{label}: invalid signature"):
        dex.send(token.write.permit(bob, alice, bob, 1000, FOREVER, *signature))
    assert token.read.nonces(alice) == 0


def test_nobody_can_sign_for_the_zero_address(coin, dex, bob):
    token, label, _ = coin
    with reverts(f"{label}: invalid signature"):
        dex.send(token.write.permit(bob, NOBODY, bob, 1, FOREVER, 27, b"\0" * 32, b"\0" * 32))


def test_the_other_form_of_a_signature_counts_too(coin, dex, alice, bob):
    token, _, name = coin
    v, r, s = sign(dex, alice, bob, 1000, token=token, name=name)
    high = (CURVE_ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")
    dex.send(token.write.permit(bob, alice, bob, 1000, FOREVER, 55 - v, r, high))
    assert token.read.allowance(alice, bob) == 1000


def test_router_removes_liquidity_with_a_permit(dex, alice, bob, vector):
    spec = vector("univ2_periphery_router")["removeLiquidityWithPermit"]
    dex.add(int(spec["pool"][0]), int(spec["pool"][1]))
    liquidity = int(spec["liquidity"])
    signature = sign(dex, alice, dex.router, liquidity, token=dex.pool, name="dexsim LP")
    call = dex.router.write.removeLiquidityWithPermit
    arguments = (dex.token0, dex.token1, liquidity, 0, 0)
    dex.send(call(alice, *arguments, alice, FOREVER, False, *signature))
    assert dex.pool.read.nonces(alice) == 1
    assert dex.pool.read.balanceOf(alice) == 0
    assert dex.pool.read.allowance(alice, dex.router) == 0
    with reverts("pool: invalid signature"):
        dex.send(call(alice, *arguments, alice, FOREVER, False, *signature))


def test_router_removes_liquidity_with_an_unlimited_permit(dex, alice):
    dex.add(E18, 4 * E18)
    signature = sign(dex, alice, dex.router, FOREVER, token=dex.pool, name="dexsim LP")
    call = dex.router.write.removeLiquidityWithPermit
    dex.send(call(alice, dex.token0, dex.token1, E18, 0, 0, alice, FOREVER, True, *signature))
    assert dex.pool.read.allowance(alice, dex.router) == FOREVER


def test_a_permit_serves_nobody_but_its_owner(dex, alice, bob):
    dex.add(E18, 4 * E18)
    signature = sign(dex, alice, dex.router, E18, token=dex.pool, name="dexsim LP")
    call = dex.router.write.removeLiquidityWithPermit
    with reverts("pool: invalid signature"):
        dex.send(call(bob, dex.token0, dex.token1, E18, 0, 0, bob, FOREVER, False, *signature))

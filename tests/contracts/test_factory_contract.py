"""The factory: addresses, order, refusals, and the fee of a venue."""

from __future__ import annotations

import pytest
from eth_abi.packed import encode_packed
from eth_hash.auto import keccak
from eth_utils import to_checksum_address

from dexsim.chain.accounts import Account
from dexsim.market.contract import blueprint_creation, created
from dexsim.testing import reverts

NOBODY = "0x" + "00" * 20
ONE = "0x1000000000000000000000000000000000000000"
TWO = "0x2000000000000000000000000000000000000000"
E18 = 10**18


def predicted(factory, token0, token1, init_code):
    salt = keccak(encode_packed(["address", "address"], [token0, token1]))
    place = bytes.fromhex(factory.address[2:])
    return to_checksum_address(keccak(b"\xff" + place + salt + keccak(init_code))[12:])


def create(dex, factory, token_a, token_b):
    anybody = Account.named("bob")
    return dex.send(factory.write.createPair(anybody, token_a, token_b, gas_limit=5_000_000))


def test_a_new_factory_has_no_pools_and_no_receiver(dex, alice):
    factory = dex.venue(30)
    assert factory.read.allPairsLength() == 0
    assert factory.read.feeTo() == NOBODY
    assert factory.read.feeToSetter() == alice.address
    assert factory.read.fee_bps() == 30
    with reverts(""):
        factory.read.allPairs(0)


@pytest.mark.parametrize("order", [(ONE, TWO), (TWO, ONE)])
def test_a_pool_stands_at_its_create2_address_in_either_order(order, dex, compiled):
    factory = dex.venue(30)
    receipt = create(dex, factory, *order)
    address = predicted(factory, ONE, TWO, compiled("pool").bytecode)
    (event,) = factory.events(receipt)
    assert (event.name, *event.fields.values()) == ("PairCreated", ONE, TWO, address, 1)
    assert factory.read.getPair(ONE, TWO) == factory.read.getPair(TWO, ONE) == address
    assert factory.read.allPairs(0) == address
    assert factory.read.allPairsLength() == 1
    pool = dex.contract("pool", address)
    assert (pool.read.token0(), pool.read.token1()) == (ONE, TWO)
    assert pool.read.factory() == factory.address


def test_pools_are_numbered_as_they_come(dex, alice):
    factory = dex.venue(30)
    first = create(dex, factory, ONE, TWO)
    second = create(dex, factory, ONE, alice.address)
    numbers = [factory.events(each)[0].fields["length"] for each in (first, second)]
    assert numbers == [1, 2]
    assert factory.read.allPairs(1) == factory.read.getPair(ONE, alice)
    with reverts(""):
        factory.read.allPairs(2)


def test_a_pair_has_one_pool(dex):
    factory = dex.venue(30)
    create(dex, factory, ONE, TWO)
    for pair in ((ONE, TWO), (TWO, ONE)):
        with reverts("factory: pool exists"):
            create(dex, factory, *pair)


def test_a_token_has_no_pool_with_itself_nor_with_nothing(dex):
    with reverts("factory: identical addresses"):
        create(dex, dex.factory, ONE, ONE)
    with reverts("factory: identical addresses"):
        create(dex, dex.factory, NOBODY, NOBODY)
    for pair in ((ONE, NOBODY), (NOBODY, ONE)):
        with reverts("factory: zero address"):
            create(dex, dex.factory, *pair)


def test_only_the_setter_sets_the_receiver_and_the_setter(dex, alice, bob):
    write = dex.factory.write
    with reverts("factory: forbidden"):
        dex.send(write.setFeeTo(bob, bob))
    with reverts("factory: forbidden"):
        dex.send(write.setFeeToSetter(bob, bob))
    dex.send(write.setFeeTo(alice, bob))
    dex.send(write.setFeeToSetter(alice, bob))
    assert dex.factory.read.feeTo() == bob.address
    assert dex.factory.read.feeToSetter() == bob.address
    with reverts("factory: forbidden"):
        dex.send(write.setFeeToSetter(alice, alice))
    dex.send(write.setFeeTo(bob, NOBODY))


def test_parameters_are_those_of_a_pool_only_while_it_is_made(dex):
    assert dex.factory.read.parameters() == (NOBODY, NOBODY, 30)


def test_parameters_are_wiped_within_the_same_transaction(dex, alice):
    caller = dex.deploy("mocks/flash_callee")
    factory = dex.venue(25)
    for tx in (factory.write.createPair(alice, ONE, TWO), factory.write.parameters(alice)):
        dex.send(caller.write.add_call(alice, factory, tx.data))
    dex.send(caller.write.run_calls(alice, gas_limit=5_000_000))
    assert caller.read.answers(1) == b"\0" * 64 + (25).to_bytes(32, "big")


def test_a_fee_of_ten_percent_passes_and_one_more_is_refused(dex):
    assert dex.venue(1000).read.fee_bps() == 1000
    with reverts("factory: fee too high"):
        dex.venue(1001)


def test_a_wrong_init_code_hash_is_found_at_the_first_pool(dex, alice, compiled):
    blueprint = created(dex.send(blueprint_creation(compiled("pool"), alice)))
    factory = dex.deploy("factory", alice, 30, blueprint, keccak(b"another pool"))
    with reverts("factory: wrong init code hash"):
        create(dex, factory, ONE, TWO)
    assert factory.read.allPairsLength() == 0


def test_a_factory_without_a_blueprint_creates_nothing_and_gives_no_reason(dex, alice, bob):
    for blueprint in (bob, dex.token0):
        factory = dex.deploy("factory", alice, 30, blueprint, keccak(b"no pool"))
        with reverts(""):
            create(dex, factory, ONE, TWO)


@pytest.mark.parametrize("fee_bps", [0, 1, 5, 25, 30, 100, 333, 1000])
def test_the_pools_of_a_venue_charge_its_fee(fee_bps, dex, alice):
    factory = dex.venue(fee_bps)
    router = dex.deploy("router", factory, dex.weth)
    pool = dex.create_pool(dex.token0, dex.token1, factory)
    assert pool.read.fee_bps() == fee_bps
    own = dex.on(pool)
    own.add(5 * E18, 10 * E18)
    amount = 10**15 + 7
    effective = amount * (10_000 - fee_bps)
    out = effective * 10 * E18 // (5 * E18 * 10_000 + effective)
    assert router.read.getAmountOut(amount, 5 * E18, 10 * E18) == out
    assert router.read.getAmountIn(out, 5 * E18, 10 * E18) in (amount, amount + 1)
    own.pay(amount)
    with reverts("pool: k"):
        own.swap(0, out + 1)
    own.swap(0, out)


def test_two_venues_hold_the_same_pair_side_by_side(dex):
    other = dex.create_pool(dex.token0, dex.token1, dex.venue(5))
    assert other.address != dex.pool.address
    assert (dex.pool.read.fee_bps(), other.read.fee_bps()) == (30, 5)

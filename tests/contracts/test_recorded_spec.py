"""The recorded numbers of the published token and factory tests, gas, and that none is left out."""

from __future__ import annotations

import pytest
from eth_abi.packed import encode_packed
from eth_hash.auto import keccak

from dexsim.errors import Reverted
from dexsim.testing import reverts
from tests.contracts.test_lp_token_and_permit import sign

E18 = 10**18
FOREVER = 2**256 - 1
NOBODY = "0x" + "00" * 20

# Where each entry of the three files is replayed. "description": it says what others mean.
REPLAYED = {
    "univ2_core_pair": {
        "description": {"source", "units", "setup"},
        "test_pool_spec.py": {
            *("MINIMUM_LIQUIDITY", "mint_first", "getInputPrice", "optimistic"),
            *("swap_token0", "swap_token1", "burn_all", "price_cumulative"),
            *("feeTo_off", "feeTo_on"),
        },
        "test_recorded_spec.py": {"gas"},
    },
    "univ2_core_erc20_factory": {"test_recorded_spec.py": {"erc20", "factory"}},
    "univ2_periphery_router": {
        "description": {"source"},
        "test_router_contract.py": {
            *("quote", "getAmountOut", "getAmountIn", "getAmountsOut", "getAmountsIn"),
            *("addLiquidity", "removeLiquidity"),
            *("swapExactTokensForTokens", "swapTokensForExactTokens"),
        },
        "test_lp_token_and_permit.py": {"removeLiquidityWithPermit"},
        "test_router_coins_spec.py": {
            *("addLiquidityETH", "removeLiquidityETH", "removeLiquidityETHWithPermit"),
            *("swapExactETHForTokens", "swapTokensForExactETH"),
            *("swapExactTokensForETH", "swapETHForExactTokens", "fee_on_transfer"),
        },
        "test_recorded_spec.py": {"gas"},
    },
}


@pytest.mark.parametrize("file", REPLAYED)
def test_every_recorded_entry_is_replayed_by_some_test(file, vector):
    by_whom = REPLAYED[file]
    assert set().union(*by_whom.values()) == set(vector(file))
    assert sum(map(len, by_whom.values())) == len(vector(file))


# --- the token ----------------------------------------------------------------


@pytest.fixture
def erc20(vector):
    """Of the recorded file."""
    return vector("univ2_core_erc20_factory")["erc20"]


@pytest.fixture
def coin(dex, erc20):
    """A plain token of the recorded supply; it shares its rules with the pool's liquidity."""
    return dex.deploy("token", erc20["name"], erc20["symbol"], 18, int(erc20["totalSupply"]))


def test_the_token_starts_as_recorded(dex, coin, erc20, alice):
    read = coin.read
    assert read.decimals() == dex.pool.read.decimals() == erc20["decimals"]
    assert read.name() == erc20["name"]
    assert read.symbol() == erc20["symbol"]
    assert read.balanceOf(alice) == read.totalSupply() == int(erc20["totalSupply"])
    assert "0x" + read.PERMIT_TYPEHASH().hex() == erc20["PERMIT_TYPEHASH"]
    assert "keccak(name),keccak('1')" in erc20["DOMAIN_SEPARATOR"]


@pytest.mark.parametrize("number", range(7))
def test_the_token_does_what_was_recorded(number, dex, coin, erc20, alice, bob):
    case = erc20["cases"][number]
    assert len(erc20["cases"]) == 7
    value = int(case["value"])
    sender = bob if "from" in case else alice
    if "approve" in case:
        dex.send(coin.write.approve(alice, bob, int(case["approve"])))
    call = {
        "approve": lambda: coin.write.approve(alice, bob, value),
        "transfer": lambda: coin.write.transfer(sender, bob if sender is alice else alice, value),
        "transferFrom": lambda: coin.write.transferFrom(bob, alice, bob, value),
        "permit": lambda: permit(dex, coin, case, alice, bob),
    }[case["do"]]
    if case.get("reverts"):
        with pytest.raises(Reverted, match="token: insufficient balance"):
            dex.send(call())
        return
    before = coin.read.nonces(alice)
    receipt = dex.send(call())
    known = {alice.address: "wallet", bob.address: "other"}
    told = [
        [event.name, *(known.get(field, str(field)) for field in event.fields.values())]
        for event in coin.events(receipt)
    ]
    if "event" in case:
        assert told == [case["event"]]
    allowance = case.get("allowance", case.get("allowance_after"))
    if allowance is not None:
        assert coin.read.allowance(alice, bob) == int(allowance)
    for who, key in ((alice, "wallet"), (bob, "other")):
        if key in case:
            assert coin.read.balanceOf(who) == int(case[key])
    if "nonce_after" in case:
        assert (before, coin.read.nonces(alice)) == (case["nonce_before"], case["nonce_after"])


def permit(dex, coin, case, alice, bob):
    value, deadline = int(case["value"]), int(case["deadline"])
    assert deadline == FOREVER
    signature = sign(dex, alice, bob, value, token=coin, name=coin.read.name())
    return coin.write.permit(bob, alice, bob, value, deadline, *signature)


# --- the factory --------------------------------------------------------------


@pytest.fixture
def factory_spec(vector):
    """Of the recorded file."""
    return vector("univ2_core_erc20_factory")["factory"]


@pytest.mark.parametrize("reverse", [False, True])
def test_the_factory_does_what_was_recorded(reverse, dex, alice, compiled, factory_spec):
    factory = dex.venue(30)
    initial, case = factory_spec["initial"], factory_spec["createPair"]
    assert factory.read.feeTo() == initial["feeTo"]
    assert (initial["feeToSetter"], factory.read.feeToSetter()) == ("wallet", alice.address)
    assert factory.read.allPairsLength() == initial["allPairsLength"]
    tokens = factory_spec["test_tokens"]
    given = tokens[::-1] if reverse else tokens
    receipt = dex.send(factory.write.createPair(alice, *given, gas_limit=5_000_000))
    pool = "0x" + create2(factory.address, tokens, compiled("pool").init_code_hash).hex()
    (event,) = factory.events(receipt)
    values = [value.lower() if isinstance(value, str) else value for value in event.fields.values()]
    wanted = [pool if each == "create2Address" else each for each in case["event"]]
    assert [event.name, *values] == wanted
    assert (
        case["both_orders_same_pair"] is case["getPair_both_orders"] is case["allPairs_0"] is True
    )
    found = [factory.read.getPair(*tokens), factory.read.getPair(*tokens[::-1])]
    assert {each.lower() for each in (*found, factory.read.allPairs(0))} == {pool}
    assert factory.read.allPairsLength() == case["allPairsLength"]
    for again, key in ((tokens, "second_create_reverts"), (tokens[::-1], "reverse_create_reverts")):
        assert case[key] == "UniswapV2: PAIR_EXISTS"
        with reverts("factory: pool exists"):
            dex.send(factory.write.createPair(alice, *again, gas_limit=5_000_000))


def create2(factory, tokens, init_code_hash):
    """The recorded formula, with our init code's hash."""
    salt = keccak(encode_packed(["address", "address"], tokens))
    parts = ["bytes1", "address", "bytes32", "bytes32"]
    return keccak(encode_packed(parts, [b"\xff", factory, salt, init_code_hash]))[12:]


def test_setters_refuse_whom_the_recorded_ones_refuse(dex, alice, bob, factory_spec):
    write = dex.factory.write
    forbidden = {*factory_spec["setFeeTo"].values(), *factory_spec["setFeeToSetter"].values()}
    assert forbidden == {"UniswapV2: FORBIDDEN"}
    for call in (write.setFeeTo, write.setFeeToSetter):
        with reverts("factory: forbidden"):
            dex.send(call(bob, bob))
    dex.send(write.setFeeToSetter(alice, bob))
    with reverts("factory: forbidden"):
        dex.send(write.setFeeToSetter(alice, alice))
    dex.send(write.setFeeToSetter(bob, alice))


# --- gas ----------------------------------------------------------------------


def test_recorded_gas_is_more_than_ours(dex, alice, vector, factory_spec):
    """Recorded under Istanbul's rules, where these flows cost about what they do under Cancun's."""
    pair, router = vector("univ2_core_pair")["gas"], vector("univ2_periphery_router")["gas"]
    assert pair["fork"] == router["fork"] == factory_spec["gas"]["fork"] == "istanbul"
    other = dex.deploy("token", "C", "C", 18, E18)
    write = dex.factory.write.createPair(alice, dex.token0, other, gas_limit=5_000_000)
    assert dex.send(write).gas_used < factory_spec["gas"]["createPair"]
    dex.add(5 * E18, 10 * E18)
    dex.wait(1)
    dex.send(dex.pool.write.sync(alice))
    dex.pay(0, E18)
    dex.wait(1)
    assert dex.swap(453305446940074565, 0).gas_used < pair["swap_direct"]
    dex.send(dex.token0.write.approve(alice, dex.router, FOREVER))
    dex.wait(1)
    args = (E18, 0, [dex.token0, dex.token1], alice, FOREVER)
    receipt = dex.send(dex.router.write.swapExactTokensForTokens(alice, *args))
    assert receipt.gas_used < min(router["swapExactTokensForTokens"].values())
    opening = (dex.token0, 10 * E18, 0, 0, alice, FOREVER)
    add = dex.router.write.addLiquidityETH
    dex.send(add(alice, *opening, value=5 * E18, gas_limit=5_000_000))
    dex.wait(1)
    buy = dex.router.write.swapExactETHForTokens
    receipt = dex.send(buy(alice, 0, [dex.weth, dex.token0], alice, FOREVER, value=E18))
    assert receipt.gas_used < min(router["swapExactETHForTokens"].values())

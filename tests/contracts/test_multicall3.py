"""`multicall3.vy`: the functions that clients know, the answers that single calls give, its bounds."""

from __future__ import annotations

from typing import Any

import pytest
from eth_hash.auto import keccak

from dexsim.artifacts.library import shipped
from dexsim.chain.node import Node
from dexsim.market.contract import created, creation
from dexsim.testing import reverts

# Signatures of the published contract, and the selectors that are known of them.
PUBLISHED = {
    "aggregate((address,bytes)[])": "252dba42",
    "tryAggregate(bool,(address,bytes)[])": "bce38bd7",
    "tryBlockAndAggregate(bool,(address,bytes)[])": "399542e9",
    "blockAndAggregate((address,bytes)[])": "c3077fa9",
    "aggregate3((address,bool,bytes)[])": "82ad56cb",
    "aggregate3Value((address,bool,uint256,bytes)[])": "174dea71",
    "getBlockHash(uint256)": "ee82ac5e",
    "getBlockNumber()": "42cbb15c",
    "getCurrentBlockCoinbase()": "a8b0574e",
    "getCurrentBlockDifficulty()": "72425d9d",
    "getCurrentBlockGasLimit()": "86d516e8",
    "getCurrentBlockTimestamp()": "0f28c97d",
    "getEthBalance(address)": "4d2301cc",
    "getLastBlockHash()": "27e86d6e",
    "getBasefee()": "3e64a696",
    "getChainId()": "3408e470",
}

# Answers with so many bytes of zero.
ECHO = """
# pragma version ~=0.4.3
@external
@view
@raw_return
def zeros(length: uint256) -> Bytes[4096]:
    return slice(abi_encode(empty(uint256[128])), 0, length)
"""


@pytest.fixture
def multicall(deploy: Any) -> Any:
    """The contract."""
    return deploy(shipped("multicall3"))


@pytest.fixture
def coin(deploy: Any) -> Any:
    """A token to ask."""
    return deploy(shipped("token"), "Coin", "COIN", 18, 1_000)


def call(contract: Any, name: str, *arguments: Any) -> tuple[str, bytes]:
    """Whom to call with what."""
    return contract.address, contract.interface.function(name, len(arguments)).encode(arguments)


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def test_its_selectors_are_the_published_ones(multicall: Any) -> None:
    assert {s: keccak(s.encode())[:4].hex() for s in PUBLISHED} == PUBLISHED
    ours = {
        each.signature: each.selector.hex()
        for overloads in multicall.interface.functions.values()
        for each in overloads
        if not each.name.startswith("MOST_")
    }
    assert ours == PUBLISHED


def test_what_it_answers_is_what_single_calls_answer(
    multicall: Any, coin: Any, alice: Any, chain: Any
) -> None:
    asked = [
        call(coin, "balanceOf", alice.address),
        call(coin, "totalSupply"),
        call(coin, "symbol"),
    ]
    answers = tuple(chain.call(_read(*each)) for each in asked)
    assert answers[0] == word(coin.read.balanceOf(alice))
    number = multicall.read.getBlockNumber()
    assert multicall.read.aggregate(asked) == (number, answers)
    results = tuple((True, answer) for answer in answers)
    for required in (False, True):
        assert multicall.read.tryAggregate(required, asked) == results
        told = multicall.read.tryBlockAndAggregate(required, asked)
        assert told == (number, bytes(32), results)
    assert multicall.read.blockAndAggregate(asked) == (number, bytes(32), results)
    with_flags = [(target, False, data) for target, data in asked]
    assert multicall.read.aggregate3(with_flags) == results
    with_values = [(target, False, 0, data) for target, data in asked]
    assert multicall.read.aggregate3Value(with_values) == results


def _read(target: str, data: bytes) -> Any:
    from dexsim.chain.types import Transaction

    return Transaction(sender="0x" + "00" * 20, to=target, data=data)


def test_a_failing_call_is_told_where_it_may_fail_and_undoes_all_where_not(
    multicall: Any, coin: Any, alice: Any, bob: Any
) -> None:
    good = call(coin, "totalSupply")
    bad = call(coin, "transfer", bob.address, 1)  # this contract has none
    mixed = [good, bad, good]
    results = multicall.read.tryAggregate(False, mixed)
    assert [success for success, _ in results] == [True, False, True]
    assert b"token: insufficient balance" in results[1][1]
    assert multicall.read.tryBlockAndAggregate(False, mixed)[2] == results
    flags = [(target, True, data) for target, data in mixed]
    assert multicall.read.aggregate3(flags) == results
    values = [(target, True, 0, data) for target, data in mixed]
    assert multicall.read.aggregate3Value(values) == results
    strict = [(*good[:1], True, good[1]), (bad[0], False, bad[1])]
    for name, arguments in (
        ("aggregate", (mixed,)),
        ("tryAggregate", (True, mixed)),
        ("tryBlockAndAggregate", (True, mixed)),
        ("blockAndAggregate", (mixed,)),
        ("aggregate3", (strict,)),
        ("aggregate3Value", ([(t, f, 0, d) for t, f, d in strict],)),
    ):
        with reverts("multicall3: call failed"):
            getattr(multicall.read, name)(*arguments)


def test_calls_are_made_in_order_and_as_the_contract(
    multicall: Any, coin: Any, alice: Any, bob: Any, chain: Any
) -> None:
    chain.send(coin.write.transfer(alice, multicall, 5))
    calls = [
        (coin.address, False, call(coin, "transfer", bob.address, 2)[1]),
        (coin.address, False, call(coin, "balanceOf", bob.address)[1]),
        (coin.address, True, call(coin, "transfer", bob.address, 4)[1]),
        (coin.address, False, call(coin, "transfer", bob.address, 3)[1]),
    ]
    before = coin.read.balanceOf(bob)
    results = multicall.read.aggregate3(calls)
    assert [success for success, _ in results] == [True, True, False, True]
    assert results[1][1] == word(before + 2)
    chain.send(multicall.write.aggregate3(bob, calls, gas_limit=5_000_000))
    assert coin.read.balanceOf(bob) == before + 5  # what is left here, anybody can take
    assert coin.read.balanceOf(multicall) == 0


def test_values_go_along_and_sum_up_to_what_is_sent(
    multicall: Any, deploy: Any, alice: Any, chain: Any
) -> None:
    weth = deploy(shipped("weth"))
    deposit = weth.interface.function("deposit", 0).encode([])
    calls = [(weth.address, False, 2, deposit), (weth.address, False, 3, deposit)]
    send = multicall.write.aggregate3Value
    chain.send(send(alice, calls, value=5, gas_limit=5_000_000))
    assert weth.read.balanceOf(multicall) == 5
    assert chain.balance(multicall) == 0
    for value in (4, 6):
        with reverts("multicall3: value mismatch" if value > 4 else "multicall3: call failed"):
            chain.send(send(alice, calls, value=value, gas_limit=5_000_000))
    fails = [(multicall.address, True, 7, b"\x00" * 4)]
    chain.send(send(alice, fails, value=7, gas_limit=5_000_000))
    assert chain.balance(multicall) == 7  # what a failed call did not take stays


def test_it_tells_of_the_block(multicall: Any, alice: Any, chain: Any) -> None:
    env, read = chain.env, multicall.read
    assert read.getBlockNumber() == env.number
    assert read.getCurrentBlockTimestamp() == env.timestamp
    assert read.getCurrentBlockGasLimit() == env.gas_limit
    assert read.getCurrentBlockCoinbase() == env.coinbase
    assert read.getCurrentBlockDifficulty() == env.prev_randao
    assert read.getBasefee() == env.base_fee
    assert read.getChainId() == chain.chain_id
    assert read.getEthBalance(alice) == chain.balance(alice)
    hashes = [read.getBlockHash(number) for number in range(env.number)]
    assert read.getLastBlockHash() == hashes[-1] == read.getBlockHash(env.number - 1)
    for other in (env.number, env.number + 1, 2**256 - 1):
        assert read.getBlockHash(other) == bytes(32)
    for _ in range(260):
        chain.mine()
    assert read.getBlockHash(0) == bytes(32)
    assert read.getBlockHash(chain.env.number - 257) == bytes(32)


def test_its_bounds_are_met_exactly_and_one_more_is_refused(
    multicall: Any, coin: Any, deploy: Any
) -> None:
    read = multicall.read
    ask = call(coin, "totalSupply")
    assert read.aggregate([]) == (read.getBlockNumber(), ())
    assert len(read.aggregate3([(ask[0], False, ask[1])] * 256)) == 256
    with reverts(""):
        read.aggregate3([(ask[0], False, ask[1])] * 257)
    long = ask[1] + bytes(1024 - len(ask[1]))
    assert read.tryAggregate(False, [(coin.address, long)])[0] == (True, word(1_000))
    with reverts(""):
        read.tryAggregate(False, [(coin.address, long + b"\x00")])
    blob = deploy(ECHO)
    for length, fits in ((0, True), (2048, True), (2049, False), (4096, False)):
        asked = [(blob.address, True, call(blob, "zeros", length)[1])]
        if fits:
            assert read.aggregate3(asked) == ((True, bytes(length)),)
        else:
            with reverts("multicall3: answer too long"):
                read.aggregate3(asked)


def test_a_client_over_json_rpc_reads_by_it() -> None:
    node = Node.eth_tester()
    sender = node.accounts()[0]
    address = created(node.send(creation(shipped("multicall3"), sender)))
    token = created(node.send(creation(shipped("token"), sender, "A", "A", 18, 77)))
    contract = node._web3.eth.contract(address=address, abi=list(shipped("multicall3").abi))
    supply = shipped("token").interface.function("totalSupply", 0).encode([])
    results = contract.functions.aggregate3([(token, False, supply)] * 3).call()
    assert [tuple(each) for each in results] == [(True, word(77))] * 3

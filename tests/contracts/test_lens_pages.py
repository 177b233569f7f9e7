"""Several pools in one call of the lens, and a client that nobody here wrote."""

from __future__ import annotations

import pytest
from web3 import Web3
from web3.providers import BaseProvider

from dexsim.chain.types import Transaction
from dexsim.testing import reverts
from tests.looking import ALICE, Looking

E18 = 10**18
NOBODY = "0x" + "00" * 20


@pytest.fixture
def lens(dex):
    """The lens."""
    return Looking(dex)


@pytest.fixture
def five(dex):
    """Four more pools, each of one old token and a new one."""
    pools = [dex.pool]
    for number in range(4):
        token = dex.deploy("token", f"T{number}", f"T{number}", number, E18)
        pools.append(dex.create_pool(dex.token0, token))
    return [pool.address for pool in pools]


def test_a_page_holds_pools_in_the_order_of_their_creation(dex, lens, five):
    def page(start, count):
        return [info.pool for info in lens.page(dex.factory, start, count)]

    assert page(0, 32) == five
    assert page(1, 2) == five[1:3]
    assert page(4, 5) == five[4:]
    assert page(5, 1) == page(9, 32) == page(2**256 - 1, 32) == page(0, 0) == []
    with reverts("lens: page too long"):
        page(0, 33)


def test_a_page_holds_the_pools_of_its_factory_only(dex, lens, five):
    assert lens.page(dex.venue(100), 0, 32) == []


def test_a_list_is_told_in_its_order_and_as_each_one_alone(lens, five):
    assert lens.some(five[::-1]) == [lens.at(pool) for pool in five[::-1]]
    assert lens.some([]) == []


def test_thirty_two_pools_fit_in_one_call_and_thirty_three_do_not(dex, lens):
    assert len(lens.some([dex.pool] * 32)) == 32
    with reverts(""):
        lens.some([dex.pool] * 33)


def test_what_has_no_code_is_no_pool(dex, lens):
    for pools in ([ALICE], [dex.pool, ALICE]):
        with reverts("lens: not a pool"):
            lens.some(pools)


class OneChain(BaseProvider):
    """Lets web3 make calls on a chain of dexsim."""

    def __init__(self, chain):
        super().__init__()
        self.chain = chain

    def make_request(self, method, params):
        """Only calls."""
        assert method in {"eth_call", "eth_chainId"}
        if method == "eth_chainId":
            return {"jsonrpc": "2.0", "id": 1, "result": "0x1"}
        data = bytes.fromhex(params[0]["data"].removeprefix("0x"))
        answer = self.chain.call(Transaction(sender=NOBODY, to=params[0]["to"], data=data))
        return {"jsonrpc": "2.0", "id": 1, "result": "0x" + answer.hex()}


def test_web3_decodes_the_answers_by_name(dex, lens, five):
    contract = Web3(OneChain(dex.chain)).eth.contract(
        lens.contract.address, abi=list(lens.abi), decode_tuples=True
    )
    call = contract.functions.pools_of(dex.factory.address, 0, 5, ALICE.address, NOBODY)
    infos = call.call()
    assert [info.pool for info in infos] == five
    assert infos[0].token0.symbol == dex.token0.read.symbol()
    assert {info.token1.decimals for info in infos} <= {0, 1, 2, 3, 18}

"""A handle tells what to write instead, where somebody calls a function on the handle itself."""

from __future__ import annotations

import copy
import pickle

import pytest

import dexsim as dx
from dexsim.artifacts.library import shipped

ADDRESS = "0x" + "11" * 20


@pytest.fixture
def token():
    return dx.Contract(shipped("token").abi, ADDRESS)


def test_a_function_of_the_contract_is_found_behind_read_and_write(token):
    with pytest.raises(AttributeError, match=r"\.read\.transfer\(\.\.\.\) asks, \.write\.transfer"):
        token.transfer(ADDRESS, 5)


def test_what_is_no_function_is_no_attribute(token):
    with pytest.raises(AttributeError, match="'Contract' object has no attribute 'transfr'$"):
        _ = token.transfr
    assert not hasattr(token, "transfr")


def test_what_is_created_where_something_was_undone_is_known_as_itself():
    chain, alice = dx.Chain(), dx.Account.named("alice")
    chain.set_balance(alice, 10**18)
    with chain.anchor():
        undone = dx.deploy(chain, shipped("weth"), alice)
        assert chain.directory.names[undone.address] == "weth"
    token = dx.deploy(chain, shipped("token"), alice, "Coin", "COIN", 6, 10**12)
    assert token.address == undone.address
    assert chain.directory.names[token.address] == "token"
    assert chain.directory.interfaces[token.address] is token.interface


def test_a_handle_can_be_copied_and_pickled(token):
    for again in (copy.copy(token), copy.deepcopy(token), pickle.loads(pickle.dumps(token))):
        assert again.address == token.address

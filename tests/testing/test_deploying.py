"""`deploy` on whatever there is: files, text, other compilers' JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import dexsim as dx
from dexsim.artifacts.library import load
from dexsim.testing import deal, expect_events, reverts

BANK = """# pragma version ~=0.4.3

event Paid:
    who: indexed(address)
    amount: uint256

owner: public(address)
balanceOf: public(HashMap[address, uint256])
totalSupply: public(uint256)

@deploy
@payable
def __init__(owner: address):
    assert msg.value > 0, "bank: empty"
    self.owner = owner

@external
def pay(who: address, amount: uint256):
    assert msg.sender == self.owner, "bank: not the owner"
    self.balanceOf[who] += amount
    self.totalSupply += amount
    log Paid(who=who, amount=amount)
"""


def uses(bank: dx.Contract, chain: dx.Chain, alice: dx.Account, bob: dx.Account) -> None:
    assert chain.balance(bank.address) == 5
    receipt = chain.send(bank.write.pay(bob, alice, 7))
    expect_events(receipt, (bank, "Paid", alice, 7))
    with reverts("bank: not the owner"):
        chain.send(bank.write.pay(alice, alice, 7))
    assert bank.read.balanceOf(alice) == 7


def test_source_as_text(deploy: Any, chain: dx.Chain, alice: dx.Account, bob: dx.Account) -> None:
    bank = deploy(BANK, bob, value=5)
    uses(bank, chain, alice, bob)
    deal(chain, bank, bob, 10**20)
    assert (bank.read.balanceOf(bob), bank.read.totalSupply()) == (10**20, 10**20 + 7)


def test_the_constructor_can_refuse(deploy: Any, chain: dx.Chain, bob: dx.Account) -> None:
    with reverts("bank: empty"):
        deploy(BANK, bob)


def test_an_abi_and_bytecode_as_foundry_writes_them(
    deploy: Any, chain: dx.Chain, alice: dx.Account, bob: dx.Account, tmp_path: Path
) -> None:
    made = load(BANK)
    fields = {"abi": list(made.abi), "bytecode": {"object": "0x" + made.bytecode.hex()}}
    (tmp_path / "Bank.json").write_text(json.dumps(fields))
    bank = deploy(tmp_path / "Bank.json", bob, value=5)
    assert bank.name == "Bank"
    uses(bank, chain, alice, bob)
    uses_again = dx.Contract(fields["abi"], bank.address, chain)
    assert uses_again.read.balanceOf(alice) == 7


def test_without_fixtures(tmp_path: Path, alice: dx.Account, bob: dx.Account) -> None:
    chain = dx.Chain()
    chain.set_balance(alice, 10**18)
    chain.set_balance(bob, 10**18)
    (tmp_path / "bank.vy").write_text(BANK)
    for what in (BANK, tmp_path / "bank.vy", str(tmp_path / "bank.vy"), load(BANK)):
        uses(dx.deploy(chain, what, alice, bob, value=5), chain, alice, bob)


def test_a_pragma_for_another_compiler_is_one_sentence(deploy: Any) -> None:
    with pytest.raises(dx.ArtifactError) as found:
        deploy(BANK.replace("~=0.4.3", "^0.3.10"))
    told = str(found.value)
    assert told.endswith(f"source.vy:1: needs Vyper ^0.3.10, and {told.split()[-3]} is installed")
    assert "\n" not in told

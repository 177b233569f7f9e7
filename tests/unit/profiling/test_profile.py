"""A profile is true to the transaction: its lines are the receipt's gas, to the unit."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from dexsim.artifacts.library import load
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.pyevm import PyEvm
from dexsim.chain.types import Receipt, Transaction
from dexsim.chain.watching import Seen, watching
from dexsim.gas.flows.catalogue import FLOWS
from dexsim.gas.kits import shipped_kit
from dexsim.gas.measure import measure
from dexsim.market.contract import creation, deploy
from dexsim.profiling import Profile, as_text, profile
from dexsim.profiling.origins import Origins, Place

ANNA = Account.named("anna")
SOURCE = """# pragma version 0.4.3
x: uint256
y: uint256

@deploy
def __init__(n: uint256):
    assert n != 0, "none"
    self.x = n
    self.y = 1

@internal
def _add(n: uint256):
    self.x += n

@external
@payable
def go(n: uint256):
    self._add(n)
    self._add(2)
    assert n != 7, "seven"

@external
def clear():
    self.x = 0
    self.y = 0

@external
def deep(n: uint256):
    extcall Me(self).go(n)
    self.y = 5

@external
def spin():
    for i: uint256 in range(1000000):
        self.x = i

@external
def hashes() -> bytes32:
    return sha256(b"ab")

@external
def pay(who: address, amount: uint256) -> bool:
    return raw_call(who, b"", value=amount, revert_on_failure=False)

interface Me:
    def go(n: uint256): payable
"""


class Checked:
    """An observer that holds every transaction's profile against its receipt."""

    def __init__(self) -> None:
        self.seen: list[Receipt] = []
        self.origins = Origins()

    def __call__(self, seen: Seen) -> None:
        one = Profile(self.origins)
        one(seen)
        if seen.receipt is None:
            assert one.gas == 0
            return
        assert one.gas == seen.receipt.gas_used
        below = {place.what for place, cost in one.lines.items() if cost.gas < 0}
        assert below <= {"(refund)", "(floor of calldata)"}
        self.seen.append(seen.receipt)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A contract with a line for each thing that gas goes to."""
    file = tmp_path / "subject.vy"
    file.write_text(SOURCE)
    return file


@pytest.mark.parametrize("fork", ["cancun", "prague"])
def test_the_lines_of_every_transaction_are_its_gas(fork: str, source: Path) -> None:
    checked = Checked()
    with watching(checked):
        chain = Chain(PyEvm(fork=fork), base_fee=0)
        chain.set_balance(ANNA, 10**24)
        contract = deploy(chain, source, ANNA, 3)
        write = contract.write
        refused = creation(load(source), ANNA, 0)
        poor = creation(load(source), ANNA, 1, gas_limit=200_000)
        txs = [
            write.go(ANNA, 1),
            write.go(ANNA, 7),
            write.go(ANNA, 2**256 - 1),
            write.go(ANNA, 2, value=5),
            write.deep(ANNA, 3),
            write.deep(ANNA, 7),
            write.clear(ANNA),
            write.spin(ANNA, gas_limit=300_000),
            write.hashes(ANNA),
            write.pay(ANNA, ANNA, 1),
            write.pay(ANNA, ANNA, 10**30),
            write.pay(ANNA, contract, 0),
            Transaction(sender=ANNA.address, to=ANNA.address, value=1),
            Transaction(sender=ANNA.address, to=ANNA.address, data=b"\x01" * 500),
            Transaction(sender=ANNA.address, to=contract.address, data=b"\x00" * 500),
            Transaction(
                sender=ANNA.address,
                to=contract.address,
                data=write.go(ANNA, 1).data,
                access_list=((contract.address, (0, 1)),),
            ),
            Transaction(sender=ANNA.address, to=None, data=b"\xfe", gas_limit=100_000),
            refused,
            poor,
        ]
        for tx in txs:
            chain.mine([tx])
    assert len(checked.seen) == len(txs) + 1
    failed = Counter(receipt.halt for receipt in checked.seen if not receipt.status)
    assert failed["out of gas"] == 2
    assert failed["invalid opcode"] == 1
    assert failed[""] >= 4
    assert any(receipt.gas_refunded for receipt in checked.seen)


def test_the_lines_of_every_flow_are_its_gas() -> None:
    checked = Checked()
    with watching(checked):
        used = measure(shipped_kit(), FLOWS[::4])
    assert len(checked.seen) > len(used)
    assert set(used.values()) <= {receipt.gas_used for receipt in checked.seen}


def test_gas_stands_at_the_line_that_spends_it(source: Path) -> None:
    chain = Chain("pyevm", base_fee=0)
    chain.set_balance(ANNA, 10**24)
    contract = deploy(chain, source, ANNA, 3)
    found = profile(chain, contract.write.go(ANNA, 1))
    lines = {place.line: cost for place, cost in found.lines.items() if place.line}
    assert set(lines) == {13, 17, 18, 19, 20}
    # The storage is read twice (2100 cold, 100 warm) and written twice (2900 and 100).
    assert 5200 < lines[13].gas < 5500
    assert lines[13].hits == 2
    assert found.lines[Place("(transaction)")].gas == 21_000
    assert chain.storage(contract.address, 0) == 3, "nothing stays"


def test_calls_are_counted_without_what_is_below_and_with_it(source: Path) -> None:
    chain = Chain("pyevm", base_fee=0)
    chain.set_balance(ANNA, 10**24)
    contract = deploy(chain, source, ANNA, 3)
    found = Profile()
    with chain.watched_by(found):
        receipt = chain.send(contract.write.deep(ANNA, 1))
        chain.send(contract.write.go(ANNA, 1))
    deep, go = found.calls["subject", "deep"], found.calls["subject", "go"]
    assert len(go.own) == 2
    assert go.own == go.total
    assert deep.total[0] == deep.own[0] + go.total[0]
    assert deep.total[0] < receipt.gas_used
    assert "subject.deep" in as_text(found)
    assert found.gas == sum(cost.gas for cost in found.lines.values())


def test_a_chain_is_as_before_when_nobody_watches_any_more(source: Path) -> None:
    chain = Chain("pyevm", base_fee=0)
    engine = chain.engine
    with chain.watched_by(Profile()):
        assert chain.engine is not engine
    assert chain.engine is engine


def test_watching_changes_no_receipt(source: Path) -> None:
    def run() -> list[Receipt]:
        chain = Chain("pyevm", base_fee=0)
        chain.set_balance(ANNA, 10**24)
        contract = deploy(chain, source, ANNA, 3)
        return [
            receipt
            for n in (1, 7)
            for receipt in chain.mine([contract.write.deep(ANNA, n)]).receipts
        ]

    plain = run()
    with watching(Profile()):
        assert run() == plain

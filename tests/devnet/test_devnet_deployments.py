"""dexsim's own client against dexsim's own node: plans, receipts, the command line."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.node import Node
from dexsim.chain.reader import Backend
from dexsim.chain.types import Receipt, Transaction
from dexsim.cli import main
from dexsim.devnet.local import ACCOUNTS, begin
from dexsim.errors import DeploymentError, Reverted, TransactionRejected
from dexsim.market.contract import creation
from dexsim.market.deploying.apply import apply, perform
from dexsim.market.deploying.ledger import Embedded
from dexsim.market.deploying.manifest import read_manifest
from dexsim.market.deploying.plan import Ground
from dexsim.market.erc20 import Erc20
from tests.deploying.setting import EXCHANGE, STEPS
from tests.devnet.conftest import Rpc

ALICE, BOB = ACCOUNTS[:2]
SIGNER = Account.named("signs for himself")

# --- deploying ------------------------------------------------------------------------------


def test_an_exchange_is_deployed_and_known_again(
    url: str, rpc: Rpc, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["deploy", "exchange", "--rpc", url, "--dir", str(tmp_path)]
    assert main(arguments) == 0
    assert "Nothing was sent" in capsys.readouterr().out
    assert main([*arguments, "--apply"]) == 0
    assert f"{STEPS} transactions sent" in capsys.readouterr().out
    assert main([*arguments, "--apply"]) == 0
    assert "nothing was sent" in capsys.readouterr().out
    assert rpc("eth_blockNumber") == hex(STEPS)
    manifest = read_manifest(tmp_path / "1337" / "exchange.json")
    assert manifest is not None
    assert manifest.complete
    assert manifest.deployer == ALICE.address
    assert [step.block_number for step in manifest.steps] == list(range(1, STEPS + 1))


def test_a_node_that_was_started_anew_is_recognised(url: str, rpc: Rpc, tmp_path: Path) -> None:
    empty = rpc("evm_snapshot")
    node = Node.connect(url)
    apply(EXCHANGE, node, deployer=ALICE.address, folder=tmp_path)
    assert rpc("evm_revert", empty) is True
    with pytest.raises(DeploymentError, match="restarted"):
        apply(EXCHANGE, node, deployer=ALICE.address, folder=tmp_path)


# --- one body, two chains -------------------------------------------------------------------


def same(here: Receipt, there: Receipt) -> bool:
    """What a node can tell of a receipt, and an engine too."""
    parts = ("status", "gas_used", "effective_gas_price", "logs", "contract_address", "halt")
    return all(getattr(here, part) == getattr(there, part) for part in parts)


@pytest.mark.parametrize("signed", [False, True])
def test_the_plan_has_the_same_receipts_in_process(url: str, signed: bool) -> None:
    node, chain = Node.connect(url, signers=[SIGNER] if signed else []), begin()
    deployer = SIGNER if signed else ALICE
    for there in (node, chain):
        there.send(Transaction(sender=BOB.address, to=deployer.address, value=10**21))
    plan = EXCHANGE.build(Ground(deployer=deployer.address, nonce=0, time=0))
    inside = perform(plan.steps, Embedded(chain))
    done = list(zip(perform(plan.steps, node), inside, strict=True))
    assert len(done) == STEPS
    for here, there_too in done:
        assert same(here.receipt, there_too.receipt), here.step.name
    assert node.balance(deployer) == chain.balance(deployer)
    assert node.balance(BOB) == chain.balance(BOB)


def attempts(chain: Backend) -> Iterator[Receipt]:
    """Transactions that succeed, revert, halt and run out of gas."""
    made = chain.send(creation(shipped("token"), ALICE, "Base", "BASE", 18, 5))
    yield made
    assert made.contract_address is not None
    token = Erc20(made.contract_address, chain, symbol="BASE")
    yield chain.send(token.transfer(ALICE, to=BOB, amount=2))
    yield refused(chain, token.transfer(ALICE, to=BOB, amount=4))
    yield refused(chain, replace(token.approve(ALICE, spender=BOB), gas_limit=22_500))
    yield refused(chain, creation(shipped("factory"), ALICE, ALICE, 1_001, ALICE, bytes(32)))
    assert (token.balance(ALICE), token.balance(BOB)) == (3, 2)


def refused(chain: Backend, tx: Transaction) -> Receipt:
    """The receipt of a transaction that fails."""
    with pytest.raises(Reverted) as caught:
        chain.send(tx)
    assert caught.value.receipt is not None
    return caught.value.receipt


def test_failures_are_told_as_in_process(url: str) -> None:
    here, there = list(attempts(Node.connect(url))), list(attempts(begin()))
    assert [receipt.status for receipt in here] == [True, True, False, False, False]
    assert here[3].halt == "out of gas"
    assert [same(one, other) for one, other in zip(here, there, strict=True)] == [True] * 5


def test_reasons_and_rejections_come_through(url: str) -> None:
    node = Node.connect(url)
    factory = creation(shipped("factory"), ALICE, ALICE, 1_001, ALICE, bytes(32))
    with pytest.raises(Reverted, match="factory: fee too high"):
        node.send(factory)
    with pytest.raises(TransactionRejected, match="insufficient funds"):
        node.send(Transaction(sender=ALICE.address, to=BOB.address, value=10**22))
    with pytest.raises(TransactionRejected, match="does not hold the key"):
        node.send(Transaction(sender=SIGNER.address, to=BOB.address))
    mark = node.snapshot()
    node.mine()
    node.restore(mark)
    assert node.number == 1


def test_a_market_is_played_the_same(url: str) -> None:
    """The scenario by which all chains are compared, see tests/engines."""
    from tests.engines.test_engines_agree import DEPLOYER, FUNDS, TRADER, in_process, play

    node = Node.connect(url, signers=[DEPLOYER, TRADER])
    for account in (DEPLOYER, TRADER):
        node.send(Transaction(sender=ALICE.address, to=account.address, value=FUNDS))
    here, there = play(node), play(in_process("auto")())
    assert here.roles == there.roles
    assert here.report() == there.report()


# --- the command ----------------------------------------------------------------------------


@contextmanager
def command(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`dexsim node` in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "dexsim", "node", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def told_until(process: subprocess.Popen[str], last: str) -> str:
    """What a process says up to a line."""
    told: list[str] = []
    for line in process.stdout or ():
        told.append(line)
        if line.startswith(last):
            break
    return "".join(told)


def test_the_command_tells_what_there_is_and_stops_at_ctrl_c(accounts: list[Account]) -> None:
    with command("--port", "0") as process:
        told = told_until(process, "Ctrl-C stops it")
        assert "chain id 1337" in told
        for account in accounts:
            assert re.search(rf"^ +{account.name} +{account.address}$", told, re.MULTILINE)
            assert account.key.hex() not in told
        found = re.search(r"http://127\.0\.0\.1:[1-9]\d*", told)
        assert found is not None
        node = Node.connect(found[0])
        assert node.accounts() == tuple(account.address for account in accounts)
        node.send(Transaction(sender=accounts[0].address, to=accounts[1].address, value=1))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (0, "stopped\n", "")


def test_a_port_in_use_is_an_error_that_names_it(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    port = url.rpartition(":")[2]
    assert main(["node", "--port", port]) == 1
    told: Any = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"error: cannot listen on port {port} of 127.0.0.1")


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none_is_the_users_mistake(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["node", "--port", port]) == 2
    assert "--port" in capsys.readouterr().err


def test_the_accounts_are_those_of_the_fixtures(accounts: list[Account], chain: Chain) -> None:
    assert list(ACCOUNTS) == accounts
    assert begin().balance(ALICE) == chain.balance(ALICE)

"""The command on every kind of node: planned, sent, sent again, checked, restarted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dexsim.chain.node import Node
from dexsim.chain.types import Transaction
from dexsim.devnet.server import Server
from dexsim.errors import NodeError
from tests import anvil, hardhat, legacy
from tests.cli.conftest import Ended, dexsim, here  # noqa: F401 - fixtures
from tests.deploying.setting import DEPLOYER, FUNDS, STEPS, Breaking, applied, someone_elses

Command = Callable[..., Ended]
NODES = {
    "anvil": anvil.running,
    "hardhat": hardhat.running,
    "legacy": legacy.running,
    "dexsim node": lambda: Server(port=0).running(),
}


@pytest.fixture(params=NODES)
def url(request: pytest.FixtureRequest) -> Any:
    """A new node's URL."""
    with NODES[request.param]() as url:
        yield url


def test_the_command_works_on_every_node(dexsim: Command, url: str, tmp_path: Path) -> None:  # noqa: F811
    node = Node.connect(url)
    arguments = ("deploy", "exchange", "--rpc", url, "--dir", str(tmp_path / "d"))
    assert "Nothing was sent" in dexsim(*arguments).out
    assert f"{STEPS} transactions sent" in dexsim(*arguments, "--apply").out
    assert "nothing was sent" in dexsim(*arguments, "--apply").out
    assert node.nonce(node.accounts()[0]) == STEPS
    ended = dexsim("deploy", "--check", "--rpc", url, "--dir", str(tmp_path / "d"))
    assert (ended.code, ended.err) == (0, "")


def test_an_interruption_is_survived_on_every_node(url: str, tmp_path: Path) -> None:
    node = Node.connect(url, signers=[DEPLOYER])
    rich = node.accounts()[0]  # the node signs for this one, and this process for the deployer
    node.send(Transaction(sender=rich, to=DEPLOYER.address, value=FUNDS // 2, gas_limit=21_000))
    for after, arrives in ((2, True), (1, False), (5, True)):
        with pytest.raises(NodeError):
            applied(Breaking(node, after=after, arrives=arrives), tmp_path)
    node.send(someone_elses())
    outcome = applied(node, tmp_path)
    assert outcome.manifest.complete
    assert node.nonce(DEPLOYER) == STEPS + 1


def test_a_chain_without_base_fees_is_paid_by_its_gas_price(tmp_path: Path) -> None:
    with legacy.running() as url:
        node = Node.connect(url, signers=[DEPLOYER])
        assert (node.tip, node.gas_price) == (0, node.base_fee)
        rich = node.accounts()[0]
        for sender, to, value in (
            (rich, DEPLOYER.address, 5 * 10**18),
            (DEPLOYER.address, rich, 10**18),
        ):
            before = node.balance(sender)
            tx = Transaction(sender=sender, to=to, value=value, gas_limit=21_000)
            receipt = node.send(tx)
            sent = node._web3.eth.get_transaction(receipt.tx_hash)
            assert sent["type"] == 0
            assert before - node.balance(sender) == value + 21_000 * sent["gasPrice"]

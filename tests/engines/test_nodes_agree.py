"""A market played on nodes that others wrote, held against the engine in process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from dexsim.chain.node import Node
from dexsim.chain.types import Transaction
from tests import anvil, hardhat, legacy
from tests.engines.test_engines_agree import CHAINS, DEPLOYER, FUNDS, TRADER, play

NODES: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "anvil": anvil.running,
    "hardhat": hardhat.running,
    "without base fees": legacy.running,
}


@pytest.mark.parametrize("name", NODES)
def test_a_market_is_played_the_same_on_every_node(name: str) -> None:
    with NODES[name]() as url:
        node = Node.connect(url, signers=[DEPLOYER, TRADER])
        if name != "hardhat":
            # Blocks within a second would skip a pool's sums of prices, and cost less gas.
            node._request("anvil_setBlockTimestampInterval", [1])
        rich = node.accounts()[0]
        for account in (DEPLOYER, TRADER):
            tx = Transaction(sender=rich, to=account.address, value=FUNDS, gas_limit=21_000)
            node.send(tx)
        here, there = play(node), play(CHAINS["pyevm"]())
        assert here.roles == there.roles
        assert here.report() == there.report()

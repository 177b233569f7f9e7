"""Chains to deploy to, and chains that break at a chosen transaction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.node import Node
from dexsim.chain.types import Receipt, Transaction
from dexsim.errors import NodeError
from dexsim.market.deploying.apply import Applied, apply
from dexsim.market.deploying.ledger import Embedded
from dexsim.market.deploying.plan import Ground, Plan, Recipe
from dexsim.market.deploying.reading import recipe

EXCHANGE, TOKENS, INCENTIVES = recipe("exchange"), recipe("tokens"), recipe("incentives")
DEPLOYER = Account.named("deploying")
OTHER = Account.named("somebody else")
FUNDS = 10_000 * 10**18


def plan_of(what: Recipe = EXCHANGE, nonce: int = 0) -> Plan:
    """A plan of the usual deployer, as a chain in process would have it."""
    ground = Ground(deployer=DEPLOYER.address, nonce=nonce, time=Chain().env.timestamp)
    return what.build(ground)


STEPS = len(plan_of().steps)


def embedded() -> Embedded:
    """A new chain in process with a funded deployer."""
    chain = Chain()
    chain.set_balance(DEPLOYER, FUNDS)
    chain.set_balance(OTHER, FUNDS)
    return Embedded(chain)


def in_eth_tester() -> Node:
    """A new eth-tester that knows the deployer's key."""
    node = Node.eth_tester(signers=[DEPLOYER, OTHER])
    rich = node.accounts()[0]
    for account in (DEPLOYER, OTHER):
        node.send(Transaction(sender=rich, to=account.address, value=FUNDS, gas_limit=21_000))
    return node


BACKENDS: dict[str, Callable[[], Any]] = {"embedded": embedded, "eth-tester": in_eth_tester}


def applied(ledger: Any, folder: Path, what: Recipe = EXCHANGE, **options: Any) -> Applied:
    """The plan applied by the usual deployer."""
    return apply(what, ledger, deployer=DEPLOYER.address, folder=folder, **options)


class Breaking:
    """A chain whose connection breaks at the transaction after so many.

    arrives: whether that one still gets through, so that only its answer is lost.
    """

    def __init__(self, ledger: Any, *, after: int, arrives: bool = False) -> None:
        self._ledger, self._left, self._arrives = ledger, after, arrives

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def send(self, tx: Transaction) -> Receipt:
        if self._left == 0:
            if self._arrives:
                self._ledger.send(tx)
            raise NodeError("the connection broke")
        self._left -= 1
        sent: Receipt = self._ledger.send(tx)
        return sent


def someone_elses(sender: Account = DEPLOYER) -> Transaction:
    """A transaction of the deployer's that belongs to no plan."""
    return Transaction(sender=sender.address, to=OTHER.address, value=1, gas_limit=21_000)

"""The sandwich scenario on anvil: the same accounts and orders, its own block building, equal receipts.

Everything is set up there from the accounts' derived keys; every block's transactions are then thrown
into its mempool out of order, and anvil mines them by the fees that they offer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
from eth_account import Account as EthAccount

from dexsim.chain.accounts import Account, name_of
from dexsim.chain.chain import Chain
from dexsim.chain.node import Node
from dexsim.chain.node_wire import NodeReceipt, transaction_fields
from dexsim.chain.types import Block, Receipt, Transaction
from dexsim.scenario import stage as staging
from dexsim.scenario.runner import play
from dexsim.scenario.stage import Stage
from tests import anvil
from tests.scenarios import small

BLOCKS, SEED = 12, 3
RICH = 10**30
SETUP_GAS = 2**40


@dataclass(frozen=True)
class Played:
    """A run in process: how it was set up, and its blocks."""

    stage: Stage
    setup: Block
    blocks: Sequence[Block]

    @property
    def all(self) -> list[Block]:
        """The set-up first."""
        return [self.setup, *self.blocks]


@pytest.fixture(scope="module")
def played() -> Played:
    """A small sandwich scenario whose searcher attacks in the open."""
    searcher = small.searcher(via="transactions")
    agents = small.scenario().agents | {"searcher": searcher}
    blocks: list[Block] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staging, "Chain", partial(Chain, on_block=blocks.append))
        scenario = small.scenario(agents=agents, blocks=BLOCKS)
        stage = play(scenario, seed=SEED, engine="pyevm")
    return Played(stage, blocks[0], blocks[1:])


def sandwiches(played: Played) -> list[tuple[int, int, int]]:
    """Blocks in which somebody stands before and behind somebody else; from how far apart."""
    searcher = Account.named("searcher").address
    found = []
    for number, block in enumerate(played.blocks):
        mine = [i for i, r in enumerate(block.receipts) if r.transaction.sender == searcher]
        if len(mine) >= 2 and mine[-1] - mine[0] > 1:
            found.append((number, mine[0], mine[-1]))
    return found


class OnAnvil:
    """An anvil that holds what a run was set up with."""

    def __init__(self, url: str, played: Played) -> None:
        self.node = Node.connect(url)
        self.web3 = self.node._web3
        senders = {r.transaction.sender for block in played.all for r in block.receipts}
        for address in senders:
            self.node.set_balance(address, RICH)
        # Block 0 in process: in its order, because each offers less than the one before.
        receipts = played.setup.receipts
        tips = range(len(receipts), 0, -1)
        for receipt, tip in zip(receipts, tips, strict=True):
            self.throw_in(replace(receipt.transaction, max_fee_per_gas=tip), tip)
        self.mined = self.mine(played.setup)

    def throw_in(self, tx: Transaction, tip: int) -> None:
        """Into the mempool, signed by its sender's derived key."""
        fields = transaction_fields(tx) | {
            "maxFeePerGas": max(tx.max_fee_per_gas or 0, tip),
            "maxPriorityFeePerGas": tip,
            "chainId": self.node.chain_id,
            "type": 2,
        }
        sender = fields.pop("from")
        key = Account.named(name_of(sender)).key
        signed = EthAccount.sign_transaction({"to": b"", **fields}, key)
        self.web3.eth.send_raw_transaction(signed.raw_transaction)

    def mine(self, like: Block) -> list[NodeReceipt]:
        """A block at the same time, for the same base fee and builder; what became of everything."""
        ask = self.node._request
        ask("evm_setNextBlockTimestamp", [like.env.timestamp])
        ask("anvil_setNextBlockBaseFeePerGas", [hex(like.env.base_fee)])
        ask("anvil_setCoinbase", [like.env.coinbase])
        self.node.mine()
        block = self.web3.eth.get_block("latest")
        assert block["timestamp"] == like.env.timestamp
        assert block["baseFeePerGas"] == like.env.base_fee
        found = [self.node.mined(bytes(hash_)) for hash_ in block["transactions"]]  # type: ignore[arg-type]
        return [each for each in found if each is not None]

    def play(self, block: Block, *, change: Any = lambda tx: tx) -> list[NodeReceipt]:
        """The block's transactions, those that offer least first, mined as anvil orders them."""

        def offer(receipt: Receipt) -> int:
            return receipt.transaction.max_priority_fee_per_gas

        by_offer = sorted(block.receipts, key=offer)  # stable: equal offers keep their order
        for receipt in by_offer:
            tx = change(receipt.transaction)
            self.throw_in(tx, tx.max_priority_fee_per_gas)
        return self.mine(block)


@pytest.fixture
def there(played: Played) -> Iterator[OnAnvil]:
    """An anvil with everything set up."""
    options = ("--no-mining", "--order", "fees", "--chain-id", "1337", "--base-fee", "0")
    start = ("--timestamp", str(played.setup.env.timestamp - 1), "--gas-limit", str(SETUP_GAS))
    with anvil.running(*options, *start) as url:
        yield OnAnvil(url, played)


def told(receipts: Sequence[Receipt]) -> list[tuple[Any, ...]]:
    """What has to be equal: who, which of theirs, status, gas, logs, what was created."""
    return [
        (
            r.transaction.sender,
            r.transaction.nonce,
            r.status,
            r.gas_used,
            r.logs,
            r.contract_address,
        )
        for r in receipts
    ]


def prices(receipts: Sequence[Receipt]) -> list[int]:
    """What each paid for gas; setting up costs nothing in process, and something on anvil."""
    return [receipt.effective_gas_price for receipt in receipts]


def test_the_run_has_what_it_is_about(played: Played) -> None:
    assert len(sandwiches(played)) >= 3
    for block in played.blocks:
        offers = [r.transaction.max_priority_fee_per_gas for r in block.receipts]
        assert offers == sorted(offers, reverse=True)
    assert {r.transaction.max_fee_per_gas for r in played.blocks[0].receipts} == {
        played.blocks[0].env.base_fee + r.transaction.max_priority_fee_per_gas
        for r in played.blocks[0].receipts
    }


def test_every_receipt_on_anvil_is_that_of_the_run(played: Played, there: OnAnvil) -> None:
    assert told(there.mined) == told(played.setup.receipts)
    for block in played.blocks:
        mined = there.play(block)
        assert told(mined) == told(block.receipts)
        assert prices(mined) == prices(block.receipts)
    for agent in ("searcher", "arbitrageur", *(f"retail-{n}" for n in range(1, 6))):
        for name, token in played.stage.deployment.tokens.items():
            account = Account.named(agent)
            on_anvil = replace_chain(token, there.node).balance(account)
            assert on_anvil == token.balance(account), (agent, name)


def replace_chain(token: Any, node: Node) -> Any:
    """The same token, asked on another chain."""
    return type(token)(token.address, node, symbol=token.symbol, decimals=token.decimals)


def test_another_order_gives_other_receipts(played: Played, there: OnAnvil) -> None:
    number, first, _ = sandwiches(played)[0]
    for block in played.blocks[:number]:
        there.play(block)
    attacked = played.blocks[number]
    frontrun = attacked.receipts[first].transaction

    def late(tx: Transaction) -> Transaction:
        """The front-run offers nothing, and comes last. (Anvil goes by the most that is offered.)"""
        if tx != frontrun:
            return tx
        least = attacked.env.base_fee
        return replace(tx, max_priority_fee_per_gas=0, max_fee_per_gas=least)

    mined = there.play(attacked, change=late)
    assert mined[-1].transaction.nonce > frontrun.nonce  # its other leg has to wait behind it
    order = [(r.transaction.sender, r.transaction.nonce) for r in mined]
    assert order.index((frontrun.sender, frontrun.nonce)) == len(order) - 2
    assert told(mined) != told(attacked.receipts)

"""What a node tells of what it has mined, and of the rules that it mines by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, cast

from dexsim.chain.accounts import Account, address_of
from dexsim.chain.address import checksum
from dexsim.chain.node_wire import NodeReceipt
from dexsim.chain.node_words import UNKNOWN_INSTRUCTION
from dexsim.chain.types import Address
from dexsim.errors import EngineError, Reverted

if TYPE_CHECKING:
    from eth_typing import ChecksumAddress
    from web3 import Web3

# Each stops after one instruction; PUSH0 is EIP-3855, MCOPY EIP-5656, TLOAD EIP-1153.
_PROBES = {
    "PUSH0": bytes.fromhex("5f00"),
    "MCOPY": bytes.fromhex("6000600060005e00"),
    "TLOAD": bytes.fromhex("60005c00"),
}
_PROBE_GAS = 100_000


class NodePast(ABC):
    """The part of a node that looks back."""

    _web3: Web3

    @abstractmethod
    def _told(self, what: str, *, sending: bool = False) -> AbstractContextManager[None]:
        """Whatever web3 and what lies below it raise, in words of dexsim."""

    @abstractmethod
    def nonce(self, address: Account | Address) -> int:
        """Transactions sent so far that are mined."""

    @property
    @abstractmethod
    def number(self) -> int:
        """Number of the newest block."""

    def missing_instructions(self) -> tuple[str, ...]:
        """Instructions that contracts compiled for Cancun need and this chain does not know."""
        return tuple(name for name, code in _PROBES.items() if self._does_not_know(code))

    def _does_not_know(self, code: bytes) -> bool:
        """Whether creating a contract by this code ends at an unknown instruction."""
        try:
            with self._told("eth_call"):
                self._web3.eth.call({"data": cast("Any", code), "gas": _PROBE_GAS})
        except Reverted as refused:
            return refused.reason == UNKNOWN_INSTRUCTION
        except EngineError:
            return False  # this node answers no such question; the deployment will show
        return False

    @abstractmethod
    def mined(self, tx_hash: bytes) -> NodeReceipt | None:
        """The receipt of a transaction; None where no block holds it."""

    def mined_as(
        self, sender: Account | Address, nonce: int, *, since: int = 0
    ) -> NodeReceipt | None:
        """The receipt of the transaction that used a nonce; None where it is not used, or not found.

        since: a block that was there before it.
        """
        if self.nonce(sender) <= nonce:
            return None
        wanted = address_of(sender)
        for number in self._blocks_that_may_hold(wanted, nonce, since):
            with self._told("eth_getBlockByNumber"):
                held = self._web3.eth.get_block(number, full_transactions=True)["transactions"]
            for each in cast("list[Any]", held):
                if checksum(str(each["from"])) == wanted and int(each["nonce"]) == nonce:
                    return self.mined(bytes(each["hash"]))
        return None

    def _blocks_that_may_hold(self, sender: Address, nonce: int, since: int) -> range:
        """One block, by halving; all of them where the node has forgotten its old states."""
        low, high = min(since, self.number), self.number
        try:
            if self._nonce_at(sender, low) > nonce:  # the chain was reorganised below
                low = 0
            while low + 1 < high:
                middle = (low + high) // 2
                low, high = (
                    (low, middle) if self._nonce_at(sender, middle) > nonce else (middle, high)
                )
        except EngineError:
            return range(low, self.number + 1)
        return range(high, high + 1)

    def _nonce_at(self, sender: Address, block: int) -> int:
        with self._told("eth_getTransactionCount"):
            return int(self._web3.eth.get_transaction_count(cast("ChecksumAddress", sender), block))

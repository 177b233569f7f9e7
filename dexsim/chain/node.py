"""A node behind JSON-RPC as a chain: anvil, geth, anything that web3 speaks to, or eth-tester in process.

The only file that imports web3 and eth_tester, and only when a node is opened.
A node is narrower than an engine: it chooses its own timestamps and base fee,
and it tells neither output nor refunds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Protocol, cast

from dexsim.chain.accounts import Account, address_of
from dexsim.chain.address import checksum
from dexsim.chain.engines import FORK
from dexsim.chain.node_past import NodePast
from dexsim.chain.node_url import connection_trouble, how_to_start, shown
from dexsim.chain.node_wire import (
    NodeReceipt,
    call_fields,
    node_receipt,
    transaction_fields,
    transaction_told,
)
from dexsim.chain.node_words import (
    Refusal,
    has_no_method,
    message_of,
    mined_anyway,
    refusal_in,
)
from dexsim.chain.types import Address, BlockEnv, Transaction
from dexsim.errors import (
    DexsimError,
    EngineError,
    NodeError,
    Reverted,
    ScenarioError,
    TransactionRejected,
)

if TYPE_CHECKING:
    from eth_typing import ChecksumAddress
    from web3 import Web3
    from web3.types import RPCEndpoint, TxParams

REQUEST_SECONDS = 10
RECEIPT_SECONDS = 120
POLL_SECONDS = 0.1

_IN_PROCESS = "run it on an in-process engine: dexsim.chain.chain.Chain"
_SET_BALANCE = ("anvil_setBalance", "hardhat_setBalance")


class Signer(Protocol):
    """Somebody whose key is at hand; `dexsim.chain.accounts.Account` is one."""

    @property
    def address(self) -> Address:
        """Who sends."""

    @property
    def key(self) -> bytes:
        """The private key, 32 bytes."""


class Node(NodePast):
    """A chain behind JSON-RPC; open it by `Node.connect` or `Node.eth_tester`.

    Transactions of the node's unlocked accounts are sent to it unsigned, those
    of `signers` are signed here. Every failure is an error of `dexsim.errors`.
    """

    def __init__(
        self, web3: Web3, *, where: str, signers: Iterable[Signer] = (), receipt_seconds: float
    ) -> None:
        self.where = where
        self.receipt_seconds = receipt_seconds
        self._web3 = web3
        self._signers = {signer.address: signer for signer in signers}
        with self._told("eth_chainId"):
            self.chain_id = int(web3.eth.chain_id)

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        signers: Iterable[Signer] = (),
        request_seconds: float = REQUEST_SECONDS,
        receipt_seconds: float = RECEIPT_SECONDS,
    ) -> Node:
        """The node at an http:// or https:// URL.

        signers: accounts whose transactions are signed here. request_seconds:
        for one answer. receipt_seconds: for a transaction to be mined.
        Raises NodeError naming the URL when nothing answers there.
        """
        if not url.startswith(("http://", "https://")):
            raise ScenarioError(f"{url!r} is no URL of a node; write it like http://127.0.0.1:8545")
        from web3 import HTTPProvider, Web3

        # No retries: a refused connection is told at once, and a transaction is never sent twice.
        provider = HTTPProvider(
            url, request_kwargs={"timeout": request_seconds}, exception_retry_configuration=None
        )
        return cls(
            Web3(provider), where=shown(url), signers=signers, receipt_seconds=receipt_seconds
        )

    @classmethod
    def eth_tester(cls, *, signers: Iterable[Signer] = ()) -> Node:
        """A new eth-tester chain in this process, with ten rich unlocked accounts.

        Its fork is that of the in-process engines, Cancun; eth-tester's own
        default is Prague, where calldata has a floor price (EIP-7623).
        """
        from eth_tester import EthereumTester, PyEVMBackend
        from web3 import EthereumTesterProvider, Web3

        from dexsim.chain.pyevm.vms import VMS

        tester = EthereumTester(PyEVMBackend(vm_configuration=((0, VMS[FORK]),)))
        web3 = Web3(EthereumTesterProvider(tester))
        return cls(web3, where="eth-tester", signers=signers, receipt_seconds=RECEIPT_SECONDS)

    def __repr__(self) -> str:
        return f"<node {self.where}, chain {self.chain_id}>"

    def add_signer(self, signer: Signer) -> None:
        """Sign this account's transactions here from now on."""
        self._signers[signer.address] = signer

    # --- transactions -----------------------------------------------------------

    def send(self, tx: Transaction) -> NodeReceipt:
        """Have a transaction mined and return its receipt.

        An open fee becomes twice the next block's base fee plus the tip, so that it
        still fits when later blocks ask for more; what is paid is base fee plus tip.
        Raises Reverted with the reason where the node can replay the call,
        TransactionRejected when the node does not take it, NodeError otherwise.
        """
        complete, prices = self._complete(tx)
        hash_ = self._submit(complete, {**transaction_fields(complete), **prices})
        with self._told(f"the receipt of {_name(tx)} (transaction {hash_.to_0x_hex()})"):
            mined = self._web3.eth.wait_for_transaction_receipt(
                hash_, timeout=self.receipt_seconds, poll_latency=POLL_SECONDS
            )
        receipt = node_receipt(complete, mined)
        if not receipt.status:
            raise self._refused(receipt)
        return receipt

    def _complete(self, tx: Transaction) -> tuple[Transaction, Mapping[str, int]]:
        """The transaction with nonce and fee, and the fee as this node wants it said."""
        expected = self.nonce(tx.sender)
        if tx.nonce not in (None, expected):
            # A node would keep a nonce that is too high, and nothing would ever come of it.
            raise TransactionRejected(
                f"{_name(tx)} from {tx.sender} has nonce {tx.nonce}, the sender's next is {expected}"
            )
        base_fee = self._block_base_fee()
        if base_fee is None:
            complete = tx.complete(nonce=expected, base_fee=self.base_fee)
            return complete, {"gasPrice": complete.max_fee_per_gas or 0}
        complete = tx.complete(nonce=expected, base_fee=2 * base_fee)
        return complete, {
            "maxFeePerGas": complete.max_fee_per_gas or 0,
            "maxPriorityFeePerGas": complete.max_priority_fee_per_gas,
        }

    def _submit(self, tx: Transaction, fields: Mapping[str, Any]) -> Any:
        signer = self._signers.get(tx.sender)
        if signer is None:
            self._check_unlocked(tx)
            with self._told(_name(tx), sending=True):
                return _arrived(self._web3.eth.send_transaction, cast("TxParams", fields))
        from eth_account import Account as EthAccount

        unsigned = {"to": b"", **fields, "chainId": self.chain_id}
        unsigned.pop("from")
        with self._told(_name(tx), sending=True):
            signed = EthAccount.sign_transaction(unsigned, signer.key)
            return _arrived(self._web3.eth.send_raw_transaction, signed.raw_transaction)

    def _check_unlocked(self, tx: Transaction) -> None:
        held = self.accounts()
        if tx.sender not in held:
            raise TransactionRejected(
                f"{_name(tx)}: {self.where} does not hold the key of {tx.sender}, and neither does "
                f"this process; unlocked there: {', '.join(held) or 'none'}"
            )

    def _refused(self, receipt: NodeReceipt) -> Reverted:
        refusal = self._replay(receipt) or Refusal("")
        told = replace(receipt, halt=refusal.halt)
        what = receipt.transaction.what
        return Reverted(refusal.reason, data=refusal.data, receipt=told, what=what)

    def _replay(self, receipt: NodeReceipt) -> Refusal | None:
        """Why a transaction failed, by asking the same on the block before its own.

        None where that does not tell: the failure depended on what came before
        it in its block, or the node forgets old states.
        """
        question = call_fields(receipt.transaction) | {"gas": receipt.transaction.gas_limit}
        try:
            self._web3.eth.call(cast("TxParams", question), receipt.block_number - 1)
        except Exception as error:  # noqa: BLE001 - the reason is an extra, the receipt stands
            return _refusal(error)
        return None

    # --- reads --------------------------------------------------------------------

    def call(self, tx: Transaction) -> bytes:
        """The answer of a read, as of the newest block. Raises Reverted."""
        with self._told(tx.what or "a read"):
            return bytes(self._web3.eth.call(cast("TxParams", call_fields(tx))))

    def estimate_gas(self, tx: Transaction) -> int:
        """Gas that a transaction would take now; its gas limit is left open. Raises Reverted."""
        question = {key: part for key, part in call_fields(tx).items() if key != "gas"}
        with self._told(_name(tx)):
            return int(self._web3.eth.estimate_gas(cast("TxParams", question)))

    def balance(self, address: Account | Address) -> int:
        """Native balance in wei."""
        with self._told("eth_getBalance"):
            return int(self._web3.eth.get_balance(_address(address)))

    def nonce(self, address: Account | Address) -> int:
        """Transactions sent so far that are mined."""
        with self._told("eth_getTransactionCount"):
            return int(self._web3.eth.get_transaction_count(_address(address)))

    def pending_nonce(self, address: Account | Address) -> int:
        """Transactions sent so far, those that wait for a block included."""
        with self._told("eth_getTransactionCount"):
            return int(self._web3.eth.get_transaction_count(_address(address), "pending"))

    def code(self, address: Account | Address) -> bytes:
        """Deployed code, b"" where there is none."""
        with self._told("eth_getCode"):
            return bytes(self._web3.eth.get_code(_address(address)))

    def storage(self, address: Account | Address, slot: int) -> int:
        """One storage slot."""
        with self._told("eth_getStorageAt"):
            word = self._web3.eth.get_storage_at(_address(address), slot)
        return int.from_bytes(word, "big")

    @property
    def number(self) -> int:
        """Number of the newest block."""
        with self._told("eth_blockNumber"):
            return int(self._web3.eth.block_number)

    @property
    def timestamp(self) -> int:
        """Of the newest block, seconds since 1970."""
        return int(self._block("latest")["timestamp"])

    @property
    def next_timestamp(self) -> int:
        """When the next block would stand; a node that mines on demand may have been idle for long."""
        pending = self._block("pending").get("timestamp", 0)
        return max(int(pending), self.timestamp)

    @property
    def tip(self) -> int:
        """Wei per gas above the base fee that the node suggests; 0 where there is no base fee."""
        if self._block_base_fee() is None:
            return 0
        try:
            return int(self._request("eth_maxPriorityFeePerGas", []), 16)
        except (EngineError, TypeError):  # eth-tester knows no such thing; others answer a number
            return 0

    @property
    def gas_price(self) -> int:
        """Wei per gas that a transaction pays now, the suggested tip included."""
        return self.base_fee + self.tip

    @property
    def base_fee(self) -> int:
        """Wei per gas that the next block asks for; before London the price that the node suggests."""
        known = self._block_base_fee()
        if known is not None:
            return known
        with self._told("eth_gasPrice"):
            return int(self._web3.eth.gas_price)

    def _block_base_fee(self) -> int | None:
        """The pending block's; the newest block's, usually near, where a node shows no pending one."""
        fee = self._base_fee_of("pending")
        return self._base_fee_of("latest") if fee is None else fee

    def _base_fee_of(self, which: Literal["pending", "latest"]) -> int | None:
        fee = self._block(which).get("baseFeePerGas")
        return None if fee is None else int(fee)

    def _block(self, which: Literal["pending", "latest"]) -> Mapping[str, Any]:
        """A block's fields; nothing where the node shows no pending one."""
        from web3.exceptions import BlockNotFound

        with self._told("eth_getBlockByNumber"):
            try:
                return cast("Mapping[str, Any]", self._web3.eth.get_block(which))
            except BlockNotFound:
                return {}

    def accounts(self) -> tuple[Address, ...]:
        """The accounts whose keys the node holds, in its order."""
        with self._told("eth_accounts"):
            return tuple(checksum(account) for account in self._web3.eth.accounts)

    def mined(self, tx_hash: bytes) -> NodeReceipt | None:
        """The receipt of a transaction; None where no block holds it."""
        from web3.exceptions import TransactionNotFound

        with self._told("eth_getTransactionReceipt"):
            try:
                told = self._web3.eth.get_transaction_receipt(cast("Any", tx_hash))
                sent = self._web3.eth.get_transaction(cast("Any", tx_hash))
            except TransactionNotFound:
                return None
        return node_receipt(transaction_told(sent), told)

    # --- by decree, where the node has it ---------------------------------------------

    def set_balance(self, who: Account | Address, wei: int) -> None:
        """Give an account a native balance. Raises EngineError on a node that has no such request."""
        for method in _SET_BALANCE:
            try:
                self._request(method, [address_of(who), hex(wei)])
                return
            except NodeError:
                raise
            except EngineError:
                continue  # not this dialect
        raise EngineError(
            f"{self.where} cannot set a balance ({' or '.join(_SET_BALANCE)}): "
            "send from one of its rich accounts instead, or use anvil"
        )

    def mine(self) -> None:
        """Have the node mine a block."""
        self._request("evm_mine", [])

    def snapshot(self) -> object:
        """Mark the node's state; a mark works for one `restore`."""
        return self._request("evm_snapshot", [])

    def restore(self, mark: object) -> None:
        """Go back to a mark and use it up. Raises EngineError for an unknown one."""
        if self._request("evm_revert", [mark]) is False:
            raise EngineError(f"{self.where} does not know the snapshot {mark!r} (used already?)")

    def _request(self, method: str, params: list[Any]) -> Any:
        with self._told(method):
            return self._web3.manager.request_blocking(cast("RPCEndpoint", method), params)

    # --- what no node can do -----------------------------------------------------------

    def execute(self, tx: Transaction, block: BlockEnv) -> NoReturn:
        """A node chooses its own blocks. Raises EngineError."""
        raise self._cannot("execute in a block of your choice: it sets number, time and base fee")

    def trace(self, tx: Transaction) -> NoReturn:
        """A node's traces come in dialects that dexsim does not read. Raises EngineError."""
        raise self._cannot("give a call tree")

    def state_root(self) -> NoReturn:
        """The root of a node covers its whole chain. Raises EngineError."""
        raise self._cannot("give a state root that compares with an engine's")

    def _cannot(self, what: str) -> EngineError:
        return EngineError(f"the node at {self.where} cannot {what}; {_IN_PROCESS}")

    # --- failures ------------------------------------------------------------------------

    @contextmanager
    def _told(self, what: str, *, sending: bool = False) -> Iterator[None]:
        """Whatever web3 and what lies below it raise, in words of dexsim."""
        try:
            yield
        except DexsimError:
            raise
        except Exception as error:
            raise self._translated(error, what, sending) from error

    def _translated(self, error: Exception, what: str, sending: bool) -> DexsimError:
        from web3.exceptions import MethodUnavailable, TimeExhausted

        if isinstance(error, OSError):  # as all of requests' errors are
            trouble = connection_trouble(error)
            return NodeError(
                f"no node answers at {self.where} ({trouble}); {how_to_start(self.where)}"
            )
        if isinstance(error, TimeExhausted):
            return NodeError(f"{self.where} has not mined it in {self.receipt_seconds} s: {what}")
        if isinstance(error, MethodUnavailable) or has_no_method(error):
            return EngineError(f"the node at {self.where} does not have {what}")
        refusal = _refusal(error)
        if refusal is not None:
            return Reverted(refusal.reason, data=refusal.data, what=what)
        if sending:
            return TransactionRejected(f"{what}: {self.where} refused it: {message_of(error)}")
        return NodeError(f"{self.where} answered {what} with an error: {message_of(error)}")


def _arrived(send: Callable[[Any], Any], what: Any) -> Any:
    """The hash of what is sent, also where the node tells at once that it has failed in its block."""
    from hexbytes import HexBytes

    try:
        return send(what)
    except Exception as error:
        failed = mined_anyway(error)
        if failed is None:
            raise
        return HexBytes(failed)


def _name(tx: Transaction) -> str:
    return tx.what or ("a transaction" if tx.to else "a deployment")


def _address(who: Account | Address) -> ChecksumAddress:
    return cast("ChecksumAddress", checksum(address_of(who)))


def _refusal(error: Exception) -> Refusal | None:
    return refusal_in(message_of(error), getattr(error, "data", None))

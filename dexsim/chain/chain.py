"""The chain: the one object that changes state.

It holds an engine and a clock and opens blocks. Transactions go into the open
block; a `send` outside a block gets one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeAlias

from dexsim.chain.accounts import Account, address_of, name_of
from dexsim.chain.address import checksum
from dexsim.chain.directory import Directory
from dexsim.chain.engine import Engine
from dexsim.chain.engines import open_engine
from dexsim.chain.open_block import Attempt, OpenBlock
from dexsim.chain.reasons import revert_reason
from dexsim.chain.types import (
    DEFAULT_GAS_LIMIT,
    Address,
    Block,
    BlockEnv,
    CallFrame,
    Receipt,
    Transaction,
)
from dexsim.chain.watching import Observer, WatchedEngine, watched
from dexsim.errors import EngineError, Reverted

GENESIS_SECONDS = 1_700_000_000
BLOCK_SECONDS = 12
BLOCK_GAS_LIMIT = 30_000_000
BASE_FEE = 10**9
_NO_GAS_LIMIT = 2**62
BUILDER = Account.named("builder")


Step: TypeAlias = Transaction | Callable[[Sequence[Receipt]], Transaction]
"""Of a rehearsal: a transaction, or what makes one of the receipts so far."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A mark of a chain's state and clock; see `Chain.restore`."""

    engine_mark: int
    number: int
    time_ms: int
    head: Block | None
    endowments: Mapping[Address, int]


class Chain:
    """A chain in this process.

    engine: an Engine, or a name for `open_engine`.
    time_ms: milliseconds since 1970 at the parent of the first block;
        `block.timestamp` is the floor in seconds.
    base_fee: wei per gas for blocks that name none.
    first_block: number of the first block.
    on_block: called with every block as it is sealed.
    trace_reverts: whether a `Reverted` carries the call tree, which takes as long as the transaction.
    """

    def __init__(
        self,
        engine: Engine | str = "auto",
        *,
        time_ms: int = GENESIS_SECONDS * 1000,
        base_fee: int = BASE_FEE,
        gas_limit: int = BLOCK_GAS_LIMIT,
        coinbase: Account | Address = BUILDER,
        first_block: int = 1,
        on_block: Callable[[Block], None] | None = None,
        trace_reverts: bool = True,
    ) -> None:
        self.engine = watched(open_engine(engine) if isinstance(engine, str) else engine)
        self.base_fee = base_fee
        self.gas_limit = gas_limit
        self.coinbase = address_of(coinbase)
        self.number = first_block - 1
        self.time_ms = time_ms
        self.head: Block | None = None
        self.endowments: dict[Address, int] = {}
        self.directory = Directory()
        self.trace_reverts = trace_reverts
        self._open: OpenBlock | None = None
        self._on_block = on_block
        self._closed_to = ""

    @property
    def chain_id(self) -> int:
        """EIP-155 chain id."""
        return self.engine.chain_id

    # --- blocks ---------------------------------------------------------------

    @contextmanager
    def block(
        self,
        *,
        time_ms: int | None = None,
        base_fee: int | None = None,
        gas_limit: int | None = None,
        on_receipt: Callable[[Receipt], None] | None = None,
    ) -> Iterator[OpenBlock]:
        """Open the next block; it is sealed when the `with` ends, dropped when it raises.

        time_ms: of the block; default 12 seconds after its parent. on_receipt: told of every
        execution while the block is still open behind it, of attempts that are undone as well.
        Raises EngineError while another block is open or when time runs backwards.
        """
        self._check_open_to_changes()
        env, time = self._next_env(time_ms, base_fee, gas_limit)
        with self._opened(env, keep=True, on_receipt=on_receipt) as block:
            yield block
        self._seal(block.seal(), time)

    @contextmanager
    def _opened(
        self,
        env: BlockEnv,
        *,
        keep: bool,
        on_receipt: Callable[[Receipt], None] | None = None,
    ) -> Iterator[OpenBlock]:
        """An open block; afterwards everything is as it was, unless it is kept and nothing raised."""
        mark = self.snapshot()
        self._open = block = OpenBlock(self.engine, env, on_receipt)
        try:
            yield block
        except BaseException:
            keep = False
            raise
        finally:
            self._open = None
            if not keep:
                self._go_back(mark)
            self.engine.release(mark.engine_mark)

    @contextmanager
    def setup_block(self, *, time_ms: int | None = None) -> Iterator[OpenBlock]:
        """A block for preparations: no base fee, and gas without end. In an open block: that one."""
        if self._open is not None:
            yield self._open
        else:
            with self.block(time_ms=time_ms, base_fee=0, gas_limit=_NO_GAS_LIMIT) as block:
                yield block

    @contextmanager
    def reading_only(self, who: str) -> Iterator[None]:
        """Inside the `with`, whatever would change the chain raises EngineError, told to `who`."""
        before, self._closed_to = self._closed_to, who
        try:
            yield
        finally:
            self._closed_to = before

    def _check_open_to_changes(self) -> None:
        if self._closed_to:
            raise EngineError(f"{self._closed_to} can read the chain, not change it; yield a wish")

    def _next_env(
        self, time_ms: int | None, base_fee: int | None, gas_limit: int | None
    ) -> tuple[BlockEnv, int]:
        """The next block's environment, and its time in milliseconds."""
        time = self.time_ms + BLOCK_SECONDS * 1000 if time_ms is None else time_ms
        if time < self.time_ms:
            raise EngineError(f"a block at {time} ms cannot follow one at {self.time_ms} ms")
        env = BlockEnv(
            number=self.number + 1,
            timestamp=time // 1000,
            base_fee=self.base_fee if base_fee is None else base_fee,
            gas_limit=self.gas_limit if gas_limit is None else gas_limit,
            coinbase=self.coinbase,
        )
        return env, time

    def _seal(self, block: Block, time_ms: int) -> None:
        self.head, self.number, self.time_ms = block, block.env.number, time_ms
        if self._on_block is not None:
            self._on_block(block)

    @contextmanager
    def rehearsal(
        self, *, time_ms: int | None = None, base_fee: int | None = None
    ) -> Iterator[OpenBlock]:
        """The next block as it would be: nothing of it stays."""
        self._check_open_to_changes()
        env, _ = self._next_env(time_ms, base_fee, None)
        with self._opened(env, keep=False) as block:
            yield block

    def rehearse(
        self, steps: Iterable[Step], *, time_ms: int | None = None, base_fee: int | None = None
    ) -> list[Receipt]:
        """What transactions would do at the top of the next block: their receipts; nothing stays.

        A step is a transaction, or a function of the receipts so far that gives one; reads
        inside it see what the steps before it have left. Who may only read may ask this too.
        Raises TransactionRejected for what the block could not hold.
        """
        env, _ = self._next_env(time_ms, base_fee, None)
        receipts: list[Receipt] = []
        with self._opened(env, keep=False) as block:
            for step in steps:
                tx = step if isinstance(step, Transaction) else step(tuple(receipts))
                receipts.append(block.execute(tx))
        return receipts

    def simulate(
        self,
        txs: Sequence[Transaction],
        *,
        may_revert: Collection[int] = (),
        time_ms: int | None = None,
        base_fee: int | None = None,
    ) -> Attempt:
        """What an atomic list would do at the top of the next block; nothing stays.

        Who may only read may ask this too.
        """
        env, _ = self._next_env(time_ms, base_fee, None)
        with self._opened(env, keep=False) as block:
            return block.attempt(txs, may_revert=may_revert)

    def mine(self, txs: Iterable[Transaction] = (), *, time_ms: int | None = None) -> Block:
        """The next block with these transactions in this order; reverts are data in its receipts."""
        with self.block(time_ms=time_ms) as block:
            for tx in txs:
                block.execute(tx)
        assert self.head is not None
        return self.head

    def send(self, tx: Transaction) -> Receipt:
        """Execute one transaction: in the open block, or in one of its own.

        Raises Reverted when the contract refuses (the transaction stays in its
        block) and TransactionRejected when no block may hold it.
        """
        self._check_open_to_changes()
        receipt = self._open.execute(tx) if self._open else self.mine([tx]).receipts[0]
        if not receipt.status:
            raise Reverted(
                receipt.halt or revert_reason(receipt.output),
                data=receipt.output or b"",
                receipt=receipt,
                what=tx.what,
                frame=self._look_back(tx),
                chain=self,
            )
        return receipt

    def advance(self, *, seconds: int) -> None:
        """Let time pass: the next block comes this much later."""
        self._check_open_to_changes()
        if seconds < 0:
            raise EngineError(f"time cannot run backwards: advance by {seconds} seconds")
        self.time_ms += seconds * 1000

    def travel(self, *, timestamp: int) -> None:
        """Go to a time: an empty block at `timestamp`, in seconds, which reads see at once.

        Raises EngineError for a time that has passed.
        """
        self.mine(time_ms=timestamp * 1000)

    # --- reads ----------------------------------------------------------------

    @property
    def env(self) -> BlockEnv:
        """What a read sees: the open block, or else the last one."""
        if self._open is not None:
            return self._capped(self._open.env)
        if self.head is not None:
            return self._capped(self.head.env)
        return BlockEnv(
            number=max(self.number, 0),
            timestamp=self.time_ms // 1000,
            base_fee=self.base_fee,
            gas_limit=self.gas_limit,
            coinbase=self.coinbase,
        )

    def _capped(self, env: BlockEnv) -> BlockEnv:
        """A read never has more gas than an ordinary block: set-up blocks have gas without end."""
        return replace(env, gas_limit=self.gas_limit) if env.gas_limit > self.gas_limit else env

    def call(self, tx: Transaction) -> bytes:
        """The answer of a read. Raises Reverted."""
        result = self.engine.call(tx, self.env)
        if not result.status:
            raise Reverted(
                result.halt or revert_reason(result.output),
                data=result.output,
                what=tx.what,
                frame=self._look_back(self._with_gas_of_a_read(tx)),
                chain=self,
            )
        return result.output

    def _with_gas_of_a_read(self, tx: Transaction) -> Transaction:
        open_limit = tx.gas_limit == DEFAULT_GAS_LIMIT
        return replace(tx, gas_limit=self.env.gas_limit) if open_limit else tx

    def _look_back(self, tx: Transaction) -> CallFrame | None:
        """What a refused transaction did: it has changed nothing, so that it does the same again.

        As a read, since it has used its nonce; only the price of gas is another one.
        """
        if not self.trace_reverts:
            return None
        return self.engine.trace(replace(tx, nonce=None), self.env, steps=True)

    def trace(self, tx: Transaction, *, steps: bool = False) -> CallFrame:
        """The call tree that the transaction would have now; with every instruction if asked for."""
        complete = tx.complete(nonce=self.nonce(tx.sender), base_fee=self.env.base_fee)
        return self.engine.trace(complete, self.env, steps=steps)

    @contextmanager
    def watched_by(self, observer: Observer) -> Iterator[None]:
        """Inside the `with`, an observer is told of every transaction and read, with every instruction.

        Raises EngineError while a block is open.
        """
        if self._open is not None:
            raise EngineError("a block is open: finish it first")
        plain, self.engine = self.engine, WatchedEngine(self.engine, [observer])
        try:
            yield
        finally:
            self.engine = plain

    def balance(self, address: Account | Address) -> int:
        """Native balance in wei."""
        return self.engine.balance(address_of(address))

    def native_supply(self) -> int:
        """All native money there is, in wei."""
        return self.engine.native_supply()

    def nonce(self, address: Account | Address) -> int:
        """Transactions sent so far."""
        return self.engine.nonce(address_of(address))

    def code(self, address: Account | Address) -> bytes:
        """Deployed code."""
        return self.engine.code(address_of(address))

    def storage(self, address: Account | Address, slot: int) -> int:
        """One storage slot."""
        return self.engine.storage(address_of(address), slot)

    def state_root(self) -> bytes:
        """Root of the state trie, computed now."""
        return self.engine.state_root()

    # --- by decree ------------------------------------------------------------

    def endow(self, who: Account | Address, wei: int) -> None:
        """Add native money to an account, and keep it on the record (`endowments`)."""
        self._check_open_to_changes()
        address = address_of(who)
        self.engine.set_balance(address, self.balance(address) + wei)
        self.endowments[address] = self.endowments.get(address, 0) + wei

    def set_balance(self, who: Account | Address, wei: int) -> None:
        """Give an account a native balance by decree, off the record: for tests."""
        self._check_open_to_changes()
        self.engine.set_balance(address_of(who), wei)

    def set_storage(self, who: Account | Address, slot: int, value: int) -> None:
        """Set a storage slot by decree, off the record: for tests."""
        self._check_open_to_changes()
        self.engine.set_storage(address_of(who), slot, value)

    @contextmanager
    def impersonating(self, who: Account | Address) -> Iterator[Account]:
        """Inside the `with`, an address can send whatever it is: for tests.

        A contract may send too (EIP-3607 forbids it elsewhere), and gas costs nothing, so that
        nobody has to be given money first.
        """
        address = checksum(address_of(who))
        base_fee, senders = self.base_fee, self.engine.impersonated
        self.base_fee, self.engine.impersonated = 0, senders | {address}
        try:
            yield Account(name_of(address) or self.directory.names.get(address, address), address)
        finally:
            self.base_fee, self.engine.impersonated = base_fee, senders

    # --- snapshots ------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Mark state and clock. Raises EngineError while a block is open."""
        if self._open is not None:
            raise EngineError("a block is open: finish it first")
        return Snapshot(
            self.engine.snapshot(), self.number, self.time_ms, self.head, dict(self.endowments)
        )

    def restore(self, mark: Snapshot) -> None:
        """Go back to a mark; it stays valid, later ones are forgotten."""
        self._check_open_to_changes()
        if self._open is not None:
            raise EngineError("a block is open: finish it first")
        self._go_back(mark)

    def _go_back(self, mark: Snapshot) -> None:
        # The directory keeps what it has met: a refusal that leaves an anchor is explained only
        # afterwards, and handles made inside it may be of contracts from before it.
        self.engine.restore(mark.engine_mark)
        self.number, self.time_ms, self.head = mark.number, mark.time_ms, mark.head
        self.endowments = dict(mark.endowments)

    @contextmanager
    def anchor(self) -> Iterator[None]:
        """Whatever happens inside the `with` is undone after it."""
        mark = self.snapshot()
        try:
            yield
        finally:
            self.restore(mark)
            self.engine.release(mark.engine_mark)

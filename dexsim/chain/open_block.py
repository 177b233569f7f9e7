"""A block that is being filled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from dexsim.chain.engine import Engine
from dexsim.chain.reasons import revert_reason
from dexsim.chain.types import Address, Block, BlockEnv, Receipt, Transaction
from dexsim.errors import EngineError, TransactionRejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of an atomic list, in the words of `eth_callBundle`.

    receipts: of what was executed; where it failed, up to the failure. failure: why it did not
    land, "" when it did. coinbase_diff: what the builder got by it, wei. base_fee: of its block.
    """

    receipts: tuple[Receipt, ...] = ()
    failure: str = ""
    coinbase_diff: int = 0
    base_fee: int = 0

    @property
    def landed(self) -> bool:
        """Whether the list stands in the block, or could."""
        return not self.failure

    @property
    def gas_used(self) -> int:
        """Gas of all its transactions."""
        return sum(receipt.gas_used for receipt in self.receipts)

    @property
    def gas_fees(self) -> int:
        """What the builder got as tips for gas, wei."""
        return sum(receipt.fee - receipt.gas_used * self.base_fee for receipt in self.receipts)

    @property
    def eth_sent_to_coinbase(self) -> int:
        """What the builder got by transfers, wei."""
        return self.coinbase_diff - self.gas_fees

    @property
    def effective_gas_price(self) -> int:
        """What the builder got for each unit of gas, wei, rounded down."""
        return self.coinbase_diff // self.gas_used if self.gas_used else 0


@dataclass(slots=True)
class Trial:
    """Whether what was tried stays."""

    is_kept: bool = False

    def keep(self) -> None:
        """It stays."""
        self.is_kept = True


class OpenBlock:
    """A block that takes transactions until it is sealed; made by `Chain.block`."""

    def __init__(
        self, engine: Engine, env: BlockEnv, on_receipt: Callable[[Receipt], None] | None = None
    ) -> None:
        self.env = env
        self._on_receipt = on_receipt
        self.gas_used = 0
        self._engine = engine
        self._receipts: list[Receipt] = []
        self._sealed = False

    @property
    def gas_left(self) -> int:
        """Gas that further transactions may ask for."""
        return self.env.gas_limit - self.gas_used

    @property
    def size(self) -> int:
        """Transactions so far: the position of the next one."""
        return len(self._receipts)

    def nonce(self, address: Address) -> int:
        """The nonce that an account's next transaction has to have."""
        return self._engine.nonce(address)

    def balance(self, address: Address) -> int:
        """Native money at this place of the block, wei."""
        return self._engine.balance(address)

    def execute(self, tx: Transaction) -> Receipt:
        """Execute a transaction in this block; a revert is data in the receipt.

        Raises TransactionRejected, the block unchanged, when it does not fit.
        """
        if self._sealed:
            raise EngineError(f"block {self.env.number} is sealed")
        if tx.gas_limit > self.gas_left:
            raise TransactionRejected(
                f"{tx.what or 'a transaction'} asks for {tx.gas_limit:,} gas, "
                f"the block has {self.gas_left:,} left"
            )
        nonce = self._engine.nonce(tx.sender) if tx.nonce is None else tx.nonce
        receipt = self._engine.execute(
            tx.complete(nonce=nonce, base_fee=self.env.base_fee), self.env
        )
        self._receipts.append(receipt)
        self.gas_used += receipt.gas_used
        if self._on_receipt is not None:
            self._on_receipt(receipt)
        return receipt

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """Whatever is executed inside the `with` is undone after it, unless it is kept."""
        mark, size, gas = self._engine.snapshot(), len(self._receipts), self.gas_used
        trial = Trial()
        try:
            yield trial
        finally:
            if not trial.is_kept:
                self._engine.restore(mark)
                del self._receipts[size:]
                self.gas_used = gas
            self._engine.release(mark)

    def attempt(
        self, txs: Sequence[Transaction], *, may_revert: Collection[int] = (), keep: bool = True
    ) -> Attempt:
        """Execute a list in order, all or nothing; without `keep`, only look what it would do.

        may_revert: indices of transactions whose revert does not void the list.
        A list that fails leaves no trace: neither state nor gas.
        """
        size, before = len(self._receipts), self._engine.balance(self.env.coinbase)
        with self.trial() as trial:
            failure = self._try_all(txs, may_revert)
            attempt = Attempt(
                receipts=tuple(self._receipts[size:]),
                failure=failure,
                coinbase_diff=self._engine.balance(self.env.coinbase) - before,
                base_fee=self.env.base_fee,
            )
            if keep and not failure:
                trial.keep()
        return attempt

    def _try_all(self, txs: Sequence[Transaction], may_revert: Collection[int]) -> str:
        for index, tx in enumerate(txs):
            try:
                receipt = self.execute(tx)
            except TransactionRejected as error:
                return f"transaction {index}: {error}"
            if not receipt.status and index not in may_revert:
                reason = receipt.halt or revert_reason(receipt.output) or "no reason given"
                return f"transaction {index} reverts: {reason}"
        return ""

    def seal(self) -> Block:
        """No more transactions: the finished block."""
        self._sealed = True
        return Block(env=self.env, receipts=tuple(self._receipts))

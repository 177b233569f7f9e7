"""Fills a block: single transactions, bundles, and what the builder pays back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dexsim.blockspace.bundles import Entry, Leg, PendingBundle
from dexsim.blockspace.mempool import Dropped
from dexsim.blockspace.pending import Pending
from dexsim.chain.open_block import Attempt, OpenBlock
from dexsim.chain.types import Address, Receipt, Transaction
from dexsim.errors import TransactionRejected
from dexsim.making import constructor
from dexsim.market.adapted import AnyPool
from dexsim.market.batch_auction import BatchAuction

PAYMENT_GAS = 21_000
"""Of a transfer of native money to an account."""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A transaction in the block.

    source: the pending one; None for a bundle's own leg and for what the builder
    pays. bundle, leg: the bundle that it landed in, and its index there.
    """

    receipt: Receipt
    agent: str
    role: str
    source: Pending | None
    bundle: PendingBundle | None = None
    leg: int | None = None


_make_inclusion = constructor(Inclusion)


@dataclass(frozen=True, slots=True)
class Landed:
    """A bundle in the block. refund: what the builder pays back for it, wei, and to whom."""

    entry: PendingBundle
    attempt: Attempt
    refund: int = 0
    refunded: str = ""


@dataclass(slots=True)
class Filling:
    """What became of the entries: those that stand in the block, in order, and those that do not."""

    included: list[Inclusion] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    failed: list[tuple[PendingBundle, str]] = field(default_factory=list)
    landed: dict[int, Landed] = field(default_factory=dict)

    @property
    def gone(self) -> set[int]:
        """Numbers of the pending transactions that need not wait any more."""
        landed = {each.source.id for each in self.included if each.source is not None}
        return landed | {each.pending.id for each in self.dropped}


class Site:
    """A block while one builder fills it: what a mechanism's `fill` works on.

    entries: what this builder has, pending transactions in the order of each sender's nonces.
    pools, auctions: by market; what they are asked is answered for this place of the block.
    """

    def __init__(
        self,
        block: OpenBlock,
        entries: Sequence[Entry],
        *,
        builder: str = "",
        pools: Mapping[str, AnyPool] | None = None,
        auctions: Mapping[str, BatchAuction] | None = None,
    ) -> None:
        self.block = block
        self.entries = [each for each in entries if not builder or each.goes_to(builder)]
        self.builder = builder
        self.pools = pools or {}
        self.auctions = auctions or {}
        self.filling = Filling()
        self._waiting = {each.id: each for each in self.entries if isinstance(each, Pending)}

    @property
    def bundles(self) -> list[PendingBundle]:
        """Of the entries, the bundles."""
        return [each for each in self.entries if isinstance(each, PendingBundle)]

    @property
    def singles(self) -> list[Pending]:
        """Of the entries, the transactions that still wait."""
        return list(self._waiting.values())

    def include(self, entry: Entry, *, reverting: bool = True) -> bool:
        """Put an entry at the end of the block, a bundle all or nothing; whether it stands there.

        A bundle can take along only what waits, each once. A transaction that could still land
        later (no gas left in this block, a base fee above its cap, a nonce that is not its turn)
        goes on waiting, and so does, without `reverting`, one that fails; one that no block could
        hold is dropped, with the reason.
        """
        if isinstance(entry, PendingBundle):
            return self._include_bundle(entry)
        return entry.id in self._waiting and self._include_single(entry, reverting)

    def simulate(self, entry: PendingBundle) -> Attempt:
        """What a bundle would do at this place of the block; nothing stays."""
        return self._attempt(entry, keep=False)

    def refuse(self, entry: PendingBundle, reason: str) -> None:
        """A bundle does not land, and this is why."""
        self.filling.failed.append((entry, reason))

    def refund(self, entry: PendingBundle, to: Address, wei: int, *, who: str) -> bool:
        """Have the builder pay for a landed bundle, less the gas of paying; whether it did.

        to: an account. who: whose it is, for the record.
        """
        paid = self.pay(to, wei, what="builder.refund")
        landed = self.filling.landed[entry.id]
        if paid:
            self.filling.landed[entry.id] = replace(
                landed, refund=landed.refund + paid, refunded=who
            )
        return bool(paid)

    def execute(self, tx: Transaction, *, agent: str, role: str) -> bool:
        """Put a transaction of the structure's own at the end of the block; whether it succeeded."""
        receipt = self.block.execute(tx)
        self.filling.included.append(Inclusion(receipt, agent, role, None))
        return bool(receipt.status)

    def pay(self, to: Address, wei: int, *, what: str) -> int:
        """Have the builder send its own money to an account; what arrives: the gas is paid out of it.

        0 where nothing would be left, or the builder has not as much.
        """
        fee = PAYMENT_GAS * self.block.env.base_fee
        if wei <= fee:
            return 0
        sender = self.block.env.coinbase
        tx = Transaction(sender=sender, to=to, value=wei - fee, gas_limit=PAYMENT_GAS, what=what)
        attempt = self.block.attempt([tx])
        if not attempt.landed:
            return 0
        self.filling.included.append(
            Inclusion(attempt.receipts[0], self.builder or "builder", "builder", None)
        )
        return wei - fee

    def _include_single(self, pending: Pending, reverting: bool) -> bool:
        if pending.tx.gas_limit > self.block.env.gas_limit:
            asked, most = pending.tx.gas_limit, self.block.env.gas_limit
            return self._drop(pending, f"asks for {asked:,} gas, a whole block has {most:,}")
        if not self._fits(pending.tx):
            return False
        try:
            receipt = self._execute(pending.tx, reverting)
        except TransactionRejected as error:
            return self._drop(pending, str(error))
        if receipt is None:
            return False
        del self._waiting[pending.id]
        self.filling.included.append(_make_inclusion(receipt, pending.agent, pending.role, pending))
        return True

    def _drop(self, pending: Pending, reason: str) -> bool:
        del self._waiting[pending.id]
        self.filling.dropped.append(Dropped(pending, reason))
        return False

    def _execute(self, tx: Transaction, reverting: bool) -> Receipt | None:
        if reverting:
            return self.block.execute(tx)
        with self.block.trial() as trial:
            receipt = self.block.execute(tx)
            if receipt.status:
                trial.keep()
        return receipt if receipt.status else None

    def _fits(self, tx: Transaction) -> bool:
        """Whether this block can take it: what a later block might mend is no reason to drop it."""
        block = self.block
        affordable = tx.max_fee_per_gas is None or tx.max_fee_per_gas >= block.env.base_fee
        its_turn = tx.nonce is None or tx.nonce <= block.nonce(tx.sender)
        return tx.gas_limit <= block.gas_left and affordable and its_turn

    def _include_bundle(self, entry: PendingBundle) -> bool:
        attempt = self._attempt(entry, keep=True)
        if not attempt.landed:
            self.refuse(entry, attempt.failure)
            return False
        self.filling.landed[entry.id] = Landed(entry, attempt)
        for index, (leg, receipt) in enumerate(
            zip(entry.bundle.legs, attempt.receipts, strict=True)
        ):
            self.filling.included.append(self._leg(entry, index, leg, receipt))
            if not isinstance(leg, Transaction):
                del self._waiting[leg.id]
        return True

    def _attempt(self, entry: PendingBundle, *, keep: bool) -> Attempt:
        obstacle = self._obstacle(entry)
        if obstacle:
            return Attempt(failure=obstacle)
        txs = [self._tx(leg) for leg in entry.bundle.legs]
        return self.block.attempt(txs, may_revert=entry.bundle.may_revert, keep=keep)

    def _obstacle(self, entry: PendingBundle) -> str:
        """Why a bundle cannot take along what it names, or come now; "" when it can."""
        if not entry.is_timely(self.block.env.timestamp):
            return "the block's time is outside its timestamps"
        numbers = [taken.id for taken in entry.bundle.taken]
        if len(set(numbers)) < len(numbers):
            return "it holds somebody's transaction twice"
        for taken in entry.bundle.taken:
            waits = self._waiting.get(taken.id)
            if waits is None or (isinstance(taken, Pending) and waits.tx != taken.tx):
                return "a transaction of it is not waiting any more"
        return ""

    def _tx(self, leg: Leg) -> Transaction:
        return leg if isinstance(leg, Transaction) else self._waiting[leg.id].tx

    def _leg(self, entry: PendingBundle, index: int, leg: Leg, receipt: Receipt) -> Inclusion:
        if isinstance(leg, Transaction):
            return Inclusion(receipt, entry.agent, entry.role, None, entry, index)
        source = self._waiting[leg.id]
        return Inclusion(receipt, source.agent, source.role, source, entry, index)


def fill(block: OpenBlock, sequence: Sequence[Entry], *, reverting: bool = True) -> Filling:
    """Execute the entries from the top, each bundle all or nothing; see `Site.include`."""
    site = Site(block, sequence)
    for entry in sequence:
        site.include(entry, reverting=reverting)
    return site.filling

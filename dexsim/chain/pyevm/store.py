"""The accounts of the chain as plain dictionaries, with an undo log.

py-evm keeps accounts in Merkle tries behind several layers of journals, which
costs more than the execution itself. Here a write is one dictionary
assignment and one record `(dictionary, key, previous value)` in a log, and going
back is reading the log backwards.

Two spans of time share that log. Inside a transaction a checkpoint is a
position in the log. When the transaction ends, its records are folded into the
youngest open snapshot, which keeps the first previous value of every key, so
that an open snapshot costs as much memory as the state that changed and not
as the number of transactions. With no snapshot open nothing is kept.

Zero balances, nonces, slots and empty code are absent, so that an account is
empty in EIP-161's sense exactly when it is nowhere, and "touched" needs no
bookkeeping.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

from eth_hash.auto import keccak

from dexsim.errors import EngineError

Mapping: TypeAlias = dict[Any, Any]
Undo: TypeAlias = dict[tuple[int, Any], tuple[Mapping, Any, Any]]


@lru_cache(maxsize=4_096)
def code_hash(code: bytes) -> bytes:
    """Keccak-256 of a contract's code, computed once for each code."""
    return keccak(code)


class FlatStore:
    """All accounts, and what a running transaction has warmed, written first or held transiently."""

    def __init__(self) -> None:
        self.balances: dict[bytes, int] = {}
        self.nonces: dict[bytes, int] = {}
        self.codes: dict[bytes, bytes] = {}
        self.slots: dict[bytes, dict[int, int]] = {}
        self._warm: dict[Any, bool] = {}
        self._transient: dict[tuple[bytes, int], bytes] = {}
        self._original: dict[tuple[bytes, int], int] = {}
        self._log: list[tuple[Mapping, Any, Any]] = []
        self._snapshots: dict[int, Undo] = {}
        self._next_snapshot = 0

    # What a transaction reads and writes

    def get_balance(self, address: bytes) -> int:
        """Balance in wei."""
        return self.balances.get(address, 0)

    def set_balance(self, address: bytes, wei: int) -> None:
        """Set the balance in wei."""
        self._write(self.balances, address, wei)

    def delta_balance(self, address: bytes, delta: int) -> None:
        """Add to the balance."""
        if delta:
            self._write(self.balances, address, self.balances.get(address, 0) + delta)

    def get_nonce(self, address: bytes) -> int:
        """Nonce of an account."""
        return self.nonces.get(address, 0)

    def set_nonce(self, address: bytes, nonce: int) -> None:
        """Set the nonce of an account."""
        self._write(self.nonces, address, nonce)

    def increment_nonce(self, address: bytes) -> None:
        """Add one to the nonce of an account."""
        self._write(self.nonces, address, self.nonces.get(address, 0) + 1)

    def get_code(self, address: bytes) -> bytes:
        """Code of an account."""
        return self.codes.get(address, b"")

    def set_code(self, address: bytes, code: bytes) -> None:
        """Set the code of an account."""
        self._write(self.codes, address, code)

    def get_code_hash(self, address: bytes) -> bytes:
        """Keccak-256 of the code of an account."""
        return code_hash(self.codes.get(address, b""))

    def get_storage(self, address: bytes, slot: int, from_journal: bool = True) -> int:
        """One slot: as it is now, or (`from_journal=False`) as it was when the transaction began."""
        slots = self.slots.get(address)
        now = slots.get(slot, 0) if slots else 0
        return now if from_journal else self._original.get((address, slot), now)

    def set_storage(self, address: bytes, slot: int, value: int) -> None:
        """Set one slot."""
        slots = self.slots.get(address)
        if slots is None:
            slots = {}
            self._write(self.slots, address, slots)
        self._original.setdefault((address, slot), slots.get(slot, 0))
        self._write(slots, slot, value)

    def delete_storage(self, address: bytes) -> None:
        """Forget every slot of an account."""
        self._write(self.slots, address, None)

    def delete_account(self, address: bytes) -> None:
        """Forget an account with its storage."""
        for mapping in (self.balances, self.nonces, self.codes, self.slots):
            self._write(mapping, address, None)

    def has_code_or_nonce(self, address: bytes) -> bool:
        """Whether a contract can no longer be created there."""
        return address in self.nonces or address in self.codes

    def account_exists(self, address: bytes) -> bool:
        """Whether an account is not empty (EIP-161)."""
        return address in self.balances or address in self.nonces or address in self.codes

    def account_is_empty(self, address: bytes) -> bool:
        """Whether an account is empty (EIP-161)."""
        return not self.account_exists(address)

    def touch_account(self, address: bytes) -> None:
        """Do nothing: an empty account is never there, touched or not."""

    def is_address_warm(self, address: bytes) -> bool:
        """Whether the transaction has seen the account (EIP-2929)."""
        return address in self._warm

    def mark_address_warm(self, address: bytes) -> None:
        """Note that the transaction has seen the account."""
        if address not in self._warm:
            self._write(self._warm, address, True)

    def is_storage_warm(self, address: bytes, slot: int) -> bool:
        """Whether the transaction has seen the slot (EIP-2929)."""
        return (address, slot) in self._warm

    def mark_storage_warm(self, address: bytes, slot: int) -> None:
        """Note that the transaction has seen the slot."""
        if (address, slot) not in self._warm:
            self._write(self._warm, (address, slot), True)

    def get_transient_storage(self, address: bytes, slot: int) -> bytes:
        """One transient slot (EIP-1153)."""
        return self._transient.get((address, slot), b"")

    def set_transient_storage(self, address: bytes, slot: int, value: bytes) -> None:
        """Set one transient slot."""
        self._write(self._transient, (address, slot), value)

    # Going back inside a transaction

    def checkpoint(self) -> int:
        """A position in the log."""
        return len(self._log)

    def rewind(self, checkpoint: int) -> None:
        """Undo everything that was written after a checkpoint."""
        log = self._log
        while len(log) > checkpoint:
            _put(*log.pop())

    def finish(self) -> None:
        """End a transaction, or a write by decree: what it wrote stays, what it only saw is forgotten."""
        if self._snapshots:
            _fold(self._log, self._youngest(), passing=(self._warm, self._transient))
        self._log.clear()
        self._forget_seen()

    def abandon(self) -> None:
        """End a transaction that leaves no trace."""
        self.rewind(0)
        self._forget_seen()

    # Going back across transactions

    def snapshot(self) -> int:
        """Open a snapshot."""
        number = self._next_snapshot
        self._next_snapshot += 1
        self._snapshots[number] = {}
        return number

    def restore(self, snapshot: int) -> None:
        """Go back to a snapshot and forget the later ones."""
        self._check(snapshot)
        while True:
            number, undo = self._snapshots.popitem()
            for record in undo.values():
                _put(*record)
            if number == snapshot:
                break
        self._snapshots[snapshot] = {}

    def release(self, snapshot: int) -> None:
        """Forget a snapshot and the later ones; the state stays as it is."""
        self._check(snapshot)
        forgotten = [undo for number, undo in self._snapshots.items() if number >= snapshot]
        for number in [number for number in self._snapshots if number >= snapshot]:
            del self._snapshots[number]
        if self._snapshots:
            for undo in forgotten:
                _fold(undo.values(), self._youngest())

    def _check(self, snapshot: int) -> None:
        if snapshot not in self._snapshots:
            known = ", ".join(map(str, self._snapshots)) or "none"
            raise EngineError(f"there is no snapshot {snapshot} (open: {known})")

    def _youngest(self) -> Undo:
        return self._snapshots[next(reversed(self._snapshots))]

    def _forget_seen(self) -> None:
        self._warm.clear()
        self._transient.clear()
        self._original.clear()

    def _write(self, mapping: Mapping, key: Any, value: Any) -> None:
        self._log.append((mapping, key, mapping.get(key)))
        _put(mapping, key, value)


def _put(mapping: Mapping, key: Any, value: Any) -> None:
    # A fresh slot dictionary is empty and has to stay, so only the falsy
    # values that mean "nothing" are absent.
    if value or isinstance(value, dict):
        mapping[key] = value
    else:
        mapping.pop(key, None)


def _fold(records: Any, undo: Undo, passing: tuple[Mapping, ...] = ()) -> None:
    for record in records:
        mapping, key, _ = record
        if not any(mapping is other for other in passing):
            undo.setdefault((id(mapping), key), record)

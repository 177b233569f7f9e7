"""Transactions and bundles that wait, made by hand."""

from __future__ import annotations

from dexsim.blockspace.bundles import Bundle, PendingBundle
from dexsim.blockspace.pending import Pending
from dexsim.chain.accounts import Account
from dexsim.chain.chain import BUILDER
from dexsim.chain.types import Transaction

ALICE, BOB, CAROL, DAVE = (Account.named(name) for name in ("alice", "bob", "carol", "dave"))
ETHER = 10**18


def transfer(
    sender: Account,
    to: Account = BOB,
    *,
    wei: int = 1,
    tip: int = 0,
    nonce: int | None = None,
    cap: int | None = None,
) -> Transaction:
    """Native money from one to another."""
    return Transaction(
        sender=sender.address,
        to=to.address,
        value=wei,
        gas_limit=21_000,
        max_priority_fee_per_gas=tip,
        max_fee_per_gas=cap,
        nonce=nonce,
    )


def pays(sender: Account, wei: int) -> Transaction:
    """Money for who builds the block."""
    return transfer(sender, BUILDER, wei=wei)


def pending(number: int, tx: Transaction, *, arrival: int = 0, **about: object) -> Pending:
    """Somebody's transaction as it waits."""
    fields: dict[str, object] = {"agent": "somebody", "role": "trader", "submitted_block": 1}
    return Pending(id=number, tx=tx, arrival_ms=arrival, **(fields | about))  # type: ignore[arg-type]


def bundle(
    number: int, *legs: Transaction | Pending, agent: str = "searcher", **about: object
) -> PendingBundle:
    """A searcher's bundle as it waits."""
    return PendingBundle(
        id=number,
        bundle=Bundle(legs=legs, **about),  # type: ignore[arg-type]
        agent=agent,
        role="searcher",
        arrival_ms=99,
        submitted_block=1,
        block=1,
    )


def ids(entries: object) -> list[int]:
    """Their numbers, in order."""
    return [entry.id for entry in entries]  # type: ignore[attr-defined]

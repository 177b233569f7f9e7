"""What can be known about a contract of an exchange: the views that are compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dexsim.chain.types import Transaction
from tests.differential.exchange import NOWHERE, PEOPLE, RECEIVERS, TOKENS, Exchange

HOLDERS = (*PEOPLE, *RECEIVERS, "router", "zero")
POOL = (
    "getReserves",
    "price0CumulativeLast",
    "price1CumulativeLast",
    "kLast",
    "totalSupply",
)


def everything(exchange: Exchange) -> frozenset[str]:
    """All contracts that have a state."""
    return frozenset({"factory", *TOKENS, *exchange.pools})


def read(exchange: Exchange, names: frozenset[str]) -> dict[str, Any]:
    """State of these contracts, and everybody's coins."""
    found: dict[str, Any] = {
        f"{holder} has coins": exchange.balance("coins", holder)
        for holder in (*HOLDERS, *TOKENS, "factory", *exchange.pools)
    }
    for name in sorted(names & everything(exchange)):
        for label, tx in _prepared(exchange, name):
            found[label] = exchange.words(exchange.chain.call(tx))
    found["pools"] = exchange.pools
    return found


def _prepared(exchange: Exchange, name: str) -> list[tuple[str, Transaction]]:
    key = (name, exchange.pools)
    if key not in exchange.prepared:
        exchange.prepared[key] = [
            (
                f"{name}.{function}({', '.join(args)})",
                Transaction(
                    sender=NOWHERE,
                    to=exchange.address[name],
                    data=exchange.calldata(name, function, args),
                ),
            )
            for function, args in _questions(exchange, name)
        ]
    return exchange.prepared[key]


def _questions(exchange: Exchange, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if name == "factory":
        yield from ((each, ()) for each in ("feeTo", "feeToSetter", "allPairsLength"))
    elif "/" in name:
        yield from ((each, ()) for each in POOL)
        yield from (("balanceOf", (holder,)) for holder in (*HOLDERS, name))
        yield from (("nonces", (person,)) for person in PEOPLE)
        spenders = ("router", "bob")
        yield from (("allowance", (owner, each)) for owner in PEOPLE for each in spenders)
    else:
        yield ("totalSupply", ())
        of_this = [pool for pool in exchange.pools if name in pool.split("/")]
        yield from (("balanceOf", (holder,)) for holder in (*HOLDERS, *of_this))
        yield from (("allowance", (person, "router")) for person in PEOPLE)

"""What moved between a transaction's sender and a pool, read from the tokens' own events."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from eth_hash.auto import keccak

from dexsim.chain.address import from_bytes
from dexsim.chain.types import Address, Receipt
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import TwoTokens

_TRANSFER = bytes(keccak(b"Transfer(address,address,uint256)"))


@dataclass(frozen=True, slots=True)
class Flow:
    """What the sender paid and got, net, in wei: below zero where the pool paid more."""

    base: int
    quote: int
    touched: bool
    """Whether anything moved to the pool or from it at all."""


@dataclass(frozen=True, slots=True)
class SwapAmounts:
    """A swap as the tokens tell it, in wei."""

    token_in: Erc20
    token_out: Erc20
    amount_in: int
    amount_out: int


def flows_of(receipt: Receipt, pair: TwoTokens, places: Collection[Address]) -> Flow:
    """Base and quote between the sender and the pool's places, or the contract that the sender called.

    What a pool pays to third parties (a treasury's part of the fee) is no part of it.
    """
    sender = receipt.transaction.sender
    sides = {*places, receipt.transaction.to}
    paid = {pair.base.address: 0, pair.quote.address: 0}
    touched = False
    for log in receipt.logs:
        if log.address not in paid or len(log.topics) != 3 or log.topics[0] != _TRANSFER:
            continue
        source, target = from_bytes(log.topics[1][12:]), from_bytes(log.topics[2][12:])
        touched = touched or source in places or target in places
        amount = int.from_bytes(log.data[:32], "big")
        if source == sender and target in sides:
            paid[log.address] += amount
        elif target == sender and source in sides:
            paid[log.address] -= amount
    return Flow(paid[pair.base.address], paid[pair.quote.address], touched)


def swap_of(flow: Flow, pair: TwoTokens) -> SwapAmounts | None:
    """The swap that a flow is: one token paid, the other got; None for anything else."""
    if not flow.touched:
        return None
    if flow.base > 0 > flow.quote:
        return SwapAmounts(pair.base, pair.quote, flow.base, -flow.quote)
    if flow.quote > 0 > flow.base:
        return SwapAmounts(pair.quote, pair.base, flow.quote, -flow.base)
    return None

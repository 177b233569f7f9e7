"""What an action did, from the events of its receipt: amounts to the wei."""

from __future__ import annotations

from dataclasses import dataclass

from dexsim.artifacts.library import shipped
from dexsim.chain.types import Address, Receipt
from dexsim.errors import EngineError
from dexsim.market.contract import Contract
from dexsim.market.deploying.book import WRAPPED
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Reserves
from dexsim.market.working.markets import Market
from dexsim.units import Wei

_ZERO = "0x0000000000000000000000000000000000000000"


@dataclass(frozen=True, kw_only=True)
class Swapped:
    """What a swap paid and got, by the pool's own event."""

    amount_in: Wei
    amount_out: Wei


def swapped(market: Market, receipt: Receipt, *, sells_base: bool) -> Swapped:
    """The swap of a receipt. Raises EngineError where the pool tells of none."""
    event = _event(market.pool.contract, receipt, "Swap")
    paid = market.pool.oriented(event["amount0In"], event["amount1In"])
    got = market.pool.oriented(event["amount0Out"], event["amount1Out"])
    if sells_base:
        return Swapped(amount_in=paid.base, amount_out=got.quote)
    return Swapped(amount_in=paid.quote, amount_out=got.base)


def deposited(market: Market, receipt: Receipt) -> Reserves:
    """What went into a pool, as base and quote. Raises EngineError where the pool tells of nothing."""
    event = _event(market.pool.contract, receipt, "Mint")
    return market.pool.oriented(event["amount0"], event["amount1"])


def withdrawn(market: Market, receipt: Receipt) -> Reserves:
    """What came out of a pool, as base and quote. Raises EngineError where the pool tells of nothing."""
    event = _event(market.pool.contract, receipt, "Burn")
    return market.pool.oriented(event["amount0"], event["amount1"])


def minted(token: Erc20, receipt: Receipt, to: Address) -> Wei:
    """What was created of a token for somebody."""
    return moved(token, receipt, sender=_ZERO, to=to)


def moved(
    token: Erc20, receipt: Receipt, *, sender: Address | None = None, to: Address | None = None
) -> Wei:
    """What of a token went from or to somebody, by its Transfer events."""
    total = 0
    for event in token.contract.events(receipt):
        if event.name != "Transfer":
            continue
        source, target, amount = event.fields.values()
        if sender in (None, source) and to in (None, target):
            total += amount
    return total


def _event(contract: Contract, receipt: Receipt, name: str) -> dict[str, int]:
    for event in contract.events(receipt):
        if event.name == name:
            return dict(event.fields)
    raise EngineError(f"{contract.name}: the receipt tells of no {name}")


def approved(token: Erc20, receipt: Receipt, owner: Address, spender: Address) -> Wei:
    """What `spender` may take now, by the token's Approval event. Raises EngineError for none."""
    for event in token.contract.events(receipt):
        if event.name == "Approval":
            holder, taker, amount = event.fields.values()
            if (holder, taker) == (owner, spender):
                return int(amount)
    raise EngineError(f"{token}: the receipt tells of no approval")


def wrapped(token: Erc20, receipt: Receipt) -> tuple[str, Wei]:
    """Either "Deposit" or "Withdrawal", and how much, by the event of a token that wraps coins."""
    contract = Contract(shipped(WRAPPED).abi, token.address, name=token.symbol)
    for event in contract.events(receipt):
        if event.name in {"Deposit", "Withdrawal"}:
            return event.name, int(event.fields["wad"])
    raise EngineError(f"{token}: the receipt tells of nothing wrapped")

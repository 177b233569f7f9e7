"""What `dexsim token` tells: tokens, balances, outcomes to the wei."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dexsim.cli.console import say, strong
from dexsim.cli.working import paid_gas, tell_facts, tell_object
from dexsim.market.working.amounts import exactly
from dexsim.market.working.markets import COINS
from dexsim.market.working.outcomes import approved, moved, wrapped
from dexsim.units import format_wei

if TYPE_CHECKING:
    from dexsim.chain.node import Node
    from dexsim.chain.node_wire import NodeReceipt
    from dexsim.chain.types import Address
    from dexsim.market.deploying.book import Book
    from dexsim.market.erc20 import Erc20


def tell_tokens(book: Book, tokens: list[Erc20], *, json: bool, alone: bool = False) -> None:
    """Tokens with their names, decimals, supplies and addresses."""
    if json:
        told = [_token_object(book, token) for token in tokens]
        tell_object(told[0] if alone else {"tokens": told})
        return
    for token in tokens:
        name, plan = _facts_of(book, token)
        say(strong(f"{token} {name}".strip()))
        tell_facts(
            {
                "supply": f"{exactly(token.total_supply(), token.decimals)} {token}",
                "decimals": str(token.decimals),
                "address": token.address,
                "plan": plan,
            }
        )


def tell_balances(
    node: Node, holders: list[Address], tokens: list[Erc20], *, coins: bool, json: bool
) -> None:
    """What each of the holders has of each of the tokens."""
    if json:
        found = [_balances_object(node, who, tokens, coins=coins) for who in holders]
        tell_object({"balances": found})
        return
    for who in holders:
        facts = {COINS: exactly(node.balance(who), 18)} if coins else {}
        for token in tokens:
            name = token.symbol if token.symbol not in facts else f"{token} {token.address}"
            facts[name] = exactly(token.balance(who), token.decimals)
        say(strong(who))
        tell_facts(facts)


def tell_transfer(token: Erc20, receipts: list[NodeReceipt], sender: Address, to: Address) -> None:
    """What a transfer moved."""
    amount = exactly(moved(token, receipts[-1], sender=sender, to=to), token.decimals)
    say(f"{strong(f'sent {amount} {token}')} to {to}; {paid_gas(receipts)}")


def tell_approval(
    token: Erc20, receipts: list[NodeReceipt], owner: Address, spender: Address
) -> None:
    """What an approval allows."""
    amount = exactly(approved(token, receipts[-1], owner, spender), token.decimals)
    say(f"{strong(f'allowed {amount} {token}')} to {spender}; {paid_gas(receipts)}")


def tell_wrapped(token: Erc20, receipts: list[NodeReceipt], who: Address) -> None:
    """What was wrapped, or unwrapped."""
    event, amount = wrapped(token, receipts[-1])
    got = token.symbol if event == "Deposit" else COINS
    has = f"{who} has {exactly(token.balance(who), token.decimals)} {token} now"
    say(f"{strong(f'got {exactly(amount, 18)} {got}')}; {has}; {paid_gas(receipts)}")


def _facts_of(book: Book, token: Erc20) -> tuple[str, str]:
    """A token's name, and the plan that deployed it."""
    entry = book.at(token.address)
    if entry is None:
        return "", ""
    return (
        entry.record.token.name if entry.record.token else f"shares of {entry.name}"
    ), entry.plan


def _token_object(book: Book, token: Erc20) -> dict[str, object]:
    name, plan = _facts_of(book, token)
    return {
        "symbol": token.symbol,
        "name": name or None,
        "decimals": token.decimals,
        "supply": format_wei(token.total_supply(), token.decimals),
        "address": token.address,
        "plan": plan or None,
    }


def _balances_object(
    node: Node, who: Address, tokens: list[Erc20], *, coins: bool
) -> dict[str, object]:
    held: list[dict[str, object]] = []
    if coins:
        held.append({"token": COINS, "address": None, "amount": format_wei(node.balance(who))})
    for token in tokens:
        amount = format_wei(token.balance(who), token.decimals)
        held.append({"token": token.symbol, "address": token.address, "amount": amount})
    return {"account": who, "held": held}

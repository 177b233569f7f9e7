"""What the words of `dexsim token` mean: amounts with their token, holders, spenders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dexsim.chain.address import checksum
from dexsim.errors import ScenarioError
from dexsim.market.working.amounts import read_amount
from dexsim.market.working.markets import COINS
from dexsim.market.working.tokens import find_token, token_of

if TYPE_CHECKING:
    from dexsim.chain.types import Address
    from dexsim.cli.working import Desk
    from dexsim.market.deploying.book import Book
    from dexsim.market.erc20 import Erc20

_AMOUNT = "AMOUNT"


def amount_and_last(book: Book, words: list[str], *, zero: bool = False) -> tuple[Erc20, int, str]:
    """A token, an amount of it in wei, and the word that follows. Raises ScenarioError.

    "10 USDC" may be one word or two, and "USDC 10" is understood too.
    """
    if len(words) not in (2, 3):
        raise ScenarioError("say an amount and an address: '10 USDC' ADDR", key=_AMOUNT)
    said = read_amount(_number_first(words[:-1]), key=_AMOUNT)
    if not said.unit:
        raise ScenarioError(f"{said.text!r} of which token? Say '{said.text} USDC'", key=_AMOUNT)
    if said.unit.upper() == COINS:
        raise ScenarioError(
            f"{COINS} is no token; {COINS} is wrapped by `dexsim token wrap`", key=_AMOUNT
        )
    token = find_token(book, said.unit)
    return token, said.wei(token.decimals, key=_AMOUNT, zero=zero), words[-1]


def wrapped_amount(book: Book, words: list[str]) -> tuple[Erc20, int]:
    """The token that wraps coins, and an amount of it in wei. Raises ScenarioError."""
    said = read_amount(" ".join(words), key=_AMOUNT)
    if said.unit.startswith("0x"):
        token = find_token(book, said.unit)
    else:
        token = token_of(book.wrapped(), book.chain)
        if said.unit and said.unit.casefold() not in (COINS.casefold(), token.symbol.casefold()):
            raise ScenarioError(f"{said.unit} is neither {COINS} nor {token}", key=_AMOUNT)
    return token, said.wei(token.decimals, key=_AMOUNT)


def spender_of(book: Book, word: str) -> Address:
    """Who may take tokens: an address, or a contract of the deployments. Raises ScenarioError."""
    return checksum(word) if word.startswith("0x") else book.contract(word).address


def holders_and_tokens(desk: Desk, words: list[str]) -> tuple[list[Address], list[Erc20], bool]:
    """Whose balances of what are asked for, and whether coins are among it. Raises ScenarioError."""
    book = desk.book
    holders: list[Address] = []
    tokens: list[Erc20] = []
    for word in words:
        entry = book.at(word) if word.startswith("0x") else None
        if word.startswith("0x") and not (entry and entry.record.token):
            holders.append(checksum(word))
        elif word.upper() != COINS:
            tokens.append(find_token(book, word))
    coins = not tokens or any(word.upper() == COINS for word in words)
    if not tokens and not any(word.upper() == COINS for word in words):
        entries = [*book.tokens, *book.pools]
        tokens = [token_of(each, book.chain) for each in entries if desk.node.code(each.address)]
    if not holders:
        first = desk.looked_at(None)
        if first is None:
            raise ScenarioError("the node holds no accounts; say whose balance", key="ADDR")
        holders.append(first)
    return holders, tokens, coins


def _number_first(words: list[str]) -> str:
    if len(words) == 2 and words[1][:1].isdigit():
        words = words[::-1]
    return " ".join(words)

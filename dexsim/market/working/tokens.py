"""Tokens at hand: those of the deployments by name, any other by its address."""

from __future__ import annotations

from dexsim.chain.address import checksum
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address
from dexsim.errors import ArtifactError, Reverted, ScenarioError
from dexsim.market.deploying.book import Book, Entry
from dexsim.market.erc20 import Erc20

_LONGEST = 24  # characters of a symbol: who made a token may have written anything there
_LP_DECIMALS = 18


def token_of(entry: Entry, chain: Reader) -> Erc20:
    """The handle of a recorded token, or of a pool's shares."""
    facts = entry.record.token
    if facts is None:
        return Erc20(entry.address, chain, symbol=f"{entry.name}-LP", decimals=_LP_DECIMALS)
    return Erc20(entry.address, chain, symbol=facts.symbol, decimals=facts.decimals)


def find_token(book: Book, said: str, *, key: str = "TOKEN") -> Erc20:
    """A token by symbol, name or address; "main-LP" are the shares of the pool main.

    Raises ScenarioError, and DeploymentError where the chain was restarted.
    """
    try:
        entry = book.at(said) if said.startswith("0x") else None
        if entry is not None and (entry.record.token or entry.record.pool):
            return token_of(book.standing(entry), book.chain)
        if said.startswith("0x"):
            return token_at(checksum(said), book.chain)
        if said.lower().endswith("-lp"):
            return token_of(book.pool(said[:-3]), book.chain)
        return token_of(book.token(said), book.chain)
    except ScenarioError as error:
        raise error if error.key else error.within(key) from None


def token_at(address: Address, chain: Reader) -> Erc20:
    """Any ERC-20, which the chain is asked about. Raises ScenarioError where there is none."""
    bare = Erc20(address, chain, symbol=f"{address[:8]}…")
    try:
        decimals = int(bare.contract.read.decimals())
    except (Reverted, ArtifactError):
        raise ScenarioError(f"there is no token at {address} on this chain") from None
    try:
        symbol = printable(str(bare.contract.read.symbol()))
    except (Reverted, ArtifactError):  # some of the oldest tell it as 32 bytes
        symbol = ""
    return Erc20(address, chain, symbol=symbol or bare.symbol, decimals=decimals)


def printable(text: str) -> str:
    """A foreign text without what a terminal would obey, and not too long."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())[:_LONGEST]

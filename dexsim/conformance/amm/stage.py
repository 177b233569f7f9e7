"""A chain with two tokens, some people who have plenty of both, and an empty pool."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain, Snapshot
from dexsim.chain.types import Address
from dexsim.conformance.amm.books import Books
from dexsim.conformance.amm.sizes import PEOPLE, WEALTH
from dexsim.conformance.amm.subject import AmmSubject
from dexsim.errors import Reverted
from dexsim.market.adapter import OpenedPool, Tokens
from dexsim.market.contract import deploy
from dexsim.market.erc20 import Erc20

_OPENER = Account.named("opener")
_ROOM = 10**9


@dataclass(frozen=True, eq=False)
class Stage:
    """An empty pool. start: to go back to. keepers: the pool, and who else holds tokens for it."""

    chain: Chain
    tokens: Tokens
    pool: OpenedPool
    start: Snapshot
    books: Books
    keepers: tuple[Address, ...]

    @classmethod
    def build(cls, subject: AmmSubject, world: int) -> Stage:
        """On a chain of its own. In every other world the quote's address is the smaller one."""
        # A block is one step of a history, and holds as much as the step needs.
        chain = Chain(base_fee=0, gas_limit=_ROOM, trace_reverts=False)
        tokens = _tokens(chain, subject.decimals[world], base_is_smaller=world % 2 == 0)
        pool = subject.open(chain, _OPENER, tokens)
        books = Books(tokens)
        for name in PEOPLE:
            who = Account.named(name)
            for token in tokens:
                books.enter(chain.send(token.mint(_OPENER, to=who, amount=WEALTH)))
            for approval in pool.approvals(who):
                chain.send(approval)
        others = [*getattr(pool.adapter, "also_holds", ()), *_held_at(pool)]
        keepers = (pool.contract.address, *(getattr(each, "address", each) for each in others))
        return cls(chain, tokens, pool, chain.snapshot(), books, keepers)


def _held_at(pool: OpenedPool) -> list[Address]:
    where = getattr(pool.adapter, "held_at", None)
    return [] if where is None else [where]


def _tokens(chain: Chain, decimals: tuple[int, int], *, base_is_smaller: bool) -> Tokens:
    base = _token(chain, "BASE", decimals[0])
    while True:
        quote = _token(chain, "QUOTE", decimals[1])
        if (int(base.address, 16) < int(quote.address, 16)) == base_is_smaller:
            return base, quote


def _token(chain: Chain, symbol: str, decimals: int) -> Erc20:
    made = deploy(chain, shipped("token"), _OPENER, f"{symbol} token", symbol, decimals, 0)
    return Erc20(made.address, chain, symbol=symbol, decimals=decimals)


@cache
def stage(subject: AmmSubject, world: int, *, spare: bool = False) -> Stage:
    """A subject's pool in one of its worlds, or in the first where it cannot be opened there.

    Made once. spare: another one, which stays empty.
    """
    if world == 0:
        return Stage.build(subject, 0)
    try:
        return Stage.build(subject, world)
    except Reverted:
        return stage(subject, 0, spare=spare)

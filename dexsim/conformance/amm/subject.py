"""Whose pool the machine drives: a name, and how such a pool is put on a chain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.market.adapter import OpenedPool, Tokens


@dataclass(frozen=True, eq=False)
class AmmSubject:
    """A pool that can be opened on a chain, empty, as often as is asked for.

    open: chain, who pays, base and quote -> the pool with its adapter.
    decimals: of base and quote, one pair for each world that histories happen in. A world whose pool
    cannot be opened is left out, but for the first.
    """

    name: str
    open: Callable[[Chain, Account, Tokens], OpenedPool]
    decimals: tuple[tuple[int, int], ...] = ((18, 18), (18, 6), (8, 18))

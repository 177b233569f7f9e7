"""Builders in competition for one block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dexsim.blockspace.builder import Filling
from dexsim.blockspace.structure import THE_BUILDER
from dexsim.chain.accounts import Account
from dexsim.chain.chain import BUILDER, Chain
from dexsim.chain.open_block import OpenBlock

PROPOSER = Account.named("proposer")
"""Who sells the block where builders compete for it."""


@dataclass(frozen=True, slots=True)
class Won:
    """Who builds the block, and what it pays the proposer for that, wei."""

    builder: str
    price: int = 0


def account_of(builder: str) -> Account:
    """A builder's account, which receives the tips of its blocks."""
    return BUILDER if builder == THE_BUILDER else Account.named(f"builder {builder}")


def contend(
    chain: Chain,
    names: Sequence[str],
    *,
    time_ms: int,
    base_fee: int,
    fill: Callable[[OpenBlock, str], Filling],
) -> Won:
    """Who can make the most of a block, for what the second could: an auction among those who know.

    Each fills the block once, for what it is worth, and nothing of that stays. Ties go to whom
    stands first. fill: fills an open block as a builder.
    """
    if len(names) == 1:
        return Won(names[0])
    worths = []
    for place, name in enumerate(names):
        chain.coinbase = account_of(name).address
        with chain.rehearsal(time_ms=time_ms, base_fee=base_fee) as block:
            before = block.balance(chain.coinbase)
            fill(block, name)
            worths.append((before - block.balance(chain.coinbase), place))
    (_, first), (second, _) = sorted(worths)[:2]
    return Won(names[first], max(0, -second))

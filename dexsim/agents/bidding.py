"""What searchers bid for their place: to the builder of a bundle, and against each other in the open."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from dexsim.blockspace.mempool import BUMP_PERCENT
from dexsim.blockspace.pending import Pending
from dexsim.chain.types import Address
from dexsim.market.searcher import read_trade

_ALL_BPS = 10_000


class BidShare:
    """The part of its profit that a searcher bids, in bps, and how it learns from what became of it.

    Raised by `step` after a bid that did not land, lowered by a quarter of it after one that did.
    """

    def __init__(self, start: int, step: int) -> None:
        self.bps = start
        self._step = step
        self._waits = False

    def hear(self, *, landed: bool) -> None:
        """What became of the bids of the block before, if there were any."""
        if self._waits:
            change = -(self._step // 4) if landed else self._step
            self.bps = min(max(self.bps + change, 0), _ALL_BPS)
        self._waits = False

    def of(self, profit: int) -> int:
        """The bid for a profit, in the same unit, rounded down."""
        return profit * self.bps // _ALL_BPS

    def sent(self) -> None:
        """A bid is on its way."""
        self._waits = True


def rival_tip(pending: Iterable[Pending], pool: Address, token_in: Address, own: Address) -> int:
    """The highest tip, wei per gas, of those who sell this token to this pool by contracts of their own."""
    tips = [0]
    for each in pending:
        trade = None if each.tx.sender == own else read_trade(each.tx)
        if trade is not None and trade.pools == (pool,) and trade.token_in == token_in:
            tips.append(each.tx.max_priority_fee_per_gas)
    return max(tips)


def outbid(own_tip: int, rival: int, most: Fraction) -> int | None:
    """The next bid of who replaces its own to stand before a rival; None: it is first, or has had enough.

    most: what it can bid at most, wei per gas.
    """
    if rival < own_tip:
        return None
    bumped = -(-own_tip * (100 + BUMP_PERCENT) // 100)
    tip = max(rival + 1, bumped, own_tip + 1)
    return tip if tip <= most else None

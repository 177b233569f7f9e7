"""What searchers bid for their place: to the builder of a bundle, and against each other in the open."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from dexsim.agents.protocol import View
from dexsim.blockspace.mempool import BUMP_PERCENT
from dexsim.blockspace.pending import Pending
from dexsim.chain.types import Address
from dexsim.description import Rate
from dexsim.market.erc20 import Erc20
from dexsim.market.searcher import Searcher, read_trade
from dexsim.market.world import NATIVE
from dexsim.units import gwei

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
        return share_of(profit, self.bps)

    def sent(self) -> None:
        """A bid is on its way."""
        self._waits = True


def share_of(profit: int, share_bps: int) -> int:
    """What is bid of a profit, in the same unit, rounded down."""
    return profit * share_bps // _ALL_BPS


def money_for(view: View, searcher: Searcher, amount: int, token: Erc20) -> int:
    """A bid of so much of a token in native money, as far as the contract has that; rounded down."""
    return min(view.native_worth(amount, token), view.balance(searcher, NATIVE)) if amount else 0


def tip_before(victims: Iterable[Pending], least_gwei: Rate) -> int:
    """Wei per gas that stands before every victim, by 1 wei; at least so many gwei."""
    above = (victim.tx.max_priority_fee_per_gas + 1 for victim in victims)
    return max(gwei(Decimal(least_gwei)), *above, 0)


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

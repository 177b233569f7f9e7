"""What providers do while they are there: three styles."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Any, ClassVar, Protocol

from dexsim.agents.position import RETRY_BLOCKS, Position
from dexsim.agents.protocol import View
from dexsim.chain.types import Transaction
from dexsim.description import AtLeastOne, Rate, ShareBps, description
from dexsim.units import to_wei

_BPS = 10_000
_YEAR_MS = 365 * 24 * 3600 * 1000


class Manner(Protocol):
    """A style while it lives."""

    def act(self, view: View, position: Position) -> list[Transaction]:
        """What moves its liquidity this block."""


@description
class Patient:
    """Puts everything in, and stays."""

    kind: ClassVar[str] = "patient"

    def begin(self, base_amount: Decimal, slippage_bps: int) -> Manner:
        """base_amount: whole base tokens to put in."""
        return _Staying(base_amount, slippage_bps)


class _Staying:
    """Joins, and tries again a little later as long as it did not get in."""

    def __init__(self, base_amount: Decimal, slippage_bps: int) -> None:
        self._base_amount = base_amount
        self._slippage_bps = slippage_bps
        self._next = 0

    def act(self, view: View, position: Position) -> list[Transaction]:
        if view.block < self._next or position.held():
            return []
        self._next = view.block + RETRY_BLOCKS
        most = to_wei(self._base_amount, position.pool.base.decimals)
        base = min(most, position.affordable(view))
        return position.add(view, base, self._slippage_bps) if base else []


@description
class Mercenary:
    """Is there only while the fees pay.

    least_apr: yearly yield on the pool's value, as a share ("0.1" is 10 %),
    below which it leaves, and from which on it comes. window_blocks: over which
    the yield is measured, by the growth of sqrt(x * y) per LP token; until then it stays away.
    """

    kind: ClassVar[str] = "mercenary"
    least_apr: Rate
    window_blocks: AtLeastOne = 20

    def begin(self, base_amount: Decimal, slippage_bps: int) -> Manner:
        """base_amount: whole base tokens to put in."""
        return _Coming(self, _Staying(base_amount, slippage_bps))


class _Coming:
    def __init__(self, described: Mercenary, staying: _Staying) -> None:
        self._least = float(described.least_apr)
        self._seen: deque[tuple[int, float]] = deque(maxlen=described.window_blocks + 1)
        self._staying = staying

    def act(self, view: View, position: Position) -> list[Transaction]:
        self._seen.append((view.since_ms, _worth_of_a_share(view, position)))
        if len(self._seen) < (self._seen.maxlen or 0):
            return []
        return self._staying.act(view, position) if self._apr() >= self._least else position.leave()

    def _apr(self) -> float:
        (since, before), (now, after) = self._seen[0], self._seen[-1]
        return (after / before - 1) * _YEAR_MS / max(now - since, 1)


def _worth_of_a_share(view: View, position: Position) -> float:
    """sqrt(x * y) per LP token: what fees make grow, and prices do not move."""
    reserves = view.reserves(position.pool.market)
    return sqrt(reserves.base * reserves.quote) / position.lp_supply()


@description
class Rebalancing:
    """Keeps a share of its wealth in the pool, and the rest in hand.

    share_bps: of its wealth at the pool's price. band_bps: how far the share
    may be off before liquidity is added or removed.
    """

    kind: ClassVar[str] = "rebalancing"
    share_bps: ShareBps = 5_000
    band_bps: ShareBps = 500

    def begin(self, base_amount: Decimal, slippage_bps: int) -> Manner:
        """Its wealth is what it has, whatever the amount said."""
        return _Adjusting(self, slippage_bps)


class _Adjusting:
    def __init__(self, described: Rebalancing, slippage_bps: int) -> None:
        self._target = Fraction(described.share_bps, _BPS)
        self._band = Fraction(described.band_bps, _BPS)
        self._slippage_bps = slippage_bps
        self._next = 0

    def act(self, view: View, position: Position) -> list[Transaction]:
        if view.block < self._next:
            return []
        inside, outside = position.worth(view)
        wealth = inside + outside
        off = inside - self._target * wealth
        if abs(off) <= self._band * wealth:
            return []
        self._next = view.block + RETRY_BLOCKS
        if off > 0:
            return position.leave(off / inside)
        reserves = view.reserves(position.pool.market)
        base = int(-off / 2 * reserves.base / reserves.quote)
        return position.add(view, min(base, position.affordable(view)), self._slippage_bps)


STYLE_KINDS: Mapping[str, type[Any]] = {
    kind.kind: kind for kind in (Patient, Mercenary, Rebalancing)
}

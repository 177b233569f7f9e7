"""What the detector of attacks reads, and what it says it has found.

Amounts are wei. An address that the record does not hold is "": the detector then goes by what
is there. Nothing here says what a searcher meant; see docs/detector.md.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRecord:
    """What happened in a pool, as a chain shows it.

    position: of its transaction in the block. log_index: place in it, or in the block. origin: who
    signed. called: the contract that the transaction called.
    """

    block: int
    position: int
    log_index: int
    market: str
    origin: str = ""
    called: str = ""

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in its block."""
        return self.position, self.log_index


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapRecord(PoolRecord):
    """A swap. sender: who called the pool. to: who got the tokens."""

    token_in: str
    token_out: str
    amount_in: int
    amount_out: int
    sender: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidityRecord(PoolRecord):
    """A mint or a burn: who provided, what went in or came out, and the LP tokens for it.

    lp: 0 where it is not known.
    """

    kind: str
    provider: str
    token0: str
    token1: str
    amount0: int
    amount1: int
    lp: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """An attack, by its places in a block.

    kind: sandwich, backrun or jit. fronts: positions of the legs before the victims (mints of a
    jit, none of a back-run). backs: of those behind them (burns of a jit). gross_profit: wei of
    `token`, before gas and tips; 0 where the other side of the trade is not on record.
    """

    kind: str
    block: int
    markets: tuple[str, ...]
    actor: str
    fronts: tuple[int, ...]
    victims: tuple[int, ...]
    backs: tuple[int, ...]
    token: str
    gross_profit: int

    @property
    def legs(self) -> tuple[int, ...]:
        """Positions of the attacker's own transactions."""
        return tuple(sorted({*self.fronts, *self.backs}))

"""Blocks made by hand: swaps in pools that obey their own arithmetic, by whoever is named."""

from __future__ import annotations

from dexsim import cpmm
from dexsim.results.mev_records import LiquidityRecord, SwapRecord

E18 = 10**18
ROUTER = "0x7a250d5630b4cf539739df2c5dacb4c659f2488d"


class Blocks:
    """Writes swaps down in order; every pool begins with 1,000 X and 1,000 Y."""

    def __init__(self) -> None:
        self.swaps: list[SwapRecord] = []
        self.liquidity: list[LiquidityRecord] = []
        self._held: dict[str, dict[str, int]] = {}

    def swap(
        self,
        position: int,
        sells: str,
        amount: int,
        *,
        by: str = "",
        through: str = ROUTER,
        called: str = "",
        to: str | None = None,
        pool: str = "pool XY",
        block: int = 1,
    ) -> int:
        """`by` sells `amount` of "X" or "Y"; gives what the pool pays. `to` defaults to `by`."""
        one, other = pool.split()[1]
        buys = other if sells == one else one
        held = self._held.setdefault(pool, {one: 1000 * E18, other: 1000 * E18})
        paid = cpmm.amount_out(amount, held[sells], held[buys])
        held[sells] += amount
        held[buys] -= paid
        self.swaps.append(
            SwapRecord(
                block=block,
                position=position,
                log_index=len(self.swaps),
                market=pool,
                token_in=sells,
                token_out=buys,
                amount_in=amount,
                amount_out=paid,
                sender=through,
                to=by if to is None else to,
                origin=by,
                called=called or through,
            )
        )
        return paid

    def step(self, position: int, kind: str, by: str, lp: int, *, pool: str = "pool XY") -> None:
        """`by` mints or burns: as much X and Y as LP tokens in, 80 % and 140 % out."""
        self.liquidity.append(
            LiquidityRecord(
                block=1,
                position=position,
                log_index=0,
                market=pool,
                kind=kind,
                provider=by,
                token0="X",
                token1="Y",
                amount0=lp if kind == "mint" else lp * 4 // 5,
                amount1=lp if kind == "mint" else lp * 7 // 5,
                lp=lp,
                origin=by,
                called=ROUTER,
            )
        )

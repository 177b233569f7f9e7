"""Liquidity just in time: added before others' swaps and taken out behind them, in one block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from dexsim.results.mev_actors import Actors
from dexsim.results.mev_records import Detected, LiquidityRecord, SwapRecord
from dexsim.results.mev_sandwiches import TOLERANCE, positions


def just_in_time(
    liquidity: Iterable[LiquidityRecord], swaps: Iterable[SwapRecord], actors: Actors
) -> list[Detected]:
    """Every mint that its actor takes out again behind others' swaps in the same pool and block."""
    steps, pools = defaultdict(list), defaultdict(list)
    for record in sorted(liquidity, key=lambda record: record.place):
        steps[record.block, record.market, actors.of(record)].append(record)
    for swap in swaps:
        pools[swap.block, swap.market].append(swap)
    found = []
    for (block, market, actor), own in steps.items():
        others = [swap for swap in pools[block, market] if actors.of(swap) != actor]
        found += _of_one(own, others, actors)
    return sorted(found, key=lambda each: (each.block, each.legs))


def _of_one(
    own: Sequence[LiquidityRecord], others: Sequence[SwapRecord], actors: Actors
) -> list[Detected]:
    found, used = [], set()
    for mint in (step for step in own if step.kind == "mint"):
        for burn in (step for step in own if step.kind == "burn" and step not in used):
            victims = [s for s in others if mint.position < s.position < burn.position]
            if victims and _same_liquidity(mint, burn):
                used.add(burn)
                found.append(_detected(mint, burn, victims, actors))
                break
    return found


def _same_liquidity(mint: LiquidityRecord, burn: LiquidityRecord) -> bool:
    """Whether most of what was minted is burnt; a provider who moves older liquidity burns more."""
    if not mint.lp or not burn.lp:
        return True
    return abs(mint.lp - burn.lp) <= TOLERANCE * max(mint.lp, burn.lp)


def _detected(
    mint: LiquidityRecord,
    burn: LiquidityRecord,
    victims: Sequence[SwapRecord],
    actors: Actors,
) -> Detected:
    price = Fraction(burn.amount1, burn.amount0) if burn.amount0 else Fraction(0)
    gained = burn.amount1 - mint.amount1 + price * (burn.amount0 - mint.amount0)
    return Detected(
        kind="jit",
        block=mint.block,
        markets=(mint.market,),
        actor=actors.name(mint),
        fronts=(mint.position,),
        victims=positions(victims),
        backs=(burn.position,),
        token=mint.token1,
        gross_profit=int(gained // 1),
    )

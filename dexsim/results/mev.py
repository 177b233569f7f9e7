"""Finds sandwiches, back-runs and liquidity just in time in recorded swaps and liquidity alone.

What counts as what is written down in docs/detector.md. Nothing here knows what searchers meant.
"""

from __future__ import annotations

from collections.abc import Iterable

from dexsim.results.arm import Arm, Row
from dexsim.results.mev_actors import Actors
from dexsim.results.mev_backruns import backruns, by_transaction, is_closed
from dexsim.results.mev_jit import just_in_time
from dexsim.results.mev_records import Detected, LiquidityRecord, SwapRecord
from dexsim.results.mev_sandwiches import sandwiches


def detect(
    swaps: Iterable[SwapRecord], liquidity: Iterable[LiquidityRecord] = ()
) -> list[Detected]:
    """Every attack in a record, by block and position; a transaction is a leg of one kind only."""
    swaps = list(dict.fromkeys(swaps))  # a block that was recorded twice happened once
    liquidity = list(dict.fromkeys(liquidity))
    actors = Actors(swaps, liquidity)
    closed = [place for place, own in by_transaction(swaps).items() if is_closed(own)]
    found = sandwiches(swaps, actors, closed)
    found += just_in_time(liquidity, swaps, actors)
    legs = {(each.block, position) for each in found for position in each.legs}
    found += backruns(swaps, actors, legs)
    return sorted(found, key=lambda each: (each.block, each.legs, each.kind, each.markets))


def records_of(arm: Arm) -> tuple[list[SwapRecord], list[LiquidityRecord]]:
    """What a chain's observer sees of an arm: no kinds, bundles, roles or names of agents."""
    transactions = {(row["block"], row["position"]): row for row in arm.rows("transactions")}
    pools = _tokens(arm)
    swaps = [
        _swap(index, row, transactions[row["block"], row["position"]])
        for index, row in enumerate(arm.rows("swaps"))
    ]
    liquidity = [
        _step(row, transactions[row["block"], row["position"]], pools[row["market"]])
        for row in arm.rows("liquidity")
        if row["kind"] in {"mint", "burn"}
    ]
    return swaps, liquidity


def _tokens(arm: Arm) -> dict[str, tuple[str, str]]:
    return {row["market"]: (row["base"], row["quote"]) for row in arm.rows("pools")}


def _swap(index: int, row: Row, transaction: Row) -> SwapRecord:
    return SwapRecord(
        block=row["block"],
        position=row["position"],
        log_index=index,
        market=row["market"],
        token_in=row["token_in"],
        token_out=row["token_out"],
        amount_in=row["amount_in"],
        amount_out=row["amount_out"],
        sender=row.get("sender") or "",
        to=row.get("recipient") or "",
        origin=transaction["sender"],
        called=transaction["to"] or "",
    )


def _step(row: Row, transaction: Row, tokens: tuple[str, str]) -> LiquidityRecord:
    return LiquidityRecord(
        block=row["block"],
        position=row["position"],
        log_index=row["step"],
        market=row["market"],
        kind=row["kind"],
        provider=transaction["sender"],
        token0=tokens[0],
        token1=tokens[1],
        amount0=abs(row["base"]),
        amount1=abs(row["quote"]),
        lp=row["lp"] or 0,
        origin=transaction["sender"],
        called=transaction["to"] or "",
    )

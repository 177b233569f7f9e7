"""Writes down what became of bundles."""

from __future__ import annotations

from collections.abc import Mapping

from dexsim.blockspace.builder import Landed
from dexsim.blockspace.bundles import PendingBundle
from dexsim.results.columns import Rows, WeiCell
from dexsim.results.rounds import Round


def enter_bundles(done: Round, rows: Mapping[str, Rows]) -> None:
    """A row for each bundle that was sent, landed or not."""
    block = done.block.env.number
    for number in dict.fromkeys(
        included.bundle.id for included in done.filling.included if included.bundle is not None
    ):
        landed = done.filling.landed[number]
        rows["bundles"].add(**_row(block, landed.entry, "", landed))
    for entry, reason in [*done.filling.failed, *done.refused]:
        rows["bundles"].add(**_row(block, entry, reason, None))


def _row(block: int, entry: PendingBundle, reason: str, landed: Landed | None) -> dict[str, object]:
    return {
        "block": block,
        "bundle": entry.id,
        "agent": entry.agent,
        "legs": len(entry.bundle.legs),
        "landed": landed is not None,
        "reason": reason,
        "paid": WeiCell(landed.attempt.coinbase_diff if landed else 0),
        "refund": WeiCell(landed.refund if landed else 0),
        "refunded": landed.refunded if landed else "",
    }

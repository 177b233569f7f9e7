"""What the report draws of a run, from its tables alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import accumulate

from dexsim.report.comparison import signed
from dexsim.report.figures import Mark, Point, Series, bar_figure, line_figure
from dexsim.results.arm import Arm, Row
from dexsim.results.run import Run
from dexsim.results.summary import Summary

_MOST_MARKETS = 6
_Amount = Callable[[Arm, Row], float]


def charts(run: Run, summary: Summary) -> list[str]:
    """The figures that have something to show."""
    arms = run.arms
    told = max(arms, key=lambda arm: len(arm.rows("sandwiches")))
    markets = dict.fromkeys(row["market"] for row in told.at_block("pools", 0))
    figures = [
        _prices(told, market, alone=len(arms) == 1) for market in list(markets)[:_MOST_MARKETS]
    ]
    return [figure for figure in (*figures, _attacks(arms), _gains(summary)) if figure]


def _prices(arm: Arm, market: str, *, alone: bool) -> str:
    """A pool's price over the blocks, against the outside price, with sandwiches on it."""
    rows = [row for row in arm.rows("pools") if row["market"] == market]
    inside = [(row["block"], row["price"]) for row in rows if row["price"] is not None]
    outside = [
        (row["block"], row["outside_price"]) for row in rows if row["outside_price"] is not None
    ]
    series = [Series("pool", inside)]
    if outside:
        series.append(Series("outside", outside, dashed=True))
    pair = f"{rows[0]['quote']} per {rows[0]['base']}"
    return line_figure(
        f"Price in {market}" + ("" if alone else f" ({arm.name})"),
        series,
        x_label="block",
        y_label=pair,
        marks=list(_marks(arm, market, dict(inside))),
        mark_name="block with a sandwich",
    )


def _marks(arm: Arm, market: str, prices: dict[int, float]) -> Iterator[Mark]:
    lost: dict[int, float] = defaultdict(float)
    for row in arm.rows("sandwiches"):
        if row["market"] == market:
            lost[row["block"]] += _loss(arm, row)
    for block, loss in lost.items():
        if block in prices:
            title = f"block {block}: victims lost {loss:,.2f} {arm.numeraire}"
            yield Mark(block, prices[block], title)


def _attacks(arms: list[Arm]) -> str:
    """What victims lost and what attackers took, summed up over the blocks."""
    series = []
    for arm in arms:
        rows = sorted(arm.rows("sandwiches"), key=lambda row: int(row["block"]))
        if not rows:
            continue
        where = f" ({arm.name})" if len(arms) > 1 else ""
        series.append(Series(f"lost by victims{where}", _summed(arm, rows, _loss)))
        series.append(Series(f"taken before gas{where}", _summed(arm, rows, _taken)))
    title = "Sandwiches: lost by victims, taken by attackers, summed up"
    return line_figure(title, series, x_label="block", y_label=arms[0].numeraire)


def _summed(arm: Arm, rows: list[Row], amount: _Amount) -> list[Point]:
    """Steps: a point at every sandwich's block, from 0 to the end of the run."""
    totals = accumulate((amount(arm, row) for row in rows), initial=0.0)
    points: list[Point] = []
    for block, total in zip([0, *(row["block"] for row in rows)], totals, strict=True):
        if points:
            points.append((block, points[-1][1]))
        points.append((block, total))
    return [*points, (arm.last_block, points[-1][1])]


def _loss(arm: Arm, row: Row) -> float:
    undisturbed = row["victim_counterfactual_out"]
    if undisturbed is None:
        return 0.0
    return float(arm.value(row["token_out"], undisturbed - row["victim_out"]))


def _taken(arm: Arm, row: Row) -> float:
    kept = arm.value(row["token_out"], row["frontrun_out"] - row["backrun_in"])
    return float(arm.value(row["token"], row["gross_profit"]) + kept)


def _gains(summary: Summary) -> str:
    """What every role gained, and what was burnt."""
    by_role: dict[str, list[float]] = {}
    for number, arm in enumerate(summary.arms):
        for gain in arm.gains:
            if gain.changes:
                row = by_role.setdefault(gain.role, [0.0] * len(summary.arms))
                row[number] += float(gain.value)
    largest = max((abs(value) for row in by_role.values() for value in row), default=0.0)
    groups = [
        (role, row)
        for role, row in sorted(by_role.items(), key=lambda item: -item[1][-1])
        if any(abs(value) > largest * 1e-9 for value in row)
    ]
    names = [arm.arm for arm in summary.arms]
    return bar_figure(f"Gains by role, in {summary.numeraire}", names, groups, signed)

"""Figures as inline SVG: pure functions from numbers to text.

Two shapes are all that the report needs, so no plotting library is asked of
everybody; figures made by one can come as an extra. Colours are classes
(`c0` to `c5`, `grid`, `axis`, `mark`), which the page's style sheet defines for
light and dark.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeVar

_WIDTH, _HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 78, 24, 14, 42
_MOST_POINTS = 1_000
_MOST_MARKS = 400
_COLOURS = 6
_BAR, _BAR_LEFT, _BAR_ROOM = 18, 130, 90
_T = TypeVar("_T")

Point = tuple[float, float]


@dataclass(frozen=True)
class Series:
    """A line: its name in the legend, and its points. dashed: drawn as such."""

    name: str
    points: Sequence[Point]
    dashed: bool = False


@dataclass(frozen=True)
class Mark:
    """A point that stands out; title: what the pointer shows over it."""

    x: float
    y: float
    title: str


@dataclass(frozen=True)
class _Axes:
    """From values to places on the picture."""

    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, point: Point) -> tuple[float, float]:
        across = (point[0] - self.x[0]) / (self.x[1] - self.x[0])
        up = (point[1] - self.y[0]) / (self.y[1] - self.y[0])
        return (
            _LEFT + across * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM),
        )


def line_figure(
    title: str,
    series: Sequence[Series],
    *,
    x_label: str,
    y_label: str,
    marks: Sequence[Mark] = (),
    mark_name: str = "",
) -> str:
    """Lines over a common axis, with a legend; marks are points on top.

    Long lines are thinned to what a screen can show. "" without any point.
    """
    points = [point for line in series for point in line.points]
    if not points:
        return ""
    points += [(mark.x, mark.y) for mark in marks]
    axes = _Axes(_span([x for x, _ in points]), _span([y for _, y in points], room=0.06))
    names = [(line.name, f"c{i % _COLOURS}", line.dashed) for i, line in enumerate(series)]
    legend = _legend(names, mark_name if marks else "")
    body = [_grid(axes, x_label, y_label)]
    body += [_line(axes, line, i) for i, line in enumerate(series)]
    body += [_mark(axes, mark) for mark in _thinned(marks, _MOST_MARKS)]
    return _figure(title, legend, _HEIGHT, body)


def bar_figure(
    title: str,
    names: Sequence[str],
    groups: Sequence[tuple[str, Sequence[float]]],
    show: Callable[[float], str],
) -> str:
    """Bars to both sides of zero: a group a label, a bar a name; `show` writes their values.

    "" without groups.
    """
    if not groups:
        return ""
    values = [0.0, *(value for _, row in groups for value in row)]
    scale = (_WIDTH - _BAR_LEFT - 2 * _BAR_ROOM) / ((max(values) - min(values)) or 1)
    zero = _BAR_LEFT + _BAR_ROOM - min(values) * scale
    body, y = [], 6
    for label, row in groups:
        middle = y + len(row) * _BAR / 2 + 4
        body.append(_text(_BAR_LEFT - 8, middle, label, "end"))
        for number, value in enumerate(row):
            body.append(_bar(zero, y + number * _BAR, value * scale, number, show(value)))
        y += len(row) * _BAR + 10
    body.append(f'<path class="axis" d="M{zero:.1f} 0V{y}"/>')
    legend = _legend([(name, f"c{i % _COLOURS}", False) for i, name in enumerate(names)], "")
    return _figure(title, legend, y, body)


def _bar(zero: float, y: float, length: float, number: int, told: str) -> str:
    left, width = min(zero, zero + length), abs(length)
    beside = (zero + length + 6, "start") if length >= 0 else (zero + length - 6, "end")
    return (
        f'<rect class="c{number % _COLOURS} fill" x="{left:.1f}" y="{y + 1}" '
        f'width="{width:.1f}" height="{_BAR - 2}"/>' + _text(beside[0], y + 13, told, beside[1])
    )


def _figure(title: str, legend: str, height: float, body: Sequence[str]) -> str:
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>{legend}"
        f'<svg viewBox="0 0 {_WIDTH} {height:g}" role="img" aria-label="{escape(title)}">'
        f"{''.join(body)}</svg></figure>"
    )


def _legend(names: Sequence[tuple[str, str, bool]], mark_name: str) -> str:
    """What the colours mean; nothing where there is only one and no mark."""
    keys = [
        f'<span><i class="{colour}{" dashed" if dashed else ""}"></i>{escape(name)}</span>'
        for name, colour, dashed in names
    ]
    if mark_name:
        keys.append(f'<span><i class="mark"></i>{escape(mark_name)}</span>')
    return f'<p class="legend">{"".join(keys)}</p>' if len(keys) > 1 else ""


def _grid(axes: _Axes, x_label: str, y_label: str) -> str:
    """Grid lines with their numbers, and the names of the axes."""
    floor, parts = _HEIGHT - _BOTTOM, []
    for value in _ticks(*axes.y):
        _, y = axes.at((axes.x[0], value))
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(_text(_LEFT - 8, y + 4, _number(value), "end"))
    for value in _ticks(*axes.x):
        x, _ = axes.at((value, axes.y[0]))
        parts.append(f'<path class="grid" d="M{x:.1f} {_TOP}V{floor}"/>')
        parts.append(_text(x, floor + 16, _number(value), "middle"))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 6, x_label, "middle"))
    parts.append(
        f'<text transform="translate(12 {(_TOP + floor) / 2}) rotate(-90)" '
        f'text-anchor="middle">{escape(y_label)}</text>'
    )
    return "".join(parts)


def _line(axes: _Axes, line: Series, number: int) -> str:
    places = [axes.at(point) for point in _envelope(line.points, _MOST_POINTS)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dashed = " dashed" if line.dashed else ""
    return f'<polyline class="c{number % _COLOURS}{dashed}" points="{path}"/>'


def _mark(axes: _Axes, mark: Mark) -> str:
    x, y = axes.at((mark.x, mark.y))
    title = escape(mark.title)
    return f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{title}</title></circle>'


def _text(x: float, y: float, told: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(told)}</text>'


def _envelope(points: Sequence[Point], most: int) -> list[Point]:
    """The line's peaks and valleys, where it has more points than a screen can show."""
    if len(points) <= most:
        return list(points)
    size = math.ceil(2 * len(points) / most)
    kept: list[Point] = []
    for first in range(0, len(points), size):
        part = points[first : first + size]
        kept += sorted({min(part, key=lambda p: p[1]), max(part, key=lambda p: p[1])})
    return [points[0], *kept, points[-1]]


def _thinned(items: Sequence[_T], most: int) -> list[_T]:
    """Every so many, and the last."""
    step = math.ceil(len(items) / most) or 1
    kept = list(items[::step])
    return kept if not items or kept[-1] is items[-1] else [*kept, items[-1]]


def _span(values: Sequence[float], room: float = 0.0) -> tuple[float, float]:
    """From the least to the greatest, with some room; never empty."""
    low, high = min(values), max(values)
    if low == high:
        return low - (abs(low) / 100 or 1), high + (abs(high) / 100 or 1)
    return low - room * (high - low), high + room * (high - low)


def _ticks(low: float, high: float) -> list[float]:
    """About five round numbers from low to high."""
    raw = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= raw)
    first = math.ceil(low / step)
    return [number * step for number in range(first, math.floor(high / step) + 1)]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.6g}"

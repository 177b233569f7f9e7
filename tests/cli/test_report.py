"""The HTML report: whole, on its own, and safe."""

from __future__ import annotations

import math
from html.parser import HTMLParser

import pytest

from dexsim.report.figures import Mark, Series, bar_figure, line_figure
from dexsim.report.html import html_report
from dexsim.results.run import Run
from dexsim.scenario.reading import loads
from dexsim.scenario.run import run
from tests.cli.conftest import SMALL

HOSTILE = "<script>alert('\"&')</script>"
VOID = {"meta", "path", "rect", "polyline"}


@pytest.fixture(scope="module")
def done() -> Run:
    """A run whose title is hostile."""
    text = SMALL.replace('title = "Small"', f"title = '''{HOSTILE}'''")
    return run(loads(text), seed=7)


class _Page(HTMLParser):
    """Collects tags and links, and checks that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_report_is_one_well_formed_page_without_scripts_or_links(done: Run) -> None:
    page = _Page()
    page.feed(html_report(done))
    assert page.open == []
    assert page.links == []
    assert "script" not in page.tags
    assert page.tags.count("svg") == 3


def test_names_are_escaped(done: Run) -> None:
    text = html_report(done)
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text


def test_the_report_names_digest_state_root_versions_and_parameters(done: Run) -> None:
    text = html_report(done)
    assert done.digest in text
    for about in done.manifest["arms"].values():
        assert about["state_root"] in text
    for told in ("hunted - calm", "base_reserve", "init code of pool", "sum to 0, exactly"):
        assert told in text


def test_a_figure_stays_inside_its_picture() -> None:
    series = [Series("a", [(x, math.sin(x)) for x in range(5_000)]), Series("b", [(0, 5.0)])]
    svg = line_figure("t", series, x_label="x", y_label="y", marks=[Mark(3, -9.0, "m")])
    assert "NaN" not in svg
    assert len(svg) < 60_000
    points = svg.split('points="')[1].split('"')[0].split()
    places = [tuple(map(float, point.split(","))) for point in points]
    assert all(0 <= x <= 720 and 0 <= y <= 300 for x, y in places)


@pytest.mark.parametrize("value", [0.0, 1e-30, 1e30, -5.0])
def test_a_flat_line_is_drawn(value: float) -> None:
    assert "polyline" in line_figure(
        "t", [Series("a", [(0, value), (0, value)])], x_label="", y_label=""
    )


def test_nothing_to_draw_gives_no_figure() -> None:
    assert line_figure("t", [Series("a", [])], x_label="", y_label="") == ""
    assert bar_figure("t", ["a"], [], str) == ""


def test_bars_of_nothing_but_zeros_are_drawn() -> None:
    assert "rect" in bar_figure("t", ["a"], [("g", [0.0])], str)

"""A run as one HTML file: no scripts, nothing from a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from importlib.resources import files

from dexsim.report.charts import charts
from dexsim.report.comparison import Comparison, Line, compare, signed
from dexsim.results.run import Run
from dexsim.results.summary import ArmSummary, Summary, show

REPORT = "report.html"
"""The report's name in a run's folder."""


def html_report(run: Run, summary: Summary | None = None) -> str:
    """The report. summary: the run's, where it is computed already."""
    told = summary or run.summary()
    comparison = compare(run, told)
    parts = [
        _head(told, comparison),
        _section("What happened", _measures(told, comparison)),
        _section("Who gained and who paid", _gains(told, comparison)),
        _section("Figures", "".join(charts(run, told))),
        _section("Conservation", "".join(_conservation(arm) for arm in told.arms) + _verdict(told)),
        _section("Parameters", f"<pre>{escape(run.scenario)}</pre>"),
        _section("Identity", _identity(run, told)),
    ]
    title = escape(told.title or "A run of dexsim")
    return _PAGE.format(title=title, style=_style(), body="\n".join(parts))


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _style() -> str:
    return files("dexsim.report").joinpath("report.css").read_text("utf-8").strip()


def _section(title: str, body: str) -> str:
    """A section; nothing where it has nothing to show."""
    if not body:
        return ""
    return f"<section>\n<h2>{escape(title)}</h2>\n{body}\n</section>"


def _head(summary: Summary, comparison: Comparison) -> str:
    blocks = "/".join(dict.fromkeys(str(arm.blocks) for arm in summary.arms))
    facts = f"seed {summary.seed} · {blocks} blocks · engine {summary.engine} · digest {summary.digest[:16]}"
    told = (("Claim", comparison.claim), ("Theory", comparison.closed_form))
    claim = "".join(f"<p><b>{word}.</b> {escape(text)}</p>" for word, text in told if text)
    return (
        f"<header>\n<h1>{escape(summary.title or 'A run of dexsim')}</h1>\n"
        f'<p class="facts">{escape(facts)}</p>\n{claim}{_finding(comparison)}\n</header>'
    )


def _finding(comparison: Comparison) -> str:
    """What this one run says about the claim."""
    headline = comparison.headline
    if headline is None or headline.difference is None:
        return ""
    effect = f"{signed(headline.difference)} {headline.unit}".strip()
    what = f"{headline.label.strip()}, {comparison.contrast}"
    return f'<p class="finding">This run: {escape(what)}: <b>{escape(effect)}</b></p>'


def _measures(summary: Summary, comparison: Comparison) -> str:
    return _table(
        ["", "", *_heads(summary, comparison)],
        [_cells(line, show) for line in comparison.measures],
    )


def _gains(summary: Summary, comparison: Comparison) -> str:
    return _table(
        [f"in {summary.numeraire}", "", *_heads(summary, comparison)],
        [_cells(line, signed) for line in comparison.gains],
        foot=_cells(comparison.total, show),
    )


def _heads(summary: Summary, comparison: Comparison) -> list[str]:
    names = [arm.arm for arm in summary.arms]
    return [*names, str(comparison.contrast)] if comparison.contrast else names


def _cells(line: Line, show_value: Callable[[float], str]) -> list[str]:
    cells = [line.label, line.unit, *(show_value(value) for value in line.values)]
    return cells if line.difference is None else [*cells, signed(line.difference)]


def _conservation(arm: ArmSummary) -> str:
    told = "".join(f"<li>{escape(line)}</li>" for line in [*arm.conservation(), *arm.emitted()])
    return f'<h3>{escape(arm.arm)}</h3><ul class="exact">{told}</ul>'


def _verdict(summary: Summary) -> str:
    if summary.closes:
        return "<p>All gains and losses sum to 0, exactly.</p>"
    return '<p class="bad">The accounts do NOT close.</p>'


def _identity(run: Run, summary: Summary) -> str:
    manifest = run.manifest
    versions = [f"{name} {version}" for name, version in manifest["versions"].items()]
    rows = [["digest of the run", summary.digest], ["versions", ", ".join(versions)]]
    for arm in summary.arms:
        rows.append([f"digest of {arm.arm}", arm.digest])
        rows.append([f"state root of {arm.arm}", arm.state_root])
    rows += [
        [f"init code of {name}", f"{about['init_code_hash']} ({about['compiler']})"]
        for name, about in manifest["contracts"].items()
    ]
    return _table([], rows, kind="identity")


def _table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    foot: Sequence[str] = (),
    kind: str = "numbers",
) -> str:
    head = f"<thead>{_row(heads, 'th')}</thead>" if heads else ""
    body = "\n".join(_row(row, "td") for row in rows)
    end = f"<tfoot>{_row(foot, 'td')}</tfoot>" if foot else ""
    return f'<div class="wide"><table class="{kind}">{head}<tbody>\n{body}\n</tbody>{end}</table></div>'


def _row(cells: Sequence[str], tag: str) -> str:
    """A row; a label that begins with spaces is part of the one above."""
    first = ' class="part"' if cells and cells[0].startswith(" ") else ""
    told = "".join(f"<{tag}>{escape(cell.strip())}</{tag}>" for cell in cells)
    return f"<tr{first}>{told}</tr>"

"""`dexsim run SCENARIO`: run it, tell what came of it, keep it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from dexsim.cli.console import complain, say
from dexsim.cli.ending import REFUSED
from dexsim.cli.options import (
    Blocks,
    Changes,
    Engine,
    Force,
    Json,
    Name,
    Out,
    PriceColumn,
    Prices,
    Seed,
    TimeColumn,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dexsim.cli.recorded_prices import RecordedPrices, Use
    from dexsim.results.run import Run
    from dexsim.results.summary import Summary
    from dexsim.scenario.scenario import Experiment, Scenario

    Used = tuple[RecordedPrices, Use]


def run(
    scenario: Name,
    *,
    seed: Seed = 0,
    blocks: Blocks = None,
    engine: Engine = "auto",
    changes: Changes = None,
    prices: Prices = None,
    time_column: TimeColumn = None,
    price_column: PriceColumn = None,
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Run a scenario and tell what came of it.

    All arms of an experiment run on the same random numbers.

    `dexsim scenarios` lists the built-in ones, `dexsim new` writes one to start from.
    """
    from dexsim.cli.recorded_prices import recorded_prices, use_of
    from dexsim.cli.telling import troubles
    from dexsim.report.html import REPORT, html_report
    from dexsim.scenario.reading import load

    _check_out(out, force)
    described = changed(load(scenario), changes or [], blocks)
    recorded = recorded_prices(described, prices, time_column, price_column)
    if recorded is not None:
        described = recorded.put_into(described)
    done = _played(described, scenario, seed=seed, engine=engine, quiet=as_json)
    use = None if recorded is None else (recorded, use_of(described, done))
    summary = done.summary()
    if out is not None:
        done.save(out, force=force, also={REPORT: html_report(done, summary)})
    (_tell_json if as_json else _tell)(done, summary, use, out)
    if not summary.closes:
        complain(f"error: the accounts do not close: {'; '.join(troubles(summary))}")
        raise typer.Exit(REFUSED)


def _check_out(out: Path | None, force: bool) -> None:
    from dexsim.errors import ScenarioError
    from dexsim.results.run import check_target

    if out is not None:
        check_target(out, force=force)
    elif force:
        raise ScenarioError("--force replaces an earlier run in a folder; name it with --out DIR")


def changed(
    described: Scenario | Experiment, changes: Sequence[str], blocks: int | None
) -> Scenario | Experiment:
    """The scenario with --set and --blocks."""
    from dexsim.errors import ScenarioError
    from dexsim.scenario.settings import apply, parse_setting

    try:
        described = apply(described, dict(map(parse_setting, changes)))
    except ScenarioError as error:
        raise error.within(file="--set") from error.__cause__
    return described if blocks is None else apply(described, {"blocks": blocks})


def _played(
    described: Scenario | Experiment, source: str, *, seed: int, engine: str, quiet: bool
) -> Run:
    """The run; what is wrong with the scenario is told with its file."""
    from dexsim.cli.progress import progress
    from dexsim.errors import ScenarioError
    from dexsim.scenario.run import run as play
    from dexsim.scenario.settings import arms_of

    total = sum(scenario.blocks for scenario in arms_of(described).values())
    try:
        with progress(total, quiet=quiet) as on_block:
            return play(described, seed=seed, engine=engine, progress=on_block)
    except ScenarioError as error:
        file = source if Path(source).is_file() else ""
        raise error.within(file=file) from error


def _tell_json(done: Run, summary: Summary, use: Used | None, out: Path | None) -> None:
    import json

    told: dict[str, Any] = summary.to_dict()
    if use is not None:
        told["prices"] = use[0].to_dict(use[1])
    if out is not None:
        told["saved"] = str(out)
    say(json.dumps(told, indent=2))


def _tell(done: Run, summary: Summary, use: Used | None, out: Path | None) -> None:
    from dexsim.cli.telling import entry, told

    lines = told(done, summary)
    if use is not None:
        lines += entry("prices", *use[0].told(use[1]))
    if out is not None:
        lines += entry("saved", f"{out} (open {out / 'report.html'})")
    else:
        lines += entry("saved", "no; --out DIR keeps the tables and a report")
    for line in lines:
        say(line)

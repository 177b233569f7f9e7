"""`dexsim compare SCENARIO`: an experiment on many seeds, and what that says of its claim."""

from __future__ import annotations

import textwrap
from math import isfinite
from statistics import fmean
from typing import TYPE_CHECKING, Any

import typer

from dexsim.cli.console import complain, say, strong
from dexsim.cli.ending import REFUSED
from dexsim.cli.options import Blocks, Changes, Engine, Json, Name, Seed, Seeds, Workers

if TYPE_CHECKING:
    from dexsim.results.findings import Finding
    from dexsim.scenario.compare import Comparison

_WIDTH = 80


def compare(
    scenario: Name,
    *,
    seeds: Seeds = 30,
    first_seed: Seed = 0,
    blocks: Blocks = None,
    engine: Engine = "auto",
    workers: Workers = 1,
    changes: Changes = None,
    as_json: Json = False,
) -> None:
    """Run an experiment on many seeds and say what they find.

    All arms of a seed see the same random numbers. The claim is supported where the whole
    95 % interval of the effect lies above the margin, refuted where it lies below.
    """
    from dexsim.cli.progress import seeds_done
    from dexsim.cli.run import changed
    from dexsim.errors import ScenarioError
    from dexsim.scenario.compare import compare as over_seeds
    from dexsim.scenario.reading import load
    from dexsim.scenario.scenario import Experiment

    described = changed(load(scenario), changes or [], blocks)
    if not isinstance(described, Experiment):
        raise ScenarioError("it has no arms, so that nothing can be compared", key="arms")
    with seeds_done(seeds, quiet=as_json) as on_seed:
        found = over_seeds(
            described,
            seeds=seeds,
            first_seed=first_seed,
            engine=engine,
            workers=workers,
            progress=on_seed,
        )
    (_tell_json if as_json else _tell)(found)
    if not found.closed:
        complain("error: the accounts of a run do not close; `dexsim run` with its seed says where")
        raise typer.Exit(REFUSED)


def _tell(found: Comparison) -> None:
    experiment = found.experiment
    say(strong(str(experiment.base.title or "experiment")))
    for word, text in (("Claim", experiment.claim), ("Theory", experiment.closed_form)):
        for line in textwrap.wrap(f"{word}: {text}", _WIDTH) if text else []:
            say(line)
    first, last = found.seeds[0], found.seeds[-1]
    unit = _label(experiment.measure)[1].replace("$", experiment.base.money)
    say("")
    head = f"{_label(experiment.measure)[0]}, {len(found.seeds)} seeds ({first} to {last})"
    say(strong(f"{head:<44}{'mean':>12}{'least':>12}{'most':>12}"))
    for arm, values in found.arms.items():
        say(f"{arm:<44}{_show(fmean(values))}{_show(min(values))}{_show(max(values))} {unit}")
    for line in _beside(found):
        say(line)
    say("")
    for finding in found.findings:
        for line in _told(finding, unit):
            say(line)
    say("accounts close in every run" if found.closed else "accounts do NOT close in every run")


def _told(finding: Finding, unit: str) -> list[str]:
    if len(finding.values) == 1:
        return [f"{finding.effect}: {_show(finding.mean).strip()} {unit}; one seed is no finding"]
    interval = f"{_show(finding.low).strip()} to {_show(finding.high).strip()} {unit}".rstrip()
    return [
        f"{finding.effect}: {_show(finding.mean).strip()}, 95 % interval {interval}",
        f"  margin {_show(finding.margin).strip()}: " + strong(finding.outcome.value),
    ]


def _beside(found: Comparison) -> list[str]:
    """Further measures: each arm's mean, and its difference from the first with a 95 % interval."""
    from dexsim.results.findings import interval

    lines = []
    for name, arms in found.beside.items():
        label, unit = _label(name)
        first, base = next(iter(arms.items()))
        head = f"{label}, {unit.replace('$', found.experiment.base.money)}".rstrip(", ")
        lines += ["", strong(f"{head:<44}{'mean':>12}{'less ' + first:>24}")]
        for arm, values in arms.items():
            mean, half = interval([one - other for one, other in zip(values, base, strict=True)])
            spread = "" if values is base or not isfinite(half) else f" +- {_show(half).strip()}"
            change = "" if values is base else _show(mean).strip() + spread
            lines.append(f"{arm:<44}{_show(fmean(values))}{change:>24}")
    return lines


def _label(measure: str) -> tuple[str, str]:
    """How a measure is called, and its unit."""
    from dexsim.results.summary import LABELS

    return next(
        ((label.strip(), unit) for name, label, unit in LABELS if name == measure), (measure, "")
    )


def _show(value: float) -> str:
    from dexsim.results.summary import show

    return f"{show(value):>12}"


def _tell_json(found: Comparison) -> None:
    import json

    experiment = found.experiment
    told: dict[str, Any] = {
        "claim": experiment.claim,
        "closed_form": experiment.closed_form,
        "measure": experiment.measure,
        "margin": float(experiment.margin),
        "seeds": list(found.seeds),
        "arms": {arm: [_number(each) for each in values] for arm, values in found.arms.items()},
        "findings": [_finding_dict(finding) for finding in found.findings],
        "also": {
            name: {arm: [_number(each) for each in values] for arm, values in arms.items()}
            for name, arms in found.beside.items()
        },
        "accounts_close": found.closed,
    }
    say(json.dumps(told, indent=2))


def _number(value: float) -> float | None:
    """What JSON can say: nothing where there is no number, or no end."""
    return value if isfinite(value) else None


def _finding_dict(finding: Finding) -> dict[str, Any]:
    return {
        "effect": str(finding.effect),
        "mean": _number(finding.mean),
        "low": _number(finding.low),
        "high": _number(finding.high),
        "outcome": finding.outcome.value,
    }

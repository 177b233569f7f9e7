"""Judge a pool: run every campaign, forgive what is known to be broken, and go on looking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from dexsim.conformance import campaign
from dexsim.conformance.campaign import Size
from dexsim.conformance.candidate import Candidate
from dexsim.conformance.history import Machine, Trial
from dexsim.conformance.plan import Part, parts
from dexsim.conformance.properties import Property
from dexsim.conformance.verdict import Counterexample, Report, Verdict

MOST_BROKEN = 8
"""Nobody reads more counterexamples than that at a time."""

OnHistory = Callable[[str, int, int], None]
"""Told of every history before it begins: what is looked at, how many were done, how many there are."""


def check(
    candidate: Candidate,
    *,
    sets: Sequence[str] = (),
    only: Iterable[str] = (),
    effort: float = 1.0,
    seed: int = 1,
    shrinks: bool = True,
    on_history: OnHistory | None = None,
) -> Report:
    """Verdicts on all properties of some sets, "amm" and "xyk"; by default on all that fit the pool.

    only: ids; the others are not looked at. effort: so many times the usual number of histories.
    shrinks: whether shorter counterexamples are looked for. The same seed gives the same verdicts.
    Raises ArtifactError for what is no pool, no adapter, or no property.
    """
    asked = parts(candidate, sets, frozenset(only))
    kept: Counter[str] = Counter()
    broken: dict[str, Counterexample] = {}
    sizes = [part.size.scaled(effort, seed=seed, shrinks=shrinks) for part in asked.parts]
    done, total = 0, sum(size.runs for size in sizes)
    for part, size in zip(asked.parts, sizes, strict=True):
        tell = _telling(on_history, part.name, range(done, done + size.runs), total)
        for found in _campaigns(part, size, asked.ids, broken, kept, tell):
            broken[found.expected[:3]] = found
        done += size.runs
    return Report(
        candidate.artifact.name,
        tuple(_verdict(each, kept, broken) for each in asked.properties),
    )


def _campaigns(
    part: Part,
    size: Size,
    wanted: frozenset[str],
    broken: dict[str, Counterexample],
    kept: Counter[str],
    tell: Callable[[int], None],
) -> Iterator[Counterexample]:
    """The same part again and again, until it breaks nothing new."""
    while len(broken) < MOST_BROKEN and wanted - broken.keys():
        trial = Trial(forgiven=frozenset(broken), wanted=wanted, on_history=tell)
        campaign.run(part.machine, size, trial, **part.settings)
        kept.update(trial.record.kept)
        if trial.failed is None:
            return
        yield _counterexample(part.machine, trial)


def _telling(
    on_history: OnHistory | None, name: str, planned: range, total: int
) -> Callable[[int], None]:
    """What a part tells of its histories; those beyond what was planned look for shorter ones."""

    def tell(number: int) -> None:
        if on_history is not None:
            on_history(name, min(planned.start + number, planned.stop), total)

    return tell


def _counterexample(machine: type[Machine], trial: Trial) -> Counterexample:
    assert trial.failed is not None
    return Counterexample(
        machine=f"{machine.__module__}:{machine.__qualname__}",
        steps=tuple(trial.failed.steps),
        story=tuple(trial.failed.story),
        expected=str(trial.broken),
    )


def _verdict(each: Property, kept: Counter[str], broken: dict[str, Counterexample]) -> Verdict:
    return Verdict(each, kept[each.id], broken.get(each.id))

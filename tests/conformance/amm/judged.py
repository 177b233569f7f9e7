"""A campaign of the machine for any market maker, on a pool of this folder or another one."""

from __future__ import annotations

from pathlib import Path

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load
from dexsim.conformance.amm.presents import AmmMachine
from dexsim.conformance.amm.subject import AmmSubject
from dexsim.conformance.campaign import Size, run
from dexsim.conformance.history import Trial
from dexsim.market.adapter import open_pool
from tests.conformance.pools.adapters import Own

POOLS = Path(__file__).parents[1] / "pools"
NAMES = ("sum_pool", "dynamic_pool", "one_sided_pool")
Edit = tuple[str, str]


def own(name: str, *edits: Edit) -> AmmSubject:
    """One of the small pools, with these texts changed wherever they stand."""
    text = (POOLS / f"{name}.vy").read_text()
    for find, replace in edits:
        assert find in text, f"{name} has no {find!r}"
        text = text.replace(find, replace)
    return subject(name, load(text))


def subject(name: str, artifact: Artifact) -> AmmSubject:
    """A pool that is used as the small ones are."""
    return AmmSubject(
        name, lambda chain, sender, tokens: open_pool(Own, chain, artifact, sender, tokens)
    )


def judge(
    judged: AmmSubject,
    *,
    runs: int,
    seed: int = 1,
    wanted: str | None = None,
    shrinks: bool = False,
) -> Trial:
    """What a campaign found. wanted: the only promise whose breaking is looked for."""
    trial = Trial(wanted=None if wanted is None else frozenset([wanted]))
    run(AmmMachine, Size(runs, 15, seed, shrinks), trial, subject=judged)
    return trial


def story(trial: Trial) -> str:
    """What broke, and the history that broke it."""
    if trial.failed is None:
        return "nothing is broken"
    told = [line for _, line in trial.failed.story]
    return "\n".join([str(trial.broken), *map(str, trial.failed.steps), *told])

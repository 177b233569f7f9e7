"""Sound pools of several shapes keep every property; a fault breaks the one that names it."""

from __future__ import annotations

import pytest

from dexsim.artifacts.library import shipped
from dexsim.conformance.amm.presents import AmmMachine
from dexsim.conformance.amm.statements import AMM
from dexsim.conformance.amm.subject import AmmSubject
from dexsim.conformance.history import Trial
from dexsim.conformance.keeping import CHECKED_BY
from dexsim.market.pair_adapter import open_pair
from tests.conformance.amm.faults import FAULTS, Fault
from tests.conformance.amm.judged import NAMES, judge, own, story
from tests.published import needs_published, published

OURS = AmmSubject(
    "dexsim", lambda chain, sender, tokens: open_pair(chain, shipped("pool"), sender, tokens)
)
PUBLISHED = AmmSubject(
    "published",
    lambda chain, sender, tokens: open_pair(
        chain,
        published("UniswapV2Pair"),
        sender,
        tokens,
        factory=published("UniswapV2Factory"),
        router=published("UniswapV2Router02"),
    ),
)
IDS = {each.id for each in AMM}


def insist(trial: Trial) -> None:
    """Nothing broken, and everything looked at by rules that mostly are accepted."""
    assert trial.failed is None, story(trial)
    assert trial.record.faults(set(), IDS) == []


@pytest.mark.parametrize("name", NAMES)
def test_small_pools_of_other_shapes_keep_everything(name: str) -> None:
    insist(judge(own(name), runs=40))


def test_dexsims_pool_keeps_everything_through_its_router() -> None:
    insist(judge(OURS, runs=25))


@needs_published
def test_the_published_pool_keeps_everything_through_its_router() -> None:
    insist(judge(PUBLISHED, runs=25))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 6))
@pytest.mark.parametrize("name", NAMES)
def test_small_pools_keep_everything_for_long(name: str, seed: int) -> None:
    insist(judge(own(name), runs=200, seed=seed))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.breaks} {fault.name}")
def test_a_fault_breaks_the_property_that_names_it(fault: Fault) -> None:
    trial = judge(own(fault.pool, *fault.edits), runs=120, wanted=fault.breaks)
    assert trial.broken is not None, f"{fault.name}: {fault.breaks} was not seen to break"
    assert trial.broken.id == fault.breaks


def test_every_statement_is_watched_and_every_watched_promise_has_one() -> None:
    assert AmmMachine.looks_at() == IDS
    assert {id_ for id_ in CHECKED_BY if id_[0] == "A"} == IDS
    assert {fault.breaks for fault in FAULTS} == IDS


def test_the_steps_of_a_broken_history_break_it_again() -> None:
    subject = own("sum_pool", ("out >= least", "out + 1 >= least"))
    found = judge(subject, runs=40, wanted="A01", shrinks=True)
    assert found.failed is not None
    again = type("Again", (AmmMachine,), {"subject": subject, "trial": Trial()})()
    told = None
    try:
        for name, arguments in found.failed.steps:
            again.step(name, arguments)
    except AssertionError as broken:
        told = str(broken)
    assert told == str(found.broken)
    assert again.story == found.failed.story
    assert [name for name, _ in found.failed.steps] == ["fill", "swap"]

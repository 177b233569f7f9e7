"""Verdicts: what is kept, what is broken, what was not looked at, and what cannot be judged."""

from __future__ import annotations

import json

import pytest

from dexsim.artifacts.library import sources_folder
from dexsim.errors import ArtifactError
from dexsim.testing.properties import AMM, XYK, Candidate, check
from tests.published import NODE_MODULES, needs_published

NO_K = ('assert adjusted0 * adjusted1 >= least, "pool: k"', "pass")
OURS = Candidate(pool=str(sources_folder() / "pool.vy"))


def outcomes(report):
    """By id."""
    return {verdict.about.id: verdict.outcome for verdict in report.verdicts}


def test_our_pool_keeps_what_is_asked_of_it_and_nothing_else_is_judged():
    report = check(OURS, only=["P02", "P20"], effort=0.2)
    assert outcomes(report) == {"P02": "kept", "P20": "kept"}
    assert report.is_clean
    report.insist()


@pytest.mark.long
def test_our_pool_keeps_every_property():
    report = check(OURS)
    assert outcomes(report) == {each.id: "kept" for each in (*AMM, *XYK)}


@needs_published
@pytest.mark.long
def test_the_published_pool_keeps_every_property():
    core, periphery = (
        NODE_MODULES / "@uniswap" / name / "build" for name in ("v2-core", "v2-periphery")
    )
    theirs = Candidate(
        pool=str(core / "UniswapV2Pair.json"),
        factory=str(core / "UniswapV2Factory.json"),
        router=str(periphery / "UniswapV2Router02.json"),
    )
    assert outcomes(check(theirs)) == {each.id: "kept" for each in (*AMM, *XYK)}


def test_a_broken_property_is_named_and_forgiven_to_find_the_next(faulty):
    no_fee = ("unsafe_sub(balance0 * _BASE, unsafe_mul(amount0_in, _FEE))", "balance0 * _BASE")
    wrong_sync = (
        "log IPool.Sync(reserve0=convert(balance0",
        "log IPool.Sync(reserve0=convert(balance1",
    )
    pool = faulty(no_fee, wrong_sync)
    report = check(Candidate(pool=str(pool)), only=["P02", "P16", "P28"], effort=0.2)
    assert outcomes(report) == {"P02": "broken", "P16": "kept", "P28": "broken"}
    with pytest.raises(AssertionError, match="P02 broken: every swap pays for k"):
        report.insist()


def test_the_same_seed_gives_the_same_counterexample(faulty):
    candidate = Candidate(pool=str(faulty(NO_K)))
    first, again = (check(candidate, only=["P02"], effort=0.2) for _ in range(2))
    assert first == again
    assert first.verdicts[0].counterexample is not None


def test_a_report_as_an_object_is_what_json_can_hold(faulty):
    report = check(Candidate(pool=str(faulty(NO_K))), only=["P02"], effort=0.2, shrinks=False)
    (told,) = json.loads(json.dumps(report.as_object()))["verdicts"]
    assert (told["id"], told["outcome"]) == ("P02", "broken")
    assert told["expected"].startswith("P02")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"pool": "nowhere.vy"}, "nowhere.vy: no such file"),
        ({"pool": str(sources_folder() / "token.vy")}, "it lacks getReserves, .*--adapter"),
        ({"factory": str(sources_folder() / "token.vy")}, "constructor of token takes"),
        ({"adapter": "mine.py"}, "expected FILE.py:Class"),
        ({"adapter": "nowhere.py:Mine"}, "nowhere.py: cannot be read"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_what_would_be_right(fields, message):
    candidate = Candidate(**{"pool": OURS.pool} | fields)
    with pytest.raises(ArtifactError, match=message):
        check(candidate, effort=0.1)


def test_a_pool_that_no_factory_can_make_is_told_so(faulty):
    pool = faulty(
        ("@deploy\ndef __init__():\n", '@deploy\ndef __init__():\n    assert False, "unborn"\n')
    )
    with pytest.raises(
        ArtifactError, match="no exchange can be set up with pool: createPair|factory"
    ):
        check(Candidate(pool=str(pool)), only=["P02"])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"sets": ["xyz"]}, "unknown set of properties 'xyz'"),
        ({"only": ["P99"]}, "unknown property 'P99'"),
    ],
)
def test_sets_and_properties_that_are_not_there_are_refused(asked, message):
    with pytest.raises(ArtifactError, match=message):
        check(OURS, **asked)

"""Precision and recall of detections against what searchers say they did."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from dexsim.results.mev_records import Detected
from dexsim.results.mev_score import score


def found(kind: str, legs: tuple[int, ...], victims: tuple[int, ...] = (1,)) -> Detected:
    """A detection in block 5 of the market main."""
    fronts, backs = (legs[:-1], legs[-1:])
    return Detected(
        kind=kind,
        block=5,
        markets=("main",),
        actor="eve",
        fronts=fronts,
        victims=victims,
        backs=backs,
        token="X",
        gross_profit=1,
    )


def said(attack: int, kind: str, market: str = "main", **parts: int) -> list[dict[str, Any]]:
    """Rows of an attack in block 5: the position of each part; victim2 is one more victim."""
    return [
        {
            "block": 5,
            "attack": attack,
            "kind": kind,
            "agent": "eve",
            "market": market,
            "part": part.rstrip("2"),
            "position": position,
        }
        for part, position in parts.items()
    ]


SANDWICH = said(1, "sandwich", frontrun=0, victim=1, victim2=2, backrun=3)


def test_a_detection_with_the_same_legs_matches_and_its_victims_are_counted() -> None:
    scored = score([found("sandwich", (0, 3), (1, 7))], SANDWICH)["sandwich"]
    assert (scored.true, scored.detected, scored.matched) == (1, 1, 1)
    assert (scored.victims_true, scored.victims_detected, scored.victims_matched) == (2, 2, 1)
    assert (scored.precision, scored.recall) == (1, 1)


def test_what_is_missed_costs_recall_and_what_is_invented_costs_precision() -> None:
    truth = SANDWICH + said(2, "sandwich", frontrun=10, victim=11, backrun=12)
    detections = [found("sandwich", (0, 3)), found("sandwich", (20, 22)), found("sandwich", (5, 9))]
    scored = score(detections, truth)["sandwich"]
    assert (scored.precision, scored.recall) == (Fraction(1, 3), Fraction(1, 2))


def test_other_legs_markets_or_kinds_do_not_match() -> None:
    assert score([found("sandwich", (0, 4))], SANDWICH)["sandwich"].matched == 0
    other = said(1, "sandwich", market="side", frontrun=0, victim=1, backrun=3)
    assert score([found("sandwich", (0, 3))], other)["sandwich"].matched == 0
    jit = score([found("jit", (0, 3))], SANDWICH)
    assert (jit["jit"].precision, jit["jit"].recall) == (0, None)
    assert (jit["sandwich"].precision, jit["sandwich"].recall) == (None, 0)


def test_an_attack_is_matched_once() -> None:
    twice = [found("jit", (0, 3)), found("jit", (0, 3))]
    scored = score(twice, said(1, "jit", mint=0, victim=1, burn=3))["jit"]
    assert (scored.precision, scored.recall) == (Fraction(1, 2), 1)


def test_attacks_of_several_markets_match_in_one_of_them() -> None:
    rows = said(1, "backrun", victim=1, backrun=2) + said(1, "backrun", market="side", backrun=2)
    assert score([found("backrun", (2,))], rows)["backrun"].matched == 1

"""How well an observer who knows the records alone finds the sandwiches of a run."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dexsim.results.arm import Arm
    from dexsim.results.mev_score import Score


def scores(arm: Arm) -> dict[str, Score]:
    """The detector's, by kind of attack, against what searchers meant."""
    return arm.kept(_scored)


def _scored(arm: Arm) -> dict[str, Score]:
    from dexsim.results.mev import detect, records_of
    from dexsim.results.mev_score import score

    return score(detect(*records_of(arm)), arm.rows("attacks"))


def sandwiches_found(arm: Arm) -> float:
    """Of the sandwiches that landed, how many the detector finds (its recall), in percent."""
    recall = scores(arm)["sandwich"].recall
    return nan if recall is None else float(100 * recall)


def sandwiches_right(arm: Arm) -> float:
    """Of the sandwiches that the detector tells, how many are some (its precision), in percent."""
    precision = scores(arm)["sandwich"].precision
    return nan if precision is None else float(100 * precision)


DETECTOR_MEASURES = (sandwiches_found, sandwiches_right)
"""Of the detector, in the order in which they are told."""

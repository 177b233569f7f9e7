"""What many seeds say: the interval, and where it lies."""

from __future__ import annotations

import pytest

from dexsim.errors import ScenarioError
from dexsim.results.effects import Effect, parse_effect
from dexsim.results.findings import Outcome, find, t_quantile

ONE = Effect("a", "b")


@pytest.mark.parametrize(
    ("freedom", "value"),
    [
        (1, 12.7062),
        (2, 4.3027),
        (4, 2.7764),
        (5, 2.5706),
        (10, 2.2281),
        (29, 2.0452),
        (200, 1.9719),
    ],
)
def test_quantiles_of_students_t(freedom: int, value: float) -> None:
    """From printed tables (NIST Engineering Statistics Handbook 1.3.6.7.2)."""
    assert t_quantile(freedom) == pytest.approx(value, abs=2e-3)


def test_an_interval_by_hand() -> None:
    # mean 3, standard deviation sqrt(2.5), 5 values: half width 2.776445 * sqrt(2.5 / 5)
    found = find(ONE, "trades", 1, [1, 2, 3, 4, 5])
    assert (found.mean, found.low, found.high) == pytest.approx((3, 1.036757, 4.963243), abs=1e-6)
    assert found.outcome is Outcome.SUPPORTED


@pytest.mark.parametrize(
    ("values", "margin", "outcome"),
    [
        ([1, 2, 3, 4, 5], 1.1, Outcome.UNDECIDED),
        ([1, 2, 3, 4, 5], 4.9, Outcome.UNDECIDED),
        ([1, 2, 3, 4, 5], 5, Outcome.REFUTED),
        ([2, 2, 2], 2, Outcome.REFUTED),  # on the margin is not above it
        ([2, 2, 2], 1.9, Outcome.SUPPORTED),
        ([2], 1, Outcome.UNDECIDED),  # one seed is no finding
        ([2, float("nan"), 3], 1, Outcome.UNDECIDED),  # what could not be measured
    ],
)
def test_where_the_interval_lies(values: list[float], margin: float, outcome: Outcome) -> None:
    assert find(ONE, "trades", margin, values).outcome is outcome


def test_effects_are_read_and_valued() -> None:
    values = {"a": 3.0, "b": 1.0}
    assert parse_effect("a - b", values).of(values) == 2
    assert parse_effect("b", values).of(values) == 1
    assert str(parse_effect("a - b", values)) == "a - b"


@pytest.mark.parametrize("text", ["a - b - a", " - a", "a - ", ""])
def test_what_is_no_effect_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match='effect: expected "ARM - ARM" or "ARM"'):
        parse_effect(text, ["a", "b"])


def test_an_arm_that_is_not_there_is_named() -> None:
    with pytest.raises(ScenarioError, match="effect: unknown arm 'c'; allowed: a, b"):
        parse_effect("a - c", ["a", "b"])

"""What a run asks of Python's garbage collector ends with the run."""

from __future__ import annotations

import gc

import pytest

from dexsim.scenario.collecting import VALUES_BETWEEN_LOOKS, seldom_collecting


def test_what_was_there_is_left_alone_and_afterwards_not_any_more() -> None:
    with seldom_collecting():
        assert gc.get_freeze_count() > 1000
    assert gc.get_freeze_count() == 0


def test_it_looks_seldom_and_afterwards_as_before() -> None:
    before = gc.get_threshold()
    with seldom_collecting():
        assert gc.get_threshold() == (VALUES_BETWEEN_LOOKS, *before[1:])
    assert gc.get_threshold() == before


@pytest.mark.parametrize("threshold", [0, 10 * VALUES_BETWEEN_LOOKS])
def test_who_collects_more_seldom_or_never_is_left_alone(threshold: int) -> None:
    before = gc.get_threshold()
    gc.set_threshold(threshold)
    try:
        with seldom_collecting():
            assert gc.get_threshold()[0] == threshold
        assert gc.get_threshold()[0] == threshold
    finally:
        gc.set_threshold(*before)


def test_runs_that_overlap_leave_nothing_behind() -> None:
    before = gc.get_threshold()
    first, second = seldom_collecting(), seldom_collecting()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


def test_it_ends_with_a_failure_too() -> None:
    with pytest.raises(RuntimeError), seldom_collecting():
        raise RuntimeError
    assert gc.get_freeze_count() == 0
    assert gc.get_threshold()[0] < VALUES_BETWEEN_LOOKS


def test_what_somebody_else_has_frozen_stays_so() -> None:
    gc.freeze()
    try:
        with seldom_collecting():
            pass
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()

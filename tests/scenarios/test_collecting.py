"""What a run asks of Python's garbage collector ends with the run."""

from __future__ import annotations

import gc

import pytest

from dexsim.scenario.collecting import past_left_alone


def test_what_was_there_is_left_alone_and_afterwards_not_any_more() -> None:
    with past_left_alone():
        assert gc.get_freeze_count() > 1000
    assert gc.get_freeze_count() == 0


def test_it_ends_with_a_failure_too() -> None:
    with pytest.raises(RuntimeError), past_left_alone():
        raise RuntimeError
    assert gc.get_freeze_count() == 0


def test_what_somebody_else_has_frozen_stays_so() -> None:
    gc.freeze()
    try:
        with past_left_alone():
            pass
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()

"""Spares a run most of the garbage collector's work."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

VALUES_BETWEEN_LOOKS = 100_000
"""Values of a few blocks: most are gone, by their reference count, before the collector looks."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Inside the `with`, Python's collector looks seldom, and passes over what exists already.

    A run makes many values that live for some blocks, and hardly a cycle, so that the collector
    looks often and finds nothing: a tenth of a run's time, with the modules that are loaded
    (more than half a million objects) another eighth. The caller's thresholds are put back after
    it, by who has raised them: runs in several threads overlap. They stay where they are higher
    or the collector is off. What exists is not passed over where somebody has frozen objects
    before (`gc.freeze`), because only all of them together can be let go again.
    """
    threshold, *others = gc.get_threshold()
    is_raised = 0 < threshold < VALUES_BETWEEN_LOOKS
    if is_raised:
        gc.set_threshold(VALUES_BETWEEN_LOOKS, *others)
    is_first = not gc.get_freeze_count()
    if is_first:
        gc.freeze()
    try:
        yield
    finally:
        if is_first:
            gc.unfreeze()
        if is_raised:
            gc.set_threshold(threshold, *others)

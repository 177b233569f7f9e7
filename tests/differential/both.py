"""The same transactions on both exchanges, and what differs between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from tests.differential.exchange import Answer, Exchange
from tests.differential.operation import Op
from tests.differential.reasons import agree
from tests.differential.state import everything, read
from tests.differential.wire import Unnamed

TRIES = 100


class Different(AssertionError):
    """The two exchanges differ."""


class Both:
    """The published exchange and ours, at equal times."""

    def __init__(self) -> None:
        self.theirs, self.ours = Exchange(theirs=True), Exchange(theirs=False)
        self.start = self._mark()
        self.history: list[Op] = []
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def _mark(self) -> tuple[Any, Any]:
        return self.theirs.mark(), self.ours.mark()

    def begin_again(self) -> None:
        """Both as they were after their making."""
        for exchange, mark in zip((self.theirs, self.ours), self.start, strict=True):
            exchange.go_back(mark)
        self.history = []

    def do(self, op: Op) -> Answer:
        """One operation on both. Raises Different, saying all that differs."""
        theirs, ours = self.theirs.do(op), self.ours.do(op)
        self.history.append(op)
        differences = [*_answers(op, theirs, ours)]
        if theirs.ok and ours.ok:
            differences += self._states(theirs.touched | ours.touched)
        if differences:
            raise Different("\n".join([f"{op}", *differences]))
        return theirs

    def check_everything(self) -> None:
        """The whole state, whatever was touched. Raises Different."""
        differences = self._states(everything(self.theirs) | everything(self.ours))
        if differences:
            raise Different("\n".join(["the whole state", *differences]))

    def _states(self, names: frozenset[str]) -> list[str]:
        theirs, ours = read(self.theirs, names), read(self.ours, names)
        return [
            _side_by_side(label, theirs.get(label), ours.get(label))
            for label in sorted(theirs.keys() | ours.keys())
            if theirs.get(label) != ours.get(label)
        ]


def _answers(op: Op, theirs: Answer, ours: Answer) -> Iterable[str]:
    if theirs.ok != ours.ok:
        yield _side_by_side("status", _verdict(theirs), _verdict(ours))
    elif not theirs.ok:
        if ours.halt or not agree(op, theirs.reason, ours.reason):
            yield _side_by_side("refusal", _verdict(theirs), _verdict(ours))
    else:
        if theirs.output != ours.output:
            yield _side_by_side("answer", theirs.output, ours.output)
        if theirs.events != ours.events:
            yield _side_by_side("events", _lines(theirs.events), _lines(ours.events))


def _verdict(answer: Answer) -> str:
    return "done" if answer.ok else f"refused: {answer.reason!r} {answer.halt}".strip()


def _lines(events: Iterable[Any]) -> str:
    return "".join(f"\n    {emitter}: {words}" for emitter, words in events)


def _side_by_side(label: str, theirs: Any, ours: Any) -> str:
    return f"  {label}\n    theirs: {theirs}\n    ours:   {ours}"


def replay(both: Both, ops: Sequence[Op]) -> Different | None:
    """The first difference of a sequence from the beginning, None where there is none."""
    both.begin_again()
    try:
        for op in ops:
            with suppress(Unnamed):  # what needs an operation that was left out
                both.do(op)
        both.check_everything()
    except Different as difference:
        return difference
    return None


def shorten(both: Both, ops: list[Op]) -> tuple[list[Op], Different]:
    """A part of a sequence in which something still differs: halves, quarters, ... are left out."""
    difference = replay(both, ops)
    assert difference is not None, "the difference does not come again"
    ops, size, tries = both.history, len(ops) // 2, 0
    while size:
        for begin in range(len(ops) - 1 - size, -1, -size):
            found = replay(both, ops[:begin] + ops[begin + size :]) if tries < TRIES else None
            tries += 1
            if found is not None:
                ops, difference = both.history, found
        size //= 2
    return ops, difference

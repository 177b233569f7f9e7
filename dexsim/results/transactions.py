"""Transactions of a saved run, found by what people call them."""

from __future__ import annotations

import re
from collections.abc import Callable

from dexsim.errors import ScenarioError
from dexsim.results.arm import Arm, Row
from dexsim.results.run import Run

Found = tuple[Arm, Row]

_PLACE = re.compile(r"(\d+):(\d+)", re.ASCII)
_HASH = re.compile(r"(0x)?[0-9a-f]{1,64}", re.ASCII)
_SHORT_HASH = 12
_NAMED = 6


def place_of(row: Row) -> str:
    """Where a transaction stands: BLOCK:POSITION."""
    return f"{row['block']}:{row['position']}"


def short_hash(row: Row) -> str:
    """The beginning of a transaction's hash."""
    return str(row["tx_hash"][:_SHORT_HASH])


def find(run: Run, text: str, arm: str = "") -> Found:
    """The one transaction that a text names: BLOCK:POSITION, or the beginning of its hash.

    arm: look in this one alone. Raises ScenarioError naming what there is.
    """
    arms = arms_of(run, arm)
    found = _matching(arms, _test(text.strip().lower()))
    if not found:
        raise ScenarioError(f"no transaction {text!r}; {_what_there_is(arms)}")
    if len(found) > 1:
        raise ScenarioError(f"{text!r} may be any of {_named(found)}; {_advice(found)}")
    return found[0]


def reverted(run: Run, arm: str = "") -> list[Found]:
    """The transactions that failed, in the order of the arms and of execution."""
    return _matching(arms_of(run, arm), lambda row: not row["status"])


def arms_of(run: Run, name: str = "") -> list[Arm]:
    """The arms, or the one of a name. Raises ScenarioError naming them."""
    chosen = [arm for arm in run.arms if name in ("", arm.name)]
    if not chosen:
        known = ", ".join(arm.name for arm in run.arms)
        raise ScenarioError(f"no arm {name!r}; there are: {known}")
    return chosen


def _test(text: str) -> Callable[[Row], bool]:
    place = _PLACE.fullmatch(text)
    if place:
        there = (int(place[1]), int(place[2]))
        return lambda row: (row["block"], row["position"]) == there
    if not _HASH.fullmatch(text):
        raise ScenarioError(
            f"{text!r} names no transaction: give BLOCK:POSITION or the beginning of its hash"
        )
    start = "0x" + text.removeprefix("0x")
    return lambda row: row["tx_hash"].startswith(start)


def _matching(arms: list[Arm], test: Callable[[Row], bool]) -> list[Found]:
    found = [(arm, row) for arm in arms for row in arm.rows("transactions") if test(row)]
    return sorted(found, key=lambda each: (each[0].name, each[1]["block"], each[1]["position"]))


def _what_there_is(arms: list[Arm]) -> str:
    told = []
    for arm in arms:
        count, last = len(arm.rows("transactions")), arm.last_block
        told.append(f"{arm.name} has {count} in the blocks 0 to {last}")
    return "; ".join(told)


def _named(found: list[Found]) -> str:
    places = [f"{arm.name} {place_of(row)} ({short_hash(row)})" for arm, row in found[:_NAMED]]
    rest = len(found) - len(places)
    return ", ".join(places) + (f" and {rest} more" if rest else "")


def _advice(found: list[Found]) -> str:
    arms = {arm.name for arm, _ in found}
    return "choose with --arm" if len(arms) > 1 else "give more of the hash"

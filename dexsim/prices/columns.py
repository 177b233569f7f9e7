"""Which columns of a price file hold the time and the price."""

from __future__ import annotations

from dexsim.description import unknown
from dexsim.errors import ScenarioError
from dexsim.prices.cells import is_number

_TIME_NAMES = {"timestamp", "time", "date", "datetime"}


def time_column(header: list[str], name: str | None) -> int:
    """The index of the column that was named, or of the only one that is called a time."""
    if name is not None:
        return _named(header, name, "time_column")
    found = [i for i, column in enumerate(header) if column.lower() in _TIME_NAMES]
    return _only(found, header, "time", "time_column")


def price_column(header: list[str], name: str | None, time: int, first: list[str]) -> int:
    """The index of the column that was named, or of the only one that can be meant."""
    if name is not None:
        if _named(header, name, "price_column") == time:
            raise ScenarioError(f"{name!r} is the column of the time", key="price_column")
        return header.index(name)
    others = [i for i in range(len(header)) if i != time]
    found = [i for i in others if header[i].lower().startswith("price")]
    if not found:
        found = others if len(others) == 1 else [i for i in others if is_number(first[i])]
    return _only(found, header, "price", "price_column")


def _named(header: list[str], name: str, key: str) -> int:
    if name not in header:
        raise ScenarioError(unknown(name, header, "column"), key=key)
    if header.count(name) > 1:
        raise ScenarioError(f"{header.count(name)} columns are called {name!r}", key=key)
    return header.index(name)


def _only(found: list[int], header: list[str], what: str, key: str) -> int:
    if len(found) == 1:
        return found[0]
    option = f"--{key.replace('_', '-')}"
    if found:
        choice = ", ".join(repr(header[i]) for i in found)
        problem = f"columns {choice} may each be the {what}; name the one with {option}"
    else:
        listed = ", ".join(repr(column) for column in header)
        problem = (
            f"no column looks like the {what}; the first line names {listed} "
            f"(separated by commas): name the one with {option}"
        )
    raise ScenarioError(problem, key=key)

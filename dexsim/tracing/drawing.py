"""A call tree as lines of text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping

from dexsim.tracing.amounts import amount
from dexsim.tracing.decoding import Call

_KINDS = {"DELEGATECALL": "delegated to ", "CREATE": "create ", "CREATE2": "create "}
# Where a line may not be broken: inside an argument.
_NO_BREAK = "\N{NO-BREAK SPACE}"
_NARROWEST = 40
# What Vyper calls the keys of a getter, and a position.
_NAMELESS = re.compile(r"(arg)?\d+")


def draw(call: Call, caller: str, width: int) -> Iterator[str]:
    """The tree, each call with its events, storage changes and inner calls below it."""
    below = "│  " if call.calls else "   "
    yield from _fitted(f"{caller} → {_headline(call)}", "", f"{below}  ", width)
    yield from _notes(call, "", width)
    yield from _inner(call, "", width)


def _inner(call: Call, indent: str, width: int) -> Iterator[str]:
    for inner in call.calls:
        last = inner is call.calls[-1]
        rail = indent + ("   " if last else "│  ")
        below = "│  " if inner.calls else "   "
        branch = indent + ("└─ " if last else "├─ ")
        yield from _fitted(_headline(inner), branch, f"{rail}{below}  ", width)
        yield from _notes(inner, rail, width)
        yield from _inner(inner, rail, width)


def _notes(call: Call, indent: str, width: int) -> Iterator[str]:
    rail = indent + ("│  " if call.calls else "   ")
    for event in call.events:
        yield from _fitted(
            f"•{_NO_BREAK}{_applied(event.name, event.fields)}", rail, f"{rail}    ", width
        )
    undone = ", undone" if call.undone else ""
    for each in call.changes:
        told = f"{_whole(f'◦ {each.name}: {each.before}')} → {_whole(each.after + undone)}"
        yield from _fitted(told, rail, f"{rail}    ", width)


def _headline(call: Call) -> str:
    name = _whole(f"{_KINDS.get(call.kind, '')}{call.contract}.{call.function}")
    text = _applied(name, call.arguments)
    if call.value:
        text += _whole(f" with {amount(call.value, 18)} ETH")
    text += _whole(f"  [{call.gas_used:,} gas]")
    if call.error:
        return f"✗ {text} {_whole(f'reverted: {call.error}')}"
    results = ", ".join(map(_whole, call.result.split(", ")))
    return f"{text} = {results}" if results else text


def _applied(name: str, arguments: Mapping[str, str]) -> str:
    told = (_whole(_named(argument, value)) for argument, value in arguments.items())
    return f"{name}({', '.join(told)})"


def _named(argument: str, value: str) -> str:
    return value if _NAMELESS.fullmatch(argument) else f"{argument}={value}"


def _whole(text: str) -> str:
    return text.replace(" ", _NO_BREAK)


def _fitted(text: str, first: str, rest: str, width: int) -> list[str]:
    lines = textwrap.wrap(
        text,
        max(width, len(rest) + _NARROWEST),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
    return [line.replace(_NO_BREAK, " ") for line in lines]

"""A call tree as text: who called what with which amounts, and where it was refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dexsim.chain.types import CallFrame
from dexsim.tracing.decoding import Call, decode_tree
from dexsim.tracing.source_view import origin, place_of
from dexsim.tracing.witness import Witness
from dexsim.units import format_wei


def explain(frame: CallFrame, witness: Witness) -> str:
    """A transaction in words: its call tree, and where and why it was refused if it was.

    Lines of source are there for frames traced with steps, of contracts that
    dexsim has compiled in this process or ships.
    """
    call = decode_tree(frame, witness)
    parts = ["\n".join(_tree(call, witness.name(frame.sender)))]
    if call.error:
        parts.append("\n".join(_refusal(origin(call), witness)))
    return "\n\n".join(parts)


def _tree(call: Call, caller: str) -> Iterator[str]:
    yield f"{caller} → {_headline(call)}"
    yield from _below(call, "")


def _below(call: Call, indent: str) -> Iterator[str]:
    notes = [*(f"• {_event(each.name, each.fields)}" for each in call.events)]
    notes += [f"◦ {each.name}: {each.before} → {each.after}" for each in call.changes]
    rail = "│  " if call.calls else "   "
    for note in notes:
        yield f"{indent}{rail}{note}"
    for inner in call.calls:
        last = inner is call.calls[-1]
        yield f"{indent}{'└─ ' if last else '├─ '}{_headline(inner)}"
        yield from _below(inner, indent + ("   " if last else "│  "))


def _headline(call: Call) -> str:
    arguments = ", ".join(f"{name}={value}" for name, value in call.arguments.items())
    kind = {"DELEGATECALL": "delegated to ", "CREATE": "create ", "CREATE2": "create "}
    text = f"{kind.get(call.kind, '')}{call.contract}.{call.function}({arguments})"
    if call.value:
        text += f" with {_coins(call.value)}"
    text += f"  [{call.gas_used:,} gas]"
    if call.error:
        return f"✗ {text} reverted: {call.error}"
    return f"{text} = {call.result}" if call.result else text


def _event(name: str, fields: Mapping[str, str]) -> str:
    return f"{name}({', '.join(f'{field}={value}' for field, value in fields.items())})"


def _coins(wei: int) -> str:
    return f"{format_wei(wei, 18, digits=6)} ETH"


def _refusal(call: Call, witness: Witness) -> Iterator[str]:
    place = place_of(call, witness)
    if place is None:
        yield f"{call.contract}.{call.function} refused: {call.error}"
        return
    why = f"{call.error} ({place.check})" if place.check else call.error
    yield f"{place}: {why}"
    yield from place.excerpt()

"""Storage slots by the names of their variables.

A variable lies where the compiler's layout says; an entry of a mapping lies at
keccak256(slot of the mapping ++ key), so that its name follows from what was
hashed (Vyper documentation, "Storage layout"; Solidity hashes key ++ slot).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

ShowKey = Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable in storage: its path ("lp_token.erc20.balanceOf"), type and place."""

    name: str
    type: str
    slot: int
    slots: int


def variables(layout: Mapping[str, Any]) -> list[Variable]:
    """The storage variables of an artifact's layout, in the order of their slots."""
    found = _walk(layout.get("storage_layout", {}), "")
    return sorted(found, key=lambda variable: variable.slot)


def _walk(part: Mapping[str, Any], prefix: str) -> list[Variable]:
    found: list[Variable] = []
    for name, entry in part.items():
        if isinstance(entry.get("slot"), int):
            found.append(Variable(prefix + name, entry["type"], entry["slot"], entry["n_slots"]))
        else:
            found += _walk(entry, f"{prefix}{name}.")
    return found


def name_of_slot(
    slot: int, known: list[Variable], hashes: Mapping[int, bytes], show_key: ShowKey
) -> tuple[str, str]:
    """(name, type) of what a slot holds; ("slot 0x..", "") where nobody can tell.

    hashes: two hashed words by their hash. show_key: a mapping's key in words, from type and value.
    """
    for variable in known:
        if variable.slot <= slot < variable.slot + variable.slots:
            return _within(variable, slot - variable.slot), variable.type
    if slot in hashes:
        base, key = hashes[slot][:32], hashes[slot][32:]
        name, kind = name_of_slot(int.from_bytes(base, "big"), known, hashes, show_key)
        if kind.startswith("HashMap["):
            key_type, value_type = _mapping_types(kind)
            return f"{name}[{show_key(key_type, int.from_bytes(key, 'big'))}]", value_type
    return f"slot {slot:#x}", ""


def _within(variable: Variable, offset: int) -> str:
    if variable.slots == 1 or variable.type.startswith("HashMap["):
        return variable.name
    if variable.type.startswith("DynArray["):
        return f"len({variable.name})" if offset == 0 else f"{variable.name}[{offset - 1}]"
    return f"{variable.name} +{offset}"


def _mapping_types(kind: str) -> tuple[str, str]:
    inner = kind.removeprefix("HashMap[").removesuffix("]")
    key, value = inner.split(", ", 1)
    return key, value

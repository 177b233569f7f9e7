"""The JSON Schema of a scenario file, made from the descriptions themselves."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Sequence
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from dexsim.market.world import World
from dexsim.scenario.building import keys_of
from dexsim.scenario.kinds import AGENTS, CLOCKS, MECHANISMS, NESTED, PRICES, Slot
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.spec import ENABLED, EXPERIMENT, PARTS, PLAIN, SCHEMA, WORLD

Json = dict[str, Any]

_PLUGIN = r"^.+:[^:]+$"


def json_schema() -> Json:
    """The schema (draft 2020-12) that editors check a scenario file with.

    Values that refer to each other (a market's venue, the path of an arm's
    change) are beyond it; `load` checks them.
    """
    properties = {
        "schema": {"const": SCHEMA, "description": "The version of the file's shape."},
        **{key: field_schema(Scenario, key) for key in PLAIN},
        **{key: _shape(shape) for key, shape in PARTS.items()},
        "world": _world(),
        "agents": _named(_shape(AGENTS)),
        "experiment": _table({key: field_schema(Experiment, key) for key in EXPERIMENT}),
        "arms": _named({"type": "object"}) | {"minProperties": 1},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A dexsim scenario",
        **_table(properties, ["schema", "world"]),
        "dependentRequired": {"experiment": ["arms"]},
        "$defs": {slot.what: _slot(slot) for slot in (PRICES, AGENTS, CLOCKS, MECHANISMS)},
    }


def field_schema(cls: type[Any], name: str) -> Json:
    """One key of a description: its type, its range, and what its class says about it."""
    if (cls, name) in NESTED:
        schema = _shape(NESTED[cls, name])
    else:
        schema = _without_null(
            TypeAdapter(get_type_hints(cls, include_extras=True)[name]).json_schema()
        )
    told = field_docs(cls).get(name)
    return schema | ({"description": told} if told else {})


def _without_null(schema: Json) -> Json:
    """TOML has no null: what may be None is left out."""
    branches = [branch for branch in schema.get("anyOf", ()) if branch != {"type": "null"}]
    return branches[0] if len(branches) == 1 else schema


def field_docs(cls: type[Any]) -> dict[str, str]:
    """What a class's docstring says about its fields: "count: users. market, pair: ..."."""
    if not keys_of(cls):
        return {}
    text = " ".join((inspect.getdoc(cls) or "").split())
    names = "|".join(keys_of(cls))
    parts = re.split(rf"(?:^|(?<=[.;] ))((?:{names})(?:, (?:{names}))*): ", text)
    return {
        name: told.strip(" ;")
        for together, told in zip(parts[1::2], parts[2::2], strict=True)
        for name in together.split(", ")
    }


def _shape(shape: Slot | type[Any]) -> Json:
    if not isinstance(shape, Slot):
        return _described(shape, {})
    return {"$ref": f"#/$defs/{shape.what}"} if shape.plugs else _slot(shape)


def _slot(slot: Slot) -> Json:
    """Any of the kinds, each with its own keys; or somebody's own class with keys unknown here."""
    besides = {ENABLED: {"type": "boolean"}} if slot is AGENTS else {}
    branches = [
        _described(cls, {"kind": {"const": kind}} | besides, kind != slot.default)
        for kind, cls in slot.kinds.items()
    ]
    if slot.plugs:
        own = {"kind": {"type": "string", "pattern": _PLUGIN}}
        branches.append({"type": "object", "properties": own | besides, "required": ["kind"]})
    return {"anyOf": branches}


def _described(cls: type[Any], besides: Json, kind_required: bool = True) -> Json:
    properties = besides | {key: field_schema(cls, key) for key in keys_of(cls)}
    required = [
        field.name
        for field in dataclasses.fields(cls)
        if field.init and field.default is field.default_factory is dataclasses.MISSING
    ]
    kind = ["kind"] if "kind" in besides and kind_required else []
    summary = (inspect.getdoc(cls) or "").partition("\n")[0]
    return _table(properties, [*kind, *required]) | {"description": summary}


def _world() -> Json:
    sections = {key: _named(_shape(shape)) for key, shape in WORLD.items()}
    return _table(sections, ["tokens", "venues", "markets"]) | {
        "description": (inspect.getdoc(World) or "").partition("\n")[0]
    }


def _table(properties: Json, required: Sequence[str] = ()) -> Json:
    table: Json = {"type": "object", "properties": properties, "additionalProperties": False}
    return table | ({"required": list(required)} if required else {})


def _named(schema: Json) -> Json:
    return {"type": "object", "additionalProperties": schema}

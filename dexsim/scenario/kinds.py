"""Where a scenario lets one choose: slots, each with the kinds that may stand there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dexsim.agents import (
    AGENT_KINDS,
    PROVIDER_STYLE_KINDS,
    TREASURY_MODEL_KINDS,
    Provider,
    Treasury,
)
from dexsim.blockspace.mechanisms import MECHANISM_KINDS
from dexsim.errors import ScenarioError
from dexsim.market.world import TOKEN_KINDS
from dexsim.plugins.classes import is_plugin, plugin_class, plugin_kind
from dexsim.prices import CLOCK_KINDS, PRICE_KINDS, Sessions


@dataclass(frozen=True)
class Slot:
    """A place for one of several kinds.

    what: in words. kinds: the built-in ones. default: the kind that need not be
    written. plugs: whether somebody's own class may stand here.
    """

    what: str
    kinds: Mapping[str, type[Any]]
    default: str = ""
    plugs: bool = True


TOKENS = Slot("token", TOKEN_KINDS, default="erc20", plugs=False)
PRICES = Slot("price", PRICE_KINDS)
AGENTS = Slot("agent", AGENT_KINDS)
CLOCKS = Slot("clock", CLOCK_KINDS)
MECHANISMS = Slot("mechanism", MECHANISM_KINDS)
PROVIDER_STYLES = Slot("style", PROVIDER_STYLE_KINDS)
TREASURY_MODELS = Slot("model", TREASURY_MODEL_KINDS)

NESTED: Mapping[tuple[type[Any], str], Slot] = {
    (Sessions, "process"): PRICES,
    (Provider, "style"): PROVIDER_STYLES,
    (Treasury, "model"): TREASURY_MODELS,
}
"""Fields of built-in classes that are slots themselves."""


def class_of(slot: Slot, kind: object) -> type[Any]:
    """The class that a kind names. Raises ScenarioError listing the kinds, with key "kind"."""
    try:
        if kind is None:
            raise ScenarioError(f"is missing; allowed: {_allowed(slot)}")
        if not isinstance(kind, str):
            raise ScenarioError(f"expected text, not {kind!r}; allowed: {_allowed(slot)}")
        if kind in slot.kinds:
            return slot.kinds[kind]
        if slot.plugs and is_plugin(kind):
            return plugin_class(kind)
        raise ScenarioError(f"unknown {slot.what} kind {kind!r}; allowed: {_allowed(slot)}")
    except ScenarioError as error:
        raise error.within("kind") from error.__cause__


def kind_of(slot: Slot, value: object) -> str:
    """The kind of an object in a slot."""
    for kind, cls in slot.kinds.items():
        if type(value) is cls:
            return kind
    return plugin_kind(type(value))


def _allowed(slot: Slot) -> str:
    kinds = ", ".join(slot.kinds)
    return f'{kinds}, or a class of your own: "./file.py:Class"' if slot.plugs else kinds

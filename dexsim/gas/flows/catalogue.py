"""All flows, and how they are found by a part of their name."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from dexsim.errors import ScenarioError
from dexsim.gas.flows import coins, deployment, liquidity, pool, swaps, tokens
from dexsim.gas.flows.flow import Flow

_GROUPS = (
    pool.GROUP,
    swaps.GROUP,
    coins.SWAPS,
    liquidity.GROUP,
    coins.LIQUIDITY,
    tokens.GROUP,
    deployment.GROUP,
)
FLOWS: tuple[Flow, ...] = tuple(flow for group in _GROUPS for flow in group.flows)


def select(words: Sequence[str]) -> list[Flow]:
    """Flows that one of the words finds: those of a group (pool, router, tokens, deployment), or else
    those with the word in their name. Without words, all.

    Raises ScenarioError naming what there is, for a word that finds nothing.
    """
    found = {flow for word in words for flow in _found(word)}
    return [flow for flow in FLOWS if not words or flow in found]


def _found(word: str) -> list[Flow]:
    sought = word.casefold()
    of_group = [flow for flow in FLOWS if flow.group.partition(":")[0] == sought]
    found = of_group or [flow for flow in FLOWS if sought in flow.name.casefold()]
    if not found:
        raise ScenarioError(_nothing(word))
    return found


def _nothing(word: str) -> str:
    """What to say of a word that finds no flow: near names of functions, or all of them."""
    functions = list(dict.fromkeys(flow.name.partition(" (")[0] for flow in FLOWS))
    by_end = {name.rpartition(".")[2].casefold(): name for name in functions}
    near = get_close_matches(word.casefold().rpartition(".")[2], by_end, n=3, cutoff=0.6)
    if near:
        return f"no flow has {word!r} in its name; did you mean {' or '.join(by_end[n] for n in near)}?"
    return f"no flow has {word!r} in its name; there are: {', '.join(functions)}"

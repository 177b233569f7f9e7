"""Pools of somebody's own in a market: loaded, looked at, and put on a chain."""

from __future__ import annotations

from pathlib import Path

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load
from dexsim.chain.accounts import Account
from dexsim.chain.reader import Backend
from dexsim.errors import ArtifactError, ScenarioError
from dexsim.market.adapted import AdaptedPool, AdapterFault, told
from dexsim.market.adapter import Tokens, open_pool
from dexsim.market.pool import pool_interface
from dexsim.market.world import Market

_PAIR = (
    *("getReserves", "mint", "burn", "swap", "sync", "token0", "token1"),
    *("approve", "transfer", "transferFrom", "balanceOf", "totalSupply"),
)
_EVENTS = ("Swap", "Sync", "Transfer")


def contract_of(path: str, *, key: str) -> Artifact:
    """A market's contract. Raises ScenarioError for a file that is not there, or does not compile."""
    if not Path(path).is_file():
        raise ScenarioError(f"there is no such file: {path}", key=key)
    try:
        return load(path)
    except (ArtifactError, OSError, UnicodeDecodeError) as error:
        raise ScenarioError(str(error), key=key) from None


def pair_of(path: str, *, key: str) -> Artifact:
    """A contract that a factory can make in the place of dexsim's pool.

    Raises ScenarioError where it lacks what a Uniswap v2 pair has, or its constructor
    takes arguments: a factory's pools all have one init code, and ask back with `parameters`.
    """
    artifact = contract_of(path, key=key)
    missing = [*_missing_functions(artifact), *_missing_events(artifact)]
    if missing:
        problem = f"{Path(path).name} is no pair like Uniswap v2's: it has no {', '.join(missing)}"
        raise ScenarioError(f"{problem}; any other pool needs adapter = ...", key=key)
    if artifact.interface.constructor.inputs:
        kinds = ", ".join(artifact.interface.constructor.input_types)
        raise ScenarioError(
            f"the constructor of {Path(path).name} takes ({kinds}); a factory gives no arguments, "
            "its pools ask it for parameters()",
            key=key,
        )
    return artifact


def _missing_functions(artifact: Artifact) -> list[str]:
    wanted = pool_interface().functions
    have = {each.signature for named in artifact.interface.functions.values() for each in named}
    signatures = [wanted[name][0].signature for name in _PAIR]
    return [each for each in signatures if each not in have]


def _missing_events(artifact: Artifact) -> list[str]:
    wanted = pool_interface().events.items()
    have = artifact.interface.events
    return [
        f"event {event.name}"
        for topic, event in wanted
        if event.name in _EVENTS and topic not in have
    ]


def open_adapted(
    market: Market, chain: Backend, sender: Account, tokens: Tokens, *, name: str
) -> AdaptedPool:
    """A market's own pool on a chain, without liquidity.

    Raises ScenarioError for a contract that is not there or cannot be created, and
    AdapterFault where the adapter fails.
    """
    assert market.contract is not None
    artifact = contract_of(market.contract, key=f"world.markets.{name}.contract")
    try:
        opened = open_pool(market.adapter, chain, artifact, sender, tokens)
    except ScenarioError:
        raise
    except ArtifactError as error:
        raise AdapterFault(str(error), key=f"world.markets.{name}.adapter") from error
    except (Exception, SystemExit) as error:
        raise AdapterFault(told(error), key=f"world.markets.{name}.adapter") from error
    return AdaptedPool(opened, market=name)

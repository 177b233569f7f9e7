"""Run a scenario or an experiment, all arms on the same seed."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from dexsim import __version__
from dexsim.artifacts.library import shipped
from dexsim.errors import ScenarioError
from dexsim.results.digest import run_digest
from dexsim.results.recorder import joined
from dexsim.results.run import FORMAT, SCENARIO, Run
from dexsim.scenario.collecting import seldom_collecting
from dexsim.scenario.inputs import Packed, own_contracts, pack
from dexsim.scenario.runner import play
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.settings import arms_of
from dexsim.scenario.stage import Stage

Progress = Callable[[str, int, int], None]
"""Told the arm, the finished block, and how many blocks the arm has."""

_CONTRACTS = (
    "factory",
    "gauge",
    "incentive_token",
    "issuer",
    "minter",
    "pool",
    "router",
    "tender",
    "token",
    "weth",
)


def run(
    what: Scenario | Experiment,
    *,
    seed: int = 0,
    engine: str = "auto",
    progress: Progress | None = None,
) -> Run:
    """Run a scenario, or every arm of an experiment, and return what was recorded.

    seed: the same seed gives the same run, bit for bit, on any engine.
    engine: "auto", or a name that `engine_names` lists.
    Raises ScenarioError for input that cannot be run, EngineError for an
    engine that is not there.
    """
    packed, obstacle = _packed(what)
    started = time.monotonic()
    with seldom_collecting():
        stages = {
            name: play(scenario, seed=seed, engine=engine, on_block=_told(progress, name, scenario))
            for name, scenario in arms_of(what).items()
        }
    about = {name: _about(stage) for name, stage in stages.items()}
    digest = run_digest({name: arm["digest"] for name, arm in about.items()})
    manifest = {
        "format": FORMAT,
        "complete": True,
        "cannot_be_drawn_again": obstacle,
        "title": _title(what),
        "scenario": SCENARIO,
        "seed": seed,
        "digest": digest,
        "state_root": {name: arm["state_root"] for name, arm in about.items()},
        "engine": next(iter(stages.values())).chain.engine.name,
        "versions": _versions(),
        "contracts": _contracts(),
        "files": sorted(packed.files),
        "wall_seconds": round(time.monotonic() - started, 3),
        "arms": about,
    }
    return Run(
        manifest=manifest,
        tables=joined(
            {arm: stage.recorder for arm, stage in stages.items()}, run_id=digest[:16], seed=seed
        ),
        scenario=packed.toml,
        files=packed.files,
    )


def _packed(what: Scenario | Experiment) -> tuple[Packed, str]:
    """The scenario as files, and what stands in the way of that: a class that lives in no file."""
    try:
        return pack(what), ""
    except ScenarioError as error:
        return Packed(f"# {error}\n", {}), str(error)


def _told(progress: Progress | None, arm: str, scenario: Scenario) -> Callable[[int], None] | None:
    if progress is None:
        return None
    return lambda block: progress(arm, block, scenario.blocks)


def _title(what: Scenario | Experiment) -> str:
    return str(what.base.title if isinstance(what, Experiment) else what.title)


def _about(stage: Stage) -> dict[str, Any]:
    """What the manifest says of an arm."""
    tokens = stage.deployment.tokens
    return {
        "digest": stage.recorder.digest(),
        "state_root": stage.chain.state_root().hex(),
        "chain_id": stage.chain.chain_id,
        "fork": stage.chain.engine.fork,
        "blocks": stage.chain.number,
        "numeraire": stage.scenario.money,
        "wrapped": stage.deployment.wrapped,
        "tokens": {"ETH": 18, **{symbol: token.decimals for symbol, token in tokens.items()}},
        "gauges": {name: gauge.pool.market for name, gauge in stage.deployment.gauges.items()},
        "issued": {name: each.cash.symbol for name, each in stage.deployment.issuers.items()},
        "endowments": {address: str(wei) for address, wei in stage.chain.endowments.items()},
        "own_contracts": own_contracts(stage.scenario.world),
        "differences": stage.recorder.differences(),
    }


def _versions() -> dict[str, str]:
    """Of dexsim, and of what could make a difference: NumPy's streams, the EVM, the compiler."""
    libraries = {name: version(name) for name in ("numpy", "py-evm", "pyarrow", "vyper")}
    return {"dexsim": __version__, "python": platform.python_version(), **libraries}


def _contracts() -> dict[str, Any]:
    return {
        name: {
            "compiler": shipped(name).compiler,
            "init_code_hash": shipped(name).init_code_hash.hex(),
        }
        for name in _CONTRACTS
    }

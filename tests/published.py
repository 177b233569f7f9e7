"""Uniswap v2 as it was published, where its npm packages are installed: bytecode to compare with.

They are GPL and never committed. `DEXSIM_NPM` names the folder `node_modules` that holds
@uniswap/v2-core 1.0.1 and @uniswap/v2-periphery 1.1.0-beta.0; left out, it is tests/npm/node_modules.
Beside them: @uniswap/liquidity-staker 1.0.2, Uniswap's fork of the StakingRewards of Synthetix 2.27.2
(MIT); the package itself names no licence, so that its bytecode is run and nothing is taken from it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dexsim.artifacts.artifact import Artifact

NODE_MODULES = Path(
    os.environ.get("DEXSIM_NPM") or Path(__file__).resolve().parent / "npm" / "node_modules"
)
_BUILDS = [NODE_MODULES / "@uniswap" / package / "build" for package in ("v2-core", "v2-periphery")]

needs_published = pytest.mark.skipif(
    not all(folder.is_dir() for folder in _BUILDS),
    reason=f"the published Uniswap v2 packages are not installed in {NODE_MODULES}: scripts/clients",
)

_STAKING = NODE_MODULES / "@uniswap" / "liquidity-staker" / "build"
needs_staking_rewards = pytest.mark.skipif(
    not _STAKING.is_dir(),
    reason=f"@uniswap/liquidity-staker is not installed in {NODE_MODULES}: scripts/clients",
)


def published(name: str) -> Artifact:
    """A published contract, for example "UniswapV2Factory", "UniswapV2Router02", "WETH9"."""
    for folder in (*_BUILDS, _STAKING):
        file = folder / f"{name}.json"
        if file.is_file():
            return Artifact.from_json(file.read_text(), where=str(file))
    raise FileNotFoundError(f"{name}.json is in none of {[*_BUILDS, _STAKING]}")

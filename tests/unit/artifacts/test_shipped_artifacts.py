"""The committed artifacts are what the sources compile to."""

from __future__ import annotations

import pytest

from dexsim.artifacts.compiler import compile_file
from dexsim.artifacts.library import SHIPPED, shipped, sources_folder
from dexsim.errors import ArtifactError

NAMES = sorted(path.stem for path in SHIPPED.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_artifact_is_fresh(name: str) -> None:
    fresh = compile_file(sources_folder() / f"{name}.vy")
    assert shipped(name) == fresh, "stale: run scripts/compile"


def test_all_deployable_contracts_ship() -> None:
    assert NAMES == [
        "batch_auction",
        "factory",
        "gauge",
        "incentive_token",
        "issuer",
        "lens",
        "minter",
        "multicall3",
        "oracle_window",
        "pool",
        "router",
        "searcher",
        "staking_rewards",
        "tender",
        "token",
        "weth",
    ]


def test_an_unknown_contract_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ArtifactError, match="no contract 'pol' ships.*factory, gauge.*weth"):
        shipped("pol")

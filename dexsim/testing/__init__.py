"""pytest fixtures for contracts: `pytest_plugins = ["dexsim.testing"]` in your conftest.py."""

from __future__ import annotations

from dexsim.testing.expectations import reverts
from dexsim.testing.fixtures import (
    accounts,
    alice,
    bob,
    chain,
    deploy,
    deployment,
    pool,
    router,
    world,
)
from dexsim.testing.reporting import pytest_runtest_makereport

__all__ = [
    "accounts",
    "alice",
    "bob",
    "chain",
    "deploy",
    "deployment",
    "pool",
    "pytest_runtest_makereport",
    "reverts",
    "router",
    "world",
]

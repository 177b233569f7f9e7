"""Engines by name, for tests that hold for every one of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from dexsim.chain.address import checksum
from dexsim.chain.engine import Engine
from dexsim.chain.engines import engine_names, open_engine
from dexsim.chain.types import BlockEnv

ENGINES: dict[str, Callable[..., Engine]] = {
    name: partial(open_engine, name) for name in engine_names()
}


@pytest.fixture(params=sorted(ENGINES))
def new_engine(request: pytest.FixtureRequest) -> Callable[..., Engine]:
    """What makes an engine, with `fork` and `chain_id` as keywords."""
    return ENGINES[request.param]


@pytest.fixture
def engine(new_engine: Callable[..., Engine]) -> Engine:
    """An empty engine of the default fork."""
    return new_engine()


@pytest.fixture
def alice(engine: Engine) -> str:
    """An account with 100 ether."""
    address = checksum(b"\xa1" * 20)
    engine.set_balance(address, 100 * 10**18)
    return address


@pytest.fixture
def block() -> BlockEnv:
    """A block that asks for 10 gwei."""
    return BlockEnv(
        number=1_000,
        timestamp=1_700_000_000,
        base_fee=10 * 10**9,
        gas_limit=30_000_000,
        coinbase=checksum(b"\xcc" * 20),
        prev_randao=7,
    )

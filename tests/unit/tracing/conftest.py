"""One market, a person who may trade in it and one who may not, and golden texts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dexsim.artifacts import library
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Transaction
from dexsim.errors import Reverted
from dexsim.market.deployment import DEPLOYER, Deployment
from dexsim.market.factory import Factory
from dexsim.market.opening import deploy_world
from dexsim.market.pool import Pool
from dexsim.market.router import Router
from dexsim.market.world import Market, Token, Venue, Weth, World

GOLDEN = Path(__file__).parent / "golden"
ETHER = 10**18

Golden = Callable[[str, str], None]


@dataclass(frozen=True)
class Stage:
    """A pool of 1000 WETH and 2 000 000 USDC; alice has approved the router, bob has not."""

    chain: Chain
    deployment: Deployment
    alice: Account
    bob: Account

    @property
    def pool(self) -> Pool:
        return self.deployment.pools["main"]

    @property
    def router(self) -> Router:
        return self.deployment.router("main")

    @property
    def factory(self) -> Factory:
        return self.deployment.venues["exchange"].factory

    def refused(self, tx: Transaction) -> Reverted:
        """The error with which a transaction is refused."""
        with pytest.raises(Reverted) as caught:
            self.chain.send(tx)
        return caught.value


@pytest.fixture(autouse=True)
def nothing_met(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Contracts are shown by the sources that these tests load: the newest copy of a code names it.

    Other tests of the same process load copies of dexsim's own under other names.
    """
    monkeypatch.setattr(library, "_met", {})
    monkeypatch.setattr(library, "_by_file", {})
    library.shipped.cache_clear()
    yield
    library.shipped.cache_clear()


@pytest.fixture
def stage() -> Stage:
    chain = Chain("pyevm")
    alice, bob = Account.named("alice"), Account.named("bob")
    for account in (DEPLOYER, alice, bob):
        chain.set_balance(account, 10_000 * ETHER)
    market = Market(
        venue="exchange", pair="WETH/USDC", base_reserve="1000", quote_reserve="2000000"
    )
    world = World(
        tokens={"WETH": Weth(), "USDC": Token(decimals=6)},
        venues={"exchange": Venue(fee_bps=30)},
        markets={"main": market},
    )
    with chain.setup_block():
        deployment = deploy_world(world, chain)
        for account in (alice, bob):
            deployment.fund(account, {"WETH": 10 * ETHER, "USDC": 5_000 * 10**6})
        deployment.approve(alice, "main")
    return Stage(chain, deployment, alice, bob)


@pytest.fixture
def golden() -> Golden:
    """Compare a text with a file; `DEXSIM_GOLDEN=write` writes the files instead."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / f"{name}.txt"
        if os.environ.get("DEXSIM_GOLDEN") == "write":
            file.parent.mkdir(exist_ok=True)
            file.write_text(text + "\n", "utf-8")
        assert file.read_text("utf-8") == text + "\n"

    return compare

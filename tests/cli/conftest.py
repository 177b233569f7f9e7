"""A working directory with a small experiment in it, and a way to run commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dexsim.chain.node import Node
from dexsim.chain.node_wire import NodeReceipt
from dexsim.cli import main
from dexsim.devnet.server import Server
from dexsim.market.deploying.apply import apply
from dexsim.market.deploying.book import Book, open_book
from dexsim.market.deploying.reading import recipe
from dexsim.market.erc20 import Erc20
from dexsim.market.working.markets import Market, find_market
from dexsim.market.working.tokens import find_token

SMALL = """\
schema = 1
title = "Small"
blocks = 4
gas = { native_price = "2000" }

[experiment]
claim = "Searchers cost users money."
measure = "retail_cost_bps"
effect = "hunted - calm"

[world.tokens]
WETH = { kind = "weth" }
USDC = { decimals = 6 }

[world.prices.WETH]
kind = "constant"
price = "2000"

[world.venues.exchange]

[world.markets.main]
venue = "exchange"
pair = "WETH/USDC"
base_reserve = "1000"
quote_reserve = "2000000"

[agents.retail]
kind = "trader"
count = 4
trades_per_block = "0.5"
median_size = "3"
slippage_bps = 200

[agents.searcher]
kind = "sandwicher"
capital = { WETH = "100", USDC = "200000" }

[arms.calm]
"agents.searcher.enabled" = false

[arms.hunted]
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str


Dexsim = Callable[..., Ended]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with small.toml in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEXSIM_DEBUG", raising=False)
    (tmp_path / "small.toml").write_text(SMALL, "utf-8")
    return tmp_path


@pytest.fixture
def dexsim(here: Path, capsys: pytest.CaptureFixture[str]) -> Dexsim:
    """Run a command in the working directory, in this process."""

    def run(*args: str) -> Ended:
        capsys.readouterr()
        code = main(args)
        return Ended(code, *capsys.readouterr())

    return run


@dataclass(frozen=True)
class Exchange:
    """A node with the plan `incentives` on it, and its manifests. who: the node's accounts."""

    url: str
    folder: Path
    node: Node
    who: tuple[str, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """What every command needs to find it."""
        return ("--rpc", self.url, "--dir", str(self.folder))

    def book(self) -> Book:
        """What is recorded."""
        return open_book(self.folder, self.node.chain_id, self.node)

    def at(self, name: str) -> str:
        """A contract's address."""
        return self.book().contract(name).address

    def token(self, symbol: str) -> Erc20:
        """A token."""
        return find_token(self.book(), symbol)

    def market(self, name: str) -> Market:
        """A pool with its router."""
        return find_market(self.book(), name)

    def sent(self, who: str, *, since: int) -> list[NodeReceipt]:
        """What somebody has sent from a nonce on, in order."""
        nonces = range(since, self.node.nonce(who))
        return [receipt for nonce in nonces if (receipt := self.node.mined_as(who, nonce))]


@contextmanager
def exchange_at(url: str, folder: Path, plan: str = "incentives") -> Iterator[Exchange]:
    """A plan applied by the node's first account."""
    node = Node.connect(url)
    who = node.accounts()
    apply(recipe(plan), node, deployer=who[0], folder=folder)
    yield Exchange(url, folder, node, who)


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    """One exchange for all; tests take `exchange`, which is as new each time."""
    with (
        Server(port=0).running() as url,
        exchange_at(url, tmp_path_factory.mktemp("manifests")) as deployed,
    ):
        yield deployed


@pytest.fixture
def exchange(deployed: Exchange) -> Iterator[Exchange]:
    """The exchange, just deployed."""
    mark = deployed.node.snapshot()
    yield deployed
    deployed.node.restore(mark)

"""A venue on a chain, made once and put back as it was after every test."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from dexsim.artifacts.artifact import Artifact
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Receipt, Transaction
from dexsim.market.contract import Contract, blueprint_creation, created
from dexsim.market.contract import deploy as deploy_contract
from tests.subject import artifact

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors"

ALICE = Account.named("alice")
BOB = Account.named("bob")
SUPPLY = 10_000 * 10**18
FOREVER = 2**256 - 1


@dataclass(frozen=True)
class Dex:
    """The venue that most tests work on, and what they do with it again and again.

    Alice deployed everything, holds 10 000 of each token and is feeToSetter.
    """

    chain: Chain
    factory: Contract
    router: Contract
    weth: Contract
    token0: Contract
    token1: Contract
    pool: Contract

    def deploy(self, name: str, *args: Any, sender: Account = ALICE) -> Contract:
        """A contract of contracts/ on the chain, at the time of the block before."""
        with self.chain.block(time_ms=self.chain.time_ms):
            return deploy_contract(self.chain, artifact(name), sender, *args)

    def send(self, tx: Transaction) -> Receipt:
        """Execute at the time of the block before."""
        with self.chain.block(time_ms=self.chain.time_ms):
            return self.chain.send(tx)

    def now(self) -> int:
        """Timestamp of the last block."""
        return self.chain.time_ms // 1000

    def wait(self, seconds: int) -> None:
        """Let time pass: a block that holds nothing, so that reads see the new time."""
        self.chain.mine([], time_ms=self.chain.time_ms + seconds * 1000)

    def contract(self, name: str, address: str) -> Contract:
        """A handle on a contract that is already there."""
        return Contract(artifact(name).abi, address, self.chain, name=name)

    def venue(self, fee_bps: int) -> Contract:
        """Another factory."""
        return make_factory(self.chain, fee_bps)

    def create_pool(self, token_a: Any, token_b: Any, factory: Contract | None = None) -> Contract:
        """The pool of two tokens, created now."""
        factory = factory or self.factory
        self.send(factory.write.createPair(ALICE, token_a, token_b, gas_limit=5_000_000))
        return self.contract("pool", factory.read.getPair(token_a, token_b))

    def on(self, pool: Contract) -> Dex:
        """The same, with another pool of the same two tokens."""
        return replace(self, pool=pool)

    def pay(self, amount0: int = 0, amount1: int = 0, *, sender: Account = ALICE) -> None:
        """Send tokens to the pool, and no more."""
        for token, amount in ((self.token0, amount0), (self.token1, amount1)):
            if amount:
                self.send(token.write.transfer(sender, self.pool, amount))

    def add(self, amount0: int, amount1: int, *, sender: Account = ALICE) -> Receipt:
        """Pay and mint."""
        self.pay(amount0, amount1, sender=sender)
        return self.send(self.pool.write.mint(sender, sender))

    def remove(self, liquidity: int, *, sender: Account = ALICE) -> Receipt:
        """Send liquidity to the pool and burn it."""
        self.send(self.pool.write.transfer(sender, self.pool, liquidity))
        return self.send(self.pool.write.burn(sender, sender))

    def swap(self, out0: int, out1: int, to: Any = ALICE, data: bytes = b"") -> Receipt:
        """A swap by Alice, with what the pool was paid before."""
        return self.send(self.pool.write.swap(ALICE, out0, out1, to, data, gas_limit=2_000_000))

    def reserves(self) -> tuple[int, int]:
        """Both reserves."""
        reserve0, reserve1, _ = self.pool.read.getReserves()
        return reserve0, reserve1

    def told(self, receipt: Receipt) -> list[tuple[Any, ...]]:
        """The receipt's events in order: ("pool.Sync", 1, 4), names in the place of known addresses."""
        contracts = {
            name: handle for name, handle in vars(self).items() if isinstance(handle, Contract)
        }
        people = {c.address: name for name, c in contracts.items()}
        people |= {ALICE.address: "alice", BOB.address: "bob", "0x" + "00" * 20: "zero"}
        told = []
        for log in receipt.logs:
            name = people.get(log.address, log.address)
            event = contracts[name].decode_log(log)
            assert event is not None, f"{name} logged something that its ABI does not know"
            values = [people.get(v, v) if isinstance(v, str) else v for v in event.fields.values()]
            told.append((f"{name}.{event.name}", *values))
        return told


def make_factory(chain: Chain, fee_bps: int) -> Contract:
    """A factory for pools of this fee, blueprint included."""
    pool = artifact("pool")
    blueprint = created(chain.send(blueprint_creation(pool, ALICE)))
    return deploy_contract(
        chain, artifact("factory"), ALICE, ALICE, fee_bps, blueprint, pool.init_code_hash
    )


@pytest.fixture(scope="session")
def stage() -> Dex:
    """The venue at its beginning. Not for tests: they take `dex`."""
    chain = Chain("pyevm", base_fee=0, time_ms=1_600_000_000_000)
    for account in (ALICE, BOB):
        chain.set_balance(account, 10**24)
    factory = make_factory(chain, 30)
    weth = deploy_contract(chain, artifact("weth"), ALICE)
    router = deploy_contract(chain, artifact("router"), ALICE, factory, weth)
    tokens = [
        deploy_contract(chain, artifact("token"), ALICE, f"Token {name}", name, 18, SUPPLY)
        for name in "AB"
    ]
    token0, token1 = sorted(tokens, key=lambda token: int(token.address, 16))
    half = Dex(chain, factory, router, weth, token0, token1, factory)
    return half.on(half.create_pool(token0, token1))


@pytest.fixture
def dex(stage: Dex) -> Iterator[Dex]:
    """An exchange at 30 bps with one empty pool; whatever a test does to it is undone."""
    with stage.chain.anchor():
        yield stage


@pytest.fixture
def alice() -> Account:
    """The deployer."""
    return ALICE


@pytest.fixture
def bob() -> Account:
    """Somebody else, without tokens."""
    return BOB


@pytest.fixture(scope="session")
def vector() -> Callable[[str], Any]:
    """`vector("univ2_core_pair")`: a recorded file of tests/vectors."""

    def read(name: str) -> Any:
        plain = VECTORS / f"{name}.json"
        if plain.is_file():
            return json.loads(plain.read_text())
        return json.loads(gzip.decompress((VECTORS / f"{name}.json.gz").read_bytes()))

    return read


@pytest.fixture(scope="session")
def compiled() -> Callable[[str], Artifact]:
    """`compiled("pool")`: a contract's artifact."""
    return artifact

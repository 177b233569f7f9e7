"""A deployment as a value: steps in order, each with its transaction and what it creates where.

Every address is known before anything is sent, because an address follows from
deployer and nonce (CREATE) or from the factory and the two tokens (CREATE2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from eth_hash.auto import keccak

from dexsim.artifacts.artifact import Artifact
from dexsim.chain.address import from_bytes, to_bytes
from dexsim.chain.types import Address, Transaction
from dexsim.errors import ScenarioError
from dexsim.market.contract import blueprint_creation, creation

_STRING, _LIST, _SHORT = 0x80, 0xC0, 0x80


@dataclass(frozen=True, kw_only=True)
class TokenFacts:
    """What people have to know of a token."""

    name: str
    symbol: str
    decimals: int


@dataclass(frozen=True, kw_only=True)
class PoolFacts:
    """What people have to know of a pool. pair: "BASE/QUOTE"; router: the contract's name."""

    pair: str
    fee_bps: int
    venue: str
    router: str


@dataclass(frozen=True, kw_only=True)
class GaugeFacts:
    """What people have to know of a gauge: the pool whose shares it takes, and what it pays."""

    pool: str
    reward: str


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A contract that a step puts on the chain.

    form: "blueprint" where it is the creation code of others (ERC-5202).
    arguments: of its constructor, as the ABI takes them.
    """

    name: str
    artifact: Artifact
    address: Address
    arguments: tuple[Any, ...] = ()
    form: Literal["contract", "blueprint"] = "contract"
    token: TokenFacts | None = None
    pool: PoolFacts | None = None
    gauge: GaugeFacts | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One transaction of a plan, its nonce fixed. creates: what must stand there afterwards."""

    name: str
    transaction: Transaction
    creates: Planned | None = None

    @property
    def nonce(self) -> int:
        """The sender's nonce that it is planned with."""
        assert self.transaction.nonce is not None
        return self.transaction.nonce

    @property
    def digest(self) -> str:
        """What it does, whatever it costs; see `digest_of`."""
        return digest_of(self.transaction)


def digest_of(tx: Transaction) -> str:
    """keccak256 of where a transaction goes, its value and its data: two with one digest do the same."""
    where = to_bytes(tx.to) if tx.to else b""
    return "0x" + keccak(where + tx.value.to_bytes(32, "big") + tx.data).hex()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Steps of one deployer, in the order in which they are sent."""

    name: str
    deployer: Address
    steps: tuple[Step, ...]

    @property
    def contracts(self) -> dict[str, Planned]:
        """What will stand on the chain, by name."""
        created = (step.creates for step in self.steps)
        return {contract.name: contract for contract in created if contract is not None}


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What a plan is made for.

    nonce: the deployer's next. time: of the chain, seconds since 1970. taken: nonces of steps that
    were sent already, by their names: a plan that grows keeps the addresses of what stands.
    """

    deployer: Address
    nonce: int
    time: int
    taken: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """A plan before it is known what it is made for. about: one line for people."""

    name: str
    about: str
    build: Callable[[Ground], Plan]


@dataclass
class Draft:
    """A plan being written: every new step takes the deployer's next nonce."""

    name: str
    ground: Ground
    steps: list[Step] = field(default_factory=list)

    @property
    def deployer(self) -> Address:
        """Who sends every step."""
        return self.ground.deployer

    def create(self, name: str, artifact: Artifact, *arguments: Any, **facts: Any) -> Address:
        """A step that creates a contract; its address. facts: `token`, `pool` or `gauge`."""
        address = created_address(self.deployer, self._nonce(name))
        planned = Planned(
            name=name, artifact=artifact, address=address, arguments=arguments, **facts
        )
        return self.send(name, creation(artifact, self.deployer, *arguments), creates=planned)

    def blueprint(self, name: str, artifact: Artifact) -> Address:
        """A step that puts a contract's creation code on chain (ERC-5202); its address."""
        address = created_address(self.deployer, self._nonce(name))
        planned = Planned(name=name, artifact=artifact, address=address, form="blueprint")
        return self.send(name, blueprint_creation(artifact, self.deployer), creates=planned)

    def send(self, name: str, tx: Transaction, *, creates: Planned | None = None) -> Address:
        """A step that sends a transaction; where what it creates will stand, else where it goes.

        Raises ScenarioError for a name that a step has already.
        """
        if any(step.name == name for step in self.steps):
            raise ScenarioError(f"two things are called {name!r}: rename one")
        complete = replace(tx, nonce=self._nonce(name))
        self.steps.append(Step(name=name, transaction=complete, creates=creates))
        return creates.address if creates else tx.to or self.deployer

    def finish(self) -> Plan:
        """The plan."""
        return Plan(name=self.name, deployer=self.deployer, steps=tuple(self.steps))

    def _nonce(self, name: str) -> int:
        taken = self.ground.taken
        if name in taken:
            return taken[name]
        return self.ground.nonce + sum(step.name not in taken for step in self.steps)


def created_address(sender: Address, nonce: int) -> Address:
    """Where a CREATE of this sender and nonce goes: keccak256(rlp([sender, nonce])), last 20 bytes."""
    number = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    if not 0 < nonce < _SHORT:
        number = bytes([_STRING + len(number)]) + number
    payload = bytes([_STRING + 20]) + to_bytes(sender) + number
    return from_bytes(keccak(bytes([_LIST + len(payload)]) + payload)[12:])

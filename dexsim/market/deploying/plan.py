"""A deployment as a value: steps in order, each with its transaction and what it creates where.

Every address is known before anything is sent, because an address follows from
deployer and nonce (CREATE) or from the factory and the two tokens (CREATE2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from eth_hash.auto import keccak

from dexsim.artifacts.artifact import Artifact
from dexsim.chain.address import from_bytes, to_bytes
from dexsim.chain.types import Address, Transaction
from dexsim.market.contract import blueprint_creation, creation

_STRING, _LIST, _SHORT = 0x80, 0xC0, 0x80


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


@dataclass(frozen=True, kw_only=True)
class Step:
    """One transaction of a plan, its nonce fixed. creates: what must stand there afterwards."""

    name: str
    transaction: Transaction
    creates: Planned | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Steps of one deployer from one nonce on."""

    name: str
    deployer: Address
    first_nonce: int
    steps: tuple[Step, ...]

    @property
    def contracts(self) -> dict[str, Planned]:
        """What will stand on the chain, by name."""
        created = (step.creates for step in self.steps)
        return {contract.name: contract for contract in created if contract is not None}


@dataclass(frozen=True)
class Recipe:
    """A plan before deployer and nonce are known. about: one line for people."""

    name: str
    about: str
    build: Callable[[Address, int], Plan]


@dataclass
class Draft:
    """A plan being written: every step takes the deployer's next nonce."""

    name: str
    deployer: Address
    first_nonce: int
    steps: list[Step] = field(default_factory=list)

    @property
    def next_nonce(self) -> int:
        """Of the step that comes next."""
        return self.first_nonce + len(self.steps)

    def create(self, name: str, artifact: Artifact, *arguments: Any) -> Address:
        """A step that creates a contract; its address."""
        planned = Planned(
            name=name, artifact=artifact, address=self._next_address(), arguments=arguments
        )
        return self.send(name, creation(artifact, self.deployer, *arguments), creates=planned)

    def blueprint(self, name: str, artifact: Artifact) -> Address:
        """A step that puts a contract's creation code on chain (ERC-5202); its address."""
        planned = Planned(
            name=name, artifact=artifact, address=self._next_address(), form="blueprint"
        )
        return self.send(name, blueprint_creation(artifact, self.deployer), creates=planned)

    def send(self, name: str, tx: Transaction, *, creates: Planned | None = None) -> Address:
        """A step that sends a transaction; where what it creates will stand, else where it goes."""
        step = Step(name=name, transaction=replace(tx, nonce=self.next_nonce), creates=creates)
        self.steps.append(step)
        return creates.address if creates else tx.to or self.deployer

    def finish(self) -> Plan:
        """The plan."""
        return Plan(
            name=self.name,
            deployer=self.deployer,
            first_nonce=self.first_nonce,
            steps=tuple(self.steps),
        )

    def _next_address(self) -> Address:
        return created_address(self.deployer, self.next_nonce)


def created_address(sender: Address, nonce: int) -> Address:
    """Where a CREATE of this sender and nonce goes: keccak256(rlp([sender, nonce])), last 20 bytes."""
    number = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    if not 0 < nonce < _SHORT:
        number = bytes([_STRING + len(number)]) + number
    payload = bytes([_STRING + 20]) + to_bytes(sender) + number
    return from_bytes(keccak(bytes([_LIST + len(payload)]) + payload)[12:])

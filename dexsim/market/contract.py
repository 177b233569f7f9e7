"""A handle on any contract: it describes calls, and changes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dexsim.artifacts.abi import Event, Interface
from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load
from dexsim.chain.accounts import Account, address_of
from dexsim.chain.address import checksum
from dexsim.chain.reader import Backend, Reader
from dexsim.chain.types import (
    DEFAULT_GAS_LIMIT,
    Address,
    Log,
    Receipt,
    Transaction,
    make_transaction,
)
from dexsim.errors import EngineError

DEPLOY_GAS_LIMIT = 12_000_000
_NOBODY = "0x0000000000000000000000000000000000000000"


class Contract:
    """A contract at an address.

    abi: a JSON ABI, or an Interface. chain: where reads go; writes need none.

        c = Contract(abi, address, chain)
        c.read.balanceOf(alice)                    # asks, at once
        tx = c.write.transfer(alice, bob, 10)      # describes; chain.send(tx) does it
    """

    def __init__(
        self,
        abi: Iterable[Mapping[str, Any]] | Interface,
        address: Address,
        chain: Reader | None = None,
        *,
        name: str = "contract",
    ) -> None:
        self.interface = abi if isinstance(abi, Interface) else Interface(abi)
        self.address = checksum(address)
        self.chain = chain
        self.name = name
        self.read = _Reads(self)
        self.write = _Writes(self)
        directory = getattr(chain, "directory", None)
        if directory is not None:
            directory.enter(self.address, name=name, interface=self.interface)

    def __repr__(self) -> str:
        return f"<{self.name} at {self.address}>"

    if not TYPE_CHECKING:  # a checker is to know what there is not

        def __getattr__(self, name: str) -> Any:
            """Tell who calls a contract's function on the handle itself where it is."""
            interface = self.__dict__.get("interface")
            problem = f"{type(self).__name__!r} object has no attribute {name!r}"
            if interface is not None and name in interface.functions:
                problem += (
                    f": .read.{name}(...) asks, .write.{name}(sender, ...) describes a change"
                )
            raise AttributeError(problem)

    def events(self, receipt: Receipt) -> list[Event]:
        """This contract's events in a receipt, in order."""
        decoded = (self.decode_log(log) for log in receipt.logs)
        return [event for event in decoded if event is not None]

    def decode_log(self, log: Log) -> Event | None:
        """A log of this contract as an event; None for another's, or an unknown one."""
        if log.address != self.address:
            return None
        return self.interface.decode_log(log.address, log.topics, log.data)


class _Calls:
    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def __dir__(self) -> list[str]:
        return sorted(self._contract.interface.functions)


class _Reads(_Calls):
    """`contract.read.name(*args, sender=...)`: the answer, now."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        contract = self._contract

        def read(*args: Any, sender: Account | Address = _NOBODY) -> Any:
            if contract.chain is None:
                raise EngineError(
                    f"{contract!r} has no chain to ask: Contract(abi, address, chain)"
                )
            function = contract.interface.function(name, len(args))
            tx = make_transaction(
                sender=address_of(sender),
                to=contract.address,
                data=function.encode(_plain(args)),
                what=f"{contract.name}.{name}",
            )
            return function.decode_output(contract.chain.call(tx))

        self.__dict__[name] = read  # found at once the next time
        return read


class _Writes(_Calls):
    """`contract.write.name(sender, *args, value=0, gas_limit=..., tip=0, nonce=None)`: a Transaction."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        contract = self._contract

        def write(
            sender: Account | Address,
            *args: Any,
            value: int = 0,
            gas_limit: int = DEFAULT_GAS_LIMIT,
            tip: int = 0,
            nonce: int | None = None,
        ) -> Transaction:
            function = contract.interface.function(name, len(args))
            return make_transaction(
                sender=address_of(sender),
                to=contract.address,
                data=function.encode(_plain(args)),
                value=value,
                gas_limit=gas_limit,
                max_priority_fee_per_gas=tip,
                nonce=nonce,
                what=f"{contract.name}.{name}",
            )

        self.__dict__[name] = write  # found at once the next time
        return write


_AS_THEY_ARE = frozenset({int, str, bytes, bool})


def _plain(args: Iterable[Any]) -> list[Any]:
    """Accounts and handles as the addresses that the ABI means."""
    return [_plain_one(arg) for arg in args]


def _plain_one(arg: Any) -> Any:
    if type(arg) in _AS_THEY_ARE:
        return arg
    if isinstance(arg, (list, tuple)):
        return [_plain_one(each) for each in arg]
    return getattr(arg, "address", arg)


def creation(
    artifact: Artifact,
    sender: Account | Address,
    *args: Any,
    value: int = 0,
    gas_limit: int = DEPLOY_GAS_LIMIT,
) -> Transaction:
    """The transaction that creates a contract."""
    constructor = artifact.interface.constructor
    return Transaction(
        sender=address_of(sender),
        to=None,
        value=value,
        data=artifact.bytecode + constructor.encode_arguments(_plain(args)),
        gas_limit=gas_limit,
        what=f"create {artifact.name}",
    )


def blueprint_creation(artifact: Artifact, sender: Account | Address) -> Transaction:
    """The transaction that puts a contract's creation code on chain as a blueprint (ERC-5202)."""
    return Transaction(
        sender=address_of(sender),
        to=None,
        data=artifact.blueprint_bytecode,
        gas_limit=DEPLOY_GAS_LIMIT,
        what=f"create blueprint of {artifact.name}",
    )


def created(receipt: Receipt) -> Address:
    """The address that a creation gave. Raises EngineError when it created nothing."""
    if receipt.contract_address is None:
        raise EngineError(f"{receipt.transaction.what or 'the transaction'} created no contract")
    return receipt.contract_address


def deploy(
    chain: Backend,
    what: Artifact | str | os.PathLike[str],
    sender: Account | Address,
    *args: Any,
    value: int = 0,
) -> Contract:
    """Create a contract and return its handle.

    what: an artifact, a file (Vyper source, or JSON with ABI and bytecode), or
        Vyper source as text, told by its line breaks.
    value: native money in wei for a payable constructor.
    Raises ArtifactError, and Reverted when the constructor refuses.
    """
    artifact = what if isinstance(what, Artifact) else load(what)
    address = created(chain.send(creation(artifact, sender, *args, value=value)))
    directory = getattr(chain, "directory", None)
    if directory is not None:
        directory.forget(address)
    return Contract(artifact.interface, address, chain, name=artifact.name)

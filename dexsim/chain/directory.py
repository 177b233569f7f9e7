"""Who is who on a chain, as far as its handles tell: names and ABIs by address."""

from __future__ import annotations

from dataclasses import dataclass, field

from dexsim.artifacts.abi import Interface
from dexsim.chain.types import Address


@dataclass(slots=True)
class Directory:
    """Names and ABIs by address. It is for people: nothing that is executed looks in here."""

    names: dict[Address, str] = field(default_factory=dict)
    interfaces: dict[Address, Interface] = field(default_factory=dict)

    def enter(self, address: Address, *, name: str, interface: Interface) -> None:
        """Note a contract; what is known of it already stays."""
        self.names.setdefault(address, name)
        self.interfaces.setdefault(address, interface)

    def forget(self, address: Address) -> None:
        """Forget who was there: a contract has been created anew, where another one was undone."""
        self.names.pop(address, None)
        self.interfaces.pop(address, None)

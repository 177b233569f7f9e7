"""Accounts that have names. The key follows from the name, so that a node can hold the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from eth_hash.auto import keccak

from dexsim.chain.types import Address

_DOMAIN = b"dexsim account: "
# Which names were asked for so far: an address does not tell its own.
_names: dict[Address, str] = {}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can send transactions.

    Use `Account.named("alice")`; keys of named accounts are public knowledge
    and must never hold anything of worth.
    """

    name: str
    address: Address

    @classmethod
    def named(cls, name: str) -> Account:
        """The account of that name, the same on every chain and every machine."""
        address = _address(name)
        _names[address] = name
        return cls(name, address)

    @property
    def key(self) -> bytes:
        """The 32-byte private key: keccak256("dexsim account: " + name)."""
        return _key(self.name)

    def __str__(self) -> str:
        return self.name


def name_of(address: Address) -> str:
    """The name that gave an address, "" where none did so far."""
    return _names.get(address, "")


def address_of(who: Account | Address) -> Address:
    """The address of an account or of a contract's handle, or the address itself."""
    return who if isinstance(who, str) else who.address


def _key(name: str) -> bytes:
    return bytes(keccak(_DOMAIN + name.encode()))


@cache
def _address(name: str) -> Address:
    from eth_keys.datatypes import PrivateKey  # its import is slow, and handles need no key

    return str(PrivateKey(_key(name)).public_key.to_checksum_address())

"""Short ways to put code on an engine and to send to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dexsim.chain.address import checksum
from dexsim.chain.engine import Engine
from dexsim.chain.types import BlockEnv, Receipt, Transaction


@dataclass(frozen=True)
class Sender:
    """One account that sends to one engine in one block."""

    engine: Engine
    address: str
    block: BlockEnv

    def tx(self, to: str | None, data: bytes = b"", **fields: Any) -> Transaction:
        """A complete transaction."""
        draft = Transaction(sender=self.address, to=to, data=data, **fields)
        return draft.complete(nonce=self.engine.nonce(self.address), base_fee=self.block.base_fee)

    def send(self, to: str | None, data: bytes = b"", **fields: Any) -> Receipt:
        """Execute a transaction for good."""
        return self.engine.execute(self.tx(to, data, **fields), self.block)


def contract(engine: Engine, code: bytes, number: int = 1) -> str:
    """A contract by decree, at an address by number."""
    address = checksum(bytes(18) + b"\xc0" + bytes([number]))
    engine.set_code(address, code)
    return address

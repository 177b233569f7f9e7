"""A transaction as py-evm reads it, with the gas that it must bring along.

py-evm expects a signed RLP object; its execution reads these attributes only,
so that neither a key nor a signature is needed.
"""

from __future__ import annotations

from dexsim.chain.address import to_bytes
from dexsim.chain.intrinsic import intrinsic_gas
from dexsim.chain.types import BlockEnv, Transaction

NOWHERE = b""
"""How py-evm writes the recipient of a transaction that creates a contract."""


class Envelope:
    """The duck that py-evm takes for a transaction.

    gas_price: wei per gas that the sender pays. tip: the part of it for the coinbase.
    """

    __slots__ = (
        "access_list",
        "data",
        "gas",
        "gas_price",
        "intrinsic_gas",
        "nonce",
        "sender",
        "tip",
        "to",
        "type_id",
        "value",
    )

    def __init__(self, tx: Transaction, *, gas: int, gas_price: int, tip: int) -> None:
        self.sender = to_bytes(tx.sender)
        self.to = NOWHERE if tx.to is None else to_bytes(tx.to)
        self.data = tx.data
        self.value = tx.value
        self.gas = gas
        self.gas_price = gas_price
        self.tip = tip
        self.access_list = [(to_bytes(address), slots) for address, slots in tx.access_list]
        self.intrinsic_gas = intrinsic_gas(tx)
        self.type_id = 2

    @classmethod
    def paying(cls, tx: Transaction, block: BlockEnv) -> Envelope:
        """The envelope of a complete transaction that pays its way in a block."""
        tip = tx.effective_tip(block.base_fee)
        return cls(tx, gas=tx.gas_limit, gas_price=block.base_fee + tip, tip=tip)

    @classmethod
    def free(cls, tx: Transaction, gas: int) -> Envelope:
        """The envelope of a read."""
        return cls(tx, gas=gas, gas_price=0, tip=0)

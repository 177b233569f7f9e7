"""A handle on a venue's factory, and its deployment."""

from __future__ import annotations

from functools import cache
from typing import Any

from eth_hash.auto import keccak

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.address import checksum, to_bytes
from dexsim.chain.reader import Backend, Reader
from dexsim.chain.types import Address, Transaction
from dexsim.market.contract import Contract, blueprint_creation, created, creation

CREATE_POOL_GAS_LIMIT = 4_000_000


@cache
def factory_interface() -> Interface:
    """The ABI of a Uniswap-v2 factory, with dexsim's fee."""
    return Interface(shipped("factory").abi)


class Factory:
    """Creates pools, and fixes their fee. pool: what its pools are; dexsim's own by default."""

    def __init__(
        self,
        address: Address,
        chain: Reader | None = None,
        *,
        fee_bps: int,
        pool: Artifact | None = None,
    ) -> None:
        self.fee_bps = fee_bps
        self.pool = shipped("pool") if pool is None else pool
        self.contract = Contract(factory_interface(), address, chain, name="factory")

    @property
    def address(self) -> Address:
        """Where the factory lives."""
        return self.contract.address

    def create_pool(self, sender: Account | Address, *, token_a: Any, token_b: Any) -> Transaction:
        """Create the pool of two tokens, in either order."""
        return self.contract.write.createPair(  # type: ignore[no-any-return]
            sender, token_a, token_b, gas_limit=CREATE_POOL_GAS_LIMIT
        )

    def pool_address(self, token_a: Address, token_b: Address) -> Address:
        """Where the pool of two tokens is or will be (CREATE2, EIP-1014), without asking anybody."""
        first, second = sorted((to_bytes(token_a), to_bytes(token_b)))
        salt = keccak(first + second)
        parts = b"\xff" + to_bytes(self.address) + salt + self.pool.init_code_hash
        return checksum("0x" + keccak(parts)[12:].hex())


def deploy_factory(
    chain: Backend,
    sender: Account | Address,
    *,
    fee_bps: int,
    fee_to_setter: Account | Address,
    pool: Artifact | None = None,
) -> Factory:
    """Put a factory on a chain, the blueprint of its pools first: dexsim's own by default."""
    pool = shipped("pool") if pool is None else pool
    blueprint = created(chain.send(blueprint_creation(pool, sender)))
    tx = creation(
        shipped("factory"), sender, fee_to_setter, fee_bps, blueprint, pool.init_code_hash
    )
    return Factory(created(chain.send(tx)), chain, fee_bps=fee_bps, pool=pool)

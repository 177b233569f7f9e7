"""A handle on a batch auction in front of a pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, Transaction
from dexsim.cpmm.batch import BatchOrder, Clearing, clear
from dexsim.market.contract import Contract
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool

SETTLE_GAS_LIMIT = 30_000_000


@cache
def batch_auction_interface() -> Interface:
    """The ABI of dexsim's batch auction."""
    return Interface(shipped("batch_auction").abi)


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order that is not settled; amounts in wei."""

    id: int
    owner: Address
    order: BatchOrder


class BatchAuction:
    """Orders that are executed together, at one price. Amounts in wei."""

    def __init__(self, address: Address, chain: Reader | None = None, *, pool: Pool) -> None:
        self.pool = pool
        self.contract = Contract(batch_auction_interface(), address, chain, name="batch auction")

    @property
    def address(self) -> Address:
        """Where it lives; the spender of tokens to approve."""
        return self.contract.address

    def orders(self) -> list[WaitingOrder]:
        """What waits now, by id."""
        first = self.pool.base if self.pool.base_is_token0 else self.pool.quote
        return [
            WaitingOrder(number, owner, BatchOrder(token == first.address, amount, least))
            for number, owner, token, amount, least in self.contract.read.orders()
        ]

    def owed(self, who: Account | Address, *, token: Erc20) -> int:
        """What a batch could not pay somebody, because the token refused."""
        return int(self.contract.read.owed(who, token))

    def clearing(self) -> Clearing:
        """What would become of the batch if it were settled now; positions are those of `orders`."""
        return self._clearing(self.orders())

    def place(
        self,
        sender: Account | Address,
        *,
        token_in: Erc20,
        amount_in: int,
        min_amount_out: int = 0,
        tip: int = 0,
        nonce: int | None = None,
    ) -> Transaction:
        """Hand in an order to sell, and what it sells, which has to be approved."""
        return self.contract.write.place(  # type: ignore[no-any-return]
            sender, token_in, amount_in, min_amount_out, tip=tip, nonce=nonce
        )

    def cancel(self, sender: Account | Address, *, order_id: int) -> Transaction:
        """Take back an order of one's own."""
        return self.contract.write.cancel(sender, order_id)  # type: ignore[no-any-return]

    def settle(
        self,
        sender: Account | Address,
        *,
        left_out: Sequence[int] | None = None,
        gas_limit: int = SETTLE_GAS_LIMIT,
    ) -> Transaction:
        """Execute the batch.

        left_out: ids, in the order in which they drop out; by what waits now unless given.
        """
        if left_out is None:
            waiting = self.orders()
            left_out = [waiting[i].id for i in self._clearing(waiting).left_out]
        return self.contract.write.settle(  # type: ignore[no-any-return]
            sender, list(left_out), gas_limit=gas_limit
        )

    def withdraw(
        self, sender: Account | Address, *, token: Erc20, to: Account | Address
    ) -> Transaction:
        """Take what a batch could not pay."""
        return self.contract.write.withdraw(sender, token, to)  # type: ignore[no-any-return]

    def _clearing(self, waiting: Sequence[WaitingOrder]) -> Clearing:
        held = self.pool.reserves()
        reserves = (held.base, held.quote)
        reserve0, reserve1 = reserves if self.pool.base_is_token0 else reserves[::-1]
        return clear([each.order for each in waiting], reserve0, reserve1, self.pool.fee_bps)

"""A handle on what a searcher trades with: a contract that only its owner can move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, Transaction
from dexsim.market.contract import Contract, creation
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool

ALL = 2**256 - 1
"""As an amount: all that the contract holds."""

_GAS = 100_000
_GAS_A_HOP = 120_000
_LIQUIDITY_GAS = 400_000


@cache
def searcher_interface() -> Interface:
    """The ABI of dexsim's searcher."""
    return Interface(shipped("searcher").abi)


def searcher_creation(owner: Account) -> Transaction:
    """The transaction by which an account makes itself a searcher's contract."""
    return creation(shipped("searcher"), owner, owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeCall:
    """A trade as anybody can read it from a transaction to a searcher's contract. Amount in wei."""

    pools: tuple[Address, ...]
    token_in: Address
    amount_in: int


def read_trade(tx: Transaction) -> TradeCall | None:
    """A `swap` or `finish` in a transaction's data, or None for anything else."""
    for name in ("swap", "finish"):
        function = searcher_interface().functions[name][0]
        if tx.data[:4] == function.selector:
            arguments = function.decode_arguments(tx.data[4:])
            if arguments is None:
                return None
            pools, token_in, amount_in = arguments[:3]
            return TradeCall(pools=tuple(pools), token_in=token_in, amount_in=amount_in)
    return None


class Searcher:
    """Trades with pools directly, for one owner: whoever else sends is refused. Amounts in wei.

    pools: a path, each pool by handle or address; each has the token that the one before it gives.
    """

    def __init__(self, address: Address, chain: Reader | None = None, *, owner: Account) -> None:
        self.owner = owner
        self.contract = Contract(searcher_interface(), address, chain, name="searcher")

    @property
    def address(self) -> Address:
        """Where it lives, and holds what it trades with."""
        return self.contract.address

    def fund(self, sender: Account, *, amount: int) -> Transaction:
        """Send it native money, out of which it tips. Tokens go by a plain transfer."""
        return Transaction(sender=sender.address, to=self.address, value=amount, gas_limit=_GAS)

    def swap(
        self,
        *,
        pools: Sequence[Pool | Address],
        token_in: Erc20 | Address,
        amount_in: int = ALL,
        least_out: int,
    ) -> Transaction:
        """Sell along a path, or revert below `least_out` of the last token."""
        return self.contract.write.swap(  # type: ignore[no-any-return]
            self.owner, pools, token_in, amount_in, least_out, gas_limit=_gas(pools)
        )

    def finish(
        self,
        *,
        pools: Sequence[Pool | Address],
        token_in: Erc20 | Address,
        amount_in: int = ALL,
        cost: int = 0,
        least_profit: int,
        tip: int = 0,
    ) -> Transaction:
        """Sell along a path, tip the builder, or revert where the profit is below `least_profit`.

        cost: what the first leg of a sandwich sold, in wei of the token that this one gets. A cycle,
            which ends in `token_in`, has none: what it sells counts by itself.
        tip: wei of native money to `block.coinbase`.
        """
        return self.contract.write.finish(  # type: ignore[no-any-return]
            self.owner, pools, token_in, amount_in, cost, least_profit, tip, gas_limit=_gas(pools)
        )

    def add(
        self, *, pool: Pool, base_amount: int, quote_amount: int, least_liquidity: int
    ) -> Transaction:
        """Provide liquidity just in time; what is above the pool's ratio stays with the pool."""
        return self.contract.write.add(  # type: ignore[no-any-return]
            self.owner,
            pool,
            *_in_order(pool, base_amount, quote_amount),
            least_liquidity,
            gas_limit=_LIQUIDITY_GAS,
        )

    def remove(
        self,
        *,
        pool: Pool,
        liquidity: int = ALL,
        least_base: int,
        least_quote: int,
        tip: int = 0,
    ) -> Transaction:
        """Take liquidity out, tip the builder, or revert where less comes than these amounts."""
        return self.contract.write.remove(  # type: ignore[no-any-return]
            self.owner,
            pool,
            liquidity,
            *_in_order(pool, least_base, least_quote),
            tip,
            gas_limit=_LIQUIDITY_GAS,
        )

    def take(
        self, *, token: Erc20 | Address, amount: int = ALL, to: Account | Address
    ) -> Transaction:
        """Take tokens out, liquidity too."""
        return self.contract.write.take(self.owner, token, amount, to)  # type: ignore[no-any-return]

    def take_money(self, *, amount: int = ALL, to: Account | Address) -> Transaction:
        """Take native money out."""
        return self.contract.write.take_money(self.owner, amount, to)  # type: ignore[no-any-return]


def _gas(pools: Sequence[object]) -> int:
    return _GAS + _GAS_A_HOP * len(pools)


def _in_order(pool: Pool, base: int, quote: int) -> tuple[int, int]:
    """As the contract takes them: token0 first."""
    return (base, quote) if pool.base_is_token0 else (quote, base)

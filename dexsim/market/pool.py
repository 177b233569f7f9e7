"""A handle on a constant-product pool."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from dexsim import cpmm
from dexsim.artifacts.abi import Interface
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, Transaction
from dexsim.making import constructor
from dexsim.market.contract import Contract
from dexsim.market.erc20 import Erc20

NO_DEADLINE = 2**256 - 1


@cache
def pool_interface() -> Interface:
    """The ABI of a Uniswap-v2 pair, LP token included."""
    return Interface(shipped("pool").abi)


@dataclass(frozen=True, slots=True)
class Reserves:
    """What a pool holds of its two tokens, in wei of each."""

    base: int
    quote: int

    @property
    def price(self) -> Fraction:
        """Quote wei per base wei. Raises ZeroDivisionError for an empty pool."""
        return Fraction(self.quote, self.base)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapCall:
    """A swap as anybody can read it from a transaction's data. Amounts in wei, path as addresses."""

    amount_in: int
    min_amount_out: int
    path: tuple[Address, ...]
    recipient: Address
    deadline: int


make_reserves = constructor(Reserves)
"""`Reserves(...)`, only faster."""
_make_swap_call = constructor(SwapCall)


class TwoTokens(ABC):
    """What every market has: base and quote, and which of them is the other one."""

    base: Erc20
    quote: Erc20

    @abstractmethod
    def reserves(self) -> Reserves:
        """What the pool holds now."""

    @abstractmethod
    def approve_lp(self, sender: Account | Address, *, spender: object, amount: int) -> Transaction:
        """Let `spender` take shares."""

    def other(self, token: Erc20 | str) -> Erc20:
        """The token that a swap of `token` gives. Raises ValueError for a stranger."""
        symbol = str(token)
        if symbol == self.base.symbol:
            return self.quote
        if symbol == self.quote.symbol:
            return self.base
        raise ValueError(f"{symbol} is not in the pool {self.base}/{self.quote}")

    def path(self, token_in: Erc20 | str) -> tuple[Address, Address]:
        """What a swap of `token_in` sells and buys, by address. Raises ValueError for a stranger."""
        bought = self.other(token_in)
        sold = self.base if bought is self.quote else self.quote
        return sold.address, bought.address

    def call_of(
        self, sender: Address, token_in: Erc20 | str, amount_in: int, least: int
    ) -> SwapCall:
        """A swap here as anybody can read it, of who sells `amount_in` wei for at least `least`."""
        return _make_swap_call(
            amount_in=amount_in,
            min_amount_out=least,
            path=self.path(token_in),
            recipient=sender,
            deadline=NO_DEADLINE,
        )

    def sides(self, token_in: Erc20 | str, reserves: Reserves | None = None) -> tuple[int, int]:
        """(reserve_in, reserve_out) for a swap of `token_in`; by the pool's own reserves unless given."""
        held = self.reserves() if reserves is None else reserves
        sells_base = self.other(token_in) is self.quote
        return (held.base, held.quote) if sells_base else (held.quote, held.base)


class Pool(TwoTokens):
    """A pool as people speak of it: base and quote instead of token0 and token1."""

    def __init__(
        self,
        address: Address,
        chain: Reader | None = None,
        *,
        base: Erc20,
        quote: Erc20,
        fee_bps: int,
        market: str = "",
    ) -> None:
        self.base = base
        self.quote = quote
        self.fee_bps = fee_bps
        self.market = market
        self.contract = Contract(pool_interface(), address, chain, name=market or "pool")
        self.base_is_token0 = int(base.address, 16) < int(quote.address, 16)

    @property
    def address(self) -> Address:
        """Where the pool lives; its LP token's address as well."""
        return self.contract.address

    def __repr__(self) -> str:
        return f"<pool {self.base}/{self.quote} at {self.address}>"

    def reserves(self) -> Reserves:
        """The reserves that the pool knows of."""
        reserve0, reserve1, _ = self.contract.read.getReserves()
        return self.oriented(reserve0, reserve1)

    def oriented(self, amount0: int, amount1: int) -> Reserves:
        """A pair in the ABI's order, as base and quote."""
        if self.base_is_token0:
            return make_reserves(amount0, amount1)
        return make_reserves(amount1, amount0)

    def mid(self) -> Fraction | None:
        """Quote wei per base wei, now; None for an empty pool."""
        held = self.reserves()
        return held.price if held.base else None

    def amount_out(self, *, token_in: Erc20 | str, amount_in: int) -> int:
        """What `amount_in` wei of `token_in` would give now, in wei of the other token."""
        return cpmm.amount_out(amount_in, *self.sides(token_in), self.fee_bps)

    @property
    def places(self) -> tuple[Address, ...]:
        """Where its tokens lie."""
        return (self.address,)

    @property
    def shares_are_tokens(self) -> bool:
        """Whether its shares are an ERC-20 token at its address: here they are."""
        return True

    def lp_balance(self, who: Account | Address) -> int:
        """LP tokens that an account holds, in wei."""
        return int(self.contract.read.balanceOf(who))

    def lp_supply(self) -> int:
        """All LP tokens, the locked minimum included, in wei."""
        return int(self.contract.read.totalSupply())

    def approve_lp(self, sender: Account | Address, *, spender: object, amount: int) -> Transaction:
        """Let `spender` take LP tokens."""
        return self.contract.write.approve(sender, spender, amount)  # type: ignore[no-any-return]

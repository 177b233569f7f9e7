"""A handle on a venue's router: the door that users take."""

from __future__ import annotations

from functools import cache, lru_cache

from dexsim.artifacts.abi import Function, Interface
from dexsim.artifacts.library import shipped
from dexsim.artifacts.word_codec import REMEMBERED, WORD
from dexsim.chain.accounts import Account, address_of
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, Transaction, make_transaction
from dexsim.market.contract import Contract
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import NO_DEADLINE, SwapCall, TwoTokens

__all__ = ["NO_DEADLINE", "Router", "SwapCall", "read_swap", "router_interface"]

SWAP = "swapExactTokensForTokens"
SWAP_GAS_LIMIT = 250_000
LIQUIDITY_GAS_LIMIT = 500_000


@cache
def router_interface() -> Interface:
    """The ABI of a Uniswap-v2 router."""
    return Interface(shipped("router").abi)


class Router:
    """Swaps and liquidity with limits and a deadline (seconds since 1970)."""

    def __init__(self, address: Address, chain: Reader | None = None) -> None:
        self.contract = Contract(router_interface(), address, chain, name="router")

    @property
    def address(self) -> Address:
        """Where the router lives; the spender to approve."""
        return self.contract.address

    def swap(
        self,
        sender: Account | Address,
        *,
        pool: TwoTokens,
        token_in: Erc20 | str,
        amount_in: int,
        min_amount_out: int,
        to: Account | Address | None = None,
        deadline: int = NO_DEADLINE,
        tip: int = 0,
        nonce: int | None = None,
    ) -> Transaction:
        """Sell exactly `amount_in` wei of `token_in`, or revert below `min_amount_out` wei.

        tip: wei per gas; nonce: None means the sender's next.
        """
        receiver = address_of(sender if to is None else to)
        return make_transaction(
            sender=address_of(sender),
            to=self.address,
            data=_swap_data(amount_in, min_amount_out, pool.path(token_in), receiver, deadline),
            gas_limit=SWAP_GAS_LIMIT,
            max_priority_fee_per_gas=tip,
            nonce=nonce,
            what=f"{self.contract.name}.{SWAP}",
        )

    def buy(
        self,
        sender: Account | Address,
        *,
        pool: TwoTokens,
        token_out: Erc20 | str,
        amount_out: int,
        max_amount_in: int,
        deadline: int = NO_DEADLINE,
    ) -> Transaction:
        """Buy exactly `amount_out` wei of `token_out`, or revert above `max_amount_in` wei."""
        token_in = pool.other(token_out)
        path = [token_in.address, pool.other(token_in).address]
        return self.contract.write.swapTokensForExactTokens(  # type: ignore[no-any-return]
            sender, amount_out, max_amount_in, path, sender, deadline, gas_limit=SWAP_GAS_LIMIT
        )

    def add_liquidity(
        self,
        sender: Account | Address,
        *,
        pool: TwoTokens,
        base_amount: int,
        quote_amount: int,
        min_base_amount: int = 0,
        min_quote_amount: int = 0,
        deadline: int = NO_DEADLINE,
    ) -> Transaction:
        """Put in up to these amounts (wei) at the pool's ratio; LP tokens go to the sender."""
        return self.contract.write.addLiquidity(  # type: ignore[no-any-return]
            sender,
            pool.base,
            pool.quote,
            base_amount,
            quote_amount,
            min_base_amount,
            min_quote_amount,
            sender,
            deadline,
            gas_limit=LIQUIDITY_GAS_LIMIT,
        )

    def remove_liquidity(
        self,
        sender: Account | Address,
        *,
        pool: TwoTokens,
        lp_amount: int,
        min_base_amount: int = 0,
        min_quote_amount: int = 0,
        deadline: int = NO_DEADLINE,
    ) -> Transaction:
        """Give back `lp_amount` wei of LP tokens; the router must be approved for them."""
        return self.contract.write.removeLiquidity(  # type: ignore[no-any-return]
            sender,
            pool.base,
            pool.quote,
            lp_amount,
            min_base_amount,
            min_quote_amount,
            sender,
            deadline,
            gas_limit=LIQUIDITY_GAS_LIMIT,
        )

    def approvals_to_leave(
        self, sender: Account | Address, *, pool: TwoTokens, lp_amount: int
    ) -> list[Transaction]:
        """What has to be allowed before so much liquidity can be taken out."""
        return [pool.approve_lp(sender, spender=self, amount=lp_amount)]


def _swap_data(
    amount_in: int, min_amount_out: int, path: tuple[Address, ...], receiver: Address, deadline: int
) -> bytes:
    """A swap's calldata. All but the two amounts is the same each time that somebody trades."""
    numbers = amount_in, min_amount_out, deadline
    if any(type(number) is not int or not 0 <= number < 2**256 for number in numbers):
        # The codec says why not. Nor may what equals an int, 1.0 or True, find its calldata below.
        return _swap_function().encode([amount_in, min_amount_out, path, receiver, deadline])
    words = [amount.to_bytes(WORD, "big") for amount in (amount_in, min_amount_out)]
    return b"".join([_swap_function().selector, *words, _swap_rest(path, receiver, deadline)])


@lru_cache(maxsize=REMEMBERED)
def _swap_rest(path: tuple[Address, ...], receiver: Address, deadline: int) -> bytes:
    """The arguments behind the two amounts."""
    return _swap_function().encode_arguments([0, 0, path, receiver, deadline])[2 * WORD :]


@cache
def _swap_function() -> Function:
    return router_interface().functions[SWAP][0]


def read_swap(tx: Transaction) -> SwapCall | None:
    """An exact-input swap in a transaction's data, or None for anything else."""
    function = _swap_function()
    if tx.data[:4] != function.selector:
        return None
    arguments = function.decode_arguments(tx.data[4:])
    if arguments is None:
        return None
    amount_in, min_amount_out, path, recipient, deadline = arguments
    return SwapCall(
        amount_in=amount_in,
        min_amount_out=min_amount_out,
        path=tuple(path),
        recipient=recipient,
        deadline=deadline,
    )

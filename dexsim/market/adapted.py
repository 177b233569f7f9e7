"""A pool of any shape as a market: what its adapter says, behind the words of `Pool` and `Router`."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from fractions import Fraction
from math import isqrt
from pathlib import Path
from typing import Any, TypeAlias

from dexsim import cpmm
from dexsim.chain.accounts import Account, address_of
from dexsim.chain.types import Address, Receipt, Transaction
from dexsim.errors import Reverted, ScenarioError
from dexsim.market.adapter import OpenedPool
from dexsim.market.erc20 import Erc20
from dexsim.market.flows import Flow, SwapAmounts, flows_of, swap_of
from dexsim.market.pool import NO_DEADLINE, Pool, Reserves, SwapCall, TwoTokens
from dexsim.market.router import Router

_OURS = Path(__file__).resolve().parent.parent
_PYTHON = Path(traceback.__file__).resolve().parent
_SMALL = 1_000_000
"""The price is asked with such a part of the reserves."""

_TOKEN_FUNCTIONS = {
    "allowance(address,address)",
    "approve(address,uint256)",
    "balanceOf(address)",
    "totalSupply()",
    "transfer(address,uint256)",
    "transferFrom(address,address,uint256)",
}


class AdapterFault(ScenarioError):
    """An adapter raised something, or answered what no adapter answers; the key says whose it is."""


class AdaptedPool(TwoTokens):
    """A pool that its adapter speaks for, as agents know pools.

    fee_bps: of a constant-product pool whose adapter says so; None: of no
    known shape, so that what it gives has to be asked.
    """

    def __init__(self, opened: OpenedPool, *, market: str) -> None:
        self.base, self.quote = opened.tokens
        self.market = market
        self.contract = opened.contract
        self.fee_bps = _fee_of(opened.adapter, market)
        self.door = AdaptedDoor(self)
        self._opened = opened

    @property
    def address(self) -> Address:
        """Where the pool lives."""
        return self.contract.address

    def __repr__(self) -> str:
        return f"<pool {self.base}/{self.quote} at {self.address}>"

    @property
    def places(self) -> tuple[Address, ...]:
        """Where its tokens lie: the pool itself, and what the adapter names in `held_at`."""
        held_at = getattr(self._opened.adapter, "held_at", None)
        return (self.address,) if held_at is None else (self.address, address_of(held_at))

    @property
    def shares_are_tokens(self) -> bool:
        """Whether its shares are an ERC-20 token at its address, by its ABI."""
        functions = self.contract.interface.functions.values()
        return {each.signature for named in functions for each in named} >= _TOKEN_FUNCTIONS

    def reserves(self) -> Reserves:
        """What the pool holds, by its adapter."""
        answer = self.ask("reserves")
        if not isinstance(answer, tuple) or len(answer) != 2 or not all(map(_is_wei, answer)):
            raise self.fault(f"reserves() returned {answer!r}, not two ints in wei")
        return Reserves(*answer)

    def amount_out(self, *, token_in: Erc20 | str, amount_in: int) -> int:
        """What `amount_in` wei of `token_in` would give now. Raises Reverted where the pool refuses."""
        if self.fee_bps is not None:
            return cpmm.amount_out(amount_in, *self.sides(token_in), self.fee_bps)
        answer = self.ask("quote", self.token(token_in), amount_in, refusable=True)
        if not _is_wei(answer):
            raise self.fault(f"quote() returned {answer!r}, not an int in wei")
        return int(answer)

    def mid(self) -> Fraction | None:
        """Quote wei per base wei, now; None for an empty pool.

        Of a pool of no known shape: the geometric mean of what a millionth of
        the reserves sells and buys at, which a fee leaves in its place; to nine
        digits. Where that cannot be asked, the ratio of the reserves.
        """
        held = self.reserves()
        if not held.base:
            return None
        if self.fee_bps is not None:
            return held.price
        base, quote = max(1, held.base // _SMALL), max(1, held.quote // _SMALL)
        try:
            sold = self.amount_out(token_in=self.base, amount_in=base)
            bought = self.amount_out(token_in=self.quote, amount_in=quote)
        except Reverted:
            return held.price
        return _root(Fraction(sold * quote, base * bought)) if sold and bought else held.price

    def lp_balance(self, who: Account | Address) -> int:
        """Shares that an account holds."""
        answer = self.ask("shares", who)
        if not _is_wei(answer):
            raise self.fault(f"shares() returned {answer!r}, not an int")
        return int(answer)

    def approve_lp(self, sender: Account | Address, *, spender: object, amount: int) -> Transaction:
        """Let `spender` take shares. Raises ScenarioError where they are no token."""
        if not self.shares_are_tokens:
            raise ScenarioError(
                f"shares of {self.market} are no ERC-20 token: nobody can take them"
            )
        return self.contract.write.approve(sender, spender, amount)  # type: ignore[no-any-return]

    def check_opened(self) -> None:
        """Raises AdapterFault for a pool that has nothing after its first liquidity."""
        held = self.reserves()
        if not held.base or not held.quote:
            raise self.fault(
                f"after the first add() reserves() are {held.base} and {held.quote} wei"
            )

    def approvals(self, sender: Account | Address) -> Sequence[Transaction]:
        """What an account has to allow before it trades here."""
        with self._speaking("approvals"):
            return [self._checked("approvals", tx) for tx in self._opened.approvals(sender)]

    def read_swap(self, tx: Transaction) -> SwapCall | None:
        """A swap in a transaction that somebody wrote, where the adapter can read its own."""
        if getattr(self._opened.adapter, "read_swap", None) is None:
            return None
        answer = self.ask("read_swap", tx)
        if answer is None:
            return None
        try:
            token_in, amount_in, least = answer
            return self.call_of(tx.sender, self.token(token_in), amount_in, least)
        except (TypeError, ValueError):
            problem = f"read_swap() returned {answer!r}, not (token_in, amount_in, min_amount_out)"
            raise self.fault(problem) from None

    def flow(self, receipt: Receipt) -> Flow:
        """What a transaction's sender paid to the pool and got from it."""
        return flows_of(receipt, self, self.places)

    def swap_in(self, receipt: Receipt) -> SwapAmounts | None:
        """The swap that a transaction was here, by the tokens' own events."""
        return swap_of(self.flow(receipt), self)

    def token(self, token: Erc20 | str) -> Erc20:
        """One of the two, as the adapter was given it. Raises ValueError for a stranger."""
        return self.other(self.other(token))

    def describe(self, name: str, *args: Any) -> Transaction:
        """What the adapter says does it. Raises AdapterFault for anything but a transaction."""
        return self._checked(name, self.ask(name, *args))

    def ask(self, name: str, *args: Any, refusable: bool = False) -> Any:
        """The adapter's own answer. refusable: whether a revert is an answer too."""
        with self._speaking(name, refusable=refusable):
            return getattr(self._opened.adapter, name)(*args)

    def _checked(self, name: str, tx: object) -> Transaction:
        if not isinstance(tx, Transaction):
            raise self.fault(f"{name}() returned {tx!r}, not a transaction")
        return tx

    @contextmanager
    def _speaking(self, name: str, *, refusable: bool = False) -> Iterator[None]:
        reading_only = getattr(self.contract.chain, "reading_only", None)
        closed = reading_only(f"the adapter of market {self.market!r}") if reading_only else None
        try:
            with closed or nullcontext():
                yield
        except AdapterFault:
            raise
        except Reverted as error:
            if refusable:
                raise
            raise self.fault(f"{name}() {told(error)}") from error
        except (Exception, SystemExit) as error:
            raise self.fault(f"{name}() {told(error)}") from error

    def fault(self, problem: str) -> AdapterFault:
        """A complaint about the adapter, with its key."""
        return AdapterFault(problem, key=f"world.markets.{self.market}.adapter")


class AdaptedDoor:
    """The words of a `Router` for an adapted pool; each is one transaction of the adapter's."""

    def __init__(self, pool: AdaptedPool) -> None:
        self._pool = pool

    @property
    def address(self) -> Address:
        """The pool itself: there is nobody in between."""
        return self._pool.address

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
        """Sell exactly `amount_in` wei of `token_in`, or revert below `min_amount_out` wei."""
        if to is not None and address_of(to) != address_of(sender):
            raise self._cannot("pay a swap out to somebody else")
        self._no_deadline(deadline)
        mine = self._of(pool)
        tx = mine.describe("swap", sender, mine.token(token_in), amount_in, min_amount_out)
        return tx.changed(max_priority_fee_per_gas=tip, nonce=nonce)

    def buy(self, sender: Account | Address, **_: object) -> Transaction:
        """Raises ScenarioError: an adapter sells exact inputs only."""
        raise self._cannot("buy an exact output")

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
        """Put in up to these amounts; the lower limits are not the adapter's to hold, and ignored."""
        self._no_deadline(deadline)
        return self._of(pool).describe("add", sender, base_amount, quote_amount)

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
        """Give back so many shares; lower limits are ignored, as in `add_liquidity`."""
        self._no_deadline(deadline)
        return self._of(pool).describe("remove", sender, lp_amount)

    def approvals_to_leave(
        self, sender: Account | Address, *, pool: TwoTokens, lp_amount: int
    ) -> list[Transaction]:
        """Nothing: the pool knows whose shares they are."""
        return []

    def _of(self, pool: TwoTokens) -> AdaptedPool:
        if pool is not self._pool:
            raise ValueError(f"{pool!r} is not behind this door, {self._pool!r} is")
        return self._pool

    def _no_deadline(self, deadline: int) -> None:
        if deadline != NO_DEADLINE:
            raise self._cannot("keep a deadline")

    def _cannot(self, what: str) -> ScenarioError:
        problem = f"the adapter of market {self._pool.market!r} has no words to {what}"
        return ScenarioError(problem, key=f"world.markets.{self._pool.market}.adapter")


AnyPool: TypeAlias = Pool | AdaptedPool
"""A market's pool: dexsim's own or a pair like it, or one behind an adapter."""

Door: TypeAlias = Router | AdaptedDoor
"""Where its users go."""


def told(error: BaseException) -> str:
    """An error in somebody's own file, in one line: type, place, message."""
    place = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if not any(Path(frame.filename).is_relative_to(folder) for folder in (_OURS, _PYTHON)):
            place = f" at {frame.filename}:{frame.lineno}"
    return f"raised {type(error).__name__}{place}: {error}"


def _fee_of(adapter: object, market: str) -> int | None:
    fee = getattr(adapter, "fee_bps", None)
    if fee is None or (_is_wei(fee) and fee <= 1_000):
        return fee
    raise AdapterFault(
        f"fee_bps is {fee!r}, not 0 to 1000 basis points", key=f"world.markets.{market}.adapter"
    )


def _is_wei(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _root(value: Fraction) -> Fraction:
    """The square root to nine significant digits or more, by integers alone."""
    scale = 10**18
    top = value.numerator * scale * scale // value.denominator
    return Fraction(isqrt(top), scale) if top >= scale else 1 / _root(1 / value)

"""What people want, and what they send: orders, bundles, and both as they wait for a block.

An `Order` is what is replayed under another market structure; a `Transaction`
is what a mechanism makes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from fractions import Fraction
from typing import Literal, TypeAlias, get_args

from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction
from dexsim.errors import AmountTypeError, ScenarioError
from dexsim.market.router import SwapCall

Visibility: TypeAlias = Literal["public", "private"]
"""Who can read a waiting transaction: everybody, or its sender and the builder alone."""

Convention: TypeAlias = Literal["share", "v2-sdk"]
"""How slippage becomes a minimum: quote * (1 - s), or quote / (1 + s) as older Uniswap v2 SDKs have it."""


@dataclass(frozen=True)
class Order:
    """Somebody wants to sell `amount_in` wei of `token_in` in a market.

    token_in: symbol, or a token's handle. slippage_bps: how far below the
    quote at the block's start the result may lie; min_amount_out (wei), where
    given, is the limit instead. arrival_ms: when it was made; None means now.
    tip: wei per gas for the builder.
    """

    account: Account
    _: KW_ONLY
    market: str
    token_in: str
    amount_in: int
    slippage_bps: int = 50
    convention: Convention = "share"
    min_amount_out: int | None = None
    arrival_ms: int | None = None
    tip: int = 0
    visibility: Visibility = "public"

    def __post_init__(self) -> None:
        object.__setattr__(self, "token_in", str(self.token_in))
        if not isinstance(self.account, Account):
            raise ScenarioError(
                f"an order is somebody's account, not {self.account!r}", key="account"
            )
        for name in ("amount_in", "slippage_bps", "tip", "min_amount_out", "arrival_ms"):
            _check_whole(name, getattr(self, name))
        if self.amount_in == 0:
            raise ScenarioError("an order sells something: 0 wei", key="amount_in")
        if self.slippage_bps > 10_000:
            raise ScenarioError(
                f"0 to 10 000 basis points, not {self.slippage_bps}", key="slippage_bps"
            )
        _check_choice("visibility", self.visibility, get_args(Visibility))
        _check_choice("convention", self.convention, get_args(Convention))


_BOUNDS = {"tip": 2**63, "arrival_ms": 2**63}
_MOST = 10**38
"""What a wei column of the tables can hold, and more than there is of anything."""


def _check_whole(name: str, value: object) -> None:
    """An int from 0 up to what the tables hold, or None where there may be none."""
    if value is None and name in {"min_amount_out", "arrival_ms"}:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise AmountTypeError(f"an order's {name} is an int in wei, not {value!r}", key=name)
    most = _BOUNDS.get(name, _MOST)
    if not 0 <= value < most:
        raise ScenarioError(f"0 to {most - 1}, not {value}", key=name)


def _check_choice(name: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise ScenarioError(f"one of {', '.join(allowed)}, not {value!r}", key=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A transaction that waits for a block.

    id: in order of submission, unique in a run. swap: the swap that anybody
    can read in its data, if it is one; market: where it swaps, if that is one
    pool. order: what it came from; quoted_out: what that order would have given
    when it was taken in, in wei; mid_quoted: quote wei per base wei then.
    submitted_block: the first block that could hold it.
    """

    id: int
    tx: Transaction
    agent: str
    role: str
    arrival_ms: int
    submitted_block: int
    visibility: Visibility = "public"
    order: Order | None = None
    swap: SwapCall | None = None
    quoted_out: int | None = None
    market: str | None = None
    mid_quoted: Fraction | None = None

    def tip(self, base_fee: int) -> int:
        """Wei per gas for the builder."""
        return self.tx.effective_tip(base_fee)


@dataclass(frozen=True, kw_only=True)
class SandwichLabel:
    """Ground truth from the searcher's side: what a bundle is meant to be.

    Indices of the legs in the bundle; amounts in wei of the token named.
    """

    market: str
    token: str
    frontrun: int
    victims: tuple[int, ...]
    backrun: int
    expected_profit: int


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """An ordered list that lands whole or not at all.

    legs: transactions of the searcher's own, and pending ones that it saw.
    may_revert: indices of legs whose revert does not void the bundle.
    """

    legs: tuple[Transaction | Pending, ...]
    may_revert: frozenset[int] = frozenset()
    label: SandwichLabel | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "legs", tuple(self.legs))
        if not self.legs:
            raise ScenarioError("a bundle holds at least one transaction", key="legs")
        for leg in self.legs:
            if not isinstance(leg, Transaction | Pending):
                raise ScenarioError(
                    f"a leg is a transaction or a pending one, not {leg!r}", key="legs"
                )
        if self.label is not None:
            self._check_label(self.label)

    def _check_label(self, label: SandwichLabel) -> None:
        """Own legs at both ends, somebody else's between them."""
        places = [label.frontrun, *label.victims, label.backrun]
        if not label.victims or not all(0 <= place < len(self.legs) for place in places):
            raise ScenarioError(f"legs {places} of a bundle of {len(self.legs)}", key="label")
        if any(isinstance(self.legs[place], Transaction) for place in label.victims):
            raise ScenarioError("a victim is a pending transaction of somebody else", key="label")

    @property
    def own(self) -> tuple[Transaction, ...]:
        """The searcher's own transactions."""
        return tuple(leg for leg in self.legs if isinstance(leg, Transaction))

    @property
    def taken(self) -> tuple[Pending, ...]:
        """Other people's transactions in it."""
        return tuple(leg for leg in self.legs if isinstance(leg, Pending))


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingBundle:
    """A bundle that waits for the block which is being built."""

    id: int
    bundle: Bundle
    agent: str
    role: str
    arrival_ms: int
    submitted_block: int

    def tip(self, base_fee: int) -> int:
        """Wei per gas of the searcher's own legs, weighted by gas limit, rounded down."""
        own = self.bundle.own
        gas = sum(tx.gas_limit for tx in own)
        return sum(tx.effective_tip(base_fee) * tx.gas_limit for tx in own) // gas if gas else 0


Entry: TypeAlias = Pending | PendingBundle
"""What a mechanism puts in order."""

Wish: TypeAlias = Order | Transaction | Bundle
"""What an agent may yield."""

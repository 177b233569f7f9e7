"""What people want, and how they send it.

An `Order` is what is replayed under another market structure; a `Transaction`
is what a mechanism makes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Literal, TypeAlias, get_args

from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction
from dexsim.errors import AmountTypeError, ScenarioError
from dexsim.making import constructor

Visibility: TypeAlias = Literal["public", "private", "hint", "encrypted"]
"""Who can read a waiting transaction.

public: everybody. private: its sender, and the builders it was sent to. hint: others learn no more
than the mechanism tells of it (`Hint`). encrypted: nobody but its sender, builders neither, until
its place is fixed.
"""

Convention: TypeAlias = Literal["share", "v2-sdk"]
"""How slippage becomes a minimum: quote * (1 - s), or quote / (1 + s) as older Uniswap v2 SDKs have it."""


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody wants to sell `amount_in` wei of `token_in` in a market.

    token_in: symbol, or a token's handle. slippage_bps: how far below the
    quote at the block's start the result may lie; min_amount_out (wei), where
    given, is the limit instead. arrival_ms: when it was made; None means now.
    tip: wei per gas for the builder. builders: to whom it goes where it is not
    public; all, without a name. expires_ms: when it is withdrawn if no block has
    held it, Unix milliseconds. nonce: None means the sender's next; an order with
    the nonce of a waiting one replaces it, if it bids enough more.
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
    builders: tuple[str, ...] = ()
    expires_ms: int | None = None
    nonce: int | None = None

    def __post_init__(self) -> None:
        if type(self.token_in) is not str:
            object.__setattr__(self, "token_in", str(self.token_in))
        if not isinstance(self.account, Account):
            raise ScenarioError(
                f"an order is somebody's account, not {self.account!r}", key="account"
            )
        for name, most, may_be_open in _WHOLE:
            value = getattr(self, name)
            plain = type(value) is int and 0 <= value < most
            if not plain and not (may_be_open and value is None):
                _check_whole(name, value)
        if self.amount_in == 0:
            raise ScenarioError("an order sells something: 0 wei", key="amount_in")
        if self.slippage_bps > 10_000:
            raise ScenarioError(
                f"0 to 10 000 basis points, not {self.slippage_bps}", key="slippage_bps"
            )
        check_audience(self.visibility, self.builders)
        _check_choice("convention", self.convention, _CONVENTIONS)


make_order = constructor(Order)
"""`Order(...)`, only faster."""


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A transaction of one's own, and who may read it while it waits; see `Order` for the fields."""

    transaction: Transaction
    visibility: Visibility = "public"
    builders: tuple[str, ...] = ()
    expires_ms: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.transaction, Transaction):
            raise ScenarioError(
                f"a submission is of a transaction, not {self.transaction!r}", key="transaction"
            )
        check_audience(self.visibility, self.builders)
        _check_whole("expires_ms", self.expires_ms)


def check_audience(visibility: str, builders: Sequence[str]) -> None:
    """Raises ScenarioError for a visibility that there is not, or builders where everybody reads."""
    _check_choice("visibility", visibility, _VISIBILITIES)
    if isinstance(builders, str):
        raise ScenarioError(f"a tuple of names, not {builders!r}", key="builders")
    if builders and visibility == "public":
        raise ScenarioError("what is public goes to every builder", key="builders")


_VISIBILITIES, _CONVENTIONS = get_args(Visibility), get_args(Convention)
_NUMBERS = (
    "amount_in",
    "slippage_bps",
    "tip",
    "min_amount_out",
    "arrival_ms",
    "expires_ms",
    "nonce",
)
_MAY_BE_OPEN = {"min_amount_out", "arrival_ms", "expires_ms", "nonce"}
_BOUNDS = {"tip": 2**63, "arrival_ms": 2**63, "expires_ms": 2**63, "nonce": 2**63}
_MOST = 10**38
"""What a wei column of the tables can hold, and more than there is of anything."""
_WHOLE = tuple((name, _BOUNDS.get(name, _MOST), name in _MAY_BE_OPEN) for name in _NUMBERS)


def _check_whole(name: str, value: object) -> None:
    """An int from 0 up to what the tables hold, or None where there may be none."""
    if value is None and name in _MAY_BE_OPEN:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise AmountTypeError(f"an order's {name} is an int in wei, not {value!r}", key=name)
    most = _BOUNDS.get(name, _MOST)
    if not 0 <= value < most:
        raise ScenarioError(f"0 to {most - 1}, not {value}", key=name)


def _check_choice(name: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise ScenarioError(f"one of {', '.join(allowed)}, not {value!r}", key=name)

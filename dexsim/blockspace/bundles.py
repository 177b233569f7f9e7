"""Bundles: atomic lists that land whole or not at all, as `eth_sendBundle` has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dexsim.blockspace.labels import Label
from dexsim.blockspace.orders import Order, Submission
from dexsim.blockspace.pending import Hint, Pending
from dexsim.chain.types import Transaction
from dexsim.errors import ScenarioError

MOST_LEGS = 100
MOST_BYTES = 300_000
"""What relays take (docs.flashbots.net, eth_sendBundle)."""

Leg: TypeAlias = Transaction | Pending | Hint


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """An ordered list that lands whole or not at all.

    legs: transactions of the searcher's own, and pending ones that it saw, or of
    which it had a hint. may_revert: indices of legs whose revert does not void
    the bundle. block: the only block that may hold it; None means the one that
    is being built. min_timestamp, max_timestamp: seconds since 1970 that the
    block's may not lie outside. builders: who gets it; all, without a name.
    """

    legs: tuple[Leg, ...]
    may_revert: frozenset[int] = frozenset()
    label: Label | None = None
    block: int | None = None
    min_timestamp: int | None = None
    max_timestamp: int | None = None
    builders: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "legs", tuple(self.legs))
        object.__setattr__(self, "may_revert", frozenset(self.may_revert))
        self._check_legs()
        if isinstance(self.builders, str):
            raise ScenarioError(f"a tuple of names, not {self.builders!r}", key="builders")
        outside = [index for index in self.may_revert if not 0 <= index < len(self.legs)]
        if outside:
            raise ScenarioError(f"legs {outside} of {len(self.legs)}", key="may_revert")
        if self.label is not None:
            _check_label(self.legs, self.label)

    def _check_legs(self) -> None:
        if not 0 < len(self.legs) <= MOST_LEGS:
            raise ScenarioError(
                f"a bundle holds 1 to {MOST_LEGS} transactions, not {len(self.legs)}", key="legs"
            )
        for leg in self.legs:
            if not isinstance(leg, Transaction | Pending | Hint):
                raise ScenarioError(
                    f"a leg is a transaction, a pending one or a hint, not {leg!r}", key="legs"
                )
        size = sum(len(leg.data) for leg in self.own)
        if size > MOST_BYTES:
            raise ScenarioError(f"{size:,} bytes of data; at most {MOST_BYTES:,}", key="legs")

    @property
    def own(self) -> tuple[Transaction, ...]:
        """The searcher's own transactions."""
        return tuple(leg for leg in self.legs if isinstance(leg, Transaction))

    @property
    def taken(self) -> tuple[Pending | Hint, ...]:
        """Other people's transactions in it."""
        return tuple(leg for leg in self.legs if not isinstance(leg, Transaction))


@dataclass(frozen=True, kw_only=True)
class Unbundled:
    """An attack whose own legs go into the public mempool one by one, and compete by their tips.

    Nothing holds them together: any of them can land elsewhere, alone, or revert, and pays its gas.
    What the block that is being built does not hold is withdrawn.
    legs, label: as in a `Bundle`; others' transactions are named as victims, and stay where they are.
    """

    legs: tuple[Leg, ...]
    label: Label

    def __post_init__(self) -> None:
        object.__setattr__(self, "legs", tuple(self.legs))
        _check_label(self.legs, self.label)

    @property
    def own(self) -> tuple[Transaction, ...]:
        """The searcher's own transactions."""
        return tuple(leg for leg in self.legs if isinstance(leg, Transaction))

    @property
    def taken(self) -> tuple[Pending | Hint, ...]:
        """Other people's transactions among the legs."""
        return tuple(leg for leg in self.legs if not isinstance(leg, Transaction))


def _check_label(legs: Sequence[Leg], label: Label) -> None:
    """Own legs where the label says so, somebody else's as victims."""
    places = [*label.own, *label.victims]
    if not all(0 <= place < len(legs) for place in places):
        raise ScenarioError(f"legs {places} of a bundle of {len(legs)}", key="label")
    if not label.victims and label.kind != "backrun":
        raise ScenarioError(f"a {label.kind} has victims", key="label")
    if any(isinstance(legs[place], Transaction) for place in label.victims):
        raise ScenarioError("a victim is a pending transaction of somebody else", key="label")


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingBundle:
    """A bundle that waits for its block. block: its number."""

    id: int
    bundle: Bundle
    agent: str
    role: str
    arrival_ms: int
    submitted_block: int
    block: int

    def tip(self, base_fee: int) -> int:
        """Wei per gas of the searcher's own legs, weighted by gas limit, rounded down."""
        own = self.bundle.own
        gas = sum(tx.gas_limit for tx in own)
        return sum(tx.effective_tip(base_fee) * tx.gas_limit for tx in own) // gas if gas else 0

    def goes_to(self, builder: str) -> bool:
        """Whether a builder has it."""
        return not self.bundle.builders or builder in self.bundle.builders

    def is_timely(self, timestamp: int) -> bool:
        """Whether a block of this time, in seconds, may hold it."""
        first, last = self.bundle.min_timestamp, self.bundle.max_timestamp
        return (first is None or timestamp >= first) and (last is None or timestamp <= last)


Entry: TypeAlias = Pending | PendingBundle
"""What a mechanism puts in order."""

Wish: TypeAlias = Order | Transaction | Submission | Bundle | Unbundled
"""What an agent may yield."""

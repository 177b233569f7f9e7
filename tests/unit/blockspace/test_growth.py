"""How the work of putting a block in order grows with what waits."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import Any

import pytest

from dexsim.blockspace.mechanisms import CommitReveal, Fifo, Manual, Priority, Private
from dexsim.chain.accounts import Account
from dexsim.streams import Streams
from tests.unit.blockspace.waiting import pending, transfer


@dataclass
class Compared:
    """Numbers that count how often they are compared."""

    count: int = 0


class Counted(int):
    """An arrival time that tells on who compares it."""

    book: Compared

    def __lt__(self, other: int) -> bool:
        self.book.count += 1
        return int(self) < int(other)

    def __eq__(self, other: object) -> bool:
        self.book.count += 1
        return int(self) == other

    __hash__ = int.__hash__


def comparisons(mechanism: Any, count: int) -> int:
    """How often arrivals are compared to put so many transactions of a quarter as many senders in order."""
    book = Compared()
    entries = []
    for number in range(count):
        time = Counted(number * 7919 % count)
        time.book = book
        sender = Account.named(str(number % (count // 4)))
        entries.append(pending(number, transfer(sender), arrival=time))
    book.count = 0
    placed = mechanism.sequence(entries, base_fee=0, rng=Streams(1).generator("order"))
    assert len(placed) == count
    return book.count


@pytest.mark.parametrize(
    "mechanism",
    [Fifo(), Priority(), Private(), CommitReveal(), Manual(order=("a", "b"))],
    ids=lambda each: each.kind,
)
def test_putting_in_order_grows_no_faster_than_n_log_n(mechanism: Any) -> None:
    small, large = 256, 4096
    growth = comparisons(mechanism, large) / comparisons(mechanism, small)
    assert growth <= 1.25 * (large * log2(large)) / (small * log2(small))

"""A pool and the oracle that watches it, as the oracle's tests use them again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dexsim.chain.accounts import Account
from dexsim.market.contract import Contract

ALICE = Account.named("alice")
E18 = 10**18
Q112 = 2**112
HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True)
class Watched:
    """An oracle over the pool of a `Dex` (tests/contracts/conftest.py)."""

    dex: Any
    oracle: Contract

    @classmethod
    def over(cls, dex: Any, window: int, periods: int) -> Watched:
        """A new oracle, at the beginning of a window; the pool has 5 and 10 tokens since then."""
        watched = cls(dex, dex.deploy("oracle_window", dex.factory, window, periods))
        watched.reach((dex.now() // window + 1) * window)
        dex.add(5 * E18, 10 * E18)
        return watched

    @property
    def pair(self) -> tuple[Any, Any]:
        """The two tokens in the pool's order."""
        return self.dex.token0, self.dex.token1

    def reach(self, timestamp: int) -> None:
        """Wait until then."""
        self.dex.wait(timestamp - self.dex.now())

    def give(self, *amounts: int) -> None:
        """Tokens into the reserves."""
        self.dex.pay(*amounts)
        self.dex.send(self.dex.pool.write.sync(ALICE))

    def update(self) -> bool:
        """Whether it wrote; what it says and its events agree."""
        receipt = self.dex.send(self.oracle.write.update(ALICE, *self.pair))
        wrote = bool(int.from_bytes(receipt.output, "big"))
        assert len(self.oracle.events(receipt)) == wrote
        return wrote

    def kept(self, place: int) -> tuple[int, int, int]:
        """The observation at a place: time and both sums."""
        answer: tuple[int, int, int] = self.oracle.read.observation(*self.pair, place)
        return answer

    def history(self) -> tuple[int, int, int]:
        """How many observations of the window, and the ages of the oldest and the newest."""
        answer: tuple[int, int, int] = self.oracle.read.history(*self.pair)
        return answer

    def consult(self, amount: int = 100) -> tuple[int, int]:
        """The worth of an amount of token0, and of the same of token1."""
        token0, token1 = self.pair
        ask = self.oracle.read.consult
        return ask(token0, amount, token1), ask(token1, amount, token0)

    def average(self) -> tuple[int, int, int]:
        """The average prices of token0 and token1, and their span."""
        token0, token1 = self.pair
        average0, span = self.oracle.read.average_price(token0, token1)
        average1, span1 = self.oracle.read.average_price(token1, token0)
        assert span == span1
        return average0, average1, span

"""Where operations are written: the state of the published exchange, and a die."""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import log2

from dexsim.errors import Reverted
from tests.differential.exchange import PEOPLE, TAX_BPS, Exchange

MAX_RESERVE = 2**112 - 1
FOREVER = 2**256 - 1
CORNERS = (
    *(0, 1, 2, 3, 999, 1000, 1001),
    *(MAX_RESERVE - 1, MAX_RESERVE, MAX_RESERVE + 1, 2**128),
    *(2**255, FOREVER // 1000, FOREVER // 997, FOREVER - 1, FOREVER),
)
LONG_WAITS = (2**31, 2**32 - 1, 2**32, 2**32 + 7)


@dataclass(frozen=True)
class View:
    """A pool as it is: what it counts (reserves), what it holds, and its liquidity."""

    name: str
    tokens: tuple[str, str]
    reserves: tuple[int, int]
    balances: tuple[int, int]
    supply: int

    @property
    def room(self) -> tuple[int, int]:
        """What still fits below 2**112."""
        return (
            max(MAX_RESERVE - self.balances[0], 0),
            max(MAX_RESERVE - self.balances[1], 0),
        )

    @property
    def deep(self) -> bool:
        """Whether there is something to trade."""
        return self.supply > 0 and min(self.reserves) > 1000

    def side(self, token: str) -> int:
        """0 or 1."""
        return self.tokens.index(token)


class Desk:
    """What every kind of operation is written with. The same seed writes the same operations."""

    def __init__(self, theirs: Exchange, seed: str) -> None:
        self.theirs = theirs
        self.rng = random.Random(seed)

    def wrong(self, share: float = 0.15) -> bool:
        """Whether this operation is to be refused."""
        return self.rng.random() < share

    def person(self) -> str:
        """Somebody."""
        return self.rng.choice(PEOPLE)

    def amount(self, top: int, least: int = 1) -> int:
        """From `least` to `top`, every order of magnitude as likely as the next."""
        if top <= least:
            return least
        drawn = int(2 ** self.rng.uniform(log2(least), log2(top)))
        return min(max(drawn, least), top)

    def wild(self) -> int:
        """Any amount, corners more often than others."""
        return self.rng.choice(CORNERS) if self.wrong(0.5) else self.amount(FOREVER)

    def wait(self) -> int:
        """Seconds until the next operation; sometimes beyond what 32 bits hold."""
        kind = self.rng.random()
        if kind < 0.4:
            return 0
        if kind < 0.97:
            return self.amount(100_000)
        return self.rng.choice(LONG_WAITS)

    def deadline(self, wait: int, *, late: bool = False) -> int:
        """One that the operation keeps, the last second included; or one just missed."""
        then = self.theirs.now + wait
        return then - 1 if late else self.rng.choice((then, then + 1, FOREVER))

    # --- pools ----------------------------------------------------------------

    def view(self, name: str) -> View:
        """A pool's state now."""
        ask = self.theirs.ask
        first, second = name.split("/")
        reserve0, reserve1, _ = ask(name, "getReserves")
        held = tuple(ask(token, "balanceOf", name) for token in (first, second))
        return View(name, (first, second), (reserve0, reserve1), held, ask(name, "totalSupply"))

    def pools(self) -> list[str]:
        """Pools of tokens that exist."""
        return [name for name in self.theirs.pools if "0x" not in name]

    def pool(self) -> View:
        """One that has something in it, most often."""
        if self.wrong(0.03):
            return self.view(self.rng.choice(self.pools()))
        return self._deep(self.pools()) or self.view(self.rng.choice(self.pools()))

    def pool_of(self, token: str) -> View | None:
        """A deep pool of this token."""
        return self._deep([name for name in self.pools() if token in name.split("/")])

    def _deep(self, names: list[str]) -> View | None:
        shuffled = self.rng.sample(names, len(names))
        return next((view for view in map(self.view, shuffled) if view.deep), None)

    def holder(self, pool: str, least: int) -> tuple[str, int]:
        """Somebody with that much of a pool's liquidity where there is one, and how much."""
        people = self.rng.sample(PEOPLE, len(PEOPLE))
        holdings = [(each, self.theirs.balance(pool, each)) for each in people]
        return next((each for each in holdings if each[1] >= least), holdings[0])

    def quoted(self, function: str, amount: int, path: list[str]) -> list[int]:
        """getAmountsOut or getAmountsIn, [] where it refuses."""
        try:
            return list(self.theirs.ask("router", function, amount, path))
        except Reverted:
            return []

    def fee_on(self) -> bool:
        """Whether the protocol takes its share."""
        return int(self.theirs.ask("factory", "feeTo"), 16) != 0


def gross(token: str, net: int) -> int:
    """What has to be sent so that at least `net` arrives."""
    return net * 10_000 // (10_000 - TAX_BPS) + 1 if token == "taxed" else net


def net(token: str, sent: int) -> int:
    """What arrives of what was sent."""
    return sent - sent * TAX_BPS // 10_000 if token == "taxed" else sent


def best_output(paid: int, reserve_in: int, reserve_out: int) -> int:
    """The most that a pool gives: 3/1000 of what was paid stay out of the product."""
    return paid * 997 * reserve_out // (reserve_in * 1000 + paid * 997)


def least_input(out: int, reserve_in: int, reserve_out: int) -> int:
    """Enough to be given `out`."""
    return reserve_in * out * 1000 // ((reserve_out - out) * 997) + 1


def ceiling(a: int, b: int) -> int:
    """a / b, rounded up."""
    return -(-a // b)

"""Liquidity for one swap: put in before it, taken out behind it, in integers.

Of a pool X, Y let somebody own the part w after a deposit, and a victim sell v, marked at P wei of
the second token per wei of the first. What the deposit gains is

    w*(v*P - g*v*Y/(X + g*v*(1 - w))),

w of the victim's input, less w of what it is paid. With u = 1 - w, which is the old liquidity's part,
it is greatest where (1 + g*d*u)^2 = (Y/(X*P))*g*(1 + g*d), d = v/X; at the mid P = Y/X that is at u =
(sqrt(g*(1 + g*d)) - 1)/(g*d), and only for d above (1/g - 1)/g = 0.30181 % (30 bps) it is above 0; below,
more liquidity always gains more. Derived here from x*y = k.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

from dexsim.cpmm.integer_search import first_best, peak
from dexsim.cpmm.swaps import MAX_RESERVE, fee_fraction
from dexsim.errors import ScenarioError
from dexsim.units import Bps, Wei, check_wei

EXACT_UP_TO = 2**12
"""Reserves, shares and victims up to here are searched to the end."""

_STEPS = 512  # intervals looked at beyond that
_NEAR = 64  # shares, and deposits of either token, tried on either side of the real optimum's
_DIGITS = 128  # fraction bits of the real optimum


@dataclass(frozen=True, slots=True)
class JustInTime:
    """A deposit, the victim's output, and what is taken out, in wei; all 0 where none gains.

    liquidity: shares that are minted, and burned. profit: input token, at the price given,
    rounded down, before the cost.
    """

    amount_in: Wei
    amount_out: Wei
    liquidity: Wei
    victim_out: Wei
    back_in: Wei
    back_out: Wei
    profit: int


@dataclass(frozen=True, slots=True)
class JitPool:
    """A pool as a victim's swap finds it: reserves, shares, what is sold, and the least to be paid.

    The pool's fee to its protocol is off: nothing else is minted in between.
    """

    x: Wei
    y: Wei
    supply: Wei
    victim_in: Wei
    victim_min_out: Wei = 0
    fee_bps: Bps = 30

    def __post_init__(self) -> None:
        for name in ("x", "y", "supply", "victim_in"):
            if check_wei(getattr(self, name), name) == 0:
                raise ScenarioError(f"{name} is 0; liquidity just in time needs a pool and a swap")
        check_wei(self.victim_min_out, "victim_min_out")

    def deposit(self, shares: int) -> tuple[int, int]:
        """The least that mints so many shares."""
        return -(-shares * self.x // self.supply), -(-shares * self.y // self.supply)

    def minted(self, a: int, b: int) -> int:
        """What a deposit mints."""
        return min(a * self.supply // self.x, b * self.supply // self.y)

    def victim_out(self, a: int, b: int) -> int:
        """What the victim is paid behind a deposit."""
        n, d = fee_fraction(self.fee_bps)
        fed = self.victim_in * n
        return fed * (self.y + b) // ((self.x + a) * d + fed)

    def played(self, shares: int) -> tuple[int, int, int, int, int, int]:
        """(deposits, shares minted, victim's output, amounts taken out) for at least so many shares."""
        a, b = self.deposit(shares)
        minted = self.minted(a, b)
        paid = self.victim_out(a, b)
        whole = self.supply + minted
        back_a = minted * (self.x + a + self.victim_in) // whole
        return a, b, minted, paid, back_a, minted * (self.y + b - paid) // whole


def optimal_jit(
    pool: JitPool,
    price_num: int,
    price_den: int,
    *,
    cost: Wei = 0,
    max_in: Wei | None = None,
    max_out: Wei | None = None,
) -> JustInTime:
    """The deposit just in time of greatest profit; of equals the one of fewest shares.

    The price is `price_num / price_den` wei of the token that the victim gets per wei of the one that it
    sells; deposits are the least that mint their shares. cost: of gas and all, wei of the token sold:
    what gains no more is not worth it. max_in, max_out: the most there is of each.
    The victim passes its limit, or nothing is put in. Exact where reserves, shares and victim are at
    most 2**12 wei, with limits of as much; beyond, less than two wei of each token are lost to
    rounding against the real optimum. Raises `ScenarioError` for an empty pool, no swap, or a price of 0.
    """
    for name, value in (("price_num", price_num), ("price_den", price_den)):
        if check_wei(value, name) == 0:
            raise ScenarioError(f"{name} is 0; a price is a fraction of two positive integers")
    search = _Search(pool, price_num, price_den, _most_shares(pool, max_in, max_out))
    best = search.best()
    profit = search.score(best) // price_num if best else 0
    if profit <= check_wei(cost, "cost"):
        return JustInTime(0, 0, 0, 0, 0, 0, 0)
    return JustInTime(*pool.played(best), profit)


def _most_shares(pool: JitPool, max_in: int | None, max_out: int | None) -> int:
    """How many shares the capital buys, and the reserves can hold."""
    room_a, room_b = MAX_RESERVE - pool.x - pool.victim_in, MAX_RESERVE - pool.y
    a = room_a if max_in is None else min(room_a, check_wei(max_in, "max_in"))
    b = room_b if max_out is None else min(room_b, check_wei(max_out, "max_out"))
    return max(0, min(a * pool.supply // pool.x, b * pool.supply // pool.y))


class _Search:
    def __init__(self, pool: JitPool, num: int, den: int, most: int) -> None:
        self._pool, self._num, self._den, self._most = pool, num, den, most

    def score(self, shares: int) -> int:
        """The profit of so many shares, in units of both sides of the price."""
        if shares == 0:
            return 0
        a, b, _, paid, back_a, back_b = self._pool.played(shares)
        if paid < max(1, self._pool.victim_min_out) or not (back_a and back_b):
            return -1
        return (back_a - a) * self._num + (back_b - b) * self._den

    def best(self) -> int:
        """The fewest shares of greatest score."""
        start = max(self._near(), key=lambda shares: (self.score(shares), -shares))
        return first_best(self.score, self._bound, 0, self._most, start, self._steps())

    def _steps(self) -> int | None:
        pool = self._pool
        largest = max(pool.x, pool.y, pool.supply, pool.victim_in, self._most)
        return None if largest <= EXACT_UP_TO else _STEPS

    def _bound(self, low: int, high: int) -> int:
        """At least every score in low..high: what comes back rises in the shares, each part by itself."""
        a, b = self._pool.deposit(low)
        *_, back_a, back_b = self._pool.played(high) if high else (0, 0)
        return max(0, (back_a - a) * self._num + (back_b - b) * self._den)

    def _near(self) -> set[int]:
        """Shares around the real optimum, and those that deposits around its own mint."""
        pool, middle = self._pool, self._real_peak()
        a, b = pool.deposit(middle)
        found = {0, self._most, middle, peak(self.score, 0, self._most)}
        for step in range(-_NEAR, _NEAR + 1):
            found |= {
                middle + step,
                (a + step) * pool.supply // pool.x,
                (b + step) * pool.supply // pool.y,
            }
        return {shares for shares in found if 0 <= shares <= self._most}

    def _real_peak(self) -> int:
        """Shares at the real optimum, rounded down, within what can be had."""
        pool = self._pool
        n, d = fee_fraction(pool.fee_bps)
        fed, deep = pool.victim_in * n, pool.x * d
        over = n * pool.y * self._den * (deep + fed) << (2 * _DIGITS)
        root = isqrt(over // (d * pool.x * self._num * deep))
        beyond = root - (1 << _DIGITS)  # g*d*u
        if beyond <= 0:
            return self._most
        old = beyond * deep  # u = old/whole
        whole = fed << _DIGITS
        return min(self._most, max(0, pool.supply * (whole - old) // old))

"""The sandwich in integers: how far a victim can be pushed, and which front-run pays most.

What "optimal" means. Profit in whole wei is not unimodal in the input and ties are common, so
the optimum is the smallest input among those of greatest integer profit.

Why few inputs have to be tried. Let o be what the front-run pays out and a(o) the smallest
input that buys o.
(1) For the same o a larger input cannot gain: one more wei in the pool raises what the back-run
    gets by less than one wei, and the victim's output, which can only fall, leaves more of the
    other token in the pool. So only inputs a(o) are candidates.
(2) Rounding only takes. Compared with the real curve P of `profit_curve` at the real number r
    that buys exactly o, the input a(o) is rounded up, and both the victim's output and the
    back-run's output are rounded down; each of the three lowers the attacker's profit. Hence
    profit(a(o)) <= P(r): a candidate can reach L only where P reaches L.
(3) {P >= L} is an interval, in closed form. With L the best profit known, every better candidate
    lies in it; each improvement narrows it. When the candidates of the interval are exhausted,
    from the smallest up, the first of the greatest profit is the optimum. This is a proof, and
    it also covers a binding slippage limit, because the victim's output falls in the input:
    the allowed inputs are 0..`max_frontrun`.

How wide the interval is. Let a be the real optimum under the limit, rounded down, X' = X + a + v,
Y' what the pool holds of the other token after the victim, o the front-run's output, u = v/X.
Rounding o and the victim's output, less than 1 each, costs the back-run at most
2*X'/(Y' + g*o); its own rounding costs less than 1; rounding the optimum down to a costs at most
P'(0) = g^2*(1+u)*(1+g*u) - 1, because P is concave where it rises. Therefore

    P(optimum) - bound < profit(a) <= best profit <= P(optimum),
    bound = 1 + 2*X'/(Y' + g*o) + max(0, g^2*(1+u)*(1+g*u) - 1).

Derived here from x*y = k.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isqrt

from dexsim.cpmm.profit_curve import ProfitCurve
from dexsim.cpmm.sandwich_bound import can_gain
from dexsim.cpmm.swaps import MAX_RESERVE, fee_fraction
from dexsim.units import Bps, Wei, check_wei

EXACT_UP_TO = 2**20  # reserves and victim up to here: always searched to the end
_STEPS = 4_096  # candidates that are always affordable, whatever the size of the pool
_NEAR = 16  # candidates tried on either side of a promising input
_PLATEAUS = 96  # outputs of the victim tried on either side of the one at the optimum


@dataclass(frozen=True, slots=True)
class Frontrun:
    """A sandwich: what each leg takes in and pays out, in wei.

    frontrun_in and backrun_out are the pool's input token, frontrun_out and victim_out the other;
    the back-run sells all of frontrun_out. profit = backrun_out - frontrun_in - cost; zero
    means do not attack, and then everything is zero except what the victim gets undisturbed.
    """

    frontrun_in: Wei
    frontrun_out: Wei
    victim_out: Wei
    backrun_out: Wei
    profit: int


def max_frontrun(
    victim_in: Wei, victim_min_out: Wei, reserve_in: Wei, reserve_out: Wei, fee_bps: Bps = 30
) -> Wei:
    """The largest front-run after which the victim still gets `victim_min_out`; exact.

    One wei more makes the victim's swap fail: by its limit, by an output of nothing (which the
    pool refuses, so that a limit of 0 counts as 1), or by a reserve above 2**112 - 1.
    0 also where the victim's swap fails undisturbed.
    """
    return _Pool.of(victim_in, victim_min_out, reserve_in, reserve_out, fee_bps).limit()


def optimal_frontrun(  # noqa: PLR0917 - the fee and the cost have defaults
    victim_in: Wei,
    victim_min_out: Wei,
    reserve_in: Wei,
    reserve_out: Wei,
    fee_bps: Bps = 30,
    cost: Wei = 0,
    *,
    max_in: Wei | None = None,
) -> Frontrun:
    """The most profitable sandwich of one victim: the smallest input of greatest integer profit.

    cost: what the attack costs besides (gas, tip), in wei of the input token. max_in: the most
    that the attacker can put in; None: no limit of its own. Where no input
    has a positive profit, or the victim's swap fails undisturbed (then victim_out is 0), the
    answer says do not attack.

    Exact where reserves and victim are at most 2**20 wei, and wherever at most a few thousand
    inputs can hold the optimum: always when the victim's slippage limit binds clearly.
    Beyond that, profit is at most the optimum over the reals under the same limit, more than that
    less the `bound` of this module's text (a few wei where the two reserves are of one
    size), and never below an integer ternary search over 0..`max_frontrun`, which is run too.

    Raises `ScenarioError` or `AmountTypeError` for what a uint256 cannot hold and for a fee
    outside 0..1000 bps.
    """
    check_wei(cost, "cost")
    if max_in is not None:
        check_wei(max_in, "max_in")
    pool = _Pool.of(victim_in, victim_min_out, reserve_in, reserve_out, fee_bps)
    if not pool.victim_passes(0):
        return Frontrun(0, 0, 0, 0, 0)
    victims = [(victim_in, victim_min_out)]
    pays = can_gain(cost + 1, victims, reserve_in, reserve_out, fee_bps)
    best = _best_input(pool, cost, max_in) if pays else 0
    if best:
        bought, victim_out, back = pool.sandwich(best)
        return Frontrun(best, bought, victim_out, back, back - best - cost)
    return Frontrun(0, 0, pool.victim_out(0), 0, 0)


@dataclass(frozen=True, slots=True)
class _Pool:
    """A pool with a pending victim; executes the three legs exactly as the contracts do."""

    x: int
    y: int
    victim: int
    min_out: int
    n: int
    d: int

    @classmethod
    def of(cls, victim_in: int, min_out: int, x: int, y: int, fee_bps: int) -> _Pool:
        n, d = fee_fraction(fee_bps)
        check_wei(victim_in, "victim_in")
        check_wei(min_out, "victim_min_out")
        check_wei(x, "reserve_in")
        check_wei(y, "reserve_out")
        return cls(x, y, victim_in, max(1, min_out), n, d)

    def bought(self, a: int) -> int:
        """What a front-run of `a` pays out."""
        fed = a * self.n
        return fed * self.y // (self.x * self.d + fed)

    def input_for(self, o: int) -> int:
        """The smallest front-run that pays out at least `o`, which is below the reserve."""
        return -(-self.x * self.d * o // (self.n * (self.y - o)))

    def victim_out(self, a: int) -> int:
        """What the victim gets after a front-run of `a`; falls in `a`."""
        fed = self.victim * self.n
        return fed * (self.y - self.bought(a)) // ((self.x + a) * self.d + fed)

    def victim_passes(self, a: int) -> bool:
        if not (self.x and self.y and self.victim):
            return False
        if self.x + a + self.victim > MAX_RESERVE or self.y > MAX_RESERVE:
            return False
        return self.victim_out(a) >= self.min_out

    def limit(self) -> int:
        """The largest front-run that lets the victim pass, by bisection; 0 where none does."""
        low, high = 0, max(1, MAX_RESERVE - self.x - self.victim + 1)
        while high - low > 1:
            middle = (low + high) // 2
            if self.victim_passes(middle):
                low = middle
            else:
                high = middle
        return low

    def sandwich(self, a: int) -> tuple[int, int, int]:
        """(front-run's output, victim's output, back-run's output)."""
        n, d = self.n, self.d
        fed = a * n
        o = fed * self.y // (self.x * d + fed)
        fed = self.victim * n
        q = fed * (self.y - o) // ((self.x + a) * d + fed)
        fed = o * n
        return o, q, fed * (self.x + a + self.victim) // ((self.y - o - q) * d + fed)

    def gain(self, a: int) -> int:
        """What the back-run returns beyond the front-run's input."""
        return self.sandwich(a)[2] - a

    def plateau_end(self, q: int) -> int:
        """The largest real front-run that leaves the victim `q` without rounding, rounded down.

        Root of (X*d + a*n) * ((X + a)*d + v*n) = v*n*X*Y*d / q.
        """
        n, d, x = self.n, self.d, self.x
        after = x * d + self.victim * n
        linear = x * d * d + after * n
        constant = x * d * after - self.victim * n * x * self.y * d // q
        return max(0, (isqrt(linear * linear - 4 * n * d * constant) - linear) // (2 * n * d))


def _best_input(pool: _Pool, cost: int, max_in: int | None) -> int:
    """The optimal front-run, or 0 where none gains more than `cost`."""
    curve = ProfitCurve.of(pool.victim, pool.x, pool.n, pool.d)
    if curve.at_least(cost + 1) is None:
        return 0
    limit = pool.limit() if max_in is None else min(pool.limit(), max_in)
    peak = curve.peak()
    start = limit if peak is None else min(peak, limit)
    best = _best_of(pool, _near(pool, start, limit))
    if not _affordable(pool, curve, max(cost + 1, pool.gain(best)), limit):
        best = _best_of(pool, [best, *_far(pool, start, limit)])
    level = max(cost + 1, pool.gain(best))
    if _affordable(pool, curve, level, limit):
        return _first_best(pool, curve, level, limit)
    return best if pool.gain(best) > cost else 0


def _best_of(pool: _Pool, inputs: list[int]) -> int:
    """Of the inputs (never empty) the one of greatest gain, the smallest of equals."""
    return max(inputs, key=lambda a: (pool.gain(a), -a))


def _affordable(pool: _Pool, curve: ProfitCurve, level: int, limit: int) -> bool:
    """Whether the candidates that may reach `level` are few enough to try all of them."""
    if max(pool.x, pool.y, pool.victim) <= EXACT_UP_TO:
        return True
    low, high = _window(curve, level, limit)
    return min(high - low, pool.bought(max(0, high)) - pool.bought(low)) <= _STEPS


def _window(curve: ProfitCurve, level: int, limit: int) -> tuple[int, int]:
    """Bounds of the candidates that may gain `level`: ceil(r) of the real r where P reaches it."""
    window = curve.at_least(level)
    if window is None:
        return 0, -1
    low, high = window
    return max(0, low), limit if high is None else min(high, limit)


def _first_best(pool: _Pool, curve: ProfitCurve, level: int, limit: int) -> int:
    """The smallest input of the greatest gain that is at least `level`; 0 where none reaches it."""
    best = 0
    low, high = _window(curve, level, limit)
    o = max(1, pool.bought(low))
    while o < pool.y and (a := pool.input_for(o)) <= high:
        bought, _, back = pool.sandwich(a)
        o = bought + 1
        if back - a >= level:
            best, level = a, back - a + 1
            low, high = _window(curve, level, limit)
            o = max(o, pool.bought(low))
    return best


def _near(pool: _Pool, start: int, limit: int) -> list[int]:
    """Candidates around `start`, by output and by input; all within 0..limit."""
    o = pool.bought(start)
    outputs = range(max(1, o - _NEAR), min(o + _NEAR, pool.y - 1) + 1)
    inputs = {pool.input_for(output) for output in outputs}
    inputs.update(
        pool.input_for(pool.bought(a)) for a in range(start - _NEAR, start + _NEAR) if a > 0
    )
    return [0, *(a for a in inputs if a <= limit)]


def _far(pool: _Pool, start: int, limit: int) -> list[int]:
    """Candidates where little is lost to rounding, and those that a ternary search finds."""
    found = set(_plateau_ends(pool, start))
    for left_on_tie in (False, True):
        found.update(_ternary(pool.gain, limit, left_on_tie=left_on_tie))
    return [a for a in found if a <= limit]


def _plateau_ends(pool: _Pool, start: int) -> Iterator[int]:
    """The last candidates before the victim's output drops, for outputs near that at `start`.

    While the victim's output stays the same, profit rises with the input around the optimum:
    what a wei more costs the attacker there is the victim's falling output.
    """
    here = pool.victim_out(start)
    for q in range(max(pool.min_out, here - _PLATEAUS), here + _PLATEAUS):
        o = max(1, pool.bought(pool.plateau_end(q)))
        yield from (pool.input_for(output) for output in range(o, min(o + 2, pool.y - 1)))


def _ternary(gain: Callable[[int], int], limit: int, *, left_on_tie: bool) -> range:
    """The last three inputs of an integer ternary search for the greatest gain in 0..limit."""
    low, high = 0, limit
    while high - low > 2:
        third = (high - low) // 3
        left, right = gain(low + third), gain(high - third)
        if left < right or (left == right and not left_on_tie):
            low += third
        else:
            high -= third
    return range(low, high + 1)

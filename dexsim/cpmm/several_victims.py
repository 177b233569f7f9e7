"""A sandwich around several victims that swap one after the other, in integers.

Candidates are the smallest inputs a(o) that buy o, as for one victim: with the same o, one more
wei leaves no less of the other token after every victim, and raises what the back-run gets by
less than one wei. Between two outputs o1 <= o2 nothing gains more than

    backrun(o2, X + a(o2) + sum v, the other reserve after victims that start at
            (X + a(o1), Y - o2)) - a(o1),

because the other reserve after a swap rises in both reserves before it, rounded or not. With
this bound the search of `integer_search` is a proof. Derived here from x*y = k.

With several victims a limit need not fail for ever: what rounding takes from one victim may give
the next a wei more. The feasible range therefore ends before the FIRST input that makes a victim
fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from dexsim.cpmm.integer_search import first_best, peak
from dexsim.cpmm.sandwich import EXACT_UP_TO, Frontrun
from dexsim.cpmm.sandwich_bound import can_gain
from dexsim.cpmm.swaps import MAX_RESERVE, fee_fraction
from dexsim.units import Bps, Wei, check_wei

Victim = tuple[Wei, Wei]

CHOICE_EXACT_UP_TO = 6  # victims of which all subsets are tried
_STEPS = 256  # intervals looked at in a pool that is too large to be searched to the end
_NEAR = 16  # outputs tried on either side of a promising one
_FINE = 256  # fraction bits of the pool in which the real peak is sought


@dataclass(frozen=True, slots=True)
class FrontrunMany(Frontrun):
    """A `Frontrun` of several victims: victim_out is the sum of `victim_outs`, in wei."""

    victim_outs: tuple[Wei, ...]


def optimal_frontrun_many(  # noqa: PLR0917 - the order of `optimal_frontrun`
    victims: Sequence[Victim],
    reserve_in: Wei,
    reserve_out: Wei,
    fee_bps: Bps = 30,
    cost: Wei = 0,
    max_in: Wei | None = None,
) -> FrontrunMany:
    """The most profitable sandwich of all `victims`: the smallest input of greatest profit.

    victims: (victim_in, victim_min_out) in the order of execution, between the two legs. cost and
    max_in: as in `optimal_frontrun`, wei of the input token. Where nothing gains, or a victim
    fails undisturbed (then all outputs are 0), the answer says do not attack.

    Exact where reserves and victims are at most 2**20 wei. Beyond that never below an integer
    ternary search over the feasible range, and, where the real profit has a single peak, more
    than the real optimum less 1 + (1 + m)*X'/(Y' + g*o) + max(0, P'(0)): the bound of
    `sandwich`, with m victims rounded instead of one.
    Raises as `optimal_frontrun`.
    """
    check_wei(cost, "cost")
    pool = _Pool.of(victims, reserve_in, reserve_out, fee_bps)
    if not victims or not pool.passes(0, 0):
        return FrontrunMany(0, 0, 0, 0, 0, (0,) * len(victims))
    most = MAX_RESERVE if max_in is None else check_wei(max_in, "max_in")
    pays = can_gain(cost + 1, victims, reserve_in, reserve_out, fee_bps)
    a = _best_input(pool, min(pool.limit(), most)) if pays else 0
    outs = pool.outs(a)
    gain = pool.gain(a)
    if gain <= cost:
        outs = pool.outs(0)
        return FrontrunMany(0, 0, sum(outs), 0, 0, outs)
    return FrontrunMany(a, pool.bought(a), sum(outs), gain + a, gain - cost, outs)


def choose_victims(  # noqa: PLR0917 - the order of `optimal_frontrun`
    victims: Sequence[Victim],
    reserve_in: Wei,
    reserve_out: Wei,
    fee_bps: Bps = 30,
    cost: Wei = 0,
    max_in: Wei | None = None,
) -> tuple[tuple[int, ...], FrontrunMany]:
    """Which of `victims` to sandwich together: (their indices, in order; the sandwich of them).

    All subsets are compared for up to 6 victims: of those of greatest profit the one with the
    fewest victims, then the first. Above, greedy: from no victim on, the one that raises profit
    most is put in (the first of equals) until none raises it; its profit is at least that of
    the best single victim, and nothing more is promised. () where no sandwich gains.
    A victim left out is taken not to swap between the legs. Raises as `optimal_frontrun_many`.
    """

    def of(chosen: Sequence[int]) -> FrontrunMany:
        picked = [victims[i] for i in chosen]
        return optimal_frontrun_many(picked, reserve_in, reserve_out, fee_bps, cost, max_in)

    def can_reach(profit: int, chosen: Sequence[int]) -> bool:
        picked = [victims[i] for i in chosen]
        return can_gain(cost + profit, picked, reserve_in, reserve_out, fee_bps)

    everyone = range(len(victims))
    best: tuple[tuple[int, ...], FrontrunMany] = (), of(())
    if len(victims) <= CHOICE_EXACT_UP_TO:
        subsets = [s for size in everyone for s in combinations(everyone, size + 1)]
        # From the largest: it mostly pays most, and then the others need not be solved.
        for subset in reversed(subsets):
            least = best[1].profit if best[0] else 1
            if can_reach(least, subset) and (found := of(subset)).profit >= least:
                best = subset, found
        return best
    while len(best[0]) < len(victims):
        wider = [tuple(sorted((*best[0], i))) for i in everyone if i not in best[0]]
        widest = max(((s, of(s)) for s in wider), key=lambda found: found[1].profit)
        if widest[1].profit <= best[1].profit:
            break
        best = widest
    return best


@dataclass(frozen=True, slots=True)
class _Pool:
    """A pool with pending victims; executes the legs exactly as the contracts do.

    A search asks `most` and `passes` some hundred times, so that both have all legs written out;
    `paid` is the swap that stands in them.
    """

    x: int
    y: int
    victims: tuple[Victim, ...]
    n: int
    d: int
    sold: int
    """What the victims sell together."""

    @classmethod
    def of(cls, victims: Sequence[Victim], x: int, y: int, fee_bps: int) -> _Pool:
        n, d = fee_fraction(fee_bps)
        for amount, least in victims:
            check_wei(amount, "victim_in")
            check_wei(least, "victim_min_out")
        check_wei(x, "reserve_in")
        check_wei(y, "reserve_out")
        sold = sum(v for v, _ in victims)
        return cls(x, y, tuple((v, max(1, least)) for v, least in victims), n, d, sold)

    def scaled(self, bits: int) -> _Pool:
        """The same pool in units of 2**-bits wei, in which rounding all but vanishes."""
        victims = tuple((v << bits, least) for v, least in self.victims)
        return _Pool(self.x << bits, self.y << bits, victims, self.n, self.d, self.sold << bits)

    def paid(self, a: int, x: int, y: int) -> int:
        fed = a * self.n
        return fed * y // (x * self.d + fed) if fed else 0

    def bought(self, a: int) -> int:
        return self.paid(a, self.x, self.y)

    def input_for(self, o: int) -> int:
        """The smallest front-run that pays out at least `o`, which is below the reserve."""
        return -(-o * self.x * self.d // ((self.y - o) * self.n))

    def run(self, x: int, y: int) -> Iterator[int]:
        """What the victims get one after the other, from the reserves (x, y)."""
        for v, _ in self.victims:
            out = self.paid(v, x, y)
            yield out
            x, y = x + v, y - out

    def outs(self, a: int) -> tuple[int, ...]:
        return tuple(self.run(self.x + a, self.y - self.bought(a)))

    def most(self, low: int, high: int) -> int:
        """No front-run between the inputs (low, high) gains more; the gain itself if low == high."""
        n, d, y = self.n, self.d, self.y
        fed = high * n
        o = fed * y // (self.x * d + fed) if fed else 0
        x, left = self.x + low, y - o
        for v, _ in self.victims:  # v > 0, or it would not pass
            fed = v * n
            left -= fed * left // (x * d + fed)
            x += v
        fed = o * n
        return (fed * (self.x + high + self.sold) // (left * d + fed) if fed else 0) - low

    def gain(self, a: int) -> int:
        """What the back-run returns beyond the front-run's input."""
        return self.most(a, a)

    def passes(self, low: int, high: int) -> bool:
        """Whether every victim surely passes for all inputs low..high; exact if low == high."""
        n, d = self.n, self.d
        x, wide = self.x + low, self.x + high
        if wide + self.sold > MAX_RESERVE:
            return False
        y = self.y - self.bought(high)
        for v, least in self.victims:
            fed = v * n
            if not fed or fed * y // (wide * d + fed) < least:
                return False
            y -= fed * y // (x * d + fed)
            x, wide = x + v, wide + v
        return True

    def limit(self) -> int:
        """The input before the first that makes a victim fail; 0 itself passes."""
        low, high = 0, max(1, MAX_RESERVE - self.x + 1)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.passes(middle, middle) else (low, middle)
        steps = None if _is_small(self) else _STEPS
        open_ = [(0, low)]
        while open_ and steps != 0:
            steps = None if steps is None else steps - 1
            left, right = open_.pop()
            if left > right or self.passes(left, right):
                continue
            if left == right:
                return left - 1
            middle = (left + right) // 2
            open_ += [(middle + 1, right), (left, middle)]
        return low


def _is_small(pool: _Pool) -> bool:
    return max(pool.x, pool.y, *(v for v, _ in pool.victims)) <= EXACT_UP_TO


def _best_input(pool: _Pool, limit: int) -> int:
    """The optimum by what a front-run buys, from the best of several promising starts."""
    fine = pool.scaled(_FINE)
    starts = {peak(pool.gain, 0, limit), peak(lambda a: fine.gain(a << _FINE), 0, limit)}
    tried = {0, *starts}
    for start in starts:
        o = pool.bought(start)
        outputs = range(max(0, o - _NEAR), min(o + _NEAR, pool.y - 1) + 1)
        tried.update(a for a in map(pool.input_for, outputs) if a <= limit)
    best = max(tried, key=lambda a: (pool.gain(a), -a))
    # Of equal outputs the smallest input is never worse, so the optimum is one of input_for.
    found = first_best(
        lambda o: pool.gain(pool.input_for(o)),
        lambda low, high: pool.most(pool.input_for(low), pool.input_for(high)),
        0,
        pool.bought(limit),
        pool.bought(best),
        None if _is_small(pool) else _STEPS,
    )
    return pool.input_for(found)

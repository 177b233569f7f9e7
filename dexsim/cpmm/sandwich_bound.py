"""The most that any sandwich of some victims can gain, without looking for it.

By the victims' limits. Let the reserves be (X, Y) before the front-run, let the victims sell V
together and get at least L. The attacker sells all that it bought, so that the pool ends with
Y - (what the victims got), at most Y - L, of the one token, and with X + V - gain of the other.
No swap lowers the product of the reserves, rounded or not. Hence

    (X + V - gain) * (Y - L) >= X * Y,    gain <= X + V - ceil(X * Y / (Y - L)).

By the fees. Victims who sell V one after the other leave no less of the other token than one who
sells V at once: for two, (x + g*v)*(x + v + g*w) <= (x + v)*(x + g*v + g*w), because the difference
is g*v*w*(1 - g). What a front-run of `a` gains in integers is at most what one of r <= a gains over
the real numbers, where r buys what `a` buys: rounding leaves more with the pool, and a wei more
in the pool raises what the back-run gets by less than one. So nothing gains more than P(r), the
real `profit_curve` of one victim who sells V.

By both. A victim gets its minimum behind `a` only if it would get it over the real numbers behind r,
alone: who stands before it only takes from it. What it gets falls in r. So where the smallest r
at which P reaches a level is too large for some victim, every other one is.

Derived here from x*y = k.
"""

from __future__ import annotations

from collections.abc import Sequence

from dexsim.cpmm.profit_curve import ProfitCurve
from dexsim.cpmm.swaps import fee_fraction
from dexsim.units import Bps, Wei

Victim = tuple[Wei, Wei]


def most_gain(victims: Sequence[Victim], reserve_in: Wei, reserve_out: Wei) -> Wei:
    """What no sandwich of all `victims` gains more than, by their limits; 0 where none gains.

    victims: (victim_in, victim_min_out), in wei.
    """
    left = reserve_out - sum(max(1, least) for _, least in victims)
    if left <= 0:
        return 0  # they cannot all get what they ask for
    return max(0, reserve_in + _sold(victims) + -reserve_in * reserve_out // left)


def can_gain(
    level: Wei, victims: Sequence[Victim], reserve_in: Wei, reserve_out: Wei, fee_bps: Bps
) -> bool:
    """False where no sandwich of all `victims` gains `level` > 0 before its cost; True proves nothing."""
    if most_gain(victims, reserve_in, reserve_out) < level:
        return False
    n, d = fee_fraction(fee_bps)
    window = ProfitCurve.of(_sold(victims), reserve_in, n, d).at_least(level)
    if window is None:
        return False
    r = max(0, window[0])
    bought = reserve_in * d + r * n
    return all(
        amount * n * reserve_in * reserve_out * d
        >= max(1, least) * bought * ((reserve_in + r) * d + amount * n)
        for amount, least in victims
    )


def _sold(victims: Sequence[Victim]) -> int:
    return sum(amount for amount, _ in victims)

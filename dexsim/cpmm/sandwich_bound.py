"""The most that any sandwich can gain, from its victims' limits alone.

Let the reserves be (X, Y) before the front-run, let the victims sell V together and get at least
L. The attacker gets back what it bought, so that the pool ends with Y - (what the victims got),
at most Y - L, of the one token, and with X + V - gain of the other. No swap lowers the product of
the reserves, rounded or not. Hence (X + V - gain) * (Y - L) >= X * Y, and

    gain <= X + V - ceil(X * Y / (Y - L)).

Derived here from x*y = k.
"""

from __future__ import annotations

from collections.abc import Iterable

from dexsim.units import Wei


def most_gain(victims: Iterable[tuple[Wei, Wei]], reserve_in: Wei, reserve_out: Wei) -> Wei:
    """What no sandwich of all `victims` gains more than, before its cost; 0 where none gains.

    victims: (victim_in, victim_min_out), in wei.
    """
    sold, least = 0, 0
    for amount, wanted in victims:
        sold += amount
        least += max(1, wanted)
    left = reserve_out - least
    if left <= 0:
        return 0  # they cannot all get what they ask for
    return max(0, reserve_in + sold + -reserve_in * reserve_out // left)

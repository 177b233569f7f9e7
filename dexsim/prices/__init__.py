"""Outside prices and block clocks, drawn in continuous time, independent of each other.

`PRICE_KINDS` and `CLOCK_KINDS` name the built-in ones as scenario files do; anything that
satisfies `PriceProcess` or `BlockClock` can stand in their place.
"""

from __future__ import annotations

from dexsim.prices.clock import FixedClock, PoissonClock
from dexsim.prices.constant import Constant
from dexsim.prices.csv_prices import Csv
from dexsim.prices.gbm import Gbm
from dexsim.prices.jumps import JumpDiffusion
from dexsim.prices.kinds import PROCESSES
from dexsim.prices.ou import OrnsteinUhlenbeck
from dexsim.prices.process import BlockClock, PricePath, PriceProcess
from dexsim.prices.sessions import Sessions

PRICE_KINDS: dict[str, type[PriceProcess]] = {
    **PROCESSES,
    Sessions.kind: Sessions,
}
CLOCK_KINDS: dict[str, type[BlockClock]] = {
    FixedClock.kind: FixedClock,
    PoissonClock.kind: PoissonClock,
}

__all__ = [
    "CLOCK_KINDS",
    "PRICE_KINDS",
    "BlockClock",
    "Constant",
    "Csv",
    "FixedClock",
    "Gbm",
    "JumpDiffusion",
    "OrnsteinUhlenbeck",
    "PoissonClock",
    "PricePath",
    "PriceProcess",
    "Sessions",
]

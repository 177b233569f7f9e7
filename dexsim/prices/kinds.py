"""The processes by the names that files call them, but for those that wrap another one."""

from __future__ import annotations

from dexsim.prices.constant import Constant
from dexsim.prices.csv_prices import Csv
from dexsim.prices.gbm import Gbm
from dexsim.prices.jumps import JumpDiffusion
from dexsim.prices.ou import OrnsteinUhlenbeck
from dexsim.prices.process import PriceProcess

PROCESSES: dict[str, type[PriceProcess]] = {
    made.kind: made for made in (Gbm, JumpDiffusion, OrnsteinUhlenbeck, Constant, Csv)
}

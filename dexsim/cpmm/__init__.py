"""The arithmetic of the x*y = k pool, in integers, equal to the contracts to the wei.

Pure functions: no chain, no state. Amounts and reserves are wei. `closed_forms` holds the same
economics over the real numbers, for experiments to compare with.
"""

from __future__ import annotations

from dexsim.cpmm.just_in_time import JitPool, JustInTime, optimal_jit
from dexsim.cpmm.liquidity import (
    MINIMUM_LIQUIDITY,
    liquidity_burned,
    liquidity_minted,
    protocol_fee,
)
from dexsim.cpmm.outside_price import arbitrage
from dexsim.cpmm.price_moves import move_price
from dexsim.cpmm.routes import Cycle, least_input, optimal_cycle
from dexsim.cpmm.routing import cheapest_split, optimal_split
from dexsim.cpmm.safe_slippage import break_even_slippage_bps, immune_amount
from dexsim.cpmm.sandwich import Frontrun, max_frontrun, optimal_frontrun
from dexsim.cpmm.sequencing import greedy_sequence, is_greedy_sequence
from dexsim.cpmm.several_victims import FrontrunMany, choose_victims, optimal_frontrun_many
from dexsim.cpmm.swaps import (
    MAX_FEE_BPS,
    MAX_RESERVE,
    amount_in,
    amount_out,
    fee_fraction,
    minimum_out,
    minimum_out_v2_sdk,
    quote,
    swap,
)

__all__ = [
    "MAX_FEE_BPS",
    "MAX_RESERVE",
    "MINIMUM_LIQUIDITY",
    "Cycle",
    "Frontrun",
    "FrontrunMany",
    "JitPool",
    "JustInTime",
    "amount_in",
    "amount_out",
    "arbitrage",
    "break_even_slippage_bps",
    "cheapest_split",
    "choose_victims",
    "fee_fraction",
    "greedy_sequence",
    "immune_amount",
    "is_greedy_sequence",
    "least_input",
    "liquidity_burned",
    "liquidity_minted",
    "max_frontrun",
    "minimum_out",
    "minimum_out_v2_sdk",
    "move_price",
    "optimal_cycle",
    "optimal_frontrun",
    "optimal_frontrun_many",
    "optimal_jit",
    "optimal_split",
    "protocol_fee",
    "quote",
    "swap",
]

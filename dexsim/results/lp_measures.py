"""What is measured of liquidity: the parts of its profit, and what it was paid."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from dexsim.results.lp_incentives import sold
from dexsim.results.lp_parts import LpParts, lp_parts, walked
from dexsim.results.tvl import ZERO, staked_at, tvl_at, value_days

if TYPE_CHECKING:
    from dexsim.results.arm import Arm

Measure: TypeAlias = "Callable[[Arm], float]"

_DAYS_A_YEAR = 365
_SECONDS_A_YEAR = 86_400 * _DAYS_A_YEAR
_BPS = 10_000
_NONE = float("nan")


def lp_exposure(arm: Arm) -> float:
    """The market part of all liquidity: price moves on what pools held, in the numeraire."""
    return _sum(arm, lambda parts: parts.exposure)


def lp_fees(arm: Arm) -> float:
    """What swaps left to all liquidity as fee, in the numeraire at their block's prices."""
    return _sum(arm, lambda parts: parts.fees)


def lp_lvr(arm: Arm) -> float:
    """Loss-versus-rebalancing of all liquidity: what swaps took beyond fees; below zero: brought."""
    return _sum(arm, lambda parts: parts.lvr)


def lp_lvr_to_arbitrage(arm: Arm) -> float:
    """The part of `lp_lvr` that arbitrageurs took."""
    return _sum(arm, lambda parts: parts.lvr_to_arbitrage)


def lp_other(arm: Arm) -> float:
    """Changes of all liquidity's value that no trade brought: donations, rounding, protocol fee.

    Of pools behind adapters fees and LVR are in it too: their steps are not known.
    """
    return _sum(arm, lambda parts: parts.other + parts.trading)


def lp_incentives(arm: Arm) -> float:
    """Rewards that stakers earned, at the price of the block in which they did."""
    return _sum(arm, lambda parts: parts.rewards.at_market)


def lp_incentives_cashed_out(arm: Arm) -> float:
    """What stakers got for the rewards that they claimed and sold."""
    return _sum(arm, lambda parts: parts.rewards.cashed_out)


def lp_gas(arm: Arm) -> float:
    """Gas that was paid for the sake of liquidity, sales of rewards included."""
    return _sum(arm, lambda parts: parts.gas)


def lp_profit(arm: Arm) -> float:
    """exposure + fees - LVR + other + incentives at market - gas, of all liquidity.

    At each block's prices; `lp_gain` is at the end's, and against holding.
    """
    return _sum(arm, lambda parts: parts.profit)


def fee_apr(arm: Arm) -> float:
    """Fees a year for the value of all liquidity, in percent; pools behind adapters left out."""
    markets = {row["market"] for row in arm.at_block("pools", 0) if row["fee_bps"] is not None}
    return _a_year(lp_fees(arm), value_days(arm, lambda block: tvl_at(arm, block, markets)))


def reward_apr_advertised(arm: Arm) -> float:
    """What gauges promise: reward a year at its price for the value staked, in percent.

    The mean over the blocks with a stake; all gauges together.
    """
    rates = []
    for block in range(arm.last_block + 1):
        prices = arm.prices_at(block)
        rows = arm.at_block("gauges", block)
        paid = sum((row["rate"] * prices.get(row["reward"], ZERO) for row in rows), ZERO)
        if value := staked_at(arm, block):
            rates.append(float(paid / value))
    return 100 * _SECONDS_A_YEAR * sum(rates) / len(rates) if rates else _NONE


def reward_apr_realised(arm: Arm) -> float:
    """What stakers got for sold rewards, a year, for the value staked over time, in percent."""
    staked = value_days(arm, lambda block: staked_at(arm, block))
    return _a_year(lp_incentives_cashed_out(arm), staked)


def reward_cost_bps_a_day(arm: Arm) -> float:
    """Rewards at market price for a dollar in the markets that have a gauge, bps a day."""
    return _cost(arm, lp_incentives(arm))


def reward_cost_bps_a_day_cashed_out(arm: Arm) -> float:
    """The same, with what sold rewards brought."""
    return _cost(arm, lp_incentives_cashed_out(arm))


def tvl_retained(arm: Arm) -> float:
    """Value in markets with gauges after emissions stop, in percent of that before.

    The mean over the blocks after the stop, to the mean over as many before it
    (fewer where there were fewer). NaN where nothing was emitted or it never stopped.
    """
    return _retained(arm, lambda block: tvl_at(arm, block, _paid(arm)))


def volume_retained(arm: Arm) -> float:
    """What swaps sold in markets with gauges, after emissions stop: as `tvl_retained`."""
    return _retained(arm, lambda block: _volume(arm, block))


def wash_share(arm: Arm) -> float:
    """Volume that swappers traded with their own liquidity, in percent of all.

    Each swap counts with the share of the pool's liquidity that its sender had
    at that moment: so much of the fee it paid to itself. Behind adapters, the
    share at the end of the block before.
    """
    own = sum(done.own_volume for done in arm.kept(walked).values())
    total = sum(done.volume for done in arm.kept(walked).values())
    return 100 * float(Fraction(own, total)) if total else _NONE


def rewards_sold_to_depth(arm: Arm) -> float:
    """S/E0: claimed rewards that were sold, for what pools held of them after the set-up.

    More than one reward: by their prices at that time.
    """
    depth = _depth(arm)
    prices = arm.prices_at(0)
    worth = sum((amount * prices[token] for token, amount in depth.items()), ZERO)
    sales = _sold(arm)
    done = sum((sales.get(token, ZERO) * prices[token] for token in depth), ZERO)
    return float(done / worth) if worth else _NONE


def rewards_sold_share(arm: Arm) -> float:
    """Rewards that were sold, in percent of all emitted; more than one reward: at the end's prices."""
    emitted = sum(
        (
            arm.value(row["reward"], row["emitted"])
            for row in arm.at_block("gauges", arm.last_block)
        ),
        ZERO,
    )
    done = sum((arm.value(token, amount) for token, amount in _sold(arm).items()), ZERO)
    return 100 * float(done / emitted) if emitted else _NONE


def reward_price_lost(arm: Arm) -> float:
    """What the first gauge's reward lost of its first price, in per cent; below 0 where it gained."""
    ratio = reward_price_ratio(arm)
    return _NONE if ratio is _NONE else 100 * (1 - ratio)


def reward_price_ratio(arm: Arm) -> float:
    """Price of the reward at the end for that after the set-up; of several: of what pools held."""
    depth, before = _depth(arm), arm.prices_at(0)
    was = sum((amount * before[token] for token, amount in depth.items()), ZERO)
    now = sum((arm.value(token, amount) for token, amount in depth.items()), ZERO)
    return float(now / was) if was else _NONE


def _sum(arm: Arm, part: Callable[[LpParts], Fraction]) -> float:
    return float(sum((part(parts) for parts in arm.kept(lp_parts)), ZERO))


def _a_year(amount: float, days: Fraction) -> float:
    return 100 * amount / float(days) * _DAYS_A_YEAR if days else _NONE


def _cost(arm: Arm, paid: float) -> float:
    days = value_days(arm, lambda block: tvl_at(arm, block, _paid(arm)))
    return _BPS * paid / float(days) if days else _NONE


def _paid(arm: Arm) -> set[str]:
    """Markets with a gauge."""
    return set(arm.about["gauges"].values())


def _volume(arm: Arm, block: int) -> Fraction:
    """What swaps sold in a block in markets with a gauge, in the numeraire at the block's prices."""
    markets, prices = _paid(arm), arm.prices_at(block)
    rows = [
        row
        for row in arm.at_block("swaps", block)
        if row["market"] in markets and row["kind"] != "fill"
    ]
    return sum((row["amount_in"] * prices.get(row["token_in"], ZERO) for row in rows), ZERO)


def _retained(arm: Arm, value_at: Callable[[int], Fraction]) -> float:
    """The mean after the stop for the mean before it, in percent."""
    paying = [row["block"] for row in arm.rows("gauges") if row["rate"]]
    last = max(paying, default=arm.last_block)
    after = range(last + 1, arm.last_block + 1)
    before = range(max(1, min(paying, default=0), last + 1 - len(after)), last + 1)
    if not after or not before:
        return _NONE
    was = sum(map(value_at, before), ZERO) / len(before)
    now = sum(map(value_at, after), ZERO) / len(after)
    return 100 * float(now / was) if was else _NONE


def _depth(arm: Arm) -> dict[str, int]:
    """What pools held of rewards after the set-up, in wei; of those that had a price."""
    rewards = {row["reward"] for row in arm.at_block("gauges", 0)} & set(arm.prices_at(0))
    found: dict[str, int] = {}
    for pool in arm.at_block("pools", 0):
        for side in ("base", "quote"):
            if pool[side] in rewards:
                found[pool[side]] = found.get(pool[side], 0) + pool[f"{side}_reserve"]
    return found


def _sold(arm: Arm) -> dict[str, Fraction]:
    """Claimed rewards that were sold, in wei by token."""
    found: dict[str, Fraction] = {}
    for (_, token), sale in arm.kept(sold).items():
        found[token] = found.get(token, ZERO) + sale.amount
    return found


LP_MEASURES: tuple[Measure, ...] = (
    lp_exposure,
    lp_fees,
    lp_lvr,
    lp_lvr_to_arbitrage,
    lp_other,
    lp_incentives,
    lp_incentives_cashed_out,
    lp_gas,
    lp_profit,
    fee_apr,
    reward_apr_advertised,
    reward_apr_realised,
    reward_cost_bps_a_day,
    reward_cost_bps_a_day_cashed_out,
    tvl_retained,
    volume_retained,
    wash_share,
    rewards_sold_to_depth,
    rewards_sold_share,
    reward_price_ratio,
    reward_price_lost,
)

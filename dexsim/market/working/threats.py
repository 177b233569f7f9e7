"""What a sandwich could take from a swap that waits where everybody can see it."""

from __future__ import annotations

from dataclasses import dataclass

from dexsim import cpmm
from dexsim.market.working.swapping import SwapPlan, most_paid
from dexsim.units import BPS, Bps, Wei

ATTACK_GAS = 200_000
"""Gas of an attacker's two swaps, about: each takes some 100,000."""


@dataclass(frozen=True, kw_only=True)
class Threat:
    """The most profitable sandwich of a swap. Amounts in wei.

    loss: of what the victim gets; where it buys an exact amount, what it pays more. frontrun_in,
    profit: of the token that the victim pays, gas deducted. loss_bps: of the quote.
    safe_slippage_bps: the largest slippage in whole bps at which no attack pays; 0 where none does.
    """

    frontrun_in: Wei
    profit: Wei
    loss: Wei
    loss_bps: Bps
    safe_slippage_bps: Bps


def threat_to(plan: SwapPlan, gas_price: Wei) -> Threat | None:
    """The sandwich of a swap that pays most, after the attacker's gas; None where none pays.

    A swap for an exact amount is attacked as one that sells the most that it may pay: where its
    limit binds both are the same.
    """
    cost = _in_paid(plan, ATTACK_GAS * gas_price)
    attack = _attack(plan, cost, plan.most_in, plan.least_out)
    if attack.profit <= 0:
        return None
    fee = plan.market.pool.fee_bps
    reserve_in, reserve_out = plan.reserves_in_out
    if plan.exact_out:
        moved = reserve_in + attack.frontrun_in, reserve_out - attack.frontrun_out
        quoted, loss = plan.amount_in, cpmm.amount_in(plan.amount_out, *moved, fee) - plan.amount_in
    else:
        quoted, loss = plan.amount_out, plan.amount_out - attack.victim_out
    return Threat(
        frontrun_in=attack.frontrun_in,
        profit=attack.profit,
        loss=loss,
        loss_bps=loss * BPS // quoted,
        safe_slippage_bps=_safe_slippage(plan, cost),
    )


def _attack(plan: SwapPlan, cost: Wei, most_in: Wei, least_out: Wei) -> cpmm.Frontrun:
    fee = plan.market.pool.fee_bps
    return cpmm.optimal_frontrun(most_in, least_out, *plan.reserves_in_out, fee, cost=cost)


def _safe_slippage(plan: SwapPlan, cost: Wei) -> Bps:
    """The closed form's, less where rounding or the room of an exact output still lets one pay."""
    fee, reserve_in = plan.market.pool.fee_bps, plan.reserves_in_out[0]
    safe = min(
        plan.slippage_bps, cpmm.break_even_slippage_bps(plan.amount_in, reserve_in, cost, fee)
    )
    while safe and _attack(plan, cost, *_limits(plan, safe)).profit > 0:
        safe -= 1
    return safe


def _limits(plan: SwapPlan, slippage_bps: Bps) -> tuple[Wei, Wei]:
    """The most paid and the least got under another slippage."""
    if plan.exact_out:
        return most_paid(plan.amount_in, slippage_bps), plan.amount_out
    return plan.amount_in, cpmm.minimum_out(plan.amount_out, slippage_bps)


def _in_paid(plan: SwapPlan, coins: Wei) -> Wei:
    """Coins in the token paid: by the pool's own price, where one of its tokens wraps them; else 0."""
    if plan.paid.token.address == plan.market.wrapped:
        return coins
    if plan.got.token.address == plan.market.wrapped:
        reserve_in, reserve_out = plan.reserves_in_out
        return coins * reserve_in // reserve_out
    return 0

"""What `dexsim pool` tells: pools, plans before they are sent, outcomes afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dexsim.cli.console import say, strong
from dexsim.cli.working import paid_gas, tell_facts, tell_object
from dexsim.market.working.amounts import exactly, percent, price, told
from dexsim.market.working.outcomes import deposited, minted, swapped, withdrawn
from dexsim.market.working.providing import SHARE_DECIMALS, AddPlan, RemovePlan
from dexsim.market.working.swapping import SwapPlan, whole_price
from dexsim.units import format_wei

if TYPE_CHECKING:
    from fractions import Fraction

    from dexsim.chain.node_wire import NodeReceipt
    from dexsim.chain.types import Address
    from dexsim.market.erc20 import Erc20
    from dexsim.market.working.markets import Market
    from dexsim.market.working.threats import Threat


# --- looking ------------------------------------------------------------------------


def headline(market: Market) -> str:
    """A pool in one line."""
    pool = market.pool
    fee = f"fee {format_wei(pool.fee_bps, 2)} %"
    place = f"of {market.plan}, " if market.plan else ""
    return f"{strong(market.name)} {market.pair}, {place}{fee}, at {pool.address}"


def tell_pools(markets: list[Market], *, json: bool) -> None:
    """Every pool in a line."""
    if json:
        tell_object({"pools": [pool_object(market) for market in markets]})
        return
    for market in markets:
        held = market.pool.reserves()
        base, quote = market.pool.base, market.pool.quote
        say(headline(market))
        tell_facts(
            {"holds": f"{_of(held.base, base)}, {_of(held.quote, quote)}", "price": _mid(market)}
        )


def tell_pool(market: Market, who: Address | None, *, json: bool) -> None:
    """Everything about a pool. who: whose LP tokens are told of."""
    if json:
        tell_object(pool_object(market, who))
        return
    pool, held = market.pool, market.pool.reserves()
    supply = pool.lp_supply()
    say(headline(market))
    facts = {
        "holds": f"{_of(held.base, pool.base)}, {_of(held.quote, pool.quote)}",
        "price": _mid(market),
        "LP tokens": exactly(supply, SHARE_DECIMALS),
        pool.base.symbol: pool.base.address,
        pool.quote.symbol: pool.quote.address,
        "router": market.router.address
        if market.router
        else "none is known; --router ADDR names it",
    }
    if who is not None:
        mine = pool.lp_balance(who)
        share = f", {_share(mine, supply)} of the pool" if mine else ""
        facts["of these"] = f"{exactly(mine, SHARE_DECIMALS)}{share}: {who}"
    tell_facts(facts)


def pool_object(market: Market, who: Address | None = None) -> dict[str, object]:
    """A pool for programs: whole tokens as strings."""
    pool, held = market.pool, market.pool.reserves()
    base, quote = pool.base, pool.quote
    found: dict[str, object] = {
        "name": market.name,
        "plan": market.plan or None,
        "pair": market.pair,
        "address": pool.address,
        "router": market.router.address if market.router else None,
        "fee_bps": pool.fee_bps,
        "base": _token_object(base, held.base),
        "quote": _token_object(quote, held.quote),
        "price": _plain(whole_price(market, held.quote, held.base)) if held.base else None,
        "lp_supply": format_wei(pool.lp_supply()),
    }
    if who is not None:
        found |= {"account": who, "lp_balance": format_wei(pool.lp_balance(who))}
    return found


# --- swaps --------------------------------------------------------------------------


def swap_facts(plan: SwapPlan) -> dict[str, str]:
    """What a swap will do, in tokens."""
    paid, got = plan.paid, plan.got
    allowed = f"(slippage {format_wei(plan.slippage_bps, 2)} %)"
    if plan.exact_out:
        amounts = {
            "buy": got.tell(plan.amount_out),
            "pay about": paid.tell(plan.amount_in),
            "at most": f"{paid.tell(plan.limit)} {allowed}",
        }
    else:
        amounts = {
            "sell": paid.tell(plan.amount_in),
            "get about": got.tell(plan.amount_out),
            "at least": f"{got.tell(plan.limit)} {allowed}",
        }
    fee_bps = plan.market.pool.fee_bps
    around = f"the pool's is {price(plan.mid)}, afterwards {price(plan.mid_after)}"
    return amounts | {
        "price": f"{_per(plan, plan.price)}; {around}",
        "impact": f"{percent(plan.impact)}, besides the fee",
        "fee": f"{paid.tell(plan.fee)} ({format_wei(fee_bps, 2)} %), to who holds LP tokens",
    }


def threat_words(plan: SwapPlan, threat: Threat | None) -> str:
    """What a sandwich could take, and what would avert it; "" where none pays."""
    if threat is None:
        return ""
    if plan.exact_out:
        hurt = f"make it cost {plan.paid.tell(plan.amount_in + threat.loss)}"
        more = f"{plan.paid.tell(threat.loss)} more"
    else:
        hurt = f"leave {plan.got.tell(plan.amount_out - threat.loss)}"
        more = f"{plan.got.tell(threat.loss)} less"
    safe = threat.safe_slippage_bps
    cure = f"with --slippage-bps {safe} none would pay" if safe else "a smaller swap is safer"
    return (
        f"seen in a public mempool, a sandwich could {hurt}, {more} ({threat.loss_bps} bps), and gain "
        f"{plan.paid.tell(threat.profit)}; {cure}"
    )


def quote_object(plan: SwapPlan, threat: Threat | None) -> dict[str, object]:
    """A quote for programs: whole tokens and prices as strings."""
    paid, got = plan.paid.token.decimals, plan.got.token.decimals
    limit = "max_amount_in" if plan.exact_out else "min_amount_out"
    return {
        "pool": plan.market.name,
        "pair": plan.market.pair,
        "address": plan.market.pool.address,
        "token_in": plan.paid.symbol,
        "token_out": plan.got.symbol,
        "exact": "out" if plan.exact_out else "in",
        "amount_in": format_wei(plan.amount_in, paid),
        "amount_out": format_wei(plan.amount_out, got),
        limit: format_wei(plan.limit, paid if plan.exact_out else got),
        "slippage_bps": plan.slippage_bps,
        "price": _plain(plan.price),
        "mid_price": _plain(plan.mid),
        "mid_price_after": _plain(plan.mid_after),
        "price_impact": _plain(plan.impact),
        "fee": format_wei(plan.fee, paid),
        "fee_bps": plan.market.pool.fee_bps,
        "sandwich": _threat_object(plan, threat),
    }


def tell_swapped(plan: SwapPlan, receipts: list[NodeReceipt]) -> None:
    """What a swap did, to the wei."""
    done = swapped(plan.market, receipts[-1], sells_base=plan.sells_base)
    got = f"{exactly(done.amount_out, plan.got.token.decimals)} {plan.got.symbol}"
    paid = f"{exactly(done.amount_in, plan.paid.token.decimals)} {plan.paid.symbol}"
    at = _per(plan, plan.price_of(done.amount_in, done.amount_out))
    say(f"{strong(f'got {got}')} for {paid}: {at}; {paid_gas(receipts)}")


# --- liquidity ----------------------------------------------------------------------


def add_facts(plan: AddPlan) -> dict[str, str]:
    """What a deposit will do, in tokens."""
    (base, quote), (of_base, of_quote) = plan.sides, plan.amounts
    opens = "; the pool is empty: these amounts set it" if plan.opens else ""
    ratio = price(whole_price(plan.market, of_quote, of_base))
    return {
        "put in": f"{base.tell(of_base)} and {quote.tell(of_quote)}",
        "at least": f"{base.tell(plan.least[0])} and {quote.tell(plan.least[1])}",
        "get about": f"{told(plan.minted, SHARE_DECIMALS)} LP, {percent(plan.share)} of the pool then",
        "price": f"{ratio} {quote.symbol} per {base.symbol}{opens}",
    }


def tell_added(plan: AddPlan, receipts: list[NodeReceipt], who: Address) -> None:
    """What a deposit did, to the wei."""
    amounts = deposited(plan.market, receipts[-1])
    shares = minted(plan.market.shares, receipts[-1], who)
    share = _share(plan.market.pool.lp_balance(who), plan.market.pool.lp_supply())
    base, quote = plan.sides
    say(
        f"{strong(f'got {exactly(shares, SHARE_DECIMALS)} LP')} for "
        f"{exactly(amounts.base, base.token.decimals)} {base.symbol} and "
        f"{exactly(amounts.quote, quote.token.decimals)} {quote.symbol}; {share} of the pool are "
        f"{who}'s now; {paid_gas(receipts)}"
    )


def remove_facts(plan: RemovePlan) -> dict[str, str]:
    """What a withdrawal will do, in tokens."""
    base, quote = plan.sides
    lp_amount, held = (exactly(each, SHARE_DECIMALS) for each in (plan.lp_amount, plan.held))
    return {
        "give back": f"{lp_amount} LP of {held}, {percent(plan.share)} of the pool",
        "get about": f"{base.tell(plan.amounts[0])} and {quote.tell(plan.amounts[1])}",
        "at least": f"{base.tell(plan.least[0])} and {quote.tell(plan.least[1])}",
    }


def tell_removed(plan: RemovePlan, receipts: list[NodeReceipt]) -> None:
    """What a withdrawal did, to the wei."""
    amounts = withdrawn(plan.market, receipts[-1])
    base, quote = plan.sides
    got = (
        f"{exactly(amounts.base, base.token.decimals)} {base.symbol} and "
        f"{exactly(amounts.quote, quote.token.decimals)} {quote.symbol}"
    )
    say(
        f"{strong(f'got {got}')} for {exactly(plan.lp_amount, SHARE_DECIMALS)} LP; {paid_gas(receipts)}"
    )


# --- words --------------------------------------------------------------------------


def _of(amount: int, token: Erc20) -> str:
    return f"{told(amount, token.decimals)} {token.symbol}"


def _mid(market: Market) -> str:
    held, base, quote = market.pool.reserves(), market.pool.base, market.pool.quote
    if not held.base or not held.quote:
        return "none: the pool is empty"
    mid = whole_price(market, held.quote, held.base)
    return f"{price(mid)} {quote} per {base}, {price(1 / mid)} {base} per {quote}"


def _per(plan: SwapPlan, ratio: Fraction) -> str:
    return f"{price(ratio)} {plan.market.pool.quote} per {plan.market.pool.base}"


def _share(part: int, whole: int) -> str:
    from fractions import Fraction

    return percent(Fraction(part, whole)) if whole else "nothing"


def _token_object(token: Erc20, reserve: int) -> dict[str, object]:
    return {
        "symbol": token.symbol,
        "decimals": token.decimals,
        "address": token.address,
        "reserve": format_wei(reserve, token.decimals),
    }


def _threat_object(plan: SwapPlan, threat: Threat | None) -> dict[str, object] | None:
    if threat is None:
        return None
    paid, got = plan.paid.token.decimals, plan.got.token.decimals
    return {
        "loss": format_wei(threat.loss, paid if plan.exact_out else got),
        "loss_token": plan.paid.symbol if plan.exact_out else plan.got.symbol,
        "loss_bps": threat.loss_bps,
        "profit": format_wei(threat.profit, paid),
        "safe_slippage_bps": threat.safe_slippage_bps,
    }


def _plain(ratio: Fraction) -> str:
    """A ratio as a decimal number of 18 digits at most."""
    return format_wei(round(ratio * 10**18))

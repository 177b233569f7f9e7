"""A swap as a value: what is sold for what, the limit, the price, and the transaction that does it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from dexsim import cpmm
from dexsim.chain.types import Address, Transaction
from dexsim.errors import Reverted, ScenarioError
from dexsim.market.pool import Reserves
from dexsim.market.router import SWAP_GAS_LIMIT
from dexsim.market.working.acting import Action, Approval, approvals_for, check_balance
from dexsim.market.working.amounts import Said, read_amount
from dexsim.market.working.markets import COINS, Market, Side
from dexsim.units import BPS, Bps, Wei, check_bps

# What the router's function is called, by what comes in and goes out as coins, and what is exact.
_FUNCTIONS = {
    (False, False, False): "swapExactTokensForTokens",
    (False, False, True): "swapTokensForExactTokens",
    (True, False, False): "swapExactETHForTokens",
    (True, False, True): "swapETHForExactTokens",
    (False, True, False): "swapExactTokensForETH",
    (False, True, True): "swapTokensForExactETH",
}


@dataclass(frozen=True, kw_only=True)
class SwapPlan:
    """A swap at the pool's reserves as they are now. Amounts in wei of the side's token.

    exact_out: whether amount_out is what was asked for, and amount_in what it costs now.
    limit: the least that is accepted; with exact_out the most that is paid.
    """

    market: Market
    paid: Side
    got: Side
    exact_out: bool
    amount_in: Wei
    amount_out: Wei
    limit: Wei
    slippage_bps: Bps
    reserves: Reserves

    @property
    def most_in(self) -> Wei:
        """The most that is paid."""
        return self.limit if self.exact_out else self.amount_in

    @property
    def least_out(self) -> Wei:
        """The least that is got."""
        return self.amount_out if self.exact_out else self.limit

    @property
    def sells_base(self) -> bool:
        """Whether the base token is what is paid."""
        return self.paid.token is self.market.pool.base

    @property
    def reserves_in_out(self) -> tuple[Wei, Wei]:
        """What the pool holds of the token paid, and of the other."""
        return self.market.pool.sides(self.paid.token, self.reserves)

    @property
    def fee(self) -> Wei:
        """What of amount_in stays with the pool as its fee."""
        return self.amount_in * self.market.pool.fee_bps // BPS

    @property
    def impact(self) -> Fraction:
        """How much less is got than at the pool's price, the fee aside."""
        reserve_in, reserve_out = self.reserves_in_out
        kept = BPS - self.market.pool.fee_bps
        at_mid = Fraction(self.amount_in * kept * reserve_out, BPS * reserve_in)
        return max(Fraction(0), 1 - self.amount_out / at_mid)

    @property
    def mid(self) -> Fraction:
        """The pool's price before: whole quote tokens per whole base token."""
        return whole_price(self.market, self.reserves.quote, self.reserves.base)

    @property
    def price(self) -> Fraction:
        """The price of this swap, fee and impact included."""
        return self.price_of(self.amount_in, self.amount_out)

    @property
    def mid_after(self) -> Fraction:
        """The pool's price afterwards."""
        reserve_in, reserve_out = self.reserves_in_out
        return self.price_of(reserve_in + self.amount_in, reserve_out - self.amount_out)

    def price_of(self, amount_in: Wei, amount_out: Wei) -> Fraction:
        """Whole quote tokens per whole base token, of any amounts of the two sides."""
        base, quote = (amount_in, amount_out) if self.sells_base else (amount_out, amount_in)
        return whole_price(self.market, quote, base)


def plan_swap(market: Market, *, sell: str | None, buy: str | None, slippage_bps: Bps) -> SwapPlan:
    """What a swap gives now: `sell` an exact amount, or `buy` one.

    One of the two says the amount; the other one may say the token alone: sell="1 WETH", buy="ETH".
    Raises ScenarioError for what cannot be swapped here.
    """
    check_bps(slippage_bps, "--slippage-bps")
    sold, bought = (_said(text, key) for text, key in ((sell, "--sell"), (buy, "--buy")))
    paid, got, exact_out = _which(market, sold, bought)
    reserves = market.pool.reserves()
    key, asked, side = ("--buy", bought, got) if exact_out else ("--sell", sold, paid)
    assert asked is not None
    amount = asked.wei(side.token.decimals, key=key)
    amount_in, amount_out = _amounts(market, paid, reserves, amount, exact_out=exact_out)
    limit = cpmm.minimum_out(amount_out, slippage_bps)
    if exact_out:
        limit = most_paid(amount_in, slippage_bps)
    return SwapPlan(
        market=market,
        paid=paid,
        got=got,
        exact_out=exact_out,
        amount_in=amount_in,
        amount_out=amount_out,
        limit=limit,
        slippage_bps=slippage_bps,
        reserves=reserves,
    )


def check_swap(plan: SwapPlan, sender: Address) -> None:
    """That the sender has what is sold. Raises TransactionRejected."""
    if plan.paid.coins:
        return
    wraps = plan.paid.token.address == plan.market.wrapped
    hint = f"say {COINS} to pay with coins" if wraps else ""
    check_balance(plan.paid.token, sender, plan.amount_in, hint=hint)


def swap_action(plan: SwapPlan, sender: Address, deadline: int) -> Action:
    """The approval that is missing, and the swap. deadline: the last second, since 1970."""
    router = plan.market.door
    approvals: tuple[Approval, ...] = ()
    if not plan.paid.coins:
        amount = plan.most_in
        what = f"{plan.paid.tell(amount)} to the router"
        approvals = approvals_for(sender, router.address, [(plan.paid.token, amount, what)])
    return Action(
        sender=sender,
        approvals=approvals,
        transactions=(_transaction(plan, sender, deadline),),
        refusals=_refusals(plan),
    )


def most_paid(quoted: Wei, slippage_bps: Bps) -> Wei:
    """The most that is paid for an exact amount: the quote and so much more, rounded up."""
    return -(-quoted * (BPS + slippage_bps) // BPS)


def whole_price(market: Market, quote: Wei, base: Wei) -> Fraction:
    """Whole quote tokens per whole base token."""
    decimals = market.pool.base.decimals - market.pool.quote.decimals
    return Fraction(quote, base) * Fraction(10) ** decimals


def _said(text: str | None, key: str) -> Said | None:
    return None if text is None else read_amount(text, key=key)


def _which(market: Market, sold: Said | None, bought: Said | None) -> tuple[Side, Side, bool]:
    """What is paid, what is got, and whether the latter is the exact one."""
    amounts = [said for said in (sold, bought) if said is not None and said.number]
    if len(amounts) != 1:
        problem = "both say one" if amounts else "none is said"
        raise ScenarioError(
            f"one amount is wanted, and {problem}: --sell '1 {market.pool.base}' or --buy '1 "
            f"{market.pool.base}'",
            key="--sell",
        )
    other_got = market.side(bought.unit, key="--buy") if bought and bought.unit else None
    other_paid = market.side(sold.unit, key="--sell") if sold and sold.unit else None
    if amounts[0] is sold:
        paid = market.sides(sold, key="--sell", other=other_got)
        got = other_got or market.opposite(paid)
    else:
        got = market.sides(amounts[0], key="--buy", other=other_paid)
        paid = other_paid or market.opposite(got)
    if paid.token is got.token:
        raise ScenarioError(
            f"{paid.symbol} for {got.symbol} is no trade of {market.name}: it trades {market.pair}"
            + ("; see `dexsim token wrap`" if paid.coins or got.coins else ""),
            key="--buy",
        )
    return paid, got, amounts[0] is bought


def _amounts(
    market: Market, paid: Side, reserves: Reserves, amount: Wei, *, exact_out: bool
) -> tuple[Wei, Wei]:
    pool = market.pool
    reserve_in, reserve_out = pool.sides(paid.token, reserves)
    got = market.opposite(paid)
    if not reserve_in or not reserve_out:
        raise ScenarioError(f"{market.name} is empty; `dexsim pool add` opens it", key="POOL")
    if exact_out and amount >= reserve_out:
        raise ScenarioError(
            f"{market.name} holds {got.tell(reserve_out)}; less than that can be bought",
            key="--buy",
        )
    if exact_out:
        return cpmm.amount_in(amount, reserve_in, reserve_out, pool.fee_bps), amount
    try:
        out = cpmm.swap(amount, reserve_in, reserve_out, pool.fee_bps)
    except Reverted as refused:
        small = "insufficient output" in refused.reason
        told = "so little that it gives nothing" if small else "more than a pool can hold"
        raise ScenarioError(f"{paid.tell(amount)} is {told}", key="--sell") from None
    return amount, reserve_out - out[1]


def _transaction(plan: SwapPlan, sender: Address, deadline: int) -> Transaction:
    path = [plan.paid.token.address, plan.got.token.address]
    amounts = [plan.amount_out if plan.exact_out else plan.least_out]
    if not plan.paid.coins:  # coins go along with the call: their amount is no argument
        amounts.insert(1 if plan.exact_out else 0, plan.most_in)
    name = _FUNCTIONS[plan.paid.coins, plan.got.coins, plan.exact_out]
    write = getattr(plan.market.door.contract.write, name)
    value = plan.most_in if plan.paid.coins else 0
    tx: Transaction = write(
        sender, *amounts, path, sender, deadline, value=value, gas_limit=SWAP_GAS_LIMIT
    )
    return replace(tx, what=f"swap of {plan.paid.symbol} for {plan.got.symbol}")


def _refusals(plan: SwapPlan) -> dict[str, str]:
    again = "nothing was swapped; quote again, or allow more by --slippage-bps"
    return {
        "insufficient output": f"the price has moved: less than {plan.got.tell(plan.least_out)} now; {again}",
        "excessive input": f"the price has moved: more than {plan.paid.tell(plan.most_in)} now; {again}",
        "expired": "the deadline has passed; nothing was swapped; allow more by --deadline-seconds",
        "insufficient liquidity": "the pool does not hold enough now; nothing was swapped",
    }

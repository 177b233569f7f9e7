"""Liquidity put in and taken out, as values: both amounts, both limits, shares, the transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from dexsim import cpmm
from dexsim.chain.types import Address, Transaction
from dexsim.errors import Reverted, ScenarioError, TransactionRejected
from dexsim.market.router import LIQUIDITY_GAS_LIMIT
from dexsim.market.working.acting import Action, approvals_for, check_balance
from dexsim.market.working.amounts import Said, exactly, read_amount, share_of
from dexsim.market.working.markets import Market, Side
from dexsim.units import Bps, Wei, check_bps

SHARE_DECIMALS = 18


@dataclass(frozen=True, kw_only=True)
class AddPlan:
    """Liquidity to put in. sides: what is put in, base first; amounts and least: of each, in wei.

    exact: which side goes in to the wei, the other follows. minted: LP tokens that this gives now;
    supply: of them before.
    """

    market: Market
    sides: tuple[Side, Side]
    amounts: tuple[Wei, Wei]
    least: tuple[Wei, Wei]
    exact: int
    minted: Wei
    supply: Wei

    @property
    def opens(self) -> bool:
        """Whether the pool is empty, so that these amounts set its price."""
        return self.supply == 0

    @property
    def desired(self) -> tuple[Wei, Wei]:
        """What the router is offered of each side.

        It begins with the token where the other side are coins: offered a wei more of the token than
        exact coins are worth, it turns round and takes all of the coins.
        """
        more = [0, 0]
        if self.sides[self.exact].coins and not self.opens:
            more[1 - self.exact] = 1
        return self.amounts[0] + more[0], self.amounts[1] + more[1]

    @property
    def share(self) -> Fraction:
        """Of the pool, of what is minted."""
        locked = cpmm.MINIMUM_LIQUIDITY if self.opens else 0
        return Fraction(self.minted, self.supply + self.minted + locked)


@dataclass(frozen=True, kw_only=True)
class RemovePlan:
    """Liquidity to take out. amounts: what it pays now, least: what is accepted, base first, in wei."""

    market: Market
    sides: tuple[Side, Side]
    lp_amount: Wei
    held: Wei
    amounts: tuple[Wei, Wei]
    least: tuple[Wei, Wei]
    supply: Wei

    @property
    def share(self) -> Fraction:
        """Of the pool, of what is taken out."""
        return Fraction(self.lp_amount, self.supply)


def plan_add(market: Market, *, first: str, second: str | None, slippage_bps: Bps) -> AddPlan:
    """Liquidity by the amount of one side, the other following the pool's ratio.

    With both said neither is exceeded. An empty pool needs both. Raises ScenarioError.
    """
    check_bps(slippage_bps, "--slippage-bps")
    said, also = read_amount(first, key="--with"), None
    given = market.sides(said, key="--with")
    other = market.opposite(given)
    if second is not None:
        also = read_amount(second, key="--and")
        other = market.sides(also, key="--and", other=given)
        if other.token is given.token:
            raise ScenarioError(f"says {other.symbol} again; it is for the other side", key="--and")
    amounts, exact = _matched(market, given, said, other, also)
    sides, (base, quote) = (given, other), amounts
    if given.token is not market.pool.base:
        sides, (base, quote), exact = (other, given), (amounts[1], amounts[0]), 1 - exact
    supply = market.pool.lp_supply()
    return AddPlan(
        market=market,
        sides=sides,
        amounts=(base, quote),
        least=(cpmm.minimum_out(base, slippage_bps), cpmm.minimum_out(quote, slippage_bps)),
        exact=exact,
        minted=_minted(market, base, quote, supply),
        supply=supply,
    )


def plan_remove(
    market: Market,
    owner: Address,
    *,
    share: str | None,
    lp_amount: str | None,
    slippage_bps: Bps,
    coins: bool = False,
) -> RemovePlan:
    """Liquidity to take out: a share of what `owner` holds, or an amount of LP tokens.

    coins: the wrapped token comes out as coins. Raises ScenarioError, TransactionRejected.
    """
    check_bps(slippage_bps, "--slippage-bps")
    held = market.pool.lp_balance(owner)
    amount = lp_of(held, share=share, lp_amount=lp_amount)
    if amount > held or not held:
        raise TransactionRejected(
            f"{owner} has {exactly(held, SHARE_DECIMALS)} LP of {market.name}"
            f"{f', not {exactly(amount, SHARE_DECIMALS)}' if held else ': nothing to take out'}"
        )
    reserves, supply = market.pool.reserves(), market.pool.lp_supply()
    try:
        base, quote = cpmm.liquidity_burned(amount, reserves.base, reserves.quote, supply)
    except Reverted:
        raise ScenarioError(
            f"{exactly(amount, SHARE_DECIMALS)} LP are too few: they would give nothing", key="--lp"
        ) from None
    return RemovePlan(
        market=market,
        sides=_sides_out(market, coins),
        lp_amount=amount,
        held=held,
        amounts=(base, quote),
        least=(cpmm.minimum_out(base, slippage_bps), cpmm.minimum_out(quote, slippage_bps)),
        supply=supply,
    )


def lp_of(held: Wei, *, share: str | None, lp_amount: str | None) -> Wei:
    """How many LP tokens are meant: a share of those held, or an amount. Raises ScenarioError."""
    if (share is None) == (lp_amount is None):
        raise ScenarioError("say either --share 50% or --lp AMOUNT", key="--share")
    if share is not None:
        return share_of(held, share, key="--share")
    assert lp_amount is not None
    said = read_amount(lp_amount, key="--lp")
    if said.unit and not said.unit.upper().endswith("LP"):
        raise ScenarioError(f"{lp_amount!r} are no LP tokens", key="--lp")
    return said.wei(SHARE_DECIMALS, key="--lp")


def check_add(plan: AddPlan, sender: Address) -> None:
    """That the sender has what goes in. Raises TransactionRejected."""
    for side, amount in zip(plan.sides, plan.amounts, strict=True):
        if not side.coins:
            check_balance(side.token, sender, amount)


def add_action(plan: AddPlan, sender: Address, deadline: int) -> Action:
    """The approvals that are missing, and the deposit. deadline: the last second, since 1970."""
    router = plan.market.door
    wanted = [
        (side.token, amount, f"{side.tell(amount)} to the router")
        for side, amount in zip(plan.sides, plan.desired, strict=True)
        if not side.coins
    ]
    return Action(
        sender=sender,
        approvals=approvals_for(sender, router.address, wanted),
        transactions=(_deposit(plan, sender, deadline),),
        refusals=_REFUSALS,
    )


def remove_action(plan: RemovePlan, sender: Address, deadline: int) -> Action:
    """The approval that is missing, and the withdrawal. deadline: the last second, since 1970."""
    router, shares = plan.market.door, plan.market.shares
    what = f"{exactly(plan.lp_amount, SHARE_DECIMALS)} LP to the router"
    return Action(
        sender=sender,
        approvals=approvals_for(sender, router.address, [(shares, plan.lp_amount, what)]),
        transactions=(_withdrawal(plan, sender, deadline),),
        refusals=_REFUSALS,
    )


_REFUSALS = {
    "insufficient a amount": "the price has moved beyond the limit; nothing was done; allow more by "
    "--slippage-bps",
    "insufficient b amount": "the price has moved beyond the limit; nothing was done; allow more by "
    "--slippage-bps",
    "insufficient amount": "one side would be nothing",
    "insufficient liquidity minted": "too little to give a single LP token",
    "expired": "the deadline has passed; nothing was done; allow more by --deadline-seconds",
}


def _matched(
    market: Market, given: Side, said: Said, other: Side, also: Said | None
) -> tuple[tuple[Wei, Wei], int]:
    """What goes in of the side given and of the other one, and which of the two is exact."""
    amount = said.wei(given.token.decimals, key="--with")
    most = also.wei(other.token.decimals, key="--and") if also else None
    reserve_given, reserve_other = market.pool.sides(given.token)
    if not reserve_given or not reserve_other:
        if most is None:
            raise ScenarioError(
                f"{market.name} is empty: say both sides, they set its price: --and 'AMOUNT {other.symbol}'",
                key="--and",
            )
        return (amount, most), 0
    follows = cpmm.quote(amount, reserve_given, reserve_other)
    if not follows:
        raise ScenarioError(f"{given.tell(amount)} is too little for this pool", key="--with")
    if most is None or follows <= most:
        return (amount, follows), 0
    return (cpmm.quote(most, reserve_other, reserve_given), most), 1


def _minted(market: Market, base: Wei, quote: Wei, supply: Wei) -> Wei:
    reserves = market.pool.reserves()
    try:
        return cpmm.liquidity_minted(base, quote, reserves.base, reserves.quote, supply)
    except Reverted:
        raise ScenarioError("so little gives not a single LP token", key="--with") from None


def _sides_out(market: Market, coins: bool) -> tuple[Side, Side]:
    base, quote = (
        Side(token, coins=coins and token.address == market.wrapped)
        for token in (market.pool.base, market.pool.quote)
    )
    if coins and not (base.coins or quote.coins):
        raise ScenarioError(f"{market.name} holds no wrapped ETH: {market.pair}", key="--eth")
    return base, quote


def _deposit(plan: AddPlan, sender: Address, deadline: int) -> Transaction:
    write, sides, desired = plan.market.door.contract.write, plan.sides, plan.desired
    coins = [place for place, side in enumerate(sides) if side.coins]
    # The router gives what it is told of first, and lets the second follow.
    first = 1 - coins[0] if coins else plan.exact
    second = 1 - first
    limits = plan.least[first], plan.least[second]
    if coins:
        tx: Transaction = write.addLiquidityETH(
            sender,
            sides[first].token,
            desired[first],
            *limits,
            sender,
            deadline,
            value=desired[second],
            gas_limit=LIQUIDITY_GAS_LIMIT,
        )
    else:
        tokens, pair = (sides[first].token, sides[second].token), (desired[first], desired[second])
        tx = write.addLiquidity(
            sender, *tokens, *pair, *limits, sender, deadline, gas_limit=LIQUIDITY_GAS_LIMIT
        )
    return replace(tx, what=f"deposit in {plan.market.name}")


def _withdrawal(plan: RemovePlan, sender: Address, deadline: int) -> Transaction:
    coins = [place for place, side in enumerate(plan.sides) if side.coins]
    if coins:
        of_coins = coins[0]
        of_token = 1 - of_coins
        tx: Transaction = plan.market.door.contract.write.removeLiquidityETH(
            sender,
            plan.sides[of_token].token,
            plan.lp_amount,
            plan.least[of_token],
            plan.least[of_coins],
            sender,
            deadline,
            gas_limit=LIQUIDITY_GAS_LIMIT,
        )
    else:
        tx = plan.market.door.remove_liquidity(
            sender,
            pool=plan.market.pool,
            lp_amount=plan.lp_amount,
            min_base_amount=plan.least[0],
            min_quote_amount=plan.least[1],
            deadline=deadline,
        )
    return replace(tx, what=f"withdrawal from {plan.market.name}")

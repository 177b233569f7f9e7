"""The plan `exchange`: a venue with one funded pool of two new tokens."""

from __future__ import annotations

from dexsim.artifacts.library import shipped
from dexsim.chain.types import Address
from dexsim.market.deploying.plan import Draft, Plan, Planned
from dexsim.market.erc20 import Erc20
from dexsim.market.factory import Factory
from dexsim.market.pool import Pool
from dexsim.market.router import Router

FEE_BPS = 30
BASE_DECIMALS, QUOTE_DECIMALS = 18, 6
SUPPLY = "100000000"
BASE_RESERVE, QUOTE_RESERVE = "1000", "2000000"


def exchange_plan(deployer: Address, first_nonce: int) -> Plan:
    """Wrapped native money, a factory, a router, tokens BASE and QUOTE, and their pool with liquidity.

    The deployer keeps the rest of both tokens' supply, and may set the protocol fee.
    """
    draft = Draft("exchange", deployer, first_nonce)
    weth = draft.create("weth", shipped("weth"))
    factory = _factory(draft)
    router = Router(draft.create("router", shipped("router"), factory.address, weth))
    base = _token(draft, "base", "BASE", BASE_DECIMALS)
    quote = _token(draft, "quote", "QUOTE", QUOTE_DECIMALS)
    pool = _pool(draft, factory, base, quote)
    _fund(draft, router, pool)
    return draft.finish()


def _factory(draft: Draft) -> Factory:
    pool = shipped("pool")
    blueprint = draft.blueprint("pool blueprint", pool)
    arguments = (draft.deployer, FEE_BPS, blueprint, pool.init_code_hash)
    return Factory(draft.create("factory", shipped("factory"), *arguments), fee_bps=FEE_BPS)


def _token(draft: Draft, name: str, symbol: str, decimals: int) -> Erc20:
    supply = int(SUPPLY) * 10**decimals
    address = draft.create(name, shipped("token"), f"{symbol} token", symbol, decimals, supply)
    return Erc20(address, symbol=symbol, decimals=decimals)


def _pool(draft: Draft, factory: Factory, base: Erc20, quote: Erc20) -> Pool:
    address = factory.pool_address(base.address, quote.address)
    planned = Planned(name="pool", artifact=shipped("pool"), address=address)
    draft.send(
        "pool", factory.create_pool(draft.deployer, token_a=base, token_b=quote), creates=planned
    )
    return Pool(address, base=base, quote=quote, fee_bps=FEE_BPS)


def _fund(draft: Draft, router: Router, pool: Pool) -> None:
    base_amount, quote_amount = pool.base.amount(BASE_RESERVE), pool.quote.amount(QUOTE_RESERVE)
    for name, token, amount in (
        ("approve base", pool.base, base_amount),
        ("approve quote", pool.quote, quote_amount),
    ):
        draft.send(name, token.approve(draft.deployer, spender=router, amount=amount))
    tx = router.add_liquidity(
        draft.deployer, pool=pool, base_amount=base_amount, quote_amount=quote_amount
    )
    draft.send("add liquidity", tx)

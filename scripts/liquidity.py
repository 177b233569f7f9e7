#!/usr/bin/env python3
"""Provide liquidity, let others trade, take it out, and count what it brought."""

import dexsim as dx

world = dx.load("sandwich").base.world  # one pool: 1000 WETH against 2,000,000 USDC, 30 bps
chain = dx.Chain()
exchange = dx.deploy_world(world, chain)
pool, router = exchange.pools["main"], exchange.router("main")
weth, usdc = pool.base, pool.quote
lucy = exchange.account("lucy", {"WETH": "100", "USDC": "200000"})
trader = exchange.account("trader", {"WETH": "1000"})
put_in = {token: token.balance(lucy) for token in (weth, usdc)}

chain.send(
    router.add_liquidity(lucy, pool=pool, base_amount=put_in[weth], quote_amount=put_in[usdc])
)
for _ in range(10):  # there and back again, so that the price ends where it began
    sold, had = weth.amount("50"), usdc.balance(trader)
    chain.send(router.swap(trader, pool=pool, token_in=weth, amount_in=sold, min_amount_out=0))
    got = usdc.balance(trader) - had
    chain.send(router.swap(trader, pool=pool, token_in=usdc, amount_in=got, min_amount_out=0))
shares = pool.lp_balance(lucy)
chain.send(pool.approve_lp(lucy, spender=router, amount=shares))
chain.send(router.remove_liquidity(lucy, pool=pool, lp_amount=shares))

for token in (weth, usdc):
    print(f"lucy put in {token.show(put_in[token])} and took out {token.show(token.balance(lucy))}")

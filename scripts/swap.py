#!/usr/bin/env python3
"""One swap: quote it, limit it, send it, and see what it did to the price."""

import dexsim as dx

world = dx.load("sandwich").base.world  # one pool: 1000 WETH against 2,000,000 USDC, 30 bps
chain = dx.Chain()
exchange = dx.deploy_world(world, chain)
pool, router = exchange.pools["main"], exchange.router("main")
weth, usdc = pool.base, pool.quote
alice = exchange.account("alice", {"WETH": "10"})

amount = weth.amount("1")
quoted = pool.amount_out(token_in=weth, amount_in=amount)
least = dx.cpmm.minimum_out(quoted, 50)  # half a percent below the quote
swap = router.swap(
    alice, pool=pool, token_in=weth, amount_in=amount, min_amount_out=least
)  # describes
receipt = chain.send(swap)  # does

print(f"alice sold {weth.show(amount)} for {usdc.show(quoted)}; her limit was {usdc.show(least)}")
print(f"she has {usdc.show(usdc.balance(alice))}, and paid for {receipt.gas_used:,} gas")
print(f"a second one would give {usdc.show(pool.amount_out(token_in=weth, amount_in=amount))}")

#!/usr/bin/env python3
"""A reward token, a gauge that pays it, and a farmer who stakes for it."""

import dexsim as dx

world = dx.World(
    tokens={
        "WETH": dx.Weth(),
        "USDC": dx.Token(decimals=6),
        "DEX": dx.Incentive(rate_per_second="1", cap="1000000"),
    },
    venues={"exchange": dx.Venue(fee_bps=30)},
    markets={
        "main": dx.Market(
            venue="exchange", pair="WETH/USDC", base_reserve="1000", quote_reserve="2000000"
        )
    },
    gauges={"main": dx.Gauge(market="main", reward="DEX")},
)
farmer = dx.Farmer(gauge="main", base_amount="100", claims_every=20)
run = dx.run(dx.Scenario(world=world, agents={"farmer": farmer}, blocks=100), seed=1)

arm = run.arms[0]
earned = [row["amount_tokens"] for row in arm.rows("balances") if row["token"] == "DEX"]
seconds = (arm.rows("blocks")[-1]["time_ms"] - arm.rows("blocks")[0]["time_ms"]) // 1000
print(f"emitted in {seconds} s: {seconds} DEX; claimed by the farmer: {earned[-1]:.0f} DEX")
print("the rest was emitted before the farmer had staked, or is not claimed yet")
print(f"accounts close: {run.summary().closes}")

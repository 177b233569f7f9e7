#!/usr/bin/env python3
"""A reward token, a gauge that pays it, and a farmer who stakes for it."""

import dexsim as dx

# A pool, the token DEX (0.3 a second), and a gauge that pays it.
world = dx.load("incentives").base.world
farmer = dx.Farmer(gauge="main", base_amount="100", claims_every=20)
run = dx.run(dx.Scenario(world=world, agents={"farmer": farmer}, blocks=100), seed=1)

arm = run.arms[0]
blocks = arm.rows("blocks")
seconds = blocks[-1]["timestamp"] - blocks[0]["timestamp"]
earned = [
    row["amount_tokens"]
    for row in arm.rows("balances")
    if row["token"] == "DEX" and row["agent"] == "farmer"
]
print(
    f"emitted in {seconds} s: {seconds * 3 // 10} DEX; claimed by the farmer: {earned[-1]:.0f} DEX"
)
print("the rest was emitted before the farmer had staked, or is not claimed yet")
print(f"accounts close: {run.summary().closes}")

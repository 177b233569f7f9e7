#!/usr/bin/env python3
"""The same users twice: alone, and with a searcher who reads the mempool."""

import dexsim as dx

world = dx.load("sandwich").base.world  # one pool: 1000 WETH against 2,000,000 USDC, 30 bps
retail = dx.Trader(count=20, trades_per_block="0.05", median_size="2", slippage_bps=100)
searcher = dx.Sandwicher(capital={"WETH": "200", "USDC": "400000"})

calm = dx.Scenario(world=world, agents={"retail": retail}, blocks=50)
hunted = calm.replace(agents={"retail": retail, "searcher": searcher})
for name, scenario in {"calm": calm, "hunted": hunted}.items():
    arm = dx.run(scenario, seed=7).summary().arms[0]
    paid, trades = arm.measures["retail_cost_bps"], arm.measures["trades"]
    print(
        f"{name}: {trades:.0f} trades paid {paid:.1f} bps; {arm.measures['sandwiches']:.0f} sandwiches"
    )
    print(
        f"  the searcher gained {arm.measures['searcher_net']:.2f} USDC; accounts close: {arm.closes}"
    )

"""The crowd of scenario_vs_verbs.py in verbs' own agent loop; run by an interpreter that has verbs.

Reads the scenario from the file that it is given: accounts, the transactions that set dexsim's
stage (they are executed again, so that contracts and addresses are the same), the ABIs, and what
traders do. Prints one line: seconds of the loop, transactions, events, final reserves.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from verbs.abi import get_abi
from verbs.envs import EmptyEnvRandom
from verbs.sim import BaseAgent, Sim

NO_DEADLINE = 2**256 - 1


def raw(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


class Trader(BaseAgent):
    """Swaps at random, within the slippage of a quote on the reserves of the block's start."""

    def __init__(self, work: dict[str, Any], number: int) -> None:
        self.address = raw(work["traders"][number])
        self.rate, self.median = work["rate"], work["median_base"]
        self.slippage_bps = work["slippage_bps"]
        self.pool, self.router = raw(work["pool"]), raw(work["router"])
        self.tokens = [raw(token) for token in work["tokens"]]  # base, quote
        self.base_first = work["base_first"]
        self.abis = {name: get_abi(name, abi) for name, abi in work["abis"].items()}
        self.records = number == 0

    def update(self, rng: np.random.Generator, env: EmptyEnvRandom) -> list[Any]:
        orders = rng.poisson(self.rate)
        if orders == 0:
            return []
        base, quote = self.reserves(env)
        return [self.order(rng, env, base, quote) for _ in range(orders)]

    def order(self, rng: np.random.Generator, env: EmptyEnvRandom, base: int, quote: int) -> Any:
        buys = rng.random() < 0.5
        size = max(int(self.median * rng.lognormal(0.0, 1.0)), 1)
        wanted = size * quote // base if buys else size
        path = self.tokens[::-1] if buys else self.tokens
        held = self.abis["token"].balanceOf.call(env, self.address, path[0], [self.address])[0][0]
        amount = min(wanted, held)
        there, here = (base, quote) if buys else (quote, base)
        quoted = 997 * amount * there // (1000 * here + 997 * amount)
        least = quoted * (10_000 - self.slippage_bps) // 10_000
        arguments = [amount, least, path, self.address, NO_DEADLINE]
        swap = self.abis["router"].swapExactTokensForTokens
        return swap.transaction(self.address, self.router, arguments, checked=False)

    def reserves(self, env: EmptyEnvRandom) -> tuple[int, int]:
        held = self.abis["pool"].getReserves.call(env, self.address, self.pool, [])[0]
        return (held[0], held[1]) if self.base_first else (held[1], held[0])

    def record(self, env: EmptyEnvRandom) -> Any:
        return self.reserves(env) if self.records else None


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text())
    env = EmptyEnvRandom(1)
    for address, wei in work["accounts"].items():
        env.create_account(raw(address), int(wei))
    for tx in work["setup"]:
        if tx["to"] is None:
            env.deploy_contract(raw(tx["sender"]), "contract", raw(tx["data"]))
        else:
            env.execute(raw(tx["sender"]), raw(tx["to"]), raw(tx["data"]), int(tx["value"]))
    agents = [Trader(work, number) for number in range(len(work["traders"]))]
    sim = Sim(1, env, agents)
    start = time.process_time()
    records = sim.run(work["blocks"], show_progress=False)
    seconds = time.process_time() - start
    # `swapExactTokensForTokens` is what agents send; every event record is one transaction.
    history = env.get_event_history()
    failed = sum(not event[0] for event in history)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "transactions": len(history),
                "failed": failed,
                "reserves": [int(each) for each in records[-1][0]],
            }
        )
    )


if __name__ == "__main__":
    main()

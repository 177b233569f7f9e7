"""The crowd of scenario_vs_verbs.py in verbs' own agent loop; run by an interpreter that has verbs.

Reads the scenario from the file that it is given: accounts, the transactions that set dexsim's
stage (they are executed again, so that contracts and addresses are the same), the ABIs, and what
traders do. Told `abi`, the traders use verbs' ABI classes, as its documentation has it; told `bytes`,
they write and read words themselves, the fastest way that we found. Prints one line: seconds of
processor time of the loop, transactions, how many of them failed.
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


class Abi:
    """Reads and calls by verbs' ABI classes."""

    def __init__(self, work: dict[str, Any]) -> None:
        self.pool, self.router = raw(work["pool"]), raw(work["router"])
        token, router, pool = (
            get_abi(name, work["abis"][name]) for name in ("token", "router", "pool")
        )
        self.balance_of, self.get_reserves = token.balanceOf, pool.getReserves
        self.swap = router.swapExactTokensForTokens

    def reserves(self, env: EmptyEnvRandom) -> tuple[int, int]:
        first, second, *_ = self.get_reserves.call(env, self.router, self.pool, [])[0]
        return first, second

    def balance(self, env: EmptyEnvRandom, token: bytes, owner: bytes) -> int:
        held: int = self.balance_of.call(env, owner, token, [owner])[0][0]
        return held

    def transaction(self, sender: bytes, amount: int, least: int, path: list[bytes]) -> Any:
        arguments = [amount, least, path, sender, NO_DEADLINE]
        return self.swap.transaction(sender, self.router, arguments, checked=False)


class Words(Abi):
    """The same without an encoder: words are written and read by hand."""

    def reserves(self, env: EmptyEnvRandom) -> tuple[int, int]:
        told = env.call(self.router, self.pool, self.get_reserves.selector, 0)[0]
        return int.from_bytes(told[:32], "big"), int.from_bytes(told[32:64], "big")

    def balance(self, env: EmptyEnvRandom, token: bytes, owner: bytes) -> int:
        ask = self.balance_of.selector + owner.rjust(32, b"\x00")
        return int.from_bytes(env.call(owner, token, ask, 0)[0], "big")

    def transaction(self, sender: bytes, amount: int, least: int, path: list[bytes]) -> Any:
        words = amount, least, 5 * 32, sender, NO_DEADLINE, len(path), *path
        data = self.swap.selector + b"".join(map(word, words))
        return (sender, self.router, data, False, None, None, None)


def word(value: int | bytes) -> bytes:
    return value.to_bytes(32, "big") if isinstance(value, int) else value.rjust(32, b"\x00")


class Market:
    """What all traders know of a block's start; the pool is asked once a block."""

    def __init__(self, work: dict[str, Any], contracts: Abi) -> None:
        self.contracts = contracts
        self.tokens = [raw(token) for token in work["tokens"]]  # base, quote
        self.base_first = work["base_first"]
        self.step = -1
        self.held = (0, 0)

    def reserves(self, env: EmptyEnvRandom) -> tuple[int, int]:
        if env.step != self.step:
            first, second = self.contracts.reserves(env)
            self.held = (first, second) if self.base_first else (second, first)
            self.step = env.step
        return self.held


class Trader(BaseAgent):
    """Swaps at random, within the slippage of a quote on the reserves of the block's start."""

    def __init__(self, work: dict[str, Any], number: int, market: Market) -> None:
        self.address = raw(work["traders"][number])
        self.rate, self.median = work["rate"], work["median_base"]
        self.slippage_bps = work["slippage_bps"]
        self.market = market
        self.records = number == 0

    def update(self, rng: np.random.Generator, env: EmptyEnvRandom) -> list[Any]:
        balances: dict[bytes, int] = {}
        return [self.order(rng, env, balances) for _ in range(rng.poisson(self.rate))]

    def order(
        self, rng: np.random.Generator, env: EmptyEnvRandom, balances: dict[bytes, int]
    ) -> Any:
        """One swap. balances: what was asked already, each token once a block."""
        base, quote = self.market.reserves(env)
        buys = rng.random() < 0.5
        size = max(int(self.median * rng.lognormal(0.0, 1.0)), 1)
        wanted = size * quote // base if buys else size
        path = self.market.tokens[::-1] if buys else self.market.tokens
        if path[0] not in balances:
            balances[path[0]] = self.market.contracts.balance(env, path[0], self.address)
        amount = min(wanted, balances[path[0]])
        there, here = (base, quote) if buys else (quote, base)
        quoted = 997 * amount * there // (1000 * here + 997 * amount)
        least = quoted * (10_000 - self.slippage_bps) // 10_000
        return self.market.contracts.transaction(self.address, amount, least, path)

    def record(self, env: EmptyEnvRandom) -> Any:
        return self.market.reserves(env) if self.records else None


def main() -> None:
    work = json.loads(Path(sys.argv[2]).read_text())
    env = EmptyEnvRandom(work["seed"])
    for address, wei in work["accounts"].items():
        env.create_account(raw(address), int(wei))
    for tx in work["setup"]:
        if tx["to"] is None:
            env.deploy_contract(raw(tx["sender"]), "contract", raw(tx["data"]))
        else:
            env.execute(raw(tx["sender"]), raw(tx["to"]), raw(tx["data"]), int(tx["value"]))
    market = Market(work, Abi(work) if sys.argv[1] == "abi" else Words(work))
    sim = Sim(
        work["seed"], env, [Trader(work, number, market) for number in range(len(work["traders"]))]
    )
    start = time.process_time()
    sim.run(work["blocks"], show_progress=False)
    seconds = time.process_time() - start
    history = env.get_event_history()
    print(
        json.dumps(
            {
                "seconds": seconds,
                "transactions": len(history),
                # A swap logs. The flag of success is true of a transaction that reverted too.
                "failed": sum(not logs for _, _, logs, *_ in history),
            }
        )
    )


if __name__ == "__main__":
    main()

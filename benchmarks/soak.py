"""Memory and pace of an engine over very many swaps.

    python benchmarks/soak.py [--engine NAME] [--swaps N] [--open-snapshot]

The state of the pool does not grow, so neither may the process once caches are warm, nor the time
of a swap, which is compared at the end with that on an engine just opened, in turns; the program
ends with 1 when they do. Every block is a snapshot that is released, as `Chain` has it, holds 99
swaps in one crossing and one more by itself, and is looked at: its columns, its events, a receipt.
"""

from __future__ import annotations

import argparse
import platform
import resource
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

import swaps
from engine_vs_eth_tester import GAS_LIMIT, opened

from dexsim.chain.engine import Engine
from dexsim.chain.engines import engine_names, open_engine
from dexsim.chain.event_columns import event_columns
from dexsim.chain.types import BlockEnv, Receipt, Transaction

PAGE = resource.getpagesize()
ME = "0x" + "11" * 20
COINBASE = "0x" + "cc" * 20
BLOCK = 100
SIZES = 970
"""Different swaps; their calldata is made once."""
STEPS = 20
TURNS = 100
GROWTH = 0.05
"""Of resident memory, from the first step to the last."""
AGEING = 0.05
"""Of the time of a swap, against an engine just opened."""


def resident_kib() -> int:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE // 1024


class Market:
    """A pool on an engine, and blocks of swaps on it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.number = 0
        engine.set_balance(ME, 10**40)
        self.calls = [swaps.swap(number) for number in range(SIZES)]
        self.pool = opened(self.send, swaps.compiled())

    def env(self) -> BlockEnv:
        """The next block."""
        self.number += 1
        return BlockEnv(
            number=self.number,
            timestamp=1_700_000_000 + 12 * self.number,
            base_fee=10**9,
            gas_limit=30_000_000,
            coinbase=COINBASE,
        )

    def tx(self, to: str | None, data: bytes, nonce: int, gas: int = GAS_LIMIT) -> Transaction:
        """A complete transaction."""
        tx = Transaction(sender=ME, to=to, data=data, gas_limit=gas)
        return tx.complete(nonce=nonce, base_fee=10**9)

    def send(self, to: str | None, data: bytes, gas: int) -> tuple[int, str | None]:
        """Execute one transaction in a block of its own."""
        tx = self.tx(to, data, self.engine.nonce(ME), gas)
        receipt = self.engine.execute(tx, self.env())
        assert receipt.status, receipt
        return receipt.gas_used, receipt.contract_address

    def pace(self, blocks: int) -> float:
        """Microseconds of processor time that a swap takes over so many blocks."""
        start = time.process_time()
        for _ in range(blocks):
            self.block()
        return (time.process_time() - start) / (blocks * BLOCK) * 1e6

    def block(self) -> None:
        """A hundred swaps."""
        mark, env, nonce = self.engine.snapshot(), self.env(), self.engine.nonce(ME)
        txs = [
            self.tx(self.pool, self.calls[(nonce + place) % SIZES], nonce + place)
            for place in range(BLOCK)
        ]
        results: Any = self.engine.execute_block(txs[:-1], env)
        last = self.engine.execute(txs[-1], env)
        self.engine.release(mark)
        assert len(event_columns([last.logs])) == len(last.logs)
        if hasattr(results, "columns"):
            assert results.columns()["status"].all()
            assert len(results.log_columns()) == 3 * (BLOCK - 1)
        assert isinstance(results[0], Receipt)
        assert results[0].status


def main() -> None:
    """Swap, and print memory and pace twenty times on the way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", default="auto", choices=["auto", *engine_names()])
    parser.add_argument("--swaps", type=int, default=2_000_000)
    parser.add_argument("--open-snapshot", action="store_true", help="with a snapshot open")
    told = parser.parse_args()
    market = Market(open_engine(told.engine))
    if told.open_snapshot:
        market.engine.snapshot()
    print(f"{market.engine.name}, {versions()}, {told.swaps:,} swaps")
    step = max(told.swaps // STEPS // BLOCK, 1) * BLOCK
    kib, pace = [], []
    for done in range(step, told.swaps + 1, step):
        pace.append(market.pace(step // BLOCK))
        kib.append(resident_kib())
        print(f"{done:>9,} swaps: {kib[-1]:,} KiB, {pace[-1]:.1f} µs a swap")
    report(
        kib, pace, ageing(market, Market(open_engine(told.engine)), max(step // BLOCK // TURNS, 1))
    )


def ageing(old: Market, new: Market, blocks: int) -> list[float]:
    """How many times the new market's time a swap takes on the old one: pairs, in turns."""
    new.pace(2 * blocks)
    return [old.pace(blocks) / new.pace(blocks) for _ in range(TURNS)]


def report(kib: list[int], pace: list[float], aged: list[float]) -> None:
    """Growth after the first step, and pace. Ends the program with 1 where a bar is passed."""
    growth, slower = kib[-1] / kib[0] - 1, median(aged) - 1
    print(f"memory: {growth:+.2%} after the first step (less than {GROWTH:.0%} wanted)")
    print(f"pace: {median(pace):.1f} µs a swap ({min(pace):.1f} to {max(pace):.1f})")
    print(f"time against an engine just opened: {slower:+.1%} (less than {AGEING:.0%} wanted)")
    if growth >= GROWTH or slower >= AGEING:
        sys.exit("error: it does not stay as it begins")


def versions() -> str:
    """Of what was measured."""
    told = [f"Python {platform.python_version()}"]
    for name in ("dexsim-revm", "py-evm", "vyper"):
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(told)


if __name__ == "__main__":
    main()

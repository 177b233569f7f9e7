"""Swaps per second: dexsim's revm engine against verbs, simular-evm and a bare Rust loop.

    python -m venv verbs && verbs/bin/pip install verbs==0.4.1
    python -m venv simular && simular/bin/pip install simular-evm==0.3.0
    python benchmarks/engine_vs_peers.py --verbs verbs/bin/python --simular simular/bin/python

All sides swap on the same Vyper pool with the same calldata, transactions made beforehand, in
turns, each peer in a process and an environment of its own, and end with the same reserves, or the
comparison is void. A peer that is not given is left out; the Rust loop is left out where there is
no cargo.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import swaps
from eth_abi import encode
from vyper.compiler import compile_code

from dexsim.chain.engines import open_engine
from dexsim.chain.event_columns import EventColumns
from dexsim.chain.types import BlockEnv, Receipt, Transaction

HERE = Path(__file__).resolve().parent
ENGINE = HERE.parent / "engine"
ME = "0x" + "11" * 20
GAS_LIMIT = 200_000
DEPLOYMENT_GAS = 2_000_000
ENV = BlockEnv(
    number=1,
    timestamp=1_700_000_000,
    base_fee=10**9,
    gas_limit=10**9,
    coinbase="0x" + "cc" * 20,
)

Round = Callable[[], tuple[float, list[int]]]
"""Plays all swaps; gives seconds and the pool's reserves afterwards."""


@dataclass(frozen=True)
class Side:
    """A way to run the swaps. against: the side to which its rate is compared, and the bar."""

    name: str
    play: Round


class Dexsim:
    """A pool on dexsim's engine, open for swaps."""

    def __init__(self, code: swaps.Bytecode, calls: list[bytes], block: int) -> None:
        self.engine = open_engine("revm")
        self.engine.set_balance(ME, 10**30)
        self.nonce = 0
        self.block = block
        self.calls = calls
        base, quote = (self.deployed(code.token) for _ in range(2))
        self.pool = self.deployed(code.pool + encode(["address", "address"], [base, quote]))
        for to, data in swaps.opening(base, quote, self.pool):
            assert self.engine.execute(self.tx(to, data), ENV).status

    def deployed(self, code: bytes) -> str:
        receipt = self.engine.execute(self.tx(None, code, DEPLOYMENT_GAS), ENV)
        assert receipt.contract_address is not None
        return receipt.contract_address

    def tx(self, to: str | None, data: bytes, gas: int = GAS_LIMIT) -> Transaction:
        self.nonce += 1
        return Transaction(
            sender=ME,
            to=to,
            data=data,
            gas_limit=gas,
            max_priority_fee_per_gas=10**9,
            max_fee_per_gas=10**10,
            nonce=self.nonce - 1,
        )

    def in_blocks(self) -> tuple[float, list[int]]:
        """A crossing for every block; what the pool logged becomes a column."""
        txs = [self.tx(self.pool, data) for data in self.calls]
        start = time.perf_counter()
        logged = 0
        for first in range(0, len(txs), self.block):
            results: Any = self.engine.execute_block(txs[first : first + self.block], ENV)
            logged += len(amounts_of(results.log_columns(), self.pool))
            assert results.columns()["status"].all()
        seconds = time.perf_counter() - start
        assert logged == len(self.calls)
        return seconds, self.reserves()

    def one_by_one(self) -> tuple[float, list[int]]:
        """A crossing and a receipt for every swap."""
        txs = [self.tx(self.pool, data) for data in self.calls]
        start = time.perf_counter()
        receipts: list[Receipt] = [self.engine.execute(tx, ENV) for tx in txs]
        seconds = time.perf_counter() - start
        assert all(receipt.status for receipt in receipts)
        return seconds, self.reserves()

    def reserves(self) -> list[int]:
        asks = [swaps.calldata("reserves(uint256)", side) for side in (0, 1)]
        reads = [Transaction(sender=ME, to=self.pool, data=ask) for ask in asks]
        return [int.from_bytes(self.engine.call(tx, ENV).output, "big") for tx in reads]


def amounts_of(events: EventColumns, pool: str) -> Any:
    """The data of the pool's events: two words each."""
    own = np.frombuffer(events.addresses, "V20") == np.void(bytes.fromhex(pool[2:]))
    starts = events.data_offsets[:-1][own]
    return np.frombuffer(events.data, "u1")[starts[:, None] + np.arange(64)]


@contextmanager
def peer(command: list[str]) -> Iterator[Round]:
    """A worker process that plays a round whenever it is asked to."""
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert worker.stdin is not None
    assert worker.stdout is not None

    def play() -> tuple[float, list[int]]:
        worker.stdin.write("round\n")
        worker.stdin.flush()
        line = worker.stdout.readline()
        if not line:
            sys.exit(f"error: {command[0]} ended; its message stands above")
        told = json.loads(line)
        return told["seconds"], told["reserves"]

    try:
        yield play
    finally:
        worker.stdin.close()
        worker.wait()


def workload(code: swaps.Bytecode, calls: list[bytes], block: int) -> dict[str, Any]:
    """What the workers are given."""
    abis = {
        name: compile_code(source, output_formats=["abi"])["abi"]
        for name, source in (("token_abi", swaps.TOKEN), ("pool_abi", swaps.POOL))
    }
    opening = swaps.opening(ME, ME, ME)
    return abis | {
        "sender": ME,
        "token": code.token.hex(),
        "pool": code.pool.hex(),
        "approve": opening[0][1][:4].hex(),
        "open": opening[2][1].hex(),
        "open_text": f"({10**24},{2 * 10**24})",
        "swaps": [data.hex() for data in calls],
        "swaps_text": [text_of(data) for data in calls],
        "block": block,
    }


def text_of(data: bytes) -> str:
    words = [int.from_bytes(data[at : at + 32], "big") for at in range(4, len(data), 32)]
    return f"({'true' if words[0] else 'false'},{words[1]},{words[2]})"


def bare_loop() -> list[str] | None:
    """The command of the Rust loop, built; None where there is no cargo."""
    if shutil.which("cargo") is None:
        return None
    build = ["cargo", "build", "--release", "--quiet", "--locked", "--example", "bare_loop"]
    subprocess.run(build, cwd=ENGINE, check=True)
    return [str(ENGINE / "target/release/examples/bare_loop")]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--verbs", help="an interpreter that has verbs")
    options.add_argument("--simular", help="an interpreter that has simular-evm")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--swaps", type=int, default=20_000, help="in a round")
    options.add_argument("--block", type=int, default=100, help="swaps in a block")
    told = options.parse_args()
    calls = [swaps.swap(number) for number in range(told.swaps)]
    code = swaps.compiled()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (home / "work.json").write_text(json.dumps(workload(code, calls, told.block)))

        def worker(*command: str) -> Round:
            return stack.enter_context(peer([*command, str(home / "work.json")]))

        blocks, singly = (Dexsim(code, calls, told.block) for _ in range(2))
        sides = [
            Side("dexsim, in blocks", blocks.in_blocks),
            Side("dexsim, one by one", singly.one_by_one),
        ]
        loop = bare_loop()
        if loop is not None:
            sides += [
                Side("bare Rust loop, committed each", worker(*loop, "each")),
                Side("bare Rust loop, committed by the block", worker(*loop, "block")),
            ]
        if told.verbs:
            sides.append(Side("verbs", worker(told.verbs, str(HERE / "peers/verbs_worker.py"))))
        if told.simular:
            path = str(HERE / "peers/simular_worker.py")
            sides.append(Side("simular-evm", worker(told.simular, path)))
        show(sides, measured(sides, told.rounds), told.swaps)


def measured(sides: list[Side], rounds: int) -> dict[str, list[float]]:
    """Seconds by side, in turns; the first round warms up."""
    seconds: dict[str, list[float]] = {side.name: [] for side in sides}
    for number in range(rounds + 1):
        ends: dict[tuple[int, ...], list[str]] = {}
        for side in sides:
            took, reserves = side.play()
            ends.setdefault(tuple(reserves), []).append(side.name)
            if number:
                seconds[side.name].append(took)
        if len(ends) != 1:
            told = "; ".join(f"{', '.join(names)}: {held}" for held, names in ends.items())
            sys.exit(f"error: the sides end with different reserves: {told}")
    return seconds


def show(sides: list[Side], seconds: dict[str, list[float]], count: int) -> None:
    """The table: rates with their spread, and how many times each side dexsim's rate is."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("dexsim-revm", "vyper"))
    print(f"Python {platform.python_version()}, {packages}; {count} swaps a round, medians")
    print("| side | swaps/s | dexsim in blocks is | dexsim one by one is |")
    print("|---|---:|---:|---:|")
    own = [seconds[side.name] for side in sides[:2]]
    for side in sides:
        took = seconds[side.name]
        rates = sorted(count / each for each in took)
        ratios = [
            f"{median(other / mine for other, mine in zip(took, dexsim, strict=True)):.2f} x"
            for dexsim in own
        ]
        spread = f"{rates[0]:,.0f} to {rates[-1]:,.0f}"
        print(f"| {side.name} | {median(rates):,.0f} ({spread}) | {ratios[0]} | {ratios[1]} |")


if __name__ == "__main__":
    main()

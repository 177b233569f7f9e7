"""Swaps per second: dexsim's revm engine against verbs, simular-evm and a bare Rust loop.

    python -m venv verbs && verbs/bin/pip install verbs==0.4.1
    python -m venv simular && simular/bin/pip install simular-evm==0.3.0
    python benchmarks/engine_vs_peers.py --verbs verbs/bin/python --simular simular/bin/python

All sides swap on the same Vyper pool with the same calldata, transactions made beforehand, and put
the amounts of the pool's events into columns; in turns, each peer in a process and an environment
of its own. Reserves, amounts and gas must be equal on all sides, or the comparison is void. A peer
that is not given is left out; the Rust loop is left out where there is no cargo.
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
from dexsim.chain.event_columns import EventColumns, event_columns
from dexsim.chain.types import BlockEnv, Transaction

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


@dataclass(frozen=True)
class Played:
    """A round: how long it took, and what must be equal on all sides.

    seconds: by the clock on the wall. reserves: of the pool afterwards. traded: sums over the columns
    of amounts, in and out. gas: of the last swap.
    """

    seconds: float
    reserves: tuple[int, int]
    traded: tuple[int, int]
    gas: int

    @property
    def outcome(self) -> tuple[tuple[int, int], tuple[int, int], int]:
        """All but the time."""
        return self.reserves, self.traded, self.gas


Round = Callable[[], Played]
"""Plays all swaps once more."""


@dataclass(frozen=True)
class Side:
    """A way to run the swaps."""

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

    def in_blocks(self) -> Played:
        """A crossing for every block."""
        txs = [self.tx(self.pool, data) for data in self.calls]
        start = time.perf_counter()
        columns = []
        for first in range(0, len(txs), self.block):
            results: Any = self.engine.execute_block(txs[first : first + self.block], ENV)
            outcome = results.columns()
            assert outcome["status"].all()
            columns.append(amounts_of(results.log_columns(), self.pool))
        seconds = time.perf_counter() - start
        return self.played(seconds, columns, int(outcome["gas_used"][-1]))

    def one_by_one(self) -> Played:
        """A crossing and a receipt for every swap; columns of as many receipts as a block has."""
        txs = [self.tx(self.pool, data) for data in self.calls]
        start = time.perf_counter()
        columns = []
        for first in range(0, len(txs), self.block):
            receipts = [self.engine.execute(tx, ENV) for tx in txs[first : first + self.block]]
            assert all(receipt.status for receipt in receipts)
            logs = [receipt.logs for receipt in receipts]
            columns.append(amounts_of(event_columns(logs), self.pool))
        seconds = time.perf_counter() - start
        return self.played(seconds, columns, receipts[-1].gas_used)

    def played(self, seconds: float, columns: list[Any], gas: int) -> Played:
        """The round, from what it logged."""
        amounts = np.concatenate(columns)
        assert len(amounts) == len(self.calls)
        paid, got = (sum(column.tolist()) for column in amounts.T)
        return Played(seconds, self.reserves(), (paid, got), gas)

    def reserves(self) -> tuple[int, int]:
        """What the pool says that it holds."""
        return self.reserve(0), self.reserve(1)

    def reserve(self, side: int) -> int:
        ask = swaps.calldata("reserves(uint256)", side)
        read = Transaction(sender=ME, to=self.pool, data=ask)
        return int.from_bytes(self.engine.call(read, ENV).output, "big")


def amounts_of(events: EventColumns, pool: str) -> Any:
    """Columns of the pool's events: amounts in and out, which fit into 64 bits here."""
    own = np.frombuffer(events.addresses, "V20") == np.void(bytes.fromhex(pool[2:]))
    starts = events.data_offsets[:-1][own]
    words = np.frombuffer(events.data, "u1")[starts[:, None] + np.arange(64)]
    return words.view(">u8")[:, 3::4]


@contextmanager
def peer(command: list[str]) -> Iterator[Round]:
    """A worker process that plays a round whenever it is asked to."""
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert worker.stdin is not None
    assert worker.stdout is not None

    def play() -> Played:
        worker.stdin.write("round\n")
        worker.stdin.flush()
        line = worker.stdout.readline()
        if not line:
            sys.exit(f"error: {command[0]} ended; its message stands above")
        told = json.loads(line)
        return Played(told["seconds"], tuple(told["reserves"]), tuple(told["traded"]), told["gas"])

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
            path = str(HERE / "peers/verbs_worker.py")
            sides += [
                Side("verbs, in blocks", worker(told.verbs, path, "block")),
                Side("verbs, one by one", worker(told.verbs, path, "each")),
            ]
        if told.simular:
            path = str(HERE / "peers/simular_worker.py")
            sides.append(Side("simular-evm, one by one", worker(told.simular, path)))
        show(sides, measured(sides, told.rounds), told.swaps)


def measured(sides: list[Side], rounds: int) -> dict[str, list[float]]:
    """Seconds by side, in turns, every other round backwards; the first round warms up."""
    seconds: dict[str, list[float]] = {side.name: [] for side in sides}
    for number in range(rounds + 1):
        ends: dict[object, list[str]] = {}
        for side in sides[:: -1 if number % 2 else 1]:
            played = side.play()
            ends.setdefault(played.outcome, []).append(side.name)
            if number:
                seconds[side.name].append(played.seconds)
        if len(ends) != 1:
            told = "; ".join(f"{', '.join(names)}: {end}" for end, names in ends.items())
            sys.exit(f"error: the sides end differently (reserves, traded, gas): {told}")
    return seconds


def show(sides: list[Side], seconds: dict[str, list[float]], count: int) -> None:
    """The table: rates and ratios, the least and the greatest round in brackets."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("dexsim-revm", "vyper"))
    print(f"Python {platform.python_version()}, {packages}; {count} swaps a round, medians")
    print("| side | swaps/s | dexsim in blocks is | dexsim one by one is |")
    print("|---|---:|---:|---:|")
    own = [seconds[side.name] for side in sides[:2]]
    for side in sides:
        took = seconds[side.name]
        rates = told([count / each for each in took], ",.0f")
        ratios = [told([a / b for a, b in zip(took, mine, strict=True)], ".2f") for mine in own]
        print(f"| {side.name} | {rates} | {ratios[0]} | {ratios[1]} |")


def told(values: list[float], style: str) -> str:
    """The median, and in brackets the least and the greatest."""
    return f"{median(values):{style}} ({min(values):{style}} to {max(values):{style}})"


if __name__ == "__main__":
    main()

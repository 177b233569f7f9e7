"""A whole scenario: dexsim against verbs' own agent loop.

    python -m venv verbs && verbs/bin/pip install verbs==0.4.1
    python benchmarks/scenario_vs_verbs.py verbs/bin/python [--blocks N] [--orders N]

Twenty traders swap at random on the same contracts, deployed by the same transactions, with the
same number of orders a block in the mean. dexsim runs its agents, its desk, its mechanism and its
recording, checks its books against the chain and writes every table as Parquet; verbs runs
`Sim.run` with agents that quote and read their balances as dexsim's do, and records the reserves
in a Python list. verbs runs twice: with its ABI classes, as its documentation has it, and with
calldata written by hand, the fastest way that we found. Set-up is left out on all sides; the clock
is the processor's, of all threads. What both sides do is told apart from dexsim's record.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from crowds import crowd
from scenario_pace import REST, STAGE, transactions
from stopwatch import Place, Stopwatch

from dexsim.artifacts.library import shipped
from dexsim.results.run import Run
from dexsim.scenario import runner
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Scenario

HERE = Path(__file__).resolve().parent
USERS = 20
RECORD = "record"
RECORDING: list[Place] = [
    (RECORD, runner, "record"),
    (RECORD, import_module("dexsim.scenario.run"), "joined"),
    (RECORD, Run, "save"),
]
DEXSIM, BARE = "dexsim", "dexsim, its record not counted"
VERBS = {"verbs, its ABI classes": "abi", "verbs, calldata by hand": "bytes"}


def on_dexsim(scenario: Scenario, folder: Path, seed: int) -> tuple[dict[str, float], Run]:
    """Seconds of processor time without the set-up, and the run; its tables are on disk."""
    watch = Stopwatch()
    with watch.watching(REST, [STAGE, *RECORDING]):
        done = run(scenario, seed=seed, engine="revm")
        done.save(folder)
    bare = watch.seconds[REST]
    return {DEXSIM: bare + watch.seconds[RECORD], BARE: bare}, done


def workload(done: Run, scenario: Scenario, seed: int) -> dict[str, Any]:
    """What verbs needs to play the same market."""
    arm = next(iter(done.manifest["arms"].values()))
    rows = done.tables["transactions"].to_pylist()
    setup = [row for row in rows if row["block"] == 0]
    agents = done.tables["agents"].to_pylist()
    accounts = {row["agent"]: row["accounts"] for row in agents}
    trader = scenario.agents["traders-0"]
    tokens = token_addresses(setup)
    pool, router = accounts["pool pool-0"][0], rows[-1]["to"]
    return {
        "accounts": arm["endowments"],
        "setup": [
            {
                "sender": row["sender"],
                "to": row["to"],
                "data": row["data"].hex(),
                "value": str(row["value"]),
            }
            for row in setup
        ],
        "traders": accounts["traders-0"],
        "seed": seed,
        "rate": float(trader.trades_per_block),
        "median_base": int(float(trader.median_size) * 10**18),
        "slippage_bps": trader.slippage_bps,
        "pool": pool,
        "router": router,
        "tokens": tokens,
        "base_first": int(tokens[0], 16) < int(tokens[1], 16),
        "abis": {name: list(shipped(name).abi) for name in ("token", "router", "pool")},
        "blocks": scenario.blocks,
    }


def token_addresses(setup: list[dict[str, Any]]) -> list[str]:
    """Base and quote, as the first swap of anybody names them; here: as liquidity was added."""
    selector = next(f.selector for f in shipped("router").interface.functions["addLiquidity"])
    data = next(row["data"] for row in setup if row["data"][:4] == selector)
    return ["0x" + data[4 + 32 * place + 12 : 4 + 32 * (place + 1)].hex() for place in (0, 1)]


def main() -> None:
    """Measure in turns and print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("verbs", help="an interpreter that has verbs")
    options.add_argument("--blocks", type=int, default=300)
    options.add_argument("--orders", type=int, default=100, help="a block, in the mean")
    options.add_argument("--rounds", type=int, default=5)
    told = options.parse_args()
    scenario = crowd(blocks=told.blocks, orders=told.orders, users=USERS)
    rates: dict[str, list[float]] = {name: [] for name in (DEXSIM, BARE, *VERBS)}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(told.rounds + 1):
            seconds, done = on_dexsim(scenario, Path(folder) / str(number), number)
            here = {name: checked(done) / each for name, each in seconds.items()}
            work = Path(folder) / "work.json"
            work.write_text(json.dumps(workload(done, scenario, number)))
            here |= {name: on_verbs(told.verbs, way, work) for name, way in VERBS.items()}
            # The first round warms up and is not counted.
            for name, rate in here.items() if number else ():
                rates[name].append(rate)
    show(rates, transactions(done))


def checked(done: Run) -> int:
    """How many transactions there were behind the set-up."""
    rows = done.table("transactions").select(["block", "status"]).to_pylist()
    failed = sum(row["block"] > 0 and not row["status"] for row in rows)
    check_failures("dexsim", failed, transactions(done))
    return transactions(done)


def check_failures(name: str, failed: int, count: int) -> None:
    """Ends the program when more failed than slippage explains: what reverts costs less."""
    if failed > count // 20:
        sys.exit(f"error: {failed} of {count} transactions failed on {name}; nothing is compared")


def on_verbs(interpreter: str, way: str, work: Path) -> float:
    """Transactions a second."""
    command = [interpreter, str(HERE / "peers/verbs_scenario.py"), way, str(work)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"error: verbs ended with {done.returncode}:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout)
    check_failures("verbs", told["failed"], told["transactions"])
    rate: float = told["transactions"] / told["seconds"]
    return rate


def show(rates: dict[str, list[float]], count: int) -> None:
    """Rates and ratios, the least and the greatest round in brackets."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("dexsim-revm", "vyper"))
    print(
        f"Python {platform.python_version()}, {packages}; {count:,} transactions a round, medians"
    )
    print(f"| side | transactions/s | {DEXSIM} is, times | {BARE}, is, times |")
    print("|---|---:|---:|---:|")
    for name, each in rates.items():
        ratios = [
            told([mine / other for mine, other in zip(rates[own], each, strict=True)], ".2f")
            for own in (DEXSIM, BARE)
        ]
        print(f"| {name} | {told(each, ',.0f')} | {' | '.join(ratios)} |")


def told(values: list[float], style: str) -> str:
    """The median, and in brackets the least and the greatest."""
    return f"{median(values):{style}} ({min(values):{style}} to {max(values):{style}})"


if __name__ == "__main__":
    main()

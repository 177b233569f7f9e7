"""A whole scenario: dexsim against verbs' own agent loop.

    python -m venv verbs && verbs/bin/pip install verbs==0.4.1
    python benchmarks/scenario_vs_verbs.py verbs/bin/python [--blocks N] [--orders N] [--rounds N]

Twenty traders swap at random on the same contracts, deployed by the same transactions, with the
same number of orders a block in the mean. dexsim runs its agents, its desk, its mechanism and its
recording, checks its books against the chain and writes every table as Parquet; verbs runs
`Sim.run` with agents that quote, read their balance and encode their calls as its documentation
has it, and records the reserves in a Python list. Set-up is left out on both sides.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from crowds import crowd

from dexsim.artifacts.library import shipped
from dexsim.results.run import Run
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Scenario

HERE = Path(__file__).resolve().parent
USERS = 20


def on_dexsim(scenario: Scenario, folder: Path, seed: int) -> tuple[float, int, Run]:
    """Seconds of processor time without the set-up, transactions, and the run."""
    short = scenario.replace(blocks=1)
    start = time.process_time()
    run(short, seed=seed, engine="revm")
    middle = time.process_time()
    done = run(scenario, seed=seed, engine="revm")
    done.save(folder)
    seconds = time.process_time() - middle - (middle - start)
    return seconds, done.tables["transactions"].num_rows, done


def workload(done: Run, scenario: Scenario, orders: int) -> dict[str, Any]:
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
        "rate": orders / USERS,
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
    options.add_argument("--blocks", type=int, default=100)
    options.add_argument("--orders", type=int, default=100, help="a block, in the mean")
    options.add_argument("--rounds", type=int, default=5)
    told = options.parse_args()
    scenario = crowd(blocks=told.blocks, orders=told.orders, users=USERS)
    rates: dict[str, list[float]] = {"dexsim": [], "verbs": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(told.rounds + 1):
            home = Path(folder) / str(number)
            seconds, count, done = on_dexsim(scenario, home, number)
            work = Path(folder) / "work.json"
            work.write_text(json.dumps(workload(done, scenario, told.orders)))
            other = on_verbs(told.verbs, work)
            if number:
                rates["dexsim"].append(count / seconds)
                rates["verbs"].append(other["transactions"] / other["seconds"])
    show(rates, other)


def on_verbs(interpreter: str, work: Path) -> dict[str, Any]:
    """What the worker tells."""
    command = [interpreter, str(HERE / "peers/verbs_scenario.py"), str(work)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"error: verbs ended with {done.returncode}:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def show(rates: dict[str, list[float]], other: dict[str, Any]) -> None:
    """Rates with their spread, and their ratio."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("dexsim-revm", "vyper"))
    print(f"Python {platform.python_version()}, {packages}; medians")
    print(f"verbs' last round: {other['transactions']} transactions, {other['failed']} failed")
    for name, each in rates.items():
        print(f"{name}: {median(each):,.0f} transactions/s ({min(each):,.0f} to {max(each):,.0f})")
    ratios = [a / b for a, b in zip(rates["dexsim"], rates["verbs"], strict=True)]
    print(f"ratio {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()

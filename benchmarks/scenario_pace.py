"""A whole scenario, from the agents to its tables on disk: transactions per second on one core.

    python benchmarks/scenario_pace.py [--engine NAME] [--blocks N] [--orders N] [--profile]

Three scenarios: a crowd in one pool, the same in three, and one pool with a searcher who
sandwiches it. Setting the stage (the world's contracts, the accounts) is told apart; everything
else counts: agents, mechanism, execution, recording, the closing check of the books against the
chain, and writing all tables as Parquet. The clock is the processor's, of all threads. Each
scenario runs three times: to get warm, at full speed for the figure, and with a stopwatch, which
slows it down, for its parts.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import tempfile
from collections.abc import Sequence
from pathlib import Path

from crowds import crowd
from stopwatch import Place, Stopwatch

from dexsim.artifacts.abi import Function, Interface
from dexsim.blockspace import structure
from dexsim.chain.engines import open_engine
from dexsim.results.recorder import Recorder
from dexsim.results.run import Run
from dexsim.scenario import runner
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Scenario

SETUP, REST = "set-up", "closing the books, making tables"
STAGE: Place = (SETUP, runner, "set_the_stage")


def places(engine: str) -> list[Place]:
    """What is timed, by part."""
    evm = type(open_engine(engine))
    asked = ("execute", "call", "nonce", "balance", "snapshot", "restore", "release")
    return [
        STAGE,
        *(("EVM", evm, method) for method in asked),
        *(("ABI", Function, method) for method in ("encode", "decode_output", "decode_arguments")),
        ("ABI", Interface, "decode_log"),
        ("agents", runner, "arrive"),
        ("agents", runner, "search"),
        ("desk: orders to transactions", structure, "settle"),
        ("mechanism and block building", runner, "gather"),
        ("mechanism and block building", runner, "build"),
        ("mechanism and block building", runner, "execute"),
        ("rehearsals without attacks", runner, "rehearse"),
        ("recording", runner, "record"),
        ("recording", Recorder, "outcome"),
        ("writing Parquet", Run, "save"),
    ]


def timed(scenario: Scenario, engine: str, watched: Sequence[Place]) -> tuple[Run, Stopwatch]:
    """Run a scenario and write its tables, with these functions timed."""
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder, watch.watching(REST, watched):
        done = run(scenario, seed=1, engine=engine)
        done.save(Path(folder) / "run")
    return done, watch


def tell(scenario: Scenario, engine: str) -> None:
    """Run a scenario, and print how fast it was and where the time went."""
    timed(scenario.replace(blocks=5), engine, [STAGE])
    done, watch = timed(scenario, engine, [STAGE])
    setup = watch.seconds.pop(SETUP)
    count = transactions(done)
    seconds = sum(watch.seconds.values())
    print(
        f"{scenario.title}: {count:,} transactions in {seconds:.2f} s (set-up {setup:.2f} s), "
        f"{count / seconds:,.0f} a second, {seconds / count * 1e6:,.0f} microseconds each; "
        f"{done.table('sandwiches').num_rows} sandwiches"
    )
    _, slowed = timed(scenario, engine, places(engine))
    del slowed.seconds[SETUP]
    for name, part in sorted(slowed.seconds.items(), key=lambda item: -item[1]):
        print(f"  {name:<34}{part / count * 1e6:>8.1f} microseconds a transaction")


def transactions(done: Run) -> int:
    """Transactions in blocks behind the set-up."""
    return sum(done.table("blocks")["transactions"].to_pylist()[1:])


def profiled(scenario: Scenario, engine: str) -> None:
    """Print where the time goes by Python's own profiler, the functions that take most first."""
    profile = cProfile.Profile()
    profile.runcall(timed, scenario, engine, [])
    pstats.Stats(profile).sort_stats("tottime").print_stats(45)


def main() -> None:
    """Run the scenarios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--blocks", type=int, default=200)
    parser.add_argument("--orders", type=int, default=100, help="a block, of all users together")
    parser.add_argument("--profile", action="store_true", help="by function, of cProfile")
    args = parser.parse_args()
    sizes = {"blocks": args.blocks, "orders": args.orders}
    for scenario in (
        crowd(**sizes),
        crowd(**sizes, pools=3),
        crowd(**sizes, hunted=True),
    ):
        (profiled if args.profile else tell)(scenario, args.engine)


if __name__ == "__main__":
    main()

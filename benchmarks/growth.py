"""How the time of a run grows with its transactions, its pools and its agents.

    python benchmarks/growth.py [--engine NAME] [--rounds N]

Each quantity grows over two decades while the others stay. The exponent is the slope of a
straight line through the logarithms of size and time, over all sizes and over the larger half of
them, where fixed costs hide nothing: 1 is linear. Set-up stands apart. The clock is the
processor's; of some rounds, taken in turns, the fastest counts. Exits with 1 where the larger
half grows with an exponent above 1.05.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from math import log

from crowds import crowd
from scenario_pace import REST, SETUP, STAGE, timed
from stopwatch import Stopwatch

from dexsim.scenario.scenario import Scenario

MOST = 1.05
SIZES = (1, 3, 10, 30, 100)

GROWN: Mapping[str, Callable[[int], Scenario]] = {
    "blocks of 50 transactions": lambda size: crowd(blocks=5 * size, orders=50),
    "transactions a block": lambda size: crowd(blocks=8, orders=10 * size),
    "pools, 100 transactions a block": lambda size: crowd(blocks=20, orders=100, pools=2 * size),
    "agents, each an order a block": lambda size: crowd(
        blocks=8, orders=3 * size, users=3 * size, agents=3 * size
    ),
    "users of an agent, each an order a block": lambda size: crowd(
        blocks=8, orders=3 * size, users=3 * size
    ),
}


def measured(scenario: Scenario, engine: str) -> tuple[float, float]:
    """Seconds of set-up, and of everything else."""
    gc.collect()
    watch: Stopwatch = timed(scenario, engine, [STAGE])[1]
    return watch.seconds[SETUP], watch.seconds[REST]


def slope(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The exponent of a power that fits best."""
    xs, ys = [log(size) for size in sizes], [log(time) for time in seconds]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum(
        (a - x) ** 2 for a in xs
    )


def tell(name: str, make: Callable[[int], Scenario], engine: str, rounds: int) -> bool:
    """Measure and print one quantity; whether it grows as it may."""
    times = [[measured(make(size), engine) for size in SIZES] for _ in range(rounds)]
    fine = True
    print(name)
    for part, what in enumerate(("set-up", "run")):
        best = [min(turn[at][part] for turn in times) for at in range(len(SIZES))]
        half = len(SIZES) // 2
        everywhere, above = slope(SIZES, best), slope(SIZES[half:], best[half:])
        told = "  ".join(f"{seconds:8.3f}" for seconds in best)
        print(f"  {what:<8}{told} s   exponent {everywhere:.2f}, of the larger half {above:.2f}")
        fine = fine and (what == "set-up" or above <= MOST)
    return fine


def main() -> None:
    """Measure all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", default="", help="quantities whose name begins so")
    args = parser.parse_args()
    print(f"sizes: {', '.join(map(str, SIZES))} times the smallest")
    measured(crowd(blocks=2, orders=10), args.engine)  # warm
    fine = [
        tell(name, make, args.engine, args.rounds)
        for name, make in GROWN.items()
        if name.startswith(args.only)
    ]
    sys.exit(0 if all(fine) else 1)


if __name__ == "__main__":
    main()

"""Building one block of many pending transactions and rival searchers, on the in-process engine.

    python benchmarks/block_building.py [--pending N] [--searchers N] [--rounds N]

All users trade in one pool in the same block, and every searcher bids for each
that pays. Told apart: what searchers need to find their bundles, what the builder
needs to fill the block, and what the record needs to execute it again without
each attack.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, ClassVar

from dexsim.agents import Sandwicher
from dexsim.blockspace.mechanisms import BundleAuction
from dexsim.blockspace.orders import Order
from dexsim.market.world import Market, Token, Venue, Weth, World
from dexsim.scenario import runner
from dexsim.scenario.scenario import Scenario

ETHER = 10**18


@dataclass(frozen=True)
class Crowd:
    """So many users, each of whom trades once in the block, from 0.005 % to 1 % of the pool."""

    count: int
    kind: ClassVar[str] = "crowd"
    role: ClassVar[str] = "trader"

    def start(self, setup: Any) -> Any:
        funds = {"WETH": "20", "USDC": "40000"}
        users = [setup.account(str(n), funds) for n in range(self.count)]

        class Actor:
            def act(self, view: Any) -> list[Order]:
                return [_order(user, n, len(users)) for n, user in enumerate(users)]

        return Actor()


def _order(user: Any, n: int, count: int) -> Order:
    """By turns a sale and a purchase, the later the larger."""
    size = ETHER // 20 + 10 * ETHER * n**3 // count**3
    token, amount = ("WETH", size) if n % 2 else ("USDC", size * 2000 // 10**12)
    return Order(user, market="main", token_in=token, amount_in=amount, slippage_bps=300)


def scenario(pending: int, searchers: int) -> Scenario:
    """One block of users and searchers in a pool of 1,000 WETH."""
    market = Market(
        venue="exchange", pair="WETH/USDC", base_reserve="1000", quote_reserve="2000000"
    )
    capital = {"WETH": "500", "USDC": "1000000"}
    rivals = {
        f"searcher-{n}": Sandwicher(capital=capital, bid_share_bps=500 * n)
        for n in range(searchers)
    }
    return Scenario(
        world=World(
            tokens={"WETH": Weth(), "USDC": Token(decimals=6)},
            venues={"exchange": Venue(fee_bps=30)},
            markets={"main": market},
        ),
        agents={"crowd": Crowd(pending), **rivals},
        blocks=1,
        mechanism=BundleAuction(),
    )


def main() -> None:
    """Play the block some times, and print what each phase took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pending", type=int, default=200)
    parser.add_argument("--searchers", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    times: dict[str, list[float]] = {}

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            began = perf_counter()
            result = function(*given, **named)
            times.setdefault(name, []).append(perf_counter() - began)
            return result

        return call

    for phase in ("search", "rehearse", "execute"):
        setattr(runner, phase, timed(phase, getattr(runner, phase)))
    for _ in range(args.rounds):
        stage = runner.play(scenario(args.pending, args.searchers), seed=1, engine="auto")
    rows = stage.recorder.tables(run_id="", arm="", seed=1)
    landed = rows["attacks"].num_rows
    print(
        f"{rows['bundles'].num_rows} bundles, {rows['sandwiches'].num_rows} landed, {landed} parts"
    )
    told = {"search": "found by searchers", "execute": "built", "rehearse": "without each attack"}
    for phase, words in told.items():
        seconds = times[phase]
        print(f"{words:<22}{median(seconds):8.2f} s ({min(seconds):.2f} to {max(seconds):.2f})")


if __name__ == "__main__":
    main()

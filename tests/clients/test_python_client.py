"""uniswap-python against a venue: equal to the wei to what dexsim computes and what the chain did."""

from __future__ import annotations

import json
import subprocess
from itertools import pairwise
from typing import Any

import pytest

from dexsim import cpmm
from tests.clients.venue import CLIENTS, Venue, deployed

PYTHON = CLIENTS / "python" / ".venv" / "bin" / "python"
# The client takes networks by a list of its own, without any for development: this is one that
# nobody runs any more.
CHAIN_ID = 42
ONE, MILLION = 10**18, 10**6
DEFAULT_SLIPPAGE = 0.01

pytestmark = pytest.mark.skipif(
    not PYTHON.is_file(), reason=f"the Python client is not installed in {PYTHON}: scripts/clients"
)


def seen_by_client(venue: Venue) -> Any:
    """Run the client on a venue."""
    script = CLIENTS / "python" / "swaps.py"
    # -I: nothing of this process's environment reaches the client's.
    arguments = [str(PYTHON), "-I", str(script), str(venue.file), venue.url]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the client saw and did, and what dexsim reads of the venue's pools afterwards."""
    with deployed(tmp_path_factory.mktemp("deployments"), CHAIN_ID) as venue:
        told = seen_by_client(venue)
        told["at"] = venue.addresses
        told["reserves"] = {pair: venue.reserves(*pair) for pair in opened(venue.addresses)}
        return told


def opened(at: dict[str, str]) -> dict[frozenset[str], dict[str, int]]:
    """The pools that trades go through, as they were opened."""
    weth, base, quote = at["WETH"], at["BASE"], at["QUOTE"]
    return {
        frozenset((weth, base)): {weth: 450 * ONE, base: 900 * ONE},
        frozenset((weth, quote)): {weth: 430 * ONE, quote: 1_700_000 * MILLION},
    }


def trades(seen: Any) -> list[Any]:
    """All of them, in the order in which they were mined."""
    return [*seen["exact"], *seen["limited"], *seen["taxed"]]


def on_paper(trade: Any, pools: dict[frozenset[str], dict[str, int]]) -> list[int]:
    """The amounts along a trade's path by dexsim's arithmetic, and the reserves after it."""
    hops = [(pay, get, pools[frozenset((pay, get))]) for pay, get in pairwise(trade["path"])]
    if "ForExact" in trade["method"]:
        amounts = [trade["quoted"][1]]
        for pay, get, held in reversed(hops):
            amounts.insert(0, cpmm.amount_in(amounts[0], held[pay], held[get]))
    else:
        amounts = [trade["quoted"][0]]
        for pay, get, held in hops:
            amounts.append(cpmm.amount_out(amounts[-1], held[pay], held[get]))
    for (pay, get, held), (paid, got) in zip(hops, pairwise(amounts), strict=True):
        held[pay] += paid
        held[get] -= got
    return amounts


def test_the_client_uses_every_swap_of_the_router(seen: Any) -> None:
    swaps = ["TokensForTokens", "ETHForTokens", "TokensForETH"]
    assert {trade["method"] for trade in trades(seen)} == {
        *(f"swapExact{swap}" for swap in swaps),
        *(f"swapExact{swap}SupportingFeeOnTransferTokens" for swap in swaps),
        "swapTokensForExactTokens",
        "swapETHForExactTokens",
        "swapTokensForExactETH",
    }


def test_what_moves_is_what_the_client_quoted(seen: Any) -> None:
    assert len(trades(seen)) == 15
    for trade in trades(seen):
        assert trade["moved"] == trade["quoted"], trade["method"]


def test_the_clients_trades_are_the_same_on_paper(seen: Any) -> None:
    pools = opened(seen["at"])
    for trade in trades(seen):
        amounts = on_paper(trade, pools)
        assert trade["moved"] == [amounts[0], amounts[-1]], trade["method"]
    assert pools == seen["reserves"]


def test_the_clients_limits_are_taken(seen: Any) -> None:
    for trade in seen["exact"]:
        paid, got = trade["moved"]
        exact_out = "ForExact" in trade["method"]
        coins_in = "ETHFor" in trade["method"]
        assert trade["limits"] == [None if exact_out else got, paid if is_limited(trade) else None]
        assert trade["value"] == (paid if coins_in else 0)


def is_limited(trade: Any) -> bool:
    """Whether an argument says how much may be paid; of coins it is what is sent along."""
    return trade["method"].startswith("swapTokensForExact")


def test_coins_beyond_what_a_purchase_costs_come_back(seen: Any) -> None:
    purchases = [one for one in seen["limited"] if one["method"] == "swapETHForExactTokens"]
    assert len(purchases) == 1
    paid, _ = purchases[0]["quoted"]
    assert purchases[0]["value"] == int((1 + DEFAULT_SLIPPAGE) * paid) > paid
    assert purchases[0]["moved"][0] == paid


def test_the_client_finds_the_venue(seen: Any) -> None:
    assert seen["weth"] == seen["at"]["WETH"]
    assert seen["tokens"] == [["BASE", 18], ["QUOTE", 6], ["WETH", 18]]
    assert seen["price"] == 2_000
    assert seen["fee"] == 30 / 10_000
    assert seen["direct"] == cpmm.amount_out(ONE, 1_000 * ONE, 2_000_000 * MILLION)

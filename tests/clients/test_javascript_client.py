"""ethers and Uniswap's SDK, with the ABIs that Uniswap published, against a venue: equal to the wei."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from dexsim import cpmm
from dexsim.artifacts.library import shipped
from tests.clients.venue import CLIENTS, Venue, deployed

JAVASCRIPT = CLIENTS / "javascript"
PACKAGES = JAVASCRIPT / "node_modules"
NODE = shutil.which("node")
UNLIMITED = 2**256 - 1
HALF_PERCENT = 50
NOBODY = "0x" + "00" * 20
WALLET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"

pytestmark = [
    pytest.mark.skipif(NODE is None, reason="Node.js is not on the PATH"),
    pytest.mark.skipif(
        not (PACKAGES / "ethers").is_dir(),
        reason=f"the JavaScript client is not installed in {PACKAGES}: scripts/clients",
    ),
]


def integers(seen: Any) -> Any:
    """What a script printed, with integers that it wrote as text."""
    if isinstance(seen, dict):
        return {key: integers(value) for key, value in seen.items()}
    if isinstance(seen, list):
        return [integers(value) for value in seen]
    return int(seen) if isinstance(seen, str) and seen.isdecimal() else seen


def seen_by(script: str, venue: Venue) -> Any:
    """Run a script on a venue."""
    arguments = [str(NODE), str(JAVASCRIPT / f"{script}.mjs"), str(venue.file), venue.url]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return integers(json.loads(done.stdout))


# --- pools ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """A venue that is only looked at."""
    with deployed(tmp_path_factory.mktemp("deployments")) as venue:
        yield venue


@pytest.fixture(scope="module")
def found(venue: Venue) -> Any:
    """What a client finds of the venue's pool."""
    return seen_by("pools", venue)


def test_a_client_finds_a_venues_pools(venue: Venue, found: Any) -> None:
    at = venue.addresses
    assert found["pool"] == at["pool"]
    assert found["listed"] == [at["pool"], 1]
    assert found["router"] == [at["factory"], at["WETH"]]
    tokens = sorted((at["BASE"], at["QUOTE"]), key=str.lower)
    assert found["pair"] == [at["factory"], *tokens]
    assert found["domain"]["told"] == found["domain"]["computed"]


def test_a_client_computes_a_pools_address_from_the_exported_hash(venue: Venue, found: Any) -> None:
    assert found["initCodeHash"] == "0x" + shipped("pool").init_code_hash.hex()
    assert found["computed"] == venue.addresses["pool"]


def test_the_sdk_by_itself_computes_addresses_of_uniswaps_pools(venue: Venue, found: Any) -> None:
    # The hash of the init code is a constant of the SDK, also where it takes the factory.
    assert set(found["bySdk"]) == {"forItsOwnFactory", "forThisFactory"}
    for address in found["bySdk"].values():
        assert address != venue.addresses["pool"]
        assert venue.node.code(address) == b""


# --- swaps ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the SDK's trades did, and what dexsim reads of the pools afterwards."""
    with deployed(tmp_path_factory.mktemp("deployments")) as venue:
        seen = seen_by("swaps", venue)
        for pool in seen["pools"].values():
            pool["read"] = list(venue.pool_at(pool["address"]).read.getReserves()[:2])
        return seen


def along(swap: Any) -> list[tuple[int, int]]:
    """(reserve in, reserve out) of every hop, of reserves in the ABI's order."""
    hops = zip(pairwise(swap["path"]), swap["reserves"], strict=True)
    return [
        tuple(reserves) if int(a, 16) < int(b, 16) else tuple(reversed(reserves))  # type: ignore[misc]
        for (a, b), reserves in hops
    ]


def is_exact_out(swap: Any) -> bool:
    return "ForExact" in swap["method"]


def test_the_sdk_uses_every_swap_of_the_router(traded: Any) -> None:
    published = json.loads(
        (PACKAGES / "@uniswap/v2-periphery/build/IUniswapV2Router02.json").read_text()
    )["abi"]
    swaps = {entry["name"] for entry in published if entry["name"].startswith("swap")}
    assert len(swaps) == 9
    assert {swap["method"] for swap in traded["swaps"]} == swaps


def test_what_moves_is_what_the_sdk_quoted(traded: Any) -> None:
    assert len(traded["swaps"]) == 22
    for swap in traded["swaps"]:
        assert swap["moved"] == swap["quoted"], swap["method"]
        assert swap["moved"]["in"] > 0
        assert swap["moved"]["out"] > 0
        assert swap["left"] == 0


def test_the_sdk_and_dexsim_compute_the_same(traded: Any) -> None:
    for swap in traded["swaps"]:
        amounts = [swap["quoted"]["out"] if is_exact_out(swap) else swap["quoted"]["in"]]
        if is_exact_out(swap):
            for reserves in reversed(along(swap)):
                amounts.insert(0, cpmm.amount_in(amounts[0], *reserves))
        else:
            for reserves in along(swap):
                amounts.append(cpmm.amount_out(amounts[-1], *reserves))
        assert [amounts[0], amounts[-1]] == [swap["quoted"]["in"], swap["quoted"]["out"]]
        without_answer = "SupportingFeeOnTransfer" in swap["method"]
        assert swap["answer"] == ([] if without_answer else amounts), swap["method"]


def test_the_sdks_limits_are_shares_of_the_quote(traded: Any) -> None:
    # Older versions of the SDK divided by 1 + slippage, as `cpmm.minimum_out_v2_sdk` does.
    for place, swap in enumerate(traded["swaps"]):
        slippage = 0 if place < 11 else HALF_PERCENT
        paid, got = swap["quoted"]["in"], swap["quoted"]["out"]
        expected = {"least": cpmm.minimum_out(got, slippage), "most": paid}
        if is_exact_out(swap):
            expected = {"least": got, "most": paid * (10_000 + slippage) // 10_000}
        assert swap["limits"] == expected


def test_a_price_that_moved_beyond_the_sdks_limit_is_refused(traded: Any) -> None:
    assert traded["late"] == {
        "sale": ["router: insufficient output", None],
        "purchase": ["router: excessive input", None],
    }


def test_dexsim_reads_the_reserves_that_the_client_reads(traded: Any) -> None:
    assert len(traded["pools"]) == 3
    for pool in traded["pools"].values():
        assert pool["read"] == pool["reserves"]


def test_the_published_abi_tells_of_every_hop(traded: Any) -> None:
    for swap in traded["swaps"]:
        assert None not in [name for _, name, _ in swap["logs"]]
        hops = [log for log in swap["logs"] if log[1] == "Swap"]
        assert len(hops) == len(swap["path"]) - 1
        paid, got = hops[0][2], hops[-1][2]
        assert sum(paid[1:3]) == swap["moved"]["in"]
        assert sum(got[3:5]) == swap["moved"]["out"]
        synced = [log[2] for log in swap["logs"] if log[1] == "Sync"]
        for before, after, (_, _, moved) in zip(swap["reserves"], synced, hops, strict=True):
            assert after == [before[i] + moved[1 + i] - moved[3 + i] for i in (0, 1)]


def test_coins_are_wrapped_and_unwrapped_in_the_log(traded: Any) -> None:
    for swap in traded["swaps"]:
        coins = [(log[1], log[2][1]) for log in swap["logs"] if log[1] in ("Deposit", "Withdrawal")]
        if "ETHFor" in swap["method"]:
            assert coins == [("Deposit", swap["moved"]["in"])]
        elif "ETH" in swap["method"]:
            assert coins == [("Withdrawal", swap["moved"]["out"])]
        else:
            assert coins == []


# --- liquidity --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def provided(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What came of liquidity in and out, and what dexsim reads of the permits afterwards."""
    with deployed(tmp_path_factory.mktemp("deployments")) as venue:
        seen = seen_by("liquidity", venue)
        router = venue.addresses["router"]
        for address, permits in seen["permits"].items():
            read = venue.pool_at(address).read
            permits.append([read.nonces(WALLET), read.allowance(WALLET, router)])
        return seen


def test_a_client_opens_a_pool_with_coins(provided: Any) -> None:
    names = [name for _, name, _ in provided["created"]]
    assert names == [
        *("PairCreated", "Transfer", "Deposit", "Transfer"),
        *("Transfer", "Transfer", "Sync", "Mint"),
    ]
    locked, minted = (log[2] for log in provided["created"][4:6])
    assert locked == [NOBODY, NOBODY, cpmm.MINIMUM_LIQUIDITY]
    assert minted == [NOBODY, WALLET, cpmm.liquidity_minted(450 * 10**18, 900 * 10**18, 0, 0, 0)]


def test_what_is_minted_is_what_the_sdk_computed(provided: Any) -> None:
    assert [one["before"]["feeOn"] for one in provided["adds"]] == [False, False, True]
    for one in provided["adds"]:
        quoted = one["quoted"]
        assert one["minted"] == quoted["minted"] > 0
        mint = one["logs"][-1]
        assert mint[1] == "Mint"
        assert sorted(mint[2][1:]) == sorted(quoted["in"])


def test_what_comes_out_is_what_the_sdk_computed(provided: Any) -> None:
    assert len(provided["removes"]) == 6
    for one in provided["removes"]:
        assert one["moved"] == one["quoted"], one["method"]
        assert one["after"]["held"] == one["before"]["held"] - one["liquidity"]
        burn = next(log for log in one["logs"] if log[1] == "Burn")
        assert burn[2][1:3] == one["moved"]
    assert provided["left"] == 0


def test_the_protocols_fee_is_what_the_sdk_counts_with(provided: Any) -> None:
    fees = []
    for one in provided["removes"]:
        before, after = one["before"], one["after"]
        fees.append(cpmm.protocol_fee(*before["reserves"], before["kLast"], before["supply"]))
        assert after["feeTo"] - before["feeTo"] == fees[-1]
        assert after["supply"] == before["supply"] + fees[-1] - one["liquidity"]
    assert [fee > 0 for fee in fees] == [True, True, False, False, False, False]


def test_permits_of_ethers_are_taken_once_each(provided: Any) -> None:
    first, second = provided["permits"].values()
    assert first == [1, 0, [1, 0]]
    assert second == [2, UNLIMITED, [2, UNLIMITED]]

"""The same order flow under every market structure: what must hold in all of them, and what differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dexsim.blockspace.bundles import Bundle
from dexsim.blockspace.mechanisms import (
    Batch,
    BundleAuction,
    CommitReveal,
    Fifo,
    GreedySequencing,
    Manual,
    MevShare,
    Priority,
    Private,
    RandomOrder,
)
from dexsim.blockspace.orders import Order, Submission
from dexsim.results.run import Run
from dexsim.results.verify import verify
from dexsim.scenario.run import run
from tests.scenarios import small
from tests.scenarios.nasty import Scripted

ETHER = 10**18
STRUCTURES: dict[str, Any] = {
    "fifo": Fifo(),
    "priority": Priority(),
    "priority, three rounds": Priority(rounds=3),
    "random": RandomOrder(),
    "manual": Manual(order=("searcher", "retail")),
    "bundle-auction": BundleAuction(),
    "second price": BundleAuction(payment="second-price", rank="gas-price"),
    "two builders": BundleAuction(builders=("alpha", "beta")),
    "private": Private(),
    "mev-share": MevShare(),
    "commit-reveal": CommitReveal(),
    "greedy-sequencing": GreedySequencing(),
    "batch": Batch(),
}
DRAWN = ("arrival_ms", "agent", "account", "market", "token_in", "amount_in")


def played(mechanism: Any, **changes: Any) -> Any:
    return run(small.scenario(blocks=12, mechanism=mechanism, **changes), seed=5)


@pytest.fixture(scope="module")
def flow() -> set[tuple[Any, ...]]:
    """What users wanted where they had no structure to mind."""
    return wanted(played(Fifo()))


def wanted(done: Any) -> set[tuple[Any, ...]]:
    rows = done.arms[0].rows("orders")
    return {tuple(row[name] for name in DRAWN) for row in rows if row["agent"] == "retail"}


@pytest.mark.parametrize("name", STRUCTURES)
def test_books_close_and_the_flow_is_the_same_under_every_structure(
    name: str, flow: set[tuple[Any, ...]]
) -> None:
    done = played(STRUCTURES[name])
    assert done.summary().arms[0].closes
    assert wanted(done) == flow


@pytest.mark.parametrize("name", ["two builders", "mev-share", "commit-reveal"])
def test_a_run_under_any_structure_can_be_verified(name: str, tmp_path: Any) -> None:
    played(STRUCTURES[name]).save(tmp_path / "run")
    assert [verdict.trouble for verdict in verify(Run.load(tmp_path / "run"))] == [""]


def test_what_is_committed_is_executed_a_block_later_by_arrival() -> None:
    rows = played(CommitReveal()).arms[0].rows("transactions")
    retail = [row for row in rows if row["agent"] == "retail"]
    assert len(retail) > 5
    assert {row["block"] - row["submitted_block"] for row in retail} == {1}
    for block in {row["block"] for row in retail}:
        times = [row["arrival_ms"] for row in retail if row["block"] == block]
        assert times == sorted(times)


def test_the_winning_builder_pays_the_proposer() -> None:
    arm = played(BundleAuction(builders=("alpha", "beta"))).arms[0]
    bids = [row for row in arm.rows("transactions") if row["what"] == "builder.bid"]
    assert bids
    assert {row["builder"] for row in arm.rows("blocks")} == {"set-up", "alpha"}
    held = {
        row["agent"]: row["amount"] for row in arm.at_block("balances", 12) if row["token"] == "ETH"
    }
    assert held["proposer"] == sum(int(row["value"]) for row in bids)
    assert held["builder beta"] == 0


def test_an_order_that_is_bid_up_is_replaced_and_told_so() -> None:
    def sell(view: Any, me: Any, setup: Any) -> list[Order]:
        if view.block > 1:
            return []
        nonce = view.nonce(me)
        fields = {"market": "main", "token_in": "WETH", "nonce": nonce}
        return [
            Order(me, amount_in=n * ETHER, tip=tip, **fields) for n, tip in ((1, 100), (2, 110))
        ]

    done = run(small.scenario(agents={"seller": Scripted(script=sell)}, blocks=2), seed=3)
    assert [row["reason"] for row in done.arms[0].rows("drops")] == ["replaced by its sender"]
    assert [int(row["amount_in"]) for row in done.arms[0].rows("swaps")] == [2 * ETHER]


def test_a_bundle_waits_for_its_block() -> None:
    def send(view: Any, me: Any, setup: Any) -> list[Bundle]:
        swap = setup.router("main").swap(
            me, pool=setup.pool("main"), token_in="WETH", amount_in=ETHER, min_amount_out=0
        )
        return [Bundle(legs=(swap,), block=3)] if view.block == 1 else []

    done = run(
        small.scenario(agents={"one": Scripted(script=send, searches=True)}, blocks=4), seed=3
    )
    assert [row["block"] for row in done.arms[0].rows("bundles")] == [3]
    assert [row["block"] for row in done.arms[0].rows("swaps")] == [3]


def test_a_transaction_of_ones_own_can_be_private_and_expire() -> None:
    def send(view: Any, me: Any, setup: Any) -> list[Submission]:
        tx = setup.token("USDC").transfer(me, to=me, amount=1)
        poor = replace(tx, max_fee_per_gas=1)
        sent = Submission(transaction=poor, visibility="private", expires_ms=view.time_ms + 1)
        return [sent] if view.block == 1 else []

    done = run(small.scenario(agents={"one": Scripted(script=send)}, blocks=3), seed=3)
    (drop,) = done.arms[0].rows("drops")
    assert (drop["block"], drop["visibility"], drop["reason"]) == (2, "private", "expired")


def test_a_bundle_can_be_tried_before_it_is_sent() -> None:
    """As `eth_callBundle` tells it, and as it then lands."""
    told = []

    def send(view: Any, me: Any, setup: Any) -> list[Bundle]:
        swap = setup.router("main").swap(
            me, pool=setup.pool("main"), token_in="WETH", amount_in=ETHER, min_amount_out=0
        )
        bundle = Bundle(legs=(swap,))
        told.append(view.call_bundle(bundle))
        return [bundle]

    agents = {"one": Scripted(script=send, searches=True)}
    done = run(small.scenario(agents=agents, blocks=1), seed=3)
    (row,) = [row for row in done.arms[0].rows("transactions") if row["agent"] == "one"]
    assert (told[0].gas_used, told[0].coinbase_diff) == (row["gas_used"], int(row["tip"]))
    assert told[0].landed


def test_the_sandwicher_is_left_out_of_manual_orders_only_by_place() -> None:
    front = played(Manual(order=("searcher", "retail"))).arms[0]
    behind = played(Manual(order=("retail", "searcher"))).arms[0]
    assert len(front.rows("sandwiches")) > 2
    assert behind.rows("sandwiches") == []


def test_under_the_sequencing_rule_nobody_trades_worse_than_alone_while_the_other_side_waits() -> (
    None
):
    scenario = small.scenario(
        agents={"retail": small.retail(trades_per_block="1", slippage_bps=5_000)}, blocks=12
    )
    arm = run(scenario.replace(mechanism=GreedySequencing()), seed=9).arms[0]
    checked = 0
    for block in range(1, 13):
        swaps = [row for row in arm.rows("swaps") if row["block"] == block]
        first = swaps[0]["mid_before"] if swaps else 0
        for place, row in enumerate(swaps):
            later = {each["token_in"] for each in swaps[place + 1 :]}
            if later - {row["token_in"]}:
                checked += 1
                sells = row["token_in"] == "WETH"
                assert row["mid_before"] >= first if sells else row["mid_before"] <= first
    assert checked > 10
    behind = run(scenario.replace(mechanism=Fifo()), seed=9).arms[0]
    assert len(behind.rows("swaps")) == len(arm.rows("swaps"))

"""Orders that are settled together, on the chain, at one price."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest

from dexsim.blockspace.mechanisms import Batch
from dexsim.blockspace.orders import Order
from dexsim.cpmm.batch import BatchOrder, clear
from dexsim.results.arm import Arm
from dexsim.results.run import Run
from dexsim.results.verify import verify
from dexsim.scenario.run import run
from tests.scenarios import small
from tests.scenarios.nasty import Scripted

ETHER, DOLLAR = 10**18, 10**6
WETH, USDC = 1000 * ETHER, 2_000_000 * DOLLAR


def trading(*orders: tuple[str, int, int | None], tip: int = 10**9) -> Scripted:
    """Sells these amounts of these tokens in the first block, with a limit or 1 % below the quote."""

    def script(view: Any, me: Any, setup: Any) -> list[Order]:
        if view.block > 1:
            return []
        return [
            Order(
                me,
                market="main",
                token_in=token,
                amount_in=amount,
                min_amount_out=least,
                slippage_bps=100,
                tip=tip,
            )
            for token, amount, least in orders
        ]

    return Scripted(script=script)


def batch(blocks: int = 2, **agents: Any) -> Arm:
    scenario = small.scenario(agents=agents, blocks=blocks, mechanism=Batch())
    done = run(scenario, seed=1)
    assert done.summary().closes
    return done.arms[0]


def fills(arm: Arm) -> dict[str, int]:
    rows = [row for row in arm.rows("swaps") if row["kind"] == "fill"]
    return {row["agent"]: int(row["amount_out"]) for row in rows}


def expected(*orders: tuple[str, int, int]) -> list[int | None]:
    """What the arithmetic says of sells of WETH and USDC with their limits."""
    told = [BatchOrder(token == "WETH", amount, least) for token, amount, least in orders]
    return list(clear(told, WETH, USDC).amounts_out)


def test_all_orders_of_a_batch_get_the_price_of_the_arithmetic() -> None:
    arm = batch(
        one=trading(("WETH", 7 * ETHER, 0)),
        two=trading(("USDC", 9_000 * DOLLAR, 0)),
        three=trading(("WETH", 2 * ETHER, 0)),
    )
    wanted = expected(("WETH", 7 * ETHER, 0), ("USDC", 9_000 * DOLLAR, 0), ("WETH", 2 * ETHER, 0))
    assert fills(arm) == dict(zip(("one", "two", "three"), wanted, strict=True))
    last = [row for row in arm.rows("transactions") if row["block"] == 1][-1]
    assert (last["agent"], last["what"], last["status"]) == ("keeper", "batch auction.settle", True)


def test_m7_everybody_in_a_batch_has_the_same_price() -> None:
    arm = batch(
        one=trading(("WETH", 7 * ETHER, 0)),
        two=trading(("WETH", 3 * ETHER, 0)),
        three=trading(("USDC", 5_000 * DOLLAR, 0)),
    )
    got = fills(arm)
    price = Fraction(got["one"], 7 * ETHER)
    assert abs(Fraction(got["two"], 3 * ETHER) - price) < Fraction(1, ETHER)
    assert abs(Fraction(5_000 * DOLLAR, got["three"]) - price) < Fraction(1, 10**9) * price


def test_m7_who_buys_and_sells_in_the_same_batch_gains_nothing() -> None:
    """The attacker's purchase and sale net out at one price: less the rounding, it has what it had."""
    front = 20_000 * DOLLAR
    calm = batch(victim=trading(("USDC", 20_000 * DOLLAR, 0)))
    paid = expected(("USDC", front, 0), ("USDC", 20_000 * DOLLAR, 0), ("WETH", 9 * ETHER, 0))
    attacked = batch(
        victim=trading(("USDC", 20_000 * DOLLAR, 0)),
        attacker=trading(("USDC", front, 0), ("WETH", 9 * ETHER, 0), tip=10**10),
    )
    rows = [row for row in attacked.rows("swaps") if row["agent"] == "attacker"]
    bought, sold = rows
    assert [int(row["amount_out"]) for row in rows] == [paid[0], paid[2]]
    price = Fraction(int(sold["amount_out"]), int(sold["amount_in"]))
    kept = int(bought["amount_out"]) - int(sold["amount_in"])
    worth = kept * price + int(sold["amount_out"]) - front
    assert -Fraction(2 * DOLLAR, DOLLAR) <= worth <= 0
    assert fills(calm)["victim"] > 0


def test_m7_the_outcome_does_not_depend_on_the_order_of_the_orders() -> None:
    orders = {
        "one": ("WETH", 7 * ETHER, None),
        "two": ("USDC", 5_000 * DOLLAR, None),
        "three": ("WETH", ETHER // 3, None),
    }
    outcomes = set()
    for tips in permutations((1, 2, 3)):
        agents = {
            name: trading(order, tip=tip * 10**9)
            for (name, order), tip in zip(orders.items(), tips, strict=True)
        }
        arm = batch(**agents)
        pool = arm.at_block("pools", 1)[0]
        reserves = int(pool["base_reserve"]), int(pool["quote_reserve"])
        outcomes.add((tuple(sorted(fills(arm).items())), reserves))
        places = [row["agent"] for row in arm.rows("transactions") if row["block"] == 1][:-1]
        assert places == sorted(orders, key=lambda name: -tips[list(orders).index(name)])
    assert len(outcomes) == 1


def test_who_asks_for_too_much_is_refunded_and_the_rest_is_executed() -> None:
    arm = batch(
        modest=trading(("WETH", 7 * ETHER, 0)),
        greedy=trading(("WETH", 2 * ETHER, 5_000 * DOLLAR)),
    )
    assert set(fills(arm)) == {"modest"}
    assert fills(arm)["modest"] == expected(("WETH", 7 * ETHER, 0))[0]
    held = {(row["agent"], row["token"]): int(row["amount"]) for row in arm.at_block("balances", 2)}
    opening = {
        (row["agent"], row["token"]): int(row["amount"]) for row in arm.at_block("balances", 0)
    }
    for token in ("WETH", "USDC"):
        assert held["greedy", token] == opening["greedy", token]
        assert held["auction main", token] == 0


def test_users_who_are_not_watched_pay_what_the_quote_says_in_a_lone_batch() -> None:
    """M8 of a lone trade: with nobody to net against, a batch is the pool's own price."""
    arm = batch(one=trading(("WETH", 7 * ETHER, None)))
    (row,) = [row for row in arm.rows("swaps") if row["kind"] == "fill"]
    assert int(row["amount_out"]) == int(row["quoted_out"])
    assert int(row["min_amount_out"]) == int(row["quoted_out"]) * 99 // 100
    (order,) = arm.rows("orders")
    assert int(order["min_amount_out"]) == int(row["min_amount_out"])


def test_a_sandwicher_finds_nobody_to_attack(tmp_path: Any) -> None:
    scenario = small.scenario(blocks=20, mechanism=Batch())
    done = run(scenario, seed=5)
    arm = done.arms[0]
    assert done.summary().closes
    assert not arm.rows("sandwiches")
    fields = ("agent", "token_in", "amount_in")
    calm = run(small.scenario(blocks=20), seed=5).arms[0]
    drawn = [
        {
            tuple(row[name] for name in fields)
            for row in each.rows("orders")
            if row["agent"] == "retail"
        }
        for each in (arm, calm)
    ]
    assert drawn[0] == drawn[1]
    assert len([row for row in arm.rows("swaps") if row["agent"] == "retail"]) > 10
    done.save(tmp_path / "run")
    assert [verdict.trouble for verdict in verify(Run.load(tmp_path / "run"))] == [""]


def test_m7_nobody_trades_with_the_pool_before_the_batch() -> None:
    """A swap of somebody's own, whatever it tips, stands behind the settlement."""

    def swap(view: Any, me: Any, setup: Any) -> list[Any]:
        if view.block > 1:
            return []
        tx = setup.router("main").swap(
            me,
            pool=setup.pool("main"),
            token_in="USDC",
            amount_in=90_000 * DOLLAR,
            min_amount_out=0,
        )
        return [replace(tx, max_priority_fee_per_gas=10**12)]

    hurried = batch(one=trading(("WETH", 7 * ETHER, 0)), hurried=Scripted(script=swap))
    assert fills(hurried) == fills(batch(one=trading(("WETH", 7 * ETHER, 0))))
    agents = [row["agent"] for row in hurried.rows("transactions") if row["block"] == 1]
    assert agents == ["one", "keeper", "hurried"]


@pytest.mark.parametrize("count", [1, 40])
def test_the_settlements_gas_is_kept_free(count: int) -> None:
    """A block that is too small for all keeps some waiting, and settles those that it took in."""
    agents = {"many": trading(*[("WETH", ETHER // 100, 0)] * count)}
    scenario = small.scenario(agents=agents, blocks=8, mechanism=Batch())
    scenario = scenario.replace(gas=type(scenario.gas)(block_limit=4_000_000))
    done = run(scenario, seed=1)
    arm = done.arms[0]
    assert done.summary().closes
    settled = [row for row in arm.rows("transactions") if row["agent"] == "keeper"]
    assert all(row["status"] for row in settled)
    assert len(settled) > (count > 1)
    assert sum(row["kind"] == "fill" for row in arm.rows("swaps")) == count

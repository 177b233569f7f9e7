"""Searchers in pools of no known shape, held against the closed forms where the shape is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from dexsim import cpmm
from dexsim.agents import Arbitrageur, Setup, View
from dexsim.agents.arbitrageur import searched_arbitrage
from dexsim.agents.searched_sandwich import Target, searched_frontrun
from dexsim.agents.searching import LIMIT_QUESTIONS, PEAK_QUESTIONS
from dexsim.chain.accounts import Account
from dexsim.errors import EngineError
from dexsim.market.adapted import AdaptedPool
from dexsim.results.arm import Arm
from dexsim.scenario.run import run
from tests.scenarios import small
from tests.scenarios.nasty import Scripted
from tests.scenarios.own_pools import worlds

FEE = 30
FUNDS = {"WETH": "200", "USDC": "400000"}


def play(contract: str, adapter: str, agents: dict[str, Any], **changes: Any) -> Arm:
    done = run(worlds.scenario(contract, adapter, agents=agents, **changes), seed=3)
    assert done.summary().closes
    return done.arms[0]


def watching(script: Any, **changes: Any) -> dict[str, Any]:
    """Users, somebody who moves the pool, and a searcher that only looks."""
    looker = Scripted(script=script, searches=True, funds=FUNDS)
    return {"retail": small.retail(**changes), "looker": looker}


def targets(view: View, me: Account, setup: Setup) -> Iterator[Target]:
    pool = setup.pool("main")
    assert isinstance(pool, AdaptedPool)
    for pending in view.pending:
        swap = pending.swap
        assert swap is not None
        assert pending.market == "main"
        yield Target(
            pool=pool,
            account=me,
            token_in=pool.base if swap.path[0] == pool.base.address else pool.quote,
            victim=pending.tx,
            victim_in=swap.amount_in,
            victim_min_out=swap.min_amount_out,
        )


@pytest.mark.parametrize("slippage", [20, 100, 3_000])
def test_a_searched_sandwich_is_the_closed_form_one_but_for_a_few_wei(slippage: int) -> None:
    pairs = []

    def look(view: View, me: Account, setup: Setup) -> list[Any]:
        for target in targets(view, me, setup):
            sides = target.pool.sides(target.token_in)
            cap = view.balance(me, target.token_in.symbol)
            best = cpmm.optimal_frontrun(
                target.victim_in, target.victim_min_out, *sides, FEE, 1_000, max_in=cap
            )
            found = searched_frontrun(view, target, cost=1_000, max_in=cap)
            pairs.append((best, found, sides, target.victim_in))
        return []

    play("flat.vy", "Flat", watching(look, slippage_bps=slippage))
    assert sum(best.profit > 0 for best, *_ in pairs) >= 5
    for best, found, (x, y), victim in pairs:
        left = y - best.frontrun_out - best.victim_out
        eight_wei = 8 * (x + best.frontrun_in + victim) // left + 8
        assert found.profit <= best.profit
        assert best.profit - found.profit <= eight_wei + best.profit // 10**9
        if found.profit:
            assert found.victim_out >= 1
            assert found.profit == found.backrun_out - found.frontrun_in - 1_000


def test_a_searched_arbitrage_is_the_closed_form_one_to_a_millionth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pairs = []

    def look(view: View, me: Account, setup: Setup) -> list[Any]:
        pool = setup.pool("main")
        assert isinstance(pool, AdaptedPool)
        held, fair = pool.reserves(), pool.mid()
        assert fair is not None
        for off in (-30, -5, 5, 30):  # per mille beside the pool's own price
            price = fair * (1_000 + off) / 1_000
            sells_base, best = cpmm.arbitrage(
                held.base, held.quote, price.numerator, price.denominator, FEE
            )
            token, amount = searched_arbitrage(pool, price, lambda token: 10**30)
            assert token is (pool.base if sells_base else pool.quote)
            paid = pool.amount_out(token_in=token, amount_in=amount)
            ideal = pool.amount_out(token_in=token, amount_in=best)
            worth = 1 / price if sells_base else price
            pairs.append((ideal * worth - best, paid * worth - amount))
        price = fair * 1_002 / 1_000  # within the fee
        quotes = []
        plain = AdaptedPool.amount_out

        def counting(self: AdaptedPool, **asked: Any) -> int:
            quotes.append(asked)
            return plain(self, **asked)

        with monkeypatch.context() as patch:
            patch.setattr(AdaptedPool, "amount_out", counting)
            assert searched_arbitrage(pool, price, lambda token: 10**30)[1] == 0
        assert len(quotes) == 2
        return []

    play("flat.vy", "Flat", watching(look), blocks=4)
    assert len(pairs) == 16
    for ideal, found in pairs:
        assert ideal > 0
        assert ideal - found <= ideal / 10**6


def test_searched_and_closed_form_searchers_live_alike() -> None:
    agents = {
        "retail": small.retail(),
        "arbitrageur": Arbitrageur(capital=FUNDS),
        "searcher": small.searcher(),
    }
    searched, told = (play("flat.vy", name, agents, blocks=25) for name in ("Flat", "Told"))
    found, known = searched.rows("sandwiches"), told.rows("sandwiches")
    assert len(found) == len(known) > 3
    for mine, best in zip(found, known, strict=True):
        assert (mine["block"], mine["victim"]) == (best["block"], best["victim"])
        for key in ("frontrun_in", "gross_profit", "expected_profit"):
            assert mine[key] == pytest.approx(best[key], rel=1e-5)
    assert [row["status"] for row in searched.rows("transactions")] == [
        row["status"] for row in told.rows("transactions")
    ]


def test_a_search_asks_no_more_often_than_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []

    def look(view: View, me: Account, setup: Setup) -> list[Any]:
        asked = [0]
        plain = View.rehearse

        def counting(self: View, steps: Any) -> Any:
            asked[0] += 1
            return plain(self, steps)

        monkeypatch.setattr(View, "rehearse", counting)
        for target in targets(view, me, setup):
            asked[0] = 0
            searched_frontrun(view, target, cost=0, max_in=view.balance(me, target.token_in.symbol))
            counts.append(asked[0])
        monkeypatch.setattr(View, "rehearse", plain)
        return []

    play("dynamic.vy", "Dynamic", watching(look))
    assert len(counts) > 5
    assert 0 < max(counts) <= LIMIT_QUESTIONS + PEAK_QUESTIONS


def test_in_a_pool_with_a_dynamic_fee_every_attack_brings_what_was_expected() -> None:
    agents = {"retail": small.retail(), "searcher": small.searcher()}
    arm = play("dynamic.vy", "Dynamic", agents, blocks=25)
    rows = arm.rows("sandwiches")
    assert len(rows) > 3
    for row in rows:
        assert row["gross_profit"] > row["expected_profit"] > 0
        clean = row["victim_counterfactual_out"]
        assert clean is None or row["victim_out"] < clean
    assert any(row["victim_counterfactual_out"] is not None for row in rows)


def test_a_victim_without_a_rehearsable_swap_is_left_alone() -> None:
    def look(view: View, me: Account, setup: Setup) -> list[Any]:
        for target in targets(view, me, setup):
            broke = replace(target.victim, nonce=7)
            found = searched_frontrun(view, replace(target, victim=broke), cost=0, max_in=10**20)
            assert found.profit == 0
        return []

    play("flat.vy", "Flat", watching(look), blocks=3)


def test_what_an_agent_rehearses_stays_nowhere() -> None:
    seen = []

    def look(view: View, me: Account, setup: Setup) -> list[Any]:
        pool, door, chain = setup.pool("main"), setup.router("main"), setup.deployment.chain
        before = (pool.reserves(), chain.nonce(me), chain.number, chain.balance(me))
        tx = door.swap(me, pool=pool, token_in="WETH", amount_in=10**18, min_amount_out=0)
        inside = []

        def read(receipts: Any) -> Any:
            inside.append(pool.reserves())
            with pytest.raises(EngineError, match="looker can read the chain, not change it"):
                chain.send(tx)
            return tx

        receipts = view.rehearse([tx, read])
        assert [receipt.status for receipt in receipts] == [True, True]
        assert inside[0].base == before[0].base + 10**18
        assert (pool.reserves(), chain.nonce(me), chain.number, chain.balance(me)) == before
        seen.append(receipts)
        return []

    agents = {"looker": Scripted(script=look, funds=FUNDS)}
    with_looker = play("flat.vy", "Flat", agents, blocks=3)
    idle = {"looker": Scripted(script=lambda v, m, s: [], funds=FUNDS)}
    without = play("flat.vy", "Flat", idle, blocks=3)
    assert len(seen) == 3
    assert with_looker.about["state_root"] == without.about["state_root"]

"""Agents read what they may, and learn nothing of the rest."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from dexsim.agents import Sandwicher
from dexsim.blockspace.bundles import Bundle
from dexsim.blockspace.mechanisms import (
    BundleAuction,
    CommitReveal,
    Fifo,
    MevShare,
    Priority,
    Private,
)
from dexsim.blockspace.orders import Order
from dexsim.blockspace.pending import Hint, Pending
from dexsim.errors import Reverted, ScenarioError
from dexsim.scenario.run import run
from tests.scenarios import small
from tests.scenarios.nasty import Scripted

ETHER = 10**18


def seen_by_a_spy(visibility: str = "public", **changes: Any) -> list[tuple[int, Any, Any]]:
    """What a searcher is shown in three blocks, in the first of which somebody sells 7 WETH."""
    seen: list[tuple[int, Any, Any]] = []

    def sell(view: Any, me: Any, setup: Any) -> list[Order]:
        order = Order(
            me, market="main", token_in="WETH", amount_in=7 * ETHER, visibility=visibility
        )
        return [order] if view.block == 1 else []

    def look(view: Any, me: Any, setup: Any) -> list[Any]:
        seen.append((view.block, view.pending, view.hints))
        return []

    agents = {"seller": Scripted(script=sell), "spy": Scripted(script=look, searches=True)}
    done = run(small.scenario(agents=agents, blocks=3, **changes), seed=3)
    assert len(done.arms[0].rows("swaps")) == 1
    return seen


def test_what_is_public_is_read_by_everybody() -> None:
    (_, pending, hints), later, _ = seen_by_a_spy()
    assert [each.swap.amount_in for each in pending] == [7 * ETHER]
    assert hints == ()
    assert later[1:] == ((), ())


@pytest.mark.parametrize(("visibility", "mechanism"), [("private", Fifo()), ("public", Private())])
def test_what_is_private_is_seen_by_nobody(visibility: str, mechanism: Any) -> None:
    assert seen_by_a_spy(visibility, mechanism=mechanism) == [(n, (), ()) for n in (1, 2, 3)]


def test_of_what_is_hinted_at_no_more_is_told_than_the_mechanism_tells() -> None:
    (_, pending, (hint,)), _, _ = seen_by_a_spy("hint", mechanism=Fifo())
    assert pending == ()
    assert hint == Hint(id=hint.id, market="main")
    (_, _, (told,)), _, _ = seen_by_a_spy(mechanism=MevShare(hints=("token_in", "amount_in")))
    assert told == Hint(id=told.id, token_in="WETH", amount_in=7 * ETHER)


def test_what_is_encrypted_is_read_when_its_place_is_fixed() -> None:
    first, (_, pending, _), last = seen_by_a_spy(mechanism=CommitReveal())
    assert first[1:] == ((), ())
    assert [each.swap.amount_in for each in pending] == [7 * ETHER]
    assert last[1:] == ((), ())


def test_nothing_that_a_view_holds_leads_to_what_may_not_be_read() -> None:
    """Not through public names, that is: Python itself is not sealed."""
    found: list[object] = []

    def sell(view: Any, me: Any, setup: Any) -> list[Order]:
        order = Order(me, market="main", token_in="WETH", amount_in=ETHER, visibility="private")
        return [order] if view.block == 1 else []

    def walk(view: Any, me: Any, setup: Any) -> list[Any]:
        queue, known = [view], {id(view)}
        while queue:
            here = queue.pop()
            if isinstance(here, Pending):
                found.append(here)
            for name in [n for n in dir(here) if not n.startswith("_")]:
                there = None
                with suppress(Reverted, ScenarioError, AttributeError, TypeError):
                    there = getattr(here, name)
                parts = there if isinstance(there, list | tuple) else [there]
                for part in parts:
                    if id(part) not in known and type(part).__module__.startswith("dexsim"):
                        known.add(id(part))
                        queue.append(part)
        return []

    agents = {"seller": Scripted(script=sell), "spy": Scripted(script=walk, searches=True)}
    run(small.scenario(agents=agents, blocks=1), seed=3)
    assert found == []


def test_what_a_searcher_means_by_a_transaction_in_the_open_is_its_own_to_know() -> None:
    """Rivals read the legs of an attack, and not whom it is for or what it is to bring."""
    seen: dict[str, list[Pending]] = {"searcher": [], "spy": []}

    def look(view: Any, me: Any, setup: Any) -> list[Any]:
        seen["spy"] += view.pending
        return []

    own = Sandwicher(capital=small.CAPITAL, via="transactions")
    spy = Scripted(script=look, searches=True, answers=True)
    agents = {"retail": small.retail(), "searcher": own, "spy": spy}
    arm = run(small.scenario(agents=agents, blocks=12, mechanism=Priority(rounds=3)), seed=3).arms[
        0
    ]
    legs = [each for each in seen["spy"] if each.agent == "searcher"]
    assert len(legs) > 4
    assert {each.attack for each in legs} == {None}
    assert arm.rows("attacks")


def test_anothers_leg_in_the_open_can_stand_in_a_bundle() -> None:
    """What a view shows of a transaction names it, though not all of it is shown."""

    def take(view: Any, me: Any, setup: Any) -> list[Bundle]:
        return [Bundle(legs=(each,)) for each in view.pending if each.agent == "searcher"][:1]

    own = Sandwicher(capital=small.CAPITAL, via="transactions")
    taker = Scripted(script=take, searches=True, answers=True)
    agents = {"retail": small.retail(), "searcher": own, "taker": taker}
    mechanism = BundleAuction(rounds=3)
    done = run(small.scenario(agents=agents, blocks=12, mechanism=mechanism), seed=3)
    assert any(row["landed"] for row in done.arms[0].rows("bundles"))


def test_a_hint_that_was_not_given_cannot_be_bundled() -> None:
    def guess(view: Any, me: Any, setup: Any) -> list[Bundle]:
        return [Bundle(legs=(Hint(id=1),))]

    agents = {"retail": small.retail(), "spy": Scripted(script=guess, searches=True)}
    with pytest.raises(ScenarioError, match=r"agents\.spy.*Hint.*is not among view\.hints"):
        run(small.scenario(agents=agents, blocks=2), seed=3)


@pytest.mark.parametrize("mechanism", [Private(), MevShare(), CommitReveal()])
def test_who_cannot_read_orders_cannot_sandwich_them(mechanism: Any) -> None:
    hunted = run(small.scenario(blocks=20), seed=3).arms[0]
    hidden = run(small.scenario(blocks=20, mechanism=mechanism), seed=3).arms[0]
    assert len(hunted.rows("sandwiches")) > 3
    assert hidden.rows("sandwiches") == []

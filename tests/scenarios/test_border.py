"""What agents hand in is checked at the border; what they may do stays in the accounts."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from dexsim.agents import Setup, View
from dexsim.blockspace.bundles import Bundle
from dexsim.blockspace.labels import SandwichLabel
from dexsim.blockspace.mechanisms import Fifo
from dexsim.blockspace.orders import Order
from dexsim.blockspace.pending import Pending
from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction
from dexsim.errors import ScenarioError
from dexsim.market.world import Market, Token, Venue, Weth, World
from dexsim.prices import Constant
from dexsim.results.accounts import gains
from dexsim.results.arm import Arm
from dexsim.results.summary import ArmSummary
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Scenario
from tests.scenarios import small
from tests.scenarios.nasty import Scripted

ETHER = 10**18
STRANGER = "0x" + "5a" * 20


def play(agents: dict[str, Any], blocks: int = 4, **changes: Any) -> tuple[Arm, ArmSummary]:
    done = run(small.scenario(agents=agents, blocks=blocks, **changes), seed=3)
    return done.arms[0], done.summary().arms[0]


def once(view: View, *wishes: Any) -> Iterable[Any]:
    return wishes if view.block == 1 else ()


def swap(me: Account, setup: Setup, amount: int, **about: Any) -> Transaction:
    pool, router = setup.pool("main"), setup.router("main")
    tx = router.swap(me, pool=pool, token_in="WETH", amount_in=amount, min_amount_out=0)
    return replace(tx, **about)


# --- refused, with the agent, the block and the reason ----------------------------------


def order(me: Account, **about: Any) -> Order:
    return Order(me, **({"market": "main", "token_in": "WETH", "amount_in": ETHER} | about))


REFUSED: dict[str, tuple[Any, str]] = {
    "unknown market": (lambda v, me, s: [order(me, market="mian")], "unknown market 'mian'.*main"),
    "foreign token": (lambda v, me, s: [order(me, token_in="DAI")], "unknown token 'DAI'"),
    "negative limit": (lambda v, me, s: [order(me, min_amount_out=-1)], "min_amount_out: 0 to"),
    "tip beyond the tables": (lambda v, me, s: [order(me, tip=2**63)], "tip: 0 to"),
    "amount beyond the tables": (lambda v, me, s: [order(me, amount_in=10**38)], "amount_in: 0 to"),
    "float arrival": (lambda v, me, s: [order(me, arrival_ms=1.5)], "arrival_ms is an int"),
    "no account": (lambda v, me, s: [order(None)], "account: an order is somebody's"),  # type: ignore[arg-type]
    "unknown visibility": (
        lambda v, me, s: [order(me, visibility="secret")],
        "one of public, private",
    ),
    "somebody else's order": (
        lambda v, me, s: [order(Account.named("bob"))],
        "no account of this agent",
    ),
    "somebody else's money": (
        lambda v, me, s: [swap(Account.named("deployer"), s, 1)],
        "no account of this agent",
    ),
    "somebody else in a bundle": (
        lambda v, me, s: [
            Bundle(legs=(swap(me, s, 1), swap(Account.named("liquidity of main"), s, 1)))
        ],
        "no account of this agent",
    ),
    "a victim's bare transaction": (
        lambda v, me, s: [Bundle(legs=(v.pending[0].tx,))] if v.pending else [],
        "name others' pending transactions in a bundle",
    ),
    "garbage": (lambda v, me, s: [42], "yields orders, transactions and bundles, not 42"),
    "garbage in a bundle": (lambda v, me, s: [Bundle(legs=("x",))], "a leg is a transaction"),  # type: ignore[arg-type]
    "empty bundle": (lambda v, me, s: [Bundle(legs=())], "1 to 100 transactions, not 0"),
    "label out of range": (
        lambda v, me, s: [Bundle(legs=(swap(me, s, 1),), label=label(victims=(7,)))],
        r"legs \[0, 0, 7\] of a bundle of 1",
    ),
    "label of a foreign token": (
        lambda v, me, s: (
            [Bundle(legs=(swap(me, s, 1), v.pending[0]), label=label(token="DAI"))]
            if v.pending
            else []
        ),
        "unknown token 'DAI'",
    ),
    "text for data": (lambda v, me, s: [swap(me, s, 1, data="0x")], "data are bytes"),
    "no address": (lambda v, me, s: [swap(me, s, 1, to="0x12")], "0x12"),
    "negative value": (lambda v, me, s: [swap(me, s, 1, value=-1)], "a value of -1 wei"),
    "the future": (
        lambda v, me, s: [v.price("WETH", time_ms=v.time_ms + 1)],
        "nobody knows prices 1 ms from now",
    ),
    "sending": (lambda v, me, s: [v.deployment.chain.send(swap(me, s, 1))], "can read the chain"),
    "money twice": (lambda v, me, s: [s.account(funds={"WETH": "1"})], "is open, and was funded"),
    "leaving": (lambda v, me, s: sys.exit("bye"), "SystemExit in block 1"),
}


def label(**about: Any) -> SandwichLabel:
    fields = {
        "market": "main",
        "token": "WETH",
        "frontrun": 0,
        "victims": (1,),
        "backrun": 0,
        "expected_profit": 0,
    }
    return SandwichLabel(**(fields | about))


@pytest.mark.parametrize(("script", "told"), REFUSED.values(), ids=REFUSED)
def test_what_an_agent_cannot_ask_for_is_refused_by_name(script: Any, told: str) -> None:
    agents = {"retail": small.retail(), "nasty": Scripted(script=script, searches=True)}
    with pytest.raises(ScenarioError, match=rf"agents\.nasty.*{told}"):
        play(agents, blocks=20)


@pytest.mark.parametrize("name", ["builder", "deployer", "liquidity", "locked", "others"])
def test_names_of_the_house_are_refused(name: str) -> None:
    with pytest.raises(ScenarioError, match=f"agents.{name}.*taken by the simulation"):
        small.scenario(agents={name: small.retail()})


@pytest.mark.parametrize("name", ["", ".b", "a b", "pool main", "ä", "-x", "x" * 33])
def test_a_name_can_be_a_path(name: str) -> None:
    with pytest.raises(ScenarioError, match="cannot be a name"):
        small.scenario(agents={name: small.retail()})
    with pytest.raises(ScenarioError, match="cannot be a name"):
        small.world(tokens={name: Token(), "WETH": Weth(), "USDC": Token(decimals=6)})


def test_agents_with_nearly_the_same_name_have_accounts_of_their_own() -> None:
    agents = {"retail": small.retail(count=2), "retail-1": small.retail(count=1)}
    arm, told = play(agents)
    owned = [tuple(row["accounts"]) for row in arm.rows("agents")]
    flat = [address for accounts in owned for address in accounts]
    assert len(flat) == len(set(flat))
    assert told.closes


# --- allowed, and in the accounts ---------------------------------------------------------


def test_a_bundle_of_any_agent_lands() -> None:
    script = lambda v, me, s: once(v, Bundle(legs=(swap(me, s, ETHER),)))  # noqa: E731
    arm, told = play({"plain": Scripted(script=script)})
    assert [row["landed"] for row in arm.rows("bundles")] == [True]
    assert [row["kind"] for row in arm.rows("swaps")] == ["swap"]
    assert told.closes


def test_a_victims_transaction_is_executed_once_however_often_it_is_bundled() -> None:
    kept: list[Pending] = []

    def script(view: View, me: Account, setup: Setup) -> Iterable[Any]:
        kept.extend(p for p in view.pending if p.agent == "retail" and not kept)
        own = swap(me, setup, ETHER, max_priority_fee_per_gas=10**11)  # before everybody else
        return [Bundle(legs=(own, kept[0], kept[0])), Bundle(legs=(own, kept[0]))] if kept else []

    one = small.retail(count=1, trades_per_block="0.2")
    greedy = Scripted(script=script, searches=True)
    arm, told = play({"retail": one, "greedy": greedy}, blocks=12)
    reasons = {row["reason"] for row in arm.rows("bundles")}
    assert {
        "it holds somebody's transaction twice",
        "",
        "a transaction of it is not waiting any more",
    } == reasons
    mine = [row for row in arm.rows("transactions") if row["agent"] == "retail" and row["block"]]
    assert len(mine) == len(arm.rows("orders"))
    assert told.closes


def test_nobody_arrives_before_what_they_answer() -> None:
    def script(view: View, me: Account, setup: Setup) -> Iterable[Any]:
        seen = [p for p in view.pending if p.agent == "retail"]
        return [order(me, arrival_ms=p.arrival_ms - 1) for p in seen[:1]]

    early = Scripted(script=script, searches=True)
    arm, _ = play({"retail": small.retail(), "early": early}, blocks=15, mechanism=Fifo())
    for block in {row["block"] for row in arm.rows("transactions") if row["agent"] == "early"}:
        agents = [r["agent"] for r in arm.at_block("transactions", block)]
        assert agents[-1] == "early"
    assert any(row["agent"] == "early" for row in arm.rows("swaps"))


def test_a_sandwich_of_several_victims_counts_all_of_them() -> None:
    def script(view: View, me: Account, setup: Setup) -> Iterable[Any]:
        token = setup.pool("main").base.address
        victims = [
            p for p in view.pending if p.agent == "retail" and p.swap and p.swap.path[0] == token
        ]
        if len(victims) < 2:
            return []
        pool, router = setup.pool("main"), setup.router("main")
        front = swap(me, setup, ETHER, max_priority_fee_per_gas=10**11)  # before everybody else
        out = pool.amount_out(token_in="WETH", amount_in=ETHER)
        back = router.swap(me, pool=pool, token_in="USDC", amount_in=out, min_amount_out=0)
        told = label(victims=(1, 2), backrun=3)
        return [Bundle(legs=(front, *victims[:2], back), label=told)]

    crowd = small.retail(count=20, trades_per_block="0.3", slippage_bps=500, median_size="1")
    attacker = Scripted(script=script, searches=True, role="searcher")
    arm, told = play({"retail": crowd, "attacker": attacker})
    rows = arm.rows("sandwiches")
    assert rows
    assert {row["victims"] for row in rows} == {2}
    for row in rows:
        hit = [s for s in arm.at_block("swaps", row["block"]) if s["kind"] == "victim"]
        assert row["victim_out"] == sum(s["amount_out"] for s in hit)
        assert row["victim_in"] == sum(s["amount_in"] for s in hit)
    lost = sum(
        arm.value(s["token_out"], s["counterfactual_out"] - s["amount_out"])
        for s in arm.rows("swaps")
        if s["kind"] == "victim"
    )
    assert told.measures["victim_loss"] == pytest.approx(float(lost))
    assert lost > 0
    assert told.closes


def donation(view: View, me: Account, setup: Setup) -> Iterable[Any]:
    return once(view, setup.token("USDC").transfer(me, to=setup.pool("main"), amount=10**6))


def to_a_stranger(view: View, me: Account, setup: Setup) -> Iterable[Any]:
    return once(view, Transaction(sender=me.address, to=STRANGER, value=ETHER))


def tokens_to_zero(view: View, me: Account, setup: Setup) -> Iterable[Any]:
    zero = "0x" + "00" * 20
    return once(
        view,
        setup.token("USDC").transfer(me, to=zero, amount=5),
        setup.token("WETH").transfer(me, to=zero, amount=7),
        setup.token("USDC").contract.write.burn(me, 3),
    )


def unwrapping(view: View, me: Account, setup: Setup) -> Iterable[Any]:
    from dexsim.artifacts.library import shipped
    from dexsim.market.contract import Contract

    weth = Contract(shipped("weth").abi, setup.token("WETH").address)
    return once(view, weth.write.withdraw(me, ETHER), weth.write.deposit(me, value=3))


def liquidity_to(target: str) -> Any:
    """Provide, and give the LP tokens away."""

    def script(view: View, me: Account, setup: Setup) -> Iterable[Any]:
        pool, router = setup.pool("main"), setup.router("main")
        if view.block == 1:
            return [router.add_liquidity(me, pool=pool, base_amount=ETHER, quote_amount=10**10)]
        addresses = {"zero": "0x" + "00" * 20, "pool": pool.address, "stranger": STRANGER}
        addresses["gauge"] = setup.gauge("main").address if target == "gauge" else ""
        held = pool.lp_balance(me)
        return [pool.contract.write.transfer(me, addresses[target], held)] if held else []

    return script


ALLOWED = {
    "donation to a pool": donation,
    "native money to a stranger": to_a_stranger,
    "tokens to the zero address": tokens_to_zero,
    "wrapping and unwrapping": unwrapping,
    "LP tokens to the zero address": liquidity_to("zero"),
    "LP tokens to the pool": liquidity_to("pool"),
    "LP tokens to a stranger": liquidity_to("stranger"),
}


@pytest.mark.parametrize("script", ALLOWED.values(), ids=ALLOWED)
def test_whatever_an_agent_does_with_its_own_the_accounts_close(script: Any) -> None:
    arm, told = play({"retail": small.retail(), "odd": Scripted(script=script)})
    assert told.closes, told.conservation()
    assert all(row["status"] for row in arm.rows("transactions") if row["agent"] == "odd")
    owner = next(gain for gain in told.gains if gain.holder == "main liquidity")
    assert abs(owner.value) < 2_000  # nobody else's fortune changes hands


def test_liquidity_given_to_a_gauge_without_staking_is_the_gauges() -> None:
    agents = {**small.farming().agents, "odd": Scripted(script=liquidity_to("gauge"))}
    done = run(small.farming(agents=agents, blocks=6), seed=3)
    told = done.summary().arms[0]
    assert told.closes
    gauge = next(gain for gain in told.gains if gain.holder == "gauge main")
    assert gauge.value > 1_900


def test_books_that_differ_from_the_chain_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from dexsim.results.ledger import Ledger

    honest = Ledger._move

    def forgetful(self: Ledger, token: str, source: str, target: str, amount: int) -> None:
        honest(self, token, source, target, amount - (token == "USDC" and amount > 10**9))

    monkeypatch.setattr(Ledger, "_move", forgetful)
    _, told = play({"retail": small.retail()})
    assert not told.closes
    assert any("USDC" in line and "by its events" in line for line in told.differences)


# --- measures over more than one market ------------------------------------------------------


def chained(first: str) -> Scenario:
    """AAA against BBB, BBB against USDC; a sale of AAA."""
    both = {
        "m1": Market(venue="x", pair="AAA/BBB", base_reserve="1000", quote_reserve="1000"),
        "m2": Market(venue="x", pair="BBB/USDC", base_reserve="1000", quote_reserve="2000"),
    }
    markets = dict(sorted(both.items(), reverse=first == "m2"))
    world = World(
        tokens={"AAA": Token(), "BBB": Token(), "USDC": Token(decimals=6)},
        venues={"x": Venue()},
        markets=markets,
    )
    seller = Scripted(
        script=lambda v, me, s: once(v, order(me, market="m1", token_in="AAA")),
        funds={"AAA": "10"},
        role="trader",
    )
    gas = small.scenario().gas.__class__(native_price="1")
    return Scenario(world=world, agents={"seller": seller}, blocks=2, numeraire="USDC", gas=gas)


def test_values_do_not_depend_on_the_order_of_markets() -> None:
    arms = [run(chained(first), seed=1).arms[0] for first in ("m1", "m2")]
    values = [next(g.value for g in gains(arm) if g.holder == "seller") for arm in arms]
    assert values[0] == values[1] != Fraction(0)
    assert float(values[0]) > -0.1


def test_costs_in_markets_with_different_quotes_are_weighed_by_their_worth() -> None:
    tokens = {"WETH": Weth(), "USDC": Token(decimals=6), "DEX": Token()}
    markets = {
        "a": Market(venue="x", pair="WETH/USDC", base_reserve="100000", quote_reserve="200000000"),
        "b": Market(venue="x", pair="DEX/WETH", base_reserve="1000", quote_reserve="100"),
    }
    prices = {"WETH": Constant(price="2000")}
    world = World(tokens=tokens, venues={"x": Venue()}, markets=markets, prices=prices)

    def script(view: View, me: Account, setup: Setup) -> Iterable[Any]:
        deep = order(me, market="a", token_in="WETH", amount_in=10 * ETHER)
        thin = order(me, market="b", token_in="WETH", amount_in=10 * ETHER, slippage_bps=10_000)
        return once(view, deep, thin)

    trader = Scripted(script=script, role="trader")
    done = run(Scenario(world=world, agents={"t": trader}, blocks=2, numeraire="USDC"), seed=1)
    arm = done.arms[0]
    shares = [
        1 - r["amount_out_tokens"] * mid(r) / r["amount_in_tokens"] for r in arm.rows("swaps")
    ]
    assert done.summary().arms[0].measures["retail_cost_bps"] == pytest.approx(
        10_000 * sum(shares) / 2
    )
    assert max(shares) > 0.08


def mid(row: dict[str, Any]) -> float:
    """The price at the quote, in the token sold per token bought."""
    return float(1 / row["mid_quoted"] if row["market"] == "a" else row["mid_quoted"])

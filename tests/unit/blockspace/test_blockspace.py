"""Orders, the mempool, mechanisms and the builder, each alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexsim.blockspace.builder import fill
from dexsim.blockspace.bundles import Bundle, PendingBundle
from dexsim.blockspace.desk import Desk
from dexsim.blockspace.fees import next_base_fee
from dexsim.blockspace.mechanisms import Fifo, Priority, RandomOrder
from dexsim.blockspace.mempool import Mempool
from dexsim.blockspace.orders import Order
from dexsim.blockspace.pending import Pending
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Transaction
from dexsim.errors import AmountTypeError, ScenarioError
from dexsim.market.deployment import Deployment
from dexsim.streams import Streams

ALICE, BOB, CAROL, DAVE = (Account.named(name) for name in ("alice", "bob", "carol", "dave"))
ETHER = 10**18
RNG = Streams(1).generator("test")


def transfer(sender: Account, to: Account, *, wei: int = 1, tip: int = 0) -> Transaction:
    return Transaction(
        sender=sender.address,
        to=to.address,
        value=wei,
        gas_limit=21_000,
        max_priority_fee_per_gas=tip,
    )


def pending(number: int, tx: Transaction, *, arrival: int = 0, **about: object) -> Pending:
    fields: dict[str, object] = {"agent": "somebody", "role": "trader", "submitted_block": 1}
    return Pending(id=number, tx=tx, arrival_ms=arrival, **(fields | about))  # type: ignore[arg-type]


def bundle(number: int, *legs: Transaction | Pending, arrival: int = 99) -> PendingBundle:
    return PendingBundle(
        id=number,
        bundle=Bundle(legs=legs),
        agent="searcher",
        role="searcher",
        arrival_ms=arrival,
        submitted_block=1,
        block=1,
    )


@pytest.fixture
def chain() -> Chain:
    fresh = Chain(base_fee=0)
    for account in (ALICE, BOB, CAROL):
        fresh.set_balance(account, 10 * ETHER)
    return fresh


# --- orders --------------------------------------------------------------------------


def test_an_order_takes_amounts_in_wei_only() -> None:
    with pytest.raises(AmountTypeError, match=r"amount_in.*not 1\.5"):
        Order(ALICE, market="main", token_in="WETH", amount_in=1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "told"), [(0, "sells something"), (-1, "not -1"), (10**38, "not 1000")]
)
def test_an_order_sells_something(amount: int, told: str) -> None:
    with pytest.raises(ScenarioError, match=f"amount_in: .*{told}"):
        Order(ALICE, market="main", token_in="WETH", amount_in=amount)


def test_slippage_is_between_nothing_and_everything() -> None:
    with pytest.raises(ScenarioError, match="10 000 basis points, not 10001"):
        Order(ALICE, market="main", token_in="WETH", amount_in=1, slippage_bps=10_001)


def test_an_order_becomes_a_swap_with_the_limit_of_its_convention(deployment: Deployment) -> None:
    desk = Desk(deployment)
    order = Order(ALICE, market="main", token_in="WETH", amount_in=ETHER, slippage_bps=100)
    quoted = deployment.pools["main"].amount_out(token_in="WETH", amount_in=ETHER)
    limits = {
        "share": quoted * 9_900 // 10_000,
        "v2-sdk": quoted * 10_000 // 10_100,
    }
    for convention, limit in limits.items():
        made = desk.through_router(
            replace(order, convention=convention),  # type: ignore[arg-type]
            agent="a",
            role="trader",
        )
        assert made.swap is not None
        assert (made.swap.amount_in, made.swap.min_amount_out) == (ETHER, limit)
        assert made.quoted_out == quoted
    fixed = desk.through_router(replace(order, min_amount_out=5), agent="a", role="trader")
    assert fixed.swap is not None
    assert fixed.swap.min_amount_out == 5


# --- mempool ---------------------------------------------------------------------------


def test_agents_see_public_transactions_and_their_own() -> None:
    pool = Mempool()
    seen = pending(1, transfer(ALICE, BOB))
    hidden = pending(2, transfer(BOB, CAROL), visibility="private", agent="bob")
    pool.add(seen)
    pool.add(hidden)
    assert pool.visible_to("stranger", 1) == (seen,)
    assert pool.visible_to("bob", 1) == (seen, hidden)
    assert pool.waiting() == (seen, hidden)
    pool.drop({1, 7})
    assert pool.waiting() == (hidden,)


# --- mechanisms ----------------------------------------------------------------------------


def ids(entries: object) -> list[int]:
    return [entry.id for entry in entries]  # type: ignore[attr-defined]


def test_priority_is_by_tip_then_arrival_then_submission() -> None:
    entries = [
        pending(1, transfer(ALICE, BOB, tip=1), arrival=10),
        pending(2, transfer(BOB, BOB, tip=5), arrival=30),
        pending(3, transfer(CAROL, BOB, tip=5), arrival=20),
        pending(4, transfer(DAVE, BOB, tip=5), arrival=20),
        bundle(5, transfer(CAROL, BOB, tip=6)),
    ]
    assert ids(Priority().sequence(entries, base_fee=0, rng=RNG)) == [5, 3, 4, 2, 1]


def test_the_tip_that_counts_is_what_the_fee_cap_leaves() -> None:
    capped = replace(transfer(ALICE, BOB, tip=9), max_fee_per_gas=12)
    entries = [pending(1, capped), pending(2, transfer(BOB, BOB, tip=3))]
    assert ids(Priority().sequence(entries, base_fee=10, rng=RNG)) == [2, 1]
    assert ids(Priority().sequence(entries, base_fee=1, rng=RNG)) == [1, 2]


def test_first_come_first_served_ignores_tips() -> None:
    entries = [
        pending(1, transfer(ALICE, BOB, tip=1), arrival=30),
        pending(2, transfer(BOB, BOB, tip=9), arrival=40),
        bundle(3, transfer(CAROL, BOB, tip=99), arrival=50),
    ]
    assert ids(Fifo().sequence(entries[::-1], base_fee=0, rng=RNG)) == [1, 2, 3]


def test_a_random_order_is_a_fair_permutation_of_its_stream() -> None:
    entries = [pending(n, transfer(who, BOB)) for n, who in enumerate((ALICE, BOB, CAROL))]
    draw = Streams(5).generator("fair")
    counts: dict[tuple[int, ...], int] = {}
    for _ in range(6_000):
        drawn = tuple(ids(RandomOrder().sequence(entries, base_fee=0, rng=draw)))
        counts[drawn] = counts.get(drawn, 0) + 1
    assert len(counts) == 6
    assert all(850 < count < 1_150 for count in counts.values())  # 1000, five standard errors


# --- the builder --------------------------------------------------------------------------------


def test_a_bundle_lands_whole_and_takes_its_victim_along(chain: Chain) -> None:
    victim = pending(1, transfer(ALICE, BOB))
    entry = bundle(2, transfer(CAROL, BOB), victim, transfer(CAROL, BOB))
    with chain.block() as block:
        filling = fill(block, [entry, victim])
    assert [included.agent for included in filling.included] == ["searcher", "somebody", "searcher"]
    assert [included.leg for included in filling.included] == [0, 1, 2]
    assert filling.gone == {1}


def test_a_bundle_whose_victim_came_first_does_not_land(chain: Chain) -> None:
    victim = pending(1, transfer(ALICE, BOB))
    entry = bundle(2, transfer(CAROL, BOB), victim)
    with chain.block() as block:
        filling = fill(block, [victim, entry])
    assert [included.agent for included in filling.included] == ["somebody"]
    assert filling.failed == [(entry, "a transaction of it is not waiting any more")]


def test_of_two_bundles_with_one_victim_one_lands(chain: Chain) -> None:
    victim = pending(1, transfer(ALICE, BOB))
    first, second = (bundle(n, transfer(CAROL, BOB), victim) for n in (2, 3))
    with chain.block() as block:
        filling = fill(block, [first, second, victim])
    assert len(filling.included) == 2
    assert [entry.id for entry, _ in filling.failed] == [3]


def test_a_bundle_that_fails_leaves_no_trace_and_its_victim_goes_on(chain: Chain) -> None:
    victim = pending(1, transfer(ALICE, BOB))
    broke = bundle(2, transfer(CAROL, BOB), victim, transfer(CAROL, BOB, wei=11 * ETHER))
    root = chain.state_root()
    with chain.block() as block:
        assert not block.attempt(
            [transfer(CAROL, BOB), transfer(CAROL, BOB, wei=11 * ETHER)]
        ).landed
        assert (block.size, block.gas_used) == (0, 0)
    assert chain.state_root() == root
    with chain.block() as block:
        filling = fill(block, [broke, victim])
    assert "transaction 2" in filling.failed[0][1]
    assert [included.source for included in filling.included] == [victim]
    assert chain.nonce(CAROL) == 0


def test_a_revert_that_a_bundle_allows_does_not_void_it(
    chain: Chain, deployment: Deployment
) -> None:
    token = deployment.tokens["USDC"]
    refused = token.transfer(CAROL, to=BOB, amount=1)  # carol has none
    strict = bundle(1, refused)
    lenient = replace(strict, bundle=Bundle(legs=(refused,), may_revert=frozenset({0})))
    with chain.block() as block:
        filling = fill(block, [strict, lenient])
    assert filling.failed[0][1] == "transaction 0 reverts: token: insufficient balance"
    assert [included.receipt.status for included in filling.included] == [False]


def test_what_no_block_can_hold_is_dropped_with_the_reason(chain: Chain) -> None:
    poor = pending(1, transfer(ALICE, BOB, wei=11 * ETHER))
    with chain.block() as block:
        filling = fill(block, [poor])
    assert filling.gone == {1}
    assert "balance" in filling.dropped[0].reason or "has" in filling.dropped[0].reason


def test_a_bundle_cannot_take_what_has_landed_or_what_it_holds_already(chain: Chain) -> None:
    victim, old = pending(1, transfer(ALICE, BOB)), pending(9, transfer(ALICE, BOB))
    twice = bundle(2, transfer(CAROL, BOB), victim, victim)
    stale = bundle(3, transfer(CAROL, BOB), old)
    forged = bundle(4, transfer(CAROL, BOB), replace(victim, tx=transfer(ALICE, CAROL)))
    with chain.block() as block:
        filling = fill(block, [twice, stale, forged, victim])
    assert [reason for _, reason in filling.failed] == [
        "it holds somebody's transaction twice",
        "a transaction of it is not waiting any more",
        "a transaction of it is not waiting any more",
    ]
    assert [included.source for included in filling.included] == [victim]


def test_what_a_later_block_could_hold_goes_on_waiting(chain: Chain) -> None:
    cheap = pending(1, replace(transfer(ALICE, BOB), max_fee_per_gas=5))
    early = pending(2, replace(transfer(BOB, ALICE), nonce=1))
    stale = pending(3, replace(transfer(CAROL, ALICE), nonce=0))
    chain.send(transfer(CAROL, BOB))
    with chain.block(base_fee=6) as block:
        filling = fill(block, [cheap, early, stale])
    assert filling.gone == {3}
    assert "nonce" in filling.dropped[0].reason


def test_what_asks_for_more_than_a_whole_block_is_dropped(chain: Chain) -> None:
    with chain.block(gas_limit=20_000) as block:
        filling = fill(block, [pending(1, transfer(ALICE, BOB))])
    assert filling.dropped[0].reason == "asks for 21,000 gas, a whole block has 20,000"


def test_a_list_that_breaks_off_leaves_no_trace(chain: Chain) -> None:
    with chain.block() as block:
        with pytest.raises(AttributeError):
            block.attempt([transfer(ALICE, BOB), None])  # type: ignore[list-item]
        assert (block.size, block.gas_used, chain.nonce(ALICE)) == (0, 0, 0)


def test_what_does_not_fit_goes_on_waiting(chain: Chain) -> None:
    large, small = pending(1, transfer(ALICE, BOB)), pending(2, transfer(BOB, ALICE))
    with chain.block(gas_limit=30_000) as block:
        filling = fill(block, [large, small])
    assert filling.gone == {1}
    assert filling.dropped == []


# --- the base fee -------------------------------------------------------------------------------


def test_base_fees_are_those_of_eip_1559() -> None:
    """The first three are the examples that follow from the rule; then the integer steps."""
    assert next_base_fee(10**9, gas_used=15_000_000, gas_limit=30_000_000) == 10**9
    assert next_base_fee(10**9, gas_used=30_000_000, gas_limit=30_000_000) == 1_125_000_000
    assert next_base_fee(10**9, gas_used=0, gas_limit=30_000_000) == 875_000_000
    fee = 10**9
    growth = {}
    for block in range(1, 61):
        fee = next_base_fee(fee, gas_used=30_000_000, gas_limit=30_000_000)
        growth[block] = fee / 10**9
    assert growth[10] == pytest.approx(3.247, abs=1e-3)
    assert growth[30] == pytest.approx(34.24, abs=1e-2)
    assert growth[60] == pytest.approx(1172.6, abs=0.1)


@given(
    fee=st.integers(1, 10**15),
    limit=st.integers(5_000, 10**8),
    used=st.floats(0, 1),
)
def test_a_fuller_block_never_lowers_the_next_base_fee(fee: int, limit: int, used: float) -> None:
    gas = int(limit * used)
    following = next_base_fee(fee, gas_used=gas, gas_limit=limit)
    assert (following > fee) == (gas > limit // 2)
    assert following >= 0
    assert abs(following - fee) <= max(1, fee // 8)

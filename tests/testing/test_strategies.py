"""The strategies reach every magnitude and every edge, and their operations can be done."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, find, given, settings

from dexsim.chain.chain import Chain
from dexsim.market.deployment import Deployment
from dexsim.market.pool import Pool
from dexsim.testing import play, strategies
from dexsim.testing.strategies import Add, Donate, Operation, Remove, Swap, Wait

SOME = settings(max_examples=300, deadline=None, derandomize=True, database=None)


def drawn(strategy: Any) -> list[Any]:
    found: list[Any] = []

    @settings(SOME, phases=[Phase.generate])
    @given(value=strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


def test_amounts_have_every_magnitude() -> None:
    lengths = [amount.bit_length() for amount in drawn(strategies.amounts())]
    assert len({length // 32 for length in lengths}) >= 8
    assert sum(length < 128 for length in lengths) > len(lengths) // 4


@pytest.mark.parametrize("edge", [0, 1, 2**112 - 1, 2**112, 10**18, 2**256 - 2, 2**256 - 1])
def test_amounts_come_to_the_edges(edge: int) -> None:
    assert find(strategies.amounts(), lambda amount: amount == edge, settings=SOME) == edge


@pytest.mark.parametrize(
    ("low", "high"), [(0, 0), (1, 1), (5, 9), (1000, 10**30), (2**255, 2**256 - 1)]
)
def test_amounts_stay_within_their_bounds(low: int, high: int) -> None:
    assert all(low <= amount <= high for amount in drawn(strategies.amounts(low, high)))


def test_bounds_without_an_amount_are_refused() -> None:
    for low, high in ((2, 1), (-1, 5)):
        with pytest.raises(ValueError, match=f"no amount lies between {low} and {high}"):
            strategies.amounts(low, high)


def test_reserves_are_lopsided_too() -> None:
    pairs = drawn(strategies.reserves())
    assert all(1 <= each < 2**112 for pair in pairs for each in pair)
    assert any(max(pair) > min(pair) * 10**20 for pair in pairs)


def test_addresses_are_people_and_strangers() -> None:
    found = set(drawn(strategies.addresses()))
    people = {account.address for account in drawn(strategies.people())}
    assert len(people) == 10
    assert people < found
    assert "0x" + "00" * 20 in found


def test_every_kind_of_operation_comes_up() -> None:
    found = {type(each) for sequence in drawn(strategies.operations()) for each in sequence}
    assert found == {Swap, Add, Remove, Donate, Wait}
    assert {type(each) for each in drawn(strategies.operation([Swap]))} == {Swap}


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(sequence=strategies.operations(at_most=6))
def test_operations_can_be_played(
    deployment: Deployment, chain: Chain, pool: Pool, sequence: list[Operation]
) -> None:
    for each in sequence:
        before = (chain.state_root(), chain.time_ms)
        held = pool.base.balance(pool)
        accepted = play(deployment, each)
        assert accepted or (chain.state_root(), chain.time_ms) == before
        if accepted and isinstance(each, Swap):
            assert (pool.base.balance(pool) > held) is each.sells_base


def test_what_is_accepted_and_what_is_not(deployment: Deployment, chain: Chain, alice: Any) -> None:
    assert play(deployment, Swap(alice, True, 10**18))
    assert play(deployment, Add(alice, 10**18, 10**18))
    assert play(deployment, Remove(alice, 10_000), market="main")
    assert play(deployment, Donate(alice, False, 5))
    assert not play(deployment, Swap(alice, True, 10**60))
    time = chain.time_ms
    assert play(deployment, Wait(7))
    assert chain.time_ms == time + 7_000

"""The flows: what they cover, and that nothing but the contracts decides what they cost."""

from __future__ import annotations

import pytest

from dexsim.errors import ScenarioError
from dexsim.gas.flows.catalogue import FLOWS, select
from dexsim.gas.kits import shipped_kit
from dexsim.gas.measure import measure
from dexsim.gas.permits import permit
from dexsim.gas.stage import ALICE, ARCHITECT, BOB, BORROWER, E18, FOUNDER, TREASURY, Stage

NOT_MEASURED = {"pool.initialize", "factory.setFeeToSetter"}
"""Refuses everybody; as `setFeeTo`."""


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage(shipped_kit())


def measured_by(flow, stage):
    """What the transactions are called whose gas a flow takes."""
    told = []
    gas = stage.gas

    def listening(tx, **options):
        told.append(tx.what)
        return gas(tx, **options)

    stage.gas = listening
    try:
        with stage.undone():
            assert flow.run(stage) > 21_000
    finally:
        del stage.gas
    return told


def test_there_are_enough_flows_and_each_has_a_name_of_its_own():
    assert len(FLOWS) >= 50
    assert len({flow.name for flow in FLOWS}) == len(FLOWS)


def test_every_function_that_changes_something_is_measured(stage):
    told = {what for flow in FLOWS for what in measured_by(flow, stage)}
    handles = {"pool": stage.pool, "factory": stage.factory, "router": stage.router}
    changing = {
        f"{name}.{function}"
        for name, handle in handles.items()
        for function, overloads in handle.interface.functions.items()
        if overloads[0].mutability in {"nonpayable", "payable"}
    }
    assert changing - told == NOT_MEASURED


def test_a_flow_measures_what_its_name_says(stage):
    for flow in FLOWS:
        function = flow.name.partition(" (")[0]
        if "(fee token)" in flow.name:
            function += "SupportingFeeOnTransferTokens"
        what = function.replace("lp.", "pool.").replace("deploy ", "create ")
        told = measured_by(flow, stage)
        assert told in ([what], ["create blueprint of pool", what]), flow.name


def test_the_order_of_the_flows_does_not_matter_nor_how_often_they_are_measured():
    kit = shipped_kit()
    forward = measure(kit, FLOWS)
    assert measure(kit, FLOWS[::-1]) == forward
    assert measure(kit, FLOWS[20:21] * 2) == {FLOWS[20].name: forward[FLOWS[20].name]}


def test_no_address_in_calldata_has_a_zero_byte(stage):
    accounts = (ALICE, BOB, TREASURY, BORROWER, FOUNDER, ARCHITECT)
    contracts = (*stage.tokens, stage.weth, stage.factory, stage.router)
    for one in (*accounts, *contracts):
        assert 0 not in bytes.fromhex(one.address.removeprefix("0x")), one


def test_a_permits_signature_has_no_zero_byte_whatever_is_signed(stage):
    for amount in range(E18, E18 + 20):
        deadline, v, r, s = permit(stage.pool, ALICE, BOB.address, amount)
        assert v in {27, 28}
        assert 0 not in r + s + deadline.to_bytes(32, "big")


def test_a_flow_is_found_by_a_part_of_its_name_and_by_its_group():
    names = [flow.name for flow in select(["POOL.MINT"])]
    assert names[:2] == ["pool.mint (first)", "pool.mint"]
    assert {flow.group for flow in select(["tokens"])} == {"tokens"}
    assert {flow.group.partition(":")[0] for flow in select(["router"])} == {"router"}
    assert select(["deploy weth", "pool.sync"]) == select(["pool.sync", "deploy weth"])
    assert select([]) == list(FLOWS)


def test_a_word_that_finds_nothing_is_told_what_there_is():
    with pytest.raises(ScenarioError, match="did you mean pool.swap"):
        select(["pool.sync", "swpa"])
    with pytest.raises(ScenarioError, match="there are: pool.mint, pool.swap, .*factory.setFeeTo"):
        select(["zzzz"])

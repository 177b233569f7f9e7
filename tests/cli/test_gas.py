"""`dexsim gas`: the table, the object, a part of it, and a measurement that is not as recorded."""

from __future__ import annotations

import json
import re

import pytest

from dexsim.artifacts.library import sources_folder
from dexsim.gas import snapshot as snapshots
from dexsim.gas.flows.catalogue import FLOWS

ORIGINAL = snapshots.read()


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """`recorded("pool.swap", gas)`: a snapshot with another figure, or without one, in its place."""

    def change(name, gas):
        flows = {**ORIGINAL.flows, name: snapshots.Figures(gas or 0, ORIGINAL.flows[name].uniswap)}
        if gas is None:
            del flows[name]
        fields = {**vars(ORIGINAL), "flows": flows}
        file = tmp_path / "snapshot.json"
        file.write_text(snapshots.Snapshot(**fields).to_json(), "utf-8")
        monkeypatch.setattr(snapshots, "FILE", file)

    return change


def test_the_table_has_every_flow_beside_uniswap_within_80_columns(dexsim):
    ended = dexsim("gas")
    assert (ended.code, ended.err) == (0, "")
    assert max(len(line) for line in ended.out.splitlines()) <= 80
    for flow in FLOWS:
        one = ORIGINAL.flows[flow.name]
        figures = rf"{re.escape(flow.name)} +{one.gas:,} +{one.uniswap:,} +-?\d+\.\d %"
        assert re.search(rf"^{figures}$", ended.out, re.M), flow.name
        assert not flow.note or f"{flow.name}: {flow.note}"[:60] in ended.out
    for group in ("pool", "router: swaps", "tokens", "deployment"):
        assert f"\n{group}\n" in ended.out
    assert f"Since snapshot {ORIGINAL.digest}: nothing changed." in ended.out


def test_json_is_one_object_and_nothing_else(dexsim):
    ended = dexsim("gas", "--json")
    assert (ended.code, ended.err) == (0, "")
    told = json.loads(ended.out)
    assert (told["fork"], told["snapshot"], told["changed"]) == ("cancun", ORIGINAL.digest, False)
    assert [one["flow"] for one in told["flows"]] == [flow.name for flow in FLOWS]
    swap = next(one for one in told["flows"] if one["flow"] == "pool.swap")
    figures = ORIGINAL.flows["pool.swap"]
    assert swap == {
        "flow": "pool.swap",
        "group": "pool",
        "gas": figures.gas,
        "uniswap": figures.uniswap,
        "saved_percent": round(100 * (1 - figures.gas / figures.uniswap), 1),
        "snapshot": figures.gas,
    }


def test_names_choose_what_is_measured(dexsim):
    told = json.loads(dexsim("gas", "pool.sync", "deployment", "--json").out)["flows"]
    assert {one["flow"] for one in told if one["group"] == "pool"} == {"pool.sync"}
    assert {one["group"] for one in told} == {"pool", "deployment"}


def test_a_name_that_finds_nothing_is_the_users_mistake(dexsim):
    ended = dexsim("gas", "swpa")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "error: no flow has 'swpa' in its name; did you mean pool.swap?\n"


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_measurement_that_is_not_as_recorded_ends_with_1_and_a_sentence(
    dexsim, recorded, options
):
    gas = ORIGINAL.flows["pool.swap"].gas
    recorded("pool.swap", gas - 1)
    ended = dexsim("gas", "pool.swap", *options)
    assert ended.code == 1
    assert "run scripts/gas and write a sentence in CHANGELOG.md" in ended.err
    assert f"pool.swap: the snapshot says {gas - 1:,}, measured {gas:,}\n" in ended.err
    if options:
        assert json.loads(ended.out)["changed"] is True
    else:
        assert re.search(r"^pool\.swap .* \+1$", ended.out, re.M)
        assert "1 of 4 changed" in ended.out


def test_a_flow_that_the_snapshot_does_not_know_is_told(dexsim, recorded):
    recorded("pool.sync", None)
    ended = dexsim("gas", "pool.sync")
    assert ended.code == 1
    assert "pool.sync: the snapshot does not know it, measured " in ended.err
    assert re.search(r"^pool\.sync +[\d,]+ +- +- +new$", ended.out, re.M)


def test_a_damaged_snapshot_is_told_with_its_name(dexsim, recorded, tmp_path):
    recorded("pool.sync", 1)
    (tmp_path / "snapshot.json").write_text("{", "utf-8")
    ended = dexsim("gas", "pool.sync")
    assert (ended.code, ended.out) == (2, "")
    assert "snapshot.json: no gas snapshot" in ended.err


def test_contracts_of_ones_own_stand_beside_those_that_ship(dexsim):
    ended = dexsim("gas", "pool.sync", "--contracts", str(sources_folder()))
    gas = f"{ORIGINAL.flows['pool.sync'].gas:,}"
    assert (ended.code, ended.err) == (0, "")
    assert re.search(rf"^pool\.sync +{gas} +{gas} +\+0 ", ended.out, re.M)
    told = json.loads(dexsim("gas", "sync", "--json", "--contracts", str(sources_folder())).out)
    assert [one["yours"] for one in told["flows"]] == [one["gas"] for one in told["flows"]]


def test_a_folder_without_contracts_is_the_users_mistake(dexsim, here):
    ended = dexsim("gas", "--contracts", "elsewhere")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("error: elsewhere: no folder of contracts: pool.vy, factory.vy")


def test_contracts_that_cannot_do_what_is_measured_are_told_with_their_folder(dexsim, here):
    for name in ("pool", "factory", "router", "weth"):
        (here / f"{name}.vy").write_text("# pragma version ~=0.4.3\nx: uint256\n", "utf-8")
    ended = dexsim("gas", "pool.sync", "--contracts", ".")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("error: .: not as the contracts that ship: ")

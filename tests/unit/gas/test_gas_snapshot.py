"""The committed snapshot: true today, told in the changelog, cheaper than the original."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dexsim.chain.chain import Chain
from dexsim.errors import ArtifactError
from dexsim.gas import recording
from dexsim.gas.flows.catalogue import FLOWS
from dexsim.gas.kits import shipped_kit
from dexsim.gas.measure import measure
from dexsim.gas.snapshot import FILE, Figures, read

CHANGELOG = Path(__file__).resolve().parents[3] / "CHANGELOG.md"


@pytest.fixture
def snapshot():
    return read()


def test_every_flow_costs_what_the_snapshot_says(snapshot):
    recorded = {name: one.gas for name, one in snapshot.flows.items()}
    assert measure(shipped_kit(), FLOWS) == recorded, (
        "run scripts/gas, and write a sentence in CHANGELOG.md about what changed"
    )


def test_the_snapshot_names_the_codes_the_compiler_and_the_fork_that_it_was_measured_with(snapshot):
    assert snapshot.contracts == recording.used_contracts(), "run scripts/gas"
    assert snapshot.compiler == shipped_kit().pool.compiler == "vyper 0.4.3"
    assert snapshot.fork == Chain().engine.fork == "cancun"


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_flow_costs_no_more_than_on_uniswap_or_says_why(flow, snapshot):
    figures = snapshot.flows[flow.name]
    assert (figures.gas > figures.uniswap) == bool(flow.note)


@pytest.mark.skipif(not CHANGELOG.exists(), reason="no checkout here: no changelog")
def test_the_changelog_has_a_sentence_about_these_figures(snapshot):
    named = f"Gas snapshot `{snapshot.digest}`: "
    lines = [line for line in CHANGELOG.read_text().splitlines() if named in line]
    assert lines, (
        f"the gas figures are new: write a line '- {named}...' in CHANGELOG.md, "
        "with a sentence about what became cheaper or dearer, and why"
    )
    assert len(lines[0].partition(named)[2].split()) >= 5, f"after '{named}' comes a sentence"


def test_the_digest_names_the_figures_and_not_their_order(snapshot):
    flows = dict(snapshot.flows)
    assert replace(snapshot, flows=dict(reversed(flows.items()))).digest == snapshot.digest
    one = flows["pool.swap"]
    for figures in (Figures(one.gas + 1, one.uniswap), Figures(one.gas, one.uniswap + 1)):
        assert replace(snapshot, flows={**flows, "pool.swap": figures}).digest != snapshot.digest
    del flows["pool.swap"]
    assert replace(snapshot, flows=flows).digest != snapshot.digest


def test_the_file_reads_back_and_is_written_the_same(snapshot, tmp_path):
    assert FILE.read_text("utf-8") == snapshot.to_json()
    (tmp_path / "copy.json").write_text(snapshot.to_json(), "utf-8")
    assert read(tmp_path / "copy.json") == snapshot


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"flows": {"pool.swap": 1}}', '{"flows": {}}'])
def test_a_file_that_is_no_snapshot_is_told_by_its_name(text, tmp_path):
    (tmp_path / "bad.json").write_text(text, "utf-8")
    with pytest.raises(ArtifactError, match=r"bad\.json: no gas snapshot.*scripts/gas"):
        read(tmp_path / "bad.json")


def test_without_the_published_packages_uniswaps_figures_stay_as_recorded(snapshot):
    doubled = {name: Figures(0, 2 * one.uniswap) for name, one in snapshot.flows.items()}
    again = recording.record(replace(snapshot, flows=doubled), None)
    assert {name: one.uniswap for name, one in again.flows.items()} == {
        name: one.uniswap for name, one in doubled.items()
    }
    assert [one.gas for one in again.flows.values()] == [one.gas for one in snapshot.flows.values()]


def test_a_flow_of_which_no_figure_is_recorded_needs_the_published_packages(snapshot):
    flows = {name: one for name, one in snapshot.flows.items() if name != "pool.sync"}
    with pytest.raises(ArtifactError, match="recorded for pool.sync; let DEXSIM_NPM"):
        recording.record(replace(snapshot, flows=flows), None)


def test_another_traded_token_needs_the_published_packages(snapshot):
    other = {**snapshot.contracts, "token": "0x" + "00" * 32}
    with pytest.raises(ArtifactError, match="the traded token is another.*DEXSIM_NPM"):
        recording.record(replace(snapshot, contracts=other), None)

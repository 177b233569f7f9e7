"""A deployment that is interrupted anywhere goes on where it stopped, and deploys nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dexsim.chain.node import Node
from dexsim.chain.types import Receipt, Transaction
from dexsim.errors import DeploymentError, NodeError, Reverted
from dexsim.market.deploying.apply import Applied, apply
from dexsim.market.deploying.audit import audit
from dexsim.market.deploying.drafting import draft
from dexsim.market.deploying.manifest import alone, archive, manifest_path, read_manifest
from dexsim.market.deploying.plan import Recipe
from dexsim.market.deploying.reading import read
from tests.anvil import running
from tests.deploying.setting import (
    BACKENDS,
    DEPLOYER,
    FUNDS,
    OTHER,
    STEPS,
    TOKENS,
    Breaking,
    applied,
    embedded,
    in_eth_tester,
    plan_of,
    someone_elses,
)


@pytest.fixture(params=BACKENDS)
def ledger(request: pytest.FixtureRequest) -> Any:
    """A new chain to deploy to."""
    return BACKENDS[request.param]()


def check_whole(outcome: Applied, ledger: Any, *, transactions: int = STEPS) -> None:
    """Everything stands, is recorded, and was sent once."""
    assert outcome.manifest.complete
    assert outcome.manifest.sending is None
    assert not [each for each in audit(outcome.manifest, ledger) if each.problem]
    assert ledger.nonce(DEPLOYER.address) == transactions
    assert read_manifest(outcome.path) == outcome.manifest


# --- killed, node gone ----------------------------------------------------------------------


@pytest.mark.parametrize("arrives", [False, True])
@pytest.mark.parametrize("after", range(STEPS))
def test_whatever_step_breaks_the_next_run_sends_what_is_missing(
    tmp_path: Path, after: int, arrives: bool
) -> None:
    ledger = embedded()
    with pytest.raises(NodeError, match="broke"):
        applied(Breaking(ledger, after=after, arrives=arrives), tmp_path)
    manifest = read_manifest(manifest_path(tmp_path, 1337, "exchange"))
    assert manifest is not None
    assert (len(manifest.steps), manifest.complete) == (after, False)
    assert manifest.sending is not None
    assert manifest.sending.name == plan_of().steps[after].name
    outcome = applied(ledger, tmp_path)
    assert outcome.sent == STEPS - after - arrives
    check_whole(outcome, ledger)
    assert [step.name for step in outcome.manifest.steps] == [s.name for s in plan_of().steps]


def test_a_run_that_loses_every_single_answer_ends_whole(ledger: Any, tmp_path: Path) -> None:
    for _ in range(STEPS):
        with pytest.raises(NodeError):
            applied(Breaking(ledger, after=0, arrives=True), tmp_path)
    outcome = applied(ledger, tmp_path)
    assert outcome.sent == 0
    check_whole(outcome, ledger)


def test_a_second_apply_of_the_whole_sends_nothing(ledger: Any, tmp_path: Path) -> None:
    first = applied(ledger, tmp_path)
    written, number = first.path.read_bytes(), ledger.number
    second = applied(ledger, tmp_path)
    assert (second.sent, second.manifest, ledger.number) == (0, first.manifest, number)
    assert first.path.read_bytes() == written
    assert [path.name for path in first.path.parent.iterdir()] == ["exchange.json"]


def test_only_one_process_applies_at_a_time(tmp_path: Path) -> None:
    path = manifest_path(tmp_path, 1337, "exchange")
    with alone(path), pytest.raises(DeploymentError, match="another process deploys"):
        applied(embedded(), tmp_path)
    applied(embedded(), tmp_path)


# --- nonces and gas ---------------------------------------------------------------------------


class NonceThief:
    """A chain where somebody uses the deployer's nonce just before its n-th transaction."""

    def __init__(self, ledger: Any, *, at: int) -> None:
        self._ledger, self._left = ledger, at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def nonce(self, address: str) -> int:
        if self._left == 0:
            self._ledger.send(someone_elses())
        return int(self._ledger.nonce(address))

    def send(self, tx: Transaction) -> Receipt:
        self._left -= 1
        sent: Receipt = self._ledger.send(tx)
        return sent


@pytest.mark.parametrize("at", [1, 4, STEPS - 1])
def test_a_nonce_that_is_taken_stops_the_run_and_the_next_one_goes_on_from_another(
    ledger: Any, tmp_path: Path, at: int
) -> None:
    with pytest.raises(DeploymentError, match="went to another transaction"):
        applied(NonceThief(ledger, at=at), tmp_path)
    outcome = applied(ledger, tmp_path)
    assert outcome.sent == STEPS - at
    stolen = ledger.nonce(DEPLOYER.address) - STEPS
    assert stolen >= 1
    check_whole(outcome, ledger, transactions=STEPS + stolen)
    planned = plan_of()
    for step in planned.steps[:at]:  # what stood before keeps its place
        if step.creates:
            assert outcome.manifest.contracts[step.creates.name].address == step.creates.address


def test_too_little_gas_costs_a_nonce_and_nothing_else(ledger: Any, tmp_path: Path) -> None:
    with pytest.raises(Reverted):
        applied(ledger, tmp_path, gas_limits={"factory": 200_000})
    assert ledger.nonce(DEPLOYER.address) == 5
    outcome = applied(ledger, tmp_path)
    assert outcome.sent == STEPS - 4
    check_whole(outcome, ledger, transactions=STEPS + 1)


def test_a_transaction_of_the_deployer_between_two_runs_moves_what_is_left(
    ledger: Any, tmp_path: Path
) -> None:
    with pytest.raises(NodeError):
        applied(Breaking(ledger, after=3), tmp_path)
    ledger.send(someone_elses())
    outcome = applied(ledger, tmp_path)
    check_whole(outcome, ledger, transactions=STEPS + 1)


# --- reorganisations and restarts -----------------------------------------------------------


@pytest.fixture(scope="module")
def anvil() -> Iterator[Node]:
    """An anvil of these tests' own, with the deployer funded."""
    with running() as url:
        node = Node.connect(url, signers=[DEPLOYER])
        node.set_balance(DEPLOYER, FUNDS)
        yield node


@pytest.mark.parametrize("kept", [1, 8, 9, STEPS - 1])
def test_what_a_reorganisation_undoes_is_sent_again_to_the_same_places(
    anvil: Node, tmp_path: Path, kept: int
) -> None:
    start = anvil.snapshot()
    with pytest.raises(NodeError):
        applied(Breaking(anvil, after=kept), tmp_path)
    mark = anvil.snapshot()
    before = applied(anvil, tmp_path)
    anvil.restore(mark)
    after = applied(anvil, tmp_path)
    assert after.sent == STEPS - kept
    check_whole(after, anvil)
    assert {name: one.address for name, one in after.manifest.contracts.items()} == {
        name: one.address for name, one in before.manifest.contracts.items()
    }
    anvil.restore(start)


def test_after_a_reorganisation_another_transaction_may_have_the_nonce(
    anvil: Node, tmp_path: Path
) -> None:
    start = anvil.snapshot()
    with pytest.raises(NodeError):
        applied(Breaking(anvil, after=4), tmp_path)
    mark = anvil.snapshot()
    before = applied(anvil, tmp_path)
    anvil.restore(mark)
    anvil.send(someone_elses())
    after = applied(anvil, tmp_path)
    assert after.sent == STEPS - 4
    check_whole(after, anvil, transactions=STEPS + 1)
    assert after.manifest.contracts["WETH"] == before.manifest.contracts["WETH"]
    assert (
        after.manifest.contracts["factory"].address != before.manifest.contracts["factory"].address
    )
    anvil.restore(start)


@pytest.mark.parametrize("name", BACKENDS)
def test_a_restarted_chain_is_told_and_a_fresh_record_begins_anew(
    name: str, tmp_path: Path
) -> None:
    path = applied(BACKENDS[name](), tmp_path).path
    old = path.read_bytes()
    restarted = BACKENDS[name]()
    with pytest.raises(DeploymentError, match="was restarted.*--fresh"):
        applied(restarted, tmp_path)
    assert restarted.nonce(DEPLOYER.address) == 0
    assert path.read_bytes() == old
    put_away = archive(path)
    assert put_away == path.parent / "archive" / "exchange-1.json"
    assert put_away.read_bytes() == old
    check_whole(applied(restarted, tmp_path), restarted)
    assert archive(path).name == "exchange-2.json"


def test_a_restarted_chain_with_other_contracts_in_the_same_places_is_recognised(
    tmp_path: Path,
) -> None:
    applied(embedded(), tmp_path)
    restarted = embedded()
    for one in plan_of().contracts.values():  # as another program leaves them from the same nonces
        restarted.chain.engine.set_code(one.address, b"\x5f")
    with pytest.raises(DeploymentError, match="was restarted"):
        applied(restarted, tmp_path)


def test_other_code_at_one_recorded_address_stops_everything(tmp_path: Path) -> None:
    ledger = embedded()
    router = applied(ledger, tmp_path).manifest.contracts["router"].address
    ledger.chain.engine.set_code(router, b"\x00")
    with pytest.raises(DeploymentError, match="the code of router"):
        applied(ledger, tmp_path)


# --- transactions that wait ------------------------------------------------------------------


def test_a_step_that_waits_in_the_mempool_is_waited_for_and_not_sent_again(tmp_path: Path) -> None:
    with running("--no-mining") as url:
        node = Node.connect(url, signers=[DEPLOYER], receipt_seconds=0.5)
        node.set_balance(DEPLOYER, FUNDS)
        with pytest.raises(NodeError, match="has not mined it"):
            applied(node, tmp_path, TOKENS)
        assert (node.nonce(DEPLOYER), node.pending_nonce(DEPLOYER)) == (0, 1)
        with pytest.raises(NodeError, match="wait for a block.*let the chain mine"):
            applied(node, tmp_path, TOKENS, waiting_seconds=0.3)
        assert node.pending_nonce(DEPLOYER) == 1
        timer = threading.Timer(0.5, lambda: node._request("evm_setAutomine", [True]))
        mine = threading.Timer(0.7, node.mine)
        timer.start()
        mine.start()
        outcome = applied(node, tmp_path, TOKENS)
        assert outcome.sent == 2
        check_whole(outcome, node, transactions=3)


# --- plans that change ----------------------------------------------------------------------

TWO = '[tokens.A]\nsupply = "10"\n[tokens.B]\nsupply = "10"\n'
GROWN = (
    '[tokens.A]\nsupply = "10"\n[tokens.NEW]\ndecimals = 6\n[tokens.B]\nsupply = "10"\n'
    '[venues.x]\n[markets.ab]\nvenue = "x"\npair = "A/B"\nbase_reserve = "2"\nquote_reserve = "4"\n'
)


def of(text: str) -> Recipe:
    """A plan of one's own."""
    return Recipe("mine", "", partial(draft, "mine", read(text)))


def test_a_plan_that_grows_sends_only_what_is_new(ledger: Any, tmp_path: Path) -> None:
    first = applied(ledger, tmp_path, of(TWO))
    assert first.sent == 2
    second = applied(ledger, tmp_path, of(GROWN))
    new = ["NEW", "pool blueprint", "factory", "router", "ab"]
    new += ["approve A for ab", "approve B for ab", "fund ab"]
    assert [step.name for step in second.manifest.steps[2:]] == new
    assert second.sent == len(new)
    for name in ("A", "B"):
        assert second.manifest.contracts[name] == first.manifest.contracts[name]
    check_whole(second, ledger, transactions=2 + len(new))
    assert applied(ledger, tmp_path, of(GROWN)).sent == 0


def test_what_was_deployed_otherwise_is_refused_by_name(ledger: Any, tmp_path: Path) -> None:
    applied(ledger, tmp_path, of(TWO))
    with pytest.raises(DeploymentError, match="^B: was deployed with other arguments"):
        applied(ledger, tmp_path, of(TWO.replace('[tokens.B]\nsupply = "10"', "[tokens.B]\n")))
    assert ledger.nonce(DEPLOYER.address) == 2


def test_another_version_of_a_contract_is_refused_by_name(tmp_path: Path) -> None:
    ledger = embedded()
    path = applied(ledger, tmp_path, of(TWO)).path
    manifest = read_manifest(path)
    assert manifest is not None
    older = replace(manifest.contracts["A"], bytecode_hash="0x00")
    steps = tuple(replace(step, digest="0x00") for step in manifest.steps)
    path.write_text(
        replace(manifest, contracts=manifest.contracts | {"A": older}, steps=steps).to_json()
    )
    with pytest.raises(DeploymentError, match="^A: was deployed from another version of token"):
        applied(ledger, tmp_path, of(TWO))


def test_another_deployer_is_told_whose_deployment_stands_there(tmp_path: Path) -> None:
    ledger = in_eth_tester()
    applied(ledger, tmp_path, TOKENS)
    with pytest.raises(DeploymentError, match=f"was deployed by {DEPLOYER.address}"):
        apply(TOKENS, ledger, deployer=OTHER.address, folder=tmp_path)
    assert ledger.nonce(OTHER) == 0

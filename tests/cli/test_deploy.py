"""`dexsim deploy`: plan, send, check, and know it again; in process, on eth-tester, on anvil."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rlp
import typer
from dexsim.market.deploying.recipes import recipe
from eth_hash.auto import keccak
from typer.testing import CliRunner

from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.address import to_bytes
from dexsim.chain.chain import Chain
from dexsim.chain.node import Node
from dexsim.chain.reader import Backend
from dexsim.chain.types import Receipt, Transaction
from dexsim.cli.deploy import deploy
from dexsim.errors import (
    DeploymentError,
    EngineError,
    NodeError,
    Reverted,
    ScenarioError,
    TransactionRejected,
)
from dexsim.market.contract import creation
from dexsim.market.deploying.apply import Applied, apply, perform
from dexsim.market.deploying.code import check_code
from dexsim.market.deploying.estimate import estimate, rehearse
from dexsim.market.deploying.manifest import read_manifest
from dexsim.market.deploying.networks import LOCAL, PUBLIC, check_network
from dexsim.market.deploying.plan import Draft, Plan, Recipe, created_address
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool, Reserves
from tests.anvil import running

EXCHANGE = recipe("exchange")
DEPLOYER = Account.named("deploying")
OTHER = Account.named("somebody else")
FUNDS = 1_000 * 10**18
STEPS = 10
CONTRACTS = ["weth", "pool blueprint", "factory", "router", "base", "quote", "pool"]

app = typer.Typer()
app.command()(deploy)


def embedded() -> Chain:
    """A new chain in process with a funded deployer."""
    chain = Chain()
    chain.set_balance(DEPLOYER, FUNDS)
    return chain


def in_eth_tester() -> Node:
    """A new eth-tester that knows the deployer's key."""
    node = Node.eth_tester(signers=[DEPLOYER])
    rich = node.accounts()[0]
    node.send(Transaction(sender=rich, to=DEPLOYER.address, value=FUNDS, gas_limit=21_000))
    return node


BACKENDS: dict[str, Callable[[], Any]] = {"embedded": embedded, "eth-tester": in_eth_tester}


@pytest.fixture(params=BACKENDS)
def new_backend(request: pytest.FixtureRequest) -> Callable[[], Any]:
    """What makes a chain to deploy to: the same chain id every time."""
    return BACKENDS[request.param]


def applied(backend: Backend, folder: Path, what: Recipe = EXCHANGE) -> Applied:
    """The plan applied by the usual deployer."""
    return apply(what, backend, deployer=DEPLOYER.address, folder=folder)


class Interrupted:
    """A backend whose connection breaks at its n-th transaction."""

    def __init__(self, backend: Any, *, after: int) -> None:
        self._backend, self._left = backend, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def send(self, tx: Transaction) -> Receipt:
        if self._left == 0:
            raise NodeError("the connection broke")
        self._left -= 1
        sent: Receipt = self._backend.send(tx)
        return sent


# --- the plan as a value ------------------------------------------------------------------


def test_a_plan_is_a_value_of_deployer_and_nonce() -> None:
    plan = EXCHANGE.build(DEPLOYER.address, 3)
    assert plan == EXCHANGE.build(DEPLOYER.address, 3)
    assert plan != EXCHANGE.build(DEPLOYER.address, 4)
    assert [step.transaction.nonce for step in plan.steps] == list(range(3, 3 + STEPS))
    assert list(plan.contracts) == CONTRACTS


@pytest.mark.parametrize("nonce", [0, 1, 127, 128, 255, 256, 65_535, 65_536, 2**63])
def test_created_addresses_are_those_of_the_yellow_paper(nonce: int) -> None:
    expected = keccak(rlp.encode([to_bytes(DEPLOYER.address), nonce]))[12:]
    assert to_bytes(created_address(DEPLOYER.address, nonce)) == expected


def test_every_predicted_address_holds_its_code_from_any_nonce() -> None:
    chain = embedded()
    for _ in range(2):
        plan = EXCHANGE.build(DEPLOYER.address, chain.nonce(DEPLOYER))
        for done in perform(plan, chain):
            if done.step.creates and done.receipt.contract_address:
                assert done.receipt.contract_address == done.step.creates.address
        for planned in plan.contracts.values():
            check_code(planned, chain.code(planned.address))


def test_the_exchange_has_a_funded_pool() -> None:
    chain = embedded()
    plan = EXCHANGE.build(DEPLOYER.address, 0)
    list(perform(plan, chain))
    at = {name: planned.address for name, planned in plan.contracts.items()}
    base = Erc20(at["base"], chain, symbol="BASE")
    quote = Erc20(at["quote"], chain, symbol="QUOTE", decimals=6)
    pool = Pool(at["pool"], chain, base=base, quote=quote, fee_bps=30)
    assert pool.reserves() == Reserves(base.amount("1000"), quote.amount("2000000"))
    assert pool.lp_balance(DEPLOYER) > 0
    assert base.balance(DEPLOYER) == base.total_supply() - base.amount("1000")


def test_an_estimate_is_exact_from_nonce_zero() -> None:
    chain = embedded()
    planned = estimate(EXCHANGE, chain, DEPLOYER.address)
    list(perform(planned.plan, chain))
    assert FUNDS - chain.balance(DEPLOYER) == planned.cost


def test_an_estimate_on_a_node_is_what_the_steps_then_use() -> None:
    node = in_eth_tester()
    planned = estimate(EXCHANGE, node, DEPLOYER.address)
    assert (planned.chain_id, planned.balance) == (node.chain_id, FUNDS)
    assert node.nonce(DEPLOYER) == 0
    used = tuple(done.receipt.gas_used for done in perform(planned.plan, node))
    assert used == planned.gas


def test_a_deployer_without_funds_is_told_what_it_costs() -> None:
    planned = estimate(EXCHANGE, embedded(), OTHER.address)
    with pytest.raises(DeploymentError, match=r"has 0\.000000 of native money, exchange costs"):
        planned.check_funds()
    replace(planned, balance=planned.cost).check_funds()


# --- code on chain ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def deployed() -> tuple[Plan, Chain]:
    """The exchange on a chain."""
    chain = embedded()
    plan = EXCHANGE.build(DEPLOYER.address, 0)
    list(perform(plan, chain))
    return plan, chain


@pytest.mark.parametrize("name", CONTRACTS)
@pytest.mark.parametrize("change", ["first byte", "last byte", "one more", "one less", "none"])
def test_other_code_is_recognised(deployed: tuple[Plan, Chain], name: str, change: str) -> None:
    plan, chain = deployed
    planned = plan.contracts[name]
    code = chain.code(planned.address)
    body = len(planned.artifact.runtime) if planned.form == "contract" else len(code)
    changed = {
        "first byte": bytes([code[0] ^ 1]) + code[1:],
        "last byte": code[: body - 1] + bytes([code[body - 1] ^ 1]) + code[body:],
        "one more": code + b"\x00",
        "one less": code[:-1],
        "none": b"",
    }[change]
    check_code(planned, code)
    with pytest.raises(DeploymentError, match=planned.address):
        check_code(planned, changed)


@pytest.mark.parametrize("name", ["factory", "router", "base", "pool"])
def test_what_a_constructor_fixed_is_not_compared(deployed: tuple[Plan, Chain], name: str) -> None:
    plan, chain = deployed
    planned = plan.contracts[name]
    code = chain.code(planned.address)
    body = len(planned.artifact.runtime)
    assert len(code) > body
    check_code(planned, code[:body] + bytes(byte ^ 0xFF for byte in code[body:]))


def test_a_step_that_creates_something_else_stops_the_plan() -> None:
    def build(deployer: str, nonce: int) -> Plan:
        draft = Draft("wrong", deployer, nonce)
        draft.create("weth", shipped("weth"))
        wrong = replace(draft.steps[0].creates, artifact=shipped("pool"))  # type: ignore[type-var]
        draft.steps[0] = replace(draft.steps[0], creates=wrong)
        draft.create("never", shipped("weth"))
        return draft.finish()

    chain = embedded()
    with pytest.raises(DeploymentError, match="is not what"):
        list(perform(build(DEPLOYER.address, 0), chain))
    assert chain.nonce(DEPLOYER) == 1


# --- applying -----------------------------------------------------------------------------------


def test_apply_writes_what_it_did(new_backend: Callable[[], Any], tmp_path: Path) -> None:
    backend = new_backend()
    first_block = backend.number + 1
    outcome = applied(backend, tmp_path)
    assert outcome.sent == STEPS
    assert outcome.path == tmp_path / str(backend.chain_id) / "exchange.json"
    told = json.loads(outcome.path.read_text())
    plan = EXCHANGE.build(DEPLOYER.address, 0)
    assert told["complete"] is True
    assert (told["plan"], told["chain_id"]) == ("exchange", backend.chain_id)
    assert (told["deployer"], told["first_nonce"]) == (DEPLOYER.address, 0)
    assert [step["name"] for step in told["steps"]] == [step.name for step in plan.steps]
    assert [step["block_number"] for step in told["steps"]] == list(
        range(first_block, first_block + STEPS)
    )
    assert {name: one["address"] for name, one in told["contracts"].items()} == {
        name: planned.address for name, planned in plan.contracts.items()
    }
    _check_factory_record(told, plan, backend)


def _check_factory_record(told: dict[str, Any], plan: Plan, backend: Any) -> None:
    factory, step = told["contracts"]["factory"], told["steps"][2]
    artifact = shipped("factory")
    assert factory["arguments"] == [
        DEPLOYER.address,
        "30",
        plan.contracts["pool blueprint"].address,
        "0x" + shipped("pool").init_code_hash.hex(),
    ]
    assert (factory["compiler"], factory["evm_version"]) == (artifact.compiler, "cancun")
    assert factory["bytecode_hash"] == "0x" + artifact.init_code_hash.hex()
    assert factory["code_hash"] == "0x" + keccak(backend.code(factory["address"])).hex()
    assert (factory["tx_hash"], factory["block_number"]) == (step["tx_hash"], step["block_number"])
    assert told["contracts"]["pool blueprint"]["form"] == "blueprint"


def test_a_second_apply_sends_nothing(new_backend: Callable[[], Any], tmp_path: Path) -> None:
    backend = new_backend()
    first = applied(backend, tmp_path)
    written, nonce, number = first.path.read_bytes(), backend.nonce(DEPLOYER), backend.number
    second = applied(backend, tmp_path)
    assert second.sent == 0
    assert second.manifest == first.manifest
    assert (backend.nonce(DEPLOYER), backend.number) == (nonce, number)
    assert first.path.read_bytes() == written
    assert [path.name for path in first.path.parent.iterdir()] == ["exchange.json"]


def test_a_restarted_chain_is_recognised(new_backend: Callable[[], Any], tmp_path: Path) -> None:
    path = applied(new_backend(), tmp_path).path
    restarted = new_backend()
    with pytest.raises(DeploymentError, match="the chain was restarted") as caught:
        applied(restarted, tmp_path)
    assert f"delete {path}" in str(caught.value)
    assert restarted.nonce(DEPLOYER) == 0
    path.unlink()
    assert applied(restarted, tmp_path).sent == STEPS


def test_other_code_at_a_recorded_address_stops_a_second_apply(tmp_path: Path) -> None:
    chain = embedded()
    router = applied(chain, tmp_path).manifest.contracts["router"].address
    chain.engine.set_code(router, b"\x00")
    with pytest.raises(DeploymentError, match="router"):
        applied(chain, tmp_path)


def test_a_record_of_another_version_stops_a_second_apply(tmp_path: Path) -> None:
    chain = embedded()
    path = applied(chain, tmp_path).path
    hash_of_pool = "0x" + shipped("pool").init_code_hash.hex()
    path.write_text(
        path.read_text().replace(f'"bytecode_hash": "{hash_of_pool}"', '"bytecode_hash": "0x00"')
    )
    with pytest.raises(DeploymentError, match="another version of pool"):
        applied(chain, tmp_path)


def test_another_deployer_is_told_whose_deployment_stands_there(tmp_path: Path) -> None:
    chain = embedded()
    chain.set_balance(OTHER, FUNDS)
    applied(chain, tmp_path)
    with pytest.raises(DeploymentError, match=f"deployed by {DEPLOYER.address}"):
        apply(EXCHANGE, chain, deployer=OTHER.address, folder=tmp_path)
    assert chain.nonce(OTHER) == 0


@pytest.mark.parametrize("after", [1, 4, STEPS - 1])
def test_an_interrupted_apply_leaves_what_was_done_and_is_not_begun_twice(
    new_backend: Callable[[], Any], tmp_path: Path, after: int
) -> None:
    backend = new_backend()
    with pytest.raises(NodeError, match="broke"):
        applied(Interrupted(backend, after=after), tmp_path)
    path = tmp_path / str(backend.chain_id) / "exchange.json"
    manifest = read_manifest(path)
    assert manifest is not None
    assert not manifest.complete
    assert len(manifest.steps) == after
    assert set(manifest.contracts) == set(CONTRACTS[:after])
    with pytest.raises(DeploymentError, match=f"stopped after {manifest.steps[-1].name!r}"):
        applied(backend, tmp_path)
    assert backend.nonce(DEPLOYER) == after


def test_an_apply_that_sent_nothing_can_be_tried_again(tmp_path: Path) -> None:
    chain = embedded()
    with pytest.raises(NodeError):
        applied(Interrupted(chain, after=0), tmp_path)
    assert applied(chain, tmp_path).sent == STEPS


def test_a_step_that_reverts_stops_the_plan_with_its_reason(tmp_path: Path) -> None:
    def build(deployer: str, nonce: int) -> Plan:
        draft = Draft("refused", deployer, nonce)
        draft.create("weth", shipped("weth"))
        draft.create("factory", shipped("factory"), deployer, 1_001, deployer, bytes(32))
        draft.create("never", shipped("weth"))
        return draft.finish()

    chain = embedded()
    with pytest.raises(Reverted, match="factory: fee too high"):
        applied(chain, tmp_path, Recipe("refused", "", build))
    manifest = read_manifest(tmp_path / "1337" / "refused.json")
    assert manifest is not None
    assert [step.name for step in manifest.steps] == ["weth"]


def test_a_folder_that_cannot_be_written_stops_before_the_first_transaction(
    tmp_path: Path,
) -> None:
    chain = embedded()
    (tmp_path / "1337" / f"exchange.{os.getpid()}.part").mkdir(parents=True)
    with pytest.raises(DeploymentError, match="cannot be written"):
        applied(chain, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(DeploymentError, match="cannot be read"):
        applied(chain, tmp_path / "file")
    assert chain.nonce(DEPLOYER) == 0


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": 2}', "\x00"])
def test_a_file_that_is_no_manifest_is_not_overwritten(tmp_path: Path, text: str) -> None:
    path = tmp_path / "1337" / "exchange.json"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(DeploymentError, match="not a manifest"):
        applied(embedded(), tmp_path)
    assert path.read_text() == text


def test_arguments_are_written_so_that_every_json_reader_keeps_them(tmp_path: Path) -> None:
    told = json.loads(applied(embedded(), tmp_path).path.read_text())
    supply = 100_000_000 * 10**18
    assert told["contracts"]["base"]["arguments"] == ["BASE token", "BASE", "18", str(supply)]


# --- which chains -------------------------------------------------------------------------------


@pytest.mark.parametrize("chain_id", LOCAL)
def test_local_chains_need_no_further_words(chain_id: int) -> None:
    check_network(chain_id, None)


@pytest.mark.parametrize("chain_id", [1, 10, 8453, 11155111])
def test_public_chains_are_refused_whatever_is_said(chain_id: int) -> None:
    for said in (None, chain_id):
        with pytest.raises(DeploymentError, match=PUBLIC[chain_id]):
            check_network(chain_id, said)


def test_an_unknown_chain_has_to_be_said() -> None:
    with pytest.raises(ScenarioError, match="--chain-id 4242"):
        check_network(4242, None)
    check_network(4242, 4242)
    with pytest.raises(DeploymentError, match="on chain 4242, not on 4243"):
        check_network(4242, 4243)


# --- the command ------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    """The command's output; what it raises is raised."""
    result = CliRunner().invoke(app, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Node:
    """An eth-tester that stands behind every URL."""
    standing = Node.eth_tester()
    monkeypatch.setattr(Node, "connect", classmethod(lambda cls, url: standing))
    return standing


URL = "http://127.0.0.1:8545"


def test_without_a_node_it_is_a_dry_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = run("exchange", "--from", DEPLOYER.address)
    assert "nothing was sent" in told
    for step, gas in zip(
        EXCHANGE.build(DEPLOYER.address, 0).steps, rehearse(EXCHANGE, DEPLOYER.address), strict=True
    ):
        line = next(line for line in told.splitlines() if line.startswith(step.name + "  "))
        assert line.endswith(f"{gas:,}")
        assert step.creates is None or step.creates.address in line
    assert "1337" in told
    assert list(tmp_path.iterdir()) == []


def test_without_apply_nothing_is_sent(node: Node, tmp_path: Path) -> None:
    deployer = node.accounts()[0]
    told = run("exchange", "--rpc", URL, "--dir", str(tmp_path))
    assert "Nothing was sent" in told
    assert deployer in told
    assert str(node.chain_id) in told
    assert (node.nonce(deployer), node.number) == (0, 0)
    assert list(tmp_path.iterdir()) == []


def test_apply_sends_and_a_second_apply_does_not(node: Node, tmp_path: Path) -> None:
    arguments = ("exchange", "--rpc", URL, "--dir", str(tmp_path), "--apply")
    first = run(*arguments)
    assert f"{STEPS} transactions sent" in first
    path = tmp_path / str(node.chain_id) / "exchange.json"
    contracts = json.loads(path.read_text())["contracts"]
    for name, one in contracts.items():
        assert f"{name:15} {one['address']}" in first
    for again in (arguments, arguments[:-1]):
        told = run(*again)
        assert "nothing was sent" in told
        assert all(one["address"] in told for one in contracts.values())
    assert node.nonce(node.accounts()[0]) == STEPS


def test_from_chooses_the_account(node: Node, tmp_path: Path) -> None:
    third = node.accounts()[2]
    run("exchange", "--rpc", URL, "--dir", str(tmp_path), "--apply", "--from", third.lower())
    assert node.nonce(third) == STEPS
    assert node.nonce(node.accounts()[0]) == 0


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        (["exchang"], ScenarioError, "did you mean exchange"),
        (["exchange", "--apply"], ScenarioError, "--rpc"),
        (["exchange", "--rpc", "localhost"], ScenarioError, "http://"),
        (["exchange", "--rpc", "http://127.0.0.1:1"], NodeError, "http://127.0.0.1:1"),
        (["exchange", "--from", "0x12"], ScenarioError, "not an address"),
    ],
)
def test_bad_input_is_told(arguments: list[str], error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        run(*arguments)


def test_an_account_that_the_node_does_not_hold_is_refused(node: Node) -> None:
    with pytest.raises(ScenarioError, match="does not hold the key") as caught:
        run("exchange", "--rpc", URL, "--from", DEPLOYER.address, "--apply")
    assert node.accounts()[0] in str(caught.value)


def test_a_node_without_accounts_is_told(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "accounts", lambda: ())
    with pytest.raises(ScenarioError, match="no unlocked account"):
        run("exchange", "--rpc", URL)


@pytest.mark.parametrize(("chain_id", "error"), [(1, DeploymentError), (4242, ScenarioError)])
def test_the_chain_is_checked_before_anything_is_sent(
    node: Node, chain_id: int, error: type[Exception], tmp_path: Path
) -> None:
    node.chain_id = chain_id
    with pytest.raises(error):
        run("exchange", "--rpc", URL, "--apply", "--dir", str(tmp_path))
    assert node.number == 0


def test_an_unknown_chain_is_deployed_to_once_it_is_said(node: Node, tmp_path: Path) -> None:
    node.chain_id = 4242
    run("exchange", "--rpc", URL, "--apply", "--dir", str(tmp_path), "--chain-id", "4242")
    assert (tmp_path / "4242" / "exchange.json").is_file()


def test_too_little_money_stops_before_the_first_transaction(node: Node, tmp_path: Path) -> None:
    rich, poor = node.accounts()[0], node.accounts()[1]
    left = 10**15
    node.send(
        Transaction(
            sender=poor,
            to=rich,
            value=node.balance(poor) - left - 21_000 * 10**9,
            gas_limit=21_000,
            max_fee_per_gas=10**9,
            max_priority_fee_per_gas=10**9,
        )
    )
    with pytest.raises(DeploymentError, match="costs about"):
        run("exchange", "--rpc", URL, "--apply", "--from", poor, "--dir", str(tmp_path))
    assert node.nonce(poor) == 1
    assert list(tmp_path.iterdir()) == []


def test_help_is_instant() -> None:
    """It loads no EVM, no JSON-RPC client and no contract."""
    program = (
        "import sys, typer, dexsim.cli.deploy\n"
        "heavy = {'web3', 'eth', 'eth_tester', 'vyper', 'pydantic', 'eth_abi', 'dexsim.chain'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


# --- anvil -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def anvil() -> Iterator[str]:
    """URL of an anvil of these tests' own."""
    with running() as url:
        yield url


def test_the_command_works_on_anvil(anvil: str, tmp_path: Path) -> None:
    arguments = ("exchange", "--rpc", anvil, "--dir", str(tmp_path), "--apply")
    assert f"{STEPS} transactions sent" in run(*arguments)
    assert "nothing was sent" in run(*arguments)
    manifest = read_manifest(tmp_path / "31337" / "exchange.json")
    assert manifest is not None
    assert manifest.complete
    node = Node.connect(anvil)
    node._request("anvil_reset", [])
    with pytest.raises(DeploymentError, match="restarted"):
        run(*arguments)


def test_anvil_tells_the_same_of_every_step_as_an_engine(anvil: str) -> None:
    node, chain = Node.connect(anvil, signers=[DEPLOYER]), embedded()
    mark = node.snapshot()
    node.set_balance(DEPLOYER, FUNDS)
    assert node.balance(DEPLOYER) == FUNDS
    plan = EXCHANGE.build(DEPLOYER.address, 0)
    for here, there in zip(perform(plan, node), perform(plan, chain), strict=True):
        for part in ("status", "gas_used", "logs", "contract_address"):
            assert getattr(here.receipt, part) == getattr(there.receipt, part), here.step.name
    node.restore(mark)
    assert node.nonce(DEPLOYER) == 0
    with pytest.raises(EngineError, match="does not know the snapshot"):
        node.restore(mark)


def test_anvil_refuses_in_the_words_of_an_engine(anvil: str) -> None:
    node = Node.connect(anvil, signers=[DEPLOYER])
    node.set_balance(DEPLOYER, FUNDS)
    draft = Draft("one", DEPLOYER.address, node.nonce(DEPLOYER))
    address = draft.create("token", shipped("token"), "Base", "BASE", 18, 5)
    list(perform(draft.finish(), node))
    transfer = Erc20(address, symbol="BASE").transfer(DEPLOYER, to=OTHER, amount=6)
    with pytest.raises(Reverted, match="token: insufficient balance"):
        node.send(transfer)
    with pytest.raises(Reverted, match="out of gas") as caught:
        node.send(replace(transfer, gas_limit=21_700))
    assert caught.value.receipt is not None
    assert caught.value.receipt.halt == "out of gas"
    with pytest.raises(TransactionRejected, match="gas"):
        node.send(replace(transfer, gas_limit=20_000))
    with pytest.raises(TransactionRejected, match="next is"):  # anvil would keep it for later
        node.send(replace(transfer, nonce=node.nonce(DEPLOYER) + 1))


def test_a_creation_that_fails_on_anvil_created_nothing(anvil: str) -> None:
    node = Node.connect(anvil)
    deployer = node.accounts()[0]
    tx = creation(shipped("factory"), deployer, deployer, 1_001, deployer, bytes(32))
    with pytest.raises(Reverted, match="factory: fee too high") as caught:
        node.send(tx)
    assert caught.value.receipt is not None
    assert caught.value.receipt.contract_address is None

"""What a plan puts on a chain, what is checked, and what is written down."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rlp
from eth_hash.auto import keccak

from dexsim.artifacts.library import shipped
from dexsim.chain.address import to_bytes
from dexsim.chain.chain import Chain
from dexsim.chain.node import Node
from dexsim.errors import DeploymentError, EngineError, Reverted, TransactionRejected
from dexsim.market.contract import Contract, creation
from dexsim.market.deploying.apply import perform
from dexsim.market.deploying.audit import audit
from dexsim.market.deploying.code import check_code
from dexsim.market.deploying.estimate import estimate, rehearse
from dexsim.market.deploying.ledger import Embedded
from dexsim.market.deploying.manifest import read_manifest
from dexsim.market.deploying.plan import Draft, Ground, Plan, Recipe, created_address
from dexsim.market.erc20 import Erc20
from dexsim.market.gauge import Gauge
from dexsim.market.minter import Minter
from dexsim.market.pool import Pool, Reserves
from tests import anvil, hardhat
from tests.deploying.setting import (
    BACKENDS,
    DEPLOYER,
    EXCHANGE,
    FUNDS,
    INCENTIVES,
    OTHER,
    STEPS,
    applied,
    embedded,
    in_eth_tester,
    plan_of,
)

CONTRACTS = list(plan_of().contracts)


@pytest.fixture(params=BACKENDS)
def new_backend(request: pytest.FixtureRequest) -> Callable[[], Any]:
    """What makes a chain to deploy to: the same chain id every time."""
    return BACKENDS[request.param]


# --- the plan as a value ------------------------------------------------------------------


def test_a_plan_is_a_value_of_deployer_and_nonce() -> None:
    assert plan_of(nonce=3) == plan_of(nonce=3)
    assert plan_of(nonce=3) != plan_of(nonce=4)
    assert [step.nonce for step in plan_of(nonce=3).steps] == list(range(3, 3 + STEPS))


def test_the_exchange_is_what_its_name_says() -> None:
    assert CONTRACTS[:8] == [
        *("WETH", "USDC", "DAI", "pool blueprint", "factory", "router", "main", "stable"),
    ]
    assert set(plan_of(INCENTIVES).contracts) == {*CONTRACTS, "DEX", "minter", "gauge"}


def test_steps_that_were_sent_keep_their_nonces_and_the_others_follow() -> None:
    ground = Ground(deployer=DEPLOYER.address, nonce=20, time=0, taken={"DAI": 3, "router": 9})
    steps = EXCHANGE.build(ground).steps
    by_name = {step.name: step.nonce for step in steps}
    assert (by_name.pop("DAI"), by_name.pop("router")) == (3, 9)
    assert list(by_name.values()) == list(range(20, 20 + STEPS - 2))


@pytest.mark.parametrize("nonce", [0, 1, 127, 128, 255, 256, 65_535, 65_536, 2**63])
def test_created_addresses_are_those_of_the_yellow_paper(nonce: int) -> None:
    expected = keccak(rlp.encode([to_bytes(DEPLOYER.address), nonce]))[12:]
    assert to_bytes(created_address(DEPLOYER.address, nonce)) == expected


def test_every_predicted_address_holds_its_code_from_any_nonce() -> None:
    ledger = embedded()
    for _ in range(2):
        plan = plan_of(nonce=ledger.nonce(DEPLOYER.address))
        for done in perform(plan.steps, ledger):
            if done.step.creates and done.receipt.contract_address:
                assert done.receipt.contract_address == done.step.creates.address
        for planned in plan.contracts.values():
            check_code(planned, ledger.code(planned.address))


def test_the_exchange_has_funded_pools() -> None:
    chain = embedded().chain
    plan = plan_of()
    list(perform(plan.steps, Embedded(chain)))
    at = {name: planned.address for name, planned in plan.contracts.items()}
    weth = Erc20(at["WETH"], chain, symbol="WETH")
    usdc = Erc20(at["USDC"], chain, symbol="USDC", decimals=6)
    dai = Erc20(at["DAI"], chain, symbol="DAI")
    main = Pool(at["main"], chain, base=weth, quote=usdc, fee_bps=30)
    stable = Pool(at["stable"], chain, base=dai, quote=usdc, fee_bps=30)
    assert main.reserves() == Reserves(weth.amount("100"), usdc.amount("200000"))
    assert stable.reserves() == Reserves(dai.amount("1000000"), usdc.amount("1000000"))
    assert main.lp_balance(DEPLOYER) > 0
    assert usdc.balance(DEPLOYER) == usdc.total_supply() - usdc.amount("1200000")
    for token in (weth, usdc, dai):  # approvals are exact: nothing is left of them
        assert token.allowance(DEPLOYER, at["router"]) == 0


def test_the_incentives_pay_who_stakes() -> None:
    chain = embedded().chain
    plan = plan_of(INCENTIVES)
    list(perform(plan.steps, Embedded(chain)))
    at = {name: planned.address for name, planned in plan.contracts.items()}
    reward = Erc20(at["DEX"], chain, symbol="DEX")
    weth, usdc = (Erc20(at[name], chain, symbol=name) for name in ("WETH", "USDC"))
    pool = Pool(at["main"], chain, base=weth, quote=usdc, fee_bps=30)
    gauge = Gauge(at["gauge"], chain, pool=pool, reward=reward)
    assert Minter(at["minter"], chain, reward=reward).total_weight() == 1
    shares = pool.lp_balance(DEPLOYER)
    chain.send(pool.approve_lp(DEPLOYER, spender=gauge, amount=shares))
    chain.send(gauge.deposit(DEPLOYER, lp_amount=shares))
    start = chain.env.timestamp
    chain.travel(timestamp=start + 100)
    # One staker has all of it; a share is rounded down to what can be claimed.
    assert gauge.claimable(DEPLOYER) + 1 == 100 * reward.amount("0.5")


# --- estimates --------------------------------------------------------------------------------


def test_an_estimate_is_exact_from_nonce_zero() -> None:
    ledger = embedded()
    planned = estimate(EXCHANGE, ledger, DEPLOYER.address)
    list(perform(planned.remaining, ledger))
    spent = FUNDS - ledger.balance(DEPLOYER.address)
    assert spent == planned.cost + planned.value
    assert planned.value == 100 * 10**18


def test_an_estimate_on_a_node_is_what_the_steps_then_use() -> None:
    node = in_eth_tester()
    planned = estimate(EXCHANGE, node, DEPLOYER.address)
    assert (planned.chain_id, planned.balance, planned.nonce) == (node.chain_id, FUNDS, 0)
    assert node.nonce(DEPLOYER) == 0
    used = {done.step.name: done.receipt.gas_used for done in perform(planned.remaining, node)}
    assert used == planned.gas


def test_a_deployer_without_funds_is_told_what_it_takes() -> None:
    ledger = embedded()
    ledger.chain.set_balance(OTHER, 0)
    planned = estimate(EXCHANGE, ledger, OTHER.address)
    with pytest.raises(DeploymentError, match=r"has 0\.000000 of native money, and what is left"):
        planned.check_funds()
    replace(planned, balance=planned.cost + planned.value).check_funds()
    with pytest.raises(DeploymentError):
        replace(planned, balance=planned.cost + planned.value - 1).check_funds()


def test_a_step_that_cannot_succeed_is_told_before_anything_is_sent() -> None:
    with pytest.raises(DeploymentError, match=r"factory cannot succeed: .*factory: fee too high"):
        rehearse(Recipe("refused", "", refused), DEPLOYER.address)


# --- code on chain ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def deployed() -> tuple[Plan, Chain]:
    """The exchange on a chain."""
    ledger = embedded()
    plan = plan_of()
    list(perform(plan.steps, ledger))
    return plan, ledger.chain


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


@pytest.mark.parametrize("name", ["factory", "router", "USDC", "main"])
def test_what_a_constructor_fixed_is_not_compared(deployed: tuple[Plan, Chain], name: str) -> None:
    plan, chain = deployed
    planned = plan.contracts[name]
    code = chain.code(planned.address)
    body = len(planned.artifact.runtime)
    assert len(code) > body
    check_code(planned, code[:body] + bytes(byte ^ 0xFF for byte in code[body:]))


def test_a_step_that_creates_something_else_stops_the_plan() -> None:
    def build(ground: Ground) -> Plan:
        draft = Draft("wrong", ground)
        draft.create("weth", shipped("weth"))
        wrong = replace(draft.steps[0].creates, artifact=shipped("pool"))  # type: ignore[type-var]
        draft.steps[0] = replace(draft.steps[0], creates=wrong)
        draft.create("never", shipped("weth"))
        return draft.finish()

    ledger = embedded()
    with pytest.raises(DeploymentError, match="is not what"):
        list(perform(plan_of(Recipe("wrong", "", build)).steps, ledger))
    assert ledger.nonce(DEPLOYER.address) == 1


# --- what is written ----------------------------------------------------------------------------


def test_apply_writes_what_it_did(new_backend: Callable[[], Any], tmp_path: Path) -> None:
    backend = new_backend()
    first_block = backend.number + 1
    outcome = applied(backend, tmp_path)
    assert outcome.sent == STEPS
    assert outcome.path == tmp_path / str(backend.chain_id) / "exchange.json"
    told = json.loads(outcome.path.read_text())
    plan = plan_of()
    assert told["complete"] is True
    assert (told["schema"], told["plan"], told["chain_id"]) == (2, "exchange", backend.chain_id)
    assert (told["deployer"], told["sending"]) == (DEPLOYER.address, None)
    for number, (step, planned) in enumerate(zip(told["steps"], plan.steps, strict=True)):
        assert (step["name"], step["nonce"]) == (planned.name, planned.nonce)
        assert (step["digest"], step["block_number"]) == (planned.digest, first_block + number)
    assert {name: one["address"] for name, one in told["contracts"].items()} == {
        name: planned.address for name, planned in plan.contracts.items()
    }
    _check_records(told, plan, backend)


def _check_records(told: dict[str, Any], plan: Plan, backend: Any) -> None:
    factory, step = told["contracts"]["factory"], told["steps"][4]
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
    usdc = told["contracts"]["USDC"]["token"]
    assert usdc == {"name": "USD Coin (test)", "symbol": "USDC", "decimals": 6}
    assert told["contracts"]["main"]["pool"] == {
        "pair": "WETH/USDC",
        "fee_bps": 30,
        "venue": "exchange",
        "router": "router",
    }


def test_arguments_are_written_so_that_every_json_reader_keeps_them(tmp_path: Path) -> None:
    told = json.loads(applied(embedded(), tmp_path).path.read_text())
    supply = 1_000_000_000 * 10**18
    assert told["contracts"]["DAI"]["arguments"] == ["Dai (test)", "DAI", "18", str(supply)]


def refused(ground: Ground) -> Plan:
    """A plan whose second step no factory accepts."""
    draft = Draft("refused", ground)
    draft.create("weth", shipped("weth"))
    draft.create("factory", shipped("factory"), draft.deployer, 1_001, draft.deployer, bytes(32))
    draft.create("never", shipped("weth"))
    return draft.finish()


def test_a_step_that_reverts_stops_the_plan_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(Reverted, match="factory: fee too high"):
        applied(embedded(), tmp_path, Recipe("refused", "", refused))
    manifest = read_manifest(tmp_path / "1337" / "refused.json")
    assert manifest is not None
    assert [step.name for step in manifest.steps] == ["weth"]


def test_a_folder_that_cannot_be_written_stops_before_the_first_transaction(
    tmp_path: Path,
) -> None:
    ledger = embedded()
    (tmp_path / "1337" / f"exchange.{os.getpid()}.part").mkdir(parents=True)
    with pytest.raises(DeploymentError, match="cannot be written"):
        applied(ledger, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(DeploymentError, match="cannot be written"):
        applied(ledger, tmp_path / "file")
    assert ledger.nonce(DEPLOYER.address) == 0


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": 1}', "\x00"])
def test_a_file_that_is_no_manifest_is_not_overwritten(tmp_path: Path, text: str) -> None:
    path = tmp_path / "1337" / "exchange.json"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(DeploymentError, match="not a manifest"):
        applied(embedded(), tmp_path)
    assert path.read_text() == text


# --- audits -----------------------------------------------------------------------------------


def test_an_audit_tells_every_difference(tmp_path: Path) -> None:
    ledger = embedded()
    manifest = applied(ledger, tmp_path).manifest
    assert [each for each in audit(manifest, ledger) if each.problem] == []
    assert len(audit(manifest, ledger)) == STEPS + len(CONTRACTS)
    chain = ledger.chain
    chain.engine.set_code(manifest.contracts["router"].address, b"\x00")
    chain.engine.set_code(manifest.contracts["DAI"].address, b"")
    moved = replace(manifest.steps[1], block_number=99)
    gone = replace(manifest.steps[0], tx_hash="0x" + "00" * 32)
    changed = replace(manifest, complete=False, steps=(gone, moved, *manifest.steps[2:]))
    problems = {each.name: each.problem for each in audit(changed, ledger) if each.problem}
    assert problems == {
        "DAI": "there is no code",
        "router": "other code stands there (1 bytes)",
        "WETH": "no block holds its transaction",
        "USDC": "its transaction stands in block 2 now",
        "exchange": f"the deployment stopped after {manifest.steps[-1].name!r}; --apply goes on",
    }


# --- nodes that nobody here wrote --------------------------------------------------------------


@pytest.fixture(scope="module", params=[anvil, hardhat], ids=["anvil", "hardhat"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a node of these tests' own."""
    with request.param.running() as url:
        yield url


def test_a_node_tells_the_same_of_every_step_as_an_engine(url: str) -> None:
    node, ledger = Node.connect(url, signers=[DEPLOYER]), embedded()
    mark = node.snapshot()
    node.set_balance(DEPLOYER, FUNDS)
    assert node.balance(DEPLOYER) == FUNDS
    steps = plan_of().steps
    for here, there in zip(perform(steps, node), perform(steps, ledger), strict=True):
        for part in ("status", "gas_used", "logs", "contract_address"):
            assert getattr(here.receipt, part) == getattr(there.receipt, part), here.step.name
    node.restore(mark)
    assert node.nonce(DEPLOYER) == 0
    with pytest.raises(EngineError, match="does not know the snapshot"):
        node.restore(mark)


def test_a_node_refuses_in_the_words_of_an_engine(url: str) -> None:
    node = Node.connect(url, signers=[DEPLOYER])
    node.set_balance(DEPLOYER, FUNDS)
    address = node.send(
        creation(shipped("token"), DEPLOYER, "Base", "BASE", 18, 5)
    ).contract_address
    assert address is not None
    transfer = Erc20(address, symbol="BASE").transfer(DEPLOYER, to=OTHER, amount=6)
    with pytest.raises(Reverted, match="token: insufficient balance"):
        node.send(transfer)
    with pytest.raises(Reverted, match="out of gas") as caught:
        node.send(replace(transfer, gas_limit=21_700))
    assert caught.value.receipt is not None
    assert caught.value.receipt.halt == "out of gas"
    with pytest.raises(TransactionRejected, match="gas"):
        node.send(replace(transfer, gas_limit=20_000))
    with pytest.raises(TransactionRejected, match="next is"):  # a node would keep it for later
        node.send(replace(transfer, nonce=node.nonce(DEPLOYER) + 1))


def test_a_creation_that_fails_on_a_node_created_nothing(url: str) -> None:
    node = Node.connect(url)
    deployer = node.accounts()[0]
    tx = creation(shipped("factory"), deployer, deployer, 1_001, deployer, bytes(32))
    with pytest.raises(Reverted, match="factory: fee too high") as caught:
        node.send(tx)
    assert caught.value.receipt is not None
    assert caught.value.receipt.contract_address is None


# --- what was mined, by nonce -------------------------------------------------------------------


def test_the_transaction_of_a_nonce_is_found_wherever_it_was_mined(
    new_backend: Callable[[], Any],
) -> None:
    ledger = new_backend()
    token = ledger.send(creation(shipped("token"), DEPLOYER, "A", "A", 18, 100)).contract_address
    sent = [
        ledger.send(Erc20(token, symbol="A").transfer(DEPLOYER, to=OTHER, amount=n))
        for n in range(1, 8)
    ]
    contract = Contract(shipped("token").interface, token)
    for nonce, receipt in enumerate(sent, start=1):
        for since in (0, receipt.block_number - 1):
            found = ledger.mined_as(DEPLOYER.address, nonce, since=since)
            assert found is not None
            assert found.tx_hash == receipt.tx_hash
            assert found.transaction.data == contract.write.transfer(DEPLOYER, OTHER, nonce).data
    assert ledger.mined_as(DEPLOYER.address, 8, since=0) is None
    assert ledger.mined(b"\x01" * 32) is None

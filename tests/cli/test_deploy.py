"""`dexsim deploy`, as its users type it: on eth-tester, and on anvil by a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dexsim.chain.node import Node
from dexsim.chain.types import Transaction
from dexsim.market.deploying.estimate import rehearse
from dexsim.market.deploying.manifest import read_manifest
from dexsim.market.erc20 import Erc20
from tests.anvil import running
from tests.cli.conftest import Ended
from tests.deploying.setting import DEPLOYER, EXCHANGE, FUNDS, STEPS, Breaking, plan_of

URL = "http://127.0.0.1:8545"
Command = Callable[..., Ended]


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Node:
    """An eth-tester that stands behind every URL."""
    standing = Node.eth_tester()
    monkeypatch.setattr(Node, "connect", classmethod(lambda cls, url: standing))
    return standing


# --- nothing is sent ------------------------------------------------------------------------


def test_without_a_node_it_is_a_dry_run(dexsim: Command, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    told = dexsim("deploy", "exchange", "--from", DEPLOYER.address).out
    assert "nothing was sent" in told
    gas = rehearse(EXCHANGE, DEPLOYER.address)
    for step in plan_of().steps:
        line = next(line for line in told.splitlines() if line.startswith(step.name + "  "))
        assert line.rstrip().endswith(f"{gas[step.name]:,}")
        assert step.creates is None or step.creates.address in line
    assert "chain id   1337" in told
    assert set(tmp_path.iterdir()) == before


def test_without_apply_nothing_is_sent(dexsim: Command, node: Node, tmp_path: Path) -> None:
    deployer = node.accounts()[0]
    told = dexsim("deploy", "exchange", "--rpc", URL, "--dir", str(tmp_path / "d")).out
    assert "Nothing was sent" in told
    for part in ("gas", "cost", "balance", "nonce      0", deployer, str(node.chain_id)):
        assert part in told
    assert (node.nonce(deployer), node.number) == (0, 0)
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 2, "name a plan: exchange"),
        (["exchang"], 2, "did you mean exchange"),
        (["mine.toml"], 2, "mine.toml: there is no such file"),
        (["exchange", "--apply"], 2, "needs a node to send to (--rpc URL)"),
        (["exchange", "--rpc", "localhost"], 2, "http://"),
        (
            ["exchange", "--rpc", "http://127.0.0.1:1"],
            1,
            "no node answers at http://127.0.0.1:1 (conn",
        ),
        (["exchange", "--rpc", "http://127.0.0.1:1"], 1, "`dexsim node --port 1`"),
        (["exchange", "--from", "0x12"], 2, "not an address"),
        (["--check"], 2, "--rpc URL"),
        (["--check", "--apply", "--rpc", URL], 2, "--check: only looks"),
        (["exchange", "--password-file", "x"], 2, "is for a --keystore"),
        (["exchange", "--keystore", "x", "--key-env", "X"], 2, "not both"),
    ],
)
def test_bad_input_is_told(
    dexsim: Command, arguments: list[str], code: int, told: str, tmp_path: Path
) -> None:
    before = set(tmp_path.iterdir())
    ended = dexsim("deploy", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert set(tmp_path.iterdir()) == before


# --- sending --------------------------------------------------------------------------------


def test_apply_sends_and_a_second_apply_does_not(
    dexsim: Command, node: Node, tmp_path: Path
) -> None:
    arguments = ("deploy", "exchange", "--rpc", URL, "--dir", str(tmp_path), "--apply")
    first = dexsim(*arguments).out
    assert f"{STEPS} transactions sent" in first
    path = tmp_path / str(node.chain_id) / "exchange.json"
    contracts = json.loads(path.read_text())["contracts"]
    for again in (arguments, arguments[:-1]):
        told = dexsim(*again).out
        assert "nothing was sent" in told
        for name, one in contracts.items():
            for text in (first, told):
                assert any(
                    line.startswith(name) and one["address"] in line for line in text.splitlines()
                )
    assert node.nonce(node.accounts()[0]) == STEPS


def test_from_chooses_the_account(dexsim: Command, node: Node, tmp_path: Path) -> None:
    third = node.accounts()[2]
    arguments = ("--rpc", URL, "--dir", str(tmp_path), "--apply", "--from", third.lower())
    assert dexsim("deploy", "tokens", *arguments).code == 0
    assert (node.nonce(third), node.nonce(node.accounts()[0])) == (3, 0)


def test_a_plan_of_ones_own_starts_from_a_printed_one(
    dexsim: Command, node: Node, tmp_path: Path
) -> None:
    text = dexsim("show", "exchange").out
    assert text == dexsim("show", "--plan", "exchange").out
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace("fee_bps = 30", "fee_bps = 5") + "[tokens.EURC]\ndecimals = 6\n")
    ended = dexsim("deploy", str(mine), "--rpc", URL, "--dir", str(tmp_path), "--apply")
    assert f"{STEPS + 1} transactions sent" in ended.out
    manifest = read_manifest(tmp_path / str(node.chain_id) / "mine.json")
    assert manifest is not None
    assert manifest.contracts["main"].pool is not None
    assert manifest.contracts["main"].pool.fee_bps == 5
    assert "EURC" in manifest.contracts


def test_scenarios_are_printed_before_plans_of_the_same_name(dexsim: Command) -> None:
    assert "[agents." in dexsim("show", "incentives").out
    assert "[gauges.gauge]" in dexsim("show", "--plan", "incentives").out
    assert "did you mean exchange" in dexsim("show", "--plan", "exchang").err


def test_an_account_that_the_node_does_not_hold_is_refused(dexsim: Command, node: Node) -> None:
    ended = dexsim("deploy", "exchange", "--rpc", URL, "--from", DEPLOYER.address, "--apply")
    assert ended.code == 2
    assert "does not hold the key" in ended.err
    assert "--keystore" in ended.err
    assert node.accounts()[0] in ended.err


def test_a_node_without_accounts_is_told(
    dexsim: Command, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node, "accounts", lambda: ())
    assert "no unlocked account" in dexsim("deploy", "exchange", "--rpc", URL).err


@pytest.mark.parametrize(("chain_id", "code"), [(1, 1), (4242, 2)])
def test_the_chain_is_checked_before_anything_is_sent(
    dexsim: Command, node: Node, chain_id: int, code: int, tmp_path: Path
) -> None:
    node.chain_id = chain_id
    arguments = ("deploy", "tokens", "--rpc", URL, "--apply", "--dir", str(tmp_path))
    assert dexsim(*arguments).code == code
    assert node.number == 0
    said = ("--chain-id", str(chain_id), "--i-know-this-is-a-public-chain")
    assert dexsim(*arguments, *said).code == 0
    assert (tmp_path / str(chain_id) / "tokens.json").is_file()


def test_too_little_money_stops_before_the_first_transaction(
    dexsim: Command, node: Node, tmp_path: Path
) -> None:
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
    folder = tmp_path / "d"
    ended = dexsim(
        *("deploy", "exchange", "--rpc", URL, "--apply", "--from", poor, "--dir", str(folder))
    )
    assert ended.code == 1
    assert "has 0.001000 of native money" in ended.err
    assert node.nonce(poor) == 1
    assert not folder.exists()


def test_check_tells_what_differs_and_fails(dexsim: Command, node: Node, tmp_path: Path) -> None:
    at = ("--rpc", URL, "--dir", str(tmp_path))
    assert "nothing is recorded" in dexsim("deploy", "--check", *at).err
    dexsim("deploy", "tokens", *at, "--apply")
    ended = dexsim("deploy", "--check", *at)
    assert (ended.code, ended.err) == (0, "")
    assert "6 of 6 contracts and transactions are as recorded" in ended.out
    path = tmp_path / str(node.chain_id) / "tokens.json"
    manifest = json.loads(path.read_text())
    manifest["contracts"]["DAI"]["code_hash"] = "0x00"
    path.write_text(json.dumps(manifest))
    ended = dexsim("deploy", "--check", "tokens", *at)
    assert ended.code == 1
    assert "DAI" in ended.out
    assert "other code stands there" in ended.out
    assert "differ in 1 place" in ended.err
    assert "exchange is not recorded" in dexsim("deploy", "--check", "exchange", *at).err


def test_an_interruption_is_told_with_what_goes_on(
    dexsim: Command, node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking = Breaking(node, after=2)
    monkeypatch.setattr(Node, "connect", classmethod(lambda cls, url: breaking))
    arguments = ("deploy", "tokens", "--rpc", URL, "--dir", str(tmp_path), "--apply")
    path = tmp_path / str(node.chain_id) / "tokens.json"
    ended = dexsim(*arguments)
    assert ended.code == 1
    assert f"What was done stands in {path}: --apply goes on from there" in ended.err
    assert "error: the connection broke" in ended.err
    monkeypatch.setattr(Node, "connect", classmethod(lambda cls, url: node))
    ended = dexsim(*arguments)
    assert "2 steps stand already; 1 are left" in ended.out
    assert "interrupted while it sent 'DAI'" in ended.out
    assert "1 transactions sent" in ended.out


def test_accounts_are_given_tokens_once(dexsim: Command, node: Node, tmp_path: Path) -> None:
    lucky, other = node.accounts()[1:3]
    arguments = ("deploy", "tokens", "--rpc", URL, "--dir", str(tmp_path))
    told = dexsim(*arguments, "--fund", lucky).out
    assert f"--apply gives tokens to {lucky} as well" in told
    assert node.number == 0
    for _ in range(2):
        ended = dexsim(*arguments, "--apply", "--fund", lucky.lower(), "--fund", other)
        assert ended.code == 0
        manifest = read_manifest(tmp_path / str(node.chain_id) / "tokens.json")
        assert manifest is not None
        for symbol, amount in (("WETH", 10**19), ("USDC", 10**10), ("DAI", 10**22)):
            at = manifest.contracts[symbol].address
            token = Erc20(at, node, symbol=symbol)
            assert [token.balance(who) for who in (lucky, other)] == [amount, amount]
    assert f"{lucky} has some of every token already" in ended.out


def test_fresh_after_a_restart_puts_the_record_away(
    dexsim: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    at = ("deploy", "tokens", "--rpc", URL, "--dir", str(tmp_path))
    for turn in range(2):
        chain = Node.eth_tester()
        monkeypatch.setattr(Node, "connect", classmethod(lambda cls, url, chain=chain: chain))
        if turn:
            ended = dexsim(*at, "--apply")
            assert ended.code == 1
            assert "was restarted" in ended.err
            assert "--fresh" in ended.err
            assert chain.number == 0
            looked = dexsim(*at[:1], "--check", *at[2:])
            assert (looked.code, looked.out.count("\n")) == (1, 1)
            assert "nothing of it stands there any more" in looked.out
            assert "is put away before anything is sent" in dexsim(*at, "--fresh").out
            assert chain.number == 0
        ended = dexsim(*at, "--apply", "--fresh")
        assert "3 transactions sent" in ended.out
    assert [path.name for path in (tmp_path / str(chain.chain_id) / "archive").iterdir()] == [
        "tokens-1.json"
    ]


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


# --- anvil, by processes that are killed ---------------------------------------------------------


@pytest.fixture
def anvil() -> Iterator[str]:
    """URL of an anvil of the test's own."""
    with running() as url:
        yield url


def deploying(url: str, folder: Path, *more: str) -> subprocess.Popen[str]:
    """`dexsim deploy exchange --apply` in a process of its own."""
    command = [sys.executable, "-m", "dexsim", "deploy", "exchange", "--rpc", url, "--apply"]
    return subprocess.Popen(
        [*command, "--dir", str(folder), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_process_that_is_killed_again_and_again_deploys_everything_once(
    anvil: str, tmp_path: Path, dexsim: Command
) -> None:
    node = Node.connect(anvil)
    deployer = node.accounts()[0]
    kills = 0
    for goal in range(1, STEPS - 4, 3):
        with deploying(anvil, tmp_path) as process:
            while process.poll() is None and node.nonce(deployer) < goal:
                time.sleep(0.002)
            kills += process.poll() is None
            process.send_signal(signal.SIGKILL)
    assert kills >= 3
    assert node.nonce(deployer) < STEPS
    ended = dexsim("deploy", "exchange", "--rpc", anvil, "--apply", "--dir", str(tmp_path))
    assert ended.code == 0
    assert "steps stand already" in ended.out
    assert node.nonce(deployer) == STEPS
    assert dexsim("deploy", "--check", "--rpc", anvil, "--dir", str(tmp_path)).code == 0
    assert (
        "nothing was sent"
        in dexsim(*("deploy", "exchange", "--rpc", anvil, "--apply", "--dir", str(tmp_path))).out
    )


def test_two_processes_at_once_deploy_everything_once(anvil: str, tmp_path: Path) -> None:
    both = [deploying(anvil, tmp_path) for _ in range(2)]
    told = [process.communicate()[0] for process in both]
    node = Node.connect(anvil)
    assert node.nonce(node.accounts()[0]) == STEPS, told
    assert sorted(process.returncode for process in both) in ([0, 0], [0, 1])


def test_a_chain_that_forgot_everything_is_recognised(
    anvil: str, tmp_path: Path, dexsim: Command
) -> None:
    arguments = ("deploy", "exchange", "--rpc", anvil, "--dir", str(tmp_path), "--apply")
    assert f"{STEPS} transactions sent" in dexsim(*arguments).out
    node = Node.connect(anvil)
    node._request("anvil_reset", [])
    ended = dexsim(*arguments)
    assert ended.code == 1
    assert "chain 31337 was restarted since exchange was deployed" in ended.err
    assert f"{STEPS} transactions sent" in dexsim(*arguments, "--fresh").out


# --- keys ------------------------------------------------------------------------------------


SECRET = DEPLOYER.key.hex()
PASSWORD = "correct horse"


@pytest.fixture
def keystore(tmp_path: Path) -> Path:
    """The deployer's key, encrypted; few rounds, so that the tests are fast."""
    from eth_account import Account

    file = tmp_path / "keystore.json"
    file.write_text(json.dumps(Account.encrypt(DEPLOYER.key, PASSWORD, kdf="pbkdf2", iterations=2)))
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    return file


@pytest.mark.parametrize("way", ["--keystore", "--key-env"])
@pytest.mark.parametrize("debug", ["", "1"])
def test_a_key_signs_and_stands_nowhere(
    *,
    anvil: str,
    tmp_path: Path,
    dexsim: Command,
    keystore: Path,
    way: str,
    debug: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(0)
    monkeypatch.setenv("DEXSIM_DEBUG", debug)
    monkeypatch.setenv("MY_KEY", f"0x{SECRET}")
    keys = {
        "--keystore": ["--keystore", str(keystore), "--password-file", str(tmp_path / "password")],
        "--key-env": ["--key-env", "MY_KEY"],
    }[way]
    arguments = ("deploy", "tokens", "--rpc", anvil, "--dir", str(tmp_path / "d"), *keys)
    node = Node.connect(anvil)
    poor = dexsim(*arguments, "--apply")
    assert poor.code == 1
    assert f"{DEPLOYER.address} has 0.000000" in poor.err
    node.set_balance(DEPLOYER, FUNDS)
    ended = [poor, dexsim(*arguments), dexsim(*arguments, "--apply")]
    assert "3 transactions sent" in ended[-1].out
    assert node.nonce(DEPLOYER) == 3
    node._request("anvil_reset", [])
    ended.append(dexsim(*arguments, "--apply"))
    ended.append(dexsim(*arguments, "--apply", "--from", node.accounts()[0]))
    assert [each.code for each in ended] == [1, 0, 0, 1, 2]
    written = "".join(path.read_text() for path in (tmp_path / "d").rglob("*.json"))
    everything = "".join(each.out + each.err for each in ended) + written + caplog.text
    for hidden in (SECRET, SECRET.upper(), str(int(SECRET, 16)), PASSWORD, repr(DEPLOYER.key)):
        assert hidden not in everything


@pytest.mark.parametrize(
    "arguments",
    [
        ["exchange", "--key-env", SECRET],
        ["exchange", "--key-env", f"0x{SECRET}"],
        ["exchange", "--from", f"0x{SECRET}"],
        ["exchange", "--from", SECRET],
        ["exchange", SECRET],
        [f"0x{SECRET}"],
        ["exchange", "--keystore", SECRET],
        ["exchange", "--private-key", SECRET],
        ["exchange", f"--private-key=0x{SECRET}"],
        ["exchange", "--rpc", SECRET],
        ["exchange", "--chain-id", SECRET],
    ],
)
@pytest.mark.parametrize("debug", ["", "1"])
def test_a_key_in_the_wrong_place_is_not_repeated(
    dexsim: Command, arguments: list[str], debug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEXSIM_DEBUG", debug)
    ended = dexsim("deploy", *arguments)
    assert ended.code == 2
    assert SECRET not in ended.out + ended.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no environment variable MY_KEY"),
        ("12", "64 hexadecimal digits"),
        ("00" * 32, "no number of the curve"),
        ("ff" * 32, "no number of the curve"),
    ],
)
def test_a_variable_without_a_key_is_told(
    dexsim: Command, text: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", text)
    ended = dexsim("deploy", "tokens", "--key-env", "MY_KEY")
    assert ended.code == 2
    assert told in ended.err


def test_a_keystore_that_cannot_be_opened_is_told(
    dexsim: Command, keystore: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("battery staple\n")
    arguments = ("deploy", "tokens", "--password-file", str(wrong), "--keystore")
    assert "the password is wrong" in dexsim(*arguments, str(keystore)).err
    assert "cannot be read" in dexsim(*arguments, str(tmp_path / "none")).err
    for text, told in (("{", "not JSON"), ("[]", "no part 'crypto'"), ('{"crypto": 1}', "opened")):
        (tmp_path / "odd").write_text(text)
        ended = dexsim(*arguments, str(tmp_path / "odd"))
        assert ended.code == 2
        assert told in ended.err
    gone = dexsim(*arguments, str(keystore), "--password-file", str(tmp_path / "gone"))
    assert "gone: cannot be read" in gone.err


def test_the_password_is_asked_for_and_not_shown(keystore: Path) -> None:
    command = [sys.executable, "-m", "dexsim", "deploy", "tokens", "--keystore", str(keystore)]
    ended = subprocess.run(
        command, input=f"{PASSWORD}\n", capture_output=True, text=True, check=True
    )
    assert DEPLOYER.address in ended.stdout
    assert f"password of {keystore}" in ended.stderr
    assert PASSWORD not in ended.stdout + ended.stderr
    assert os.fspath(keystore) not in ended.stdout

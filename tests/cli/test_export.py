"""`dexsim export`: what other tools read of a deployment, held against the deployment."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_hash.auto import keccak

from dexsim.artifacts.library import shipped
from dexsim.market.deploying.apply import Applied
from dexsim.market.deploying.plan import Ground
from dexsim.market.deploying.reading import recipe
from tests.cli.conftest import Ended
from tests.cli.test_compile import compiled_again
from tests.deploying.setting import DEPLOYER, INCENTIVES, applied, embedded, plan_of

Command = Callable[..., Ended]
LIST_NAME = r"[\w ]{1,30}"  # by the schema of tokenlists.org, as all that lists are held to here
MINE = "# pragma version ~=0.4.3\nexported: public(uint256)\n"


@pytest.fixture
def deployed(here: Path) -> Applied:
    """The incentives in the working directory's folder of manifests."""
    return applied(embedded(), here / "deployments", INCENTIVES)


def read_typescript(path: Path) -> dict[str, Any]:
    """The constants of a TypeScript file, each a JSON value `as const`."""
    found = re.findall(r"^export const (\w+) = (.*?) as const;$", path.read_text(), re.M | re.S)
    return {name: json.loads(value) for name, value in found}


def test_addresses_and_abis_are_constants(
    dexsim: Command, deployed: Applied, tmp_path: Path
) -> None:
    ended = dexsim("export", "incentives", "--out", "out")
    assert (ended.code, ended.err) == (0, "")
    told = read_typescript(tmp_path / "out" / "addresses.ts")
    contracts = deployed.manifest.contracts
    assert told["chainId"] == 1337
    assert told["addresses"] == {name: one.address for name, one in contracts.items()}
    assert told["tokens"]["USDC"]["decimals"] == 6
    assert told["pools"]["main"] == {
        "address": contracts["main"].address,
        "pair": "WETH/USDC",
        "feeBps": 30,
        "router": contracts["router"].address,
    }
    assert set(told["abis"]) == {one.artifact for one in contracts.values()}
    assert told["abis"]["router"] == list(shipped("router").abi)
    assert told["artifacts"] == {name: one.artifact for name, one in contracts.items()}


@pytest.mark.skipif(not shutil.which("node"), reason="node is not on the PATH")
def test_the_constants_are_a_module_once_their_types_are_taken_away(
    dexsim: Command, deployed: Applied, tmp_path: Path
) -> None:
    dexsim("export", "incentives", "--out", "out")
    text = (tmp_path / "out" / "addresses.ts").read_text().replace(" as const;", ";")
    (tmp_path / "addresses.mjs").write_text(text + "console.log(addresses.router);\n")
    node = subprocess.run(
        ["node", str(tmp_path / "addresses.mjs")], check=True, capture_output=True, text=True
    )
    assert node.stdout.strip() == deployed.manifest.contracts["router"].address


def test_the_token_list_is_one(dexsim: Command, deployed: Applied, tmp_path: Path) -> None:
    dexsim("export", str(deployed.path), "--out", "out")
    told = json.loads((tmp_path / "out" / "tokenlist.json").read_text())
    assert set(told) == {"name", "timestamp", "version", "tokens"}
    assert re.fullmatch(LIST_NAME, told["name"], re.ASCII)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", told["timestamp"])
    assert [each["symbol"] for each in told["tokens"]] == ["WETH", "USDC", "DAI", "DEX"]
    for each in told["tokens"]:
        assert each == {
            "chainId": 1337,
            "address": deployed.manifest.contracts[each["symbol"]].address,
            "name": each["name"],
            "symbol": each["symbol"],
            "decimals": 6 if each["symbol"] == "USDC" else 18,
        }
        assert 0 < len(each["name"]) <= 40


def test_verification_input_makes_the_creation_transaction(
    dexsim: Command, deployed: Applied, tmp_path: Path
) -> None:
    dexsim("export", "incentives", "--out", "out")
    folder = tmp_path / "out" / "verification"
    steps = {step.name: step.transaction for step in plan_of(INCENTIVES).steps}
    names = [name for name, one in deployed.manifest.contracts.items() if one.form == "contract"]
    assert sorted(path.stem for path in folder.iterdir()) == sorted(names)
    compiled: dict[str, str] = {}
    for name in names:
        told = json.loads((folder / f"{name}.json").read_text())
        artifact = deployed.manifest.contracts[name].artifact
        assert told["contract"] == f"{artifact}.vy:{artifact}"
        if artifact not in compiled:
            compiled[artifact] = compiled_again(told["standardInput"], artifact)
        made = compiled[artifact] + told["constructorArguments"][2:]
        if steps[name].to is None:
            assert made == f"0x{steps[name].data.hex()}", name
        else:  # a factory creates it, of whose init code it was told the hash
            known = deployed.manifest.contracts["factory"].arguments[-1]
            assert "0x" + keccak(bytes.fromhex(made[2:])).hex() == known


def own(here: Path, plan: str, *, name: str = "mine", **sources: str) -> Applied:
    """A plan of one's own in the working directory, deployed."""
    for stem, text in sources.items():
        (here / f"{stem}.vy").write_text(text)
    (here / f"{name}.toml").write_text(plan)
    return applied(embedded(), here / "deployments", recipe(str(here / f"{name}.toml")))


def test_arguments_of_every_kind_are_encoded_as_they_were_sent(dexsim: Command, here: Path) -> None:
    source = """
struct Part:
    to: address
    share: uint256
    mark: bytes2

@deploy
def __init__(
    parts: DynArray[Part, 3], on: bool, data: Bytes[9], low: int8, names: DynArray[String[4], 2]
):
    pass
"""
    owner = DEPLOYER.address
    sent = f'[[["{owner}", 5, "0x1234"]], true, "0xabcd", -3, ["a", "b"]]'
    plan = f'[contracts.kinds]\ncontract = "kinds.vy"\narguments = {sent}\n'
    own(here, plan, kinds=source)
    dexsim("export", "mine", "--out", "out")
    told = json.loads((here / "out" / "verification" / "kinds.json").read_text())
    ground = Ground(deployer=owner, nonce=0, time=0)
    (step,) = recipe(str(here / "mine.toml")).build(ground).steps
    made = compiled_again(told["standardInput"], "kinds") + told["constructorArguments"][2:]
    assert made == f"0x{step.transaction.data.hex()}"


def test_two_artifacts_of_the_same_name_keep_their_abis(dexsim: Command, here: Path) -> None:
    own(
        here,
        '[contracts.vault]\ncontract = "token.vy"\n'
        '[contracts.coin]\ncontract = "token"\narguments = ["A", "A", 6, 1]\n'
        '[contracts.second]\ncontract = "token.vy"\n',
        token=MINE,
    )
    dexsim("export", "mine", "--out", "out")
    told = read_typescript(here / "out" / "addresses.ts")
    assert told["abis"][told["artifacts"]["coin"]] == list(shipped("token").abi)
    for name in ("vault", "second"):
        assert [each["name"] for each in told["abis"][told["artifacts"][name]]] == ["exported"]


def test_a_token_list_has_only_what_wallets_take(dexsim: Command, here: Path) -> None:
    symbol = "A-SYMBOL-OF-21-SIGNS."
    own(here, f'[tokens.OK]\n[tokens."{symbol}"]\n', name="my-own.plan-of-a-longer-name")
    ended = dexsim("export", "my-own.plan-of-a-longer-name", "--out", "out")
    assert f"not in tokenlist.json: {symbol}" in ended.out
    told = json.loads((here / "out" / "tokenlist.json").read_text())
    assert re.fullmatch(LIST_NAME, told["name"], re.ASCII)
    assert [each["symbol"] for each in told["tokens"]] == ["OK"]


def test_without_tokens_there_is_no_token_list(dexsim: Command, here: Path) -> None:
    own(here, '[contracts.vault]\ncontract = "multicall3"\n')
    ended = dexsim("export", "mine", "--out", "out")
    assert ended.out == "written: out: addresses.ts, verification/\n"
    assert not (here / "out" / "tokenlist.json").exists()


def test_somebody_elses_addresses_are_not_taken_for_an_export(
    dexsim: Command, deployed: Applied, here: Path
) -> None:
    (here / "src").mkdir()
    for name in ("addresses.ts", "App.tsx"):
        (here / "src" / name).write_text("by hand")
    ended = dexsim("export", "incentives", "--out", "src")
    assert ended.code == 2
    assert "--force" in ended.err
    assert {path.read_text() for path in (here / "src").iterdir()} == {"by hand"}
    assert len(list((here / "src").iterdir())) == 2


def test_sources_that_are_gone_are_told(dexsim: Command, here: Path) -> None:
    own(here, '[contracts.vault]\ncontract = "mine.vy"\n', mine=MINE)
    assert "to verify" not in dexsim("export", "mine", "--out", "out").out
    assert (here / "out" / "verification" / "vault.json").is_file()
    (here / "mine.vy").write_text(MINE.replace("exported:", "changed:"))
    assert "nor input to verify vault" in dexsim("export", "mine", "--out", "out").out
    assert not (here / "out" / "verification").exists()


def test_what_cannot_be_exported_is_told(dexsim: Command, deployed: Applied, here: Path) -> None:
    def told(*arguments: str, code: int) -> str:
        ended = dexsim("export", *arguments, "--out", "out")
        assert ended.code == code
        assert not (here / "out").exists()
        return ended.err

    assert "exchange is not recorded for chain 1337" in told("exchange", code=1)
    assert "there are: incentives" in told("exchange", code=1)
    assert "no such manifest" in told("gone.json", code=2)
    assert "no manifest in elsewhere" in told("incentives", "--dir", "elsewhere", code=2)
    (here / "deployments" / "31337").mkdir()
    assert "several chains" in told("incentives", code=2)
    assert "for chain 31337" in told("incentives", "--chain-id", "31337", code=1)
    text = deployed.path.read_text().replace('"complete": true', '"complete": false')
    deployed.path.write_text(text)
    assert "not deployed completely" in told("incentives", "--chain-id", "1337", code=1)
    deployed.path.write_text(text.replace("false", "true").replace('"router": {', '"../up": {'))
    assert "'../up' is no name" in told("incentives", "--chain-id", "1337", code=1)


def test_the_export_of_the_same_deployment_is_the_same(
    dexsim: Command, deployed: Applied, here: Path
) -> None:
    for out in ("one", "two"):
        dexsim("export", "incentives", "--out", out)
    files = sorted(path.relative_to(here / "one") for path in (here / "one").rglob("*.*"))
    assert len(files) > 10
    for file in files:
        assert (here / "one" / file).read_bytes() == (here / "two" / file).read_bytes()
    assert DEPLOYER.address in (here / "one" / "addresses.ts").read_text()

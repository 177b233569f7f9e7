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

from dexsim.artifacts.library import shipped
from dexsim.market.deploying.apply import Applied
from dexsim.market.deploying.reading import recipe
from tests.cli.conftest import Ended
from tests.cli.test_compile import compiled_again
from tests.deploying.setting import DEPLOYER, INCENTIVES, applied, embedded, plan_of

Command = Callable[..., Ended]


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
    assert re.fullmatch(r"[ \w.\'+\-%/À-ÖØ-öø-ÿ:&\[\]()]{1,30}", told["name"])
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
        if steps[name].to is not None:
            continue  # a factory creates it
        if artifact not in compiled:
            compiled[artifact] = compiled_again(told["standardInput"], artifact)
        made = compiled[artifact] + told["constructorArguments"][2:]
        assert made == f"0x{steps[name].data.hex()}", name


def test_sources_that_are_gone_are_told(dexsim: Command, here: Path) -> None:
    (here / "mine.vy").write_text("# pragma version ~=0.4.3\nx: public(uint256)\n")
    (here / "mine.toml").write_text('[contracts.vault]\ncontract = "mine.vy"\n')
    applied(embedded(), here / "deployments", recipe(str(here / "mine.toml")))
    assert "no input to verify" not in dexsim("export", "mine", "--out", "out").out
    assert (here / "out" / "verification" / "vault.json").is_file()
    (here / "mine.vy").write_text("# pragma version ~=0.4.3\ny: public(uint256)\n")
    assert "no input to verify vault" in dexsim("export", "mine", "--out", "out").out
    assert not (here / "out" / "verification" / "vault.json").exists()


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

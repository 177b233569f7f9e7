"""A market's contract and adapter in files: read, written, changed, carried along, and refused."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dexsim.agents import Setup, View
from dexsim.artifacts.library import load as load_contract
from dexsim.artifacts.library import sources_folder
from dexsim.chain.accounts import Account
from dexsim.cli import main
from dexsim.errors import ScenarioError
from dexsim.market.world import Market, Venue
from dexsim.results.run import Run
from dexsim.results.verify import verify
from dexsim.scenario.inputs import pack
from dexsim.scenario.reading import load, loads
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.schema import json_schema
from dexsim.scenario.settings import apply, parse_setting
from dexsim.scenario.writing import dumps, to_spec
from tests.scenarios import small
from tests.scenarios.nasty import Scripted
from tests.scenarios.own_pools import worlds

TOML = """\
schema = 1
blocks = 4
[world.tokens]
WETH = { kind = "weth" }
USDC = { decimals = 6 }
[world.venues.exchange]
[world.markets.main]
venue = "exchange"
pair = "WETH/USDC"
base_reserve = "1000"
quote_reserve = "2000000"
contract = "pools/dynamic.vy"
adapter = "./adapters.py:Dynamic"
[agents.retail]
kind = "trader"
trades_per_block = "1"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A scenario with its pool below it and its adapter beside it."""
    home = tmp_path / "home"
    (home / "pools").mkdir(parents=True)
    for name in ("dynamic.vy", "vault.vy"):
        shutil.copy(worlds.HERE / name, home / "pools" / name)
    shutil.copy(worlds.HERE / "adapters.py", home / "adapters.py")
    (home / "mine.toml").write_text(TOML)
    return home / "mine.toml"


def _load(file: Path) -> Scenario:
    scenario = load(file)
    assert isinstance(scenario, Scenario)
    return scenario


def _refused(file: Path, old: str, new: str) -> ScenarioError:
    file.write_text(TOML.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        run(load(file))
    return caught.value


# --- read and written ---------------------------------------------------------------------


def test_paths_are_relative_to_the_file(file: Path) -> None:
    market = _load(file).world.markets["main"]
    assert market.contract == str(file.parent / "pools" / "dynamic.vy")
    assert market.adapter.__name__ == "Dynamic"


def test_what_is_written_reads_back(file: Path) -> None:
    scenario = _load(file)
    text = dumps(scenario)
    assert f'adapter = "{file.parent / "adapters.py"}:Dynamic"' in text
    assert loads(text) == scenario
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_a_python_market_is_the_same_value(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    fields: dict[str, Any] = {
        "venue": "exchange",
        "pair": "WETH/USDC",
        "base_reserve": "1000",
        "quote_reserve": "2000000",
    }
    market = Market(
        contract=str(file.parent / "pools/dynamic.vy"), adapter="adapters.py:Dynamic", **fields
    )
    read = _load(file).world.markets["main"]
    assert market == read
    assert Market(contract=market.contract, adapter=read.adapter, **fields) == read


def test_an_adapter_in_a_module_will_do(file: Path) -> None:
    name = "tests.scenarios.own_pools.adapters:Dynamic"
    file.write_text(TOML.replace("./adapters.py:Dynamic", name))
    scenario = _load(file)
    assert f'adapter = "{name}"' in dumps(scenario)
    assert loads(dumps(scenario)) == scenario


def test_the_schema_knows_the_keys(file: Path) -> None:
    schema = json_schema()
    spec = to_spec(_load(file))
    jsonschema.validate(spec, schema)
    market = schema["properties"]["world"]["properties"]["markets"]["additionalProperties"]
    for key in ("contract", "adapter"):
        assert market["properties"][key]["type"] == "string"
        assert market["properties"][key]["description"]
        assert key not in market["required"]
    spec["world"]["markets"]["main"]["adapter"] = 5
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spec, schema)


def test_settings_are_relative_to_the_working_directory(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    plain = loads(
        TOML.replace('contract = "pools/dynamic.vy"\n', "").replace(
            'adapter = "./adapters.py:Dynamic"\n', ""
        )
    )
    settings = [
        "world.markets.main.contract=pools/dynamic.vy",
        "world.markets.main.adapter=./adapters.py:Dynamic",
    ]
    assert apply(plain, dict(map(parse_setting, settings))) == _load(file)


def test_an_agents_own_contract_key_is_no_path(file: Path) -> None:
    (file.parent / "agent.py").write_text(
        "from dataclasses import dataclass\n\n\n@dataclass(frozen=True, kw_only=True)\n"
        "class Mine:\n    contract: str\n    adapter: str\n\n    def start(self, setup): ...\n"
    )
    more = '[agents.x]\nkind = "./agent.py:Mine"\ncontract = "main"\nadapter = "a.py:B"\n'
    file.write_text(TOML + more)
    mine = _load(file).agents["x"]
    assert (mine.contract, mine.adapter) == ("main", "a.py:B")


# --- carried along ------------------------------------------------------------------------


def test_a_saved_run_runs_where_nothing_else_is(file: Path, tmp_path: Path) -> None:
    done = run(load(file), seed=3)
    folder = done.save(tmp_path / "saved")
    away = folder.rename(tmp_path / "away")
    shutil.rmtree(file.parent)
    saved = Run.load(away)
    assert sorted(saved.files) == [
        "inputs/adapters.py",
        "inputs/dynamic/dynamic.vy",
        "inputs/dynamic/vault.vy",
    ]
    assert str(tmp_path) not in saved.scenario
    assert all(verdict.holds for verdict in verify(saved))
    again = run(load(away / "scenario.toml"), seed=3)
    assert again.digest == done.digest
    assert again.manifest["arms"] == done.manifest["arms"]
    assert pack(load(away / "scenario.toml")) == pack(load(away / "scenario.toml"))
    assert pack(load(away / "scenario.toml")).files == saved.files


def test_modules_above_the_contract_travel_too(file: Path, tmp_path: Path) -> None:
    pools = file.parent / "pools"
    (file.parent / "shared").mkdir()
    (pools / "vault.vy").rename(file.parent / "shared" / "vault.vy")
    text = (pools / "dynamic.vy").read_text()
    (pools / "dynamic.vy").write_text(
        text.replace("import vault\n", "from ..shared import vault\n")
    )
    packed = pack(load(file))
    assert sorted(packed.files) == [
        "inputs/adapters.py",
        "inputs/dynamic/pools/dynamic.vy",
        "inputs/dynamic/shared/vault.vy",
    ]
    there = tmp_path / "there"
    for name, content in packed.files.items():
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        (there / name).write_bytes(content)
    before = run(load(file), seed=3)
    shutil.rmtree(file.parent)
    moved = loads(packed.toml, folder=there)
    assert run(moved, seed=3).digest == before.digest
    assert pack(moved) == packed


def test_a_changed_module_above_the_contract_is_compiled_again(file: Path) -> None:
    pools = file.parent / "pools"
    (file.parent / "shared").mkdir()
    module = file.parent / "shared" / "vault.vy"
    (pools / "vault.vy").rename(module)
    text = (pools / "dynamic.vy").read_text()
    (pools / "dynamic.vy").write_text(
        text.replace("import vault\n", "from ..shared import vault\n")
    )
    before = load_contract(pools / "dynamic.vy")
    module.write_text(module.read_text().replace('"vault: nothing"', '"vault: nought"'))
    assert load_contract(pools / "dynamic.vy").bytecode != before.bytecode


def test_arms_on_different_pools_carry_all_of_them(file: Path) -> None:
    (file.parent / "pools" / "flat.vy").write_bytes((worlds.HERE / "flat.vy").read_bytes())
    arms = """
[arms.dynamic]
[arms.flat]
"world.markets.main.contract" = "pools/flat.vy"
"world.markets.main.adapter" = "./adapters.py:Flat"
"""
    file.write_text(TOML + arms)
    experiment = load(file)
    assert isinstance(experiment, Experiment)
    done = run(experiment, seed=3)
    assert done.summary().closes
    assert sorted(done.files) == [
        "inputs/adapters.py",
        "inputs/dynamic/dynamic.vy",
        "inputs/dynamic/vault.vy",
        "inputs/flat/flat.vy",
        "inputs/flat/vault.vy",
    ]
    told = done.manifest["arms"]
    assert told["flat"]["own_contracts"]["main"]["contract"] == "flat"
    assert told["dynamic"]["own_contracts"]["main"]["contract"] == "dynamic"


# --- refused ------------------------------------------------------------------------------

MISTAKES = {
    "no contract": (
        'contract = "pools/dynamic.vy"\n',
        "",
        "adapter",
        "speaks for a contract, and there is none",
    ),
    "no adapter": (
        'adapter = "./adapters.py:Dynamic"\n',
        "",
        "contract",
        "is no pair like Uniswap",
    ),
    "no such contract": ("pools/dynamic.vy", "pools/gone.vy", "contract", "no such file"),
    "no contract at all": ("pools/dynamic.vy", "adapters.py", "contract", "expected Vyper source"),
    "no such file": (
        "./adapters.py",
        "./gone.py",
        "adapter",
        "gone.py: cannot be read: No such file",
    ),
    "no such class": ("py:Dynamic", "py:Dynamit", "adapter", "did you mean Dynamic?"),
    "no class named": ("./adapters.py:Dynamic", "Dynamic", "adapter", "expected a class"),
    "no adapter class": ("py:Dynamic", "py:Dumb", "adapter", "it has no quote, swap, add, remove"),
    "no fee": ("py:Dynamic", "py:Greedy", "adapter", "fee_bps is 5000, not 0 to 1000"),
    "fails when made": ("py:Dynamic", "py:Unmade", "adapter", "raised KeyError at "),
    "fails to deploy": ("py:Dynamic", "py:Undeployed", "adapter", "raised ZeroDivisionError at "),
    "fails when asked": ("py:Dynamic", "py:Raising", "adapter", "quote() raised KeyError at "),
    "answers a float": ("py:Dynamic", "py:Floating", "adapter", "quote() returned 0.5, not an int"),
    "odd reserves": ("py:Dynamic", "py:Odd", "adapter", "reserves() returned (1.0, 2.0), not two"),
    "unreadable reserves": ("py:Dynamic", "py:Refusing", "adapter", "vault: stranger"),
    "shares below zero": ("py:Dynamic", "py:Debtor", "adapter", "shares() returned -1, not an int"),
    "describes nothing": (
        "py:Dynamic",
        "py:Silent",
        "adapter",
        "swap() returned None, not a trans",
    ),
    "changes the chain": ("py:Dynamic", "py:Sending", "adapter", "can read the chain, not change"),
    "refused approvals": ("py:Dynamic", "py:Locked", "adapter", "what approvals() describes fails"),
    "refused liquidity": ("py:Dynamic", "py:Poor", "adapter", "what add() describes fails"),
    "an empty pool": ("py:Dynamic", "py:Empty", "adapter", "reserves() are 0 and 0 wei"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_key(file: Path, name: str) -> None:
    old, new, key, told = MISTAKES[name]
    error = _refused(file, old, new)
    assert error.key == f"world.markets.main.{key}"
    assert told in error.problem


def test_a_fault_is_told_with_its_place(file: Path) -> None:
    error = _refused(file, "py:Dynamic", "py:Raising")
    adapters = file.parent / "adapters.py"
    line = next(
        n for n, text in enumerate(adapters.read_text().split("\n"), 1) if '{}["price"]' in text
    )
    assert f"at {adapters}:{line}: 'price'" in error.problem


def test_a_constructor_that_does_not_fit_is_told(file: Path) -> None:
    shutil.copy(worlds.HERE / "flat.vy", file.parent / "pools")
    error = _refused(file, "dynamic.vy", "flat.vy")
    assert error.key == "world.markets.main.adapter"
    assert "takes (address, address, uint256), not the addresses of base and quote" in error.problem


def test_a_contract_that_does_not_compile_is_told_with_its_line(file: Path) -> None:
    (file.parent / "pools" / "dynamic.vy").write_text("# pragma version ~=0.4.3\nx: uint257\n")
    error = _refused(file, "", "")
    assert error.key == "world.markets.main.contract"
    assert "dynamic.vy:2: " in error.problem


def test_a_pair_whose_constructor_takes_arguments_is_told(tmp_path: Path) -> None:
    shutil.copytree(sources_folder(), tmp_path, dirs_exist_ok=True)
    pool = tmp_path / "pool.vy"
    pool.write_text(pool.read_text().replace("def __init__():", "def __init__(fee_: uint256):"))
    with pytest.raises(ScenarioError, match=r"main\.contract: the constructor of pool\.vy takes"):
        run(small.scenario(world=worlds.world(str(pool))), seed=1)


def test_a_factory_makes_one_kind_of_pool() -> None:
    markets = {
        "main": worlds.market(None),
        "more": worlds.market("dynamic.vy", pair="USDC/DAI", base_reserve="1", quote_reserve="1"),
    }
    tokens = {**small.world().tokens, "DAI": small.world().tokens["USDC"]}
    with pytest.raises(ScenarioError) as caught:
        small.world(markets=markets, tokens=tokens)
    assert caught.value.key == "markets.more.contract"
    assert "that of market 'main': dexsim's own; give this market a venue" in caught.value.problem
    behind = worlds.market(
        "dynamic.vy", "Dynamic", pair="USDC/DAI", base_reserve="1", quote_reserve="1"
    )
    small.world(markets={"main": worlds.market(None), "more": behind}, tokens=tokens)
    elsewhere = worlds.market("flat.vy", venue="second")
    venues = {"exchange": Venue(), "second": Venue()}
    small.world(markets={"main": worlds.market(None), "more": elsewhere}, venues=venues)


def test_a_swap_read_as_something_else_is_told() -> None:
    def trade(view: View, me: Account, setup: Setup) -> list[Any]:
        door, pool = setup.router("main"), setup.pool("main")
        return [door.swap(me, pool=pool, token_in="WETH", amount_in=1, min_amount_out=0)]

    scenario = worlds.scenario("flat.vy", "Misread", agents={"x": Scripted(script=trade)})
    with pytest.raises(ScenarioError) as caught:
        run(scenario, seed=1)
    assert caught.value.key == "world.markets.main.adapter"
    assert "read_swap() returned 'a swap', not (token_in" in caught.value.problem


def test_the_command_line_tells_it_without_a_traceback(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(TOML.replace("py:Dynamic", "py:Raising"))
    assert main(["run", str(file)]) == 2
    told = capsys.readouterr().err
    assert f"{file}: world.markets.main.adapter: quote() raised KeyError" in told.replace("\n", "")
    assert "Traceback" not in told

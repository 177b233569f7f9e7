"""Scenario files: what they say, and how a mistake in one is told."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from dexsim.agents import Trader
from dexsim.blockspace.mechanisms import Priority
from dexsim.errors import AmountTypeError, ScenarioError
from dexsim.market.world import Market, Token, Weth
from dexsim.prices import Csv, FixedClock, Gbm, PoissonClock, Sessions
from dexsim.scenario.reading import load, loads
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.settings import arms

GOOD = """\
schema = 1
blocks = 100
numeraire = "USDC"
clock = { kind = "poisson", mean_seconds = 6 }
mechanism = { kind = "priority" }
gas = { base_fee_gwei = "10", native_price = "2000" }

[world.tokens]
WETH = { kind = "weth" }
USDC = { decimals = 6 }

[world.prices.WETH]
kind = "gbm"
start = "2000"
daily_volatility = "0.05"

[world.venues.exchange]
fee_bps = 30

[world.markets.main]
venue = "exchange"
pair = "WETH/USDC"
base_reserve = "1000"
quote_reserve = "2000000"

[agents.retail]
kind = "trader"
enabled = false
count = 20
trades_per_block = "0.05"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The good file on disk."""
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    return path


def _refused(file: Path, old: str, new: str) -> ScenarioError:
    """The complaint about the good file with one text replaced."""
    assert GOOD.count(old) == 1, old
    file.write_text(GOOD.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert caught.value.file == str(file)
    return caught.value


def test_file_gives_the_scenario_it_describes(file: Path) -> None:
    scenario = load(file)
    assert isinstance(scenario, Scenario)
    assert scenario.world.tokens == {"WETH": Weth(), "USDC": Token(decimals=6)}
    assert scenario.world.prices == {"WETH": Gbm(start="2000", daily_volatility="0.05")}
    assert scenario.world.markets == {
        "main": Market(
            venue="exchange", pair="WETH/USDC", base_reserve="1000", quote_reserve="2000000"
        )
    }
    assert scenario.agents == {"retail": Trader(count=20, trades_per_block="0.05")}
    assert scenario.disabled == {"retail"}
    assert scenario.clock == PoissonClock(mean_seconds=6)
    assert scenario.mechanism == Priority()
    assert scenario.gas.native_price == 2000
    assert (scenario.blocks, scenario.numeraire) == (100, "USDC")


def test_only_the_world_and_the_schema_are_needed(file: Path) -> None:
    text = GOOD[GOOD.index("[world.tokens]") : GOOD.index("[agents.retail]")]
    scenario = loads(f"schema = 1\n{text}")
    assert isinstance(scenario, Scenario)
    assert (scenario.blocks, scenario.agents, scenario.money) == (300, {}, "USDC")
    assert scenario.clock == FixedClock()


def test_file_with_arms_is_an_experiment(file: Path) -> None:
    file.write_text(
        GOOD
        + '[experiment]\nclaim = "c"\nmeasure = "trades"\neffect = "a - b"\nmargin = 2\n'
        + '[arms.a]\n"agents.retail.enabled" = true\n[arms.b]\n'
    )
    experiment = load(file)
    assert isinstance(experiment, Experiment)
    assert experiment.arms == {"a": {"agents.retail.enabled": True}, "b": {}}
    assert (experiment.claim, experiment.measure, experiment.effect) == ("c", "trades", "a - b")
    assert experiment.margin == Decimal(2)


@pytest.mark.parametrize(
    ("old", "new", "key", "told"),
    [
        # unknown keys, at every level
        ("blocks = 100", "block = 100", "block", "unknown key 'block'; did you mean blocks"),
        ("[world.tokens]", "[world.tokns]", "world.tokns", "did you mean tokens or tenders?"),
        ("count = 20", "cuont = 20", "agents.retail.cuont", "did you mean count?"),
        (
            "enabled = false",
            "enabld = false",
            "agents.retail.enabld",
            "did you mean enabled or spread?",
        ),
        ("fee_bps = 30", "fee = 30", "world.venues.exchange.fee", "unknown key 'fee'"),
        ("mean_seconds = 6", "seconds = 6", "clock.seconds", "did you mean mean_seconds?"),
        ("base_fee_gwei", "base_fee", "gas.base_fee", "did you mean base_fee_gwei?"),
        # wrong types
        ("blocks = 100", 'blocks = "100"', "blocks", "valid integer, not '100'"),
        ("blocks = 100", "blocks = 0", "blocks", "greater than or equal to 1, not 0"),
        ("count = 20", "count = 2.5", "agents.retail.count", "valid integer, not 2.5"),
        ("enabled = false", "enabled = 0", "agents.retail.enabled", "true or false, not 0"),
        ("fee_bps = 30", "fee_bps = 2000", "world.venues.exchange.fee_bps", "1000, not 2000"),
        ("decimals = 6", "decimals = true", "world.tokens.USDC.decimals", "integer, not True"),
        ('venue = "exchange"', "venue = 5", "world.markets.main.venue", "valid string, not 5"),
        ('"poisson"', "5", "clock.kind", "expected text, not 5; allowed: fixed, poisson"),
        ("{ decimals = 6 }", "6", "world.tokens.USDC", "expected a table, not 6"),
        ('mechanism = { kind = "priority" }', 'mechanism = "fifo"', "mechanism", "a table"),
        # amounts
        ('"1000"', '"-5"', "world.markets.main.base_reserve", "an amount cannot be -5"),
        ('"1000"', "1000.5", "world.markets.main.base_reserve", 'as text: "1000.5", not the float'),
        ('"1000"', "1000", "world.markets.main.base_reserve", 'as text: "1000", not the int'),
        ('"1000"', '"a lot"', "world.markets.main.base_reserve", "'a lot' is not a number"),
        ('"1000"', '"0"', "world.markets.main.base_reserve", "reserve of zero"),
        ('"2000000"', '"0.0"', "world.markets.main.quote_reserve", "reserve of zero"),
        ('start = "2000"', 'start = "0"', "world.prices.WETH.start", "not above zero"),
        # kinds
        (
            '"trader"',
            '"tradr"',
            "agents.retail.kind",
            "unknown agent kind 'tradr'; allowed: trader",
        ),
        ('kind = "trader"', "", "agents.retail.kind", "is missing; allowed: trader, arbitrageur"),
        ('kind = "gbm"', 'kind = "gbn"', "world.prices.WETH.kind", "allowed: gbm, jumps, ou"),
        ('kind = "weth"', 'kind = "eth"', "world.tokens.WETH.kind", "erc20, weth, incentive"),
        ('kind = "weth"', 'kind = "a:B"', "world.tokens.WETH.kind", "erc20, weth, incentive"),
        ('"priority"', '"auction"', "mechanism.kind", "allowed: priority, fifo, random"),
        # references and what is missing
        ('venue = "exchange"', 'venue = "exchnge"', "world.markets.main.venue", "exchange?"),
        ('pair = "WETH/USDC"', 'pair = "WETH/USD"', "world.markets.main.pair", "USDC?"),
        ('numeraire = "USDC"', 'numeraire = "USD"', "numeraire", "did you mean USDC?"),
        ('start = "2000"\n', "", "world.prices.WETH.start", "is missing"),
        ("schema = 1\n", "", "schema", "is missing; write schema = 1"),
        ("schema = 1", "schema = 2", "schema", "unknown schema 2; this dexsim reads schema = 1"),
        ("schema = 1", "schema = true", "schema", "unknown schema True"),
        ("[agents.retail]", "[arms]\n[agents.retail]", "arms", "at least one arm"),
        ("[agents.retail]", "[arms]\na = 5\n[agents.retail]", "arms.a", "a table, not 5"),
        ("[agents.retail]", "[experiment]\n[agents.retail]", "arms", "needs arms"),
    ],
)
def test_mistake_is_told_with_file_key_and_remedy(
    file: Path, old: str, new: str, key: str, told: str
) -> None:
    error = _refused(file, old, new)
    assert error.key == key
    assert told in error.problem
    assert f": {key}: " in str(error)


def test_amount_of_a_wrong_type_is_a_type_error_too(file: Path) -> None:
    assert isinstance(_refused(file, '"1000"', "1000"), AmountTypeError)


def test_missing_world_is_told() -> None:
    with pytest.raises(ScenarioError, match=r"^world: is missing$"):
        loads("schema = 1\n")


@pytest.mark.parametrize(
    ("arm", "key", "told"),
    [
        ('"agents.retail.cuont" = 5', "arms.a.agents.retail.cuont", "did you mean count?"),
        ('"agents.retial.count" = 5', "arms.a.agents.retial.count", "did you mean retail?"),
        ('"agents.retail.median_size" = 5', "arms.a.agents.retail.median_size", "as text"),
        ("agents.retail.count = 5", "arms.a.agents", "whole path in quotes"),
    ],
)
def test_mistake_in_an_arm_is_told_when_the_file_is_read(
    file: Path, arm: str, key: str, told: str
) -> None:
    error = _refused(file, "[agents.retail]", f"[arms.a]\n{arm}\n[agents.retail]")
    assert error.key == key
    assert told in error.problem


def test_syntax_error_names_file_and_line(file: Path) -> None:
    error = _refused(file, "blocks = 100", "blocks = = 100")
    assert re.search(r"is not TOML: .*line 2", error.problem)


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"nowhere\.toml: there is no such file"):
        load(tmp_path / "nowhere.toml")


def test_folder_and_bytes_are_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        load(tmp_path)
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match=r"b\.toml: is not UTF-8 text"):
        load(tmp_path / "b.toml")


def test_unknown_name_offers_the_nearest_built_in_ones() -> None:
    with pytest.raises(ScenarioError, match="unknown scenario 'sandwhich'; did you mean sandwich"):
        load("sandwhich")


def test_price_file_is_looked_for_beside_the_scenario(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "weth.csv").write_text("time,price\n2024-01-01,2000\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    gbm = 'kind = "gbm"\nstart = "2000"\ndaily_volatility = "0.05"'
    file.write_text(GOOD.replace(gbm, 'kind = "csv"\npath = "data/weth.csv"'))
    where = str((tmp_path / "data" / "weth.csv").resolve())
    scenario = load(Path("..") / "mine.toml")
    assert isinstance(scenario, Scenario)
    assert scenario.world.prices["WETH"] == Csv(path=where)
    inner = '{ kind = "csv", path = "data/weth.csv" }'
    file.write_text(GOOD.replace(gbm, f'kind = "sessions"\nprocess = {inner}'))
    scenario = load(Path("..") / "mine.toml")
    assert isinstance(scenario, Scenario)
    assert scenario.world.prices["WETH"] == Sessions(process=Csv(path=where))


def test_paths_in_arms_are_relative_to_the_file_too(file: Path, tmp_path: Path) -> None:
    (tmp_path / "weth.csv").write_text("time,price\n2024-01-01,2000\n")
    arm = '[arms.a]\n"world.prices.WETH" = { kind = "csv", path = "weth.csv" }\n'
    more = '[arms.b]\n"world.prices.USDC" = { kind = "csv", path = "weth.csv" }\n'
    file.write_text(GOOD + arm + more + '"world.prices.USDC.path" = "./../x/../weth.csv"\n')
    (tmp_path / "x").mkdir()
    _refuse_to_read(file, "world.prices.USDC.path", str(tmp_path.parent / "weth.csv"))
    file.write_text(GOOD + arm + more + '"world.prices.USDC.path" = "x/../weth.csv"\n')
    experiment = load(file)
    assert isinstance(experiment, Experiment)
    where = Csv(path=str((tmp_path / "weth.csv").resolve()))
    assert arms(experiment)["a"].world.prices["WETH"] == where
    assert arms(experiment)["b"].world.prices["USDC"] == where


def _refuse_to_read(file: Path, key: str, path: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert caught.value.key == f"arms.b.{key}"
    assert caught.value.problem == f"there is no such file: {path}"


def test_missing_price_file_is_told_when_the_scenario_is_read(file: Path) -> None:
    error = _refused(
        file,
        'kind = "gbm"\nstart = "2000"\ndaily_volatility = "0.05"',
        'kind = "csv"\npath = "gone.csv"',
    )
    assert error.key == "world.prices.WETH.path"
    assert error.problem.endswith(f"there is no such file: {(file.parent / 'gone.csv').resolve()}")

"""Plans as files: what they may say, contracts and calls of one's own, and what is wrong with a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from dexsim.artifacts.library import load
from dexsim.errors import ScenarioError
from dexsim.market.contract import Contract
from dexsim.market.deploying.reading import FOLDER, names, read, recipe, text_of
from tests.deploying.setting import DEPLOYER, applied, embedded, plan_of

VAULT = """
# pragma version ~=0.4.3
struct Terms:
    fee: uint256
    open: bool

router: public(address)
token: public(address)
limit: public(uint256)
owner: public(address)
salt: public(bytes32)
name: public(String[32])
terms: public(Terms)
guests: public(DynArray[address, 4])
opened: public(uint256)

@deploy
@payable
def __init__(
    router: address, token: address, limit: uint256, owner: address, salt: bytes32,
    name: String[32], terms: Terms, guests: DynArray[address, 4]
):
    self.router = router
    self.token = token
    self.limit = limit
    self.owner = owner
    self.salt = salt
    self.name = name
    self.terms = terms
    self.guests = guests

@external
@payable
def open(price: uint256):
    assert price > 0, "vault: too cheap"
    self.opened = price + msg.value
"""

PLAN = """
schema = 1
[tokens.WETH]
kind = "weth"
[tokens.USDC]
decimals = 6
[venues.one]
[venues.two]
fee_bps = 5
[markets.main]
venue = "one"
pair = "WETH/USDC"
base_reserve = "1"
quote_reserve = "2000"
[markets.cheap]
venue = "two"
pair = "USDC/WETH"
base_reserve = "2000"
quote_reserve = "1"
[contracts.vault]
contract = "./vault.vy"
arguments = ["two.router", "USDC", "1000.5 USDC", "deployer", "0x%s", "safe", [3, true], ["main", "0x%s"]]
value = "0.25"
[calls.start]
to = "vault"
function = "open"
arguments = ["7"]
value = "0.5"
"""
SALT = "ab" * 32
GUEST = "00" * 19 + "01"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plan of one's own, and its contract."""
    (tmp_path / "vault.vy").write_text(VAULT)
    (tmp_path / "mine.toml").write_text(PLAN % (SALT, GUEST))
    return tmp_path


def test_contracts_and_calls_of_ones_own_name_what_stands_above(folder: Path) -> None:
    ledger = embedded()
    outcome = applied(ledger, folder / "d", recipe(folder / "mine.toml"))
    at = {name: one.address for name, one in outcome.manifest.contracts.items()}
    assert outcome.path.name == "mine.json"
    assert {"factory", "router", "two.factory", "two.router", "main", "cheap"} < set(at)
    vault = Contract(load(folder / "vault.vy").abi, at["vault"], ledger.chain)
    assert vault.read.router() == at["two.router"] != at["router"]
    assert vault.read.token() == at["USDC"]
    assert vault.read.limit() == 1_000_500_000
    assert vault.read.owner() == DEPLOYER.address
    assert vault.read.salt() == bytes.fromhex(SALT)
    assert vault.read.name() == "safe"
    assert vault.read.terms() == (3, True)
    assert [vault.read.guests(place) for place in (0, 1)] == [at["main"], f"0x{GUEST}"]
    assert vault.read.opened() == 7 + 5 * 10**17
    assert ledger.chain.balance(at["vault"]) == 75 * 10**16
    assert outcome.manifest.contracts["vault"].source == str(folder / "vault.vy")
    assert [step.name for step in outcome.manifest.steps].count("pool blueprint") == 1


def test_shipped_plans_are_read_and_say_what_they_are() -> None:
    assert names() == ["exchange", "incentives", "tokens"]
    for name in names():
        assert recipe(name).about
        assert text_of(name) == (FOLDER / f"{name}.toml").read_text()
        assert len(plan_of(recipe(name)).steps) >= 3


def test_a_pool_of_ones_own_is_made_by_the_venues_factory(tmp_path: Path) -> None:
    from dexsim.artifacts.library import sources_folder

    for file in sources_folder().rglob("*.vy*"):
        copy = tmp_path / file.relative_to(sources_folder())
        copy.parent.mkdir(exist_ok=True, parents=True)
        copy.write_text(file.read_text())
    more = "\n\n@external\n@pure\ndef mine() -> uint256:\n    return 42\n"
    (tmp_path / "mypool.vy").write_text((tmp_path / "pool.vy").read_text() + more)
    text = (PLAN % (SALT, GUEST)).split("[contracts.vault]")[0]
    text = text.replace("[markets.cheap]\n", '[markets.cheap]\ncontract = "./mypool.vy"\n')
    (tmp_path / "mine.toml").write_text(text)
    ledger = embedded()
    contracts = applied(ledger, tmp_path / "d", recipe(tmp_path / "mine.toml")).manifest.contracts
    assert contracts["cheap"].artifact == "mypool"
    assert contracts["main"].artifact == "pool"
    assert "mypool blueprint" in contracts
    pool = Contract(load(tmp_path / "mypool.vy").abi, contracts["cheap"].address, ledger.chain)
    assert pool.read.mine() == 42
    assert sorted(pool.read.getReserves()[:2]) == [2_000_000_000, 10**18]


@pytest.mark.parametrize(
    ("change", "to", "key", "told"),
    [
        ("schema = 1", "schema = 2", "schema", "is 2; this version reads 1"),
        ("schema = 1", "schema = ", "", "is not TOML"),
        ("[tokens.WETH]", "[token.WETH]", "token", "did you mean tokens"),
        ("schema = 1", "schema = 1\n[agents.retail]", "agents", "this is a scenario: dexsim run"),
        ('kind = "weth"', 'kind = "wet"', "tokens.WETH.kind", "did you mean weth"),
        ("decimals = 6", 'decimals = "6"', "tokens.USDC.decimals", "integer"),
        ("decimals = 6", "decimal = 6", "tokens.USDC.decimal", "did you mean decimals"),
        ("decimals = 6", "supply = 5", "tokens.USDC.supply", 'written as text: "5"'),
        ("decimals = 6", 'supply = "5"', "markets.main", "open with 4000 USDC, and there are 5"),
        ('pair = "WETH/USDC"', 'pair = "WETH/USD"', "markets.main.pair", "did you mean USDC"),
        ('venue = "two"', 'venue = "tow"', "markets.cheap.venue", "unknown venue 'tow'"),
        ('quote_reserve = "2000"', "", "markets.main.quote_reserve", "is missing"),
        ('"./vault.vy"', '"./volt.vy"', "contracts.vault.contract", "volt.vy: no such file"),
        ('"./vault.vy"', '"volt"', "contracts.vault.contract", "no contract 'volt' ships"),
        (
            '"two.router"',
            '"three.router"',
            "contracts.vault.arguments.router",
            "did you mean two.r",
        ),
        ('"two.router"', '"0x12"', "contracts.vault.arguments.router", "not an address"),
        ('"1000.5 USDC"', '"1000.5 USD"', "contracts.vault.arguments.limit", "did you mean USDC"),
        ('"1000.5 USDC"', '"1.0000001 USDC"', "contracts.vault.arguments.limit", "decimals"),
        ('"1000.5 USDC"', '"many"', "contracts.vault.arguments.limit", "expected a whole number"),
        ('"1000.5 USDC"', "-1", "contracts.vault.arguments", "limit"),
        ('"1000.5 USDC"', "1.5", "contracts.vault.arguments.limit", "whole number"),
        ('"safe"', "5", "contracts.vault.arguments.name", "expected string, not 5"),
        ("[3, true]", "[3]", "contracts.vault.arguments.terms", "expected a list of 2"),
        ("[3, true]", '"3"', "contracts.vault.arguments.terms", "expected a list"),
        (f'"0x{SALT}"', '"abc"', "contracts.vault.arguments.salt", "bytes as 0x"),
        ('arguments = ["7"]', "", "calls.start.function", "open"),
        ('function = "open"', 'function = "opne"', "calls.start.function", "no function 'opne'"),
        ('to = "vault"', 'to = "volt"', "calls.start.to", "'volt' is none of: WETH"),
        ("[calls.start]", "[calls.main]", "calls.main", "two things are called 'main'"),
        ("[calls.start]", '[calls."a b"]', "calls", "cannot be a name"),
        ("[calls.start]", "[calls]\nx = 1\n[calls.start]", "calls.x", "expected a table"),
    ],
)
def test_what_is_wrong_is_told_with_its_key(
    folder: Path, change: str, to: str, key: str, told: str
) -> None:
    text = PLAN % (SALT, GUEST)
    assert change in text
    (folder / "mine.toml").write_text(text.replace(change, to, 1))
    with pytest.raises(ScenarioError) as caught:
        plan_of(recipe(folder / "mine.toml"))
    assert (caught.value.key, told in str(caught.value)) == (key, True), str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is nothing to deploy"),
        ("tokens = 5", "expected tables"),
        ("[tokens.ETH]\n", "the chain's own money"),
        ('[tokens.A]\n[markets.m]\nvenue="v"\npair="A/B"\nbase_reserve="1"', "unknown venue"),
        (
            '[tokens.A]\n[tokens.B]\n[venues.v]\n[markets.m]\nvenue="v"\npair="A/B"\n'
            'base_reserve="1"\nquote_reserve="1"\ncontract="x.vy"\nadapter="./x.py:X"',
            "adapter",
        ),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(text: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        read(text)


def test_a_name_that_is_no_plan_is_told() -> None:
    for wrong, told in (("exchagne", "did you mean exchange"), ("no/such.toml", "no such file")):
        with pytest.raises(ScenarioError, match=told):
            recipe(wrong)


def test_reading_a_folder_or_bytes_is_told(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "x.toml").mkdir()
    for name, told in (("odd.toml", "is not UTF-8"), ("x.toml", "cannot be read")):
        with pytest.raises(ScenarioError, match=told):
            recipe(tmp_path / name)

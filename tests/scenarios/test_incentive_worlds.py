"""Incentive tokens of a world: schedules from a file, an initial supply to give, a minter's handle."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.errors import Reverted, ScenarioError
from dexsim.market.contract import Contract, deploy
from dexsim.market.deployment import DEPLOYER, Deployment
from dexsim.market.incentive import Incentive
from dexsim.market.minter import Minter
from dexsim.market.opening import deploy_world
from dexsim.market.world import Market, Token, Venue, World
from dexsim.scenario.reading import loads
from dexsim.scenario.scenario import Scenario
from dexsim.scenario.writing import dumps

E18 = 10**18
DAY = 86_400

FILE = """\
schema = 1
blocks = 10
numeraire = "USDC"

[world.tokens]
USDC = { decimals = 6 }

[world.tokens.CRV]
kind = "incentive"
initial_supply = "1303030303"
start_after = 86400
rate_per_second = "8.714335457889396245"
epoch_seconds = 31536000
divided_by = "1.189207115002721024"

[world.tokens.LIST]
kind = "incentive"
rates = ["2", "1"]
epoch_seconds = 3600
terminal_rate = "0.5"
cap = "100000"

[world.venues.exchange]
fee_bps = 30

[world.markets.main]
venue = "exchange"
pair = "CRV/USDC"
base_reserve = "1000"
quote_reserve = "2000"
"""


def world(**described: object) -> World:
    """A world with a token that has an initial supply of 1000, 100 of them in a pool."""
    return World(
        tokens={
            "USDC": Token(decimals=6),
            "DEX": Incentive(initial_supply="1000", rate_per_second="1", **described),
        },
        venues={"exchange": Venue()},
        markets={
            "main": Market(venue="exchange", pair="DEX/USDC", base_reserve="100", quote_reserve="5")
        },
    )


def token(stage: Deployment) -> Contract:
    """The incentive token with all its functions."""
    address = stage.tokens["DEX"].address
    return Contract(shipped("incentive_token").abi, address, stage.chain, name="DEX")


def test_a_file_describes_schedules_and_is_written_as_it_was_read() -> None:
    read = loads(FILE)
    assert isinstance(read, Scenario)
    crv, listed = read.world.tokens["CRV"], read.world.tokens["LIST"]
    assert crv.emission(0).rates[:2] == (8714335457889396245, 7327853447857530670)
    assert listed.rates == (Decimal(2), Decimal(1))
    assert listed.emission(5).rates == (2 * E18, E18)
    assert loads(dumps(read)) == read


def test_a_mistake_in_a_file_is_told_with_its_place() -> None:
    for wrong, place in (
        (FILE.replace('divided_by = "1.', 'divided_by = "0.'), "CRV.divided_by"),
        (FILE.replace("cap =", "epochs = 3\ncap ="), "LIST.epochs"),
    ):
        with pytest.raises(ScenarioError, match=rf"world\.tokens\.{place}"):
            loads(wrong)


def test_a_token_of_a_world_emits_as_described() -> None:
    stage = deploy_world(world(start_after=DAY, epoch_seconds=DAY, divided_by=2), Chain(base_fee=0))
    read = token(stage).read
    begin = stage.chain.env.timestamp + DAY
    assert (read.start(), read.rate(), read.initial_supply()) == (begin, 0, 1000 * E18)
    assert read.released(begin + 2 * DAY) == DAY * (E18 + E18 // 2)


def test_pools_and_accounts_are_given_of_the_initial_supply() -> None:
    stage = deploy_world(world(), Chain(base_fee=0))
    rich = stage.account("rich", {"DEX": "899"})
    assert stage.tokens["DEX"].balance(rich) == 899 * E18
    assert stage.tokens["DEX"].balance(stage.pools["main"].address) == 100 * E18
    with pytest.raises(ScenarioError, match=r": 1\.0{17}1 are wanted, and 1 of its"):
        stage.fund(rich, {"DEX": E18 + 1})
    stage.account("last", {"DEX": "1"})
    with pytest.raises(ScenarioError, match=r"can only be earned.*nothing is left"):
        stage.fund(rich, {"DEX": 1})
    assert stage.tokens["DEX"].total_supply() == 1000 * E18


def test_a_world_with_an_impossible_schedule_names_the_key() -> None:
    with pytest.raises(ScenarioError, match=r"world\.tokens\.DEX\.cap"):
        deploy_world(world(cap="1e30"), Chain(base_fee=0))
    with pytest.raises(ScenarioError, match=r"world\.tokens\.DEX\.initial_supply"):
        deploy_world(world(cap="1000"), Chain(base_fee=0))
    poor = Market(venue="exchange", pair="DEX/USDC", base_reserve="1001", quote_reserve="5")
    with pytest.raises(ScenarioError, match=r"world\.markets\.main.*can only be earned"):
        deploy_world(replace(world(), markets={"main": poor}), Chain(base_fee=0))


def test_a_minter_is_asked_and_told_by_its_handle() -> None:
    chain = Chain(base_fee=0)
    stage = deploy_world(world(), chain)
    owner = Account.named("owner")
    with chain.setup_block():
        contract = deploy(chain, shipped("minter"), DEPLOYER, stage.tokens["DEX"], owner)
        chain.send(token(stage).write.set_minter(DEPLOYER, contract))
    minter = Minter(contract.address, chain, reward=stage.tokens["DEX"])
    # Any contract can be a gauge.
    gauges = [stage.pools["main"].address, stage.tokens["USDC"].address]
    chain.mine([minter.add_gauge(owner, gauge=gauges[0], weight=3)])
    chain.mine([minter.add_gauge(owner, gauge=gauges[1])])
    assert [minter.weight(gauge) for gauge in gauges] == [3, 1]
    assert minter.total_weight() == 4
    chain.mine([minter.set_weight(owner, gauge=gauges[0], weight=0)])
    chain.mine([])
    released = token(stage).read.released(chain.env.timestamp)
    # One token a second, and blocks of twelve: all, then three fourths, then nothing.
    assert [minter.emitted(gauge) for gauge in gauges] == [21 * E18, 15 * E18]
    assert released == sum(map(minter.emitted, gauges)) + minter.undistributed()
    assert minter.drawn(gauges[0]) == 0
    with pytest.raises(Reverted, match="minter: forbidden"):
        chain.send(minter.set_weight(DEPLOYER, gauge=gauges[0], weight=1))

"""What it costs to move a price, against the closed forms and to the wei where they are exact."""

from __future__ import annotations

from fractions import Fraction
from math import isclose

import pytest

from dexsim.agents import Arbitrageur, Manipulator
from dexsim.blockspace.fees import Gas
from dexsim.errors import ScenarioError
from dexsim.market.world import Venue
from dexsim.prices import Constant
from dexsim.results.accounts import gains
from dexsim.results.arm import Arm
from dexsim.scenario.run import run
from dexsim.theory import manipulation
from tests.scenarios import small

MONEY = 2_000_000  # the pool's quote reserve
RICH = {"WETH": "100000", "USDC": "400000000"}
_CHEAP = Gas(base_fee_gwei="0")


def _arm(*, corrected: bool = True, fee_bps: int = 0, blocks: int = 20, **changes: object) -> Arm:
    pusher = Manipulator(capital="400000000", starts_block=3, **changes)  # type: ignore[arg-type]
    agents: dict[str, object] = {"pusher": pusher}
    if corrected:
        agents["arbitrageur"] = Arbitrageur(capital=RICH)
    world = small.world(
        prices={"WETH": Constant(price="2000")}, venues={"exchange": Venue(fee_bps=fee_bps)}
    )
    return run(small.scenario(world=world, agents=agents, blocks=blocks, gas=_CHEAP), seed=1).arms[
        0
    ]


def _loss(arm: Arm) -> Fraction:
    """The pusher's loss at the outside price, in the pool's money."""
    gain = next(gain for gain in gains(arm) if gain.holder == "pusher")
    ether = arm.value("ETH", gain.changes.get("ETH", 0))
    return -(gain.value - ether) / MONEY


def _price(arm: Arm, block: int) -> float:
    return float(arm.at_block("pools", block)[0]["price"])


@pytest.mark.parametrize("factor", ["1.1", "4"])
def test_a_push_that_arbitrage_undoes_costs_what_the_formula_says(factor: str) -> None:
    arm = _arm(factor=factor, sells_back=False, blocks=6)
    assert isclose(_price(arm, 3), 2000 * float(factor), rel_tol=1e-9)
    assert isclose(_price(arm, 4), 2000, rel_tol=1e-6)
    assert isclose(_loss(arm), manipulation.push_cost(float(factor)), rel_tol=1e-9)


def test_an_average_is_moved_by_pushing_every_block() -> None:
    arm = _arm(factor="2", window_blocks=10, sells_back=False)
    assert all(isclose(_price(arm, block), 4000, rel_tol=1e-6) for block in range(3, 13))
    assert isclose(_price(arm, 13), 2000, rel_tol=1e-6)
    assert isclose(_loss(arm), manipulation.average_in_every_block(2, 10), rel_tol=1e-6)


def test_an_average_is_moved_by_one_great_push() -> None:
    arm = _arm(factor="2", window_blocks=10, method="once", sells_back=False)
    mean = sum(_price(arm, block) for block in range(3, 13)) / 10
    assert isclose(mean, 4000, rel_tol=1e-6)
    assert isclose(_loss(arm), manipulation.average_in_one_block(2, 10), rel_tol=1e-6)


def test_where_nobody_corrects_the_price_only_the_fee_is_lost() -> None:
    arm = _arm(factor="4", corrected=False, fee_bps=30, blocks=5)
    swaps = arm.rows("swaps")
    assert [row["token_in"] for row in swaps] == ["USDC", "WETH"]
    paid = Fraction(swaps[0]["amount_in"], MONEY * 10**6)
    kept = Fraction(997, 1000)
    assert isclose(_loss(arm) / paid, 1 - kept**2 * (1 + paid) / (1 + kept**2 * paid), rel_tol=1e-9)
    assert isclose(_price(arm, 3), 8000, rel_tol=1e-6)


def test_a_push_reverts_where_the_price_is_high_already() -> None:
    arm = _arm(factor="2", window_blocks=3, corrected=False, sells_back=False, blocks=6)
    mine = [row["status"] for row in arm.rows("transactions") if row["agent"] == "pusher"]
    assert mine[-3:] == [True, False, False]


def test_a_factor_that_moves_nothing_is_refused() -> None:
    with pytest.raises(ScenarioError, match="factor: 1 does not make it dearer; above 1"):
        Manipulator(factor="1", capital="1")

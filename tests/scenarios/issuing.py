"""Small worlds with an issued token, for tests."""

from __future__ import annotations

from typing import Any

from dexsim.blockspace.fees import Gas
from dexsim.market.issued import Issued
from dexsim.market.world import Market, Token, Venue, World
from dexsim.prices import Constant
from dexsim.results.arm import Arm
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Scenario

USDC = 10**6


def world(
    *, base: str = "1000000", quote: str = "1000000", fee_bps: int = 30, **terms: Any
) -> World:
    """HUSD against USDC in one pool."""
    return World(
        tokens={"USDC": Token(decimals=6), "HUSD": Issued(backing="USDC", **terms)},
        venues={"exchange": Venue(fee_bps=fee_bps)},
        markets={
            "peg": Market(
                venue="exchange", pair="HUSD/USDC", base_reserve=base, quote_reserve=quote
            )
        },
        prices={"USDC": Constant(price="1")},
    )


def arm(agents: dict[str, Any], *, blocks: int = 10, base_fee: str = "0", **terms: Any) -> Arm:
    """A run of it, free of gas."""
    described = Scenario(
        world=world(**terms),
        agents=agents,
        blocks=blocks,
        numeraire="USDC",
        gas=Gas(base_fee_gwei=base_fee, native_price="2000"),
    )
    done = run(described, seed=1)
    assert done.summary().closes
    return done.arms[0]


def held(arm: Arm, agent: str, token: str, block: int | None = None) -> int:
    """What an agent has at the end of a block, in wei."""
    rows = arm.at_block("balances", arm.last_block if block is None else block)
    return sum(r["amount"] for r in rows if (r["agent"], r["token"]) == (agent, token))


def price(arm: Arm, block: int | None = None) -> float:
    """The pool's price at the end of a block."""
    return float(arm.at_block("pools", arm.last_block if block is None else block)[0]["price"])


def issuer(arm: Arm, block: int | None = None) -> dict[str, Any]:
    """What the issuer says at the end of a block."""
    return arm.at_block("issuers", arm.last_block if block is None else block)[0]

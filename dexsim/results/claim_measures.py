"""What claims about issued tokens, buy-outs and treasuries are measured by: functions of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import log, sqrt
from typing import TYPE_CHECKING

from dexsim.results.accounts import gains, holdings

if TYPE_CHECKING:
    from dexsim.results.arm import Arm

_BPS = 10_000


def peg_premium_bps(arm: Arm) -> float:
    """The most that a pool pays for an issued token over its backing when the run ends.

    In basis points of the backing; 0 where none is above.
    """
    return _BPS * max([float(ratio) - 1 for ratio in _ratios(arm, arm.last_block)] + [0.0])


def peg_discount_bps(arm: Arm) -> float:
    """The most that an issued token is below its backing in a pool when the run ends."""
    return _BPS * max([1 - float(ratio) for ratio in _ratios(arm, arm.last_block)] + [0.0])


def tracking_error_bps(arm: Arm) -> float:
    """How far pools' prices of issued tokens ran from their backing's.

    Root mean square of the log of their ratio over the ends of all blocks.
    """
    logs = [log(ratio) for ratio in _ratios(arm)]
    return _BPS * sqrt(sum(each**2 for each in logs) / len(logs)) if logs else 0.0


def _ratios(arm: Arm, since: int = 1) -> Iterator[Fraction]:
    """Prices of issued tokens in pools by their backing's, for every pool, block by block."""
    for row in arm.rows("pools"):
        backing = arm.about.get("issued", {}).get(row["base"])
        if backing is None or row["block"] < since or not row["price"]:
            continue
        prices = arm.prices_at(row["block"])
        if backing == row["quote"]:
            yield Fraction(str(row["price"]))
        elif backing in prices and row["quote"] in prices:
            par = _whole(arm, prices, backing) / _whole(arm, prices, row["quote"])
            yield Fraction(str(row["price"])) / par


def _whole(arm: Arm, prices: dict[str, Fraction], token: str) -> Fraction:
    return prices[token] * int(10 ** arm.decimals[token])


def leavers_lost_bps(arm: Arm) -> float:
    """What those who leave an issuer lost of what they had, the worst-off agent among them.

    In basis points of its tokens at par, at the end: cash that it got, and
    tokens that it still has at what a pool or, without one, the issuer's
    coverage gives for them. Gas is left out.
    """
    return max([_lost(arm, agent) for agent in _agents(arm, "leaver")] + [0.0])


def _lost(arm: Arm, agent: str) -> float:
    """The share of an agent's issued tokens at par that is gone."""
    before, after = holdings(arm, 0)[agent], holdings(arm, arm.last_block)[agent]
    had = got = Fraction(0)
    for token, backing in arm.about.get("issued", {}).items():
        par = arm.value(backing, 1)
        had += before[token] * par
        got += (after[backing] - before[backing]) * par + after[token] * _worth(arm, token, par)
    return _BPS * float(1 - got / had) if had else 0.0


def _worth(arm: Arm, token: str, par: Fraction) -> Fraction:
    """What a unit of an issued token brings at the end."""
    pools = arm.at_block("pools", arm.last_block)
    if any(token in {pool["base"], pool["quote"]} for pool in pools):
        return arm.value(token, 1)
    issuer = next(r for r in arm.at_block("issuers", arm.last_block) if r["token"] == token)
    covered = Fraction(issuer["reserve"], max(issuer["outstanding"], 1))
    return min(par * covered, par)


def missing_bps(arm: Arm) -> float:
    """The part of the tokens a bidder wanted that it does not have at the end, in basis points.

    The token is the base of the first market whose base is issued.
    """
    token = _wanted(arm)
    if token is None or not _agents(arm, "bidder"):
        return 0.0
    supply = next(r for r in arm.at_block("issuers", arm.last_block) if r["token"] == token)
    held = sum(_held(arm, bidder, token) for bidder in _agents(arm, "bidder"))
    return _BPS * float(1 - held / supply["outstanding"])


def buyout_multiple(arm: Arm) -> float:
    """What bidders paid for a token, by its price at the beginning; 0 where they got none."""
    token = _wanted(arm)
    paid = got = Fraction(0)
    for gain in gains(arm):
        if token is not None and gain.role == "bidder":
            got += gain.changes.get(token, 0) * arm.prices_at(0).get(token, Fraction(0))
            paid -= sum(
                arm.value(name, change)
                for name, change in gain.changes.items()
                if name not in {token, "ETH"}
            )
    return float(paid / got) if got else 0.0


def _wanted(arm: Arm) -> str | None:
    issued = arm.about.get("issued", {})
    return next((row["base"] for row in arm.at_block("pools", 0) if row["base"] in issued), None)


def _held(arm: Arm, agent: str, token: str) -> Fraction:
    return holdings(arm, arm.last_block)[agent][token]


def treasury_gain(arm: Arm) -> float:
    """What treasuries gained against holding what they had, gas included, in the numeraire."""
    return float(sum((g.value for g in gains(arm) if g.role == "treasury"), Fraction(0)))


def _agents(arm: Arm, role: str) -> list[str]:
    return [row["agent"] for row in arm.rows("agents") if row["role"] == role]


CLAIM_MEASURES = (
    peg_premium_bps,
    peg_discount_bps,
    tracking_error_bps,
    leavers_lost_bps,
    missing_bps,
    buyout_multiple,
    treasury_gain,
)
"""All of them, in the order in which they are told."""

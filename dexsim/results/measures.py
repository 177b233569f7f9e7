"""What is measured of an arm: pure functions of its recorded tables."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from dexsim.results.accounts import gains
from dexsim.results.block_measures import BLOCK_MEASURES, retail_refund_bps
from dexsim.results.buyer_measures import BUYER_MEASURES
from dexsim.results.claim_measures import CLAIM_MEASURES
from dexsim.results.detector_measures import DETECTOR_MEASURES
from dexsim.results.lp_measures import LP_MEASURES

if TYPE_CHECKING:  # the names of measures are asked where no table is read
    from dexsim.results.arm import Arm, Row

Measure: TypeAlias = "Callable[[Arm], float]"

_TRADER = "trader"
_BPS = 10_000
_LIQUIDITY = frozenset({"liquidity", "provider", "farmer", "locked"})


def trades(arm: Arm) -> float:
    """Swaps of traders that were executed, a route through several pools counted once."""
    return len(_retail(arm))


def volume(arm: Arm) -> float:
    """What traders sold, in the numeraire at the end's prices."""
    return float(
        sum((arm.value(row["token_in"], row["amount_in"]) for row in _retail(arm)), Fraction(0))
    )


def retail_cost_bps(arm: Arm) -> float:
    """What traders paid to trade, in basis points of volume: fee, price impact and attacks.

    Each swap is valued at its pool's price when it was quoted (just before the
    swap where it never was), and each market at what its quote token is worth
    at the end. Gas is not in it (see `retail_gas_bps`). 0 without trades.
    """
    paid, got = _at_quoted_price(arm)
    return 10_000 * (1 - got / paid) if paid else 0.0


def retail_gas_bps(arm: Arm) -> float:
    """Gas that traders paid for executed swaps, in basis points of volume."""
    gas = sum((arm.value("ETH", row["gas_cost"]) for row in _retail(arm)), Fraction(0))
    total = volume(arm)
    return 10_000 * float(gas) / total if total else 0.0


def retail_all_in_bps(arm: Arm) -> float:
    """What trading cost traders in all, in basis points of volume: `retail_cost_bps`, and all their gas.

    The gas of what failed is in it; what builders paid back is taken off. 0 without trades.
    """
    fees = sum(
        row["gas_used"] * row["effective_gas_price"]
        for row in arm.rows("transactions")
        if row["role"] == _TRADER and row["block"] > 0
    )
    total = volume(arm)
    gas = _BPS * float(arm.value("ETH", fees)) / total if total else 0.0
    return retail_cost_bps(arm) + gas - retail_refund_bps(arm)


def retail_failures(arm: Arm) -> float:
    """Traders' transactions that reverted, and paid gas for nothing."""
    rows = arm.rows("transactions")
    return len([row for row in rows if row["role"] == _TRADER and not row["status"]])


def victim_loss(arm: Arm) -> float:
    """What sandwiches cost their victims: what they get in the block without them, less what they got.

    In the numeraire; without the victims whose swap would have failed
    undisturbed. An attack also changes the order and the price for everybody
    else in the block: that is in `retail_cost_bps`, and not in here.
    """
    lost = (
        arm.value(row["token_out"], row["counterfactual_out"] - row["amount_out"])
        for row in arm.rows("swaps")
        if row["kind"] == "victim" and row["counterfactual_out"] is not None
    )
    return float(sum(lost, Fraction(0)))


def sandwiches(arm: Arm) -> float:
    """Sandwiches that landed."""
    return len(arm.rows("sandwiches"))


def bundles_failed(arm: Arm) -> float:
    """Bundles that were sent and did not land; they cost nothing."""
    return sum(not row["landed"] for row in arm.rows("bundles"))


def searcher_gross(arm: Arm) -> float:
    """What sandwiches brought before gas, in the numeraire at the end's prices."""
    won = (
        arm.value(row["token"], row["gross_profit"])
        + arm.value(row["token_out"], row["frontrun_out"] - row["backrun_in"])
        for row in arm.rows("sandwiches")
    )
    return float(sum(won, Fraction(0)))


def searcher_net(arm: Arm) -> float:
    """What searchers gained after gas and tips: the change of all that they hold."""
    return _gain_of_roles(arm, frozenset({"searcher"}))


def retail_gain(arm: Arm) -> float:
    """What traders gained (usually lost) against not trading, gas included."""
    return _gain_of_roles(arm, frozenset({_TRADER}))


def arbitrage_gain(arm: Arm) -> float:
    """What arbitrageurs gained after gas."""
    return _gain_of_roles(arm, frozenset({"arbitrageur"}))


def lp_gain(arm: Arm) -> float:
    """What liquidity providers gained against holding what they put in, fees included."""
    return _gain_of_roles(arm, _LIQUIDITY)


def builder_revenue(arm: Arm) -> float:
    """What builders and proposers gained: tips and what they were sent, less what they paid back."""
    return _gain_of_roles(arm, frozenset({"builder"}))


def burnt(arm: Arm) -> float:
    """Base fees, in the numeraire."""
    return float(arm.value("ETH", sum(row["burnt"] for row in arm.rows("blocks"))))


def reverts(arm: Arm) -> float:
    """Transactions in blocks that failed."""
    return sum(int(row["reverts"]) for row in arm.rows("blocks") if row["block"] > 0)


def _retail(arm: Arm) -> list[Row]:
    """Traders' swaps, one row a transaction: the first pool of a route."""
    rows = [row for row in arm.rows("swaps") if row["role"] == _TRADER]
    first = {(row["block"], row["position"]): row for row in reversed(rows)}
    return list(reversed(first.values()))


def _at_quoted_price(arm: Arm) -> tuple[float, float]:
    """What traders paid and got in every pool, in the numeraire, at the pool's price when quoted."""
    quotes = {row["market"]: row["quote"] for row in arm.at_block("pools", 0)}
    paid = got = 0.0
    for row in arm.rows("swaps"):
        if row["role"] != _TRADER:
            continue
        quote = quotes[row["market"]]
        mid = row["mid_before"] if row["mid_quoted"] is None else row["mid_quoted"]
        worth = float(arm.value(quote, 10 ** arm.decimals[quote]))
        buys = row["token_in"] == quote
        paid += worth * row["amount_in_tokens"] * (1 if buys else mid)
        got += worth * row["amount_out_tokens"] * (mid if buys else 1)
    return paid, got


def _gain_of_roles(arm: Arm, roles: frozenset[str]) -> float:
    return float(sum((gain.value for gain in gains(arm) if gain.role in roles), Fraction(0)))


MEASURES: dict[str, Measure] = {
    measure.__name__: measure
    for measure in (
        trades,
        volume,
        retail_cost_bps,
        retail_gas_bps,
        retail_all_in_bps,
        retail_failures,
        retail_gain,
        sandwiches,
        victim_loss,
        searcher_gross,
        searcher_net,
        bundles_failed,
        arbitrage_gain,
        lp_gain,
        builder_revenue,
        burnt,
        reverts,
        *LP_MEASURES,
        *CLAIM_MEASURES,
        *BLOCK_MEASURES,
        *DETECTOR_MEASURES,
        *BUYER_MEASURES,
    )
}
"""All measures by name, as an experiment names them; NaN where there is nothing to measure."""

"""What is measured of an arm: pure functions of its recorded tables."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from dexsim.results.accounts import gains
from dexsim.results.arm import Arm, Row

Measure = Callable[[Arm], float]

_TRADER = "trader"
_LIQUIDITY = frozenset({"liquidity", "provider", "farmer", "locked"})


def trades(arm: Arm) -> float:
    """Swaps of traders that were executed."""
    return len(_retail(arm))


def volume(arm: Arm) -> float:
    """What traders sold, in the numeraire at the end's prices."""
    return float(
        sum((arm.value(row["token_in"], row["amount_in"]) for row in _retail(arm)), Fraction(0))
    )


def retail_cost_bps(arm: Arm) -> float:
    """What traders paid to trade, in basis points of volume: fee, price impact and attacks.

    Each swap is valued at the pool's price when it was quoted; gas is not in
    it (see `retail_gas_bps`). 0 without trades.
    """
    paid, got = _at_quoted_price(arm)
    return 10_000 * (1 - got / paid) if paid else 0.0


def retail_gas_bps(arm: Arm) -> float:
    """Gas that traders paid for executed swaps, in basis points of volume."""
    gas = sum((arm.value("ETH", row["gas_cost"]) for row in _retail(arm)), Fraction(0))
    total = volume(arm)
    return 10_000 * float(gas) / total if total else 0.0


def retail_failures(arm: Arm) -> float:
    """Traders' transactions that reverted, and paid gas for nothing."""
    rows = arm.rows("transactions")
    return len([row for row in rows if row["role"] == _TRADER and not row["status"]])


def victim_loss(arm: Arm) -> float:
    """What bundles cost their victims: what they get in the block without them, less what they got.

    In the numeraire; without the victims whose swap would have failed undisturbed.
    """
    lost = (
        arm.value(row["token_out"], row["victim_counterfactual_out"] - row["victim_out"])
        for row in arm.rows("sandwiches")
        if row["victim_counterfactual_out"] is not None
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
    """Tips, in the numeraire."""
    return float(arm.value("ETH", sum(row["builder_revenue"] for row in arm.rows("blocks"))))


def burnt(arm: Arm) -> float:
    """Base fees, in the numeraire."""
    return float(arm.value("ETH", sum(row["burnt"] for row in arm.rows("blocks"))))


def reverts(arm: Arm) -> float:
    """Transactions in blocks that failed."""
    return sum(int(row["reverts"]) for row in arm.rows("blocks") if row["block"] > 0)


def _retail(arm: Arm) -> list[Row]:
    return [row for row in arm.rows("swaps") if row["role"] == _TRADER]


def _at_quoted_price(arm: Arm) -> tuple[float, float]:
    """What traders paid and got, both in whole quote tokens at the price of their quote."""
    quotes = {row["market"]: row["quote"] for row in arm.at_block("pools", 0)}
    paid = got = 0.0
    for row in _retail(arm):
        if row["mid_quoted"] is None:
            continue
        buys = row["token_in"] == quotes[row["market"]]
        paid += row["amount_in_tokens"] * (1 if buys else row["mid_quoted"])
        got += row["amount_out_tokens"] * (row["mid_quoted"] if buys else 1)
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
    )
}
"""All measures by name, as an experiment names them."""

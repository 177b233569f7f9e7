"""Rewards, gas and the measures of liquidity, over tables written by hand.

One pool DEX/USD and one gauge that pays DEX. Blocks are a day apart; all tokens have no
decimals but LP tokens, so that a wei is a token.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isnan
from typing import Any

import pytest

from dexsim.results.arm import Arm
from dexsim.results.columns import Rows, WeiCell
from dexsim.results.emissions import emissions
from dexsim.results.lp_incentives import incentives
from dexsim.results.lp_parts import lp_parts
from dexsim.results.measures import MEASURES
from dexsim.results.tables import TABLES, Kind

DAY_MS = 86_400_000
GAUGE = {"gauge": "main", "market": "main", "reward": "DEX"}


def filled(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with nothing where nothing is said."""
    empty: dict[Kind, Any] = {
        Kind.WEI: 0,
        Kind.TEXT: "",
        Kind.BYTES: b"",
        Kind.TEXTS: [],
        Kind.BOOL: True,
    }
    values = {
        column.name: row.get(column.name, empty.get(column.kind, 0))
        for column in TABLES[table].columns
    }
    wei = {column.name for column in TABLES[table].columns if column.kind is Kind.WEI}
    return {name: WeiCell(value) if name in wei else value for name, value in values.items()}


class Story:
    """Rows, collected day by day, and the arm that they make."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        self.agents(farmer="farmer", patient="provider", retail="trader")
        self.rows["agents"] += [
            {"agent": "pool main", "role": "pool", "accounts": ["0xpool"]},
            {"agent": "gauge main", "role": "gauge", "accounts": ["0xgauge"]},
        ]

    def agents(self, **roles: str) -> None:
        self.rows["agents"] += [{"agent": name, "role": role} for name, role in roles.items()]

    def day(
        self,
        number: int,
        *,
        dex: str = "2",
        reserves: tuple[int, int] = (1000, 2000),
        rate: int = 0,
        rewards: Mapping[str, tuple[int, int, int]] | None = None,
        undistributed: int = 0,
    ) -> None:
        """One block. rewards: by staker (staked, claimed, claimable); LP tokens are 100 in all."""
        at = {"block": number}
        held = rewards or {}
        claimed, claimable = (sum(row[place] for row in held.values()) for place in (1, 2))
        staked = sum(row[0] for row in held.values())
        self.add("blocks", at | {"time_ms": number * DAY_MS})
        for token, price in (("USD", "1"), ("DEX", dex), ("ETH", "10")):
            self.add("prices", at | {"token": token, "exact": price})
        base, quote = reserves
        pool = {"base": "DEX", "quote": "USD", "base_reserve": base, "quote_reserve": quote}
        self.add("pools", at | pool | {"market": "main", "lp_supply": 100, "fee_bps": 30})
        balances = {("patient", "LP main"): 100 - staked, ("gauge main", "LP main"): staked}
        balances |= {(name, "staked main"): row[0] for name, row in held.items()}
        for (agent, token), amount in balances.items():
            self.add("balances", at | {"agent": agent, "token": token, "amount": amount})
        totals = {"claimed": claimed, "claimable": claimable, "undistributed": undistributed}
        emitted = claimed + claimable + undistributed
        gauge = {"total_staked": staked, "rate": rate, "emitted": emitted}
        self.add("gauges", at | GAUGE | totals | gauge)
        for name, row in held.items():
            mine = dict(zip(("staked", "claimed", "claimable"), row, strict=True))
            self.add("rewards", at | GAUGE | {"agent": name} | mine)

    def swap(self, block: int, agent: str, token_in: str, amount_in: int, amount_out: int) -> None:
        token_out = "USD" if token_in == "DEX" else "DEX"
        row = {"block": block, "agent": agent, "market": "main", "token_in": token_in}
        amounts = {"token_out": token_out, "amount_in": amount_in, "amount_out": amount_out}
        self.add("swaps", row | amounts)

    def pays(self, block: int, position: int, agent: str, kind: str, to: str, gas: int) -> None:
        row = {"block": block, "position": position, "agent": agent, "kind": kind, "to": to}
        self.add("transactions", row | {"gas_used": gas, "effective_gas_price": 1})

    def add(self, table: str, row: Mapping[str, Any]) -> None:
        self.rows[table].append(dict(row))

    def arm(self) -> Arm:
        tables = {}
        for name, table in TABLES.items():
            rows = Rows(table)
            for row in self.rows[name]:
                rows.add(**filled(name, row))
            tables[name] = rows.to_arrow({"run_id": "", "arm": "base", "seed": 0})
        about = {
            "tokens": {"ETH": 0, "USD": 0, "DEX": 0},
            "numeraire": "USD",
            "gauges": {"main": "main"},
            "wrapped": None,
        }
        return Arm("base", tables, about)


def farmed() -> Story:
    """A farmer with 40 of 100 LP tokens earns 10, 20 and 30 DEX at 2, 1 and 4."""
    story = Story()
    story.day(0, rate=1, rewards={"farmer": (40, 0, 0)})
    story.day(1, dex="2", rate=1, rewards={"farmer": (40, 0, 10)})
    story.day(2, dex="1", rate=1, rewards={"farmer": (40, 25, 5)})
    story.day(3, dex="4", rate=0, rewards={"farmer": (40, 25, 35)})
    return story


def measured(story: Story, name: str) -> float:
    return MEASURES[name](story.arm())


def test_rewards_at_market_are_what_each_day_earned_at_its_price() -> None:
    mine = incentives(farmed().arm())["farmer", "main"]
    assert mine.at_market == 10 * 2 + 20 * 1 + 30 * 4
    assert (mine.cashed_out, mine.kept) == (0, 60 * 4)


def test_rewards_as_they_were_sold_are_what_swaps_paid_and_the_rest_is_kept() -> None:
    story = farmed()
    story.swap(2, "farmer", "DEX", 20, 17)
    mine = incentives(story.arm())["farmer", "main"]
    assert (mine.cashed_out, mine.kept) == (17, 40 * 4)
    assert measured(story, "lp_incentives_cashed_out") == 17


def test_who_sells_more_than_he_claimed_had_bought_the_rest() -> None:
    story = farmed()
    story.swap(2, "farmer", "DEX", 100, 80)
    mine = incentives(story.arm())["farmer", "main"]
    assert (mine.cashed_out, mine.kept) == (Fraction(80, 4), 35 * 4)


def test_sales_of_strangers_and_purchases_of_the_reward_are_no_cash_out() -> None:
    story = farmed()
    story.swap(2, "retail", "DEX", 20, 17)
    story.swap(2, "farmer", "USD", 20, 17)
    assert incentives(story.arm())["farmer", "main"].cashed_out == 0


def test_gas_of_liquidity_is_that_of_joining_staking_claiming_and_selling() -> None:
    story = farmed()
    story.pays(1, 0, "farmer", "other", "0xgauge", 3)
    story.pays(1, 1, "farmer", "other", "0xanything", 5)
    story.pays(1, 2, "farmer", "swap", "0xrouter", 100)  # sells no reward
    story.pays(2, 0, "farmer", "swap", "0xrouter", 7)
    story.swap(2, "farmer", "DEX", 20, 17)
    story.pays(2, 1, "retail", "other", "0xgauge", 1000)
    paid = {parts.holder: parts.gas for parts in lp_parts(story.arm())}
    assert paid == {"farmer": (3 + 5 + 7) * 10, "patient": 0}


def test_profit_is_the_parts_and_the_other_profit_takes_rewards_as_sold() -> None:
    story = farmed()
    story.swap(2, "farmer", "DEX", 20, 17)
    story.pays(2, 0, "farmer", "swap", "0xrouter", 7)
    (mine,) = (parts for parts in lp_parts(story.arm()) if parts.holder == "farmer")
    assert mine.exposure == mine.change == Fraction(40, 100) * 1000 * 2  # from 2 to 4
    assert mine.profit == 800 + 160 - 70
    assert mine.profit_cashed_out == 800 + 17 + 160 - 70


def test_the_advertised_rate_is_the_mean_over_days_of_rate_by_stake() -> None:
    # Stakes: 0.4 of 1000 DEX and 2000 USD. Days 0 and 1: 2 * 86400 a day for 1600; day 2 at 1:
    # 86400 for 1200; day 3: nothing for 2400.
    a_day = [2 / 1600, 2 / 1600, 1 / 1200, 0]
    expected = 100 * 86_400 * 365 * sum(a_day) / 4
    assert measured(farmed(), "reward_apr_advertised") == pytest.approx(expected, rel=1e-12)


def test_the_realised_rate_is_the_cash_for_the_value_over_time() -> None:
    story = farmed()
    story.swap(2, "farmer", "DEX", 20, 17)
    expected = 100 * 17 / (1600 + 1600 + 1200) * 365
    assert measured(story, "reward_apr_realised") == pytest.approx(expected, rel=1e-12)


def test_rewards_cost_so_much_for_a_dollar_of_liquidity_and_day() -> None:
    story = farmed()
    story.swap(2, "farmer", "DEX", 20, 17)
    dollar_days = 4000 + 4000 + 3000
    assert measured(story, "reward_cost_bps_a_day") == pytest.approx(1e4 * 160 / dollar_days)
    cashed = measured(story, "reward_cost_bps_a_day_cashed_out")
    assert cashed == pytest.approx(1e4 * 17 / dollar_days)


def test_what_stays_when_rewards_stop_is_the_mean_after_for_the_mean_before() -> None:
    story = Story()
    worth = {0: 7, 1: 100, 2: 300, 3: 500, 4: 100, 5: 300}  # rewards on days 1 to 3
    for number, quote in worth.items():
        rate = int(1 <= number <= 3)
        story.day(number, dex="0.1", reserves=(0, quote), rate=rate)
        story.swap(number, "retail", "USD", quote // 10, 1)
    # Two days after the stop, so two before it: 300 and 500.
    assert measured(story, "tvl_retained") == pytest.approx(100 * 200 / 400)
    assert measured(story, "volume_retained") == pytest.approx(100 * 20 / 40)


@pytest.mark.parametrize("rates", [(1, 1, 1), (0, 0, 0)])
def test_where_nothing_stops_nothing_is_retained(rates: tuple[int, ...]) -> None:
    story = Story()
    for number, rate in enumerate(rates):
        story.day(number, rate=rate)
    assert isnan(measured(story, "tvl_retained"))
    assert isnan(measured(story, "volume_retained"))


def test_emission_sold_is_measured_against_the_depth_of_its_pool() -> None:
    story = farmed()
    story.swap(2, "farmer", "DEX", 20, 17)
    assert measured(story, "rewards_sold_to_depth") == 20 / 1000
    assert measured(story, "rewards_sold_share") == pytest.approx(100 * 20 / 60)
    assert measured(story, "reward_price_ratio") == 2


def test_an_emission_that_does_not_close_is_told_at_its_first_block() -> None:
    story = farmed()
    assert [each.open for each in emissions(story.arm())] == [0]
    story.rows["gauges"][1]["undistributed"] = 3
    story.rows["gauges"][2]["undistributed"] = 4
    (found,) = emissions(story.arm())
    assert (found.block, found.open) == (1, -3)

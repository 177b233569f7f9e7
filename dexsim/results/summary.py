"""A run in one table that a person can read, and the proof that its accounts close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any

from dexsim.results.accounts import Gain, TokenBalance, gains, token_balances, zero_sum
from dexsim.results.arm import Arm
from dexsim.results.attacks import open_effects
from dexsim.results.block_measures import BLOCK_MEASURES
from dexsim.results.emissions import Emission, emissions
from dexsim.results.lp_parts import LpParts, lp_parts
from dexsim.results.measures import MEASURES
from dexsim.units import format_wei


@dataclass(frozen=True)
class ArmSummary:
    """One arm in numbers. measures: by name; amounts in whole numeraire tokens."""

    arm: str
    blocks: int
    digest: str
    state_root: str
    measures: dict[str, float]
    gains: tuple[Gain, ...]
    balances: tuple[TokenBalance, ...]
    left_over: Fraction
    differences: tuple[str, ...]
    decimals: dict[str, int]
    liquidity: tuple[LpParts, ...]
    emissions: tuple[Emission, ...]
    open_effects: tuple[str, ...]

    @property
    def closes(self) -> bool:
        """Whether every sum that has to be zero is exactly that.

        Every token, all gains and losses, the parts of the profit of all
        liquidity, what every gauge emitted, what every attack did; and the chain agrees with the books.
        """
        return not self.troubles()

    def conservation(self) -> list[str]:
        """For every token, in words: what holders gained, what was minted and burned, what is left."""
        return [self._told(balance) for balance in self.balances]

    def emitted(self) -> list[str]:
        """For every gauge and reward, in words: what was emitted, where it is, what is left."""
        return [self._told_of_emission(emission) for emission in self.emissions]

    def troubles(self) -> list[str]:
        """What does not close, in words."""
        found = list(self.differences)
        found += [self._told(balance) for balance in self.balances if balance.open]
        found += [self._told_of_emission(each) for each in self.emissions if each.open]
        found += self.open_effects
        found += [_told_of_parts(parts) for parts in self.liquidity if parts.open]
        if self.left_over:
            found.append(f"all gains and losses sum to {float(self.left_over)}")
        return found

    @property
    def has_providers(self) -> bool:
        """Whether anybody provides liquidity beyond the world's first."""
        return any(parts.role not in {"liquidity", *NO_PEOPLE} for parts in self.liquidity)

    def _told_of_emission(self, emission: Emission) -> str:
        decimals = self.decimals[emission.reward]
        parts = [
            f"{name} {format_wei(getattr(emission, name), decimals)}"
            for name in ("emitted", "claimed", "claimable", "undistributed")
        ]
        when = f" in block {emission.block}" if emission.open else ""
        left_over = f"left over {_signed(Fraction(emission.open), decimals)}"
        return f"gauge {emission.gauge}, {emission.reward}{when}: {', '.join(parts)}; {left_over}"

    def _told(self, balance: TokenBalance) -> str:
        decimals = self.decimals[balance.token]
        parts = [f"holders {_signed(balance.change, decimals)}"]
        if balance.minted:
            parts.append(f"minted {format_wei(balance.minted, decimals)}")
        if balance.burned:
            word = "burnt as base fee" if balance.token == "ETH" else "burned"
            parts.append(f"{word} {format_wei(balance.burned, decimals)}")
        return f"{balance.token}: {', '.join(parts)}; left over {_signed(balance.open, decimals)}"


NO_PEOPLE = frozenset({"locked", "pool", "gauge"})
"""Roles of holders of liquidity that are nobody."""


def _told_of_parts(parts: LpParts) -> str:
    return (
        f"liquidity of {parts.holder} in {parts.market}: its value changed by "
        f"{float(parts.change):.12g}, its parts leave {float(parts.open):.6g} of that unexplained"
    )


def _signed(amount: Fraction, decimals: int) -> str:
    """An exact amount; fractions of a wei are shown as such."""
    if amount.denominator != 1:
        return f"{float(amount / 10**decimals):+.6g}"
    return format_wei(int(amount), decimals)


@dataclass(frozen=True)
class Summary:
    """All arms of a run, side by side."""

    title: str
    seed: int
    engine: str
    numeraire: str
    digest: str
    arms: tuple[ArmSummary, ...]

    @property
    def closes(self) -> bool:
        """Whether the accounts of every arm close."""
        return all(arm.closes for arm in self.arms)

    def to_dict(self) -> dict[str, Any]:
        """For `--json`: numbers, and the conservation of every arm."""
        return {
            "title": self.title,
            "seed": self.seed,
            "engine": self.engine,
            "numeraire": self.numeraire,
            "digest": self.digest,
            "accounts_close": self.closes,
            "arms": {arm.arm: _arm_dict(arm) for arm in self.arms},
        }

    def rows(self) -> list[tuple[str, str, list[float]]]:
        """The table: a name to read, a unit, and one value an arm."""
        return [
            (label, unit.replace("$", self.numeraire), [arm.measures[name] for arm in self.arms])
            for name, label, unit in LABELS
        ]

    def says(self, name: str) -> bool:
        """Whether a line of the table says anything: those about liquidity are left out without any."""
        if name in _ONLY_COMPARED:
            return False
        if name in _WITH_PROVIDERS:
            return any(arm.has_providers for arm in self.arms)
        values = [arm.measures[name] for arm in self.arms]
        return name not in _IF_ANY or any(isfinite(each) and abs(each) > _DUST for each in values)

    def __str__(self) -> str:
        head = f"{self.title or 'run'}, seed {self.seed}, {self.engine}"
        width = max(len(label) for _, label, _ in LABELS) + 2
        lines = [head, " " * (width + 8) + "".join(f"{arm.arm:>16}" for arm in self.arms)]
        for (name, _, _), (label, unit, values) in zip(LABELS, self.rows(), strict=True):
            if not self.says(name):
                continue
            cells = "".join(f"{show(value):>16}" for value in values)
            lines.append(f"{label:<{width}}{unit:>8}{cells}")
        lines.append("accounts close: " + ("yes, to the wei" if self.closes else "NO"))
        return "\n".join(lines)


LABELS: Sequence[tuple[str, str, str]] = (
    ("trades", "trades", ""),
    ("volume", "volume", "$"),
    ("retail_cost_bps", "retail paid", "bps"),
    ("retail_gas_bps", "  and gas", "bps"),
    ("retail_all_in_bps", "  in all", "bps"),
    ("retail_failures", "  trades that failed", ""),
    ("sandwiches", "sandwiches", ""),
    ("sandwiches_found", "  found in the records", "%"),
    ("sandwiches_right", "  right, of those found", "%"),
    ("victim_loss", "  victims lost", "$"),
    ("searcher_gross", "  attacker, gross", "$"),
    ("searcher_net", "  attacker, net", "$"),
    ("bundles_failed", "  bundles that failed", ""),
    ("retail_gain", "gain of traders", "$"),
    ("lp_gain", "gain of LPs", "$"),
    ("arbitrage_gain", "gain of arbitrageurs", "$"),
    ("lp_profit", "profit of liquidity", "$"),
    ("lp_exposure", "  price moves", "$"),
    ("lp_fees", "  fees", "$"),
    ("lp_lvr", "  LVR (what trades took), paid", "$"),
    ("lp_lvr_to_arbitrage", "    to arbitrageurs", "$"),
    ("lp_other", "  other", "$"),
    ("lp_incentives", "  rewards, at market", "$"),
    ("lp_incentives_cashed_out", "    sold for", "$"),
    ("lp_gas", "  gas, paid", "$"),
    ("fee_apr", "fees a year", "%"),
    ("reward_apr_advertised", "rewards a year, advertised", "%"),
    ("reward_apr_realised", "  realised", "%"),
    ("reward_cost_bps_a_day", "rewards a day", "bps"),
    ("reward_cost_bps_a_day_cashed_out", "  sold for", "bps"),
    ("rewards_sold_share", "rewards that were sold", "%"),
    ("rewards_sold_to_depth", "  for their pools' depth", ""),
    ("reward_price_ratio", "reward's price, end to start", ""),
    ("reward_price_lost", "  lost", "%"),
    ("tvl_retained", "liquidity after rewards stop", "%"),
    ("volume_retained", "  volume", "%"),
    ("wash_share", "volume with oneself", "%"),
    ("peg_premium_bps", "issued token above its backing", "bps"),
    ("peg_discount_bps", "  below it", "bps"),
    ("tracking_error_bps", "  off it, root mean square", "bps"),
    ("leavers_lost_bps", "who left lost, at the worst", "bps"),
    ("missing_bps", "what the bidder did not get", "bps"),
    ("buyout_multiple", "  paid, by the first price", ""),
    ("treasury_gain", "gain of treasuries", "$"),
    ("builder_revenue", "builder revenue", "$"),
    ("burnt", "burnt gas", "$"),
    ("reverts", "reverted transactions", ""),
    ("deadweight", "  for nobody's trade", "$"),
    ("inclusion_delay_seconds", "orders waited", "s"),
    ("reorder_distance", "pairs out of order", "%"),
    ("retail_refund_bps", "  paid back", "bps"),
    ("retail_unfilled", "orders not executed", "%"),
)
"""What the table shows: measure, name to read, unit ($: the numeraire)."""

_WITH_PROVIDERS = frozenset({"lp_profit", "lp_exposure", "lp_fees", "lp_lvr", "lp_gas", "fee_apr"})
"""Said only where somebody provides liquidity beyond the world's first."""

_ONLY_COMPARED = frozenset({"retail_all_in_bps", *(measure.__name__ for measure in BLOCK_MEASURES)})
"""Said where structures are compared: in one run they say little."""

_DUST = 1e-9
_IF_ANY = frozenset(
    {
        "sandwiches_found",
        "sandwiches_right",
        "lp_lvr_to_arbitrage",
        "lp_other",
        "lp_incentives",
        "lp_incentives_cashed_out",
        "reward_apr_advertised",
        "reward_apr_realised",
        "reward_cost_bps_a_day",
        "reward_cost_bps_a_day_cashed_out",
        "rewards_sold_share",
        "rewards_sold_to_depth",
        "reward_price_ratio",
        "reward_price_lost",
        "tvl_retained",
        "volume_retained",
        "wash_share",
        "peg_premium_bps",
        "peg_discount_bps",
        "tracking_error_bps",
        "leavers_lost_bps",
        "missing_bps",
        "buyout_multiple",
        "treasury_gain",
    }
)
"""Said only where they are a number other than zero."""


def show(value: float) -> str:
    """A number as people read it; a dash where there is none."""
    if not isfinite(value):
        return "-"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) >= 0.01 else f"{value:.2g}"


def summarize(arm: Arm) -> ArmSummary:
    """Measure one arm."""
    return ArmSummary(
        arm=arm.name,
        blocks=arm.last_block,
        digest=arm.about["digest"],
        state_root=arm.about["state_root"],
        measures={name: measure(arm) for name, measure in MEASURES.items()},
        gains=tuple(gains(arm)),
        balances=tuple(token_balances(arm)),
        left_over=zero_sum(arm),
        differences=tuple(arm.about["differences"]),
        decimals=dict(arm.decimals),
        liquidity=tuple(arm.kept(lp_parts)),
        emissions=tuple(emissions(arm)),
        open_effects=tuple(open_effects(arm)),
    )


def _arm_dict(arm: ArmSummary) -> dict[str, Any]:
    return {
        "blocks": arm.blocks,
        "digest": arm.digest,
        "state_root": arm.state_root,
        "measures": {n: value if isfinite(value) else None for n, value in arm.measures.items()},
        "gains": {gain.holder: float(gain.value) for gain in arm.gains if gain.changes},
        "conservation": {
            balance.token: {
                "minted": str(balance.minted),
                "burned": str(balance.burned),
                "left_over": str(balance.open),
            }
            for balance in arm.balances
        },
        "liquidity": [_parts_dict(parts) for parts in arm.liquidity],
        "emissions": [_emission_dict(emission) for emission in arm.emissions],
        "gains_and_losses_sum_to": str(arm.left_over),
        "accounts_close": arm.closes,
        "differences": list(arm.differences),
    }


_PARTS = (
    "opening",
    "closing",
    "flow",
    "exposure",
    "fees",
    "lvr",
    "lvr_to_arbitrage",
    "other",
    "trading",
    "gas",
    "profit",
    "profit_cashed_out",
)


def _parts_dict(parts: LpParts) -> dict[str, Any]:
    """The split of a holder's profit: whole numeraire tokens, as near as a float comes."""
    return {
        "holder": parts.holder,
        "market": parts.market,
        **{name: float(getattr(parts, name)) for name in _PARTS},
        "incentives": float(parts.rewards.at_market),
        "incentives_cashed_out": float(parts.rewards.cashed_out),
        "incentives_kept": float(parts.rewards.kept),
        "left_over": str(parts.open),
    }


def _emission_dict(emission: Emission) -> dict[str, str]:
    amounts = ("emitted", "claimed", "claimable", "undistributed")
    return {
        "gauge": emission.gauge,
        "reward": emission.reward,
        **{name: str(getattr(emission, name)) for name in amounts},
        "left_over": str(emission.open),
    }

"""A run in one table that a person can read, and the proof that its accounts close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dexsim.results.accounts import Gain, TokenBalance, gains, token_balances, zero_sum
from dexsim.results.arm import Arm
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

    @property
    def closes(self) -> bool:
        """Whether every token and the sum of all gains come out at exactly zero, and the chain agrees."""
        tokens_close = all(balance.open == 0 for balance in self.balances)
        return tokens_close and self.left_over == 0 and not self.differences

    def conservation(self) -> list[str]:
        """For every token, in words: what holders gained, what was minted and burned, what is left."""
        return [self._told(balance) for balance in self.balances]

    def _told(self, balance: TokenBalance) -> str:
        decimals = self.decimals[balance.token]
        parts = [f"holders {_signed(balance.change, decimals)}"]
        if balance.minted:
            parts.append(f"minted {format_wei(balance.minted, decimals)}")
        if balance.burned:
            word = "burnt as base fee" if balance.token == "ETH" else "burned"
            parts.append(f"{word} {format_wei(balance.burned, decimals)}")
        return f"{balance.token}: {', '.join(parts)}; left over {_signed(balance.open, decimals)}"


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

    def __str__(self) -> str:
        head = f"{self.title or 'run'}, seed {self.seed}, {self.engine}"
        width = max(len(label) for _, label, _ in LABELS) + 2
        lines = [head, " " * (width + 8) + "".join(f"{arm.arm:>16}" for arm in self.arms)]
        for label, unit, values in self.rows():
            cells = "".join(f"{show(value):>16}" for value in values)
            lines.append(f"{label:<{width}}{unit:>8}{cells}")
        lines.append("accounts close: " + ("yes, to the wei" if self.closes else "NO"))
        return "\n".join(lines)


LABELS: Sequence[tuple[str, str, str]] = (
    ("trades", "trades", ""),
    ("volume", "volume", "$"),
    ("retail_cost_bps", "retail paid", "bps"),
    ("retail_gas_bps", "  and gas", "bps"),
    ("retail_failures", "  trades that failed", ""),
    ("sandwiches", "sandwiches", ""),
    ("victim_loss", "  victims lost", "$"),
    ("searcher_gross", "  attacker, gross", "$"),
    ("searcher_net", "  attacker, net", "$"),
    ("bundles_failed", "  bundles that failed", ""),
    ("retail_gain", "gain of traders", "$"),
    ("lp_gain", "gain of LPs", "$"),
    ("arbitrage_gain", "gain of arbitrageurs", "$"),
    ("builder_revenue", "builder revenue", "$"),
    ("burnt", "burnt gas", "$"),
    ("reverts", "reverted transactions", ""),
)
"""What the table shows: measure, name to read, unit ($: the numeraire)."""


def show(value: float) -> str:
    """A number as people read it."""
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
    )


def _arm_dict(arm: ArmSummary) -> dict[str, Any]:
    return {
        "blocks": arm.blocks,
        "digest": arm.digest,
        "state_root": arm.state_root,
        "measures": arm.measures,
        "gains": {gain.holder: float(gain.value) for gain in arm.gains if gain.changes},
        "conservation": {
            balance.token: {
                "minted": str(balance.minted),
                "burned": str(balance.burned),
                "left_over": str(balance.open),
            }
            for balance in arm.balances
        },
        "gains_and_losses_sum_to": str(arm.left_over),
        "accounts_close": arm.closes,
        "differences": list(arm.differences),
    }

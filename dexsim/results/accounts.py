"""Who gained what: every change of every holder, exact, and the proof that it adds up.

LP tokens are looked through: whoever holds them, or has them staked, owns
that part of the pool's reserves. So a pool and a gauge own nothing
themselves, and a holder's position is a fraction of wei, kept exact.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dexsim.results.arm import Arm, Row

Holdings = dict[str, dict[str, Fraction]]
"""By holder, then by token: wei."""


@dataclass(frozen=True, slots=True)
class TokenBalance:
    """How a token's changes close: what all holders gained is what was minted less what was burned."""

    token: str
    change: Fraction
    minted: int
    burned: int

    @property
    def open(self) -> Fraction:
        """What is left over; 0 when the accounts close."""
        return self.change - self.minted + self.burned


@dataclass(frozen=True, slots=True)
class Gain:
    """What a holder gained over the run in each token (wei), and at the end's prices (numeraire)."""

    holder: str
    role: str
    changes: dict[str, Fraction]
    value: Fraction


def liquidity(arm: Arm, block: int) -> dict[tuple[str, str], int]:
    """LP tokens by holder and market at the end of a block, those staked in a gauge included.

    A stake belongs to its staker; a gauge has what lies there beyond all stakes.
    """
    held: dict[tuple[str, str], int] = defaultdict(int)
    gauges = arm.about["gauges"]
    for row in arm.at_block("balances", block):
        token, amount, holder = row["token"], row["amount"], row["agent"]
        if token.startswith("LP "):
            held[holder, token.removeprefix("LP ")] += amount
        elif token.startswith("staked "):
            gauge = token.removeprefix("staked ")
            held[holder, gauges[gauge]] += amount
            held[f"gauge {gauge}", gauges[gauge]] -= amount
    return dict(held)


def holdings(arm: Arm, block: int) -> Holdings:
    """What everybody owns at the end of a block, LP tokens looked through."""
    pools = {row["market"]: row for row in arm.at_block("pools", block)}
    owned: Holdings = defaultdict(lambda: defaultdict(Fraction))
    for (holder, market), amount in liquidity(arm, block).items():
        for token, part in _share(pools[market], amount):
            owned[holder][token] += part
    for row in arm.at_block("balances", block):
        if not row["token"].startswith(("LP ", "staked ")):
            owned[row["agent"]][row["token"]] += _owned(row, pools)
    return owned


def _owned(row: Row, pools: dict[str, Row]) -> int:
    """A balance, without what is held on behalf of others."""
    token, amount, holder = row["token"], int(row["amount"]), row["agent"]
    pool = pools.get(holder.removeprefix("pool ")) if holder.startswith("pool ") else None
    if pool is not None and token in {pool["base"], pool["quote"]} and pool["lp_supply"]:
        # The reserves are the liquidity's; donations belong to nobody yet.
        amount -= pool["base_reserve"] if token == pool["base"] else pool["quote_reserve"]
    return amount


def _share(pool: Row, lp_amount: int) -> list[tuple[str, Fraction]]:
    if not pool["lp_supply"]:
        return []
    share = Fraction(lp_amount, pool["lp_supply"])
    return [
        (pool["base"], share * pool["base_reserve"]),
        (pool["quote"], share * pool["quote_reserve"]),
    ]


def gains(arm: Arm) -> list[Gain]:
    """Every holder's change from the set-up to the end, in the order of the agents table."""
    before, after = holdings(arm, 0), holdings(arm, arm.last_block)
    roles = {row["agent"]: row["role"] for row in arm.rows("agents")}
    found = []
    for holder in dict.fromkeys([*roles, *before, *after]):
        tokens = sorted({*before.get(holder, {}), *after.get(holder, {})})
        changes = {
            token: after[holder][token] - before[holder][token]
            for token in tokens
            if after[holder][token] != before[holder][token]
        }
        value = sum((arm.value(token, change) for token, change in changes.items()), Fraction(0))
        found.append(Gain(holder, roles.get(holder, "others"), changes, value))
    return found


def token_balances(arm: Arm) -> list[TokenBalance]:
    """For every token, native money included: the changes of all holders against mints and burns."""
    minted: dict[str, int] = defaultdict(int)
    burned: dict[str, int] = defaultdict(int)
    for row in arm.rows("supplies"):
        if row["block"] > 0:
            minted[row["token"]] += row["minted"]
            burned[row["token"]] += row["burned"]
    changed: dict[str, Fraction] = defaultdict(Fraction)
    for gain in gains(arm):
        for token, change in gain.changes.items():
            changed[token] += change
    return [
        TokenBalance(token, changed[token], minted[token], burned[token]) for token in arm.decimals
    ]


def zero_sum(arm: Arm) -> Fraction:
    """All gains and losses at the end's prices, less what was minted, plus what was burned: exactly 0."""
    total = sum((gain.value for gain in gains(arm)), Fraction(0))
    for balance in token_balances(arm):
        total -= arm.value(balance.token, balance.minted - balance.burned)
    return total

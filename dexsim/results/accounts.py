"""Who gained what: every change of every holder, exact, and the proof that it adds up.

LP tokens are looked through: whoever holds them, or has them staked, owns
that part of the pool's reserves. So a pool and a gauge own nothing
themselves, and a holder's position is a fraction of wei, kept exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
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


def holdings(arm: Arm, block: int) -> Holdings:
    """What everybody owns at the end of a block, LP tokens looked through."""
    pools = {row["market"]: row for row in arm.at_block("pools", block)}
    rows = arm.at_block("balances", block)
    staked: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["token"].startswith("staked "):
            staked["gauge " + row["token"].removeprefix("staked ")] += row["amount"]
    owned: Holdings = defaultdict(lambda: defaultdict(Fraction))
    for row in rows:
        for token, amount in _owned(row, pools, arm, staked):
            owned[row["agent"]][token] += amount
    return owned


def _owned(
    row: Row, pools: dict[str, Row], arm: Arm, staked: Mapping[str, int]
) -> list[tuple[str, Fraction]]:
    """A balance as what it stands for; nothing for what is held on behalf of others."""
    token, amount, holder = row["token"], row["amount"], row["agent"]
    if token.startswith("LP "):
        market = token.removeprefix("LP ")
        if arm.about["gauges"].get(holder.removeprefix("gauge ")) == market and holder in staked:
            amount -= staked[holder]  # stakes belong to their stakers; what else is here does not
        return _share(pools[market], amount)
    if token.startswith("staked "):
        return _share(pools[arm.about["gauges"][token.removeprefix("staked ")]], amount)
    pool = pools.get(holder.removeprefix("pool ")) if holder.startswith("pool ") else None
    if pool is not None and token in {pool["base"], pool["quote"]}:
        reserve = pool["base_reserve"] if token == pool["base"] else pool["quote_reserve"]
        owned = reserve if pool["lp_supply"] else 0
        return [(token, Fraction(amount - owned))]  # donations belong to nobody yet
    return [(token, Fraction(amount))]


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

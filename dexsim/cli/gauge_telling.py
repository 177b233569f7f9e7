"""What `dexsim gauge` tells: stakes, what they earn, what was paid."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from dexsim.cli.console import say, strong
from dexsim.cli.working import paid_gas, tell_facts, tell_object
from dexsim.market.working.amounts import exactly, percent, price
from dexsim.market.working.outcomes import moved
from dexsim.market.working.providing import SHARE_DECIMALS
from dexsim.market.working.staking import Stakes, claimable, claimed
from dexsim.units import format_wei

if TYPE_CHECKING:
    from dexsim.chain.node_wire import NodeReceipt
    from dexsim.chain.types import Address
    from dexsim.market.erc20 import Erc20

_DAY = 86_400


def tell_gauge(stakes: Stakes, who: Address | None, *, json: bool) -> None:
    """Everything about a gauge. who: whose stake is told of."""
    if json:
        tell_object(_gauge_object(stakes, who))
        return
    gauge, reward = stakes.gauge, stakes.gauge.reward
    total, rate = gauge.total_staked(), stakes.rate()
    supply = stakes.market.pool.lp_supply()
    part = f", {percent(Fraction(total, supply))} of all" if supply else ""
    say(
        f"{strong(stakes.name)} of {stakes.plan}, for LP of {stakes.market.name}, at {gauge.address}"
    )
    daily = price(rate * _DAY / 10**reward.decimals)
    facts = {
        "staked": f"{_lp(total)}{part}",
        "pays": f"{daily} {reward} a day" if rate else "",
        "rewards": ", ".join(map(str, stakes.rewards)),
    }
    if who is not None:
        mine = gauge.staked(who)
        share = f", {percent(Fraction(mine, total))} of the stakes" if total else ""
        facts["of these"] = f"{_lp(mine)}{share}: {who}"
        facts["can claim"] = _amounts(claimable(stakes, who))
    tell_facts(facts)


def stake_facts(verb: str, stakes: Stakes, amount: int) -> dict[str, str]:
    """What a stake or a withdrawal will do."""
    market = stakes.market
    facts = {verb: f"{_lp(amount)} of {market.name} ({market.pair})", "gauge": stakes.gauge.address}
    rewards = ", ".join(map(str, stakes.rewards))
    return facts | ({"earns": rewards} if verb == "stake" else {})


def tell_staked(stakes: Stakes, receipts: list[NodeReceipt], who: Address) -> None:
    """What a stake or a withdrawal moved, by the LP token's events."""
    shares, gauge = stakes.market.shares, stakes.gauge
    given = moved(shares, receipts[-1], sender=who, to=gauge.address)
    taken = moved(shares, receipts[-1], sender=gauge.address, to=who)
    done = f"staked {_lp(given)}" if given else f"got {_lp(taken)} back"
    say(f"{strong(done)}; {who} has {_lp(gauge.staked(who))} staked now; {paid_gas(receipts)}")


def claim_facts(stakes: Stakes, owner: Address) -> dict[str, str]:
    """What a claim would pay."""
    now = _amounts(claimable(stakes, owner))
    return {"claim": f"{now} by the newest block, and what comes until it is mined", "to": owner}


def tell_claimed(stakes: Stakes, receipts: list[NodeReceipt], owner: Address) -> None:
    """What a claim paid."""
    paid = claimed(stakes, receipts[-1], owner)
    got = f"got {_amounts(paid)}" if paid else "there was nothing to claim"
    say(f"{strong(got)}; {paid_gas(receipts)}")


def _lp(amount: int) -> str:
    return f"{exactly(amount, SHARE_DECIMALS)} LP"


def _amounts(amounts: list[tuple[Erc20, int]]) -> str:
    return ", ".join(f"{exactly(amount, token.decimals)} {token}" for token, amount in amounts)


def _gauge_object(stakes: Stakes, who: Address | None) -> dict[str, object]:
    gauge, reward = stakes.gauge, stakes.gauge.reward
    found: dict[str, object] = {
        "name": stakes.name,
        "plan": stakes.plan,
        "pool": stakes.market.name,
        "address": gauge.address,
        "staked": format_wei(gauge.total_staked()),
        "reward": reward.symbol,
        "rate_per_second": format_wei(int(stakes.rate()), reward.decimals),
    }
    if who is not None:
        found |= {
            "account": who,
            "account_staked": format_wei(gauge.staked(who)),
            "claimable": {
                token.symbol: format_wei(amount, token.decimals)
                for token, amount in claimable(stakes, who)
            },
        }
    return found

"""A gauge at hand: LP tokens staked and taken back, rewards claimed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from dexsim.chain.types import Address, Receipt, Transaction
from dexsim.errors import ArtifactError, Reverted, ScenarioError, TransactionRejected
from dexsim.market.deploying.book import Book
from dexsim.market.erc20 import Erc20
from dexsim.market.gauge import Gauge
from dexsim.market.minter import Minter
from dexsim.market.working.acting import Action, approvals_for
from dexsim.market.working.amounts import exactly
from dexsim.market.working.markets import Market, market_of
from dexsim.market.working.outcomes import moved
from dexsim.market.working.providing import SHARE_DECIMALS, lp_of
from dexsim.market.working.tokens import find_token, token_of
from dexsim.units import Wei

STAKE_GAS_LIMIT = 500_000  # up to eight rewards are paid at once


@dataclass(frozen=True, kw_only=True)
class Stakes:
    """A gauge with its pool and what it pays, the minter's reward first."""

    name: str
    plan: str
    gauge: Gauge
    market: Market
    rewards: tuple[Erc20, ...]

    def rate(self) -> Fraction:
        """What the minter's reward gives this gauge a second now, in wei; 0 where none emits."""
        try:
            minter = Minter(
                self.gauge.contract.read.minter(),
                self.gauge.contract.chain,
                reward=self.gauge.reward,
            )
            total = minter.total_weight()
            return (
                Fraction(minter.rate() * minter.weight(self.gauge), total) if total else Fraction(0)
            )
        except (Reverted, ArtifactError):  # a gauge without a minter streams what others bring
            return Fraction(0)


def find_stakes(book: Book, said: str | None) -> Stakes:
    """A gauge by its name, its pool's name, or its address; the only one needs no name.

    Raises ScenarioError, DeploymentError.
    """
    try:
        entry = book.gauge(said)
    except ScenarioError as error:
        raise error.within("GAUGE") from None
    facts = entry.record.gauge
    assert facts is not None
    market = market_of(book, book.beside(entry, facts.pool))
    reward = token_of(book.beside(entry, facts.reward), book.chain)
    gauge = Gauge(entry.address, book.chain, pool=market.pool, reward=reward)
    others = (each for each in gauge.reward_tokens() if each != reward.address)
    rewards = (reward, *(find_token(book, each) for each in others))
    return Stakes(name=entry.name, plan=entry.plan, gauge=gauge, market=market, rewards=rewards)


def lp_to_stake(stakes: Stakes, owner: Address, *, share: str | None, lp_amount: str | None) -> Wei:
    """How many of the owner's LP tokens are meant. Raises ScenarioError, TransactionRejected."""
    held = stakes.market.pool.lp_balance(owner)
    return _had(held, owner, f"LP of {stakes.market.name}", share, lp_amount)


def lp_to_withdraw(
    stakes: Stakes, owner: Address, *, share: str | None, lp_amount: str | None
) -> Wei:
    """How many of the owner's staked LP tokens are meant. Raises ScenarioError, TransactionRejected."""
    return _had(stakes.gauge.staked(owner), owner, f"LP in {stakes.name}", share, lp_amount)


def deposit_action(stakes: Stakes, sender: Address, lp_amount: Wei) -> Action:
    """The approval that is missing, and the stake."""
    gauge = stakes.gauge
    what = f"{exactly(lp_amount, SHARE_DECIMALS)} LP to {stakes.name}"
    wanted = [(stakes.market.shares, lp_amount, what)]
    tx = gauge.deposit(sender, lp_amount=lp_amount)
    return Action(
        sender=sender,
        approvals=approvals_for(sender, gauge.address, wanted),
        transactions=(_limited(tx, f"stake in {stakes.name}"),),
    )


def withdraw_action(stakes: Stakes, sender: Address, lp_amount: Wei) -> Action:
    """The stake back; what was earned stays claimable."""
    tx = stakes.gauge.withdraw(sender, lp_amount=lp_amount)
    return _action(sender, tx, f"withdrawal from {stakes.name}")


def claim_action(stakes: Stakes, sender: Address, owner: Address) -> Action:
    """Everything that `owner` has earned, paid to them. Raises TransactionRejected for nothing."""
    if not stakes.gauge.staked(owner) and not any(amount for _, amount in claimable(stakes, owner)):
        raise TransactionRejected(f"{owner} has no stake in {stakes.name} and nothing to claim")
    tx = stakes.gauge.claim(sender, owner=owner)
    return _action(sender, tx, f"claim from {stakes.name}")


def claimable(stakes: Stakes, owner: Address) -> list[tuple[Erc20, Wei]]:
    """What an account could claim now, of each reward."""
    return [(token, stakes.gauge.claimable(owner, token)) for token in stakes.rewards]


def claimed(stakes: Stakes, receipt: Receipt, owner: Address) -> list[tuple[Erc20, Wei]]:
    """What a claim paid to its owner, of each reward that it paid, by the tokens' events."""
    gauge = stakes.gauge.address
    paid = [(token, moved(token, receipt, sender=gauge, to=owner)) for token in stakes.rewards]
    return [(token, amount) for token, amount in paid if amount]


def _had(held: Wei, owner: Address, what: str, share: str | None, lp_amount: str | None) -> Wei:
    amount = lp_of(held, share=share, lp_amount=lp_amount)
    if amount > held or not amount:
        wanted = f", not {exactly(amount, SHARE_DECIMALS)}" if amount else ""
        raise TransactionRejected(f"{owner} has {exactly(held, SHARE_DECIMALS)} {what}{wanted}")
    return amount


def _action(sender: Address, tx: Transaction, what: str) -> Action:
    return Action(sender=sender, transactions=(_limited(tx, what),))


def _limited(tx: Transaction, what: str) -> Transaction:
    return replace(tx, gas_limit=STAKE_GAS_LIMIT, what=what)

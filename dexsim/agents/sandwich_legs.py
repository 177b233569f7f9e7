"""The two legs of a sandwich, through the searcher's own contract or through routers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from dexsim.agents.victims import Victim
from dexsim.blockspace.labels import SandwichLabel
from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction
from dexsim.cpmm import Frontrun
from dexsim.market.adapted import AnyPool, Door
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool
from dexsim.market.searcher import ALL, Searcher


@dataclass(frozen=True)
class Plan:
    """A sandwich of victims who sell the same token in the same pool.

    legs: what is bought, sold and gained, `profit` less the cost. cost: of gas at these tips, wei of
    the token that victims sell. tip: wei per gas of both legs. bid: wei of native money for the
    builder besides, worth bid_cost wei of the token.
    """

    victims: tuple[Victim, ...]
    legs: Frontrun
    cost: int
    tip: int
    bid: int = 0
    bid_cost: int = 0

    @property
    def pool(self) -> AnyPool:
        """Where."""
        return self.victims[0].pool

    @property
    def token_in(self) -> Erc20:
        """What the front-run sells."""
        return self.victims[0].token_in

    @property
    def least_profit(self) -> int:
        """What has to come back beyond the input, or it was not worth it."""
        return self.cost + self.bid_cost


class Purse(Protocol):
    """What holds the capital, and writes the legs. The last one reverts without its least profit."""

    @property
    def account(self) -> Account:
        """Who sends the legs."""

    def holder(self, token: Erc20) -> Account | Searcher:
        """Who holds the capital of a token."""

    def front(self, plan: Plan, *, least_out: int) -> Transaction:
        """Buy, or revert for less than `least_out` wei."""

    def back(self, plan: Plan, *, least_profit: int, amount: int = ALL) -> Transaction:
        """Sell so much of what was bought; all of it, in a bundle."""


@dataclass(frozen=True)
class ExecutorPurse:
    """Trades with pools directly, by a contract of the searcher's own for each token of its capital.

    So, after a bundle's first leg, what a contract holds of any other token is what it has just bought,
    and the last one sells all of that, however much it is. In the open a first leg can land without
    its last one, and a stock be left: there the amount has to be named.
    """

    account: Account
    contracts: Mapping[str, Searcher]

    def holder(self, token: Erc20) -> Searcher:
        """The contract that holds it."""
        return self.contracts[token.symbol]

    def front(self, plan: Plan, *, least_out: int) -> Transaction:
        """Buy, or revert for less."""
        return self.holder(plan.token_in).swap(
            pools=[_plain(plan.pool)],
            token_in=plan.token_in,
            amount_in=plan.legs.frontrun_in,
            least_out=least_out,
        )

    def back(self, plan: Plan, *, least_profit: int, amount: int = ALL) -> Transaction:
        """Sell, tip the builder, or revert without the profit."""
        return self.holder(plan.token_in).finish(
            pools=[_plain(plan.pool)],
            token_in=plan.pool.other(plan.token_in),
            amount_in=amount,
            cost=plan.legs.frontrun_in,
            least_profit=least_profit,
            tip=plan.bid,
        )


@dataclass(frozen=True)
class RouterPurse:
    """Trades as everybody does: for pools that only their own doors can trade with. Cannot bid."""

    account: Account
    doors: dict[str, Door]

    def holder(self, token: Erc20) -> Account:
        """The account."""
        return self.account

    def front(self, plan: Plan, *, least_out: int) -> Transaction:
        """Buy, or revert for less than the plan says: as much is sold again."""
        return self._swap(plan, plan.token_in, plan.legs.frontrun_in, plan.legs.frontrun_out)

    def back(self, plan: Plan, *, least_profit: int, amount: int = ALL) -> Transaction:
        """Sell what the plan says, or revert without the profit."""
        bought, least = plan.pool.other(plan.token_in), plan.legs.frontrun_in + least_profit
        return self._swap(plan, bought, plan.legs.frontrun_out, least)

    def _swap(self, plan: Plan, token: Erc20, amount: int, least: int) -> Transaction:
        return self.doors[plan.pool.market].swap(
            self.account, pool=plan.pool, token_in=token, amount_in=amount, min_amount_out=least
        )


def tipped(tx: Transaction, tip: int, nonce: int | None = None) -> Transaction:
    """A transaction with its tip, wei per gas."""
    return replace(tx, max_priority_fee_per_gas=tip, nonce=nonce)


def sandwich_label(plan: Plan) -> SandwichLabel:
    """What the legs are meant to be: the front-run first, the back-run last."""
    behind = len(plan.victims) + 1
    return SandwichLabel(
        market=plan.pool.market,
        token=plan.token_in.symbol,
        frontrun=0,
        victims=tuple(range(1, behind)),
        backrun=behind,
        expected_profit=plan.legs.profit,
    )


def _plain(pool: AnyPool) -> Pool:
    assert isinstance(pool, Pool)
    return pool

"""Handles on a gauge and on the incentive token that it pays."""

from __future__ import annotations

from functools import cache

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, Transaction
from dexsim.market.adapted import AnyPool
from dexsim.market.contract import Contract
from dexsim.market.erc20 import Erc20


@cache
def gauge_interface() -> Interface:
    """The ABI of dexsim's gauge."""
    return Interface(shipped("gauge").abi)


class Gauge:
    """Stake a pool's LP tokens, earn a reward token. Amounts in wei."""

    def __init__(
        self, address: Address, chain: Reader | None = None, *, pool: AnyPool, reward: Erc20
    ) -> None:
        self.pool = pool
        self.reward = reward
        self.contract = Contract(gauge_interface(), address, chain, name="gauge")

    @property
    def address(self) -> Address:
        """Where the gauge lives; the spender of LP tokens to approve."""
        return self.contract.address

    def deposit(self, sender: Account | Address, *, lp_amount: int) -> Transaction:
        """Stake LP tokens."""
        return self.contract.write.deposit(sender, lp_amount)  # type: ignore[no-any-return]

    def withdraw(self, sender: Account | Address, *, lp_amount: int) -> Transaction:
        """Take staked LP tokens back; what was earned stays claimable."""
        return self.contract.write.withdraw(sender, lp_amount)  # type: ignore[no-any-return]

    def claim(self, sender: Account | Address) -> Transaction:
        """Have the earned rewards minted."""
        return self.contract.write.claim(sender)  # type: ignore[no-any-return]

    def staked(self, who: Account | Address) -> int:
        """LP tokens that an account has staked."""
        return int(self.contract.read.staked(who))

    def total_staked(self) -> int:
        """LP tokens that everybody has staked."""
        return int(self.contract.read.total_staked())

    def claimable(self, who: Account | Address) -> int:
        """Rewards that an account could claim now."""
        return int(self.contract.read.claimable(who))

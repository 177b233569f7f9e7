"""A handle on a gauge: stakes, and the rewards that they earn."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TypeAlias

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, Transaction
from dexsim.market.adapted import AnyPool
from dexsim.market.contract import Contract
from dexsim.market.erc20 import Erc20

Token: TypeAlias = Erc20 | Address
_ONE = 10**36


@cache
def gauge_interface() -> Interface:
    """The ABI of dexsim's gauge."""
    return Interface(shipped("gauge").abi)


class Gauge:
    """Stake a pool's LP tokens, earn rewards. Amounts in wei.

    reward: what its minter emits. A token that is left out is that one; others are streamed.
    """

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

    # --- stakers ----------------------------------------------------------------

    def deposit(
        self, sender: Account | Address, *, lp_amount: int, to: Account | Address | None = None
    ) -> Transaction:
        """Stake LP tokens, which have to be approved; to: whose stake they become."""
        owner = sender if to is None else to
        return self.contract.write.deposit(sender, lp_amount, owner)  # type: ignore[no-any-return]

    def withdraw(self, sender: Account | Address, *, lp_amount: int) -> Transaction:
        """Take staked LP tokens back; what was earned stays claimable."""
        return self.contract.write.withdraw(sender, lp_amount)  # type: ignore[no-any-return]

    def claim(
        self,
        sender: Account | Address,
        *,
        owner: Account | Address | None = None,
        token: Token | None = None,
    ) -> Transaction:
        """Have earned rewards paid: all of them, or one token alone; to their owner, whoever asks."""
        owner = sender if owner is None else owner
        which = [] if token is None else [token]
        return self.contract.write.claim(sender, owner, *which)  # type: ignore[no-any-return]

    def exit(self, sender: Account | Address) -> Transaction:
        """Take the whole stake back and have all rewards paid."""
        return self.contract.write.exit(sender)  # type: ignore[no-any-return]

    def emergency_exit(self, sender: Account | Address) -> Transaction:
        """Take the whole stake back and give up all rewards that are not claimed."""
        return self.contract.write.emergency_exit(sender)  # type: ignore[no-any-return]

    # --- who pays -----------------------------------------------------------------

    def add_reward(
        self,
        sender: Account | Address,
        *,
        token: Token,
        distributor: Account | Address,
        duration: int,
    ) -> Transaction:
        """Have another token streamed, in periods of so many seconds; only for the gauge's owner."""
        write = self.contract.write
        return write.add_reward(sender, token, distributor, duration)  # type: ignore[no-any-return]

    def notify(self, sender: Account | Address, *, token: Token, amount: int) -> Transaction:
        """Start a period of a streamed reward; the distributor pays for it, by an approval."""
        return self.contract.write.notify(sender, token, amount)  # type: ignore[no-any-return]

    # --- what anybody can read ----------------------------------------------------

    def staked(self, who: Account | Address) -> int:
        """LP tokens that an account has staked."""
        return int(self.contract.read.staked(who))

    def total_staked(self) -> int:
        """LP tokens that everybody has staked."""
        return int(self.contract.read.total_staked())

    def reward_tokens(self) -> tuple[Address, ...]:
        """Every token that is paid."""
        read = self.contract.read
        return tuple(read.reward_tokens(place) for place in range(read.reward_count()))

    def claimable(self, who: Account | Address, token: Token | None = None) -> int:
        """Rewards that an account could claim now, rounded down."""
        return int(self.contract.read.claimable(who, self._which(token)))

    def claimed(self, who: Account | Address, token: Token | None = None) -> int:
        """Rewards that an account was paid."""
        return int(self.contract.read.claimed(who, self._which(token)))

    def emitted(self, token: Token | None = None) -> int:
        """What there was to earn: all that is claimed, owed and undistributed."""
        return int(self.contract.read.emitted(self._which(token)))

    def undistributed(self, token: Token | None = None) -> int:
        """Rewards that belong to nobody, rounded down."""
        return int(self.contract.read.undistributed(self._which(token)))

    def owed_exactly(self, who: Account | Address, token: Token | None = None) -> Fraction:
        """What `claimable` rounds down: fractions of a wei are kept until they make one."""
        return Fraction(self.contract.read.claimable_exact(who, self._which(token)), _ONE)

    def undistributed_exactly(self, token: Token | None = None) -> Fraction:
        """`emitted` less all that is claimed and owed exactly."""
        return Fraction(self.contract.read.undistributed_exact(self._which(token)), _ONE)

    def _which(self, token: Token | None) -> Token:
        return self.reward if token is None else token

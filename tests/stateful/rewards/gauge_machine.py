"""The gauge and its incentive token."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from dexsim.chain.types import Transaction
from dexsim.testing import reverts
from tests.stateful.rewards.machine import (
    ACCOUNTS,
    E18,
    OPERATOR,
    PEOPLE,
    STRANGER,
    WALKERS,
    StakeMachine,
    delays,
    holdings,
)


class GaugeMachine(StakeMachine):
    """A constant emission with a cap, shared by stakes; claims mint."""

    label = "gauge"
    promises: ClassVar[set[str]] = {"R01", "R02", "R03", "R04", "R05", "R06", "R07"}
    rules: ClassVar[set[str]] = StakeMachine.rules | {"name_minter", "give"}
    refusals: ClassVar[set[str]] = StakeMachine.refusals | {"mint as a stranger"}
    situations: ClassVar[set[str]] = StakeMachine.situations | {
        *("the end of the emission", "a time before its start", "no minter yet"),
    }

    @initialize(
        rate=st.sampled_from([1, 999, 10**15, 7 * E18 + 3]),
        seconds=st.sampled_from([10**5, 10**8, 10**11]),
        start=st.sampled_from([-1000, 0, 500]),
        minter=st.sampled_from([True, True, True, False]),
        holding=holdings,
    )
    def open(self, rate: int, seconds: int, start: int, minter: bool, holding: int) -> None:
        self.open_stage(holding)
        # Not a multiple of the rate: the last second emits less.
        self.rate, self.cap, self.start = rate, rate * seconds + rate // 2, self.now() + start
        self.reward = self.deploy("incentive_token", "Reward", "RWD", self.cap, rate, self.start)
        self.farm = self.deploy("gauge", self.staked, self.reward)
        self.approve_all()
        self.has_minter = False
        self.shadow.share(self.released(self.now()))
        if minter:
            self.name_minter()

    def released(self, time: int) -> int:
        """The schedule."""
        return min(self.cap, self.rate * max(0, time - self.start))

    def emission(self, begin: int, end: int) -> int:
        return self.released(end) - self.released(begin)

    def stake_tx(self, who: str, amount: int) -> Transaction:
        return self.farm.write.deposit(ACCOUNTS[who], amount)

    def claimable(self, who: str) -> int:
        return self.farm.read.claimable(ACCOUNTS[who])

    def checkpoint_tx(self, by: str, owner: str) -> Transaction:
        # A claim of somebody who has nothing to claim counts the gauge's sums.
        return self.farm.write.claim(ACCOUNTS[STRANGER])

    def counts_for(self, owner: str) -> str:
        return STRANGER

    def refused_claim(self) -> str | None:
        return None if self.has_minter else "incentive: not the minter"

    # --- rules ----------------------------------------------------------------

    @precondition(lambda self: not self.has_minter)
    @rule()
    def name_minter(self) -> None:
        """Until then nobody is paid, and everybody can withdraw."""
        self.try_to("name_minter", self.reward.write.set_minter(OPERATOR, self.farm))
        self.has_minter = True

    @rule(who=st.sampled_from(WALKERS), delay=delays)
    def give(self, who: str, delay: int) -> None:
        """Tokens that are sent to the gauge are nobody's stake."""
        self.elapse(delay)
        amount = self.holds(who) // 100
        self.try_to("give", self.staked.write.transfer(ACCOUNTS[who], self.farm, amount))
        self.given += amount

    def refused_calls(self, who: str) -> dict[str, tuple[Transaction, str]]:
        mint = self.reward.write.mint(ACCOUNTS[who], ACCOUNTS[who], 1)
        return super().refused_calls(who) | {
            "mint as a stranger": (mint, "incentive: not the minter")
        }

    # --- promises -------------------------------------------------------------

    @invariant()
    def no_more_is_minted_than_released(self) -> None:
        now, read = self.now(), self.reward.read
        released = self.released(now)
        self.tally.saw["the end of the emission"] += released == self.cap
        self.tally.saw["a time before its start"] += now < self.start
        self.tally.saw["no minter yet"] += not self.has_minter
        with self.tally.promise("R01"):
            assert read.available_supply() == released
            assert read.minted() == read.totalSupply() <= released <= self.cap
            middle = (min(self.start, now) + now) // 2
            halves = [read.mintable_in_timeframe(*pair) for pair in ((0, middle), (middle, now))]
            assert halves == [self.released(middle), released - self.released(middle)]

    @precondition(lambda self: self.has_minter)
    @invariant()
    def the_rest_can_be_minted_and_not_one_more(self) -> None:
        rest = self.released(self.now()) - sum(self.shadow.paid.values())
        # Asked as the gauge would call; nothing is minted.
        mint = partial(self.reward.read.mint, OPERATOR.address, sender=self.farm.address)
        with self.tally.promise("R01"):
            mint(rest)
            with reverts("incentive: exceeds the schedule"):
                mint(rest + 1)

    def all_that_is_owed_is_there(self, owed: dict[str, int]) -> None:
        paid = self.shadow.paid
        told = sum(owed.values()) + sum(paid.values()) + self.farm.read.undistributed()
        with self.tally.promise("R02"):
            assert told <= self.released(self.now())
            assert self.reward.read.minted() == sum(paid.values())
            assert {who: self.paid_out(who) for who in PEOPLE} == paid
            assert {who: self.farm.read.claimed(ACCOUNTS[who]) for who in PEOPLE} == paid
            assert self.staked.read.balanceOf(self.farm) == self.shadow.total + self.given

    def what_nobody_earned_is_counted(self) -> None:
        with self.tally.promise("R05"):
            assert self.farm.read.undistributed() == self.shadow.nobodys

"""The gauge and its incentive token."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from dexsim.chain.types import Transaction
from dexsim.conformance.history import step, watcher
from dexsim.conformance.keeping import equal, expect
from dexsim.conformance.rewards.machine import (
    ACCOUNTS,
    E18,
    PEOPLE,
    STRANGER,
    WALKERS,
    StakeMachine,
    delays,
    holdings,
)
from dexsim.conformance.rewards.subject import OPERATOR
from dexsim.errors import Reverted


class GaugeMachine(StakeMachine):
    """A constant emission with a cap, shared by stakes; claims mint."""

    label = "gauge"
    told_as = "rewards of a gauge"
    contracts = ("incentive_token", "gauge")
    promises: ClassVar[set[str]] = {"R01", "R02", "R03", "R04", "R05", "R06", "R07"}
    counted: ClassVar[set[str]] = StakeMachine.counted | {"name_minter", "give"}
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
    @step
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
        tx: Transaction = self.farm.write.deposit(ACCOUNTS[who], amount)
        return tx

    def claimable(self, who: str) -> int:
        owed: int = self.farm.read.claimable(ACCOUNTS[who])
        return owed

    def checkpoint_tx(self, by: str, owner: str) -> Transaction:
        # A claim of somebody who has nothing to claim counts the gauge's sums.
        tx: Transaction = self.farm.write.claim(ACCOUNTS[STRANGER])
        return tx

    def counts_for(self, owner: str) -> str:
        return STRANGER

    def refused_claim(self) -> str | None:
        return None if self.has_minter else "incentive: not the minter"

    # --- rules ----------------------------------------------------------------

    @precondition(lambda self: not self.has_minter)
    @rule()
    @step
    def name_minter(self) -> None:
        """Until then nobody is paid, and everybody can withdraw."""
        self.try_to("name_minter", self.reward.write.set_minter(OPERATOR, self.farm))
        self.has_minter = True

    @rule(who=st.sampled_from(WALKERS), delay=delays)
    @step
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
    @watcher
    def no_more_is_minted_than_released(self) -> None:
        now, read = self.now(), self.reward.read
        released = self.released(now)
        self.tally.saw["the end of the emission"] += released == self.cap
        self.tally.saw["a time before its start"] += now < self.start
        self.tally.saw["no minter yet"] += not self.has_minter
        with self.tally.promise("R01"):
            equal(read.available_supply(), released, "the supply that may be there")
            equal(read.minted(), read.totalSupply(), "what was minted")
            expect(read.minted() <= released <= self.cap, f"no more minted than {released}")
            middle = (min(self.start, now) + now) // 2
            halves = [read.mintable_in_timeframe(*pair) for pair in ((0, middle), (middle, now))]
            wanted = [self.released(middle), released - self.released(middle)]
            equal(halves, wanted, "what can be minted in two spans")

    @precondition(lambda self: self.has_minter)
    @invariant()
    @watcher
    def the_rest_can_be_minted_and_not_one_more(self) -> None:
        rest = self.released(self.now()) - sum(self.shadow.paid.values())
        # Asked as the gauge would call; nothing is minted.
        mint = partial(self.reward.read.mint, OPERATOR.address, sender=self.farm.address)
        with self.tally.promise("R01"):
            mint(rest)
            self.is_beyond_the_schedule(lambda: mint(rest + 1))

    @staticmethod
    def is_beyond_the_schedule(mint: Callable[[], object]) -> None:
        try:
            mint()
        except Reverted as error:
            equal(error.reason, "incentive: exceeds the schedule", "why it is refused")
        else:
            expect(False, "one more than the schedule allows to be refused")

    def all_that_is_owed_is_there(self, owed: dict[str, int]) -> None:
        paid = self.shadow.paid
        told = sum(owed.values()) + sum(paid.values()) + self.farm.read.undistributed()
        with self.tally.promise("R02"):
            expect(told <= self.released(self.now()), f"no more owed and paid than emitted: {told}")
            equal(self.reward.read.minted(), sum(paid.values()), "what was minted")
            equal({who: self.paid_out(who) for who in PEOPLE}, paid, "what people have")
            claimed = {who: self.farm.read.claimed(ACCOUNTS[who]) for who in PEOPLE}
            equal(claimed, paid, "what people have claimed")
            stakes = self.staked.read.balanceOf(self.farm)
            equal(stakes, self.shadow.total + self.given, "what the gauge holds of the stakes")

    def what_nobody_earned_is_counted(self) -> None:
        with self.tally.promise("R05"):
            equal(self.farm.read.undistributed(), self.shadow.nobodys, "what nobody earned")

"""Staking rewards: periods that are begun again in the middle, and everything around them."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from dexsim.chain.types import Transaction
from dexsim.conformance.history import step
from dexsim.conformance.keeping import equal, expect
from dexsim.conformance.rewards.machine import (
    ACCOUNTS,
    DAY,
    E18,
    WALKERS,
    StakeMachine,
    delays,
    holdings,
    parts,
)
from dexsim.conformance.rewards.subject import OPERATOR

FUNDS = 10**30
amounts = st.one_of(st.integers(0, 10**6), st.integers(1, 10**24), st.just(7 * E18 + 3))


class StreamedMachine(StakeMachine):
    """Rewards that the operator sends and notifies, in the staked token or in another."""

    label = "staking"
    told_as = "streamed rewards"
    contracts = ("mocks/false_return", "staking_rewards")
    promises: ClassVar[set[str]] = {"R02", "R03", "R04", "R05", "R06", "R07", "R08"}
    counted: ClassVar[set[str]] = StakeMachine.counted | {"notify", "set_duration", "recover"}
    refusals: ClassVar[set[str]] = StakeMachine.refusals | {
        *("notify one too many", "notify as another", "recover one too many", "recover the stakes"),
        *("set the duration early", "stake while paused", "claim what fails"),
    }
    situations: ClassVar[set[str]] = StakeMachine.situations | {
        *(
            "one token for both",
            "a period begun in the middle of another",
            "a reward notified again",
        ),
    }

    @initialize(
        duration=st.sampled_from([1, 997, DAY, 7 * DAY, 400 * DAY]),
        one_token=st.sampled_from([False, False, True]),
        first=amounts,
        holding=holdings,
    )
    @step
    def open(self, duration: int, one_token: bool, first: int, holding: int) -> None:
        self.open_stage(holding)
        self.one_token = one_token
        self.reward = self.staked if one_token else self.deploy("mocks/false_return")
        if not one_token:
            self.send(self.reward.write.mint(OPERATOR, OPERATOR, FUNDS))
        self.farm = self.deploy("staking_rewards", self.staked, self.reward, duration, OPERATOR)
        self.approve_all()
        self.duration, self.rate, self.finish = duration, 0, 0
        self.funded = self.recovered = self.promised = 0
        self.fund(first)
        self.begin_period(first)

    # --- the model ------------------------------------------------------------

    def emission(self, begin: int, end: int) -> int:
        emitted = self.rate * (min(end, self.finish) - min(begin, self.finish))
        if self.shadow.total == 0:
            self.promised -= emitted
        return emitted

    def left(self) -> int:
        """What is still to be streamed."""
        return self.rate * max(0, self.finish - self.now())

    def held(self) -> int:
        """What the farm holds of the reward, stakes left out."""
        return self.funded - self.recovered - sum(self.shadow.paid.values())

    def spare(self) -> int:
        """What it holds and has promised to nobody."""
        return self.held() - self.promised

    def stake_tx(self, who: str, amount: int) -> Transaction:
        tx: Transaction = self.farm.write.stake(ACCOUNTS[who], amount)
        return tx

    def claimable(self, who: str) -> int:
        owed: int = self.farm.read.earned(ACCOUNTS[who])
        return owed

    def checkpoint_tx(self, by: str, owner: str) -> Transaction:
        tx: Transaction = self.farm.write.checkpoint(ACCOUNTS[by], ACCOUNTS[owner])
        return tx

    def note_paid(self, who: str, amount: int) -> None:
        super().note_paid(who, amount)
        self.promised -= amount

    def two_tokens(self) -> bool:
        return not self.one_token

    # --- rules ----------------------------------------------------------------

    def begin_period(self, amount: int) -> None:
        """Notify; the new rate is that of the amount and what is left."""
        left = self.left()
        owed = self.promised - left
        self.tally.saw["a period begun in the middle of another"] += left > 0
        self.tally.saw["one token for both"] += self.one_token
        self.try_to("notify", self.farm.write.notify(OPERATOR, amount))
        self.rate, rest = divmod(amount + left, self.duration)
        self.finish = self.now() + self.duration
        self.promised += amount - rest
        with self.tally.promise("R08"):
            equal(self.farm.read.rate(), self.rate, "the rate")
            equal(self.farm.read.period_finish(), self.finish, "the end of the period")
            expect(self.rate <= (self.held() - owed) // self.duration, "a rate that can be paid")
            whole = self.farm.read.reward_for_duration()
            equal(whole, self.rate * self.duration, "the reward of a period")

    def fund(self, amount: int) -> None:
        """Send rewards to the farm."""
        self.send(self.reward.write.transfer(OPERATOR, self.farm, amount))
        self.funded += amount

    @rule(amount=amounts, part=st.sampled_from([0, 0, 500, 1000]), delay=delays)
    @step
    def notify(self, amount: int, part: int, delay: int) -> None:
        """A period with new rewards, and a part of what went to nobody before."""
        self.elapse(delay)
        amount = min(amount, self.reward.read.balanceOf(OPERATOR))
        spare = self.spare() * part // 1000
        self.tally.saw["a reward notified again"] += spare > 0
        self.fund(amount)
        self.begin_period(amount + spare)

    @precondition(lambda self: self.now() >= self.finish)
    @rule(duration=st.sampled_from([1, 997, DAY, 7 * DAY, 400 * DAY]))
    @step
    def set_duration(self, duration: int) -> None:
        self.try_to("set_duration", self.farm.write.set_duration(OPERATOR, duration))
        self.duration = duration

    @precondition(lambda self: not self.one_token)
    @rule(part=st.integers(0, 1000), delay=delays)
    @step
    def recover(self, part: int, delay: int) -> None:
        self.elapse(delay)
        amount = self.spare() * part // 1000
        self.try_to("recover", self.farm.write.recover_token(OPERATOR, self.reward, amount))
        self.recovered += amount

    @precondition(lambda self: not self.one_token)
    @rule(who=st.sampled_from(WALKERS), part=parts, delay=delays)
    @step
    def break_reward(self, who: str, part: int, delay: int) -> None:
        """While the reward token fails, only claims do."""
        self.send(self.reward.write.set_failing(OPERATOR, True))
        self.elapse(delay)
        if self.claimable(who):
            reason = "staking: transfer failed"
            tx = self.farm.write.claim(ACCOUNTS[who])
            self.refuse("claim what fails", tx, reason)
            self.refuse("claim what fails", self.farm.write.exit(ACCOUNTS[who]), reason)
        self.stake_as("stake", who, max(1, self.holds(who) * part // 1000))
        self.withdraw_as("withdraw", who, max(1, self.shadow.stakes[who] * part // 1000))
        self.send(self.reward.write.set_failing(OPERATOR, False))

    @rule(who=st.sampled_from(WALKERS))
    @step
    def pause(self, who: str) -> None:
        """Nobody can stake, and everybody can withdraw."""
        with self.chain.anchor():
            self.send(self.farm.write.set_paused(OPERATOR, True))
            self.refuse("stake while paused", self.stake_tx(who, 1), "staking: paused")
            self.stakes_can_always_be_withdrawn()

    def refused_calls(self, who: str) -> dict[str, tuple[Transaction, str]]:
        write, above = self.farm.write, self.spare() + 1
        calls = super().refused_calls(who) | {
            "notify one too many": (write.notify(OPERATOR, above), "staking: reward too high"),
            "notify as another": (write.notify(ACCOUNTS[who], 0), "staking: not the distributor"),
            "recover the stakes": (
                write.recover_token(OPERATOR, self.staked, 1),
                "staking: staked token",
            ),
        }
        if self.two_tokens():
            tx = write.recover_token(OPERATOR, self.reward, above)
            calls["recover one too many"] = (tx, "staking: reward is promised")
        if self.now() < self.finish:
            tx = write.set_duration(OPERATOR, DAY)
            calls["set the duration early"] = (tx, "staking: period is running")
        return calls

    # --- promises -------------------------------------------------------------

    def all_that_is_owed_is_there(self, owed: dict[str, int]) -> None:
        promised, paid = sum(owed.values()) + self.left(), sum(self.shadow.paid.values())
        stakes = self.shadow.total if self.one_token else 0
        with self.tally.promise("R02"):
            expect(promised + paid <= self.funded - self.recovered, "no more promised than funded")
            held = self.reward.read.balanceOf(self.farm)
            equal(held, self.held() + stakes, "what the farm holds of the reward")
            expect(held >= promised + stakes, f"{promised} promised to be there")

    def what_nobody_earned_is_counted(self) -> None:
        with self.tally.promise("R05"):
            equal(self.farm.read.undistributed(), self.spare(), "what nobody earned")
            expect(self.spare() >= 0, "no more promised than there is")

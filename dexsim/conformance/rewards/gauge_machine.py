"""The gauge, the incentive token that it pays, and the minter between them."""

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
    BROKEN,
    E18,
    PEOPLE,
    STRANGER,
    TWINS,
    WALKERS,
    StakeMachine,
    delays,
)
from dexsim.conformance.rewards.shadow import PRECISION
from dexsim.conformance.rewards.subject import OPERATOR
from dexsim.errors import Reverted
from dexsim.market.schedules import Emission


class GaugeMachine(StakeMachine):
    """A constant emission with a cap, all for one gauge, shared by stakes; claims draw it."""

    label = "gauge"
    told_as = "rewards of a gauge"
    contracts = ("incentive_token", "minter", "gauge")
    promises: ClassVar[set[str]] = {"R01", "R02", "R03", "R04", "R05", "R06", "R07"}
    counted: ClassVar[set[str]] = StakeMachine.counted | {
        *("name_minter", "give", "emergency_exit"),
    }
    refusals: ClassVar[set[str]] = StakeMachine.refusals | {"mint as a stranger"}
    situations: ClassVar[set[str]] = StakeMachine.situations | {
        *("the end of the emission", "a time before its start", "no minter yet"),
    }

    @initialize(
        rate=st.sampled_from([1, 999, 10**15, 7 * E18 + 3]),
        seconds=st.sampled_from([10**5, 10**8, 10**11]),
        start=st.sampled_from([-1000, 0, 500]),
        minter=st.sampled_from([True, True, True, False]),
        holding=st.sampled_from([10**24, 10**24, 10**35]),
    )
    @step
    def open(self, rate: int, seconds: int, start: int, minter: bool, holding: int) -> None:
        self.open_stage(holding)
        # Not a multiple of the rate: the last second emits less.
        self.rate, self.cap, self.start = rate, rate * seconds + rate // 2, self.now() + start
        emission = Emission(cap=self.cap, start=self.start, terminal_rate=rate)
        self.reward = self.deploy("incentive_token", "Reward", "RWD", *emission.arguments)
        self.minter = self.deploy("minter", self.reward, OPERATOR)
        self.farm = self.deploy("gauge", self.staked, self.minter, OPERATOR)
        self.left = 0  # stakes that went, each with less than a unit for the others
        self.shadow.share(0)
        self.open_emission()
        self.approve_all()
        self.has_minter = False
        if minter:
            self.name_minter()

    def open_emission(self) -> None:
        """From now on the gauge gets all of it; what was released before, nobody."""
        self.send(self.minter.write.add_gauge(OPERATOR, self.farm, 1))
        self.before = self.released(self.now())

    def released(self, time: int) -> int:
        """The schedule."""
        return min(self.cap, self.rate * max(0, time - self.start))

    def emission(self, begin: int, end: int) -> int:
        return self.released(end) - self.released(begin)

    def stake_tx(self, who: str, amount: int) -> Transaction:
        tx: Transaction = self.farm.write.deposit(ACCOUNTS[who], amount)
        return tx

    def claimable(self, who: str) -> int:
        owed: int = self.farm.read.claimable(ACCOUNTS[who], self.reward)
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
        self.try_to("name_minter", self.reward.write.set_minter(OPERATOR, self.minter))
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
            equal(read.minted(), self.minter.read.drawn(self.farm), "what was drawn")
            expect(read.minted() <= released <= self.cap, f"no more minted than {released}")
            middle = (min(self.start, now) + now) // 2
            halves = [read.mintable_in_timeframe(*pair) for pair in ((0, middle), (middle, now))]
            wanted = [self.released(middle), released - self.released(middle)]
            equal(halves, wanted, "what can be minted in two spans")

    @precondition(lambda self: self.has_minter)
    @invariant()
    @watcher
    def the_rest_can_be_minted_and_not_one_more(self) -> None:
        rest = self.released(self.now()) - self.reward.read.minted()
        # Asked as the minter would call; nothing is minted.
        mint = partial(self.reward.read.mint, OPERATOR.address, sender=self.minter.address)
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

    def withdraw_as(self, name: str, who: str, amount: int) -> None:
        self.left += amount == self.shadow.stakes[who]
        super().withdraw_as(name, who, amount)

    def note_claimed(self, who: str, owed: int, before: int) -> None:
        self.left += self.shadow.stakes[who] == 0
        super().note_claimed(who, owed, before)

    @rule(who=st.sampled_from(WALKERS), delay=delays)
    @step
    def emergency_exit(self, who: str, delay: int) -> None:
        """The stake comes back, and what it has earned is nobody's."""
        self.elapse(delay)
        stake, held = self.shadow.stakes[who], self.holds(who)
        refusal = None if stake else "gauge: insufficient stake"
        owed = self.claimable(who)
        tx = self.farm.write.emergency_exit(ACCOUNTS[who])
        if stake == 0:
            self.refuse("leave without a stake", tx, "gauge: insufficient stake")
        elif self.try_to("emergency_exit", tx, refusal=refusal):
            equal(self.holds(who), held + stake, f"R06: what {who} has")
            self.left += 1
            self.shadow.give_up(who, owed)

    def stakes_can_always_be_withdrawn(self) -> None:
        stakes = {who: stake for who, stake in self.shadow.stakes.items() if stake}
        with self.chain.anchor(), self.tally.promise("R06"):
            before = {who: self.holds(who) for who in stakes}
            with self.chain.anchor():
                self.send(*(self.farm.write.withdraw(ACCOUNTS[who], stakes[who]) for who in stakes))
                self.all_got(stakes, before)
            for contract in (self.reward, self.minter):
                self.chain.engine.set_code(contract.address, BROKEN)
            self.send(*(self.farm.write.emergency_exit(ACCOUNTS[who]) for who in stakes))
            self.all_got(stakes, before)

    def all_got(self, stakes: dict[str, int], before: dict[str, int]) -> None:
        got = {who: self.holds(who) - before[who] for who in stakes}
        equal(got, stakes, "what stakers get back")
        equal(self.farm.read.total_staked(), 0, "what is left staked")

    def rewards_are_proportional(self, owed: dict[str, int]) -> None:
        """What others left over may come on top."""
        got = {who: owed[who] + self.shadow.paid[who] for who in PEOPLE}
        with self.tally.promise("R03"):
            # The fraction of a unit that one leaves behind may make a whole one for the other, who
            # acts after him; and so may what great stakes cannot keep of a fraction.
            spared = self.left + (self.shadow.total > E18**2 // 10**6)
            twins = abs(got[TWINS[0]] - got[TWINS[1]])
            expect(twins <= spared, f"equal rewards of equals up to {spared}, not {twins} more")
            for who, units in got.items():
                least, most = self.shadow.least(who), self.shadow.due[who] + self.left
                expect(least < units <= most, f"{who} to get what is due, {most}, and not {units}")

    def all_that_is_owed_is_there(self, owed: dict[str, int]) -> None:
        read, paid = self.farm.read, self.shadow.paid
        emitted = self.minter.read.emitted(self.farm)
        with self.tally.promise("R02"):
            equal(read.emitted(self.reward), emitted, "what there was to earn")
            equal(emitted, self.released(self.now()) - self.before, "what was emitted")
            exactly = [read.claimable_exact(ACCOUNTS[who], self.reward) for who in PEOPLE]
            told = sum(exactly) + read.undistributed_exact(self.reward)
            equal(told, (emitted - sum(paid.values())) * PRECISION, "what is owed and nobody's")
            equal({who: self.paid_out(who) for who in PEOPLE}, paid, "what people have")
            claimed = {who: read.claimed(ACCOUNTS[who], self.reward) for who in PEOPLE}
            equal(claimed, paid, "what people have claimed")
            stakes = self.staked.read.balanceOf(self.farm)
            equal(stakes, self.shadow.total + self.given, "what the gauge holds of the stakes")

    def what_nobody_earned_is_counted(self) -> None:
        with self.tally.promise("R05"):
            spare = self.farm.read.undistributed(self.reward)
            least, most = self.shadow.least_nobodys(), self.shadow.nobodys + self.left + 1
            expect(least < spare <= most, f"{self.shadow.nobodys} nobody earned, and not {spare}")

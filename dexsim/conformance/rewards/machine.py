"""What people do with stakes, whatever pays the rewards: the base of both machines."""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction
from dexsim.conformance.history import step, watcher
from dexsim.conformance.keeping import equal, expect
from dexsim.conformance.rewards.shadow import PRECISION, Shadow
from dexsim.conformance.rewards.subject import ANY_WORDS, OPERATOR, RewardSubject
from dexsim.conformance.rewards.tallied import TalliedMachine
from dexsim.errors import Reverted
from dexsim.market.contract import Contract, deploy

E18 = 10**18
DAY = 86_400
YEAR = 365 * DAY
FOREVER = 2**256 - 1

STRANGER = "stranger"
# Twins act together, in the same second, and nobody else gives to them or takes from them.
TWINS = ("dana", "dora")
WALKERS = ("alice", "bob", "carol")
PEOPLE = (*WALKERS, *TWINS, STRANGER)
ACCOUNTS = {name: Account.named(name) for name in PEOPLE}
# What everybody holds of the staked token: the great one is beyond the integral's decimals.
HOLDINGS = (10**24, 10**24, 10**40)
holdings = st.sampled_from(HOLDINGS)
# An invalid opcode: whoever calls it loses all gas of the call.
BROKEN = bytes.fromhex("fe")

delays = st.sampled_from([0, 0, 1, 12, 13, 3600])
picks = st.integers(0, 5)
# In thousandths of what there is, and at least one unit: some are dust, some too much.
parts = st.one_of(st.integers(0, 1050), st.sampled_from([0, 500, 1000]))


class StakeMachine(TalliedMachine):
    """Rules that gauge and staking rewards share, and the promises that both must keep."""

    subject: ClassVar[RewardSubject]
    label: ClassVar[str]
    contracts: ClassVar[tuple[str, ...]]
    books = "R06"
    """The promise that is broken where the contract accepts or refuses what it should not."""
    views = "R02"
    # What a campaign must have checked, tried, seen refused, and seen at all.
    promises: ClassVar[set[str]]
    counted: ClassVar[set[str]] = {
        *("stake", "withdraw", "claim", "exit", "twins", "transfer", "checkpoint"),
    }
    refusals: ClassVar[set[str]] = {
        *("stake nothing", "withdraw nothing", "withdraw one too many"),
    }
    situations: ClassVar[set[str]] = {
        *("a reward while nobody stakes", "a reward that several share"),
    }

    @classmethod
    def prepare(cls) -> None:
        """Compile and read what is needed, and put the staked token on a chain."""
        for name in cls.contracts:
            cls.subject.artifact(name)
        cls.subject.stage(tuple(ACCOUNTS.values()), HOLDINGS[0])

    def open_stage(self, holding: int) -> None:
        """A chain, and the token that is staked; everybody holds this much of it."""
        self.chain, self.staked = self.subject.stage(tuple(ACCOUNTS.values()), holding)
        self.shadow = Shadow(PEOPLE)
        self.given = 0  # sent to the farm without being staked
        self.farm: Contract
        self.reward: Contract

    def approve_all(self) -> None:
        """Everybody lets the farm take stakes."""
        for account in ACCOUNTS.values():
            self.send(self.staked.write.approve(account, self.farm, FOREVER))

    # --- what the machines fill in --------------------------------------------

    def emission(self, begin: int, end: int) -> int:
        """What is emitted from `begin` to `end`, in seconds."""
        raise AssertionError("a machine says what is emitted")

    def stake_tx(self, who: str, amount: int) -> Transaction:
        """The stake as a transaction."""
        raise AssertionError("a machine says how to stake")

    def claimable(self, who: str) -> int:
        """What the farm says it owes."""
        raise AssertionError("a machine says what is claimable")

    def checkpoint_tx(self, by: str, owner: str) -> Transaction:
        """A checkpoint that nobody needs."""
        raise AssertionError("a machine says what a checkpoint is")

    def counts_for(self, owner: str) -> str:
        """Whose sum that checkpoint brings up to date."""
        return owner

    def refused_claim(self) -> str | None:
        """The reason for which a claim of more than nothing is refused now."""
        return None

    def note_paid(self, who: str, amount: int) -> None:
        """Keep the books of a claim."""
        self.shadow.paid[who] += amount

    def paid_out(self, who: str) -> int:
        """What `who` was paid, as the reward token tells it."""
        paid: int = self.reward.read.balanceOf(ACCOUNTS[who])
        return paid

    def two_tokens(self) -> bool:
        """Whether the reward is another token than the staked one."""
        return True

    # --- the chain ------------------------------------------------------------

    def deploy(self, name: str, *args: Any) -> Contract:
        with self.chain.block(time_ms=self.chain.time_ms):
            return deploy(self.chain, self.subject.artifact(name), OPERATOR, *args)

    def send(self, *txs: Transaction) -> None:
        """Execute in one block, at the time of the block before. Raises Reverted."""
        with self.chain.block(time_ms=self.chain.time_ms):
            for tx in txs:
                self.chain.send(tx)

    def try_to(self, name: str, *txs: Transaction, refusal: str | None = None) -> bool:
        """Whether it was accepted. It must be, unless the model knows a refusal: then it must not."""
        try:
            self.send(*txs)
            told = None
        except Reverted as error:
            told = error.reason
        if refusal is ANY_WORDS:
            expect(told is not None, f"{self.books}: {name} to be refused")
        else:
            equal(told, refusal, f"{self.books}: why {name} is refused")
        self.tally.note(name, told)
        return told is None

    def refuse(self, name: str, tx: Transaction, reason: str) -> None:
        """It must be refused, for this reason."""
        self.tally.refused[name] += 1
        try:
            self.send(tx)
        except Reverted as error:
            equal(error.reason, reason, f"{self.books}: why {name} is refused")
        else:
            expect(False, f"{self.books}: {name} to be refused: {reason!r}; it was accepted")

    def now(self) -> int:
        """Timestamp of the last block."""
        return self.chain.time_ms // 1000

    def jump(self, seconds: int) -> None:
        """Let time pass on the chain alone."""
        self.chain.mine([], time_ms=self.chain.time_ms + seconds * 1000)

    def elapse(self, seconds: int) -> None:
        """Let time pass on the chain and in the shadow."""
        begin = self.now()
        self.jump(seconds)
        emitted = self.emission(begin, begin + seconds)
        self.shadow.share(emitted)
        if emitted:
            several = sum(stake > 0 for stake in self.shadow.stakes.values()) > 1
            self.tally.saw["a reward while nobody stakes"] += self.shadow.total == 0
            self.tally.saw["a reward that several share"] += several

    def holds(self, who: str) -> int:
        """What `who` could stake."""
        held: int = self.staked.read.balanceOf(ACCOUNTS[who])
        return held

    def totals(self) -> dict[str, int]:
        """What everybody could claim."""
        return {who: self.claimable(who) for who in PEOPLE}

    def stakers(self) -> list[str]:
        """Walkers with a stake."""
        return [who for who in WALKERS if self.shadow.stakes[who]]

    def holders(self) -> list[str]:
        """Walkers who can stake."""
        return [who for who in WALKERS if self.holds(who)]

    # --- actions --------------------------------------------------------------

    def stake_as(self, name: str, who: str, amount: int) -> None:
        refusal = None if amount <= self.holds(who) else f"{self.label}: transfer failed"
        if self.try_to(name, self.stake_tx(who, amount), refusal=refusal):
            self.shadow.counted(who)
            self.shadow.stakes[who] += amount

    def withdraw_as(self, name: str, who: str, amount: int) -> None:
        stake, before = self.shadow.stakes[who], self.holds(who)
        refusal = None if amount <= stake else f"{self.label}: insufficient stake"
        tx = self.farm.write.withdraw(ACCOUNTS[who], amount)
        if self.try_to(name, tx, refusal=refusal):
            self.shadow.counted(who)
            self.shadow.stakes[who] -= amount
            with self.tally.promise("R06"):
                equal(self.holds(who), before + amount, f"what {who} has")

    def claim_as(self, name: str, who: str) -> None:
        owed, before = self.claimable(who), self.paid_out(who)
        claim = self.farm.write.claim(ACCOUNTS[who])
        # Twice in one second.
        if self.try_to(name, claim, claim, refusal=self.refused_claim() if owed else None):
            self.note_claimed(who, owed, before)

    def note_claimed(self, who: str, owed: int, before: int) -> None:
        self.shadow.counted(who)
        self.note_paid(who, owed)
        with self.tally.promise("R07"):
            equal(self.paid_out(who), before + owed, f"what {who} was paid")
            equal(self.claimable(who), 0, f"what {who} can claim again")

    # --- rules ----------------------------------------------------------------

    @precondition(lambda self: self.holders())
    @rule(pick=picks, part=parts, delay=delays)
    @step
    def stake(self, pick: int, part: int, delay: int) -> None:
        self.elapse(delay)
        who = self.holders()[pick % len(self.holders())]
        self.stake_as("stake", who, max(1, self.holds(who) * part // 1000))

    @precondition(lambda self: self.stakers())
    @rule(pick=picks, part=parts, delay=delays)
    @step
    def withdraw(self, pick: int, part: int, delay: int) -> None:
        self.elapse(delay)
        who = self.stakers()[pick % len(self.stakers())]
        self.withdraw_as("withdraw", who, max(1, self.shadow.stakes[who] * part // 1000))

    @rule(who=st.sampled_from(WALKERS), delay=delays)
    @step
    def claim(self, who: str, delay: int) -> None:
        self.elapse(delay)
        self.claim_as("claim", who)

    @rule(who=st.sampled_from(WALKERS), delay=delays)
    @step
    def exit(self, who: str, delay: int) -> None:
        self.elapse(delay)
        owed, before = self.claimable(who), self.paid_out(who)
        stake, held = self.shadow.stakes[who], self.holds(who)
        refusal = self.refused_claim() if owed else None
        if self.try_to("exit", self.farm.write.exit(ACCOUNTS[who]), refusal=refusal):
            self.shadow.counted(who)
            self.shadow.stakes[who] = 0
            if not self.two_tokens():
                held, before = held + owed, before + stake  # one token for both
            equal(self.holds(who), held + stake, f"R06: what {who} has")
            self.note_claimed(who, owed, before)

    @rule(
        action=st.sampled_from(["stake", "stake", "withdraw", "claim"]),
        part=st.sampled_from([0, 1, 333, 500, 1000]),
        delay=delays,
    )
    @step
    def twins(self, action: str, part: int, delay: int) -> None:
        """Both do the same in the same second."""
        self.elapse(delay)
        stake = self.shadow.stakes[TWINS[0]]
        for who in TWINS:
            if action == "claim" or (action == "withdraw" and stake == 0):
                self.claim_as("twins", who)
            elif action == "stake":
                self.stake_as("twins", who, max(1, self.holds(who) * part // 1000))
            else:
                self.withdraw_as("twins", who, max(1, stake * part // 1000))

    @rule(seconds=st.sampled_from([1, 12, 60, 3600, DAY, 7 * DAY, YEAR, 40 * YEAR]))
    @step
    def wait(self, seconds: int) -> None:
        self.elapse(seconds)

    @rule(giver=st.sampled_from(WALKERS), taker=st.sampled_from(WALKERS), part=parts)
    @step
    def transfer(self, giver: str, taker: str, part: int) -> None:
        held = self.holds(giver)
        amount = held * part // 1000
        tx = self.staked.write.transfer(ACCOUNTS[giver], ACCOUNTS[taker], amount)
        refusal = None if amount <= held else self.subject.too_much
        self.try_to("transfer", tx, refusal=refusal)

    @rule(owner=st.sampled_from(PEOPLE), later=st.sampled_from([0, 1, 13, DAY]), delay=delays)
    @step
    def checkpoint(self, owner: str, later: int, delay: int) -> None:
        """What everybody is owed later is the same without it, but for rounding down."""
        self.elapse(delay)
        tx, counted = self.checkpoint_tx(STRANGER, owner), self.counts_for(owner)
        with self.chain.anchor():
            self.jump(later)
            without = self.totals()
        self.try_to("checkpoint", tx)
        self.shadow.counted(counted)
        with self.chain.anchor():
            self.jump(later)
            lost = {who: without[who] - owed for who, owed in self.totals().items()}
        with self.tally.promise("R04"):
            for who, units in lost.items():
                # The integral is rounded once more, and the owner's sum.
                most = -(-self.shadow.stakes[who] // PRECISION) + (who == counted)
                fits = 0 <= units <= (most if later else 0)
                expect(fits, f"{who} to lose at most a rounding by a checkpoint, and not {units}")

    @rule(who=st.sampled_from(PEOPLE), delay=delays)
    @step
    def refused(self, who: str, delay: int) -> None:
        """Calls that must be refused whatever was before."""
        self.elapse(delay)
        for name, (tx, reason) in self.refused_calls(who).items():
            self.refuse(name, tx, reason)

    def refused_calls(self, who: str) -> dict[str, tuple[Transaction, str]]:
        """Calls that must be refused now, and the reason."""
        withdraw, stake = self.farm.write.withdraw, self.shadow.stakes[who]
        account, label = ACCOUNTS[who], self.label
        return {
            "stake nothing": (self.stake_tx(who, 0), f"{label}: zero amount"),
            "withdraw nothing": (withdraw(account, 0), f"{label}: zero amount"),
            "withdraw one too many": (withdraw(account, stake + 1), f"{label}: insufficient stake"),
        }

    # --- promises -------------------------------------------------------------

    @invariant()
    @watcher
    def promises_hold(self) -> None:
        owed = self.totals()
        self.books_are_the_shadows()
        self.rewards_are_proportional(owed)
        self.all_that_is_owed_is_there(owed)
        self.what_nobody_earned_is_counted()
        self.stakes_can_always_be_withdrawn()
        self.all_that_is_owed_can_be_paid(owed)

    def books_are_the_shadows(self) -> None:
        read = self.farm.read
        equal(read.total_staked(), self.shadow.total, "R06: all stakes")
        staked = {who: read.staked(ACCOUNTS[who]) for who in PEOPLE}
        equal(staked, self.shadow.stakes, "R06: stakes")

    def rewards_are_proportional(self, owed: dict[str, int]) -> None:
        got = {who: owed[who] + self.shadow.paid[who] for who in PEOPLE}
        with self.tally.promise("R03"):
            equal(got[TWINS[0]], got[TWINS[1]], "rewards of equal stakes over equal time")
            for who, units in got.items():
                least, most = self.shadow.least(who), self.shadow.due[who]
                expect(least < units <= most, f"{who} to get what is due, {most}, and not {units}")

    def all_that_is_owed_is_there(self, owed: dict[str, int]) -> None:
        raise AssertionError("a machine says what is there")

    def what_nobody_earned_is_counted(self) -> None:
        raise AssertionError("a machine says what is counted")

    def stakes_can_always_be_withdrawn(self) -> None:
        stakes = {who: stake for who, stake in self.shadow.stakes.items() if stake}
        with self.chain.anchor(), self.tally.promise("R06"):
            if self.two_tokens():
                self.chain.engine.set_code(self.reward.address, BROKEN)
            before = {who: self.holds(who) for who in stakes}
            self.send(*(self.farm.write.withdraw(ACCOUNTS[who], stakes[who]) for who in stakes))
            got = {who: self.holds(who) - before[who] for who in stakes}
            equal(got, stakes, "what stakers get back")
            equal(self.farm.read.total_staked(), 0, "what is left staked")

    def all_that_is_owed_can_be_paid(self, owed: dict[str, int]) -> None:
        if self.refused_claim():
            return
        with self.chain.anchor(), self.tally.promise("R02"):
            creditors = [who for who in PEOPLE if owed[who]]
            before = {who: self.paid_out(who) for who in creditors}
            self.send(*(self.farm.write.claim(ACCOUNTS[who]) for who in creditors))
            got = {who: self.paid_out(who) - before[who] for who in creditors}
            equal(got, {who: owed[who] for who in creditors}, "what creditors get")

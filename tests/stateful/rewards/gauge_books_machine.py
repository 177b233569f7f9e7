"""A gauge with an emission and two streams, beside books that are kept for everybody at once."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Transaction
from dexsim.conformance.history import step, watcher
from dexsim.conformance.keeping import equal, expect
from dexsim.conformance.rewards.tallied import TalliedMachine
from dexsim.errors import Reverted
from dexsim.market.contract import Contract, deploy
from tests.stateful.rewards.gauge_books import UNIT, Book
from tests.subject import artifact

OWNER = Account.named("owner")
PEOPLE = {name: Account.named(name) for name in ("alice", "bob", "carol", "dave")}
HELD = 10**35
DURATIONS = (1000, 86_400)
FOREVER = 2**256 - 1
people = st.sampled_from(sorted(PEOPLE))
tokens = st.integers(0, 2)
delays = st.sampled_from([0, 0, 1, 13, 3600])
stakes = st.one_of(st.integers(1, 30), st.integers(1, 10**24), st.just(HELD // 3 + 1))
funds = st.one_of(st.integers(0, 10**5), st.integers(0, 10**24))


@cache
def _stage() -> tuple[Chain, Any, Any]:
    chain = Chain("pyevm", base_fee=0, time_ms=1_600_000_000_000, trace_reverts=False)
    make = lambda name, *args: deploy(chain, artifact(name), OWNER, *args)  # noqa: E731
    lp = make("token", "LP", "LP", 18, 4 * HELD)
    made = [make("mocks/false_return") for _ in range(2)]
    for token in made:
        chain.send(token.write.mint(OWNER, OWNER, 10**36))
    for who in PEOPLE.values():
        chain.send(lp.write.transfer(OWNER, who, HELD))
    return chain, (lp, made, make("mocks/drawer")), chain.snapshot()


class GaugeBooksMachine(TalliedMachine):
    """Everything that a gauge can do, and a claim that its books close to the last part."""

    told_as = "the books of a gauge"
    views = "G01"
    promises: ClassVar[set[str]] = {"G01", "G02", "G03", "G04", "G05"}
    counted: ClassVar[set[str]] = {
        *("deposit", "withdraw", "claim", "claim one", "exit", "emergency_exit"),
        *("notify", "set_weight"),
    }
    situations: ClassVar[set[str]] = {
        *("a stake for somebody else", "a claim for somebody else", "nobody stakes"),
        *("rewards given up", "a reward streamed again", "a fraction owed", "a broken reward"),
    }

    @classmethod
    def prepare(cls) -> None:
        for name in ("incentive_token", "minter", "gauge"):
            artifact(name)
        _stage()

    @initialize(rate=st.sampled_from([1, 999, 10**15, 10**18 + 7]))
    @step
    def open(self, rate: int) -> None:
        self.chain, (self.lp, streamed, self.rival), born = _stage()
        self.chain.restore(born)
        schedule = (self.now(), 1, 0, [], rate, 0)
        emission = self.deploy("incentive_token", "R", "R", 0, 2**120, schedule)
        self.minter = self.deploy("minter", emission, OWNER)
        self.send(emission.write.set_minter(OWNER, self.minter))
        self.gauge = self.deploy("gauge", self.lp, self.minter, OWNER)
        self.tokens: list[Contract] = [emission, *streamed]
        for gauge in (self.gauge, self.rival):
            self.send(self.minter.write.add_gauge(OWNER, gauge, 1))
        for token, duration in zip(streamed, DURATIONS, strict=True):
            self.send(self.gauge.write.add_reward(OWNER, token, OWNER, duration))
            self.send(token.write.approve(OWNER, self.gauge, FOREVER))
        for who in PEOPLE.values():
            self.send(self.lp.write.approve(who, self.gauge, FOREVER))
        self.stakes: Counter[str] = Counter()
        self.gone = 0
        self.books = [Book() for _ in self.tokens]
        self.release(self.books)

    # --- the model and the chain ----------------------------------------------

    def release(self, books: list[Book]) -> None:
        """What was released until now; the minter is looked at by a machine of its own."""
        books[0].released = self.minter.read.emitted(self.gauge)
        for book in books[1:]:
            book.released = book.streamed(self.now())

    def count(self) -> None:
        """Everybody's books up to now, as after any call but one."""
        self.release(self.books)
        for book in self.books:
            book.share(self.stakes, self.gone)
        self.gone = 0

    def restake(self, who: str, change: int) -> None:
        self.count()
        self.stakes[who] += change
        for book in self.books:
            book.keep(who, self.stakes[who])

    def now(self) -> int:
        return self.chain.time_ms // 1000

    def elapse(self, seconds: int) -> None:
        self.chain.mine([], time_ms=self.chain.time_ms + seconds * 1000)
        self.release(self.books)
        self.tally.saw["nobody stakes"] += seconds > 0 and not sum(self.stakes.values())

    def deploy(self, name: str, *args: Any) -> Contract:
        with self.chain.block(time_ms=self.chain.time_ms):
            return deploy(self.chain, artifact(name), OWNER, *args)

    def send(self, tx: Transaction) -> None:
        with self.chain.block(time_ms=self.chain.time_ms):
            self.chain.send(tx)

    def do(self, name: str, tx: Transaction, refusal: str | None = None) -> bool:
        """Whether it was accepted, which the model knows beforehand."""
        told = None
        try:
            self.send(tx)
        except Reverted as error:
            told = error.reason
        with self.tally.promise("G04"):
            equal(told, refusal, f"why {name} is refused")
        self.tally.note(name, told)
        return told is None

    def paid(self, who: str, which: list[int]) -> None:
        for place in which:
            book, token = self.books[place], self.tokens[place]
            book.claim(who)
            with self.tally.promise("G03"):
                equal(token.read.balanceOf(PEOPLE[who]), book.claimed[who], f"what {who} got")

    def staker(self, pick: int) -> str:
        stakers = sorted(who for who in PEOPLE if self.stakes[who])
        return stakers[pick % len(stakers)]

    # --- rules ----------------------------------------------------------------

    @rule(who=people, amount=stakes)
    @step
    def stake(self, who: str, amount: int) -> None:
        self.deposit_for(who, who, amount)

    @rule(who=people, to=people, amount=stakes, delay=delays)
    @step
    def deposit(self, who: str, to: str, amount: int, delay: int) -> None:
        self.elapse(delay)
        self.deposit_for(who, to, amount)

    def deposit_for(self, who: str, to: str, amount: int) -> None:
        amount = min(amount, self.lp.read.balanceOf(PEOPLE[who]))
        if amount == 0:
            return
        tx = self.gauge.write.deposit(PEOPLE[who], amount, PEOPLE[to])
        if self.do("deposit", tx):
            self.tally.saw["a stake for somebody else"] += who != to
            self.restake(to, amount)

    @precondition(lambda self: any(self.stakes.values()))
    @rule(pick=st.integers(0, 3), part=st.integers(0, 1000), delay=delays)
    @step
    def withdraw(self, pick: int, part: int, delay: int) -> None:
        self.elapse(delay)
        who = self.staker(pick)
        amount = max(1, self.stakes[who] * part // 1000)
        if self.do("withdraw", self.gauge.write.withdraw(PEOPLE[who], amount)):
            self.restake(who, -amount)

    @rule(by=people, who=people, delay=delays)
    @step
    def claim(self, by: str, who: str, delay: int) -> None:
        self.elapse(delay)
        if self.do("claim", self.gauge.write.claim(PEOPLE[by], PEOPLE[who])):
            self.tally.saw["a claim for somebody else"] += by != who
            self.restake(who, 0)
            self.paid(who, [0, 1, 2])

    @rule(by=people, who=people, place=tokens, delay=delays)
    @step
    def claim_one(self, by: str, who: str, place: int, delay: int) -> None:
        """The first stream may be broken: then everything else can be claimed."""
        self.elapse(delay)
        with self.chain.anchor():
            self.send(self.tokens[1].write.set_failing(OWNER, True))
            owed = self.gauge.read.claimable(PEOPLE[who], self.tokens[1])
            why = "gauge: transfer failed" if owed else None
            self.tally.saw["a broken reward"] += owed > 0
            if owed:
                self.refused(self.gauge.write.claim(PEOPLE[by], PEOPLE[who]), why)
                self.refused(self.gauge.write.exit(PEOPLE[who]), why)
            for other in (0, 2):
                self.send(self.gauge.write.claim(PEOPLE[by], PEOPLE[who], self.tokens[other]))
        tx = self.gauge.write.claim(PEOPLE[by], PEOPLE[who], self.tokens[place])
        if self.do("claim one", tx):
            self.restake(who, 0)
            self.paid(who, [place])

    def refused(self, tx: Transaction, why: str | None) -> None:
        try:
            self.send(tx)
        except Reverted as error:
            equal(error.reason, why, "G04: why it is refused")
        else:
            expect(False, "G04: what cannot be paid to be refused")

    @rule(who=people, delay=delays)
    @step
    def exit(self, who: str, delay: int) -> None:
        self.elapse(delay)
        if self.do("exit", self.gauge.write.exit(PEOPLE[who])):
            self.restake(who, -self.stakes[who])
            self.paid(who, [0, 1, 2])

    @precondition(lambda self: any(self.stakes.values()))
    @rule(pick=st.integers(0, 3), delay=delays)
    @step
    def emergency_exit(self, pick: int, delay: int) -> None:
        """All that he has earned by now is nobody's, though not all of it is counted yet."""
        self.elapse(delay)
        who = self.staker(pick)
        if self.do("emergency_exit", self.gauge.write.emergency_exit(PEOPLE[who])):
            for book in self.books:
                self.tally.saw["rewards given up"] += book.owed[who] >= UNIT
                book.give_up(who)
            self.gone += self.stakes.pop(who)

    @rule(place=st.integers(1, 2), amount=funds, delay=delays)
    @step
    def notify(self, place: int, amount: int, delay: int) -> None:
        self.elapse(delay)
        if self.do("notify", self.gauge.write.notify(OWNER, self.tokens[place], amount)):
            self.count()
            for book in self.books:
                book.keep("owner", 0)
            self.tally.saw["a reward streamed again"] += self.books[place].spare() >= UNIT
            self.books[place].begin_period(amount, self.now(), DURATIONS[place - 1])

    @rule(mine=st.integers(0, 3), theirs=st.integers(0, 3), delay=delays)
    @step
    def set_weight(self, mine: int, theirs: int, delay: int) -> None:
        self.elapse(delay)
        for gauge, weight in ((self.gauge, mine), (self.rival, theirs)):
            self.do("set_weight", self.minter.write.set_weight(OWNER, gauge, weight))
        self.release(self.books)

    @rule(seconds=st.sampled_from([1, 60, 1000, 86_400, 10**7]))
    @step
    def wait(self, seconds: int) -> None:
        self.elapse(seconds)

    # --- promises -------------------------------------------------------------

    @invariant()
    @watcher
    def books_close_to_the_last_part(self) -> None:
        read = self.gauge.read
        for place, token in enumerate(self.tokens):
            book = self.books[place].copy()
            book.share(self.stakes, self.gone)
            owed = {who: read.claimable_exact(PEOPLE[who], token) for who in PEOPLE}
            claimed = {who: read.claimed(PEOPLE[who], token) for who in PEOPLE}
            spare, emitted = read.undistributed_exact(token), read.emitted(token)
            with self.tally.promise("G01"):
                equal(owed, {who: book.owed[who] for who in PEOPLE}, "what is owed")
                equal(claimed, {who: book.claimed[who] for who in PEOPLE}, "what was claimed")
                equal(spare, book.spare(), "what is nobody's")
                equal(emitted, book.emitted(self.now()), "what there was to earn")
            with self.tally.promise("G02"):
                told = sum(owed.values()) + sum(claimed.values()) * UNIT + spare
                equal(emitted * UNIT, told, "all that there was to earn")
            self.tally.saw["a fraction owed"] += any(parts % UNIT for parts in owed.values())

    @invariant()
    @watcher
    def stakes_are_there_and_come_back(self) -> None:
        read, total = self.gauge.read, sum(self.stakes.values())
        with self.tally.promise("G05"):
            equal(read.total_staked(), total, "all stakes")
            equal(self.lp.read.balanceOf(self.gauge), total, "what is held of them")
            with self.chain.anchor():
                for token in [self.minter, *self.tokens]:
                    self.chain.engine.set_code(token.address, bytes.fromhex("fe"))
                for who in [who for who in PEOPLE if self.stakes[who]]:
                    self.send(self.gauge.write.emergency_exit(PEOPLE[who]))
                equal(self.lp.read.balanceOf(self.gauge), 0, "what is left of them")

    @invariant()
    @watcher
    def all_that_is_owed_can_be_paid(self) -> None:
        """And nothing but what the books say, though fractions that one leaves may be another's unit."""
        with self.chain.anchor(), self.tally.promise("G03"):
            places = [(who, place) for who in PEOPLE for place in range(len(self.tokens))]
            owed = {
                (who, place): self.gauge.read.claimable(PEOPLE[who], self.tokens[place])
                + self.books[place].claimed[who]
                for who, place in places
            }
            books = self.claim_for_all()
            for who, place in places:
                got = self.tokens[place].read.balanceOf(PEOPLE[who])
                equal(got, books[place].claimed[who], f"{who} of {place}")
                expect(got >= owed[who, place], f"{who} to get {owed[who, place]} of {place}")

    def claim_for_all(self) -> list[Book]:
        """Claim on the chain, one after the other, and in copies of the books."""
        books, gone = [book.copy() for book in self.books], self.gone
        for who, account in PEOPLE.items():
            self.send(self.gauge.write.claim(OWNER, account))
            for book in books:
                book.share(self.stakes, gone)
                book.keep(who, self.stakes[who])
                book.claim(who)
            gone = 0
        return books

"""A buy-out beside a model that counts in plain integers: every unit of the bidder's cash has its place."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.conformance.history import step, watcher
from dexsim.conformance.keeping import equal, expect
from dexsim.market.contract import Contract, deploy
from tests.stateful.issued.counted import CountedMachine, one_with
from tests.stateful.issued.till_machine import BPS, CODE, FOREVER
from tests.subject import artifact

E18 = 10**18
RICHES = 10**30
LASTS = 1_000
OWNER, BIDDER = Account.named("owner"), Account.named("bidder")
HOLDERS = [Account.named(name) for name in ("anna", "ben", "cleo")]
EVERYBODY = [*HOLDERS, BIDDER]
# Price, squeeze-out price, threshold, drag-along threshold.
OFFERS = {
    "anything": (2 * E18, E18, 0, BPS + 1),
    "all or nothing": (3 * E18 + 1, E18 + 1, BPS, BPS),
    "half, and the rest": (E18 + 7, E18 - 7, 5_000, 5_000),
    "everybody at one price": (E18 // 3, E18 // 3, 1, 3_333),
    "for nothing": (1, 0, 0, 0),
}
SHARES = {
    "three and the bidder": (600, 300, 99, 1),
    "odd ones": (10**18 + 1, 3, 7 * 10**17, 10**18),
    "a bidder with half": (250, 125, 125, 500),
    "one holder": (1_000, 0, 0, 0),
}
parts = st.sampled_from([1_000, 500, 333, 999, 1, 0, 1_001])
holders = st.integers(0, len(HOLDERS) - 1)
anybody = st.integers(0, len(EVERYBODY) - 1)


@cache
def _stage() -> tuple[Chain, Contract, Contract, Any]:
    chain = Chain("pyevm", base_fee=0, time_ms=1_600_000_000_000, trace_reverts=False)
    cash = deploy(chain, artifact("token"), BIDDER, "Cash", "C", 18, RICHES)
    backing = deploy(chain, artifact("token"), OWNER, "Deed", "D", 18, RICHES)
    return chain, cash, backing, chain.snapshot()


class BidMachine(CountedMachine):
    """Holders accept, think again, sell, ask to be redeemed; the bid is settled, paid and carried through."""

    label = "tender"
    told_as = "a buy-out"
    views = "B01"
    promises: ClassVar[set[str]] = {"B01", "B02", "B03", "B04"}
    counted: ClassVar[set[str]] = {"accept", "revoke", "settle", "collect", "squeeze", "surplus"}
    reasons: ClassVar[set[str]] = {
        *("too late", "too early", "zero amount", "not accepted", "nothing to settle"),
        *("not settled", "nothing accepted", "nobody is squeezed out", "not to be squeezed out"),
        *("nothing is left", "cash is missing", "transfer failed"),
    }
    situations: ClassVar[set[str]] = {
        *("a success", "a failure", "a drag-along", "a share that is met exactly"),
        *("tokens that wait", "a bid that is paid to the end", "tokens that came later"),
    }

    @classmethod
    def prepare(cls) -> None:
        for name in ("issuer", "tender"):
            artifact(name)
        _stage()

    @initialize(
        offer=st.sampled_from(sorted(OFFERS)),
        shares=st.sampled_from(sorted(SHARES)),
        first=st.tuples(*[parts] * len(EVERYBODY)),
        again=anybody,
        ends=st.sampled_from([True, False]),
    )
    @step
    def open(self, offer: str, shares: str, first: tuple[int, ...], again: int, ends: bool) -> None:
        self.chain, self.cash, self.backing, born = _stage()
        self.chain.restore(born)
        self.price, self.squeezing, self.threshold, self.drag = OFFERS[offer]
        told = tuple((CODE | {"delay": 10 * LASTS}).values())
        self.token = self.deploy(OWNER, "issuer", "H", "H", 18, self.backing, OWNER, told)
        self.send(self.backing.write.approve(OWNER, self.token, FOREVER))
        self.tokens = Counter(dict(zip(EVERYBODY, SHARES[shares], strict=True)))
        for who, amount in (+self.tokens).items():
            self.send(self.token.write.mint_at_par(OWNER, amount, who))
        self.deadline = self.now() + LASTS
        terms = (*OFFERS[offer], self.deadline)
        self.tender = self.deploy(OWNER, "tender", self.token, self.cash, BIDDER, terms)
        self.send(self.token.write.set_tender(OWNER, self.tender))
        self.send(self.cash.write.approve(BIDDER, self.tender, FOREVER))
        for who in EVERYBODY:
            self.send(self.token.write.approve(who, self.tender, FOREVER))
        self.send(self.tender.write.open(BIDDER))
        rest = sum(self.tokens[who] for who in HOLDERS)
        self.laid_down = self.held = self.cost(rest, self.price)
        self.accepted: Counter[Account] = Counter()
        self.asked: Counter[Account] = Counter()
        self.paid: Counter[Account] = Counter()
        self.returned = self.later = 0
        self.settled = self.succeeded = self.drags = False
        for who, part in enumerate(first):
            self.accept(who=who, part=part)
        self.revoke(who=again, part=first[again])
        if ends:
            self.settle(late=True)

    # --- the model -----------------------------------------------------------------

    @staticmethod
    def cost(amount: int, price: int) -> int:
        return -(-amount * price // E18)

    @property
    def supply(self) -> int:
        return sum(each.total() for each in (self.tokens, self.accepted, self.asked))

    @property
    def bought(self) -> int:
        """What others than the bidder handed in."""
        return self.accepted.total() - self.accepted[BIDDER]

    @property
    def owed(self) -> int:
        """To who accepted, and to who can be squeezed out, each sum rounded up."""
        owed = self.cost(self.bought, self.price)
        if self.drags:
            rest = self.supply - self.accepted.total() - self.tokens[BIDDER]
            owed += self.cost(rest, self.squeezing)
        return owed

    def meets(self, reached: int, bps: int) -> bool:
        self.tally.saw["a share that is met exactly"] += reached * BPS == self.supply * bps
        return reached * BPS >= self.supply * bps

    def give_back(self, amount: int) -> None:
        self.held -= amount
        self.returned += amount

    # --- before it is settled --------------------------------------------------------

    @precondition(lambda self: not self.settled)
    @rule(who=anybody, part=parts)
    @step
    def accept(self, who: int, part: int) -> None:
        holder = one_with(self.tokens, EVERYBODY, who)
        amount = self.tokens[holder] * part // 1_000
        why = None
        if self.now() > self.deadline:
            why = "too late"
        elif not amount:
            why = "zero amount"
        elif amount > self.tokens[holder]:
            why = "transfer failed"
        elif self.cost(self.bought + amount * (holder != BIDDER), self.price) > self.held:
            why = "cash is missing"
        if self.try_to("accept", self.tender.write.accept(holder, amount), why):
            self.tokens[holder] -= amount
            self.accepted[holder] += amount

    @precondition(lambda self: not self.settled and self.now() <= self.deadline)
    @rule(who=anybody, part=parts)
    @step
    def revoke(self, who: int, part: int) -> None:
        holder = one_with(self.accepted, EVERYBODY, who)
        amount = self.accepted[holder] * part // 1_000
        why = None
        if self.now() > self.deadline:
            why = "too late"
        elif amount > self.accepted[holder]:
            why = "not accepted"
        if self.try_to("revoke", self.tender.write.revoke(holder, amount), why):
            self.accepted[holder] -= amount
            self.tokens[holder] += amount

    @rule(late=st.sampled_from([True, True, True, False]))
    @step
    def settle(self, late: bool) -> None:
        if late and self.now() <= self.deadline:
            self.elapse(self.deadline + 1 - self.now())
        reached = self.accepted.total()
        why = None
        if self.settled:
            why = "nothing to settle"
        elif self.now() <= self.deadline:
            why = "too early"
        if not self.try_to("settle", self.tender.write.settle(OWNER), why):
            return
        self.settled = True
        self.succeeded = self.meets(reached, self.threshold)
        self.drags = self.succeeded and self.meets(reached, self.drag)
        if self.owed > self.held:
            self.succeeded = self.drags = False
        self.give_back(self.held - (self.owed if self.succeeded else 0))
        saw = self.tally.saw
        saw["a success" if self.succeeded else "a failure"] += 1
        saw["a drag-along"] += self.drags

    # --- afterwards ---------------------------------------------------------------------

    @precondition(lambda self: self.settled)
    @rule(who=anybody)
    @step
    def collect(self, who: int) -> None:
        holder = one_with(self.accepted, EVERYBODY, who)
        amount = self.accepted[holder]
        why = None if amount else "nothing accepted"
        if not self.try_to("collect", self.tender.write.collect(OWNER, holder), why):
            return
        self.accepted[holder] = 0
        self.tokens[BIDDER if self.succeeded else holder] += amount
        if self.succeeded and holder != BIDDER:
            self.pay(holder, amount * self.price // E18)

    @precondition(lambda self: self.settled)
    @rule(who=anybody)
    @step
    def squeeze(self, who: int) -> None:
        holder = one_with(self.tokens, EVERYBODY, who)
        amount = self.tokens[holder] + self.asked[holder]
        costs = amount * self.squeezing // E18
        why = None
        if not self.drags:
            why = "nobody is squeezed out"
        elif holder == BIDDER:
            why = "not to be squeezed out"
        elif not amount:
            why = "zero amount"
        elif costs > self.held - self.cost(self.bought, self.price):
            why = "cash is missing"
        if self.try_to("squeeze", self.tender.write.squeeze(OWNER, holder), why):
            self.tokens[holder] = self.asked[holder] = 0
            self.tokens[BIDDER] += amount
            self.pay(holder, costs)

    def pay(self, holder: Account, amount: int) -> None:
        self.held -= amount
        self.paid[holder] += amount

    @precondition(lambda self: self.settled)
    @rule()
    @step
    def surplus(self) -> None:
        left = self.succeeded or self.held
        tx = self.tender.write.return_surplus(OWNER)
        if self.try_to("surplus", tx, None if left else "nothing is left"):
            self.give_back(max(0, self.held - self.owed) if self.succeeded else self.held)

    @rule(who=anybody)
    @step
    def out_of_turn(self, who: int) -> None:
        """What belongs before the settlement is refused after it, and the other way round."""
        holder, write = EVERYBODY[who], self.tender.write
        if self.settled:
            self.try_to("accept out of turn", write.accept(holder, 1), "too late")
            self.try_to("revoke out of turn", write.revoke(holder, 0), "too late")
            return
        self.try_to("collect out of turn", write.collect(OWNER, holder), "not settled")
        self.try_to("squeeze out of turn", write.squeeze(OWNER, holder), "nobody is squeezed out")
        self.try_to("surplus out of turn", write.return_surplus(OWNER), "nothing is left")

    # --- what goes on beside it -----------------------------------------------------------

    @rule(who=anybody, to=anybody, part=parts)
    @step
    def sell(self, who: int, to: int, part: int) -> None:
        """Tokens change hands at any time; the bidder's too."""
        seller, buyer = EVERYBODY[who], EVERYBODY[to]
        amount = self.tokens[seller] * min(part, 1_000) // 1_000
        self.send(self.token.write.transfer(seller, buyer, amount))
        self.tokens[seller] -= amount
        self.tokens[buyer] += amount

    @rule(who=anybody, part=parts)
    @step
    def ask_to_be_redeemed(self, who: int, part: int) -> None:
        holder = EVERYBODY[who]
        amount = self.tokens[holder] * min(part, 1_000) // 1_000
        if amount:
            self.send(self.token.write.request(holder, amount))
            self.tokens[holder] -= amount
            self.asked[holder] += amount
            self.tally.saw["tokens that wait"] += 1

    @precondition(lambda self: self.settled or self.price > self.squeezing + E18 // 2)
    @rule(who=anybody, amount=st.sampled_from([1, 100]))
    @step
    def add_tokens(self, who: int, amount: int) -> None:
        """The owner can mint while somebody bids; nobody else."""
        self.send(self.token.write.mint_at_par(OWNER, amount, EVERYBODY[who]))
        self.tokens[EVERYBODY[who]] += amount
        self.tally.saw["tokens that came later"] += self.settled

    @rule(seconds=st.sampled_from([1, 60, 60, LASTS]))
    @step
    def wait(self, seconds: int) -> None:
        self.elapse(seconds)

    # --- promises ------------------------------------------------------------------------------

    @invariant()
    @watcher
    def all_of_the_bidders_cash_has_its_place(self) -> None:
        with self.tally.promise("B01"):
            gone = self.paid.total() + self.returned
            equal(self.tender.read.cash_held() + gone, self.laid_down, "what was laid down")
            equal(self.tender.read.cash_held(), self.held, "what is held")
            equal(self.cash.read.balanceOf(self.tender), self.held, "the cash that is there")

    @invariant()
    @watcher
    def everybody_was_paid_what_was_right(self) -> None:
        with self.tally.promise("B02"):
            for who in HOLDERS:
                equal(self.cash.read.balanceOf(who), self.paid[who], f"the cash of {who}")
            own = RICHES - self.laid_down + self.returned + self.paid[BIDDER]
            equal(self.cash.read.balanceOf(BIDDER), own, "the bidder's cash")

    @invariant()
    @watcher
    def tokens_are_where_they_should_be(self) -> None:
        read = self.token.read
        with self.tally.promise("B03"):
            for who in EVERYBODY:
                equal(read.balanceOf(who), self.tokens[who], f"the tokens of {who}")
                equal(read.requested(who), self.asked[who], f"what {who} has waiting")
                equal(self.tender.read.accepted(who), self.accepted[who], f"what {who} handed in")
            equal(read.balanceOf(self.tender), self.accepted.total(), "what is handed in is there")
            equal(self.tender.read.total_accepted(), self.accepted.total(), "all that is handed in")

    @invariant()
    @watcher
    def who_accepted_can_always_be_paid(self) -> None:
        read = self.tender.read
        with self.tally.promise("B04"):
            equal(read.settled(), self.settled, "whether it is settled")
            equal(read.succeeded(), self.succeeded, "whether it succeeded")
            equal(read.drags_along(), self.drags, "whether it drags along")
            if self.succeeded or not self.settled:
                needed = self.cost(self.bought, self.price)
                expect(self.held >= needed, f"{needed} for who accepted, and not {self.held}")
            self.tally.saw["a bid that is paid to the end"] += self.settled and not self.held

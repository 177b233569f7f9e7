"""An issuer beside a model that counts in plain integers, whatever its terms are."""

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
from tests.subject import artifact

FOREVER = 2**256 - 1
BPS = 10_000
RICHES = 10**30
DELAY = 600
OWNER, ELSEWHERE = Account.named("owner"), Account.named("elsewhere")
PEOPLE = [Account.named(name) for name in ("anna", "ben", "cleo")]
ALWAYS = (0, 0, 127)
TERMS: dict[str, dict[str, Any]] = {
    "plain": {},
    "fees": {"mint_fee_bps": 30, "redeem_fee_bps": 25},
    "the highest fees": {"mint_fee_bps": BPS, "redeem_fee_bps": BPS},
    "half": {"redeem_fee_bps": 7, "min_coverage_bps": 5_000},
    "a part for who comes first": {"min_coverage_bps": 3_333, "mint_fee_bps": 1},
    "a part for all": {"min_coverage_bps": 1, "pro_rata": True, "redeem_fee_bps": 3},
    "whatever there is": {"min_coverage_bps": 0, "pro_rata": True},
    "lists": {"whitelist": True, "restricted": True},
}
CAPS = {"mint_cap": 10**6, "redeem_cap": 1_000}
CODE = {
    **dict.fromkeys(("mint_fee_bps", "redeem_fee_bps", "delay", "mint_cap", "redeem_cap"), 0),
    "min_coverage_bps": BPS,
    "hours": ALWAYS,
    **dict.fromkeys(("pro_rata", "whitelist", "restricted"), False),
}
amounts = st.one_of(
    st.integers(0, 20), st.sampled_from([999, 1_000, 1_001, 10**6, 10**6 + 1, 10**18 + 7])
)
parts = st.sampled_from([1_000, 333, 1, 999, 500, 0, 1_001])
people = st.integers(0, len(PEOPLE) - 1)


@cache
def _stage() -> tuple[Chain, Contract, Any]:
    chain = Chain("pyevm", base_fee=0, time_ms=1_600_000_000_000, trace_reverts=False)
    cash = deploy(chain, artifact("token"), OWNER, "Cash", "C", 18, RICHES)
    for who in PEOPLE:
        chain.send(cash.write.transfer(OWNER, who, RICHES // 10))
    return chain, cash, chain.snapshot()


class TillMachine(CountedMachine):
    """People deposit, redeem, ask, wait and think again; the owner invests; cash comes unasked."""

    told_as = "an issuer"
    views = "T01"
    promises: ClassVar[set[str]] = {"T01", "T02", "T03", "T04", "T05"}
    counted: ClassVar[set[str]] = {
        *("mint", "redeem", "request", "claim", "cancel", "invest", "divest", "add_income"),
        *("collect_income", "mint_at_par", "transfer", "recover"),
    }
    reasons: ClassVar[set[str]] = {
        *("zero amount", "above the cap", "reserve exhausted", "coverage too low"),
        *("ask first", "redeem at once", "not requested", "too early", "not whitelisted"),
        *("income exhausted", "minting has stopped", "insufficient balance", "cash is promised"),
    }
    situations: ClassVar[set[str]] = {
        *("a reserve that falls short", "tokens that wait", "cash that nobody asked for"),
        *("a unit that stays for the rest", "an outstanding of nothing"),
    }

    @classmethod
    def prepare(cls) -> None:
        artifact("issuer")
        _stage()

    @initialize(
        terms=st.sampled_from(sorted(TERMS)),
        capped=st.booleans(),
        first=st.tuples(*[st.sampled_from([1_000_003, 2_000, 0])] * len(PEOPLE)),
        invested=parts,
        delay=st.sampled_from([DELAY, 0]),
        asked=parts,
    )
    @step
    def open(
        self,
        terms: str,
        capped: bool,
        first: tuple[int, ...],
        invested: int,
        delay: int,
        asked: int,
    ) -> None:
        self.chain, self.cash, born = _stage()
        self.chain.restore(born)
        self.terms = {**CODE, **TERMS[terms], **(CAPS if capped else {}), "delay": delay}
        told = tuple(self.terms.values())
        self.till = self.deploy(OWNER, "issuer", "T", "T", 18, self.cash, OWNER, told)
        for who in (OWNER, *PEOPLE):
            self.send(self.cash.write.approve(who, self.till, FOREVER))
        self.reserve = self.income = self.minted = self.redeemed = self.astray = 0
        self.minting = True
        self.tokens: Counter[Account] = Counter()
        self.asked: Counter[Account] = Counter()
        self.payable: Counter[Account] = Counter()
        self.listed: set[Account] = set()
        self.purse = {who: self.cash.read.balanceOf(who) for who in (OWNER, *PEOPLE, ELSEWHERE)}
        self.busy: Counter[str] = Counter()
        for number in range(2):
            self.enlist(who=number, allowed=True)
        for number, amount in enumerate(first):
            self.mint_at_par(to=number, amount=amount)
        self.invest(part=invested)
        for number in range(len(PEOPLE) if delay else 0):
            self.request(who=number, part=asked)

    # --- the model --------------------------------------------------------------

    @property
    def outstanding(self) -> int:
        return sum(self.tokens.values()) + sum(self.asked.values())

    def pays(self, amount: int) -> int:
        """Cash for tokens before the fee: at par, or the part that is there for all."""
        if self.terms["pro_rata"] and self.reserve < self.outstanding:
            self.tally.saw["a unit that stays for the rest"] += bool(
                amount * self.reserve % self.outstanding
            )
            return amount * self.reserve // self.outstanding
        return amount

    def unlisted(self, *who: Account) -> bool:
        return not self.listed.issuperset(who)

    def moves(self, who: Account, amount: int) -> None:
        self.purse[who] += amount

    def pay(self, who: Account, amount: int) -> None:
        """What a redemption does to everything, tokens aside."""
        gross = self.pays(amount)
        paid = gross * (BPS - self.terms["redeem_fee_bps"]) // BPS
        self.reserve -= gross
        self.income += gross - paid
        self.redeemed += amount
        self.moves(who, paid)

    def payment_refused(self, amount: int) -> str | None:
        cap = self.terms["redeem_cap"]
        if not amount:
            return "zero amount"
        if cap and amount > cap:
            return "above the cap"
        return "reserve exhausted" if self.pays(amount) > self.reserve else None

    # --- customers -----------------------------------------------------------------

    @rule(who=people, deposit=amounts, to=people)
    @step
    def mint(self, who: int, deposit: int, to: int) -> None:
        payer, owner = PEOPLE[who], PEOPLE[to]
        amount = deposit * BPS // (BPS + self.terms["mint_fee_bps"])
        why = None
        if not self.minting:
            why = "minting has stopped"
        elif (self.terms["whitelist"] and self.unlisted(payer)) or (
            self.terms["restricted"] and self.unlisted(owner)
        ):
            why = "not whitelisted"
        elif not amount:
            why = "zero amount"
        elif self.terms["mint_cap"] and amount > self.terms["mint_cap"]:
            why = "above the cap"
        if self.try_to("mint", self.till.write.mint(payer, deposit, owner), why):
            self.moves(payer, -deposit)
            self.tokens[owner] += amount
            self.minted += amount
            self.reserve += amount
            self.income += deposit - amount

    @precondition(lambda self: not self.terms["delay"])
    @rule(who=people, part=parts, to=people)
    @step
    def redeem(self, who: int, part: int, to: int) -> None:
        owner, other = one_with(self.tokens, PEOPLE, who), PEOPLE[to]
        amount = self.tokens[owner] * part // 1_000
        why = self.payment_refused(amount)
        if self.terms["whitelist"] and self.unlisted(owner):
            why = "not whitelisted"
        elif amount > self.tokens[owner]:
            why = "insufficient balance"
        if self.try_to("redeem", self.till.write.redeem(owner, amount, other), why):
            self.pay(other, amount)
            self.tokens[owner] -= amount

    @precondition(lambda self: not self.terms["delay"])
    @rule()
    @step
    def all_leave(self) -> None:
        """Who can be paid in full goes with everything, one after the other."""
        for number in range(len(PEOPLE)):
            self.redeem(who=0, part=1_000, to=number)

    @precondition(lambda self: self.terms["delay"])
    @rule(who=people, part=parts)
    @step
    def request(self, who: int, part: int) -> None:
        owner = one_with(self.tokens, PEOPLE, who)
        amount = self.tokens[owner] * part // 1_000
        why = None
        if not amount:
            why = "zero amount"
        elif self.terms["whitelist"] and self.unlisted(owner):
            why = "not whitelisted"
        elif amount > self.tokens[owner]:
            why = "insufficient balance"
        if self.try_to("request", self.till.write.request(owner, amount), why):
            self.tokens[owner] -= amount
            self.asked[owner] += amount
            self.payable[owner] = self.now() + self.terms["delay"]

    @precondition(lambda self: any(self.asked.values()))
    @rule(who=people, part=parts, waits=st.sampled_from([True, True, False]))
    @step
    def claim(self, who: int, part: int, waits: bool) -> None:
        self.elapse(DELAY if waits else 0)
        owner = one_with(self.asked, PEOPLE, who)
        amount = self.asked[owner] * part // 1_000
        why = self.payment_refused(amount)
        if amount > self.asked[owner]:
            why = "not requested"
        elif self.now() < self.payable[owner]:
            why = "too early"
        if self.try_to("claim", self.till.write.claim(owner, amount), why):
            self.pay(owner, amount)
            self.asked[owner] -= amount

    @precondition(lambda self: any(self.asked.values()))
    @rule(who=people, part=parts)
    @step
    def cancel(self, who: int, part: int) -> None:
        owner = one_with(self.asked, PEOPLE, who)
        amount = self.asked[owner] * part // 1_000
        why = "not requested" if amount > self.asked[owner] else None
        if self.try_to("cancel", self.till.write.cancel(owner, amount), why):
            self.asked[owner] -= amount
            self.tokens[owner] += amount

    @rule(who=people)
    @step
    def the_other_way(self, who: int) -> None:
        """Redemption is at once or after a delay, and not both."""
        write, owner = self.till.write, PEOPLE[who]
        if self.terms["delay"]:
            self.try_to("redeem where it is not", write.redeem(owner, 1), "ask first")
        else:
            self.try_to("request where it is not", write.request(owner, 1), "redeem at once")

    @rule(who=people, to=people, part=parts)
    @step
    def transfer(self, who: int, to: int, part: int) -> None:
        owner, other = one_with(self.tokens, PEOPLE, who), PEOPLE[to]
        amount = self.tokens[owner] * part // 1_000
        why = None
        if self.terms["restricted"] and self.unlisted(owner, other):
            why = "not whitelisted"
        elif amount > self.tokens[owner]:
            why = "insufficient balance"
        if self.try_to("transfer", self.till.write.transfer(owner, other, amount), why):
            self.tokens[owner] -= amount
            self.tokens[other] += amount

    # --- the owner and the world -----------------------------------------------------

    @rule(to=people, amount=amounts)
    @step
    def mint_at_par(self, to: int, amount: int) -> None:
        owner, why = PEOPLE[to], None
        if not amount:
            why = "zero amount"
        elif self.terms["restricted"] and self.unlisted(owner):
            why = "not whitelisted"
        if self.try_to("mint_at_par", self.till.write.mint_at_par(OWNER, amount, owner), why):
            self.moves(OWNER, -amount)
            self.tokens[owner] += amount
            self.minted += amount
            self.reserve += amount

    @rule(part=parts)
    @step
    def invest(self, part: int) -> None:
        promised = -(-self.outstanding * self.terms["min_coverage_bps"] // BPS)
        amount = (max(0, self.reserve - promised) or self.reserve) * part // 1_000
        why = None
        if amount > self.reserve:
            why = "reserve exhausted"
        elif (self.reserve - amount) * BPS < self.outstanding * self.terms["min_coverage_bps"]:
            why = "coverage too low"
        if self.try_to("invest", self.till.write.invest(OWNER, amount, ELSEWHERE), why):
            self.moves(ELSEWHERE, amount)
            self.reserve -= amount

    @rule(who=people, amount=amounts, name=st.sampled_from(["divest", "add_income"]))
    @step
    def pay_in(self, who: int, amount: int, name: str) -> None:
        if self.try_to(name, getattr(self.till.write, name)(PEOPLE[who], amount), None):
            self.moves(PEOPLE[who], -amount)
            self.reserve += amount if name == "divest" else 0
            self.income += amount if name == "add_income" else 0

    @rule(part=parts)
    @step
    def collect_income(self, part: int) -> None:
        amount = self.income * part // 1_000
        why = "income exhausted" if amount > self.income else None
        tx = self.till.write.collect_income(OWNER, amount, ELSEWHERE)
        if self.try_to("collect_income", tx, why):
            self.moves(ELSEWHERE, amount)
            self.income -= amount

    @rule(who=people, amount=amounts)
    @step
    def send_unasked(self, who: int, amount: int) -> None:
        """Cash that nobody asked for changes nothing."""
        self.send(self.cash.write.transfer(PEOPLE[who], self.till, amount))
        self.moves(PEOPLE[who], -amount)
        self.astray += amount

    @rule(more=st.integers(0, 1))
    @step
    def recover(self, more: int) -> None:
        """All that nobody asked for, and not a unit more."""
        amount = self.astray + more
        why = "cash is promised" if more else None
        tx = self.till.write.recover(OWNER, self.cash, amount, ELSEWHERE)
        if self.try_to("recover", tx, why):
            self.moves(ELSEWHERE, amount)
            self.astray = 0

    @rule(who=people, allowed=st.booleans())
    @step
    def enlist(self, who: int, allowed: bool) -> None:
        self.send(self.till.write.set_whitelisted(OWNER, PEOPLE[who], allowed))
        (self.listed.add if allowed else self.listed.discard)(PEOPLE[who])

    @rule(minting=st.sampled_from([True, True, True, False]))
    @step
    def set_minting(self, minting: bool) -> None:
        self.send(self.till.write.set_minting(OWNER, minting))
        self.minting = minting

    @rule(seconds=st.sampled_from([1, DELAY - 1, DELAY]))
    @step
    def wait(self, seconds: int) -> None:
        self.elapse(seconds)

    # --- promises -----------------------------------------------------------------------

    @invariant()
    @watcher
    def what_was_minted_and_not_redeemed_is_outstanding(self) -> None:
        read, saw = self.till.read, self.tally.saw
        saw["a reserve that falls short"] += self.reserve < self.outstanding
        saw["tokens that wait"] += any(self.asked.values())
        saw["an outstanding of nothing"] += self.minted > 0 and not self.outstanding
        with self.tally.promise("T01"):
            equal(read.minted(), self.minted, "what was minted")
            equal(read.redeemed(), self.redeemed, "what was redeemed")
            equal(read.minted() - read.redeemed(), read.outstanding(), "what is outstanding")
            equal(read.outstanding(), self.outstanding, "what everybody has and has waiting")

    @invariant()
    @watcher
    def every_unit_of_cash_is_somebodys(self) -> None:
        read = self.till.read
        self.tally.saw["cash that nobody asked for"] += self.astray > 0
        with self.tally.promise("T02"):
            equal(read.reserve(), self.reserve, "the reserve")
            equal(read.income(), self.income, "the income")
            held = self.cash.read.balanceOf(self.till)
            equal(held, self.reserve + self.income + self.astray, "the cash that is there")

    @invariant()
    @watcher
    def everybody_was_paid_what_was_right(self) -> None:
        with self.tally.promise("T03"):
            for who, cash in self.purse.items():
                equal(self.cash.read.balanceOf(who), cash, f"the cash of {who}")

    @invariant()
    @watcher
    def tokens_are_where_they_should_be(self) -> None:
        read = self.till.read
        with self.tally.promise("T04"):
            for who in PEOPLE:
                equal(read.balanceOf(who), self.tokens[who], f"the tokens of {who}")
                equal(read.requested(who), self.asked[who], f"what {who} has waiting")
            equal(read.waiting(), sum(self.asked.values()), "all that waits")
            equal(read.balanceOf(self.till), read.waiting(), "what waits is there")

    @invariant()
    @watcher
    def what_anybody_can_read_is_so(self) -> None:
        read, out = self.till.read, self.outstanding
        covered = self.reserve * 10**18 // out if out else 10**18
        with self.tally.promise("T05"):
            equal(read.coverage(), covered, "the coverage")
            for amount in (1, out // 3, out):
                gross = self.pays(amount)
                net = gross * (BPS - self.terms["redeem_fee_bps"]) // BPS
                expected = net if gross <= self.reserve else 0
                equal(read.payment_for(amount), expected, f"the payment for {amount}")
            needed = read.deposit_for(out)
            gives = needed * BPS // (BPS + self.terms["mint_fee_bps"])
            equal(gives, out, "what the smallest deposit mints")
            less = (needed - 1) * BPS // (BPS + self.terms["mint_fee_bps"])
            expect(less < out or not out, "one less to mint less")

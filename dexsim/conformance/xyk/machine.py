"""The machine that all rungs share: it moves chain and model together and watches every step.

Rungs add rules. A rule's arguments are plain numbers and names; what a rule makes of them is told
in the notes of a failing run, action by action.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant

from dexsim.conformance.history import Machine, step, watcher
from dexsim.conformance.keeping import expect, keeps
from dexsim.conformance.xyk.model import UINT32, UINT112, Refused
from dexsim.conformance.xyk.promises import PROMISES, steps
from dexsim.conformance.xyk.stage import PEOPLE, POOL, SETTER, TREASURY, Stage
from dexsim.conformance.xyk.state import State
from dexsim.conformance.xyk.subject import Subject
from dexsim.errors import ArtifactError, Reverted
from dexsim.tracing.explaining import explain


def of_every_size(least_bits: int, most_bits: int) -> st.SearchStrategy[int]:
    """Numbers of every length in bits equally often, powers of two and their neighbours among them."""
    longest = 2 ** (most_bits - 1)

    def shortened(bits: int, number: int) -> int:
        return int((longest + number) >> (most_bits - bits))

    return st.builds(shortened, st.integers(least_bits, most_bits), st.integers(0, longest - 1))


amounts = of_every_size(1, 112)
deposits = of_every_size(12, 100)
people = st.sampled_from(PEOPLE)
sides = st.integers(0, 1)
births = st.sampled_from([1_600_000_000, UINT32 - 100, UINT32 - 1, UINT32, 3 * UINT32 - 5])


_PROMISED = {
    ".sums": "P13",
    ".since": "P13",
    ".k_last": "P15",
    ".supply": "P20",
    ".shares": "P09",
    ".reserves": "P28",
    "fee_to": "P15",
    ".tokens": "P26",
}
"""Who promises what can be seen, where nobody has noticed it before."""


@cache
def _stage(subject: Subject, wide: bool) -> tuple[Stage, Any]:
    stage = Stage.build(subject, wide=wide)
    stage.seen()  # puts the panel on the chain
    return stage, stage.chain.snapshot()


class VenueMachine(Machine):
    """A venue with one filled pool, `wide`: with three. subject: whose contracts.

    protocol_fee: whether it may be on from the start.
    """

    subject: ClassVar[Subject]
    wide: ClassVar[bool] = False
    protocol_fee: ClassVar[bool] = False
    views = "P23"

    def __init__(self) -> None:
        super().__init__()
        self.stage, start = _stage(self.subject, self.wide)
        self.stage.chain.restore(start)
        self.model = self.stage.model()
        self.before = self.stage.seen()
        self.told: list[tuple[Any, ...]] = []
        self.did = "nothing"
        self.is_aside = False

    @classmethod
    def prepare(cls) -> None:
        """Put the venue on a chain. Raises ArtifactError where that is refused: then there is no exchange."""
        try:
            _stage(cls.subject, cls.wide)
        except Reverted as error:
            raise ArtifactError(
                f"no exchange can be set up with {cls.subject.name}: {error}; a factory makes pools "
                "without arguments, which ask it for their tokens or are told by initialize()"
            ) from None

    # Moving

    def do(self, why: str, action: str, who: str, *args: Any) -> bool:
        """One transaction on chain and model, which must agree; whether it was accepted.

        why: the promise that is broken where they do not.
        """
        trial = self.model.copy()
        trial.told.clear()
        try:
            getattr(trial, action)(who, *args)
            expected = None
        except Refused as refusal:
            expected = refusal.reason
        got, told = self.stage.send(getattr(self.stage, action)(who, *args))
        story = f"{who}: {action}({', '.join(map(repr, args))})"
        self.tell(f"{story} -> {'accepted' if got is None else f'refused, {got!r}'}")
        if expected is None:
            expect(got is None, f"{why}: {story} must be accepted; it was refused: {got!r}")
            if told != trial.told and not self.forgives("P28"):
                self._blame(action, told)
                expect(False, f"P28: {story} must log {trial.told}; it logged {told}")
            self.model, self.told, self.did = trial, self.told + told, action
        else:
            if got is None:
                self._blame(action, told)
            must = f"{why}: {story} must be refused, {expected!r}"
            expect(got is not None, f"{must}; it was accepted")
            self.says(got, expected, why)
        return expected is None

    def says(self, got: str | None, reason: str, why: str = "") -> None:
        """A refusal tells why, where the exchange speaks a language that is known here.

        Another reason than that of the lock means that the lock was not looked at.
        """
        promise = "P17" if why == "P17" else "P30"
        may = self.stage.words.may_say(reason)
        if may is not None and not self.forgives(promise):
            expect(got in may, f"{promise}: refused with {sorted(may)}, not with {got!r}")
        self.record.kept["P30"] += 1

    def refuses(self, why: str, reason: str, action: str, who: str, *args: Any) -> None:
        """One transaction that must be refused for this reason."""
        accepted = self.do(why, action, who, *args)
        told = f"{why}: {who}: {action}{args} must be refused, {reason!r}"
        expect(not accepted, f"{told}; model and contract accept it")
        trial = self.model.copy()
        try:
            getattr(trial, action)(who, *args)
        except Refused as refusal:
            expect(refusal.reason == reason, f"{told}; the model refuses with {refusal.reason!r}")

    def also_refused(self, what: str) -> None:
        """Count a refusal that an action looks at on its way, as a rule of its own."""
        self.record.refused[what] += 1

    def pay(self, who: str, amounts: tuple[int, int], pool: str = POOL) -> None:
        """Tokens to a pool, and nothing else."""
        for token, amount in zip(self.model.pools[pool].tokens, amounts, strict=True):
            if amount > 0:
                self.do("P10", "transfer", who, token, pool, amount)

    def tell(self, what: str) -> None:
        """A line of the story, indented where it is undone in the end."""
        super().tell(f"  {what}" if self.is_aside else what)

    def wait_for(self, seconds: int) -> None:
        """Let time pass."""
        self.tell(f"{seconds} seconds pass")
        self.stage.chain.mine([], time_ms=self.stage.chain.time_ms + seconds * 1000)
        self.model.now += seconds

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What happens inside is undone, on the chain and in the model."""
        kept, told, did = self.model.copy(), list(self.told), self.did
        self.tell("aside, and undone:")
        self.is_aside = True
        with self.stage.chain.anchor():
            yield
        self.is_aside = False
        self.model, self.told, self.did = kept, told, did

    def _blame(self, action: str, told: list[tuple[Any, ...]]) -> None:
        """An action that did what it must not has mostly broken a promise: say that first.

        Until it, the chain was where the model still is.
        """
        self._check_promises((self.model.seen(), self.stage.seen()), told, action)

    def trace_refusals(self) -> None:
        """Have the chain trace what reverts."""
        self.stage.refusals.clear()
        self.stage.chain.trace_reverts = True

    def explanation(self) -> str | None:
        """The last refusal, from the chain."""
        refused = self.stage.refusals
        return explain(refused[0]) if refused and refused[0].frame is not None else None

    # Knowing

    def room(self, side: int, pool: str = POOL) -> int:
        """How much of a token the pool can still take before its balance is too big."""
        return UINT112 - 1 - self.model.balances(pool)[side]

    def wealth(self, who: str, side: int, pool: str = POOL) -> int:
        """What somebody has of one of a pool's tokens."""
        return self.model.tokens[self.model.pools[pool].tokens[side]].get(who, 0)

    def holder(self, who: str, pool: str = POOL) -> str | None:
        """That person, or the next one who has liquidity."""
        turn = PEOPLE.index(who)
        shares = self.model.pools[pool].shares
        return next((p for p in PEOPLE[turn:] + PEOPLE[:turn] if shares.get(p, 0) > 0), None)

    def other_fee(self) -> int:
        """What of a payment counts for k."""
        return self.model.base - self.model.fee

    # Watching

    @initialize(
        birth=births,
        old=st.sampled_from([None, 0, 1]),
        first=st.tuples(deposits, deposits),
        fee=st.booleans(),
    )
    @step
    def fill(self, birth: int, old: int | None, first: tuple[int, int], fee: bool) -> None:
        """The first deposit; into a pool whose sums of prices have gone around once, if it is old."""
        self.wait_for(birth - self.stage.now)
        self.before = self.stage.seen()
        if fee and self.protocol_fee:
            self.do("P15", "set_fee_to", SETTER, TREASURY)
            self.promises_hold()
        if old is not None:
            self._age(old)
        self.pay("alice", first)
        self.do("P20", "mint", "alice", POOL, "alice")
        self.promises_hold()

    def _age(self, side: int) -> None:
        lopsided = (1, 2**111) if side else (2**111, 1)
        self.pay("bob", lopsided)
        for _ in range(3):
            self.do("P18", "sync", "bob", POOL)
            self.promises_hold()
            self.wait_for(UINT32 - 1)
        self.do("P13", "sync", "bob", POOL)
        self.promises_hold()

    @invariant()
    @watcher
    def promises_hold(self) -> None:
        """Every promise, and then everything that can be seen: equal to the model."""
        after = self.stage.seen()
        self._check_promises((self.before, after), self.told, self.did)
        self._insist_on_the_model(after)
        self.before, self.told, self.did = after, [], "nothing"

    def _insist_on_the_model(self, after: State) -> None:
        apart = list(after.differences(self.model.seen()))
        if apart:
            promise = next((id_ for part, id_ in _PROMISED.items() if part in apart[0]), "P10")
            told = "; ".join(apart)
            expect(
                False, f"{promise}: after {self.did} the chain is not where the model is: {told}"
            )

    def _check_promises(
        self, states: tuple[State, State], told: list[tuple[Any, ...]], did: str
    ) -> None:
        for each in steps(states, tuple(told), did, self.model.fee, self.model.base):
            for promise in PROMISES:
                if not self.forgives(promise.id) and promise.hold(each):
                    self.record.kept[promise.id] += 1

    @invariant()
    @watcher
    @keeps("P20", "P11")
    def can_always_withdraw(self) -> None:
        """One after the other, people and the fee's receiver can burn all they have, for exactly their part.

        The model knows what that is: floor(L * balance / S), and when it is nothing of a token
        that burning must be refused.
        """
        with self.aside():
            for pool in self.model.pools:
                for who, shares in sorted(self.model.pools[pool].shares.items()):
                    if shares > 0 and who in (*PEOPLE, TREASURY):
                        self.do("P09", "give_shares", who, pool, pool, shares)
                        self._withdrawn(who, pool)

    def _withdrawn(self, who: str, pool: str) -> None:
        liquidity = self.model.pools[pool].shares[pool]
        supply = self.model.pools[pool].supply + self.model.pending_share(pool)
        due = [liquidity * held // supply for held in self.model.balances(pool)]
        had = [self.wealth(who, side, pool) for side in (0, 1)]
        accepted = self.do("P20", "burn", who, pool, who)
        expect(accepted == (min(due) > 0), f"P20: {who} must be able to withdraw {due}")
        if accepted and "T" not in self.model.pools[pool].tokens:
            got = [self.wealth(who, side, pool) - had[side] for side in (0, 1)]
            expect(got == due, f"P20: {who} must get {due} for {liquidity} shares, got {got}")

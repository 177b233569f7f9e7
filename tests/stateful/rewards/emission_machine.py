"""A token, its schedule and its minter beside a model that counts in plain integers."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cache, partial
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
from dexsim.market.schedules import Emission
from tests.subject import artifact

E18 = 10**18
DAY = 86_400
MOST_WEIGHT = 10**9
OWNER, STRANGER = Account.named("owner"), Account.named("stranger")
GAUGES = 4
SHAPES: dict[str, dict[str, Any]] = {
    "constant": {"terminal_rate": 7 * E18 + 3},
    "a few units": {"terminal_rate": 5},
    "capped": {"terminal_rate": E18, "cap": 10**6 * E18 + 1, "initial_supply": E18},
    "epochs": {"epoch": DAY, "rates": (999, 0, 7 * E18, 1), "terminal_rate": 10**15},
    "steps": {"step": 3600, "epoch": 5, "rates": (10**21 + 1, 10**20), "terminal_rate": 3},
    "growth": {
        "initial_supply": 10**24 + 1,
        "step": DAY,
        "epoch": 2,
        "rates": (10**20 + 7,),
        "terminal_growth": 3 * 10**15 + 1,
    },
    "the greatest": {"terminal_rate": 2**100 - 1},
}
weights = st.one_of(st.sampled_from([0, 1, 3, 10_000, MOST_WEIGHT // GAUGES]), st.integers(0, 1000))
picks = st.integers(0, GAUGES - 1)
delays = st.sampled_from([0, 0, 1, 13, 3600, DAY - 1])


@cache
def _stage() -> tuple[Chain, list[Contract], Any]:
    chain = Chain("pyevm", base_fee=0, time_ms=1_600_000_000_000, trace_reverts=False)
    gauges = [deploy(chain, artifact("mocks/drawer"), OWNER) for _ in range(GAUGES)]
    return chain, gauges, chain.snapshot()


class EmissionMachine(TalliedMachine):
    """Weights change, gauges draw, tokens burn, time passes; everything is counted twice."""

    told_as = "an emission and its minter"
    views = "M01"
    promises: ClassVar[set[str]] = {"M01", "M02", "M03", "M04", "M05"}
    counted: ClassVar[set[str]] = {"add_gauge", "set_weight", "draw", "burn"}
    refusals: ClassVar[set[str]] = {
        *("a stranger's gauge", "a stranger's weight", "a stranger's mint"),
        *("a gauge twice", "a weight of no gauge", "a draw of no gauge"),
    }
    situations: ClassVar[set[str]] = {
        *("an emission without weights", "units that wait", "a gauge without weight", "the cap"),
        *("a draw of nothing", "an emission behind the epochs", "a time before the start"),
    }

    @classmethod
    def prepare(cls) -> None:
        for name in ("incentive_token", "minter"):
            artifact(name)
        _stage()

    @initialize(
        shape=st.sampled_from(sorted(SHAPES)),
        start=st.sampled_from([-1000, 0, 500]),
        first=st.lists(weights, max_size=GAUGES - 1).map(tuple),
    )
    @step
    def open(self, shape: str, start: int, first: tuple[int, ...]) -> None:
        self.chain, self.gauges, born = _stage()
        self.chain.restore(born)
        self.emission = Emission(start=self.now() + start, **SHAPES[shape])
        self.token = self.deploy("incentive_token", "R", "R", *self.emission.arguments)
        self.minter = self.deploy("minter", self.token, OWNER)
        self.send(self.token.write.set_minter(OWNER, self.minter))
        self.weights: dict[int, int] = {}
        self.allotted: Counter[int] = Counter()
        self.drawn: Counter[int] = Counter()
        self.due: Counter[int] = Counter()  # exact fractions, as nobody rounds
        self.waiting = self.nobodys = self.slack = self.burned = 0
        self.pass_on(self.emission.released(self.now()))
        for weight in first:
            self.add_gauge(weight=weight, delay=1)

    # --- the model ------------------------------------------------------------

    def pass_on(self, fresh: int) -> None:
        """Share what was released among the weights of this moment."""
        total = sum(self.weights.values())
        if not total:
            self.nobodys += fresh
            self.tally.saw["an emission without weights"] += fresh > 0
            return
        each, self.waiting = divmod(self.waiting + fresh, total)
        for gauge, weight in self.weights.items():
            self.allotted[gauge] += each * weight
            self.due[gauge] += Fraction(fresh * weight, total)  # type: ignore[assignment]
        self.tally.saw["units that wait"] += self.waiting > 0
        self.tally.saw["a gauge without weight"] += 0 in self.weights.values()

    def weigh(self, gauge: int, weight: int) -> None:
        """A new weight; what waits goes by it, or to nobody."""
        self.slack += self.waiting
        self.weights[gauge] = weight
        if not sum(self.weights.values()):
            self.nobodys += self.waiting
            self.waiting = 0
        self.pass_on(0)

    def elapse(self, seconds: int) -> None:
        before = self.emission.released(self.now())
        self.chain.mine([], time_ms=self.chain.time_ms + seconds * 1000)
        self.pass_on(self.emission.released(self.now()) - before)

    # --- the chain ------------------------------------------------------------

    def now(self) -> int:
        return self.chain.time_ms // 1000

    def deploy(self, name: str, *args: Any) -> Contract:
        with self.chain.block(time_ms=self.chain.time_ms):
            return deploy(self.chain, artifact(name), OWNER, *args)

    def send(self, tx: Transaction) -> None:
        with self.chain.block(time_ms=self.chain.time_ms):
            self.chain.send(tx)

    def try_to(self, name: str, tx: Transaction, refusal: str | None = None) -> bool:
        """Whether it was accepted, which the model knows beforehand."""
        told = None
        try:
            self.send(tx)
        except Reverted as error:
            told = error.reason
        equal(told, refusal, f"M04: why {name} is refused")
        if refusal is None:
            self.tally.note(name, told)
        return told is None

    # --- rules ----------------------------------------------------------------

    @precondition(lambda self: len(self.weights) < GAUGES)
    @rule(weight=weights, delay=delays)
    @step
    def add_gauge(self, weight: int, delay: int) -> None:
        self.elapse(delay)
        gauge = len(self.weights)
        tx = self.minter.write.add_gauge(OWNER, self.gauges[gauge], weight)
        if self.try_to("add_gauge", tx):
            self.weigh(gauge, weight)

    @precondition(lambda self: self.weights)
    @rule(pick=picks, weight=weights, delay=delays)
    @step
    def set_weight(self, pick: int, weight: int, delay: int) -> None:
        self.elapse(delay)
        gauge = pick % len(self.weights)
        if self.try_to(
            "set_weight", self.minter.write.set_weight(OWNER, self.gauges[gauge], weight)
        ):
            self.weigh(gauge, weight)

    @precondition(lambda self: self.weights)
    @rule(pick=picks, times=st.integers(1, 2), delay=delays)
    @step
    def draw(self, pick: int, times: int, delay: int) -> None:
        self.elapse(delay)
        gauge = pick % len(self.weights)
        if self.try_to("draw", self.gauges[gauge].write.draw(STRANGER, self.minter, times)):
            self.tally.saw["a draw of nothing"] += self.drawn[gauge] == self.allotted[gauge]
            self.drawn[gauge] = self.allotted[gauge]

    @precondition(lambda self: self.holders())
    @rule(pick=picks, part=st.sampled_from([1, 500, 1000]), delay=delays)
    @step
    def burn(self, pick: int, part: int, delay: int) -> None:
        """What is burned can never be minted again."""
        self.elapse(delay)
        gauge = self.holders()[pick % len(self.holders())]
        amount = self.token.read.balanceOf(gauge) * part // 1000
        if self.try_to("burn", gauge.write.burn(STRANGER, self.token, amount)):
            self.burned += amount

    def holders(self) -> list[Contract]:
        return [gauge for gauge in self.gauges if self.token.read.balanceOf(gauge)]

    @rule(seconds=st.sampled_from([1, 60, DAY, 7 * DAY, 365 * DAY, 40 * 365 * DAY]))
    @step
    def wait(self, seconds: int) -> None:
        self.elapse(seconds)

    @rule(pick=picks)
    @step
    def refused(self, pick: int) -> None:
        """Calls that must be refused whatever was before."""
        gauge, write, mint = self.gauges[pick], self.minter.write, self.token.write.mint
        calls = {
            "a stranger's gauge": (write.add_gauge(STRANGER, gauge, 1), "minter: forbidden"),
            "a stranger's weight": (write.set_weight(STRANGER, gauge, 1), "minter: forbidden"),
            "a stranger's mint": (mint(OWNER, OWNER, 1), "incentive: not the minter"),
        }
        if pick in self.weights:
            again = (write.add_gauge(OWNER, gauge, 1), "minter: gauge is registered")
            calls["a gauge twice"] = again
        else:
            unknown = "minter: no such gauge"
            calls["a weight of no gauge"] = (write.set_weight(OWNER, gauge, 1), unknown)
            calls["a draw of no gauge"] = (gauge.write.draw(OWNER, self.minter, 1), unknown)
        for name, (tx, why) in calls.items():
            self.tally.refused[name] += 1
            self.try_to(name, tx, why)

    # --- promises -------------------------------------------------------------

    @invariant()
    @watcher
    def the_token_has_released_what_its_schedule_says(self) -> None:
        now, read, known = self.now(), self.token.read, self.emission
        released = known.released(now)
        listed = known.start + known.step * known.epoch * len(known.rates)
        self.tally.saw["the cap"] += known.initial_supply + released == known.cap
        self.tally.saw["an emission behind the epochs"] += bool(known.rates) and now > listed
        self.tally.saw["a time before the start"] += now < known.start
        with self.tally.promise("M01"):
            equal(read.released(now), released, "what is released")
            equal(read.available_supply(), known.initial_supply + released, "what may be there")
            equal(read.mintable_in_timeframe(0, now), released, "what was mintable until now")

    @invariant()
    @watcher
    def nothing_is_lost_and_nothing_is_made(self) -> None:
        released, read = self.emission.released(self.now()), self.minter.read
        emitted = sum(read.emitted(gauge) for gauge in self.gauges)
        with self.tally.promise("M02"):
            equal(emitted + read.undistributed(), released, "what gauges and nobody got")
            equal(read.undistributed(), self.nobodys + self.waiting, "what nobody got")
            expect(self.waiting < max(1, sum(self.weights.values())), "less to wait than weights")

    @invariant()
    @watcher
    def every_gauge_gets_its_part(self) -> None:
        read, total = self.minter.read, sum(self.weights.values())
        with self.tally.promise("M03"):
            equal(read.total_weight(), total, "all weights")
            for number, gauge in enumerate(self.gauges):
                emitted = read.emitted(gauge)
                equal(emitted, self.allotted[number], f"what gauge {number} got")
                equal(read.weight(gauge), self.weights.get(number, 0), f"weight {number}")
                off = abs(emitted - self.due[number])
                expect(off <= self.slack + total, f"gauge {number} to get its part, but for {off}")

    @invariant()
    @watcher
    def no_more_is_minted_than_drawn_and_released(self) -> None:
        read, drawn = self.token.read, sum(self.drawn.values())
        with self.tally.promise("M04"):
            equal(read.minted(), drawn, "what was minted")
            supply = self.emission.initial_supply + drawn - self.burned
            equal(read.totalSupply(), supply, "what there is")
            expect(drawn <= self.emission.released(self.now()), "no more minted than released")

    @invariant()
    @watcher
    def the_rest_can_be_minted_and_not_one_more(self) -> None:
        rest = self.emission.released(self.now()) - sum(self.drawn.values())
        mint = partial(self.token.read.mint, OWNER.address, sender=self.minter.address)
        with self.tally.promise("M05"):
            mint(rest)
            try:
                mint(rest + 1)
            except Reverted as error:
                equal(error.reason, "incentive: exceeds the schedule", "why it is refused")
            else:
                expect(False, "one more than the schedule allows to be refused")

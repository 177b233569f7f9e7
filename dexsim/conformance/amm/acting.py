"""What all rules share: transactions at one moment, what they moved, and what is known of the pool."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from dexsim.chain.accounts import Account
from dexsim.chain.types import Address, Transaction
from dexsim.conformance.amm.books import Books, Moves, Pair
from dexsim.conformance.amm.sizes import PEOPLE
from dexsim.conformance.amm.stage import Stage, stage
from dexsim.conformance.amm.subject import AmmSubject
from dexsim.conformance.history import Machine
from dexsim.conformance.keeping import expect, keeps
from dexsim.errors import Reverted
from dexsim.market.adapter import PoolAdapter
from dexsim.market.erc20 import Erc20
from dexsim.tracing.explaining import explain
from dexsim.units import format_wei

ZERO = "0x" + "00" * 20


class Acting(Machine):
    """People who use a pool. subject: whose."""

    subject: ClassVar[AmmSubject]
    told_as = "a market maker of two tokens"
    views = "A01"
    stage: Stage
    books: Books

    def __init__(self) -> None:
        super().__init__()
        self._explains = False
        self._refused: Reverted | None = None
        self._parts: dict[str, Pair | None] | None = None
        self._indent = ""

    @classmethod
    def prepare(cls) -> None:
        """Open the pool for the first time."""
        stage(cls.subject, 0)

    def enter(self, world: int, *, spare: bool = False) -> None:
        """Begin in a world, where the pool is empty."""
        self.stage = stage(self.subject, world, spare=spare)
        self.stage.chain.restore(self.stage.start)
        self.stage.chain.trace_reverts = self._explains
        self.books = self.stage.books.copy()
        self._parts = None

    def trace_refusals(self) -> None:
        """Have the chain trace what reverts."""
        self._explains = True

    def explanation(self) -> str | None:
        """The last refusal."""
        known = self._refused is not None and self._refused.frame is not None
        return explain(self._refused) if self._refused and known else None

    def promise(self, id_: str, holds: bool, wanted: str) -> None:
        """Look at a promise, unless it is known to be broken. Raises Broken."""
        if not self.forgives(id_):
            expect(holds, f"{id_}: {wanted}")
            self.record.kept[id_] += 1

    # Moving

    @contextmanager
    def moment(self, *, aside: bool = False, quiet: bool = False) -> Iterator[None]:
        """A block of the present time. aside: what happens inside is undone. quiet: and not told."""
        chain, books, story = self.stage.chain, self.books.copy(), len(self.story)
        if aside and not quiet:
            self.tell("what if:")
        opened = chain.rehearsal if aside else chain.block
        before, self._indent = self._indent, "  " if aside else ""
        try:
            with opened(time_ms=chain.time_ms):
                yield
        finally:
            self._indent = before
            if aside:
                self.books = books
            else:
                self._parts = None
        if quiet:
            del self.story[story:]

    def send(self, who: str, tx: Transaction, said: str) -> Moves | None:
        """One transaction of somebody; what it moved, or None where it was refused."""
        try:
            receipt = self.stage.chain.send(tx)
        except Reverted as refusal:
            self._refused = refusal
            self.tell(f"{self._indent}{who} {said}: refused, {refusal.reason!r}")
            return None
        moves = self.books.enter(receipt)
        self.tell(f"{self._indent}{who} {said}: {self._moved(moves.of(address(who)))}")
        self._nothing_is_lost(who, said, moves)
        return moves

    @keeps("A06", "A07")
    def _nothing_is_lost(self, who: str, said: str, moves: Moves) -> None:
        people = {address(each) for each in PEOPLE}
        for other in sorted(moves.touched() - {address(who)} - set(self.stage.keepers)):
            told = f"{who} {said}: {self.amounts(moves.of(other))} moved"
            if other in people:
                self.promise("A06", False, f"other people's tokens stay; {told} to one of them")
            else:
                self.promise("A07", False, f"nothing is left with others; {told} to {other}")
        self.promise("A07", True, "")

    def swap_tx(self, who: str, side: int, amount: int, least: int) -> Moves | None:
        """Somebody sells."""
        token, other = self.stage.tokens[side], self.stage.tokens[1 - side]
        tx = self.adapter.swap(Account.named(who), token, amount, least)
        limit = f" for at least {self.show(other, least)}" if least else ""
        return self.send(who, tx, f"sells {self.show(token, amount)}{limit}")

    def add_tx(self, who: str, offered: Pair) -> Moves | None:
        """Somebody adds up to these amounts."""
        tx = self.adapter.add(Account.named(who), *offered)
        return self.send(who, tx, f"adds up to {self.amounts(offered)}")

    def remove_tx(self, who: str, shares: int) -> Moves | None:
        """Somebody removes shares."""
        tx = self.adapter.remove(Account.named(who), shares)
        return self.send(who, tx, f"removes {shares} shares")

    def give_tx(self, who: str, side: int, amount: int) -> None:
        """A present to the pool, or nothing where it is nothing."""
        token = self.stage.tokens[side]
        if amount > 0:
            tx = token.transfer(Account.named(who), to=self.stage.pool.contract, amount=amount)
            said = f"gives the pool {self.show(token, amount)}"
            expect(self.send(who, tx, said) is not None, f"A07: {who} can give tokens away")

    # Knowing

    @property
    def adapter(self) -> PoolAdapter:
        """Who speaks for the pool."""
        return self.stage.pool.adapter

    def quoted(self, side: int, amount: int) -> int | None:
        """The pool's quote, or None where it refuses to give one."""
        try:
            return int(self.adapter.quote(self.stage.tokens[side], amount))
        except Reverted:
            return None

    def shares(self, who: str) -> int:
        """What somebody has of the pool."""
        return int(self.adapter.shares(Account.named(who)))

    def all_shares(self) -> int:
        """All that are known of."""
        own = getattr(self.adapter, "total_shares", None)
        if own is not None:
            return int(own())
        people = [address(who) for who in PEOPLE]
        return sum(map(self._shares_at, {*people, *self.stage.keepers, ZERO}))

    def _shares_at(self, holder: Address) -> int:
        try:
            return int(self.adapter.shares(holder))
        except Reverted:
            return 0

    def wealth(self, who: str) -> Pair:
        """What somebody has of both tokens."""
        return self.books.of([address(who)])

    def held(self) -> Pair:
        """What the pool has of both tokens, or others for it."""
        return self.books.of(self.stage.keepers)

    @keeps("A07")
    def reserves(self) -> Pair:
        """What the pool says that it has."""
        base, quote = self.adapter.reserves()
        held = self.held()
        claims = f"reserves() is {self.amounts((base, quote))}, the pool has {self.amounts(held)}"
        self.promise("A07", base <= held[0] and quote <= held[1], claims)
        return base, quote

    def parts(self) -> dict[str, Pair | None]:
        """What every holder would get for all his shares now; None for who is refused."""
        if self._parts is None:
            self._parts = {who: self._part(who) for who in PEOPLE if self.shares(who)}
        return self._parts

    def _part(self, who: str) -> Pair | None:
        with self.moment(aside=True, quiet=True):
            moves = self.remove_tx(who, self.shares(who))
            return moves.of(address(who)) if moves else None

    def due(self, shares: int) -> Pair:
        """What shares are of all that the pool holds, rounded down."""
        all_shares = max(self.all_shares(), shares, 1)
        base, quote = (held * shares // all_shares for held in self.held())
        return base, quote

    # Telling

    @staticmethod
    def show(token: Erc20, amount: int) -> str:
        """An amount, exactly."""
        return f"{format_wei(amount, token.decimals)} {token.symbol}"

    def amounts(self, pair: Pair) -> str:
        """Both amounts, exactly."""
        return " and ".join(map(self.show, self.stage.tokens, pair))

    def _moved(self, pair: Pair) -> str:
        told = [
            f"{'gets' if amount > 0 else 'pays'} {self.show(token, abs(amount))}"
            for token, amount in sorted(
                zip(self.stage.tokens, pair, strict=True), key=lambda each: each[1]
            )
            if amount
        ]
        return ", ".join(told) or "nothing moves"


def address(who: str) -> Address:
    """Where somebody lives."""
    return Account.named(who).address


def gains(pair: Pair) -> bool:
    """Whether that is more of one token and not less of the other."""
    return min(pair) >= 0 and max(pair) > 0


def together(*pairs: Pair) -> Pair:
    """Sums of both."""
    return sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)


def apart(pair: Pair, other: Pair) -> Pair:
    """What the first has more."""
    return pair[0] - other[0], pair[1] - other[1]

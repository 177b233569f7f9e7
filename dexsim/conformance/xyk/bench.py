"""A venue's contracts by hand, for what no model follows: strange tokens, signatures, coins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dexsim.chain.accounts import Account
from dexsim.chain.types import Receipt, Transaction
from dexsim.conformance.keeping import Broken, expect
from dexsim.conformance.xyk.stage import ROUTER, Stage
from dexsim.conformance.xyk.subject import mock
from dexsim.errors import Reverted
from dexsim.market.contract import Contract, deploy

ALICE, BOB, CAROL = (Account.named(name) for name in ("alice", "bob", "carol"))
PEOPLE = (ALICE, BOB, CAROL)
OWNER = Account.named("owner of mocks")
NOBODY = "0x" + "00" * 20
FOREVER = 2**256 - 1
_GAS = 5_000_000

Says = Callable[[str | None, str], None]


class Bench:
    """Contracts on a stage's chain. says: looks at the reason of a refusal."""

    def __init__(self, stage: Stage, says: Says, tell: Callable[[str], None]) -> None:
        self.chain = stage.chain
        self.subject = stage.subject
        self.factory = stage.contracts["factory"]
        self.router = stage.contracts[ROUTER]
        self.tokens = (stage.contracts["A"], stage.contracts["B"])
        self.setter = Account.named("setter")
        self._stage = stage
        self._known = {each.address: each for each in stage.contracts.values()}
        self._names = {**stage.names, **{each.address: each.name for each in (*PEOPLE, OWNER)}}
        self._says = says
        self._tell = tell

    def known(self, contract: Contract, name: str) -> Contract:
        """The same contract, which stories call by this name."""
        self._known[contract.address], self._names[contract.address] = contract, name
        return contract

    @property
    def now(self) -> int:
        """The time of the last block, in seconds."""
        return self.chain.time_ms // 1000

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self._tell(f"{seconds} seconds pass")
        self.chain.mine([], time_ms=self.chain.time_ms + seconds * 1000)

    def token(self, name: str, *args: Any) -> Contract:
        """A token that misbehaves on purpose; alice has a lot of it."""
        token = self.known(deploy(self.chain, mock(name), OWNER, *args), name)
        self.chain.send(token.write.mint(OWNER, ALICE, 10**30))
        return token

    def mock(self, name: str, *args: Any) -> Contract:
        """Another contract for tests."""
        return self.known(deploy(self.chain, mock(name), OWNER, *args), name)

    def pair(self, token_a: Contract, token_b: Contract) -> Contract:
        """The pool of two tokens, made."""
        self.send("P26", self.factory.write.createPair(ALICE, token_a, token_b))
        return self.pool_of(token_a, token_b)

    def pool_of(self, token_a: Any, token_b: Any) -> Contract:
        """The pool that the factory knows of."""
        address = self.factory.read.getPair(token_a, token_b)
        pool = Contract(self.subject.pool.interface, address, self.chain, name="pool")
        return self.known(pool, "pool")

    def filled(self, pool: Contract, *paid: tuple[Contract, int]) -> None:
        """Alice has made a deposit."""
        for token, amount in paid:
            self.send("P20", token.write.transfer(ALICE, pool, amount))
        self.send("P20", pool.write.mint(ALICE, ALICE))

    def send(self, promise: str, tx: Transaction) -> Receipt:
        """A transaction that has to be accepted."""
        try:
            with self.chain.block(time_ms=self.chain.time_ms):
                receipt = self.chain.send(_limited(tx))
        except Reverted as error:
            self._stage.refusals[:] = [error]
            self._tell(f"{self._told(tx)} -> refused, {error.reason!r}")
            raise Broken(
                f"{promise}: {self._told(tx)} must be accepted; refused: {error.reason!r}"
            ) from None
        self._tell(f"{self._told(tx)} -> accepted")
        return receipt

    def _told(self, tx: Transaction) -> str:
        contract = self._known.get(tx.to or "")
        if contract is None:
            return tx.what
        named = contract.interface.functions.get(tx.what.rpartition(".")[2], [])
        args = next(
            (f.decode_arguments(tx.data[4:]) for f in named if f.selector == tx.data[:4]), ()
        )
        shown = ", ".join(self._shown(each) for each in args or ())
        coins = f" with {tx.value} coins" if tx.value else ""
        what = tx.what.rpartition(".")[2]
        return f"{self._shown(tx.sender)}: {self._shown(contract.address)}.{what}({shown}){coins}"

    def _shown(self, value: Any) -> str:
        if isinstance(value, list | tuple):
            return f"[{', '.join(map(self._shown, value))}]"
        if isinstance(value, bytes):
            return f"{len(value)} bytes" if len(value) > 4 else f"0x{value.hex()}"
        return self._names.get(value, str(value)) if isinstance(value, str) else str(value)

    def fails(self, promise: str, make: Callable[[], object]) -> None:
        """Something that cannot be made."""
        try:
            with self.chain.anchor():
                make()
        except Reverted:
            return
        expect(False, f"{promise}: a refusal; it was made")

    def refuses(self, promise: str, reason: str, tx: Transaction) -> None:
        """A transaction that has to be refused, with this reason where it is compared."""
        try:
            with self.chain.anchor(), self.chain.block(time_ms=self.chain.time_ms):
                self.chain.send(_limited(tx))
        except Reverted as error:
            self._stage.refusals[:] = [error]
            self._tell(f"{self._told(tx)} -> refused, {error.reason!r}")
            self._says(error.reason, reason)
            return
        self._tell(f"{self._told(tx)} -> accepted")
        expect(False, f"{promise}: {self._told(tx)} must be refused, {reason!r}; it was accepted")


def _limited(tx: Transaction) -> Transaction:
    return replace(tx, gas_limit=max(tx.gas_limit, _GAS))

"""An exchange on a chain of its own: ours, or the published one. Everything on it has a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load
from dexsim.chain.accounts import Account
from dexsim.chain.address import checksum
from dexsim.chain.chain import Chain
from dexsim.chain.reasons import revert_reason
from dexsim.chain.types import CallFrame, Receipt, Transaction
from dexsim.market.contract import blueprint_creation, created, creation
from tests.differential.operation import Op
from tests.differential.wire import at, plain
from tests.published import published
from tests.subject import artifact

PEOPLE = ("alice", "bob", "carol")
PLAIN_TOKENS = ("red", "green", "blue")
TOKENS = (*PLAIN_TOKENS, "taxed", "silent", "lying", "hooked", "weth")
RECEIVERS = ("borrower", "purse", "treasury")
START = 1_600_000_000  # when everything is in place
GAS = 8_000_000
FOREVER = 2**256 - 1
TAX_BPS = 100
NOWHERE = "0x" + "00" * 20


@dataclass(frozen=True)
class Answer:
    """What became of a transaction, addresses replaced by names.

    halt: why the EVM stopped. touched: names of the contracts whose storage can have changed.
    """

    ok: bool
    reason: str
    halt: str
    output: tuple[Any, ...]
    events: tuple[Any, ...]
    touched: frozenset[str]


class Exchange:
    """Factory, router and wrapped coin on a chain, eight tokens, three people who hold all of them.

    Tokens, people and receivers have the same addresses on every exchange; pools do not.
    """

    def __init__(self, *, theirs: bool) -> None:
        self.theirs = theirs
        self.chain = Chain("pyevm", base_fee=0, time_ms=(START - 10_000) * 1000)
        self.keys = {name: Account.named(name) for name in (*PEOPLE, "treasury", "maker", "owner")}
        self.address = {name: account.address for name, account in self.keys.items()}
        self.address["zero"] = NOWHERE
        self.pools: tuple[str, ...] = ()
        self.prepared: dict[Any, Any] = {}  # reads of `state`, made once
        for name in self.keys:
            self.chain.set_balance(self.address[name], 2**200)
        self._make_tokens()
        self._make_exchange()
        self._name_everything()
        self._hand_out()
        self.chain.mine([], time_ms=START * 1000)

    # --- what happens ---------------------------------------------------------

    def do(self, op: Op) -> Answer:
        """Execute an operation in a block of its own."""
        return self._answer(*self._execute(op))

    def rehearse(self, op: Op, *questions: tuple[str, str]) -> tuple[bool, list[int]]:
        """Whether it would succeed, and how much (token, holder) balances would grow; nothing stays."""
        before = [self.balance(*question) for question in questions]
        with self.chain.anchor():
            receipt, _ = self._execute(op)
            after = [self.balance(*question) for question in questions]
        return receipt.status, [b - a for a, b in zip(before, after, strict=True)]

    def _execute(self, op: Op) -> tuple[Receipt, CallFrame]:
        tx = Transaction(
            sender=self.address[op.sender],
            to=at(self, op.to),
            data=self.calldata(op.to, op.function, op.args) if op.function else b"",
            value=op.value,
            gas_limit=GAS,
        )
        with self.chain.block(time_ms=self.chain.time_ms + op.wait * 1000) as block:
            frame = self.chain.trace(tx)
            receipt = block.execute(tx)
        return receipt, frame

    def _answer(self, receipt: Receipt, frame: CallFrame) -> Answer:
        if not receipt.status:
            reason = "" if receipt.halt else revert_reason(receipt.output)
            return Answer(False, reason, receipt.halt, (), (), frozenset())
        called = _called(frame)
        if self.address.get("factory") in called:
            self._name_new_pools()
        touched = frozenset(self.name.get(each, each) for each in called)
        events = tuple(
            (self.name.get(log.address, log.address), self.words(b"".join(log.topics), log.data))
            for log in receipt.logs
        )
        return Answer(True, "", "", self.words(receipt.output or b""), events, touched)

    def words(self, *parts: bytes) -> tuple[Any, ...]:
        """Words of 32 bytes: names where they are known addresses, else integers."""
        data = b"".join(parts)
        words = [data[i : i + 32] for i in range(0, len(data), 32)]
        return tuple(self._by_word.get(word, int.from_bytes(word, "big")) for word in words)

    # --- reading --------------------------------------------------------------

    @property
    def now(self) -> int:
        """Timestamp of the last block."""
        return self.chain.time_ms // 1000

    def ask(self, target: str, function: str, *args: Any) -> Any:
        """The answer of a view."""
        call = interface(target).function(function, len(args))
        tx = Transaction(
            sender=NOWHERE, to=self.address[target], data=self.calldata(target, function, args)
        )
        return call.decode_output(self.chain.call(tx))

    def balance(self, token: str, holder: str) -> int:
        """Of a token, of a pool's liquidity, or of "coins"."""
        if token == "coins":
            return self.chain.balance(self.address[holder])
        return self.ask(token, "balanceOf", holder)

    def calldata(self, target: str, function: str, args: Iterable[Any]) -> bytes:
        """A call's data on this exchange."""
        values = plain(self, args)
        return interface(target).function(function, len(values)).encode(values)

    # --- names ----------------------------------------------------------------

    def _name_everything(self) -> None:
        self.name = {address: name for name, address in self.address.items()}
        self._by_word = {
            bytes.fromhex(address[2:]).rjust(32, b"\0"): name
            for name, address in self.address.items()
            if name != "zero"
        }

    def _name_new_pools(self) -> None:
        for number in range(len(self.pools), self.ask("factory", "allPairsLength")):
            pool = self.ask("factory", "allPairs", number)
            name = f"/{number}"
            self.address[name] = pool
            pair = [self.ask(name, f"token{side}") for side in (0, 1)]
            del self.address[name]
            known = "/".join(self.name.get(token, token) for token in pair)
            self.address[known] = pool
            self.pools = (*self.pools, known)
        self._name_everything()

    def mark(self) -> Any:
        """A mark to go back to."""
        return self.chain.snapshot(), dict(self.address), self.pools

    def go_back(self, mark: Any) -> None:
        """Back to a mark; it stays valid."""
        snapshot, address, self.pools = mark
        self.chain.restore(snapshot)
        self.address = dict(address)
        self._name_everything()

    # --- making ---------------------------------------------------------------

    def _create(self, name: str, what: Artifact, *args: Any, sender: str = "maker") -> None:
        receipt = self.chain.send(creation(what, self.address[sender], *args))
        self.address[name] = created(receipt)

    def _make_tokens(self) -> None:
        for name in PLAIN_TOKENS:
            self._create(name, artifact("token"), name, name, 18, FOREVER)
        self._create("taxed", artifact("mocks/fee_on_transfer"), TAX_BPS)
        self._create("silent", artifact("mocks/no_return"))
        self._create("lying", artifact("mocks/false_return"))
        self._create("hooked", artifact("mocks/reentrant_token"))
        self._create("weth", published("WETH9") if self.theirs else artifact("weth"))
        self._create("borrower", load(Path(__file__).with_name("borrower.vy")))
        self._create("purse", artifact("mocks/coin_receiver"), False)

    def _make_exchange(self) -> None:
        setter, weth = self.address["alice"], self.address["weth"]
        if self.theirs:
            self._create("factory", published("UniswapV2Factory"), setter, sender="owner")
            router = published("UniswapV2Router02")
        else:
            pool = artifact("pool")
            blueprint = created(self.chain.send(blueprint_creation(pool, self.address["maker"])))
            terms = (setter, 30, blueprint, pool.init_code_hash)
            self._create("factory", artifact("factory"), *terms, sender="owner")
            router = artifact("router")
        self._create("router", router, self.address["factory"], weth, sender="owner")

    def _hand_out(self) -> None:
        for token in TOKENS[:-1]:
            for holder in (*PEOPLE, "borrower"):
                function = "transfer" if token in PLAIN_TOKENS else "mint"
                self._settle(Op("maker", token, function, (holder, 2**240)))
        for person in PEOPLE:
            self._settle(Op(person, "weth", "deposit", value=2**150))
            for token in TOKENS:
                self._settle(Op(person, token, "approve", ("router", FOREVER)))
        self._settle(Op("alice", "weth", "transfer", ("borrower", 2**149)))

    def _settle(self, op: Op) -> None:
        assert self.do(op).ok, f"{op} was refused"


@cache
def interface(name: str) -> Interface:
    """How the contract of this name is called: the published ABI, as clients know it."""
    if "/" in name:
        return Interface(published("UniswapV2Pair").abi)
    known = {"factory": "UniswapV2Factory", "router": "UniswapV2Router02", "weth": "WETH9"}
    if name in known:
        return Interface(published(known[name]).abi)
    mocks = {
        "taxed": "mocks/fee_on_transfer",
        "silent": "mocks/no_return",
        "lying": "mocks/false_return",
        "hooked": "mocks/reentrant_token",
    }
    return Interface(artifact(mocks.get(name, "token")).abi)


def _called(frame: CallFrame) -> set[str]:
    """Addresses that were called, or made, and could change something."""
    if frame.error or frame.kind == "STATICCALL":
        return set()
    own = {checksum(frame.to)} if frame.to else set()
    return own.union(*(_called(each) for each in frame.calls))

"""One market on every chain: in-process engines and nodes give the same receipts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.engines import engine_names
from dexsim.chain.node import Node
from dexsim.chain.node_words import Refusal, refusal_in
from dexsim.chain.reader import Backend
from dexsim.chain.types import Address, BlockEnv, Log, Receipt, Transaction
from dexsim.errors import EngineError, NodeError, Reverted, ScenarioError, TransactionRejected
from dexsim.market.contract import created, creation, deploy
from dexsim.market.deploying.plan import created_address
from dexsim.market.erc20 import Erc20
from dexsim.market.factory import deploy_factory
from dexsim.market.pool import Pool
from dexsim.market.router import Router

DEPLOYER, TRADER = Account.named("agreement deployer"), Account.named("agreement trader")
FUNDS = 1_000 * 10**18
NOBODY_LISTENS = "http://127.0.0.1:1"


def in_process(engine: str) -> Callable[[], Chain]:
    """A chain on an engine, both accounts funded by decree."""

    def build() -> Chain:
        chain = Chain(engine)
        for account in (DEPLOYER, TRADER):
            chain.set_balance(account, FUNDS)
        return chain

    return build


def eth_tester() -> Node:
    """An eth-tester that knows both accounts' keys, funded by its rich account."""
    node = Node.eth_tester(signers=[DEPLOYER, TRADER])
    rich = node.accounts()[0]
    for account in (DEPLOYER, TRADER):
        node.send(Transaction(sender=rich, to=account.address, value=FUNDS, gas_limit=21_000))
    return node


CHAINS: dict[str, Callable[[], Backend]] = {
    **{name: in_process(name) for name in engine_names()},
    "eth-tester": eth_tester,
}


@pytest.fixture
def node() -> Node:
    """An eth-tester of the test's own."""
    return eth_tester()


# --- the scenario -------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What a chain tells of one transaction, by whichever engine."""

    what: str
    status: bool
    gas_used: int
    logs: tuple[tuple[str, tuple[bytes, ...], bytes], ...]
    created: Address | None
    reason: str
    halt: str


class Play:
    """Sends the same transactions to any chain, and notes what each is told."""

    def __init__(self, chain: Backend) -> None:
        self.chain_id = chain.chain_id
        self.told: list[tuple[Receipt, str]] = []
        self.roles: dict[Address, str] = {}
        self._chain = chain

    # A Backend itself, so that handles and `deploy` can be given it.
    def send(self, tx: Transaction) -> Receipt:
        try:
            receipt = self._chain.send(tx)
        except Reverted as error:
            self.told.append((_receipt_of(error), error.reason))
            raise
        self.told.append((receipt, ""))
        return receipt

    def call(self, tx: Transaction) -> bytes:
        return self._chain.call(tx)

    def balance(self, address: Address) -> int:
        return self._chain.balance(address)

    def nonce(self, address: Address) -> int:
        return self._chain.nonce(address)

    def code(self, address: Address) -> bytes:
        return self._chain.code(address)

    def name(self, role: str, address: Address) -> None:
        self.roles[address] = role

    def report(self) -> list[Told]:
        return [self._told(receipt, reason) for receipt, reason in self.told]

    def _told(self, receipt: Receipt, reason: str) -> Told:
        return Told(
            what=receipt.transaction.what,
            status=receipt.status,
            gas_used=receipt.gas_used,
            logs=tuple(self._log(log) for log in receipt.logs),
            created=receipt.contract_address,
            reason=reason,
            halt=receipt.halt,
        )

    def _log(self, log: Log) -> tuple[str, tuple[bytes, ...], bytes]:
        return self.roles[log.address], log.topics, log.data


def _receipt_of(error: Reverted) -> Receipt:
    assert error.receipt is not None
    return error.receipt


def play(chain: Backend) -> Play:
    """A venue from nothing, liquidity in and out, trades that succeed and trades that fail."""
    play = Play(chain)
    pool, router = _open_market(play)
    for token in (pool.base, pool.quote):
        play.send(token.transfer(DEPLOYER, to=TRADER, amount=10**20))
        for account in (DEPLOYER, TRADER):
            play.send(token.approve(account, spender=router))
    play.send(
        router.add_liquidity(DEPLOYER, pool=pool, base_amount=10**21, quote_amount=3 * 10**21)
    )
    _trade(play, pool, router)
    words = Transaction(sender=TRADER.address, to=DEPLOYER.address, data=b"\xff" * 1_000)
    play.send(words)  # forks differ in what plain data costs
    play.send(pool.approve_lp(DEPLOYER, spender=router, amount=10**21))
    play.send(router.remove_liquidity(DEPLOYER, pool=pool, lp_amount=10**20))
    return play


def _open_market(play: Play) -> tuple[Pool, Router]:
    weth = deploy(play, shipped("weth"), DEPLOYER)
    base, quote = (_token(play, symbol) for symbol in ("BASE", "QUOTE"))
    factory = deploy_factory(play, DEPLOYER, fee_bps=30, fee_to_setter=DEPLOYER)
    router = Router(deploy(play, shipped("router"), DEPLOYER, factory, weth).address, play)
    address = factory.pool_address(base.address, quote.address)
    for role, at in (("factory", factory.address), ("pool", address)):
        play.name(role, at)
    play.send(factory.create_pool(DEPLOYER, token_a=base, token_b=quote))
    return Pool(address, play, base=base, quote=quote, fee_bps=30), router


def _token(play: Play, symbol: str) -> Erc20:
    tx = creation(shipped("token"), DEPLOYER, f"{symbol} token", symbol, 18, 10**24)
    play.name(symbol, _next_creation(play))
    token = Erc20(created(play.send(tx)), play, symbol=symbol)
    assert play.roles[token.address] == symbol
    return token


def _next_creation(play: Play) -> Address:
    return created_address(DEPLOYER.address, play.nonce(DEPLOYER.address))


def _trade(play: Play, pool: Pool, router: Router) -> None:
    there = router.swap(TRADER, pool=pool, token_in="BASE", amount_in=10**18, min_amount_out=1)
    back = router.swap(TRADER, pool=pool, token_in="QUOTE", amount_in=10**18, min_amount_out=1)
    too_much = pool.amount_out(token_in="BASE", amount_in=10**18) * 2
    greedy = router.swap(
        TRADER, pool=pool, token_in="BASE", amount_in=10**18, min_amount_out=too_much
    )
    play.send(there)
    play.send(back)
    with pytest.raises(Reverted, match="router: insufficient output"):
        play.send(greedy)
    with pytest.raises(Reverted, match="out of gas"):
        play.send(replace(pool.base.approve(TRADER, spender=DEPLOYER), gas_limit=30_000))
    with pytest.raises(Reverted, match="no reason given"):  # out of gas inside, behind the router
        play.send(replace(there, gas_limit=60_000))
    play.send(
        router.buy(TRADER, pool=pool, token_out="BASE", amount_out=10**17, max_amount_in=10**19)
    )


@pytest.fixture(scope="module")
def reference() -> Play:
    """The scenario on py-evm."""
    return play(CHAINS["pyevm"]())


@pytest.mark.parametrize("name", [name for name in CHAINS if name != "pyevm"])
def test_every_chain_tells_the_same_of_the_same_market(name: str, reference: Play) -> None:
    told = play(CHAINS[name]())
    assert told.roles == reference.roles
    for here, there in zip(told.report(), reference.report(), strict=True):
        assert here == there


def test_the_scenario_has_successes_a_revert_and_an_out_of_gas(reference: Play) -> None:
    report = reference.report()
    assert {told.status for told in report} == {True, False}
    assert [told.halt for told in report if not told.status] == ["", "out of gas", ""]
    assert {role for told in report for role, _, _ in told.logs} == {
        "BASE",
        "QUOTE",
        "factory",
        "pool",
    }


# --- a node's receipts ------------------------------------------------------------------


def test_a_node_gives_no_output_and_no_refund_but_the_block(node: Node) -> None:
    rich = node.accounts()[0]
    receipt = node.send(Transaction(sender=rich, to=TRADER.address, value=1))
    assert receipt.output is None
    assert receipt.gas_refunded == 0
    assert receipt.block_number == node.number
    assert receipt.fee == receipt.gas_used * receipt.effective_gas_price


def test_a_refused_transaction_carries_reason_data_and_receipt(node: Node) -> None:
    token = deploy(node, shipped("token"), DEPLOYER, "Base", "BASE", 18, 5)
    with pytest.raises(Reverted) as caught:
        node.send(token.write.transfer(DEPLOYER, TRADER, 6))
    assert caught.value.reason == "token: insufficient balance"
    assert caught.value.receipt is not None
    assert caught.value.receipt.status is False
    assert caught.value.receipt.contract_address is None


def test_a_refused_read_tells_its_reason(node: Node) -> None:
    token = deploy(node, shipped("token"), DEPLOYER, "Base", "BASE", 18, 5)
    with pytest.raises(Reverted, match=r"token\.transfer reverted: token: insufficient balance"):
        node.call(token.write.transfer(DEPLOYER, TRADER, 6))


def test_a_constructor_that_refuses_creates_nothing(node: Node) -> None:
    factory = creation(shipped("factory"), DEPLOYER, DEPLOYER, 1_001, DEPLOYER.address, bytes(32))
    with pytest.raises(Reverted, match="factory: fee too high") as caught:
        node.send(factory)
    assert caught.value.receipt is not None
    assert caught.value.receipt.contract_address is None


def _runtime(code: str) -> Artifact:
    """A contract of this code alone."""
    body = bytes.fromhex(code)
    prefix = bytes.fromhex(f"60{len(body):02x}600c60003960{len(body):02x}6000f3")
    return Artifact(name="raw", abi=(), bytecode=prefix + body)


@pytest.mark.parametrize(
    ("code", "reason", "halt"),
    [
        ("60006000fd", "", ""),
        ("fe", "invalid opcode", "invalid opcode"),
        ("600456", "invalid jump", "invalid jump"),
        ("5b600056", "out of gas", "out of gas"),
        ("634e487b7160e01b600052601160045260246000fd", "panic: arithmetic overflow", ""),
        ("63deadbeef60e01b60005260046000fd", "0xdeadbeef", ""),
    ],
    ids=["no reason", "invalid", "jump", "gas", "panic", "custom error"],
)
@pytest.mark.parametrize("name", CHAINS)
def test_every_chain_has_the_same_word_for_a_failure(
    name: str, code: str, reason: str, halt: str
) -> None:
    chain = CHAINS[name]()
    contract = deploy(chain, _runtime(code), DEPLOYER)
    tx = Transaction(sender=DEPLOYER.address, to=contract.address, gas_limit=100_000)
    with pytest.raises(Reverted) as caught:
        chain.send(tx)
    assert caught.value.receipt is not None
    assert (caught.value.reason, caught.value.receipt.halt) == (reason, halt)
    with pytest.raises(Reverted) as read:
        chain.call(tx)
    assert read.value.reason == reason


@pytest.mark.parametrize(
    ("message", "data", "refusal"),
    [
        ("execution reverted", "0x", Refusal("")),
        ("execution reverted: pool: k", None, Refusal("pool: k")),
        ("EVM error OutOfGas", None, Refusal("out of gas", halt="out of gas")),
        ("EVM error ReentrancySentryOOG", None, Refusal("out of gas", halt="out of gas")),
        ("EVM error InvalidFEOpcode", None, Refusal("invalid opcode", halt="invalid opcode")),
        ("out of gas: not enough gas", None, Refusal("out of gas", halt="out of gas")),
        ("invalid opcode: INVALID", None, Refusal("invalid opcode", halt="invalid opcode")),
        ("execution reverted: a: out of gas", None, Refusal("a: out of gas")),
        ("header not found", None, None),
    ],
)
def test_the_sentences_of_nodes_are_understood(
    message: str, data: str | None, refusal: Refusal | None
) -> None:
    assert refusal_in(message, data) == refusal


# --- what a node takes ---------------------------------------------------------------------


def test_an_open_fee_pays_the_base_fee_and_the_tip(node: Node) -> None:
    tx = Transaction(sender=TRADER.address, to=DEPLOYER.address, max_priority_fee_per_gas=7)
    asked = node.base_fee
    assert node.send(tx).effective_gas_price == asked + 7


def test_an_access_list_reaches_the_chain(node: Node) -> None:
    tx = Transaction(
        sender=TRADER.address, to=DEPLOYER.address, access_list=((DEPLOYER.address, (1, 2)),)
    )
    assert node.send(tx).gas_used == 21_000 + 2_400 + 2 * 1_900


@pytest.mark.parametrize("nonce", [0, 2])
def test_another_nonce_than_the_next_is_rejected_before_the_node_sees_it(
    node: Node, nonce: int
) -> None:
    node.send(Transaction(sender=TRADER.address, to=DEPLOYER.address))
    tx = Transaction(sender=TRADER.address, to=DEPLOYER.address, nonce=nonce)
    with pytest.raises(TransactionRejected, match=f"has nonce {nonce}, the sender's next is 1"):
        node.send(tx)
    assert node.nonce(TRADER) == 1


def test_a_transaction_that_is_not_mined_in_time_is_told_with_its_hash(node: Node) -> None:
    node._web3.provider.ethereum_tester.disable_auto_mine_transactions()
    node.receipt_seconds = 0.2
    with pytest.raises(NodeError, match=r"not mined it in 0.2 s: .*transaction 0x[0-9a-f]{64}"):
        node.send(TX)


@pytest.mark.parametrize("signed_here", [True, False])
def test_a_node_before_london_is_paid_its_gas_price(signed_here: bool) -> None:
    node = Node(berlin(), where="berlin", signers=[TRADER], receipt_seconds=5)
    rich = node.accounts()[0]
    receipt = node.send(Transaction(sender=rich, to=TRADER.address, value=FUNDS))
    if signed_here:
        receipt = node.send(TX)
    assert receipt.effective_gas_price == node.base_fee == 10**9
    assert receipt.transaction.max_fee_per_gas == 10**9


def berlin() -> Any:
    """A chain without base fee."""
    from eth.vm.forks.berlin import BerlinVM
    from eth_tester import EthereumTester, PyEVMBackend
    from web3 import EthereumTesterProvider, Web3

    tester = EthereumTester(PyEVMBackend(vm_configuration=((0, BerlinVM),)))
    return Web3(EthereumTesterProvider(tester))


@pytest.mark.parametrize(
    "change",
    [{"value": FUNDS}, {"gas_limit": 20_000}, {"max_fee_per_gas": 1}],
    ids=lambda change: next(iter(change)) + f" {next(iter(change.values()))}",
)
def test_what_no_block_may_hold_is_rejected_and_changes_nothing(
    node: Node, change: dict[str, int]
) -> None:
    node.send(Transaction(sender=TRADER.address, to=DEPLOYER.address))
    tx = Transaction(sender=TRADER.address, to=DEPLOYER.address, **change)
    before = node.balance(TRADER), node.number
    with pytest.raises(TransactionRejected, match="transaction"):
        node.send(tx)
    assert (node.balance(TRADER), node.number) == before
    assert node.nonce(TRADER) == 1


def test_an_account_whose_key_nobody_has_is_told_who_could_send(node: Node) -> None:
    stranger = Account.named("stranger")
    with pytest.raises(TransactionRejected, match="does not hold the key") as caught:
        node.send(Transaction(sender=stranger.address, to=TRADER.address))
    assert node.accounts()[0] in str(caught.value)
    node.add_signer(stranger)
    with pytest.raises(TransactionRejected, match="balance"):
        node.send(Transaction(sender=stranger.address, to=TRADER.address))


def test_reads_are_those_of_a_chain(node: Node) -> None:
    token = deploy(node, shipped("token"), DEPLOYER, "Base", "BASE", 18, 5)
    assert token.read.balanceOf(DEPLOYER) == 5
    assert node.storage(token.address, 0) == 5
    assert node.code(token.address).startswith(shipped("token").runtime)
    assert node.code(TRADER) == b""
    assert node.nonce(DEPLOYER) == 1
    assert node.balance(TRADER) == FUNDS


def test_a_snapshot_brings_the_state_back(node: Node) -> None:
    mark = node.snapshot()
    number = node.number
    token = deploy(node, shipped("token"), DEPLOYER, "Base", "BASE", 18, 5)
    node.mine()
    assert node.number == number + 2
    node.restore(mark)
    assert node.code(token.address) == b""
    assert node.nonce(DEPLOYER) == 0


# --- what a node cannot do --------------------------------------------------------------------


ENV = BlockEnv(number=1, timestamp=1, base_fee=0, gas_limit=30_000_000, coinbase=DEPLOYER.address)
TX = Transaction(sender=TRADER.address, to=DEPLOYER.address)


@pytest.mark.parametrize(
    ("ask", "cannot"),
    [
        (lambda node: node.execute(TX, ENV), "in a block of your choice"),
        (lambda node: node.trace(TX), "call tree"),
        (lambda node: node.state_root(), "state root"),
    ],
    ids=["execute", "trace", "state_root"],
)
def test_what_a_node_cannot_do_is_said_with_what_can(
    node: Node, ask: Callable[[Node], object], cannot: str
) -> None:
    with pytest.raises(EngineError, match=cannot) as caught:
        ask(node)
    assert "eth-tester" in str(caught.value)
    assert "dexsim.chain.chain.Chain" in str(caught.value)


def test_a_node_without_decrees_says_so(node: Node) -> None:
    with pytest.raises(EngineError, match="cannot set a balance") as caught:
        node.set_balance(TRADER, 5)
    assert not isinstance(caught.value, NodeError)
    assert node.balance(TRADER) == FUNDS


def test_a_refused_connection_names_the_url_and_how_to_start_a_node() -> None:
    with pytest.raises(NodeError) as caught:
        Node.connect(NOBODY_LISTENS)
    told = str(caught.value)
    assert NOBODY_LISTENS in told
    assert "connection refused" in told
    assert "anvil" in told


@pytest.mark.parametrize("status", [200, 404])
def test_a_server_that_is_no_node_is_named(status: int) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"<html>hello</html>")

        def log_message(self, *_: object) -> None:
            """Quietly."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(NodeError, match=url):
            Node.connect(url)
        server.shutdown()


def test_what_is_no_url_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(ScenarioError, match="http://127"):
        Node.connect("localhost:8545")


def test_importing_the_node_loads_neither_web3_nor_an_evm() -> None:
    program = (
        "import sys, dexsim.chain.node\n"
        "print([name for name in ('web3', 'eth', 'eth_tester') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"

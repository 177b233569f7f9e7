"""The steps read from logs explain a pool to the wei, whatever people do to it in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.errors import Reverted
from dexsim.market.deployment import DEPLOYER, Deployment
from dexsim.market.opening import deploy_world
from dexsim.results.holders import Holder, all_holders
from dexsim.results.ledger import ZERO, Ledger
from dexsim.results.liquidity_reader import LiquidityReader
from dexsim.results.liquidity_rows import Stepped, liquidity_rows
from dexsim.results.lp_book import GRAINS, Book
from dexsim.results.pool_events import PoolEvents
from tests.scenarios import small

PEOPLE = {name: Account.named(name) for name in ("alice", "bob", "protocol")}
FUNDS = {"WETH": "1000", "USDC": "2000000"}


@pytest.fixture(autouse=True, scope="module")
def _engine() -> None:
    """The engine raises the limit of recursion when it starts, which Hypothesis minds."""
    Chain(base_fee=0)


class Market:
    """The pool of `small.farming` with its gauge, and everything that is done there, read as it happens."""

    def __init__(self) -> None:
        self.chain = Chain(base_fee=0)
        self.stage: Deployment = deploy_world(small.farming().world, self.chain)
        holders = [Holder(name, "person", (who.address,)) for name, who in PEOPLE.items()]
        holders = all_holders(self.chain, self.stage, holders)
        self.names = {address: each.name for each in holders for address in each.addresses}
        self.pool, self.router = self.stage.pools["main"], self.stage.router("main")
        self.gauge = self.stage.gauges["main"]
        self.reader = LiquidityReader(self.stage, PoolEvents(self.stage), self.names)
        self.ledger = Ledger(self.stage)
        self._read()
        self._take_up()
        self.book = Book("main", self.lp(), self.reserves(), 30)
        self.book.open(Fraction(1, 10**15), Fraction(2, 10**6))
        self.opening = dict(self.book._values)

    def _take_up(self) -> None:
        """Everybody's funds and approvals."""
        for name, who in PEOPLE.items():
            self.stage.account(name, FUNDS)
            with self.chain.setup_block():
                lots = 2**255
                self.chain.send(self.pool.approve_lp(who, spender=self.router, amount=lots))
                self.chain.send(self.pool.approve_lp(who, spender=self.gauge, amount=lots))
            self._read()

    def _read(self) -> list[list[dict[str, Any]]]:
        """Rows of the last block's transactions, as the table has them."""
        assert self.chain.head is not None
        found = []
        for receipt in self.chain.head.receipts:
            self.ledger.apply(receipt.logs)
            agent = self.names.get(receipt.transaction.sender, "others")
            rows = liquidity_rows({"main": self.pool})
            for step in self.reader.read(receipt):
                rows.enter(Stepped(0, 0, agent, "person", step))
            table = rows.to_arrow({"run_id": "", "arm": "", "seed": 0})
            found.append([_exact(row) for row in table.to_pylist()])
        self.ledger.close_block()
        return found

    def do(self, *wishes: Callable[[], Any]) -> None:
        """Transactions in one block, those that are refused left out; all steps are played."""
        with self.chain.setup_block():
            for wish in wishes:
                try:
                    self.chain.send(wish())
                except Reverted:
                    continue
        for rows in self._read():
            self.book.play(rows)

    def lp(self) -> dict[str, int]:
        """By the ledger: held, and staked."""
        found: dict[str, int] = {}
        for (token, address), amount in self.ledger.balances.items():
            holder = self.names[address]
            if token in {"LP main", "staked main"}:
                found[holder] = found.get(holder, 0) + amount
            if token == "staked main":
                found["gauge main"] = found.get("gauge main", 0) - amount
        return found

    def reserves(self) -> tuple[int, int]:
        held = self.pool.reserves()
        return held.base, held.quote


def _exact(row: dict[str, Any]) -> dict[str, Any]:
    return {key: int(v) if isinstance(v, Decimal) else v for key, v in row.items()}


def swap(m: Market, who: Account, size: int) -> Any:
    token = "WETH" if size % 2 else "USDC"
    amount = size * (10**16 if size % 2 else 20 * 10**6)
    return m.router.swap(who, pool=m.pool, token_in=token, amount_in=amount, min_amount_out=0)


def join(m: Market, who: Account, size: int) -> Any:
    base = size * 10**17 + size
    return m.router.add_liquidity(who, pool=m.pool, base_amount=base, quote_amount=10**12)


def leave(m: Market, who: Account, size: int) -> Any:
    part = m.pool.lp_balance(who) * size // 100
    return m.router.remove_liquidity(who, pool=m.pool, lp_amount=part)


def give(m: Market, who: Account, size: int) -> Any:
    part = m.pool.lp_balance(who) * size // 200
    return m.pool.contract.write.transfer(who, PEOPLE["bob"], part)


def drop(m: Market, who: Account, size: int) -> Any:
    """LP tokens sent to the pool itself, for anybody to burn."""
    part = m.pool.lp_balance(who) * size // 500
    return m.pool.contract.write.transfer(who, m.pool, part)


def lock(m: Market, who: Account, size: int) -> Any:
    """LP tokens sent to the zero address: nobody's, and still there."""
    return m.pool.contract.write.transfer(who, ZERO, m.pool.lp_balance(who) * size // 500)


def burn(m: Market, who: Account, size: int) -> Any:
    return m.pool.contract.write.burn(who, who)


def donate(m: Market, who: Account, size: int) -> Any:
    return m.stage.tokens["WETH"].transfer(who, to=m.pool, amount=size * 10**15)


def sync(m: Market, who: Account, size: int) -> Any:
    return m.pool.contract.write.sync(who)


def stake(m: Market, who: Account, size: int) -> Any:
    return m.gauge.deposit(who, lp_amount=m.pool.lp_balance(who) * size // 100)


def unstake(m: Market, who: Account, size: int) -> Any:
    return m.gauge.withdraw(who, lp_amount=m.gauge.staked(who) * size // 100)


def protocol(m: Market, who: Account, size: int) -> Any:
    factory = m.stage.venues["exchange"].factory
    receiver = PEOPLE["protocol"] if size > 30 else ZERO
    return factory.contract.write.setFeeTo(DEPLOYER, receiver)


DEEDS = (swap, join, leave, give, drop, lock, burn, donate, sync, stake, unstake, protocol)
deeds = st.tuples(st.sampled_from(DEEDS), st.sampled_from(["alice", "bob"]), st.integers(1, 100))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(deeds, min_size=1, max_size=5), min_size=1, max_size=6))
def test_whatever_is_done_to_a_pool_the_steps_explain_it(
    blocks: list[list[tuple[Any, str, int]]],
) -> None:
    market = Market()
    market.do(lambda: join(market, PEOPLE["alice"], 50), lambda: protocol(market, DEPLOYER, 99))
    for number, block in enumerate(blocks):
        market.book.reprice(Fraction(number + 1, 10**15), Fraction(2, 10**6))
        market.do(
            *(lambda d=deed, w=PEOPLE[who], n=size: d(market, w, n) for deed, who, size in block)
        )
        check(market)


def check(market: Market) -> None:
    book = market.book
    assert (book.base, book.quote) == market.reserves()
    now = {holder: amount for holder, amount in market.lp().items() if amount}
    assert {holder: amount for holder, amount in book.lp.items() if amount} == now
    assert book.supply == market.pool.lp_supply()
    for holder, value in book._values.items():
        mine = book.sums[holder]
        parts = mine.exposure + mine.fees - mine.lvr + mine.other
        assert value == market.opening.get(holder, 0) + mine.flow + parts
    # Nothing is given to one that another does not give, but what the pool itself received:
    # it all belongs to those with liquidity.
    whole = sum(book._values.values())
    worth = book._worth(book.base, book.quote) * GRAINS // book._prices[2]
    assert 0 <= worth - whole <= len(book._values)


def test_liquidity_sent_to_nobody_is_locked_and_liquidity_that_is_burnt_is_gone() -> None:
    market, alice = Market(), PEOPLE["alice"]
    market.do(lambda: join(market, alice, 50))
    had = market.book.lp["alice"]
    market.do(lambda: lock(market, alice, 100))
    check(market)
    assert market.book.lp["locked"] == 1000 + had * 100 // 500
    assert market.book.sums["locked"].flow > 0
    market.do(lambda: leave(market, alice, 100))
    check(market)
    assert market.book.lp["alice"] == 0


def test_the_protocols_part_is_one_sixth_of_the_growth() -> None:
    market = Market()
    alice, bob = PEOPLE["alice"], PEOPLE["bob"]
    market.do(lambda: protocol(market, DEPLOYER, 99), lambda: join(market, alice, 1))
    for _ in range(4):
        market.do(lambda: swap(market, bob, 99), lambda: swap(market, bob, 98))
    before = {name: sums.fees for name, sums in market.book.sums.items()}
    market.do(lambda: join(market, alice, 1))
    got = market.book.sums["protocol"].other
    fees = sum(before.values())
    assert market.book.lp["protocol"] == market.pool.lp_balance(PEOPLE["protocol"]) > 0
    assert abs(got / fees - 1 / 6) < 0.01
    assert market.book.sums["protocol"].flow == 0

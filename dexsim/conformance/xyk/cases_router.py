"""Boundaries of a router: coins, pools that are not there yet, signatures, paths that are none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from dexsim.chain.types import Receipt, Transaction
from dexsim.conformance.keeping import equal
from dexsim.conformance.xyk.bench import ALICE, BOB, CAROL, FOREVER, OWNER, Bench
from dexsim.conformance.xyk.cases import CaseMachine, case
from dexsim.conformance.xyk.cases_shares import signed
from dexsim.market.contract import Contract

_ONE = 10**18
_PATH = "router: invalid path"


@dataclass(frozen=True)
class Counter:
    """Alice at a pool of 5 tokens and 10 coins."""

    bench: Bench
    token: Contract
    pool: Contract
    weth: str

    @classmethod
    def opened(cls, bench: Bench) -> Counter:
        """With liquidity, made by the router itself."""
        token = bench.tokens[0]
        for who in (ALICE, BOB):
            bench.chain.set_balance(who, 1000 * _ONE)
        bench.send("P32", token.write.approve(ALICE, bench.router, FOREVER))
        weth = bench.router.read.WETH()
        add = bench.router.write.addLiquidityETH
        opening = add(ALICE, token, 5 * _ONE, 0, 0, ALICE, FOREVER, value=10 * _ONE)
        bench.send("P26", opening)
        pool = bench.pool_of(token, weth)
        equal(pool.read.getReserves()[2] > 0, True, "P26: the pool of a new pair")
        return cls(bench, token, pool, weth)

    def tx(self, name: str, *args: Any, coins: int = 0) -> Transaction:
        """A call of the router by alice, in its last second."""
        write = getattr(self.bench.router.write, name)
        tx: Transaction = write(ALICE, *args, self.bench.now, value=coins)
        return tx

    def does(self, name: str, *args: Any, coins: int = 0) -> Receipt:
        """The same, accepted."""
        return self.bench.send("P32", self.tx(name, *args, coins=coins))

    def wealth(self, who: Any) -> tuple[int, int, int]:
        """(tokens, coins, liquidity)."""
        tokens, shares = self.token.read.balanceOf(who), self.pool.read.balanceOf(who)
        return tokens, self.bench.chain.balance(who), shares

    def changes(self, name: str, *args: Any, coins: int = 0) -> list[tuple[int, int, int]]:
        """What a call changed for alice, for bob, and for the router, which keeps nothing."""
        people = (ALICE, BOB, self.bench.router.address)
        before = [self.wealth(who) for who in people]
        self.does(name, *args, coins=coins)
        after = [self.wealth(who) for who in people]
        changed = [
            tuple(now - then for now, then in zip(a, b, strict=True))
            for a, b in zip(after, before, strict=True)
        ]
        equal(changed[2], (0, 0, 0), "P32: what stays with the router")
        return changed[:2]  # type: ignore[return-value]

    def out(self, path: list[Any], amount: int) -> int:
        """The router's quote of an output."""
        return int(self.bench.router.read.getAmountsOut(amount, path)[-1])

    def cost(self, path: list[Any], amount: int) -> int:
        """Its quote of an input."""
        return int(self.bench.router.read.getAmountsIn(amount, path)[0])

    @property
    def buying(self) -> list[Any]:
        """The path from coins to tokens."""
        return [self.weth, self.token.address]


@case("P32")
def coins_buy_what_was_quoted_and_the_others_go_back(m: CaseMachine) -> None:
    """An exact input in coins, and an exact output for at most so many."""
    with m.beside() as bench:
        counter = Counter.opened(bench)
        path, out = counter.buying, counter.out(counter.buying, _ONE)
        refused = counter.tx("swapExactETHForTokens", out + 1, path, BOB, coins=_ONE)
        bench.refuses("P24", "router: insufficient output", refused)
        changed = counter.changes("swapExactETHForTokens", out, path, BOB, coins=_ONE)
        equal(changed, [(0, -_ONE, 0), (out, 0, 0)], "P32: what changed")
        cost = counter.cost(path, 10**17)
        refused = counter.tx("swapETHForExactTokens", 10**17, path, BOB, coins=cost - 1)
        bench.refuses("P24", "router: excessive input", refused)
        for coins in (cost, 3 * _ONE):
            with bench.chain.anchor():
                changed = counter.changes("swapETHForExactTokens", 10**17, path, BOB, coins=coins)
            equal(changed, [(0, -cost, 0), (10**17, 0, 0)], "P32: what changed")


@case("P32")
def tokens_sell_for_the_quoted_coins(m: CaseMachine) -> None:
    """To whoever was named; exactly so many tokens, or exactly so many coins."""
    with m.beside() as bench:
        counter = Counter.opened(bench)
        path = counter.buying[::-1]
        out, cost = counter.out(path, _ONE), counter.cost(path, _ONE)
        for beyond, reason in (
            (counter.tx("swapExactTokensForETH", _ONE, out + 1, path, BOB), "insufficient output"),
            (counter.tx("swapTokensForExactETH", _ONE, cost - 1, path, BOB), "excessive input"),
        ):
            bench.refuses("P24", f"router: {reason}", beyond)
        with bench.chain.anchor():
            changed = counter.changes("swapExactTokensForETH", _ONE, out, path, BOB)
            equal(changed, [(-_ONE, 0, 0), (0, out, 0)], "P32: what changed")
        changed = counter.changes("swapTokensForExactETH", _ONE, cost, path, BOB)
        equal(changed, [(-cost, 0, 0), (0, _ONE, 0)], "P32: what changed")


@case("P32")
def liquidity_in_coins_follows_the_ratio(m: CaseMachine) -> None:
    """What does not fit goes back, what comes out goes to whoever was named."""
    with m.beside() as bench:
        counter = Counter.opened(bench)
        least = (_ONE, 2 * _ONE)
        add = ("addLiquidityETH", counter.token, _ONE)
        beyond = counter.tx(*add, 0, least[1] + 1, BOB, coins=3 * _ONE)
        bench.refuses("P24", "router: insufficient b amount", beyond)
        supply = counter.pool.read.totalSupply()
        changed = counter.changes(*add, *least, BOB, coins=3 * _ONE)
        shares = supply // 5
        equal(changed, [(-_ONE, -2 * _ONE, 0), (0, 0, shares)], "P32: what changed")
        bench.send("P32", counter.pool.write.approve(ALICE, bench.router, FOREVER))
        remove = ("removeLiquidityETH", counter.token, shares)
        supply = counter.pool.read.totalSupply()
        tokens, coins = (each * shares // supply for each in (6 * _ONE, 12 * _ONE))
        for limits in ((tokens + 1, 0), (0, coins + 1)):
            reason = f"router: insufficient {'a' if limits[0] else 'b'} amount"
            bench.refuses("P24", reason, counter.tx(*remove, *limits, BOB))
        changed = counter.changes(*remove, tokens, coins, BOB)
        equal(changed, [(0, 0, -shares), (tokens, coins, 0)], "P32: what changed")


@case("P32")
def coins_come_from_the_wrapping_token_alone(m: CaseMachine) -> None:
    """From nobody else, and only to who takes them."""
    with m.beside() as bench:
        counter = Counter.opened(bench)
        gift = Transaction(sender=ALICE.address, to=bench.router.address, value=1, what="coins")
        bench.refuses("P32", "router: not for coins", gift)
        refuser, path = bench.mock("coin_refuser"), counter.buying[::-1]
        sale = counter.tx("swapExactTokensForETH", _ONE, 0, path, refuser)
        bench.refuses("P32", "router: coin transfer failed", sale)


@case("P24")
def a_path_has_two_tokens_and_ends_where_it_must(m: CaseMachine) -> None:
    """At the wrapped coin, where coins are paid or wanted; also where a pool has what it is not paid."""
    with m.beside() as bench:
        counter = Counter.opened(bench)
        pool = bench.pool_of(*bench.tokens)
        bench.filled(pool, *((token, _ONE) for token in bench.tokens))
        bench.send("P24", bench.tokens[0].write.transfer(ALICE, pool, _ONE))
        a, b = (token.address for token in bench.tokens)
        for path in ([a, b], counter.buying[::-1]):
            for name in ("swapExactETHForTokens", "swapETHForExactTokens"):
                bench.refuses("P24", _PATH, counter.tx(name, 1, path, BOB, coins=_ONE))
        for path in ([a, b], counter.buying):
            for name in ("swapExactTokensForETH", "swapTokensForExactETH"):
                bench.refuses("P24", _PATH, counter.tx(name, 10**9, _ONE, path, BOB))
        for short in ([], [a]):
            for name in ("swapExactTokensForTokens", "swapTokensForExactTokens"):
                bench.refuses("P24", _PATH, counter.tx(name, 10**9, _ONE, short, BOB))


@case("P26")
def liquidity_of_a_new_pair_makes_its_pool(m: CaseMachine) -> None:
    """For all that was desired, whatever the ratio."""
    with m.beside() as bench:
        token, other = bench.token("odd_answer"), bench.tokens[1]
        for each in (token, other):
            bench.send("P26", each.write.approve(ALICE, bench.router, FOREVER))
        add = bench.router.write.addLiquidity
        amounts = (3 * 10**9, 10**12)
        tx = add(ALICE, token, other, *amounts, *amounts, CAROL, FOREVER)
        bench.send("P26", tx)
        pool = bench.pool_of(token, other)
        held = tuple(each.read.balanceOf(pool) for each in (token, other))
        equal(held, amounts, "P26: what the pool got")
        equal(pool.read.balanceOf(CAROL) > 0, True, "P26: shares for carol")


@case("P24")
def tokens_that_cannot_be_taken_are_refused(m: CaseMachine) -> None:
    """Also where somebody else's, left in the pool, would do."""
    with m.beside() as bench:
        counter = Counter.opened(bench)
        bench.send("P24", counter.token.write.transfer(ALICE, counter.pool, _ONE))
        path = counter.buying[::-1]
        tx = replace(
            counter.tx("swapExactTokensForTokens", _ONE, 0, path, BOB), sender=OWNER.address
        )
        bench.refuses("P24", "router: transfer failed", tx)


@case("P29")
def a_signature_stands_for_the_approval(m: CaseMachine) -> None:
    """Of exactly what is removed, or of everything; and only its owner's."""
    with m.beside() as bench:
        counter = Counter.opened(bench)
        token, weth = counter.token, counter.weth
        for most in (False, True):
            amount = FOREVER if most else _ONE
            signature = signed(bench, counter.pool, amount, spender=bench.router)
            args = (token, weth, _ONE, 0, 0, ALICE, FOREVER, most, *signature)
            call = bench.router.write.removeLiquidityWithPermit
            with bench.chain.anchor():
                bench.send("P29", call(ALICE, *args))
                left = counter.pool.read.allowance(ALICE, bench.router)
                equal(left, FOREVER if most else 0, "P29: the allowance of the router")
            bench.refuses("P29", "pool: invalid signature", call(BOB, *args))
            coins = (token, _ONE, 0, 0, ALICE, FOREVER, most, *signature)
            with bench.chain.anchor():
                bench.send("P29", bench.router.write.removeLiquidityETHWithPermit(ALICE, *coins))


@case("P23")
def quotes_know_their_limits(m: CaseMachine) -> None:
    """Nothing is quoted for nothing, nor along a path that is none, and never the whole reserve."""
    with m.beside() as bench:
        read = bench.router.read
        for name in ("getAmountOut", "getAmountIn"):
            view = getattr(read, name)
            for args in ((0, 100, 100), (10, 0, 100), (10, 100, 0)):
                bench.fails("P23", partial(view, *args))
        for short in ([], [bench.tokens[0]]):
            for view in (read.getAmountsOut, read.getAmountsIn):
                bench.fails("P23", partial(view, 1, short))
        for wanted in (100, 101):
            bench.fails("P23", partial(read.getAmountIn, wanted, 100, 100))
        equal(read.getAmountIn(99, 100, 100), 9930, "P23: what nearly the whole reserve costs")
        equal(read.getAmountOut(2, 100, 100), 1, "P23: what two units buy")
        equal(read.quote(3, 7, 5), 2, "P23: what three units are worth")

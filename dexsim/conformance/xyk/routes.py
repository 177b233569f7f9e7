"""The last rung: the router over two pools, its limits, and tokens that burn a part of themselves."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from dexsim.conformance.history import aimed, refused, step
from dexsim.conformance.keeping import expect
from dexsim.conformance.xyk.flashes import FlashMachine
from dexsim.conformance.xyk.machine import amounts, deposits, people
from dexsim.conformance.xyk.model import Refused
from dexsim.conformance.xyk.stage import FAR, ROUTER, TAXED, interface_has
from dexsim.conformance.xyk.state import Pair
from dexsim.conformance.xyk.swaps import on_side
from dexsim.market.contract import Contract

paths = st.sampled_from(["AB", "BA", "BC", "CB", "ABC", "CBA"])
pairs = st.sampled_from(["AB", "BA", "BC", "CB"])
MEASURED = "swapExactTokensForTokensSupportingFeeOnTransferTokens"


class RouterMachine(FlashMachine):
    """Everything, and the router."""

    wide = True
    told_as = "router and factory"
    watches: ClassVar[tuple[str, ...]] = ("P06", "P23", "P24", "P25", "P26")

    @initialize(far=st.tuples(deposits, deposits), taxed=st.tuples(deposits, deposits))
    @step
    def fill_the_other_pools(self, far: Pair, taxed: Pair) -> None:
        """First deposits into the pools of two hops and of the taxed token."""
        for pool, first in ((FAR, far), (TAXED, taxed)):
            self.pay("bob", first, pool)
            self.do("P20", "mint", "bob", pool, "bob")
        self.promises_hold()

    @property
    def router(self) -> Contract:
        """The router on the chain."""
        return self.stage.contracts[ROUTER]

    def there(self, path: str) -> list[str]:
        """A path as the router takes it."""
        return [self.stage.there(token) for token in path]

    def sale(self, who: str, path: str, amount: int) -> tuple[int, list[int]] | None:
        """An input that the pools can take and that buys something, with the model's amounts."""
        try:
            least = self.model.amounts_in(1, path)[0]
        except Refused:
            return None
        pool = self.model.pool_of(*path[:2])
        side = self.model.pools[pool].tokens.index(path[0])
        reserve = self.model.pools[pool].reserves[side]
        room = min(self.wealth(who, side, pool), self.room(side, pool), least + reserve)
        paid = least + amount % (room - least + 1) if room >= least else 0
        quoted = self.model.amounts_out(paid, path) if paid else [0]
        return (paid, quoted) if self._fits(path, quoted) else None

    def _fits(self, path: str, quoted: list[int]) -> bool:
        """Whether every pool on the way has room for what it is paid, and pays something."""
        for token_in, token_out, paid in zip(path, path[1:], quoted, strict=False):
            pool = self.model.pool_of(token_in, token_out)
            side = self.model.pools[pool].tokens.index(token_in)
            if paid > self.room(side, pool):
                return False
        return min(quoted) > 0

    @rule(who=people, path=paths, amount=amounts, to=people)
    @aimed("P23", "P24")
    def sell(self, who: str, path: str, amount: int, to: str) -> bool:
        """All of an input for the quoted output and not a unit less, at the last moment."""
        sale = self.sale(who, path, amount)
        if sale is None:
            return False
        paid, quoted = sale
        answer = list(self.router.read.getAmountsOut(paid, self.there(path)))
        expect(answer == quoted, f"P23: a quote of {quoted}, it is {answer}")
        return self.do("P24", "sell", who, path, paid, quoted[-1], to, self.model.now)

    @rule(who=people, path=paths, amount=amounts, to=people)
    @aimed("P23", "P24")
    def buy(self, who: str, path: str, amount: int, to: str) -> bool:
        """An exact output for the quoted input and not a unit more."""
        sale = self.sale(who, path, amount)
        if sale is None:
            return False
        wanted = sale[1][-1]
        quoted = self.model.amounts_in(wanted, path)
        answer = list(self.router.read.getAmountsIn(wanted, self.there(path)))
        expect(answer == quoted, f"P23: a quote of {quoted}, it is {answer}")
        if not self._fits(path, quoted) or quoted[0] > sale[0] + self.model.base:
            return False
        return self.do("P24", "buy", who, path, wanted, quoted[0], to, self.model.now)

    @rule(who=people, path=pairs, amount=amounts)
    @aimed("P06")
    def quotes_are_rounded_for_the_pool(self, who: str, path: str, amount: int) -> bool:
        """Outputs down, by less than a unit; inputs up, so that they buy what they were asked for.

        Compared with the exact quotients as products, not with a formula that rounds.
        """
        sale = self.sale(who, path, amount)
        if sale is None:
            return False
        paid, (_, out) = sale[0], self._quoted("getAmountsOut", sale[0], path)
        r_in, r_out = self.model.reserves_of(*path)
        kept = paid * self.other_fee()
        exact, whole = kept * r_out, r_in * self.model.base + kept
        expect(
            out * whole <= exact < (out + 1) * whole,
            f"P06: {exact}/{whole} rounded down, not {out}",
        )
        cost, _ = self._quoted("getAmountsIn", out, path)
        exact, whole = r_in * out * self.model.base, (r_out - out) * self.other_fee()
        expect(
            (cost - 1) * whole <= exact < cost * whole, f"P06: above {exact}/{whole}, not {cost}"
        )
        back = self._quoted("getAmountsOut", cost, path)[1]
        expect(back >= out, f"P06: {cost} to buy at least {out}, not {back}")
        return True

    def _quoted(self, view: str, amount: int, path: str) -> list[int]:
        return list(getattr(self.router.read, view)(amount, self.there(path)))

    @rule(who=people, path=paths, amount=amounts)
    @refused("P24")
    def one_wei_beyond_a_limit_is_refused(self, who: str, path: str, amount: int) -> bool:
        """Of the output, of the input, of the time."""
        sale = self.sale(who, path, amount)
        if sale is None:
            return False
        (paid, quoted), now = sale, self.model.now
        out, bought = quoted[-1], self.model.amounts_in(quoted[-1], path)[0]
        with self.aside():
            for reason, action, *limits in (
                ("router: insufficient output", "sell", paid, out + 1, who, now),
                ("router: excessive input", "buy", out, bought - 1, who, now),
                ("router: expired", "sell", paid, 0, who, now - 1),
                ("router: expired", "buy", out, 2**112, who, now - 1),
            ):
                self.refuses("P24", reason, action, who, path, *limits)
            apart = list(self.stage.seen().differences(self.model.seen()))
            expect(not apart, f"P24: nothing changed by what was refused; {'; '.join(apart)}")
        return True

    @rule(who=people, pair=pairs, amount=amounts, to=people)
    @aimed("P19", "P23", "P24")
    def provide(self, who: str, pair: str, amount: int, to: str) -> bool:
        """Liquidity through the router, in proportion; and not with limits one unit higher."""
        pool = self.model.pool_of(*pair)
        deposit = self.deposit_for(who, amount, pool)
        if deposit is None:
            return False
        desired = self._named(pool, pair, deposit)
        a, b = desired
        reserves = self._named(pool, pair, self.model.pools[pool].reserves)
        worth = self.model.quote(a, *pair)
        answer = self.router.read.quote(a, *reserves)
        expect(answer == worth, f"P23: {a} to be worth {worth}, not {answer}")
        taken = (a, worth) if worth <= b else (self.model.quote(b, pair[1], pair[0]), b)
        spare, reason = (1, "b") if worth <= b else (0, "a")
        higher = (taken[0] + 1 - spare, taken[1] + spare)
        limit = f"router: insufficient {reason} amount"
        now = self.model.now
        self.refuses("P24", limit, "provide", who, pair, desired, higher, to, now)
        self.refuses("P24", "router: expired", "provide", who, pair, desired, (0, 0), to, now - 1)
        trial = self.model.copy()
        try:
            trial.provide(who, pair, desired, taken, to, now)
        except Refused:  # rounding down by a whole share's worth
            return False
        return self.do("P24", "provide", who, pair, desired, taken, to, now)

    @rule(who=people, pair=pairs, amount=amounts, to=people)
    @aimed("P24")
    def withdraw(self, who: str, pair: str, amount: int, to: str) -> bool:
        """Liquidity back through the router, for all that it is worth and not a unit more."""
        pool = self.model.pool_of(*pair)
        holder = self.holder(who, pool)
        liquidity = self.liquidity_for(holder, amount, pool) if holder else 0
        if holder is None or liquidity == 0:
            return False
        supply = self.model.pools[pool].supply + self.model.pending_share(pool)
        burned = liquidity + self.model.pools[pool].shares.get(pool, 0)
        held = self.model.balances(pool)
        a, b = self._named(pool, pair, (burned * held[0] // supply, burned * held[1] // supply))
        now = self.model.now
        for reason, least, deadline in (
            ("router: insufficient a amount", (a + 1, b), now),
            ("router: insufficient b amount", (a, b + 1), now),
            ("router: expired", (0, 0), now - 1),
        ):
            self.refuses("P24", reason, "withdraw", holder, pair, liquidity, least, to, deadline)
        return self.do("P24", "withdraw", holder, pair, liquidity, (a, b), to, now)

    def _named(self, pool: str, pair: str, amounts: Pair) -> Pair:
        """Amounts in the pool's order, in that of the names; and back."""
        in_order = self.model.pools[pool].tokens == tuple(pair)
        return amounts if in_order else (amounts[1], amounts[0])

    @rule(who=people, into=st.booleans(), amount=amounts, to=people)
    @aimed("P25")
    def swap_a_taxed_token(self, who: str, into: bool, amount: int, to: str) -> bool:
        """What counts is what the pool got and what the receiver got, not what was sent."""
        path = "AT" if into else "TA"
        side = self.model.pools[TAXED].tokens.index(path[0])
        reserves = self.model.pools[TAXED].reserves
        room = min(self.room(side, TAXED), self.wealth(who, side, TAXED), reserves[side])
        least = 2 * reserves[side] // reserves[1 - side] + 200
        if room < least:
            return False
        paid = least + amount % (room - least + 1)
        if interface_has(self.router, MEASURED):
            self._through_the_router(who, path, paid, to)
        self.do("P25", "transfer", who, path[0], TAXED, paid)
        out = self.model.most_out(TAXED, 1 - side)
        more = on_side(out + 1, 1 - side)
        self.refuses("P25", "pool: k", "swap", who, TAXED, *more, to)
        return self.do("P25", "swap", who, TAXED, *on_side(out, 1 - side), to)

    def _through_the_router(self, who: str, path: str, paid: int, to: str) -> None:
        """The same by the router's measuring swap, at the exact limit and one unit beyond."""
        with self.aside():
            self.do("P18", "skim", "bob", TAXED, "bob")
            trial, had = self.model.copy(), self.model.tokens[path[1]].get(to, 0)
            trial.sell_measured(who, path, paid, 0, to, trial.now)
            got = trial.tokens[path[1]][to] - had
            reason, now = "router: insufficient output", self.model.now
            self.refuses("P25", reason, "sell_measured", who, path, paid, got + 1, to, now)
            self.do("P25", "sell_measured", who, path, paid, got, to, now)

    @rule(who=people)
    @refused("P26")
    def the_factory_knows_its_pools(self, who: str) -> bool:
        """One pool for two tokens, whichever is named first; a new one makes the list longer."""
        with self.aside():
            factory = self.stage.contracts["factory"]
            for pool, tokens in self.stage.pools.items():
                a, b = map(self.stage.there, tokens)
                address = self.stage.contracts[pool].address
                both = (factory.read.getPair(a, b), factory.read.getPair(b, a))
                expect(both == (address, address), f"P26: {pool} at {address}, not {both}")
            self._a_pool_more(who)
        return True

    def _a_pool_more(self, who: str) -> None:
        factory, length = self.stage.contracts["factory"], len(self.stage.pools)
        for pair in (("A", "B"), ("B", "A")):
            got = self.stage.create(who, *pair)
            refused = not got.startswith("0x")
            expect(refused, f"P26: the second pool of {pair} to be refused, it is at {got}")
            self.says(got, "factory: pool exists")
        expect(factory.read.allPairsLength() == length, f"P26: {length} pools")
        address = self.stage.create(who, "C", "A")
        expect(factory.read.allPairsLength() == length + 1, f"P26: {length + 1} pools")
        expect(factory.read.allPairs(length) == address, f"P26: the last one at {address}")
        expected = self.stage.computed_address("A", "C")
        expect(address == expected, f"P26: the pool of C and A at {expected}, not {address}")

"""The model's router: limits, deadlines and paths, over the model's pools."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from dexsim.conformance.xyk.model import Model, insist
from dexsim.conformance.xyk.state import Pair


class RoutedModel(Model):
    """A model whose venue has a router. It takes limits as users state them."""

    def copy(self) -> RoutedModel:
        """Another one in the same state."""
        twin = super().copy()
        assert isinstance(twin, RoutedModel)
        return twin

    def pool_of(self, token_a: str, token_b: str) -> str:
        """The name of the pool of two tokens."""
        return next(
            name for name, pool in self.pools.items() if set(pool.tokens) == {token_a, token_b}
        )

    # Quotes

    def quote(self, amount: int, token_a: str, token_b: str) -> int:
        """What an amount of a is worth in b at the ratio of the reserves."""
        reserve_a, reserve_b = self.reserves_of(token_a, token_b)
        return amount * reserve_b // reserve_a

    def amounts_out(self, amount: int, path: Sequence[str]) -> list[int]:
        """The amounts along a path for an input, each rounded down."""
        amounts = [amount]
        for token_in, token_out in itertools.pairwise(path):
            reserve_in, reserve_out = self.reserves_of(token_in, token_out)
            effective = amounts[-1] * (self.base - self.fee)
            amounts.append(effective * reserve_out // (reserve_in * self.base + effective))
        return amounts

    def amounts_in(self, amount: int, path: Sequence[str]) -> list[int]:
        """The amounts along a path for an output, each the floor and one."""
        amounts = [amount]
        for token_out, token_in in zip(path[::-1], path[-2::-1], strict=False):
            reserve_in, reserve_out = self.reserves_of(token_in, token_out)
            insist(reserve_out > amounts[0], "router: insufficient liquidity")
            left = (reserve_out - amounts[0]) * (self.base - self.fee)
            amounts.insert(0, reserve_in * amounts[0] * self.base // left + 1)
        return amounts

    # Actions

    def sell(
        self, who: str, path: Sequence[str], amount: int, least: int, to: str, deadline: int
    ) -> None:
        """All of an input for at least so much."""
        insist(self.now <= deadline, "router: expired")
        amounts = self.amounts_out(amount, path)
        insist(amounts[-1] >= least, "router: insufficient output")
        self._swap_along(who, path, amounts, to)

    def buy(
        self, who: str, path: Sequence[str], amount: int, most: int, to: str, deadline: int
    ) -> None:
        """An exact output for at most so much."""
        insist(self.now <= deadline, "router: expired")
        amounts = self.amounts_in(amount, path)
        insist(amounts[0] <= most, "router: excessive input")
        self._swap_along(who, path, amounts, to)

    def sell_measured(
        self, who: str, path: Sequence[str], amount: int, least: int, to: str, deadline: int
    ) -> None:
        """Like `sell`, from what the pools and the receiver really got: for taxed tokens."""
        insist(self.now <= deadline, "router: expired")
        held = self.tokens[path[-1]].get(to, 0)
        pools = [self.pool_of(*pair) for pair in itertools.pairwise(path)]
        self.transfer(who, path[0], pools[0], amount)
        for i, pool in enumerate(pools):
            side = self.pools[pool].tokens.index(path[i])
            paid = self.surplus(pool)[side]
            out = self._out(paid, path[i], path[i + 1])
            receiver = pools[i + 1] if i + 1 < len(pools) else to
            self.swap("router", pool, *_on_side(out, 1 - side), receiver)
        got = self.tokens[path[-1]].get(to, 0) - held
        insist(got >= least, "router: insufficient output")

    def provide(
        self, who: str, tokens: Sequence[str], desired: Pair, least: Pair, to: str, deadline: int
    ) -> None:
        """Liquidity at the pool's ratio, as much of the two as fits."""
        insist(self.now <= deadline, "router: expired")
        a, b = tokens
        amount_a, amount_b = desired
        if self.quote(amount_a, a, b) <= amount_b:
            amount_b = self.quote(amount_a, a, b)
            insist(amount_b >= least[1], "router: insufficient b amount")
        else:
            amount_a = self.quote(amount_b, b, a)
            insist(amount_a >= least[0], "router: insufficient a amount")
        pool = self.pool_of(a, b)
        self.transfer(who, a, pool, amount_a)
        self.transfer(who, b, pool, amount_b)
        self.mint("router", pool, to)

    def withdraw(
        self, who: str, tokens: Sequence[str], liquidity: int, least: Pair, to: str, deadline: int
    ) -> None:
        """Liquidity back into tokens; the limits are looked at afterwards."""
        insist(self.now <= deadline, "router: expired")
        pool = self.pool_of(tokens[0], tokens[1])
        self.give_shares(who, pool, pool, liquidity)
        held = self.balances(pool)
        self.burn("router", pool, to)
        paid = [before - after for before, after in zip(held, self.balances(pool), strict=True)]
        if self.pools[pool].tokens != tuple(tokens):
            paid.reverse()
        insist(paid[0] >= least[0], "router: insufficient a amount")
        insist(paid[1] >= least[1], "router: insufficient b amount")

    # Inside

    def reserves_of(self, token_a: str, token_b: str) -> Pair:
        pool = self.pools[self.pool_of(token_a, token_b)]
        first = pool.tokens.index(token_a)
        return pool.reserves[first], pool.reserves[1 - first]

    def _out(self, amount: int, token_in: str, token_out: str) -> int:
        return self.amounts_out(amount, (token_in, token_out))[1]

    def _swap_along(self, who: str, path: Sequence[str], amounts: Sequence[int], to: str) -> None:
        pools = [self.pool_of(*pair) for pair in itertools.pairwise(path)]
        self.transfer(who, path[0], pools[0], amounts[0])
        for i, pool in enumerate(pools):
            side = self.pools[pool].tokens.index(path[i + 1])
            receiver = pools[i + 1] if i + 1 < len(pools) else to
            self.swap("router", pool, *_on_side(amounts[i + 1], side), receiver)


def _on_side(amount: int, side: int) -> Pair:
    return (0, amount) if side else (amount, 0)

"""Which of several pools of a pair a swap goes to, and how much of it to each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from dexsim import cpmm
from dexsim.agents.protocol import Setup, View
from dexsim.errors import Reverted, ScenarioError
from dexsim.market.adapted import AnyPool
from dexsim.market.erc20 import Erc20

Route: TypeAlias = Literal["home", "best", "split"]
"""home: one's own market. best: the one pool of the pair that gives most. split: over all of them."""

Leg: TypeAlias = tuple[AnyPool, int]
"""A pool, and the input for it, in wei."""


def alike(setup: Setup, home: AnyPool) -> list[AnyPool]:
    """All pools of a market's two tokens, itself too, in the world's order; base may be quote there."""
    tokens = {home.base.symbol, home.quote.symbol}
    pools = setup.deployment.pools.values()
    return [pool for pool in pools if {pool.base.symbol, pool.quote.symbol} == tokens]


class Routing:
    """How one agent's swaps find their pools, by the reserves at the block's start.

    home: the agent's own market. Raises ScenarioError for pools of unknown shape, and for
    different fees, unless everything goes home.
    """

    def __init__(self, setup: Setup, home: AnyPool, route: Route) -> None:
        self.home = home
        self._route = route
        self._pools = [home] if route == "home" else alike(setup, home)
        fees = {pool.fee_bps for pool in self._pools}
        if route != "home" and (len(fees) > 1 or None in fees):
            names = ", ".join(pool.market for pool in self._pools)
            raise ScenarioError(
                f"a route needs x * y = k pools of one fee, and not all of {names} are", key="route"
            )
        self._fee = fees.pop()

    def selling(self, view: View, token: Erc20, amount: int) -> list[Leg]:
        """The swaps that sell an amount; parts of which nothing would come are left out."""
        if self._route == "home":
            return [(self.home, amount)]
        sides = self._sides(view, token)
        if self._route == "best":
            gains = [_out(amount, pair, self._known_fee) for pair in sides]
            return [(self._pools[gains.index(max(gains))], amount)]
        try:
            parts = cpmm.optimal_split(amount, sides, self._known_fee)
        except Reverted:
            return [(self.home, amount)]
        return [
            (pool, part)
            for pool, part, pair in zip(self._pools, parts, sides, strict=True)
            if part and _out(part, pair, self._known_fee)
        ]

    def buying(self, view: View, token: Erc20, wanted: int) -> list[Leg]:
        """The swaps that pay with `token` for exactly so much of the other one, but for rounding.

        None where the pools do not hold it. Only for pools of known shape.
        """
        sides = self._sides(view, token)
        try:
            outputs = self._bought(wanted, sides)
            inputs = [
                cpmm.amount_in(part, *pair, self._known_fee) if part else 0
                for part, pair in zip(outputs, sides, strict=True)
            ]
        except Reverted:
            return []
        return [leg for leg in zip(self._pools, inputs, strict=True) if leg[1]]

    def _bought(self, wanted: int, sides: Sequence[tuple[int, int]]) -> Sequence[int]:
        if self._route == "split":
            return cpmm.cheapest_split(wanted, sides, self._known_fee)
        costs = [_cost(wanted, pair, self._known_fee) for pair in sides]
        best = min(range(len(costs)), key=costs.__getitem__)
        return [wanted if i == best else 0 for i in range(len(sides))]

    def _sides(self, view: View, token: Erc20) -> list[tuple[int, int]]:
        return [pool.sides(token.symbol, view.reserves(pool.market)) for pool in self._pools]

    @property
    def is_known(self) -> bool:
        """Whether all pools keep x * y = k."""
        return self._fee is not None

    @property
    def _known_fee(self) -> int:
        assert self._fee is not None
        return self._fee


def _out(amount: int, sides: tuple[int, int], fee_bps: int) -> int:
    try:
        return cpmm.amount_out(amount, *sides, fee_bps)
    except Reverted:
        return 0


_BEYOND = 2**256
"""More than anybody has: what a pool asks for what it does not hold."""


def _cost(wanted: int, sides: tuple[int, int], fee_bps: int) -> int:
    try:
        return cpmm.amount_in(wanted, *sides, fee_bps)
    except Reverted:
        return _BEYOND

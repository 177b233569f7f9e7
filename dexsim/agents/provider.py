"""Liquidity providers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import WithJsonSchema

from dexsim.agents.position import Position, both_sides
from dexsim.agents.protocol import Setup, View
from dexsim.agents.provider_styles import Manner, Patient
from dexsim.blockspace.bundles import Wish
from dexsim.description import AtLeastOne, ShareBps, Text, Tokens, description
from dexsim.errors import ScenarioError


@description
class Provider:
    """Puts liquidity into a market and, perhaps, takes it out again.

    style: what it does between joining and leaving. "patient" stays;
    "mercenary" leaves while fees pay too little; "rebalancing" keeps a share of
    what it has in the pool; the latter two have keys of their own, and are for
    pools of x * y = k. base_amount: whole base tokens; as much quote goes with
    it as the pool's ratio asks for. joins_block, leaves_block: of the run, from
    1; without the latter it stays. slippage_bps: how far the ratio may move
    before the transaction lands; when it moved further, the next attempt comes
    3 blocks later.
    """

    kind: ClassVar[str] = "provider"
    role: ClassVar[str] = "provider"
    market: Text | None = None
    base_amount: Tokens
    joins_block: AtLeastOne = 1
    leaves_block: AtLeastOne | None = None
    slippage_bps: ShareBps = 100
    style: Annotated[Any, WithJsonSchema({"type": "object"})] = Patient()

    def __post_init__(self) -> None:
        if not callable(getattr(self.style, "begin", None)):
            raise ScenarioError(f"{self.style!r} is no style: it has no begin()", key="style")

    def start(self, setup: Setup) -> ProviderActor:
        """Open and fund the account."""
        pool = setup.pool(setup.market_or_first(self.market))
        if pool.fee_bps is None and not isinstance(self.style, Patient):
            problem = f"market {pool.market!r} is no pool of x * y = k, and this style needs one"
            raise ScenarioError(problem, key="style")
        account = setup.account(funds=both_sides(pool, Decimal(self.base_amount)))
        position = Position(pool, setup.router(pool.market), account)
        manner = self.style.begin(Decimal(self.base_amount), self.slippage_bps)
        return ProviderActor(self, position, manner)


class ProviderActor:
    """A `Provider` while it lives."""

    def __init__(self, described: Provider, position: Position, manner: Manner) -> None:
        self._described = described
        self._position = position
        self._manner = manner

    def act(self, view: View) -> Sequence[Wish]:
        """Join and leave when it is time; between them, as its style has it."""
        leaves = self._described.leaves_block
        if leaves is not None and view.block >= leaves:
            return self._position.leave() if view.block == leaves else []
        if view.block < self._described.joins_block:
            return []
        return self._manner.act(view, self._position)

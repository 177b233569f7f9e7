"""A company that holds a token; what it does with it is its model."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import WithJsonSchema

from dexsim.agents.position import Life
from dexsim.agents.protocol import Setup, View
from dexsim.agents.treasury_models import Holder, House
from dexsim.blockspace.bundles import Wish
from dexsim.description import Rate, ShareBps, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.units import gwei


@description
class Treasury:
    """Holds units (a market's base token) and cash (its quote token), and lives by a model.

    units, cash: whole tokens. model: "holder", "active", "rebalancer" or
    "builder", each with keys of its own. slippage_bps, tip_gwei: of its trades.
    """

    kind: ClassVar[str] = "treasury"
    role: ClassVar[str] = "treasury"
    market: Text | None = None
    units: Tokens
    cash: Tokens = Decimal(0)
    model: Annotated[Any, WithJsonSchema({"type": "object"})] = Holder()
    slippage_bps: ShareBps = 300
    tip_gwei: Rate = Decimal(1)

    def __post_init__(self) -> None:
        if not callable(getattr(self.model, "begin", None)):
            raise ScenarioError(f"{self.model!r} is no model: it has no begin()", key="model")

    def start(self, setup: Setup) -> TreasuryActor:
        """Open and fund the account, and let the model open what it needs besides."""
        pool = setup.pool(setup.market_or_first(self.market))
        funds = {pool.base.symbol: Decimal(self.units), pool.quote.symbol: Decimal(self.cash)}
        for symbol, whole in self.model.needs().items():
            funds[symbol] = funds.get(symbol, Decimal(0)) + whole
        house = House(
            account=setup.account(funds=funds),
            pool=pool,
            setup=setup,
            units=Decimal(self.units),
            slippage_bps=self.slippage_bps,
            tip=gwei(Decimal(self.tip_gwei)),
        )
        return TreasuryActor(self.model.begin(house))


class TreasuryActor:
    """A `Treasury` while it lives."""

    def __init__(self, life: Life) -> None:
        self._life = life
        next(life)

    def act(self, view: View) -> Sequence[Wish]:
        """The next step of its model's life."""
        return self._life.send(view)

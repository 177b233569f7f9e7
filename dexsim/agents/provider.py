"""Liquidity providers."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from decimal import Decimal
from typing import ClassVar

from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.orders import Wish
from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction
from dexsim.description import AtLeastOne, ShareBps, Text, Tokens, description
from dexsim.market.adapted import AnyPool, Door
from dexsim.units import from_wei, to_wei

Life = Generator[Sequence[Wish], View, None]
"""An agent's life told in order: it yields a block's wishes and is sent the next block's view."""

RETRY_BLOCKS = 3
"""When liquidity did not get in, the next attempt comes so much later."""

_FUNDS_MARGIN = 2  # the pool's ratio may have moved before the provider joins


@description
class Provider:
    """Puts liquidity into a market and, perhaps, takes it out again.

    base_amount: whole base tokens; as much quote goes with it as the pool's
    ratio asks for. joins_block, leaves_block: of the run, from 1; without the
    latter it stays. slippage_bps: how far the ratio may move before the
    transaction lands; when it moved further, the next attempt comes 3 blocks
    later.
    """

    kind: ClassVar[str] = "provider"
    role: ClassVar[str] = "provider"
    market: Text | None = None
    base_amount: Tokens
    joins_block: AtLeastOne = 1
    leaves_block: AtLeastOne | None = None
    slippage_bps: ShareBps = 100

    def start(self, setup: Setup) -> ProviderActor:
        """Open and fund the account."""
        pool = setup.pool(setup.market_or_first(self.market))
        account = setup.account(funds=both_sides(pool, Decimal(self.base_amount)))
        return ProviderActor(self, Position(pool, setup.router(pool.market), account))


def both_sides(pool: AnyPool, base_amount: Decimal) -> dict[str, Decimal]:
    """Funds for so much liquidity at the opening price, with a margin on the quote side."""
    reserves = pool.reserves()
    base = to_wei(base_amount, pool.base.decimals)
    quote = base * reserves.quote * _FUNDS_MARGIN // reserves.base
    return {pool.base.symbol: base_amount, pool.quote.symbol: from_wei(quote, pool.quote.decimals)}


class Position:
    """An account's liquidity in a pool: the transactions that move it."""

    def __init__(self, pool: AnyPool, router: Door, account: Account) -> None:
        self.pool = pool
        self.account = account
        self._router = router

    def join(self, view: View, base_amount: Decimal, slippage_bps: int) -> list[Transaction]:
        """Add liquidity at the block's starting ratio."""
        reserves = view.reserves(self.pool.market)
        base = to_wei(base_amount, self.pool.base.decimals)
        quote = base * reserves.quote // reserves.base
        kept = 10_000 - slippage_bps
        add = self._router.add_liquidity(
            self.account,
            pool=self.pool,
            base_amount=base,
            quote_amount=quote,
            min_base_amount=base * kept // 10_000,
            min_quote_amount=quote * kept // 10_000,
        )
        return [add]

    def held(self) -> int:
        """LP tokens in the account, in wei."""
        return self.pool.lp_balance(self.account)

    def leave(self) -> list[Transaction]:
        """Take all liquidity out; nothing when there is none."""
        amount = self.held()
        if not amount:
            return []
        allow = self._router.approvals_to_leave(self.account, pool=self.pool, lp_amount=amount)
        remove = self._router.remove_liquidity(self.account, pool=self.pool, lp_amount=amount)
        return [*allow, remove]


class ProviderActor:
    """A `Provider` while it lives."""

    def __init__(self, described: Provider, position: Position) -> None:
        self._described = described
        self._position = position
        self._joining = described.joins_block

    def act(self, view: View) -> Sequence[Wish]:
        """Join and leave when it is time."""
        leaves = self._described.leaves_block
        if leaves is not None and view.block >= leaves:
            return self._position.leave() if view.block == leaves else []
        if view.block < self._joining or self._position.held():
            return []
        self._joining = view.block + RETRY_BLOCKS
        amount = Decimal(self._described.base_amount)
        return self._position.join(view, amount, self._described.slippage_bps)

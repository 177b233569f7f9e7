"""An account's liquidity in a pool, and the transactions that move it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from decimal import Decimal
from fractions import Fraction

from dexsim.agents.protocol import View
from dexsim.blockspace.bundles import Wish
from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction
from dexsim.market.adapted import AnyPool, Door
from dexsim.market.pool import Pool
from dexsim.units import from_wei, to_wei

Life = Generator[Sequence[Wish], View, None]
"""An agent's life told in order: it yields a block's wishes and is sent the next block's view."""

RETRY_BLOCKS = 3
"""When liquidity did not get in, the next attempt comes so much later."""

_FUNDS_MARGIN = 2  # the pool's ratio may have moved before the provider joins


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
        return self.add(view, to_wei(base_amount, self.pool.base.decimals), slippage_bps)

    def add(self, view: View, base: int, slippage_bps: int) -> list[Transaction]:
        """The same, for an amount in wei."""
        reserves = view.reserves(self.pool.market)
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

    def lp_supply(self) -> int:
        """LP tokens that there are, of a pool whose shares are tokens."""
        if isinstance(self.pool, Pool):
            return self.pool.lp_supply()
        return int(self.pool.contract.read.totalSupply())

    def leave(self, part: Fraction = Fraction(1)) -> list[Transaction]:
        """Take liquidity out, all of it or a part; nothing when there is none."""
        amount = int(self.held() * part)
        if not amount:
            return []
        allow = self._router.approvals_to_leave(self.account, pool=self.pool, lp_amount=amount)
        remove = self._router.remove_liquidity(self.account, pool=self.pool, lp_amount=amount)
        return [*allow, remove]

    def affordable(self, view: View) -> int:
        """The most base tokens, in wei, that its money can put in at the block's starting ratio."""
        reserves = view.reserves(self.pool.market)
        base = view.balance(self.account, self.pool.base.symbol)
        quote = view.balance(self.account, self.pool.quote.symbol)
        return min(base, quote * reserves.base // reserves.quote)

    def worth(self, view: View) -> tuple[Fraction, Fraction]:
        """Its wealth inside the pool and outside, in wei of the quote token at the pool's price."""
        reserves = view.reserves(self.pool.market)
        inside = Fraction(2 * reserves.quote * self.held(), self.lp_supply())
        base = view.balance(self.account, self.pool.base.symbol)
        quote = view.balance(self.account, self.pool.quote.symbol)
        return inside, quote + base * Fraction(reserves.quote, reserves.base)

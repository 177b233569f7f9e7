"""A searcher who stands in front of orders that nobody can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.orders import Submission
from dexsim.chain.types import Transaction
from dexsim.description import Rate, ShareBps, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool
from dexsim.market.searcher import Searcher
from dexsim.streams import Generator
from dexsim.units import gwei

_ALL_BPS = 10_000


@description
class BlindFrontrunner:
    """Front-runs what is encrypted: it tosses a coin for the side, and sells behind.

    It commits a swap in one block and the way back in the next, both encrypted: what is committed in
    that one executes in between, whoever it is. Where as many buy as sell that loses as long as an
    order is below 5.6486 % of the reserve (at 30 bps; `cpmm.closed_forms.blind_threshold`). Neither leg
    has a limit: there is nothing to compute one from. Each side has a contract of its own
    (`searcher.vy`).

    capital: whole tokens by symbol, of both sides. market: default the first. stake_bps: of the
    capital, at a time. tip_gwei: of both legs.
    """

    kind: ClassVar[str] = "blind-frontrunner"
    role: ClassVar[str] = "searcher"
    searches: ClassVar[bool] = True
    capital: dict[str, Tokens]
    market: Text | None = None
    stake_bps: ShareBps = 1_000
    tip_gwei: Rate = Decimal(1)

    def start(self, setup: Setup) -> BlindFrontrunnerActor:
        """Open an account and a contract for each side: all that one of them has bought is to be sold."""
        pool = setup.pool(setup.market_or_first(self.market))
        if not isinstance(pool, Pool):
            raise ScenarioError(f"{pool.market} is no x * y = k pool", key="market")
        sides = []
        for token in (pool.base, pool.quote):
            if token.symbol not in self.capital:
                raise ScenarioError(
                    f"capital of both sides, and there is no {token}", key="capital"
                )
            funds = {token.symbol: self.capital[token.symbol]}
            sides.append((token, setup.executor(token.symbol, funds)[1]))
        return BlindFrontrunnerActor(self, pool, sides, setup.stream("coin"))


class BlindFrontrunnerActor:
    """A `BlindFrontrunner` while it lives."""

    def __init__(
        self,
        described: BlindFrontrunner,
        pool: Pool,
        sides: list[tuple[Erc20, Searcher]],
        coin: Generator,
    ) -> None:
        self._described = described
        self._pool = pool
        self._sides = sides
        self._coin = coin
        self._open: tuple[Erc20, Searcher] | None = None

    def act(self, view: View) -> Iterator[Submission]:
        """In one block the way in, in the next one the way out."""
        if self._open is not None:
            token, searcher = self._open
            self._open = None
            yield self._sent(
                searcher.swap(pools=[self._pool], token_in=self._pool.other(token), least_out=1)
            )
            return
        token, searcher = self._sides[int(self._coin.integers(2))]
        held = view.balance(searcher, token.symbol)
        stake = held * self._described.stake_bps // _ALL_BPS
        if stake:
            self._open = token, searcher
            yield self._sent(
                searcher.swap(pools=[self._pool], token_in=token, amount_in=stake, least_out=1)
            )

    def _sent(self, tx: Transaction) -> Submission:
        tip = gwei(Decimal(self._described.tip_gwei))
        return Submission(
            transaction=replace(tx, max_priority_fee_per_gas=tip), visibility="encrypted"
        )

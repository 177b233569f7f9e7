"""Searchers who put two swaps of their own around a victim's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from dexsim import cpmm
from dexsim.agents.gas_estimate import GasEstimate
from dexsim.agents.protocol import Setup, View
from dexsim.agents.searched_sandwich import Target, searched_frontrun
from dexsim.blockspace.bundles import Bundle
from dexsim.blockspace.labels import SandwichLabel
from dexsim.blockspace.pending import Pending
from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction
from dexsim.cpmm import Frontrun
from dexsim.description import Rate, Text, Tokens, description
from dexsim.market.adapted import AdaptedPool, AnyPool, Door
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Reserves
from dexsim.units import gwei


@description
class Sandwicher:
    """Attacks public swaps wherever that pays after gas, and does nothing where it does not.

    The front-run is the optimum under the victim's limit
    (`cpmm.optimal_frontrun`), as far as the capital goes; in a pool of no known
    shape it is searched by rehearsals (`agents.searched_sandwich`). The three
    legs are one bundle; its last leg reverts, and with it the bundle, unless it brings
    back the input and the gas.

    capital: whole tokens by symbol: what can be put at risk at a time. market:
    the only one to watch; without it, all. tip_gwei: at least this; a victim's
    tip is outbid by 1 wei per gas.
    """

    kind: ClassVar[str] = "sandwicher"
    role: ClassVar[str] = "searcher"
    searches: ClassVar[bool] = True
    capital: dict[str, Tokens]
    market: Text | None = None
    tip_gwei: Rate = Decimal(0)

    def start(self, setup: Setup) -> SandwicherActor:
        """Open and fund the account."""
        account = setup.account(funds=self.capital)
        names = list(setup.deployment.pools) if self.market is None else [self.market]
        watched = {name: _Watched(setup.pool(name), setup.router(name)) for name in names}
        return SandwicherActor(self, account, watched)


@dataclass(frozen=True)
class _Watched:
    pool: AnyPool
    router: Door


@dataclass(frozen=True)
class _Chance:
    """A victim, where it swaps, and the tip that outbids it."""

    victim: Pending
    where: _Watched
    token_in: Erc20
    tip: int


@dataclass(frozen=True)
class _Attack:
    """The best that can be done to a victim, and its cost in gas, in wei of the victim's input."""

    chance: _Chance
    legs: Frontrun
    cost: int


class SandwicherActor:
    """A `Sandwicher` while it lives."""

    def __init__(
        self, described: Sandwicher, account: Account, watched: dict[str, _Watched]
    ) -> None:
        self._described = described
        self._account = account
        self._watched = watched
        self._gas = GasEstimate()

    def act(self, view: View) -> Iterator[Bundle]:
        """A bundle for each victim that pays, the most profitable first."""
        self._gas.learn(view.receipts)
        done: dict[str, list[_Attack]] = {}
        for attack in self._attacks(view):
            earlier = done.setdefault(attack.chance.where.pool.market, [])
            best = self._solve(view, attack.chance, earlier) if earlier else attack
            if best.legs.profit > 0:
                yield self._bundle(best)
                earlier.append(best)

    def _attacks(self, view: View) -> list[_Attack]:
        """What pays at the block's start, the most profitable first."""
        chances = [chance for chance in map(self._chance, view.pending) if chance is not None]
        solved = [self._solve(view, chance, ()) for chance in chances]
        paying = [attack for attack in solved if attack.legs.profit > 0]
        return sorted(paying, key=lambda attack: (-attack.legs.profit, attack.chance.victim.id))

    def _chance(self, pending: Pending) -> _Chance | None:
        """The pending transaction as a victim; None for anything but somebody else's plain swap."""
        swap = pending.swap
        if swap is None or pending.tx.sender == self._account.address:
            return None
        where = self._watched.get(pending.market) if pending.market is not None else None
        if where is None:
            return None
        pool = where.pool
        token_in = pool.base if swap.path[0] == pool.base.address else pool.quote
        if token_in.symbol not in self._described.capital:
            return None
        tip = max(pending.tx.max_priority_fee_per_gas + 1, gwei(Decimal(self._described.tip_gwei)))
        return _Chance(pending, where, token_in, tip)

    def _solve(self, view: View, chance: _Chance, earlier: Sequence[_Attack]) -> _Attack:
        """The best attack after those that come earlier in this market and block."""
        cost = view.native_cost(self._gas.of(2) * (view.base_fee + chance.tip), chance.token_in)
        most = view.balance(self._account, chance.token_in.symbol)
        pool = chance.where.pool
        if pool.fee_bps is None:
            legs = self._search(view, chance, earlier, cost, most)
        else:
            held = view.reserves(pool.market)
            for attack in earlier:
                held = _after(attack, held)
            legs = _in_closed_form(chance, held, pool.fee_bps, cost, most)
        return _Attack(chance, legs, cost)

    def _search(
        self, view: View, chance: _Chance, earlier: Sequence[_Attack], cost: int, most: int
    ) -> Frontrun:
        pool, swap = chance.where.pool, chance.victim.swap
        assert isinstance(pool, AdaptedPool)
        assert swap is not None
        before = [tx for attack in earlier for tx in self._transactions(attack)]
        target = Target(
            pool=pool,
            account=self._account,
            token_in=chance.token_in,
            victim=chance.victim.tx,
            victim_in=swap.amount_in,
            victim_min_out=swap.min_amount_out,
            before=tuple(before),
        )
        return searched_frontrun(view, target, cost=cost, max_in=most)

    def _transactions(self, attack: _Attack) -> list[Transaction]:
        front, back = self._own_legs(attack)
        return [front, attack.chance.victim.tx, back]

    def _own_legs(self, attack: _Attack) -> tuple[Transaction, Transaction]:
        """Front-run and back-run, each with the limit that voids the bundle where it must not land."""
        chance, legs = attack.chance, attack.legs
        pool, router = chance.where.pool, chance.where.router
        front = router.swap(
            self._account,
            pool=pool,
            token_in=chance.token_in,
            amount_in=legs.frontrun_in,
            min_amount_out=legs.frontrun_out,
        )
        back = router.swap(
            self._account,
            pool=pool,
            token_in=pool.other(chance.token_in),
            amount_in=legs.frontrun_out,
            min_amount_out=legs.frontrun_in + attack.cost,
        )
        return (
            replace(front, max_priority_fee_per_gas=chance.tip),
            replace(back, max_priority_fee_per_gas=chance.tip),
        )

    def _bundle(self, attack: _Attack) -> Bundle:
        chance, legs = attack.chance, attack.legs
        pool = chance.where.pool
        front, back = self._own_legs(attack)
        label = SandwichLabel(
            market=pool.market,
            token=chance.token_in.symbol,
            frontrun=0,
            victims=(1,),
            backrun=2,
            expected_profit=legs.profit,
        )
        return Bundle(legs=(front, chance.victim, back), label=label)


def _in_closed_form(
    chance: _Chance, held: Reserves, fee_bps: int, cost: int, most: int
) -> Frontrun:
    """The optimal attack on a constant-product pool at these reserves."""
    swap = chance.victim.swap
    assert swap is not None
    sides = chance.where.pool.sides(chance.token_in, held)
    return cpmm.optimal_frontrun(
        swap.amount_in, swap.min_amount_out, *sides, fee_bps, cost, max_in=most
    )


def _after(attack: _Attack, held: Reserves) -> Reserves:
    """The reserves once the three legs are done."""
    chance, legs = attack.chance, attack.legs
    pool, swap = chance.where.pool, chance.victim.swap
    assert swap is not None
    reserve_in, reserve_out = pool.sides(chance.token_in, held)
    reserve_in += legs.frontrun_in + swap.amount_in - legs.backrun_out
    reserve_out -= legs.victim_out
    sells_base = chance.token_in is pool.base
    return Reserves(reserve_in, reserve_out) if sells_base else Reserves(reserve_out, reserve_in)

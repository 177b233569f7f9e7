"""Reads out of events, in their order, what happened to pools and to whose liquidity it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dexsim.chain.address import from_bytes
from dexsim.chain.types import Address, Log, Receipt
from dexsim.making import constructor
from dexsim.market.adapted import AdaptedPool
from dexsim.market.deployment import Deployment
from dexsim.market.pool import Reserves, make_reserves
from dexsim.results.holders import OTHERS
from dexsim.results.ledger import STAKED, TRANSFER, UNSTAKED, ZERO
from dexsim.results.pool_events import PoolEvent, PoolEvents

NOTHING = Reserves(0, 0)
_KINDS = {"Swap": "swap", "Mint": "mint", "Burn": "burn"}


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table `liquidity`; see there."""

    market: str
    step: int
    kind: str
    source: str = ""
    target: str = ""
    lp: int = 0
    change: Reserves = NOTHING
    paid_in: Reserves = NOTHING
    paid_out: Reserves = NOTHING


_make_step = constructor(Step)


class LiquidityReader:
    """Follows every pool that logs as a Uniswap v2 pair does, and the gauges where its shares lie.

    A pair logs Sync whenever its reserves change, and right after it the swap,
    mint or burn that changed them; a Sync with nothing after it is a donation
    taken in. LP tokens that go to the zero address are destroyed where a burn
    of the same pool follows in the transaction, and locked where none does.
    """

    def __init__(
        self, deployment: Deployment, events: PoolEvents, holder_of: Mapping[Address, str]
    ) -> None:
        self._events = events
        self._gauges = {
            gauge.address: (f"gauge {name}", gauge.pool.market)
            for name, gauge in deployment.gauges.items()
            if not isinstance(gauge.pool, AdaptedPool)
        }
        self._holder_of = holder_of
        self._reserves = dict.fromkeys(deployment.pools, NOTHING)

    def read(self, receipt: Receipt) -> list[Step]:
        """The steps of a transaction; takes note of the reserves that it leaves."""
        found: list[Step] = []
        for event in self._events.of(receipt):
            if event.name in _KINDS:
                found.append(self._exchanged(event, found))
            elif event.name == "Sync":
                found.append(self._synced(event))
            elif (moved := self._moved(event.market, event.place, event.log)) is not None:
                found.append(moved)
        if self._gauges:
            found += self._stakes(receipt)
            found.sort(key=lambda step: step.step)
        return [_settled(step, found) for step in found]

    def _stakes(self, receipt: Receipt) -> list[Step]:
        logs = enumerate(receipt.logs)
        steps = [
            self._staked(place, log)
            for place, log in logs
            if log.address in self._gauges and log.topics
        ]
        return [step for step in steps if step is not None]

    def _moved(self, market: str, place: int, log: Log) -> Step | None:
        """LP tokens on their way."""
        if log.topics[0] != TRANSFER or len(log.topics) != 3:
            return None
        source, target = (from_bytes(topic[12:]) for topic in log.topics[1:])
        kind = "created" if source == ZERO else "destroyed" if target == ZERO else "transfer"
        return Step(
            market,
            place,
            kind,
            source="" if source == ZERO else self._holder(source),
            target=self._holder(target),
            lp=int.from_bytes(log.data[:32], "big"),
        )

    def _synced(self, event: PoolEvent) -> Step:
        """Reserves before and after."""
        before = self._reserves[event.market]
        (after,) = event.pairs
        self._reserves[event.market] = after
        change = make_reserves(after.base - before.base, after.quote - before.quote)
        return _make_step(event.market, event.place, "sync", change=change)

    def _exchanged(self, event: PoolEvent, found: list[Step]) -> Step:
        """What was paid, with the change of reserves that was logged right before."""
        paid_in = paid_out = change = NOTHING
        if event.name == "Swap":
            paid_in, paid_out = event.pairs
        elif event.name == "Mint":
            (paid_in,) = event.pairs
        else:
            (paid_out,) = event.pairs
        if _is_sync(found, event.market):
            change = found.pop().change
        kind = _KINDS[event.name]
        return _make_step(
            event.market, event.place, kind, change=change, paid_in=paid_in, paid_out=paid_out
        )

    def _staked(self, place: int, log: Log) -> Step | None:
        """A stake belongs to its staker, and not to the gauge where the tokens lie."""
        kind = log.topics[0]
        if kind not in {STAKED, UNSTAKED}:
            return None
        gauge, market = self._gauges[log.address]
        staker = self._holder(from_bytes(log.topics[1][12:]))
        amount = int.from_bytes(log.data[:32], "big")
        if kind == STAKED:
            return Step(market, place, "stake", source=gauge, target=staker, lp=amount)
        return Step(market, place, "unstake", source=staker, target=gauge, lp=amount)

    def _holder(self, address: Address) -> str:
        return self._holder_of.get(address, OTHERS)


def _is_sync(steps: list[Step], market: str) -> bool:
    return bool(steps) and steps[-1].kind == "sync" and steps[-1].market == market


def _settled(step: Step, steps: list[Step]) -> Step:
    """LP tokens sent to the zero address: destroyed, or locked there."""
    if step.kind != "destroyed":
        return step
    burns = [each.step for each in steps if each.kind == "burn" and each.market == step.market]
    if any(burn > step.step for burn in burns):
        return replace(step, target="")
    return replace(step, kind="transfer")

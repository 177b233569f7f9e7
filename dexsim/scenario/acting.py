"""One phase of a block in which players act, and what they hand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dexsim.agents.protocol import View
from dexsim.blockspace import structure
from dexsim.blockspace.bundles import PendingBundle, Unbundled, Wish
from dexsim.blockspace.mempool import Dropped
from dexsim.blockspace.orders import Order, Submission
from dexsim.blockspace.pending import Pending, hint_of
from dexsim.chain.types import Transaction
from dexsim.scenario.blame import blamed_on
from dexsim.scenario.market_prices import PricesUntil
from dexsim.scenario.stage import Player, Stage
from dexsim.scenario.wishes import check_wish


@dataclass
class Submitted:
    """What players handed in.

    pending, bundles: what waits now. dropped: what had to go for it, or may not wait. refused:
    bundles that the mechanism does not take, and why.
    """

    pending: list[Pending] = field(default_factory=list)
    bundles: list[PendingBundle] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    refused: list[tuple[PendingBundle, str]] = field(default_factory=list)

    def __add__(self, other: Submitted) -> Submitted:
        return Submitted(
            self.pending + other.pending,
            self.bundles + other.bundles,
            self.dropped + other.dropped,
            self.refused + other.refused,
        )

    @property
    def is_any(self) -> bool:
        """Whether anything was handed in."""
        return bool(self.pending or self.bundles)


def act(stage: Stage, number: int, time_ms: int, players: Iterable[Player]) -> Submitted:
    """Let players act in their order; orders go through the mechanism, all at once.

    What one of them hands in, the others see only afterwards.
    """
    orders: list[tuple[Order, str, str]] = []
    taken = Submitted()
    for player in players:
        view = _view(stage, number, time_ms, player)
        agent = stage.scenario.agents[player.name]
        with blamed_on(player.name, agent, block=number), stage.chain.reading_only(player.name):
            wishes = player.actor.act(view)
            for wish in () if wishes is None else wishes:
                check_wish(wish, player.addresses, stage.desk, view)
                _take(stage, player, wish, orders, taken)
    taken.pending += structure.settle(stage.scenario.mechanism, orders, stage.desk)
    stage.mempool.add_bundles(taken.bundles)
    for pending in taken.pending:
        gone = stage.mempool.add(pending)
        taken.dropped += [gone] if gone else []
    return taken


def _view(stage: Stage, number: int, time_ms: int, player: Player) -> View:
    told = structure.hints(stage.scenario.mechanism)
    return View(
        block=number,
        time_ms=time_ms,
        since_ms=stage.since_ms,
        base_fee=stage.base_fee,
        pending=stage.mempool.visible_to(player.name, number),
        hints=tuple(
            hint_of(pending, told) for pending in stage.mempool.hinted_to(player.name, number)
        ),
        receipts=player.receipts,
        prices=PricesUntil(stage.prices, time_ms),
        desk=stage.desk,
        deployment=stage.deployment,
    )


def _take(
    stage: Stage,
    player: Player,
    wish: Wish,
    orders: list[tuple[Order, str, str]],
    taken: Submitted,
) -> None:
    name, role, mechanism = player.name, player.role, stage.scenario.mechanism
    if isinstance(wish, Order):
        orders.append((wish, name, role))
    elif isinstance(wish, Transaction | Submission):
        sent = wish if isinstance(wish, Submission) else Submission(transaction=wish)
        pending = stage.desk.take(sent, agent=name, role=role)
        taken.pending.append(structure.waits(mechanism, pending))
    elif isinstance(wish, Unbundled):
        sent_singly = stage.desk.take_unbundled(wish, agent=name, role=role)
        taken.pending += [structure.waits(mechanism, each) for each in sent_singly]
    else:
        bundle = stage.desk.take_bundle(wish, agent=name, role=role)
        why_not = structure.refusal(mechanism, wish)
        if why_not:
            taken.refused.append((bundle, why_not))
        else:
            taken.bundles.append(bundle)

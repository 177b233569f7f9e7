"""The main loop: arrive, search, build, execute, record. One block after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dexsim.agents.protocol import View
from dexsim.blockspace.builder import Filling, fill
from dexsim.blockspace.fees import next_base_fee
from dexsim.blockspace.bundles import Entry, PendingBundle, Wish
from dexsim.blockspace.orders import Order
from dexsim.blockspace.pending import Pending
from dexsim.chain.engine import Engine
from dexsim.chain.types import Block, Transaction
from dexsim.results.rounds import Outputs, Round
from dexsim.scenario.blame import blamed_on
from dexsim.scenario.market_prices import PricesUntil
from dexsim.scenario.scenario import Scenario
from dexsim.scenario.stage import Player, Stage, set_the_stage
from dexsim.scenario.wishes import check_wish


@dataclass
class _Submissions:
    """What agents handed in during one phase."""

    pending: list[Pending]
    bundles: list[PendingBundle]


def play(
    scenario: Scenario,
    *,
    seed: int,
    engine: Engine | str,
    on_block: Callable[[int], None] | None = None,
) -> Stage:
    """Run one arm to its end and return its stage, with everything recorded.

    on_block: told the number of every finished block.
    """
    stage = set_the_stage(scenario, seed=seed, engine=engine)
    end_ms = stage.prices.end_ms
    for number in range(1, scenario.blocks + 1):
        time_ms = next(stage.times)
        if end_ms is not None and time_ms > end_ms:
            break
        stage.desk.open(block=number, time_ms=time_ms)
        arrived = arrive(stage, number, time_ms)
        found = search(stage, number, time_ms)
        bundles = arrived.bundles + found.bundles
        sequence = build(stage, number, bundles)
        without = rehearse(stage, time_ms, sequence) if bundles else None
        block, filling = execute(stage, time_ms, sequence)
        stage.mempool.drop(filling.gone)
        done = Round(
            block=block,
            time_ms=time_ms,
            filling=filling,
            submitted=arrived.pending + found.pending,
            waiting=len(stage.mempool),
            counterfactual=without,
            prices=stage.prices.at(time_ms),
        )
        record(stage, done)
        if on_block is not None:
            on_block(number)
    return stage


def arrive(stage: Stage, number: int, time_ms: int) -> _Submissions:
    """People submit what they want; it becomes transactions in the mempool."""
    stage.desk.earliest_ms = stage.since_ms + 1
    return _act(stage, number, time_ms, [p for p in stage.players if not p.searches])


def search(stage: Stage, number: int, time_ms: int) -> _Submissions:
    """Searchers look at what is pending and answer it; they cannot be earlier than what they saw."""
    stage.desk.earliest_ms = time_ms
    return _act(stage, number, time_ms, [p for p in stage.players if p.searches])


def build(stage: Stage, number: int, bundles: Sequence[PendingBundle]) -> Sequence[Entry]:
    """The mechanism puts everything that waits in order."""
    entries: list[Entry] = [*stage.mempool.waiting(), *bundles]
    rng = stage.streams.generator("mechanism", number)
    return list(stage.scenario.mechanism.sequence(entries, base_fee=stage.base_fee, rng=rng))


def rehearse(stage: Stage, time_ms: int, sequence: Sequence[Entry]) -> Outputs:
    """What each pending swap would give if no bundle were there: executed, then undone."""
    singles = [entry for entry in sequence if isinstance(entry, Pending)]
    with stage.chain.rehearsal(time_ms=time_ms, base_fee=stage.base_fee) as block:
        filling = fill(block, singles)
    return {
        (included.source.id, swap.market): swap.amount_out
        for included in filling.included
        if included.source is not None
        for swap in stage.recorder.swaps_in(included.receipt)
    }


def execute(stage: Stage, time_ms: int, sequence: Sequence[Entry]) -> tuple[Block, Filling]:
    """The block is built for good."""
    watch = stage.recorder.watch
    with stage.chain.block(time_ms=time_ms, base_fee=stage.base_fee, on_receipt=watch) as block:
        filling = fill(block, sequence)
    assert stage.chain.head is not None
    return stage.chain.head, filling


def record(stage: Stage, done: Round) -> None:
    """Write the block down, and move the stage on to the next."""
    stage.recorder.record(done)
    block = done.block
    for player in stage.players:
        mine = (r for r in block.receipts if r.transaction.sender in player.addresses)
        player.receipts = tuple(mine)
    stage.since_ms = done.time_ms
    if stage.scenario.gas.dynamic:
        env = block.env
        stage.base_fee = next_base_fee(
            env.base_fee, gas_used=block.gas_used, gas_limit=env.gas_limit
        )


def _act(stage: Stage, number: int, time_ms: int, players: Iterable[Player]) -> _Submissions:
    """Let players act in their order; orders go through the mechanism, all at once."""
    orders: list[tuple[Order, str, str]] = []
    taken = _Submissions([], [])
    for player in players:
        view = View(
            block=number,
            time_ms=time_ms,
            since_ms=stage.since_ms,
            base_fee=stage.base_fee,
            pending=stage.mempool.visible_to(player.name),
            receipts=player.receipts,
            prices=PricesUntil(stage.prices, time_ms),
            desk=stage.desk,
            deployment=stage.deployment,
        )
        agent = stage.scenario.agents[player.name]
        with blamed_on(player.name, agent, block=number), stage.chain.reading_only(player.name):
            wishes = player.actor.act(view)
            for wish in () if wishes is None else wishes:
                _take(stage, player, wish, orders, taken)
    taken.pending += stage.scenario.mechanism.settle(orders, stage.desk)
    for pending in taken.pending:
        stage.mempool.add(pending)
    return taken


def _take(
    stage: Stage,
    player: Player,
    wish: Wish,
    orders: list[tuple[Order, str, str]],
    taken: _Submissions,
) -> None:
    check_wish(wish, player.addresses, stage.desk)
    name, role = player.name, player.role
    if isinstance(wish, Order):
        orders.append((wish, name, role))
    elif isinstance(wish, Transaction):
        taken.pending.append(stage.desk.take(wish, agent=name, role=role))
    else:
        taken.bundles.append(stage.desk.take_bundle(wish, agent=name, role=role))

"""The main loop: arrive, search, build, execute, record. One block after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dexsim.blockspace import structure
from dexsim.blockspace.builder import Filling
from dexsim.blockspace.bundles import Entry
from dexsim.blockspace.contest import Won, account_of, contend
from dexsim.blockspace.fees import next_base_fee
from dexsim.chain.engine import Engine
from dexsim.chain.types import Block, Receipt
from dexsim.results.rounds import Round
from dexsim.scenario.acting import Submitted, act
from dexsim.scenario.filling import filled, rehearse
from dexsim.scenario.scenario import Scenario
from dexsim.scenario.stage import Stage, set_the_stage


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
        dropped = stage.mempool.expire(number, time_ms)
        submitted = arrive(stage, number, time_ms) + search(stage, number, time_ms)
        entries = gather(stage, number)
        won = build(stage, time_ms, entries)
        without = rehearse(stage, time_ms, entries, won)
        block, filling = execute(stage, time_ms, entries, won)
        stage.mempool.drop(filling.gone)
        done = Round(
            block=block,
            time_ms=time_ms,
            builder=won.builder,
            filling=filling,
            submitted=submitted.pending,
            dropped=[*dropped, *submitted.dropped, *filling.dropped],
            refused=submitted.refused,
            waiting=len(stage.mempool),
            spared=without.spared,
            counterfactual=without.outputs,
            prices=stage.prices.at(time_ms),
        )
        record(stage, done)
        if on_block is not None:
            on_block(number)
    return stage


def arrive(stage: Stage, number: int, time_ms: int) -> Submitted:
    """People submit what they want; it becomes transactions in the mempool."""
    stage.desk.earliest_ms = stage.since_ms + 1
    return act(stage, number, time_ms, [p for p in stage.players if not p.searches])


def search(stage: Stage, number: int, time_ms: int) -> Submitted:
    """Searchers look at what is pending and answer it; they cannot be earlier than what they saw.

    As often as the mechanism lets them, those who can answer each other do, until nobody has an answer.
    """
    stage.desk.earliest_ms = time_ms
    searchers = [p for p in stage.players if p.searches]
    found = Submitted()
    for _ in range(structure.rounds(stage.scenario.mechanism)):
        answered = act(stage, number, time_ms, searchers)
        found += answered
        searchers = [player for player in searchers if player.answers]
        if not answered.is_any:
            break
    return found


def gather(stage: Stage, number: int) -> list[Entry]:
    """Everything that this block may hold, before anybody puts it in order."""
    ready = stage.mempool.ready(number, stage.chain.nonce)
    return [*ready, *stage.mempool.take_bundles(number)]


def build(stage: Stage, time_ms: int, entries: Sequence[Entry]) -> Won:
    """The builders compete for the block; the winner's account receives the tips."""
    won = contend(
        stage.chain,
        structure.builders(stage.scenario.mechanism),
        time_ms=time_ms,
        base_fee=stage.base_fee,
        fill=lambda block, builder: filled(stage, block, entries, Won(builder)),
    )
    stage.chain.coinbase = account_of(won.builder).address
    return won


def execute(
    stage: Stage, time_ms: int, entries: Sequence[Entry], won: Won
) -> tuple[Block, Filling]:
    """The block is built for good."""
    watch = stage.recorder.watch
    with stage.chain.block(time_ms=time_ms, base_fee=stage.base_fee, on_receipt=watch) as block:
        filling = filled(stage, block, entries, won)
    assert stage.chain.head is not None
    return stage.chain.head, filling


def record(stage: Stage, done: Round) -> None:
    """Write the block down, and move the stage on to the next."""
    stage.recorder.record(done)
    block = done.block
    sent: dict[str, list[Receipt]] = {player.name: [] for player in stage.players}
    owners = {address: player.name for player in stage.players for address in player.addresses}
    for receipt in block.receipts:
        if receipt.transaction.sender in owners:
            sent[owners[receipt.transaction.sender]].append(receipt)
    for player in stage.players:
        player.receipts = tuple(sent[player.name])
    stage.since_ms = done.time_ms
    if stage.scenario.gas.dynamic:
        env = block.env
        stage.base_fee = next_base_fee(
            env.base_fee, gas_used=block.gas_used, gas_limit=env.gas_limit
        )

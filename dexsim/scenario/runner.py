"""The main loop: arrive, search, build, execute, record. One block after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from dexsim.blockspace import structure
from dexsim.blockspace.builder import Filling, Site
from dexsim.blockspace.bundles import Entry, PendingBundle
from dexsim.blockspace.contest import PROPOSER, Won, account_of, contend
from dexsim.blockspace.fees import next_base_fee
from dexsim.blockspace.pending import Pending
from dexsim.chain.engine import Engine
from dexsim.chain.open_block import OpenBlock
from dexsim.chain.types import Block
from dexsim.results.attacks import Outcome
from dexsim.results.rounds import Outputs, Round
from dexsim.scenario.acting import Submitted, act
from dexsim.scenario.scenario import Scenario
from dexsim.scenario.stage import Stage, set_the_stage


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A block that was executed and undone: how it was filled, what it left, what swaps gave."""

    filling: Filling
    outcome: Outcome
    outputs: Outputs


@dataclass(frozen=True, slots=True)
class Spared:
    """outputs: of swaps without any bundle; None where there are none. spared: by bundle, without it."""

    outputs: Outputs | None = None
    spared: Mapping[int, Outcome] = field(default_factory=dict)


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
            spared={
                each: without.spared[each] for each in filling.landed if each in without.spared
            },
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

    As often as the mechanism lets them, they answer each other, until nobody has an answer.
    """
    stage.desk.earliest_ms = time_ms
    searchers = [p for p in stage.players if p.searches]
    found = Submitted()
    for _ in range(structure.rounds(stage.scenario.mechanism)):
        answers = act(stage, number, time_ms, searchers)
        found += answers
        if not answers.is_any:
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
        fill=lambda block, builder: _fill(stage, block, entries, builder).filling,
    )
    stage.chain.coinbase = account_of(won.builder).address
    return won


def rehearse(stage: Stage, time_ms: int, entries: Sequence[Entry], won: Won) -> Spared:
    """What the block would be without its bundles, and without each attack alone."""
    bundles = [entry for entry in entries if isinstance(entry, PendingBundle)]
    if not bundles:
        return Spared()
    labelled = [entry for entry in bundles if entry.bundle.label is not None]
    if len(bundles) > 1 and labelled:
        landing = _rehearsed(stage, time_ms, entries, won).filling.landed
        labelled = [entry for entry in labelled if entry.id in landing]
    singles = [entry for entry in entries if isinstance(entry, Pending)]
    nobody = _rehearsed(stage, time_ms, singles, won)
    spared = {}
    for entry in labelled:
        rest = [each for each in entries if each is not entry]
        without = nobody if len(rest) == len(singles) else _rehearsed(stage, time_ms, rest, won)
        spared[entry.id] = without.outcome
    return Spared(nobody.outputs, spared)


def _rehearsed(stage: Stage, time_ms: int, entries: Sequence[Entry], won: Won) -> Rehearsed:
    """A block that is executed, looked at, and undone."""
    with stage.chain.rehearsal(time_ms=time_ms, base_fee=stage.base_fee) as block:
        filling = _filled(stage, block, entries, won)
        receipts = [included.receipt for included in filling.included]
        outcome = stage.recorder.outcome(receipts, block.env.base_fee)
    outputs = {
        (included.source.id, swap.market): swap.amount_out
        for included in filling.included
        if included.source is not None
        for swap in stage.recorder.swaps_in(included.receipt)
    }
    return Rehearsed(filling, outcome, outputs)


def execute(
    stage: Stage, time_ms: int, entries: Sequence[Entry], won: Won
) -> tuple[Block, Filling]:
    """The block is built for good."""
    watch = stage.recorder.watch
    with stage.chain.block(time_ms=time_ms, base_fee=stage.base_fee, on_receipt=watch) as block:
        filling = _filled(stage, block, entries, won)
    assert stage.chain.head is not None
    return stage.chain.head, filling


def _filled(stage: Stage, block: OpenBlock, entries: Sequence[Entry], won: Won) -> Filling:
    """A block as its builder fills it, with what it pays for it at the end."""
    site = _fill(stage, block, entries, won.builder)
    site.pay(PROPOSER.address, won.price, what="builder.bid")
    return site.filling


def _fill(stage: Stage, block: OpenBlock, entries: Sequence[Entry], builder: str) -> Site:
    """Have the mechanism fill a block with what a builder has; every time with the same stream."""
    site = Site(block, entries, builder=builder)
    rng = stage.streams.generator("mechanism", block.env.number)
    structure.fill(stage.scenario.mechanism, site, rng)
    return site


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

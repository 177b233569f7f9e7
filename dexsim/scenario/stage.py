"""Everything that lives during one arm of a run, set up before the first block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dexsim.agents.protocol import Actor, Setup, answers, role_of, searches
from dexsim.blockspace import structure
from dexsim.blockspace.contest import PROPOSER, account_of
from dexsim.blockspace.desk import Desk
from dexsim.blockspace.mempool import Mempool
from dexsim.chain.chain import GENESIS_SECONDS, Chain
from dexsim.chain.types import Address, Receipt
from dexsim.errors import ScenarioError
from dexsim.market.deployment import Deployment
from dexsim.market.opening import deploy_world
from dexsim.results.holders import Holder
from dexsim.results.recorder import Recorder
from dexsim.scenario.blame import blamed_on
from dexsim.scenario.market_prices import PriceBoard
from dexsim.scenario.scenario import Scenario
from dexsim.streams import Streams
from dexsim.units import gwei


@dataclass(kw_only=True)
class Player:
    """An agent in a run: its actor, and what belongs to it."""

    name: str
    role: str
    searches: bool
    answers: bool
    actor: Actor
    addresses: frozenset[Address]
    receipts: tuple[Receipt, ...] = ()


@dataclass(kw_only=True)
class Stage:
    """What the runner's phases work on."""

    scenario: Scenario
    chain: Chain
    deployment: Deployment
    prices: PriceBoard
    desk: Desk
    mempool: Mempool
    players: list[Player]
    recorder: Recorder
    streams: Streams
    times: Iterator[int]
    base_fee: int
    since_ms: int = field(default=0)


def set_the_stage(scenario: Scenario, *, seed: int, engine: Any) -> Stage:
    """Deploy the world and start the agents, all in block 0, which costs nothing.

    Raises ScenarioError for a scenario that cannot be set up.
    """
    streams = Streams(seed)
    prices = PriceBoard(scenario, streams, GENESIS_SECONDS * 1000)
    start_ms = prices.start_ms
    chain = Chain(engine, time_ms=start_ms, gas_limit=scenario.gas.block_limit, first_block=0)
    opening = prices.at(start_ms)
    with chain.setup_block(time_ms=start_ms):
        deployment = deploy_world(scenario.world, chain, prices=opening)
        structure.set_up(scenario.mechanism, deployment)
        players, holders = _start_agents(scenario, deployment, streams, start_ms)
        deployment.hand_over()
    assert chain.head is not None
    recorder = Recorder(chain, deployment, holders, _builders(scenario))
    recorder.record_setup(chain.head, start_ms, opening)
    return Stage(
        scenario=scenario,
        chain=chain,
        deployment=deployment,
        prices=prices,
        desk=Desk(deployment),
        mempool=Mempool(),
        players=players,
        recorder=recorder,
        streams=streams,
        times=scenario.clock.start(streams.named("clock"), start_ms),
        base_fee=gwei(Decimal(scenario.gas.base_fee_gwei)),
        since_ms=start_ms,
    )


def _builders(scenario: Scenario) -> list[Holder]:
    """Who competes for blocks, and who sells them; nobody where one builder has them all."""
    names = structure.builders(scenario.mechanism)
    if len(names) == 1:
        return []
    rivals = [Holder(f"builder {name}", "builder", (account_of(name).address,)) for name in names]
    return [*rivals, Holder("proposer", "builder", (PROPOSER.address,))]


def _check_actor(actor: object) -> None:
    if not callable(getattr(actor, "act", None)):
        raise ScenarioError(f"start() returned {actor!r}; it returns an object with act(view)")


def _start_agents(
    scenario: Scenario,
    deployment: Deployment,
    streams: Streams,
    start_ms: int,
) -> tuple[list[Player], list[Holder]]:
    players, holders = [], []
    for name, agent in scenario.agents.items():
        setup = Setup(
            name=name,
            deployment=deployment,
            streams=streams.named("agent", name),
            start_ms=start_ms,
            block_seconds=Decimal(scenario.clock.mean_seconds),
            endowment=str(scenario.gas.endowment),
        )
        with blamed_on(name, agent, block=0):
            actor = agent.start(setup)
            _check_actor(actor)
        addresses = tuple(account.address for account in setup.accounts)
        holders.append(Holder(name, role_of(agent), (*addresses, *setup.contracts)))
        if name not in scenario.disabled:
            players.append(
                Player(
                    name=name,
                    role=role_of(agent),
                    searches=searches(agent),
                    answers=answers(agent),
                    actor=actor,
                    addresses=frozenset(addresses),
                )
            )
    return players, holders

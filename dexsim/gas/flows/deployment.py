"""An exchange and its pools come to be, and the protocol fee is decided."""

from __future__ import annotations

from dexsim.gas.flows.flow import Group
from dexsim.gas.stage import ALICE, FOUNDER, TREASURY, Stage, pairs_without_pool
from dexsim.market.contract import creation

GROUP = Group("deployment")


@GROUP.flow("deploy factory")
def _factory(stage: Stage) -> int:
    """With the pool's code, which the original's factory holds and ours finds in a blueprint."""
    blueprint = stage.gas(stage.blueprint_creation()) if stage.kit.has_blueprint else 0
    return blueprint + stage.gas(creation(stage.kit.factory, FOUNDER, *stage.factory_arguments()))


@GROUP.flow("deploy router")
def _router(stage: Stage) -> int:
    return stage.gas(creation(stage.kit.router, FOUNDER, stage.factory, stage.weth))


@GROUP.flow("deploy weth")
def _weth(stage: Stage) -> int:
    return stage.gas(creation(stage.kit.weth, FOUNDER))


@GROUP.flow("factory.createPair (the first)")
def _create_first_pair(stage: Stage) -> int:
    arguments = stage.factory_arguments()
    factory = stage.create(stage.kit.factory, FOUNDER, *arguments, name="factory")
    return stage.gas(factory.write.createPair(ALICE, *stage.path(1)))


@GROUP.flow("factory.createPair")
def _create_pair(stage: Stage) -> int:
    return stage.gas(stage.factory.write.createPair(ALICE, *pairs_without_pool(stage)[0]))


@GROUP.flow("factory.setFeeTo")
def _set_fee_to(stage: Stage) -> int:
    return stage.gas(stage.factory.write.setFeeTo(FOUNDER, TREASURY))

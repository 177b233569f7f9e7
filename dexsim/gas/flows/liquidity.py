"""Liquidity through the router."""

from __future__ import annotations

from dexsim.gas.flows.flow import Group
from dexsim.gas.permits import permit
from dexsim.gas.stage import ALICE, E18, FOREVER, Stage, pairs_without_pool
from dexsim.market.contract import Contract

GROUP = Group("router: liquidity")


def _add(stage: Stage, token_a: Contract, token_b: Contract) -> int:
    """Amounts in the ratio of the pools."""
    return stage.gas(
        stage.router.write.addLiquidity(ALICE, token_a, token_b, E18, 2 * E18, 0, 0, ALICE, FOREVER)
    )


@GROUP.flow("router.addLiquidity (creates the pool)")
def _add_and_create(stage: Stage) -> int:
    return _add(stage, *pairs_without_pool(stage)[0])


@GROUP.flow("router.addLiquidity (first mint)")
def _add_first(stage: Stage) -> int:
    return _add(stage, stage.tokens[0], stage.tokens[3])


@GROUP.flow("router.addLiquidity")
def _add_later(stage: Stage) -> int:
    return _add(stage, *stage.path(1))


@GROUP.flow("router.removeLiquidity")
def _remove(stage: Stage) -> int:
    return stage.gas(
        stage.router.write.removeLiquidity(ALICE, *stage.path(1), E18, 0, 0, ALICE, FOREVER)
    )


@GROUP.flow("router.removeLiquidityWithPermit")
def _remove_with_permit(stage: Stage) -> int:
    stage.send(stage.pool.write.approve(ALICE, stage.router, 0))
    deadline, *signature = permit(stage.pool, ALICE, stage.router.address, E18)
    return stage.gas(
        stage.router.write.removeLiquidityWithPermit(
            ALICE, *stage.path(1), E18, 0, 0, ALICE, deadline, False, *signature
        )
    )

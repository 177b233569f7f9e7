"""The liquidity token, and wrapped money."""

from __future__ import annotations

from dexsim.gas.flows.flow import Group
from dexsim.gas.permits import permit
from dexsim.gas.stage import ALICE, BOB, E18, FOREVER, Stage

GROUP = Group("tokens")


@GROUP.flow("lp.transfer")
def _transfer(stage: Stage) -> int:
    stage.send(stage.pool.write.transfer(ALICE, BOB, E18))
    return stage.gas(stage.pool.write.transfer(ALICE, BOB, E18))


@GROUP.flow("lp.transfer (to somebody new)")
def _transfer_to_new(stage: Stage) -> int:
    return stage.gas(stage.pool.write.transfer(ALICE, BOB, E18))


@GROUP.flow("lp.transferFrom")
def _transfer_from(stage: Stage) -> int:
    stage.send(stage.pool.write.approve(ALICE, BOB, 2 * E18))
    stage.send(stage.pool.write.transfer(ALICE, BOB, E18))
    return stage.gas(stage.pool.write.transferFrom(BOB, ALICE, BOB, E18))


@GROUP.flow("lp.transferFrom (allowance without limit)")
def _transfer_from_unlimited(stage: Stage) -> int:
    stage.send(stage.pool.write.approve(ALICE, BOB, FOREVER))
    stage.send(stage.pool.write.transfer(ALICE, BOB, E18))
    return stage.gas(stage.pool.write.transferFrom(BOB, ALICE, BOB, E18))


@GROUP.flow("lp.approve")
def _approve(stage: Stage) -> int:
    return stage.gas(stage.pool.write.approve(ALICE, BOB, E18))


@GROUP.flow("lp.permit")
def _permit(stage: Stage) -> int:
    deadline, *signature = permit(stage.pool, ALICE, BOB.address, E18)
    return stage.gas(stage.pool.write.permit(ALICE, ALICE, BOB, E18, deadline, *signature))


@GROUP.flow("weth.deposit")
def _deposit(stage: Stage) -> int:
    return stage.gas(stage.weth.write.deposit(ALICE, value=E18))


@GROUP.flow("weth.withdraw")
def _withdraw(stage: Stage) -> int:
    return stage.gas(stage.weth.write.withdraw(ALICE, E18))


@GROUP.flow("weth.transfer")
def _weth_transfer(stage: Stage) -> int:
    stage.send(stage.weth.write.transfer(ALICE, BOB, E18))
    return stage.gas(stage.weth.write.transfer(ALICE, BOB, E18))

"""What the pool does for those who call it without a router."""

from __future__ import annotations

from dexsim.gas.borrower import repayment
from dexsim.gas.flows.flow import Group
from dexsim.gas.stage import ALICE, BORROWER, E18, FOUNDER, TREASURY, Stage

GROUP = Group("pool")

SWAP_OUT = 453305446940074565
"""What 1 token1 buys of token0 where there are 5 and 10: from the published tests' own gas figure."""


@GROUP.flow("pool.mint (first)")
def _mint_first(stage: Stage) -> int:
    stage.pay(5 * E18, 10 * E18, pool=stage.empty)
    return stage.gas(stage.empty.write.mint(ALICE, ALICE))


@GROUP.flow("pool.mint")
def _mint(stage: Stage) -> int:
    stage.pay(5 * E18, 10 * E18)
    return stage.gas(stage.pool.write.mint(ALICE, ALICE))


@GROUP.flow("pool.mint (protocol fee switched on)")
def _mint_fee_on(stage: Stage) -> int:
    _switch_fee_on(stage)
    return _mint(stage)


@GROUP.flow("pool.mint (protocol fee, no growth)")
def _mint_fee_without_growth(stage: Stage) -> int:
    _switch_fee_on(stage)
    stage.add(5 * E18, 10 * E18)
    return _mint(stage)


@GROUP.flow("pool.mint (first protocol fee)")
def _mint_fee_first(stage: Stage) -> int:
    _switch_fee_on(stage)
    stage.add(5 * E18, 10 * E18)
    _trade(stage)
    return _mint(stage)


@GROUP.flow("pool.mint (later protocol fee)")
def _mint_fee_again(stage: Stage) -> int:
    _switch_fee_on(stage)
    for _ in range(2):
        stage.add(5 * E18, 10 * E18)
        _trade(stage)
    return _mint(stage)


@GROUP.flow("pool.mint (protocol fee switched off)")
def _mint_fee_off(stage: Stage) -> int:
    _switch_fee_on(stage)
    stage.add(5 * E18, 10 * E18)
    stage.send(stage.factory.write.setFeeTo(FOUNDER, "0x" + "00" * 20))
    return _mint(stage)


@GROUP.flow("pool.swap")
def _swap(stage: Stage) -> int:
    stage.pay(0, E18)
    return stage.gas(stage.pool.write.swap(ALICE, SWAP_OUT, 0, ALICE, b""))


@GROUP.flow("pool.swap (token0 in)")
def _swap_other_way(stage: Stage) -> int:
    stage.pay(E18, 0)
    return stage.gas(stage.pool.write.swap(ALICE, 0, E18, ALICE, b""))


@GROUP.flow("pool.swap (same timestamp)")
def _swap_same_timestamp(stage: Stage) -> int:
    stage.pay(0, E18)
    return stage.gas(stage.pool.write.swap(ALICE, SWAP_OUT, 0, ALICE, b""), seconds=0)


@GROUP.flow("pool.swap (flash, repaid in kind)")
def _flash_swap(stage: Stage) -> int:
    token0 = stage.tokens[0]
    stage.send(token0.write.transfer(ALICE, BORROWER, 2 * E18))
    data = repayment(token0.address, E18 * 1000 // 997 + 1)
    return stage.gas(stage.pool.write.swap(ALICE, E18, 0, BORROWER, data))


@GROUP.flow("pool.burn")
def _burn(stage: Stage) -> int:
    stage.send(stage.pool.write.transfer(ALICE, stage.pool, E18))
    return stage.gas(stage.pool.write.burn(ALICE, ALICE))


@GROUP.flow("pool.burn (first protocol fee)")
def _burn_fee_first(stage: Stage) -> int:
    _switch_fee_on(stage)
    stage.add(5 * E18, 10 * E18)
    _trade(stage)
    return _burn(stage)


@GROUP.flow("pool.sync")
def _sync(stage: Stage) -> int:
    stage.pay(E18, E18)
    return stage.gas(stage.pool.write.sync(ALICE))


@GROUP.flow("pool.skim")
def _skim(stage: Stage) -> int:
    stage.pay(E18, 0)
    return stage.gas(stage.pool.write.skim(ALICE, ALICE))


def _switch_fee_on(stage: Stage) -> None:
    stage.send(stage.factory.write.setFeeTo(FOUNDER, TREASURY))


def _trade(stage: Stage) -> None:
    """A swap, so that the pool has grown."""
    stage.pay(0, E18)
    stage.send(stage.pool.write.swap(ALICE, E18 // 10, 0, ALICE, b""))

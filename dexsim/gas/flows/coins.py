"""The chain's own coins through the router: wrapped on the way in, unwrapped on the way out.

"(fee token)" is the function for tokens that take a fee of transfers; it is measured with one that
takes none, so that it can be compared with the plain function.
"""

from __future__ import annotations

from dexsim.gas.flows.flow import Group
from dexsim.gas.permits import permit
from dexsim.gas.stage import ALICE, E18, FOREVER, Stage
from dexsim.market.contract import Contract

SWAPS = Group("router: swaps with coins")
LIQUIDITY = Group("router: liquidity with coins")

_AMOUNT = E18 // 10


def _path_in(stage: Stage) -> list[Contract]:
    return [stage.weth, stage.tokens[0]]


def _path_out(stage: Stage) -> list[Contract]:
    return [stage.tokens[0], stage.weth]


# --- swaps ------------------------------------------------------------------


@SWAPS.flow("router.swapExactETHForTokens")
def _exact_in_from_coins(stage: Stage) -> int:
    swap = stage.router.write.swapExactETHForTokens
    return stage.gas(swap(ALICE, 1, _path_in(stage), ALICE, FOREVER, value=_AMOUNT))


@SWAPS.flow("router.swapExactETHForTokens (fee token)")
def _what_arrives_from_coins(stage: Stage) -> int:
    swap = stage.router.write.swapExactETHForTokensSupportingFeeOnTransferTokens
    return stage.gas(swap(ALICE, 1, _path_in(stage), ALICE, FOREVER, value=_AMOUNT))


@SWAPS.flow("router.swapETHForExactTokens (coins go back)")
def _exact_out_from_coins(stage: Stage) -> int:
    swap = stage.router.write.swapETHForExactTokens
    return stage.gas(swap(ALICE, _AMOUNT, _path_in(stage), ALICE, FOREVER, value=E18))


@SWAPS.flow("router.swapExactTokensForETH")
def _exact_in_to_coins(stage: Stage) -> int:
    swap = stage.router.write.swapExactTokensForETH
    return stage.gas(swap(ALICE, _AMOUNT, 1, _path_out(stage), ALICE, FOREVER))


@SWAPS.flow("router.swapExactTokensForETH (fee token)")
def _what_arrives_to_coins(stage: Stage) -> int:
    swap = stage.router.write.swapExactTokensForETHSupportingFeeOnTransferTokens
    return stage.gas(swap(ALICE, _AMOUNT, 1, _path_out(stage), ALICE, FOREVER))


@SWAPS.flow("router.swapTokensForExactETH")
def _exact_out_to_coins(stage: Stage) -> int:
    swap = stage.router.write.swapTokensForExactETH
    return stage.gas(swap(ALICE, _AMOUNT, E18, _path_out(stage), ALICE, FOREVER))


# --- liquidity --------------------------------------------------------------


def _add(stage: Stage, token: Contract, coins: int) -> int:
    add = stage.router.write.addLiquidityETH
    return stage.gas(add(ALICE, token, E18, 0, 0, ALICE, FOREVER, value=coins))


@LIQUIDITY.flow("router.addLiquidityETH (creates the pool)")
def _add_and_create(stage: Stage) -> int:
    return _add(stage, stage.tokens[1], E18)


@LIQUIDITY.flow("router.addLiquidityETH")
def _add_later(stage: Stage) -> int:
    return _add(stage, stage.tokens[0], E18)


@LIQUIDITY.flow("router.addLiquidityETH (coins go back)")
def _add_and_refund(stage: Stage) -> int:
    return _add(stage, stage.tokens[0], 2 * E18)


@LIQUIDITY.flow("router.removeLiquidityETH")
def _remove(stage: Stage) -> int:
    remove = stage.router.write.removeLiquidityETH
    return stage.gas(remove(ALICE, stage.tokens[0], E18, 0, 0, ALICE, FOREVER))


@LIQUIDITY.flow("router.removeLiquidityETH (fee token)")
def _remove_what_arrives(stage: Stage) -> int:
    remove = stage.router.write.removeLiquidityETHSupportingFeeOnTransferTokens
    return stage.gas(remove(ALICE, stage.tokens[0], E18, 0, 0, ALICE, FOREVER))


@LIQUIDITY.flow("router.removeLiquidityETHWithPermit")
def _remove_with_permit(stage: Stage) -> int:
    remove = stage.router.write.removeLiquidityETHWithPermit
    return stage.gas(remove(*_with_permit(stage)))


@LIQUIDITY.flow("router.removeLiquidityETHWithPermit (fee token)")
def _remove_what_arrives_with_permit(stage: Stage) -> int:
    remove = stage.router.write.removeLiquidityETHWithPermitSupportingFeeOnTransferTokens
    return stage.gas(remove(*_with_permit(stage)))


def _with_permit(stage: Stage) -> tuple[object, ...]:
    """The arguments of both functions, where the router is not approved yet."""
    pool = stage.native_pool
    stage.send(pool.write.approve(ALICE, stage.router, 0))
    deadline, *signature = permit(pool, ALICE, stage.router.address, E18)
    return (ALICE, stage.tokens[0], E18, 0, 0, ALICE, deadline, False, *signature)

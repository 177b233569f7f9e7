"""Swaps of tokens through the router."""

from __future__ import annotations

from dexsim.gas.flows.flow import Group, Run
from dexsim.gas.stage import ALICE, E18, FOREVER, Stage

GROUP = Group("router: swaps")

_AMOUNT = E18 // 10
_HOPS = {1: "", 2: " (2 hops)", 3: " (3 hops)"}


def _exact_in(hops: int) -> Run:
    def run(stage: Stage) -> int:
        path = stage.path(hops)
        return stage.gas(
            stage.router.write.swapExactTokensForTokens(ALICE, _AMOUNT, 1, path, ALICE, FOREVER)
        )

    return run


def _exact_out(hops: int) -> Run:
    def run(stage: Stage) -> int:
        path, most = stage.path(hops), E18
        return stage.gas(
            stage.router.write.swapTokensForExactTokens(ALICE, _AMOUNT, most, path, ALICE, FOREVER)
        )

    return run


for _hops, _name in _HOPS.items():
    GROUP.flow(f"router.swapExactTokensForTokens{_name}")(_exact_in(_hops))
for _hops, _name in _HOPS.items():
    GROUP.flow(f"router.swapTokensForExactTokens{_name}")(_exact_out(_hops))


@GROUP.flow("router.swapExactTokensForTokens (fee token)")
def _what_arrives(stage: Stage) -> int:
    """For tokens that take a fee of transfers; measured with one that takes none."""
    swap = stage.router.write.swapExactTokensForTokensSupportingFeeOnTransferTokens
    return stage.gas(swap(ALICE, _AMOUNT, 1, stage.path(1), ALICE, FOREVER))

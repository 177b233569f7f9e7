"""Running a transaction without sending it: reads, and the gas that it would need."""

from __future__ import annotations

from dataclasses import replace

from dexsim.chain.chain import Chain
from dexsim.chain.types import DEFAULT_GAS_LIMIT, BlockEnv, CallResult, Transaction
from dexsim.devnet.faults import REFUSED, Fault, refusal
from dexsim.devnet.requests import Request

_OUT_OF_GAS = "out of gas"


def call(chain: Chain, request: Request, env: BlockEnv) -> bytes:
    """The answer of a read. Raises Fault with the revert data, or the halt."""
    result = _run(chain, request.tx, env, _most(request, env))
    if not result.status:
        raise refusal(result)
    return result.output


def estimate(chain: Chain, request: Request, env: BlockEnv) -> int:
    """The least gas limit with which the transaction succeeds. Raises Fault where none does.

    It can lie above the gas used: refunds come at the end, and a call passes on
    63 of 64 parts of what is left. env: of the block that it would stand in,
    because contracts may do more once time has passed.
    """
    most = _most(request, env)
    result = _run(chain, request.tx, env, most)
    if not result.status:
        if result.halt == _OUT_OF_GAS:
            raise Fault(REFUSED, f"gas required exceeds allowance ({most})")
        raise refusal(result)
    least = _search(chain, request.tx, env, result.gas_used, most)
    return least + (least == DEFAULT_GAS_LIMIT)  # which was tried with one more: see `_run`


def _search(chain: Chain, tx: Transaction, env: BlockEnv, used: int, most: int) -> int:
    too_little, enough = used - 1, most
    attempt = used
    while too_little + 1 < enough:
        if _run(chain, tx, env, attempt).status:
            enough = attempt
        else:
            too_little = attempt
        # Failing with much gas can take long, and the answer is near: not beyond the double.
        attempt = min((too_little + enough) // 2, 2 * too_little)
    return enough


def _most(request: Request, env: BlockEnv) -> int:
    return env.gas_limit if request.gas is None else min(request.gas, env.gas_limit)


def _run(chain: Chain, tx: Transaction, env: BlockEnv, gas: int) -> CallResult:
    # An engine takes the default for a gas limit left open, and would give all that there is.
    limit = gas + (gas == DEFAULT_GAS_LIMIT)
    return chain.engine.call(replace(tx, gas_limit=limit), env)

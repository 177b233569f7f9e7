"""What a request is told when it cannot be answered: JSON-RPC's codes, and geth's beside them."""

from __future__ import annotations

from dexsim.chain.reasons import revert_reason
from dexsim.chain.types import CallResult
from dexsim.errors import DexsimError, ScenarioError

REVERTED = 3
REFUSED = -32000
INVALID_REQUEST = -32600
UNKNOWN_METHOD = -32601
BAD_PARAMS = -32602
INTERNAL = -32603
PARSE_ERROR = -32700

# geth's sentences, where clients look for them and dexsim's word is another.
_HALTS = {
    "address collision": "contract address collision",
    "call depth": "max call depth exceeded",
    "code size": "max code size exceeded",
    "initcode size": "max initcode size exceeded",
    "insufficient funds": "insufficient funds for transfer",
    "invalid jump": "invalid jump destination",
}


class Fault(Exception):
    """A request that gets an error for an answer. data: revert data in hexadecimal."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data

    def fields(self) -> dict[str, object]:
        """The error as JSON-RPC writes it."""
        told: dict[str, object] = {"code": self.code, "message": self.message}
        return told if self.data is None else {**told, "data": self.data}


def bad_params(problem: str) -> Fault:
    """The caller's parameters are wrong."""
    return Fault(BAD_PARAMS, problem)


def refusal(result: CallResult) -> Fault:
    """Why a call failed: a revert carries its data, an exceptional halt is a sentence."""
    if result.halt:
        return Fault(REFUSED, _HALTS.get(result.halt, result.halt))
    reason = revert_reason(result.output)
    told = f"execution reverted: {reason}" if reason else "execution reverted"
    return Fault(REVERTED, told, "0x" + result.output.hex())


def fault_of(error: Exception) -> Fault:
    """Any failure as an answer; never a traceback."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, ScenarioError):  # as addresses raise it
        return bad_params(str(error))
    if isinstance(error, DexsimError):
        return Fault(REFUSED, str(error))
    return Fault(INTERNAL, f"a fault in dexsim: {type(error).__name__}: {error}")

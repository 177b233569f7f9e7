"""Why a transaction was refused: from what it said itself down to the first cause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dexsim.chain.types import CallFrame
from dexsim.tracing.decoding import NO_REASON, Call
from dexsim.tracing.source_view import Stop, stop_of
from dexsim.tracing.witness import Witness

_RETURN = 0xF3
_GAS_OF_CODE = 200  # Yellow Paper, G_codedeposit


@dataclass(frozen=True, slots=True)
class Refusal:
    """One call that was refused.

    reason: what it said, or in words what failed. passed_on: whether the reason is the one that
    the call below gave. stop: where in the sources, None where they are not known.
    """

    call: Call
    reason: str
    passed_on: bool
    stop: Stop | None


def refusals(call: Call, witness: Witness) -> tuple[Refusal, ...]:
    """The refused calls that led to the refusal of this one, outermost first, the cause last.

    Empty for a call that succeeded.
    """
    if not call.error:
        return ()
    chain = list(_chain(call))
    below = [*chain[1:], None]
    return tuple(_refusal(each, b, witness) for each, b in zip(chain, below, strict=True))


def _chain(call: Call) -> Iterator[Call]:
    """A refused call, then the refused one that it made last, if nothing went well after that."""
    yield call
    cause = _cause(call)
    if cause is not None:
        yield from _chain(cause)


def _cause(call: Call) -> Call | None:
    passed_on = [
        inner for inner in call.calls if inner.error and inner.frame.output == call.frame.output
    ]
    if passed_on and call.frame.output:
        return passed_on[-1]
    last = call.calls[-1] if call.calls else None
    return last if last is not None and last.error else None


def _refusal(call: Call, below: Call | None, witness: Witness) -> Refusal:
    stop = stop_of(call, witness)
    passed_on = below is not None and below.error == call.error
    return Refusal(call, _reason(call, stop), passed_on, stop)


def _reason(call: Call, stop: Stop | None) -> str:
    check = stop.check if stop else ""
    if call.error == "out of gas":
        return _out_of_gas(call.frame)
    if call.error in (NO_REASON, "invalid opcode"):
        return check or call.error
    return call.error


def _out_of_gas(frame: CallFrame) -> str:
    told = f"out of gas: it had {frame.gas:,}"
    steps = frame.steps
    if frame.kind.startswith("CREATE") and steps and frame.code[steps.positions[-1]] == _RETURN:
        return f"{told}, and keeping code costs {_GAS_OF_CODE} a byte"
    return told

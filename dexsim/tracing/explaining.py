"""A transaction as text: who called what with which amounts, and where and why it was refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dexsim.artifacts.abi import Interface
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, CallFrame
from dexsim.errors import EngineError, Reverted
from dexsim.tracing.decoding import Call, decode_tree
from dexsim.tracing.drawing import draw
from dexsim.tracing.refusal import Refusal, refusals
from dexsim.tracing.witness import Witness

WIDTH = 100


def explain(
    what: BaseException | CallFrame,
    chain: Reader | None = None,
    *,
    names: Mapping[Address, str] | None = None,
    interfaces: Mapping[Address, Interface] | None = None,
    width: int = WIDTH,
) -> str:
    """What a transaction did, and why it was refused, as text for a person.

    First the call tree: every call with the function's name, its arguments (amounts in tokens,
    addresses by name), its gas with everything below it, its result; its events (•); the storage
    variables that it changed (◦). Then, for a refusal, its reason and the line of Vyper source,
    with two lines around it and the internal functions that led there; and the same for a call
    below that was refused first, the innermost cause last.

    what: a `Reverted`, an error that came of one, or a frame of `chain.trace(tx, steps=True)`;
    without steps there are neither storage changes nor lines of source.
    chain: who is asked for symbols and decimals; of an error, by default the one it came from.
    names, interfaces: by address, of what nobody has made a handle of.
    width: where lines are broken that can be.

    Sources are those of contracts that this process has loaded from `.vy` files, and of dexsim's
    own. Raises EngineError where there is no trace: behind an error from a node, or none at all.
    """
    frame, home = _traced(what)
    chain = chain or home
    if chain is None:
        raise EngineError("explain(frame, chain) needs the chain that the transaction was for")
    witness = Witness(chain, names=names, interfaces=interfaces)
    return "\n".join(explanation(decode_tree(frame, witness), witness, width=width))


def refusal_behind(error: BaseException) -> Reverted | None:
    """The `Reverted` that an error is, or came of; None where there is none."""
    seen: set[int] = set()
    open_: list[BaseException | None] = [error]
    while open_:
        each = open_.pop(0)
        if each is None or id(each) in seen:
            continue
        if isinstance(each, Reverted):
            return each
        seen.add(id(each))
        open_ += [each.__cause__, None if each.__suppress_context__ else each.__context__]
        open_ += each.exceptions if isinstance(each, BaseExceptionGroup) else []
    return None


def _traced(what: BaseException | CallFrame) -> tuple[CallFrame, Reader | None]:
    if isinstance(what, CallFrame):
        return what, None
    refused = refusal_behind(what)
    if refused is None:
        raise EngineError(f"nothing reverted here: {type(what).__name__}: {what}")
    if refused.frame is None:
        raise EngineError(f"there is no trace of this: {refused}")
    return refused.frame, refused.chain


def explanation(call: Call, witness: Witness, *, width: int = WIDTH) -> Iterator[str]:
    """The lines that `explain` gives for a call in words."""
    yield from draw(call, witness.name(call.frame.sender), width)
    for number, refusal in enumerate(refusals(call, witness)):
        yield ""
        yield from _told(refusal, "" if number == 0 else "because ")


def _told(refusal: Refusal, because: str) -> Iterator[str]:
    call = refusal.call
    who = f"{because}{call.contract}.{call.function} was refused"
    if refusal.stop is None or not refusal.stop.places:
        yield f"{who}: {refusal.reason}"
        return
    place, *callers = refusal.stop.places
    yield f"{who}: {refusal.reason}"
    yield f"  {place}"
    yield from (f"  {line}" for line in place.excerpt())
    for caller in callers:
        yield f"  called from {caller}: {caller.text}"

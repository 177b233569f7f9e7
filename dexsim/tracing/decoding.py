"""A call tree with the names of things in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dexsim.artifacts.abi import Function, Interface
from dexsim.artifacts.artifact import Artifact
from dexsim.chain.reasons import revert_reason
from dexsim.chain.types import CallFrame, Log, StorageWrite
from dexsim.errors import ArtifactError
from dexsim.tracing.amounts import Speaker
from dexsim.tracing.storage_names import name_of_slot, variables
from dexsim.tracing.units_of_values import NAMES_OF_RESULTS, RESULTS_ALONG_A_PATH
from dexsim.tracing.witness import Witness

NO_REASON = "no reason given"


@dataclass(frozen=True, slots=True)
class Told:
    """An event by name, its fields in words."""

    name: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A variable that a call has changed: its name, and its value before and after, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call in words.

    contract, function: by name. arguments: in words, by name. result: in words, "" for none.
    gas_used: by this call with all below; own_gas: without what is below.
    error: "" on success, else the reason, or what stopped the EVM. undone: whether this call or
    one further out was refused, so that nothing of it is left.
    created: whether it is a creation. artifact: what ran, where that is known.
    """

    contract: str
    function: str
    arguments: Mapping[str, str]
    value: int
    result: str
    gas_used: int
    own_gas: int
    error: str
    undone: bool
    events: tuple[Told, ...]
    changes: tuple[Change, ...]
    calls: tuple[Call, ...]
    kind: str
    artifact: Artifact | None
    frame: CallFrame


def decode_tree(frame: CallFrame, witness: Witness, *, undone: bool = False) -> Call:
    """A call tree in words. Without steps there are no storage changes.

    undone: whether a call further out was refused, and this one's changes with it.
    """
    artifact = witness.artifact(frame.code)
    speaker = Speaker(witness, _home(frame))
    function = _function(witness.interface(frame.to or "", frame.code), frame)
    undone = undone or bool(frame.error)
    return Call(
        contract=_contract_name(frame, artifact, witness),
        function=_function_name(function, frame),
        arguments=_arguments(function, artifact, frame, speaker),
        value=frame.value,
        result=_result(function, artifact, frame, speaker),
        gas_used=frame.gas_used,
        own_gas=frame.gas_used - sum(call.gas_used for call in frame.calls),
        error=_error(frame),
        undone=undone,
        events=tuple(_event(log, witness) for log in frame.logs),
        changes=_changes(frame, artifact, speaker),
        calls=tuple(decode_tree(call, witness, undone=undone) for call in frame.calls),
        kind=frame.kind,
        artifact=artifact,
        frame=frame,
    )


def _home(frame: CallFrame) -> str:
    """Whose storage a call works on."""
    delegated = frame.kind in ("DELEGATECALL", "CALLCODE")
    return frame.sender if delegated else frame.to or ""


def _contract_name(frame: CallFrame, artifact: Artifact | None, witness: Witness) -> str:
    if frame.kind.startswith("CREATE"):
        return artifact.name if artifact else "a contract"
    return witness.name(frame.to or "", frame.code)


def _function(interface: Interface, frame: CallFrame) -> Function | None:
    if frame.kind.startswith("CREATE"):
        return interface.constructor
    for overloads in interface.functions.values():
        for function in overloads:
            if function.selector == frame.input[:4]:
                return function
    return None


def _function_name(function: Function | None, frame: CallFrame) -> str:
    if function is not None:
        return function.name
    if frame.kind.startswith("CREATE"):
        return "__init__"
    return f"0x{frame.input[:4].hex()}" if frame.input else "receive"


def _arguments(
    function: Function | None, artifact: Artifact | None, frame: CallFrame, speaker: Speaker
) -> Mapping[str, str]:
    values = _decoded_arguments(function, artifact, frame)
    if function is None or values is None:
        size = len(frame.input) - (0 if frame.kind.startswith("CREATE") else 4)
        return {"data": f"{size} bytes"} if size > 0 else {}
    return speaker.values(function.inputs, values)


def _decoded_arguments(
    function: Function | None, artifact: Artifact | None, frame: CallFrame
) -> tuple[Any, ...] | None:
    data = frame.input[4:]
    if frame.kind.startswith("CREATE"):
        data = frame.input[len(artifact.bytecode) :] if artifact else b""
    return function.decode_arguments(data) if function else None


def _result(
    function: Function | None, artifact: Artifact | None, frame: CallFrame, speaker: Speaker
) -> str:
    if frame.error or function is None or not function.outputs or not frame.output:
        return ""
    try:
        answer = function.decode_output(frame.output)
    except ArtifactError:
        return f"0x{frame.output.hex()}"
    values = answer if len(function.outputs) > 1 else (answer,)
    arguments = _decoded_arguments(function, artifact, frame) or ()
    names = (part.name for part in function.inputs)
    beside = dict(zip(names, arguments, strict=False))
    meant = NAMES_OF_RESULTS.get(function.name, ())
    if not meant and "path" in beside:
        meant = (RESULTS_ALONG_A_PATH,)
    names_fit = len(meant) == len(values)
    words = speaker.values(
        function.outputs, values, names=meant if names_fit else (), beside=beside
    )
    return ", ".join(words.values())


def _error(frame: CallFrame) -> str:
    if frame.error == "reverted":
        return revert_reason(frame.output) or NO_REASON
    return frame.error


def _event(log: Log, witness: Witness) -> Told:
    interface = witness.interface(log.address, b"")
    event = interface.decode_log(log.address, log.topics, log.data)
    if event is None:
        return Told("an unknown event", {"data": f"{len(log.data)} bytes"})
    kind = interface.events[log.topics[0]]
    words = Speaker(witness, log.address).values(kind.fields, list(event.fields.values()))
    return Told(event.name, words)


def _changes(frame: CallFrame, artifact: Artifact | None, speaker: Speaker) -> tuple[Change, ...]:
    if frame.steps is None:
        return ()
    known = variables(artifact.layout if artifact else {})
    return tuple(
        _change(write, name_of_slot(write.slot, known, frame.steps.hashes, speaker.word), speaker)
        for write in _net(frame.steps.writes)
    )


def _net(writes: tuple[StorageWrite, ...]) -> list[StorageWrite]:
    """One write a slot: from its first value to its last, where these differ."""
    net: dict[int, StorageWrite] = {}
    for write in writes:
        first = net.get(write.slot, write)
        net[write.slot] = StorageWrite(write.slot, first.before, write.after)
    return [write for write in net.values() if write.before != write.after]


def _change(write: StorageWrite, named: tuple[str, str], speaker: Speaker) -> Change:
    name, kind = named
    before, after = (speaker.word(kind, value, name) for value in (write.before, write.after))
    return Change(name, before, after)

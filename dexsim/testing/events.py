"""What a test expects of a transaction's events: all of them, in order, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from dexsim.artifacts.abi import Event, EventType
from dexsim.chain.accounts import name_of
from dexsim.chain.types import Log, Receipt
from dexsim.market.contract import Contract

_INDENT = "  "


def expect_events(where: Any, *expected: Any) -> None:
    """Expect exactly these events in this order.

        expect_events(receipt, (token, "Transfer", alice, bob, 10), (pool, "Sync", 1, 2))
        expect_events(token, receipt, ("Transfer", alice, bob, 10))
        expect_events(token, receipt, ("Transfer", {"sender": alice, "value": 10, ...}))

    With a receipt first, all events of the transaction; with a contract first, that contract's.
    Values stand in the order of the ABI, or all of them by name. Contracts are handles,
    dexsim's own (pools, tokens, routers) included; accounts and handles count as their addresses.
    Raises AssertionError with both lists side by side; TypeError for an event that the ABI
    does not have, naming those that it has.
    """
    if isinstance(where, Receipt):
        receipt, told = where, [(_handle(each[0]), each[1:]) for each in expected]
        logs = receipt.logs
    else:
        contract = _handle(where)
        if not expected or not isinstance(expected[0], Receipt):
            raise TypeError("expect_events(contract, receipt, ...): the receipt is missing")
        receipt, told = expected[0], [(contract, each) for each in expected[1:]]
        logs = tuple(log for log in receipt.logs if log.address == contract.address)
    wanted = [_event(contract, each) for contract, each in told]
    known = {contract.address: contract for contract, _ in told}
    if not isinstance(where, Receipt):
        known[contract.address] = contract
    _compare(wanted, [_decoded(log, known) for log in logs], known)


def _handle(what: Any) -> Contract:
    handle = getattr(what, "contract", what)
    if not isinstance(handle, Contract):
        raise TypeError(f"an event is expected of a contract's handle, not of {what!r}")
    return handle


def _event(contract: Contract, expected: Sequence[Any]) -> Event:
    """The expected event as the chain would tell it."""
    name, *values = expected
    kind = _kind(contract, name)
    names = [field.name for field in kind.fields]
    if len(values) == 1 and isinstance(values[0], Mapping):
        if set(values[0]) != set(names):
            raise TypeError(f"{name} has the fields {', '.join(names)}, not {', '.join(values[0])}")
        values = [values[0][field] for field in names]
    if len(values) != len(names):
        raise TypeError(f"{name} has {len(names)} fields ({', '.join(names)}), not {len(values)}")
    plain = [getattr(value, "address", value) for value in values]
    return Event(name, contract.address, dict(zip(names, plain, strict=True)))


def _kind(contract: Contract, name: str) -> EventType:
    kinds = {kind.name: kind for kind in contract.interface.events.values()}
    if name not in kinds:
        known = ", ".join(sorted(kinds)) or "none"
        raise TypeError(f"{contract.name} has no event {name!r}; its events are: {known}")
    return kinds[name]


def _decoded(log: Log, known: Mapping[str, Contract]) -> Event:
    contract = known.get(log.address)
    event = contract.decode_log(log) if contract else None
    if event is not None:
        return event
    topics = [f"0x{topic.hex()}" for topic in log.topics]
    return Event("an event", log.address, {"topics": topics, "data": f"0x{log.data.hex()}"})


def _compare(
    wanted: Sequence[Event], found: Sequence[Event], known: Mapping[str, Contract]
) -> None:
    if wanted == found:
        return
    names = {address: contract.name for address, contract in known.items()}
    lines = _difference([_text(e, names) for e in wanted], [_text(e, names) for e in found])
    raise AssertionError(
        "\n".join(["the events are not those expected (- expected, + emitted):", *lines])
    )


def _difference(wanted: list[str], found: list[str]) -> Iterator[str]:
    for tag, first, last, begin, end in SequenceMatcher(
        None, wanted, found, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            yield from (f"{_INDENT}  {line}" for line in wanted[first:last])
        else:
            yield from (f"{_INDENT}- {line}" for line in wanted[first:last])
            yield from (f"{_INDENT}+ {line}" for line in found[begin:end])


def _text(event: Event, names: Mapping[str, str]) -> str:
    fields = ", ".join(f"{name}={_word(value, names)}" for name, value in event.fields.items())
    return f"{_word(event.address, names)}.{event.name}({fields})"


def _word(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return names.get(value) or name_of(value) or value
    return repr(value)

"""A call tree as plain values, for JSON."""

from __future__ import annotations

from typing import Any

from dexsim.tracing.decoding import Call, Told
from dexsim.tracing.refusal import Refusal, refusals
from dexsim.tracing.witness import Witness


def as_object(call: Call, witness: Witness) -> dict[str, Any]:
    """The tree and why it was refused; amounts as text in tokens, gas and coins as numbers."""
    return {
        "sender": witness.name(call.frame.sender),
        "call": _call(call),
        "refusals": [_refusal(each) for each in refusals(call, witness)],
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "kind": call.kind,
        "contract": call.contract,
        "address": call.frame.to,
        "function": call.function,
        "arguments": dict(call.arguments),
        "value_wei": call.value,
        "result": call.result,
        "gas_used": call.gas_used,
        "own_gas": call.own_gas,
        "error": call.error,
        "undone": call.undone,
        "events": [_event(each) for each in call.events],
        "changes": [
            {"name": each.name, "before": each.before, "after": each.after} for each in call.changes
        ],
        "calls": [_call(each) for each in call.calls],
    }


def _event(event: Told) -> dict[str, Any]:
    return {"name": event.name, "fields": dict(event.fields)}


def _refusal(refusal: Refusal) -> dict[str, Any]:
    places = refusal.stop.places if refusal.stop else ()
    return {
        "contract": refusal.call.contract,
        "function": refusal.call.function,
        "reason": refusal.reason,
        "places": [
            {
                "file": place.file,
                "line": place.span.line,
                "function": place.function,
                "text": place.text,
            }
            for place in places
        ],
    }

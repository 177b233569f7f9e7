"""What a transaction did, in words: calls, amounts in tokens, storage by variable, lines of source."""

from __future__ import annotations

from dexsim.tracing.as_object import as_object
from dexsim.tracing.decoding import Call, Change, Told, decode_tree
from dexsim.tracing.explaining import explain, explanation, refusal_behind
from dexsim.tracing.refusal import Refusal, refusals
from dexsim.tracing.witness import Witness

__all__ = [
    "Call",
    "Change",
    "Refusal",
    "Told",
    "Witness",
    "as_object",
    "decode_tree",
    "explain",
    "explanation",
    "refusal_behind",
    "refusals",
]

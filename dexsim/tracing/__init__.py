"""What a transaction did, in words: calls, amounts in tokens, storage by variable, lines of source."""

from __future__ import annotations

from dexsim.tracing.decoding import Call, Change, Told, decode_tree
from dexsim.tracing.explaining import explain
from dexsim.tracing.witness import Witness

__all__ = ["Call", "Change", "Told", "Witness", "decode_tree", "explain"]

"""The compiler's own checks in plain words: they refuse without a reason.

The short names are those that the Vyper compiler gives them in its source map (`error_map`).
"""

from __future__ import annotations

import re

from dexsim.chain.types import CallFrame

_COINS = "coins sent to a function that takes none"
_SHORT = "calldata too short"

_WORDS = {
    "safeadd": "an addition beyond the type's range",
    "safesub": "a subtraction below zero, or beyond the type's range",
    "safemul": "a multiplication beyond the type's range",
    "safediv": "a division beyond the type's range",
    "safepow": "a power beyond the type's range",
    "clamp gt 0": "a zero where there must be more: a divisor, or the length of an array to pop",
    "range() bounds check": "a loop longer than its bound",
    "nonpayable check": _COINS,
    "calldatasize check": _SHORT,
    "fallback function": "the contract has no such function",
    "external call failed": "the call below failed",
    "returndatasize too small": "an answer that is too short for its type",
    "extcodesize is zero": "a call of an address without code",
    "send failed": "the coins were not taken",
    "create failed": "the creation below failed",
    "empty target (create_copy_of)": "nothing to copy: no code there",
    "empty target (create_from_blueprint)": "no blueprint: no code there",
    "check nonzero": "a zero where there must be something else",
    "user assert": "an assertion that gives no reason",
    "user raise": "a refusal that gives no reason",
    "assert unreachable": "what was held to be unreachable",
    "raise unreachable": "what was held to be unreachable",
    "user revert with reason": "",
}
_BOUNDS = re.compile(r"(.+) bounds check")
_SUBSCRIPT = re.compile(r".+\[\d+\]|DynArray\[.+\]")
_TEXT = re.compile(r"(Bytes|String)\[(\d+)\]")


def words_of_check(check: str, frame: CallFrame) -> str:
    """A check's short name in words; "" where the contract has said why; unknown ones as they are."""
    if check == "bad calldatasize or callvalue":
        return _COINS if frame.value else _SHORT
    if check in _WORDS:
        return _WORDS[check]
    bounds = _BOUNDS.fullmatch(check)
    return _beyond(bounds[1]) if bounds else check


def _beyond(kind: str) -> str:
    text = _TEXT.fullmatch(kind)
    if text:
        return f"more than {text[2]} bytes in a {kind}"
    if _SUBSCRIPT.fullmatch(kind):
        return f"an index or a length out of the bounds of {kind}"
    return f"a value that does not fit {'bool' if kind == 'uint1' else kind}"

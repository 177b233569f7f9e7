"""What a node says when a contract refuses, as reason and data.

Nodes agree on the JSON-RPC method and on little else: some give the revert data,
some only a sentence, and an exceptional halt is a sentence of the node's own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass

from dexsim.chain.reasons import revert_reason

UNKNOWN_INSTRUCTION = "invalid opcode"
_REVERTED = "execution reverted"
_BYTES_LITERAL = re.compile(r"b(['\"]).*\1", re.DOTALL)

# What a message begins with, in lower case and without blanks, and the word that engines use.
# Besides the plain ones: revm's kinds of out of gas, and py-evm's for EIP-2200.
_HALTS = {
    r"(transactionran)?outofgas|(memory|memorylimit|precompile|invalidoperand|reentrancysentry)oog"
    r"|\('netmeteredsstore": "out of gas",
    r"invalidjump": "invalid jump",
    r"invalidopcode|invalidfeopcode|opcodenotfound|notactivated": UNKNOWN_INSTRUCTION,
    r"stackunderflow|insufficientstack": "stack underflow",
    r"stackoverflow|stacklimitreached": "stack overflow",
    r"writeprotection|statechangeduringstaticcall|cannotmodifystate": "write protection",
    r"createcontractsizelimit|maxcodesizeexceeded": "code size",
}
_PREFACE = r"(evmerror:?|executionreverted:)?(error:)?(vmexceptionwhileprocessingtransaction:)?"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call failed; halt is "" when it was the contract that reverted."""

    reason: str
    data: bytes = b""
    halt: str = ""


def message_of(error: Exception) -> str:
    """The node's own sentence where a client wraps its answer, else the exception's."""
    answer = getattr(error, "rpc_response", None) or {}
    told = answer.get("error")
    if isinstance(told, dict) and told.get("message"):
        return str(told["message"])
    return str(error.args[0]) if error.args else type(error).__name__


def refusal_in(message: str, data: object = None) -> Refusal | None:
    """The refusal that an error of a node tells of; None when it is about something else.

    data: the error's revert data in hexadecimal, or (Hardhat) what holds it, where the node gives it.
    """
    if isinstance(data, Mapping):
        data = data.get("data")
    revert_data = bytes.fromhex(data[2:]) if isinstance(data, str) and data[:2] == "0x" else None
    if revert_data:
        return Refusal(revert_reason(revert_data), revert_data)
    halt = _halt(message)
    if halt:
        return Refusal(halt, halt=halt)
    if revert_data is not None:
        return Refusal("")
    if _REVERTED not in message:
        return None
    return _told(message.partition(_REVERTED)[2].removeprefix(":").strip())


def _halt(message: str) -> str:
    squeezed = re.sub(r"[\s_-]", "", message.lower())
    for signs, word in _HALTS.items():
        if re.match(f"{_PREFACE}({signs})", squeezed):
            return word
    return ""


def _told(rest: str) -> Refusal:
    """The reason behind "execution reverted:"; eth-tester writes unknown data as a bytes literal."""
    if _BYTES_LITERAL.fullmatch(rest):
        data = ast.literal_eval(rest)
        return Refusal(revert_reason(data), data)
    return Refusal(rest)


def mined_anyway(error: object) -> str | None:
    """The hash of a transaction that failed in a block, where the node answers so (Hardhat)."""
    told = (getattr(error, "rpc_response", None) or {}).get("error")
    data = told.get("data") if isinstance(told, Mapping) else None
    hash_ = data.get("txHash") if isinstance(data, Mapping) else None
    return hash_ if isinstance(hash_, str) else None


_NO_SUCH_METHOD = (-32601, -32004)  # EIP-1474: "method not found", "method not supported"


def has_no_method(error: object) -> bool:
    """Whether a node says that it does not know the method."""
    told = (getattr(error, "rpc_response", None) or {}).get("error")
    return isinstance(told, Mapping) and told.get("code") in _NO_SUCH_METHOD

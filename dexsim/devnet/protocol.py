"""JSON-RPC 2.0: a body in, a body out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from math import isfinite
from typing import Any, NoReturn, TypeAlias

from dexsim.devnet.faults import INVALID_REQUEST, PARSE_ERROR, Fault, bad_params, fault_of

Call: TypeAlias = Callable[[str, Sequence[Any]], object]

MOST_NESTING = 100


def answer(body: bytes, call: Call) -> bytes:
    """The answer to a request or a batch; b"" where all were notifications, which want none.

    call: runs a method with its parameters by position.
    """
    try:
        asked = _parsed(body)
    except Fault as fault:
        return error_body(fault)
    if isinstance(asked, list) and asked:
        answers = [told for one in asked if (told := _one(one, call)) is not None]
        return _written(answers) if answers else b""
    told = _one(asked, call)
    return b"" if told is None else _written(told)


def error_body(fault: Fault, request_id: object = None) -> bytes:
    """An error as a body."""
    return _written(_failed(fault, request_id))


def _parsed(body: bytes) -> Any:
    if _is_deep(body):
        raise Fault(PARSE_ERROR, f"nested more than {MOST_NESTING} deep")
    try:
        return json.loads(body, parse_constant=_no_number)
    except ValueError as error:
        raise Fault(PARSE_ERROR, f"not JSON: {error}") from None


def _is_deep(body: bytes) -> bool:
    """Whether it is nested as no request is; brackets in text count too.

    Python's reader recurses on the C stack, and an EVM in Python needs a
    recursion limit so high that the stack would end first, and the process.
    """
    if body.count(b"[") + body.count(b"{") <= MOST_NESTING:
        return False
    depths = accumulate(1 if one in b"[{" else -1 for one in re.findall(rb"[\[\]{}]", body))
    return max(depths) > MOST_NESTING


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _one(asked: object, call: Call) -> dict[str, object] | None:
    """The answer to one request; None to a notification, which has no id."""
    try:
        request = _request(asked)
    except Fault as fault:
        return _failed(fault, None)
    try:
        result = call(request["method"], _by_position(request))
        told = {"jsonrpc": "2.0", "id": request.get("id"), "result": result}
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is an answer
        told = _failed(fault_of(error), request.get("id"))
    return told if "id" in request else None


def _request(asked: object) -> dict[str, Any]:
    """What was asked. Raises Fault where it is no request at all."""
    if not isinstance(asked, dict) or asked.get("jsonrpc", "2.0") != "2.0":
        raise Fault(INVALID_REQUEST, "a request is an object with jsonrpc 2.0, id, method, params")
    if not isinstance(asked.get("method"), str):
        raise Fault(INVALID_REQUEST, "a request names its method as text")
    request_id = asked.get("id")
    told_apart = isinstance(request_id, str | int | None) and not isinstance(request_id, bool)
    if not (told_apart or (isinstance(request_id, float) and isfinite(request_id))):
        raise Fault(INVALID_REQUEST, "the id of a request is text, a number or null")
    return asked


def _by_position(request: dict[str, Any]) -> Sequence[Any]:
    params = request.get("params")
    if not isinstance(params, list | None):
        raise bad_params(f"{request['method']} takes its parameters as a list")
    return params or []


def _failed(fault: Fault, request_id: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": request_id, "error": fault.fields()}


def _written(told: object) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode("ascii")

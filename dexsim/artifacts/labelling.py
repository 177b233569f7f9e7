"""Every node of the compiler's intermediate code, told where in the sources it belongs.

The compiler notes an origin for most nodes. Some have none (an overflow check), and one that
stands at several places (a parameter that is read in several statements) has the origin of the
last. Here each node below a statement's gets an origin inside that statement.
"""

from __future__ import annotations

import copy
from typing import Any

_STATEMENTS = {
    "AnnAssign",
    "Assert",
    "Assign",
    "AugAssign",
    "Break",
    "Continue",
    "Expr",
    "For",
    "If",
    "Log",
    "Pass",
    "Raise",
    "Return",
}
_OWNERS = _STATEMENTS | {"FunctionDef"}


def labelled(node: Any) -> Any:
    """A copy of intermediate code (an IRnode) whose origins are right; it does the same."""
    return _copied(node, None, None)


def _copied(node: Any, owner: Any, above: Any) -> Any:
    """owner: the statement or function that this is in. above: the origin of the node above."""
    origin = node.ast_source
    if type(origin).__name__ in _OWNERS:
        owner = origin
    elif origin is None or _owner(origin) is not owner:
        origin = above
    twin = copy.copy(node)
    twin.ast_source = origin
    twin.args = [_copied(each, owner, origin) for each in node.args]
    return twin


def _owner(origin: Any) -> Any:
    """The statement or function that a piece of the sources is in; None outside of all."""
    while origin is not None and type(origin).__name__ not in _OWNERS:
        origin = getattr(origin, "_parent", None)
    return origin

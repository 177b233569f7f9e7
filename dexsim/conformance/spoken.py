"""An adapter whose own faults are told as such: with its name, what was asked, and the place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast

from dexsim.chain.types import Transaction
from dexsim.errors import ArtifactError, DexsimError
from dexsim.market.adapted import told
from dexsim.market.adapter import PoolAdapter


def spoken(adapter: PoolAdapter) -> PoolAdapter:
    """The same adapter; what it raises or answers by mistake becomes an ArtifactError."""
    return cast(PoolAdapter, _Spoken(adapter))


class _Spoken:
    def __init__(self, adapter: Any) -> None:
        self._adapter = adapter

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._adapter, name)
        if not callable(found):
            return found
        return _asked(found, name, f"adapter {type(self._adapter).__name__}: {name}()")


def _asked(ask: Callable[..., Any], name: str, what: str) -> Callable[..., Any]:
    @wraps(ask)
    def asked(*args: Any, **kwargs: Any) -> Any:
        try:
            answer = ask(*args, **kwargs)
        except DexsimError:
            raise
        except Exception as error:
            raise ArtifactError(f"{what} {told(error)}") from error
        fits, wanted = _ANSWERS.get(name, (lambda _: True, ""))
        if not fits(answer):
            raise ArtifactError(f"{what} returned {answer!r}, not {wanted}")
        return answer

    return asked


def _is_amount(answer: object) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool) and answer >= 0


def _are_two(answer: object) -> bool:
    return isinstance(answer, tuple | list) and len(answer) == 2 and all(map(_is_amount, answer))


def _is_transaction(answer: object) -> bool:
    return isinstance(answer, Transaction)


_ANSWERS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "reserves": (_are_two, "two ints in wei"),
    **dict.fromkeys(("quote", "shares", "total_shares"), (_is_amount, "an int in wei")),
    **dict.fromkeys(("swap", "add", "remove"), (_is_transaction, "a transaction")),
}

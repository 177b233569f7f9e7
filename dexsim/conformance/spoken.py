"""An adapter whose own faults are told as such: with its name, what was asked, and the line."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from dexsim.errors import ArtifactError, DexsimError
from dexsim.market.adapted import told
from dexsim.market.adapter import PoolAdapter


def spoken(adapter: PoolAdapter) -> PoolAdapter:
    """The same adapter; what it raises by mistake becomes an ArtifactError."""
    return cast(PoolAdapter, _Spoken(adapter))


class _Spoken:
    def __init__(self, adapter: Any) -> None:
        self._adapter = adapter

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._adapter, name)
        if not callable(found):
            return found
        return _asked(found, f"adapter {type(self._adapter).__name__}: {name}()")


def _asked(ask: Callable[..., Any], what: str) -> Callable[..., Any]:
    @wraps(ask)
    def asked(*args: Any, **kwargs: Any) -> Any:
        try:
            return ask(*args, **kwargs)
        except DexsimError:
            raise
        except Exception as error:
            raise ArtifactError(f"{what} {told(error)}") from error

    return asked

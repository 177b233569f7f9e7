"""What a test expects of a contract's refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dexsim.errors import Reverted


@dataclass(slots=True)
class Refusal:
    """What `reverts` has met; there is nothing to ask before its `with` ends."""

    _error: Reverted | None = None

    @property
    def error(self) -> Reverted:
        """The error, with reason, revert data, receipt and call tree.

        Raises AssertionError while nothing has reverted yet.
        """
        if self._error is None:
            raise AssertionError("nothing has reverted yet: ask after the `with`")
        return self._error


@contextmanager
def reverts(reason: str) -> Iterator[Refusal]:
    """Expect the body to be refused for exactly this reason ("" for none given).

        with reverts("pool: k") as refusal:
            ...
        refusal.error.receipt.gas_used

    A custom error's reason is its selector and arguments, in hexadecimal.
    Raises AssertionError when nothing reverts, or something else is the reason.
    """
    if not isinstance(reason, str):
        raise TypeError(f'reverts takes the reason as text, "" for none given, not {reason!r}')
    refusal = Refusal()
    try:
        yield refusal
    except Reverted as error:
        refusal._error = error
        if error.reason != reason:
            raise AssertionError(
                f"expected a revert with {reason!r}, got {error.reason!r}"
            ) from error
    else:
        raise AssertionError(f"expected a revert with {reason!r}, but nothing reverted")

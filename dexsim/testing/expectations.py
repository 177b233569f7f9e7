"""What a test expects of a contract."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dexsim.errors import Reverted


@contextmanager
def reverts(reason: str) -> Iterator[None]:
    """Expect the body to be refused for exactly this reason ("" for none given).

    Raises AssertionError when nothing reverts, or something else is the reason.
    """
    try:
        yield
    except Reverted as error:
        if error.reason != reason:
            raise AssertionError(
                f"expected a revert with {reason!r}, got {error.reason!r}"
            ) from error
    else:
        raise AssertionError(f"expected a revert with {reason!r}, but nothing reverted")

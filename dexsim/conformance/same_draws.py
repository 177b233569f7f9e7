"""The same seed draws the same, whatever else is loaded.

Hypothesis mixes constants into what it draws, those of the user's own modules among them, so that a
seed would give one history in a test and another on the command line. There is no setting for it:
the function that gathers them is replaced under its private name while a campaign runs. A version
of Hypothesis without it needs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis.internal.conjecture import providers

_GATHER = "_get_local_constants"


@contextmanager
def same_draws() -> Iterator[None]:
    """Within it nothing is drawn from the constants of loaded modules."""
    gather = getattr(providers, _GATHER, None)
    if gather is None:
        yield
        return
    none = vars(providers)["Constants"]()
    setattr(providers, _GATHER, lambda: none)
    _forget()
    try:
        yield
    finally:
        setattr(providers, _GATHER, gather)
        _forget()


def _forget() -> None:
    """What was gathered before is kept by the kind of choice, and would be drawn from still."""
    providers.CONSTANTS_CACHE.cache.clear()

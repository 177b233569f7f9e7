"""Events as bytes, as a run's digest takes them: from revm without making one `Log`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from dexsim.chain.address import to_bytes
from dexsim.chain.types import Address, Log


def event_bytes(logs: Sequence[Log]) -> bytes:
    """How many there are; of each its address, its topics behind their number, and its data.

    Numbers are words; topics and data stand behind their length; for addresses see `place`.
    """
    encoded = getattr(logs, "encoded", None)
    return _encoded(logs) if encoded is None else encoded()


def _encoded(logs: Sequence[Log]) -> bytes:
    """As the engine `revm` does it, out of Python objects."""
    parts = [word(len(logs))]
    for log in logs:
        parts += (place(log.address), word(len(log.topics)))
        for topic in log.topics:
            parts += (word(len(topic)), topic)
        parts += (word(len(log.data)), log.data)
    return b"".join(parts)


@lru_cache(maxsize=4_096)
def word(value: int) -> bytes:
    """An integer as 32 bytes, highest first."""
    return value.to_bytes(32, "big")


@lru_cache(maxsize=65_536)
def place(address: Address | None) -> bytes:
    """An address as a flag and 20 bytes; a missing one is zeros."""
    return b"\x00" + bytes(20) if address is None else b"\x01" + to_bytes(address)

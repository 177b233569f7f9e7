"""Events as columns: from an engine to a table without a Python object for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dexsim.chain.address import to_bytes
from dexsim.chain.types import Log

TOPICS = 4
"""How many topics an event has at most."""


@dataclass(frozen=True, slots=True)
class EventColumns:
    """The events of a list of transactions, in order.

    counts: how many each transaction has logged, uint32. addresses: 20 bytes each, back to back.
    topics: how many topics each event has, uint8. topic: four columns of 32 bytes each, zeros
    where there is none. data: of all events, back to back; event i has the bytes from
    `data_offsets[i]` to `data_offsets[i + 1]`, int64.
    """

    counts: npt.NDArray[np.uint32]
    addresses: bytes
    topics: npt.NDArray[np.uint8]
    topic: tuple[bytes, ...]
    data_offsets: npt.NDArray[np.int64]
    data: bytes

    @classmethod
    def of(cls, columns: Mapping[str, bytes]) -> EventColumns:
        """Of the buffers that an engine gives, by name."""
        return cls(
            counts=np.frombuffer(columns["counts"], "<u4"),
            addresses=columns["address"],
            topics=np.frombuffer(columns["topics"], "u1"),
            topic=tuple(columns[f"topic{place}"] for place in range(TOPICS)),
            data_offsets=np.frombuffer(columns["data_offsets"], "<i8"),
            data=columns["data"],
        )

    def __len__(self) -> int:
        return len(self.topics)


def event_columns(logs: Sequence[Sequence[Log]]) -> EventColumns:
    """The events of transactions, each one's in its order; from revm without making one `Log`."""
    makers = (getattr(type(each), "columns", None) for each in logs)
    make = next((maker for maker in makers if maker is not None), None)
    return EventColumns.of(make(logs) if make is not None else _buffers(logs))


def _buffers(logs: Sequence[Sequence[Log]]) -> dict[str, bytes]:
    """The buffers that an engine gives, out of Python objects."""
    events = [log for each in logs for log in each]
    ends = np.cumsum([0, *(len(log.data) for log in events)], dtype="<i8")
    return {
        "counts": np.array([len(each) for each in logs], "<u4").tobytes(),
        "address": b"".join(to_bytes(log.address) for log in events),
        "topics": bytes(len(log.topics) for log in events),
        **{f"topic{place}": b"".join(_topics(events, place)) for place in range(TOPICS)},
        "data_offsets": ends.tobytes(),
        "data": b"".join(log.data for log in events),
    }


def _topics(events: Sequence[Log], place: int) -> Iterator[bytes]:
    for log in events:
        yield log.topics[place] if place < len(log.topics) else bytes(32)

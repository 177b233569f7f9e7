"""Events as columns: from an engine to a table without a Python object for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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

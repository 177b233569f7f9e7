"""The rows of the table `events`: from the engine's buffers to Arrow, without an object for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dexsim.chain.address import ADDRESS_BYTES, from_bytes
from dexsim.chain.event_columns import EventColumns, event_columns
from dexsim.chain.types import Log
from dexsim.results.columns import fronted

TOPIC_BYTES = 32
CHUNK_TRANSACTIONS = 4_096


class EventRows:
    """Collects the events of transactions."""

    def __init__(self) -> None:
        self._blocks: list[int] = []
        self._positions: list[int] = []
        self._logs: list[Sequence[Log]] = []
        self._chunks: list[pa.Table] = []

    def add(self, *, block: int, position: int, logs: Sequence[Log]) -> None:
        """The events of one transaction."""
        self._blocks.append(block)
        self._positions.append(position)
        self._logs.append(logs)
        if len(self._logs) >= CHUNK_TRANSACTIONS:
            self._store()

    def to_arrow(self, common: Mapping[str, Any]) -> pa.Table:
        """The table, with the common columns in front."""
        self._store()
        return fronted(pa.concat_tables(self._chunks), common)

    def _store(self) -> None:
        events = event_columns(self._logs)
        self._chunks.append(_table(self._blocks, self._positions, events))
        self._blocks, self._positions, self._logs = [], [], []


def _table(blocks: Sequence[int], positions: Sequence[int], events: EventColumns) -> pa.Table:
    counts = events.counts.astype(np.int64)
    ends = np.cumsum(counts)
    firsts = np.repeat(ends - counts, counts)
    columns = {
        "block": pa.array(np.repeat(np.array(blocks, np.int64), counts)),
        "position": pa.array(np.repeat(np.array(positions, np.int64), counts)),
        "event": pa.array(np.arange(len(events), dtype=np.int64) - firsts),
        "contract": _contracts(events),
    }
    for place, words in enumerate(events.topic):
        columns[f"topic{place}"] = _words(words, events.topics > place)
    return pa.table(columns | {"data": _data(events)})


def _contracts(events: EventColumns) -> pa.Array:
    """Addresses as text: each different one is written once."""
    raw = np.frombuffer(events.addresses, f"V{ADDRESS_BYTES}")
    different, which = np.unique(raw, return_inverse=True)
    names = pa.array([from_bytes(bytes(address)) for address in different], pa.string())
    return names.take(pa.array(which))


def _words(words: bytes, there: npt.NDArray[np.bool_]) -> pa.Array:
    column = pa.Array.from_buffers(
        pa.binary(TOPIC_BYTES),
        len(there),
        [pa.py_buffer(np.packbits(there, bitorder="little")), pa.py_buffer(words)],
    )
    return column.cast(pa.binary())


def _data(events: EventColumns) -> pa.Array:
    buffers = [None, pa.py_buffer(events.data_offsets), pa.py_buffer(events.data)]
    return pa.Array.from_buffers(pa.large_binary(), len(events), buffers).cast(pa.binary())

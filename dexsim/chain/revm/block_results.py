"""What became of a block's transactions: columns at once, receipts when somebody asks for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, overload

import dexsim_revm
import numpy as np
import numpy.typing as npt

from dexsim.chain.admission import Sender
from dexsim.chain.event_columns import EventColumns
from dexsim.chain.types import Receipt, Transaction
from dexsim.errors import TransactionRejected

Sequence.register(dexsim_revm.Logs)
TYPES = {
    "refused": "?",
    "status": "?",
    "gas_used": "<u8",
    "gas_refunded": "<u8",
    "effective_gas_price": "<u8",
}
Result: TypeAlias = Receipt | TransactionRejected


class BlockResults(Sequence[Result]):
    """What became of each transaction, in order: a receipt, or why the block cannot hold it.

    Receipts are made when they are asked for; `columns` and `log_columns` need none.
    """

    def __init__(
        self,
        txs: Sequence[Transaction],
        verdicts: dexsim_revm.Verdicts,
        rejection: Callable[[Transaction, Sender], TransactionRejected],
    ) -> None:
        self._txs = txs
        self._verdicts = verdicts
        self._rejection = rejection

    def __len__(self) -> int:
        return len(self._txs)

    @overload
    def __getitem__(self, index: int) -> Result: ...
    @overload
    def __getitem__(self, index: slice) -> list[Result]: ...
    def __getitem__(self, index: int | slice) -> Result | list[Result]:
        places = range(len(self))[index]
        return self._at(places) if isinstance(places, int) else [self._at(at) for at in places]

    def _at(self, place: int) -> Result:
        tx = self._txs[place]
        done = self._verdicts.receipt(place, tx)
        return self._rejection(tx, Sender(*done)) if type(done) is tuple else done

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """One NumPy array each, over the transactions; zeros where one was rejected.

        `refused` and `status` (bool), `gas_used`, `gas_refunded` and `effective_gas_price` (uint64).
        """
        columns = self._verdicts.columns()
        return {name: np.frombuffer(column, TYPES[name]) for name, column in columns.items()}

    def log_columns(self) -> EventColumns:
        """All events of the block, in order."""
        return EventColumns.of(self._verdicts.log_columns())

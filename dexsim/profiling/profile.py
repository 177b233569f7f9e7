"""Gas, instruction by instruction, added up by line and by call.

All lines of a transaction together are its receipt's `gas_used`: what it costs before its first
instruction, what goes back, and what no line spends stand in lines of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from dexsim.chain.chain import Chain
from dexsim.chain.intrinsic import floor_gas, intrinsic_parts
from dexsim.chain.types import CallFrame, Receipt, Transaction
from dexsim.chain.watching import Seen
from dexsim.profiling.origins import Origins, Place

_DEPOSIT = 200
"""Gas for a byte of a new contract's code (Yellow Paper, appendix G: codedeposit)."""


@dataclass(slots=True)
class LineCost:
    """Gas of a place, and how often execution came to it from another."""

    gas: int = 0
    hits: int = 0


@dataclass(slots=True)
class CallCost:
    """Gas of the calls of a function: own without the calls below, total with them.

    Neither holds what a transaction costs before its first instruction.
    """

    own: list[int] = field(default_factory=list)
    total: list[int] = field(default_factory=list)


class Profile:
    """What the transactions that it was told of have cost; an observer (`dexsim.chain.watching`).

    origins: of another profile, which then share what they look up.
    lines: of transactions, by place. calls: of transactions and reads, by contract and function.
    """

    def __init__(self, origins: Origins | None = None) -> None:
        self.lines: dict[Place, LineCost] = {}
        self.calls: dict[tuple[str, str], CallCost] = {}
        self._origins = origins or Origins()

    @property
    def gas(self) -> int:
        """Gas of all lines: the sum of the transactions' `gas_used`."""
        return sum(each.gas for each in self.lines.values())

    def __call__(self, seen: Seen) -> None:
        """Add a transaction or a read."""
        self._add_calls(seen.frame)
        if seen.receipt is not None:
            self._add_outside(seen.receipt, seen.frame)
            self._add_frame(seen.frame)

    def add(self, other: Profile) -> None:
        """Add what another holds."""
        for place, cost in other.lines.items():
            self._spend(place, cost.gas, cost.hits)
        for name, calls in other.calls.items():
            mine = self.calls.setdefault(name, CallCost())
            mine.own += calls.own
            mine.total += calls.total

    def to_json(self) -> str:
        """As text, for another process."""
        lines = [
            [place.what, place.line, place.text, cost.gas, cost.hits]
            for place, cost in self.lines.items()
        ]
        calls = [[*name, cost.own, cost.total] for name, cost in self.calls.items()]
        return json.dumps({"lines": lines, "calls": calls})

    @classmethod
    def from_json(cls, text: str) -> Profile:
        """Read it back."""
        found, fields = cls(), json.loads(text)
        for what, line, source, gas, hits in fields["lines"]:
            found.lines[Place(what, line, source)] = LineCost(gas, hits)
        for contract, function, own, total in fields["calls"]:
            found.calls[contract, function] = CallCost(own, total)
        return found

    def _spend(self, place: Place, gas: int, hits: int = 1) -> None:
        cost = self.lines.setdefault(place, LineCost())
        cost.gas += gas
        cost.hits += hits

    def _add_calls(self, frame: CallFrame) -> None:
        name = self._origins.name(frame), self._origins.function(frame)
        cost = self.calls.setdefault(name, CallCost())
        cost.own.append(frame.gas_used - sum(call.gas_used for call in frame.calls))
        cost.total.append(frame.gas_used)
        for call in frame.calls:
            self._add_calls(call)

    def _add_outside(self, receipt: Receipt, frame: CallFrame) -> None:
        """What a transaction pays beside its instructions."""
        spent = frame.gas_used - receipt.gas_refunded
        for name, gas in intrinsic_parts(receipt.transaction).items():
            spent += gas
            if gas:
                self._spend(Place(f"({name})"), gas)
        if receipt.gas_refunded:
            self._spend(Place("(refund)"), -receipt.gas_refunded)
        if receipt.gas_used != spent and receipt.gas_used == floor_gas(receipt.transaction.data):
            self._spend(Place("(floor of calldata)"), receipt.gas_used - spent)

    def _add_frame(self, frame: CallFrame) -> None:
        places = self._origins.places(frame)
        if frame.steps is None or places is None:
            own = frame.gas_used - sum(call.gas_used for call in frame.calls)
            if own:
                self._spend(Place(self._origins.name(frame)), own)
        else:
            self._add_steps(frame, places)
        for call in frame.calls:
            self._add_frame(call)

    def _add_steps(self, frame: CallFrame, places: Iterable[Place]) -> None:
        before = None
        for place, gas in zip(places, self._costs(frame), strict=True):
            self._spend(place, gas, place != before)
            before = place

    def _costs(self, frame: CallFrame) -> list[int]:
        """Gas of every step, without what is below, paid for code, or lost."""
        assert frame.steps is not None
        left = [*frame.steps.gas, frame.gas - frame.gas_used]
        costs = [before - after for before, after in pairwise(left)]
        for step, call in zip(frame.steps.calls, frame.calls, strict=True):
            costs[step] -= call.gas_used
        if frame.error and frame.error != "reverted":
            self._spend(Place(f"(lost to a halt: {frame.error})"), costs[-1])
            costs[-1] = 0
        elif frame.kind.startswith("CREATE") and not frame.error and frame.output:
            deposit = _DEPOSIT * len(frame.output)
            self._spend(Place("(code of new contracts)"), deposit)
            costs[-1] -= deposit
        return costs


def profile(chain: Chain, tx: Transaction) -> Profile:
    """What a transaction would cost in the next block; nothing stays of it.

    Raises TransactionRejected, and EngineError while a block is open.
    """
    found = Profile()
    with chain.anchor(), chain.watched_by(found):
        chain.mine([tx])
    return found

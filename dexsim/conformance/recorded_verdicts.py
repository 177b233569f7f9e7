"""Recorded swaps executed on the pool contract: each exact, explained by name, or a mismatch.

Every row begins with the reserves that were recorded before it, so that a row which does not fit
spoils no other one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dexsim import cpmm
from dexsim.conformance.recorded_bench import Bench
from dexsim.conformance.recorded_swaps import RecordedSwap
from dexsim.errors import Reverted

EXACT, FLASH, TAX, OTHER_FEE, LESS, MISMATCH = VERDICTS = (
    "exact",
    "flash",
    "transfer tax",
    "other fee",
    "asked for less",
    "MISMATCH",
)

FEE_BPS = 30
HIGHEST_FEE_BPS = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a row, and what there is to say about it."""

    row: RecordedSwap
    verdict: str
    says: str = ""


class Replayer:
    """Executes recorded swaps; keeps a pool for every fee that it meets."""

    def __init__(self, engine: str = "auto") -> None:
        self._engine = engine
        self._benches: dict[int, Bench] = {}

    def judge(self, rows: Iterable[RecordedSwap]) -> list[Verdict]:
        """A verdict on every row, in their order."""
        return [self._judge(row) for row in rows]

    def _judge(self, row: RecordedSwap) -> Verdict:
        verdict, says, fee = _expected(row)
        if problem := self._problem(row, verdict, fee):
            return Verdict(row, MISMATCH, problem)
        return Verdict(row, verdict, says)

    def _problem(self, row: RecordedSwap, verdict: str, fee: int) -> str:
        """Why a row is no swap of a pool with this fee; "" where it is one."""
        bench = self._bench(fee)
        try:
            bench.hold(row.before)
            bench.pay(row.paid_in)
            after = bench.swap(row.paid_out)
        except Reverted as refused:
            return f"the pool refuses: {refused.reason}"
        if after != row.after:
            return f"the pool is left with {_two(after)}, recorded is {_two(row.after)}"
        return self._too_much(row, bench) if verdict in {EXACT, OTHER_FEE} else ""

    def _too_much(self, row: RecordedSwap, bench: Bench) -> str:
        """Why a row is not exact: one wei more for it, or the same for one wei less, is refused."""
        sells = row.sells
        bench.hold(row.before)
        bench.pay(_changed(row.paid_in, sells, -1))
        if bench.refusal(row.paid_out):
            return ""
        bench.pay(_changed((0, 0), sells, 1))
        if bench.refusal(_changed(row.paid_out, 1 - sells, 1)):
            return ""
        return "the pool pays a wei more for it, and as much for a wei less"

    def _bench(self, fee: int) -> Bench:
        if fee not in self._benches:
            self._benches[fee] = Bench(fee, self._engine)
        return self._benches[fee]


def _expected(row: RecordedSwap) -> tuple[str, str, int]:
    """What a row should be, why, and the fee in basis points: to be shown by the pool."""
    if all(row.paid_out):
        return FLASH, "both tokens are lent", FEE_BPS
    sells = row.sells
    came_back, lent = row.paid_in[1 - sells], row.paid_out[1 - sells]
    if came_back >= lent > 0:
        return FLASH, "what was lent came back", FEE_BPS
    if came_back:
        share = f"{came_back / lent:.4%}" if lent else "some"
        return TAX, f"{share} of what the pool paid came back to it", FEE_BPS
    return _one_way(row)


def _one_way(row: RecordedSwap) -> tuple[str, str, int]:
    if _is_exact(row, FEE_BPS) or not _trades(row):
        return EXACT, "", FEE_BPS
    missing = _output(row, FEE_BPS) - row.paid_out[1 - row.sells]
    fees = [fee for fee in range(HIGHEST_FEE_BPS + 1) if _is_exact(row, fee)]
    # Of small amounts several fees are right; then one who asked for less needs no fee to do so.
    if len(fees) == 1 or (fees and missing < 0):
        return OTHER_FEE, f"a fee of {fees[-1]} bps", fees[-1]
    return LESS, f"{missing} wei less than the pool would have paid", FEE_BPS


def _trades(row: RecordedSwap) -> bool:
    """Whether there is something to compute: reserves, an input and an output below the reserve."""
    sells = row.sells
    enough = row.before[1 - sells] > row.paid_out[1 - sells] > 0
    return enough and row.before[sells] > 0 and row.paid_in[sells] > 0


def _is_exact(row: RecordedSwap, fee: int) -> bool:
    """Whether it pays the most for its input, or asks the least for its output."""
    return _trades(row) and (
        _output(row, fee) == row.paid_out[1 - row.sells]
        or _input(row, fee) == row.paid_in[row.sells]
    )


def _output(row: RecordedSwap, fee: int) -> int:
    sells = row.sells
    return cpmm.amount_out(row.paid_in[sells], row.before[sells], row.before[1 - sells], fee)


def _input(row: RecordedSwap, fee: int) -> int:
    sells = row.sells
    return cpmm.amount_in(row.paid_out[1 - sells], row.before[sells], row.before[1 - sells], fee)


def _changed(amounts: tuple[int, int], side: int, by: int) -> tuple[int, int]:
    changed = list(amounts)
    changed[side] += by
    return changed[0], changed[1]


def _two(amounts: tuple[int, int]) -> str:
    return f"{amounts[0]} and {amounts[1]} wei"

"""What gauges emitted and where it is, at every block: nothing may be missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dexsim.results.arm import Arm, Row


@dataclass(frozen=True, slots=True)
class Emission:
    """A gauge and one of its rewards at a block's end, in wei."""

    gauge: str
    reward: str
    block: int
    emitted: int
    claimed: int
    claimable: int
    undistributed: int

    @property
    def open(self) -> int:
        """What is left over: emitted less claimed, claimable and undistributed; 0 when it closes."""
        return self.emitted - self.claimed - self.claimable - self.undistributed


def emissions(arm: Arm) -> list[Emission]:
    """Every gauge and reward at the end; at the first block that does not close, where there is one."""
    found: dict[tuple[str, str], Emission] = {}
    for row in arm.rows("gauges"):
        key = (row["gauge"], row["reward"])
        if key not in found or not found[key].open:
            found[key] = _emission(row)
    return list(found.values())


def _emission(row: Row) -> Emission:
    return Emission(
        gauge=row["gauge"],
        reward=row["reward"],
        block=row["block"],
        emitted=row["emitted"],
        claimed=row["claimed"],
        claimable=row["claimable"],
        undistributed=row["undistributed"],
    )

"""What was measured, flow by flow, beside what the snapshot says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dexsim.gas.flows.flow import Flow
from dexsim.gas.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class Row:
    """One flow: gas measured now; in the snapshot and on Uniswap v2, None where it is not recorded.

    yours: gas on somebody's own contracts; None where there are none.
    """

    flow: Flow
    gas: int
    recorded: int | None
    uniswap: int | None
    yours: int | None = None

    @property
    def saved_percent(self) -> float | None:
        """What a caller saves against Uniswap v2; negative where it costs more here."""
        if self.uniswap is None:
            return None
        return round(100 * (self.uniswap - self.gas) / self.uniswap, 1)

    @property
    def is_recorded(self) -> bool:
        """Whether it costs what the snapshot says."""
        return self.gas == self.recorded

    @property
    def difference(self) -> str:
        """The sentence for a flow that is not as recorded."""
        says = "does not know it" if self.recorded is None else f"says {self.recorded:,}"
        return f"{self.flow.name}: the snapshot {says}, measured {self.gas:,}"

    def as_object(self) -> dict[str, Any]:
        """For a program."""
        fields = {
            "flow": self.flow.name,
            "group": self.flow.group,
            "gas": self.gas,
            "uniswap": self.uniswap,
            "saved_percent": self.saved_percent,
            "snapshot": self.recorded,
        }
        return fields if self.yours is None else {**fields, "yours": self.yours}


def rows(
    flows: Sequence[Flow],
    snapshot: Snapshot,
    measured: Mapping[str, int],
    yours: Mapping[str, int] | None = None,
) -> list[Row]:
    """A row for each flow."""
    found = []
    for flow in flows:
        known = snapshot.flows.get(flow.name)
        row = Row(
            flow=flow,
            gas=measured[flow.name],
            recorded=known.gas if known else None,
            uniswap=known.uniswap if known else None,
            yours=yours[flow.name] if yours is not None else None,
        )
        found.append(row)
    return found

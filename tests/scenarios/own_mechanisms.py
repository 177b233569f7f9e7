"""Market structures that somebody wrote for an experiment of his own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dexsim.blockspace.auction import bids, hold


@dataclass(frozen=True)
class ExpressLane:
    """First come, first served, and everybody but the lane's holder comes so much later."""

    holder: str
    delay_ms: int = 200
    kind: ClassVar[str] = "express-lane"

    def sequence(self, entries, *, base_fee, rng):  # type: ignore[no-untyped-def]
        def key(entry):  # type: ignore[no-untyped-def]
            return (entry.arrival_ms + self.delay_ms * (entry.agent != self.holder), entry.id)

        return sorted(entries, key=key)


@dataclass(frozen=True)
class TopOfBlock:
    """Searchers bid for the top of the block, which holds nobody else; behind it by arrival."""

    kind: ClassVar[str] = "top-of-block"

    def refuses(self, bundle):  # type: ignore[no-untyped-def]
        return "the top of the block holds no orders of users" if bundle.taken else ""

    def fill(self, site, rng):  # type: ignore[no-untyped-def]
        hold(site, bids(site, "profit"))
        for entry in site.singles:
            site.include(entry)

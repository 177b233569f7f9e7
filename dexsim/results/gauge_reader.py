"""Asks gauges what they have emitted, and to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from dexsim.chain.address import from_bytes
from dexsim.chain.types import Address, Receipt
from dexsim.market.deployment import Deployment
from dexsim.market.gauge import Gauge
from dexsim.results.columns import WeiCell
from dexsim.results.holders import OTHERS
from dexsim.results.ledger import CLAIMED, STAKED, UNSTAKED


class GaugeReader:
    """What gauges say at the end of a block, for the tables `gauges` and `rewards`.

    Stakers are known from a gauge's own events: everybody whom one ever named
    is asked. What an account has claimed and staked changes only with such an
    event and is asked only then.
    """

    def __init__(self, deployment: Deployment, holder_of: Mapping[Address, str]) -> None:
        self._gauges = {
            name: _GaugeSeen(gauge, deployment) for name, gauge in deployment.gauges.items()
        }
        self._holder_of = holder_of

    def read(self, receipt: Receipt) -> None:
        """Take note of whom the gauges' events name."""
        for seen in self._gauges.values():
            seen.read(receipt)

    def ask(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Rows by table: every gauge, and everybody who ever staked there."""
        for name, seen in self._gauges.items():
            about = {"gauge": name, "market": seen.gauge.pool.market, "reward": seen.reward}
            yield "gauges", about | seen.totals()
            by_holder: dict[str, list[int]] = {}
            for address, amounts in seen.accounts():
                mine = by_holder.setdefault(self._holder_of.get(address, OTHERS), [0, 0, 0])
                mine[:] = [known + amount for known, amount in zip(mine, amounts, strict=True)]
            for holder, (staked, claimed, claimable) in by_holder.items():
                yield (
                    "rewards",
                    about
                    | {
                        "agent": holder,
                        "staked": WeiCell(staked),
                        "claimed": WeiCell(claimed, seen.decimals),
                        "claimable": WeiCell(claimable, seen.decimals),
                    },
                )


class _GaugeSeen:
    """One gauge and what its minter emits to it."""

    def __init__(self, gauge: Gauge, deployment: Deployment) -> None:
        self.gauge = gauge
        self.reward = gauge.reward.symbol
        self.decimals = gauge.reward.decimals
        self._minter = deployment.minters[self.reward]
        self._known: dict[Address, tuple[int, int]] = {}
        self._stale: set[Address] = set()
        self._owed: dict[Address, Fraction] = {}

    def read(self, receipt: Receipt) -> None:
        for log in receipt.logs:
            if log.address == self.gauge.address and log.topics[0] in {STAKED, UNSTAKED, CLAIMED}:
                self._stale.add(from_bytes(log.topics[1][12:]))

    def accounts(self) -> Iterator[tuple[Address, tuple[int, int, int]]]:
        """Everybody who ever staked: staked, claimed, claimable."""
        for address, (staked, claimed) in self._known.items():
            yield address, (staked, claimed, int(self._owed[address]))

    def totals(self) -> dict[str, WeiCell]:
        """The gauge's own columns, from what it and its minter say now."""
        self._ask_accounts()
        reward = {
            "rate": self._rate(),
            "emitted": self.gauge.emitted(),
            "claimed": sum(amount for _, amount in self._known.values()),
            "claimable": sum(int(owed) for owed in self._owed.values()),
        }
        reward["undistributed"] = self._undistributed(reward)
        return {
            "total_staked": WeiCell(self.gauge.total_staked()),
            **{name: WeiCell(amount, self.decimals) for name, amount in reward.items()},
        }

    def _rate(self) -> int:
        """Reward a second, by the gauge's weight."""
        weights = self._minter.total_weight()
        return self._minter.rate() * self._minter.weight(self.gauge) // weights if weights else 0

    def _undistributed(self, reward: Mapping[str, int]) -> int:
        """What belongs to nobody yet, the fractions of a wei that are owed included.

        Those only where the exact amounts add up: otherwise the table does not, as it should.
        """
        spare = self.gauge.undistributed_exactly()
        exact = reward["claimed"] + sum(self._owed.values(), Fraction(0)) + spare
        if exact != reward["emitted"]:
            return int(spare)
        return reward["emitted"] - reward["claimed"] - reward["claimable"]

    def _ask_accounts(self) -> None:
        for address in sorted(self._stale):
            self._known[address] = self.gauge.staked(address), self.gauge.claimed(address)
        self._stale.clear()
        # One question each: the whole part is what `claimable` says.
        self._owed = {address: self.gauge.owed_exactly(address) for address in self._known}

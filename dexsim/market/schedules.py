"""Schedules of emission in integers: what the incentive token will have released, and when.

The same numbers as `incentive_token` tells, found in another way: epoch after epoch is added up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

ONE = 10**18
"""The number one where a coefficient, a share or a growth has 18 decimals."""
MOST_EPOCHS = 256
"""The epochs that the contract has room for."""
MOST = 2**128 - 1
"""The greatest cap."""
_END_OF_TIME = 2**64 - 1


@dataclass(frozen=True, kw_only=True)
class Emission:
    """What an incentive token emits; amounts in wei, times in seconds.

    cap: all that will ever have been made, the initial supply included. start: timestamp of the
    first step. step: its seconds; only whole steps release. epoch: steps of an epoch. rates: what a
    step of each epoch releases. terminal_rate: what each step behind the epochs releases.
    terminal_growth: by how much of itself, with 18 decimals, it lets the supply grow.
    """

    initial_supply: int = 0
    cap: int = MOST
    start: int = 0
    step: int = 1
    epoch: int = 0
    rates: tuple[int, ...] = ()
    terminal_rate: int = 0
    terminal_growth: int = 0

    @property
    def arguments(self) -> tuple[Any, ...]:
        """Initial supply, cap and schedule, as the token's constructor takes them after its names."""
        rest = (list(self.rates), self.terminal_rate, self.terminal_growth)
        return self.initial_supply, self.cap, (self.start, self.step, self.epoch, *rest)

    def released(self, time: int) -> int:
        """What has been released by a timestamp, without the initial supply."""
        steps = max(0, min(time, _END_OF_TIME) - self.start) // self.step
        total = 0
        for rate in self.rates:
            here = min(steps, self.epoch)
            total += rate * here
            steps -= here
        if steps and self.terminal_growth:
            grown = power(ONE + self.terminal_growth, steps) - ONE
            total += (self.initial_supply + total) * grown // ONE
        else:
            total += self.terminal_rate * steps
        return min(total, self.cap - self.initial_supply)

    def available_supply(self, time: int) -> int:
        """The initial supply, and what has been released by a timestamp."""
        return self.initial_supply + self.released(time)


def power(base: int, exponent: int) -> int:
    """base**exponent with 18 decimals, for bases of one and less or more, never above 2**128 - 1.

    By squaring, every product rounded down, as Synthetix's decimal power does: its figures for
    weekly decay and terminal inflation come out to the wei.
    """
    result = ONE
    for digit in reversed(f"{exponent:b}"):
        if digit == "1":
            result = min(result * base // ONE, MOST)
        base = min(base * base // ONE, MOST)
    return result


def divided(rate: int, coefficient: int, *, flat: int = 1) -> Iterator[int]:
    """Rates of epochs, each rate * 10**18 // coefficient of the one before it: the shape of CRV.

    coefficient: with 18 decimals; 2 * 10**18 halves. flat: the epochs at the first rate. Without end.
    """
    yield from (rate for _ in range(flat))
    while True:
        rate = rate * ONE // coefficient
        yield rate


def shrunk(rate: int, decay: int, *, flat: int = 1) -> Iterator[int]:
    """Rates of epochs, the first rate times (1 - decay)**n, rounded down: the shape of SNX.

    decay: with 18 decimals. flat: the epochs at the first rate, before n = 1. Without end.
    """
    yield from (rate for _ in range(flat))
    n = 0
    while True:
        n += 1
        yield rate * power(ONE - decay, n) // ONE


def epochs_above(rates: Iterator[int], floor: int) -> tuple[int, ...] | None:
    """The rates until they are no longer above `floor`; None where there is no room for so many."""
    found: list[int] = []
    for rate in islice(rates, MOST_EPOCHS + 1):
        if rate <= floor:
            return tuple(found)
        found.append(rate)
    return None

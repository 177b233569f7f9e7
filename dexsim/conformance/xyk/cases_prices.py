"""Boundaries of the sums of prices: rounding, the end of 32 and of 256 bits, empty pools."""

from __future__ import annotations

from dexsim.conformance.xyk.cases import CaseMachine, case
from dexsim.conformance.xyk.model import UINT32
from dexsim.conformance.xyk.stage import POOL
from dexsim.conformance.xyk.state import Pair

_RATIOS: tuple[Pair, ...] = ((3000, 7000), (7_000_001, 3_000_000), (10**18, 3), (3, 10**30))


def _synced(m: CaseMachine, seconds: int) -> None:
    m.wait_for(seconds)
    m.do("P13", "sync", "bob", POOL)
    m.promises_hold()


@case("P13", *_RATIOS)
def prices_are_rounded_down_and_weighed_by_time(m: CaseMachine, value: Pair) -> None:
    """Both directions, with the reserves before the call, over one second and over many."""
    m.pay("alice", value)
    m.do("P13", "sync", "alice", POOL)
    m.promises_hold()
    for seconds in (1, 7, 86_400):
        m.pay("bob", (value[0], 0))
        _synced(m, seconds)
        m.pay("bob", (0, 1))
        m.do("P13", "sync", "bob", POOL)
        m.promises_hold()


@case("P13", 0, 1)
def the_sum_goes_around_at_256_bits(m: CaseMachine, value: int) -> None:
    """A pool whose sum is beyond its range goes on; so does what it is used for."""
    m.pay("alice", (1, 2**111) if value else (2**111, 1))
    m.do("P13", "sync", "alice", POOL)
    m.promises_hold()
    for _ in range(4):
        _synced(m, UINT32 - 1)


@case("P13", -1, 0, 1, 100)
def the_clock_goes_around_at_32_bits(m: CaseMachine, value: int) -> None:
    """Before, at and after its end the elapsed time is what has passed."""
    m.filled((3000, 7000))
    _synced(m, UINT32 - 50 - m.stage.now % UINT32)
    _synced(m, 50 + value)
    _synced(m, 1000)
    _synced(m, UINT32 // 2 + 1)


@case("P13")
def nothing_is_added_while_a_reserve_is_empty(m: CaseMachine) -> None:
    """The time of the last change goes on."""
    m.pay("alice", (5000, 0))
    m.do("P13", "sync", "alice", POOL)
    m.promises_hold()
    _synced(m, 100)
    m.pay("alice", (0, 7000))
    m.do("P13", "sync", "alice", POOL)
    m.promises_hold()
    _synced(m, 100)

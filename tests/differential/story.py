"""A story: a sequence of operations from nothing to a busy exchange, written while it happens."""

from __future__ import annotations

from collections.abc import Iterator

from tests.differential.both import Both
from tests.differential.desk import Desk
from tests.differential.exchange import START
from tests.differential.liquidity_operations import LIQUIDITY_OPERATIONS
from tests.differential.operation import Op
from tests.differential.other_operations import OTHER_OPERATIONS
from tests.differential.pool_operations import POOL_OPERATIONS, opened
from tests.differential.router_operations import ROUTER_OPERATIONS

# Every story has these pools, in an order of its own; others come with the operations.
OPENING = (
    ("red", "weth"),
    ("red", "green"),
    ("taxed", "weth"),
    ("silent", "green"),
    ("lying", "red"),
    ("hooked", "blue"),
)
BEGINNINGS = (START, 2**32 - 500, 3 * 2**32 - 30)


def story(both: Both, seed: str, length: int) -> Iterator[Op]:
    """Operations for the two exchanges as they are when each is asked for; about `length` of them."""
    desk = Desk(both.theirs, seed)
    jump = desk.rng.choice(BEGINNINGS) - START
    yield Op("alice", "factory", "setFeeTo", ("zero",), wait=jump, meant=True)
    written = 1
    pairs = desk.rng.sample(OPENING, len(OPENING))
    # Two pools of tokens and coins without misbehaviour always, the others as they come.
    for tokens in [*OPENING[:3], *(pair for pair in pairs if pair not in OPENING[:3])][:5]:
        ops = opened(desk, tokens if desk.wrong(0.5) else tokens[::-1])
        written += len(ops)
        yield from ops
    while written < length:
        ops = _some(desk)
        written += len(ops)
        yield from ops


def _some(desk: Desk) -> list[Op]:
    """A few operations that belong together."""
    kinds = {
        **POOL_OPERATIONS,
        **ROUTER_OPERATIONS,
        **LIQUIDITY_OPERATIONS,
        **OTHER_OPERATIONS,
    }
    write = desk.rng.choices(list(kinds), list(kinds.values()))[0]
    if write in POOL_OPERATIONS:
        return write(desk, desk.pool())
    return write(desk)


def tell(both: Both, seed: str, length: int) -> None:
    """A whole story on both. Raises Different."""
    both.begin_again()
    for op in story(both, seed, length):
        answer = both.do(op)
        if op.meant:
            (both.accepted if answer.ok else both.refused)[op.what] += 1
    both.check_everything()

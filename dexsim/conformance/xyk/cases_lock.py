"""Callbacks: what would be accepted at any other time is refused while the pool is locked."""

from __future__ import annotations

from typing import Any

from dexsim.conformance.keeping import expect
from dexsim.conformance.xyk.cases import CaseMachine, case
from dexsim.conformance.xyk.stage import BORROWER, POOL

_LENT, _PAID = 10**15, 10**16
# Each with what would make it acceptable: tokens for a mint, shares for a burn, an input for a swap.
_REENTRIES: tuple[list[tuple[Any, ...]], ...] = (
    [
        ("transfer", "A", POOL, 10**17),
        ("transfer", "B", POOL, 4 * 10**17),
        ("mint", POOL, BORROWER),
    ],
    [("give_shares", POOL, POOL, 10**17), ("burn", POOL, BORROWER)],
    [("transfer", "B", POOL, 10**17), ("swap", POOL, 10**12, 0, BORROWER)],
    [("transfer", "B", POOL, 10**17), ("skim", POOL, BORROWER)],
    [("transfer", "B", POOL, 10**17), ("sync", POOL)],
)


@case("P17", *_REENTRIES)
def a_callback_cannot_come_back(m: CaseMachine, value: list[tuple[Any, ...]]) -> None:
    """Not before the loan is paid, and not after it."""
    m.filled()
    m.do("P09", "give_shares", "alice", POOL, BORROWER, 10**18)
    pays = [("transfer", "A", POOL, _PAID)]
    for script in ([*value, *pays], [*pays, *value]):
        m.refuses("P17", "pool: locked", "swap", "bob", POOL, _LENT, 0, BORROWER, script)


_VIEWS = ("getReserves", "totalSupply", "kLast", "price0CumulativeLast", "price1CumulativeLast")


@case("P17", *_VIEWS)
def views_answer_in_a_callback(m: CaseMachine, value: str) -> None:
    """As they did before the call."""
    m.filled()
    script = [("ask", POOL, value), ("transfer", "A", POOL, _PAID)]
    m.do("P17", "swap", "bob", POOL, _LENT, 0, BORROWER, script)


@case("P17")
def afterwards_it_can(m: CaseMachine) -> None:
    """The lock opens again: after a swap with a callback, and after a refused one."""
    m.filled()
    pays = [("transfer", "A", POOL, _PAID)]
    m.do("P17", "swap", "bob", POOL, _LENT, 0, BORROWER, pays)
    m.refuses(
        "P02", "pool: k", "swap", "bob", POOL, _LENT, 0, BORROWER, [("transfer", "A", POOL, 1)]
    )
    m.promises_hold()
    m.do("P17", "swap", "bob", POOL, _LENT, 0, BORROWER, pays)
    m.promises_hold()
    m.do("P17", "sync", "bob", POOL)


@case("P02", 0, 1)
def what_meets_k_exactly_is_enough(m: CaseMachine, value: int) -> None:
    """A loan whose fee is a whole number of units is paid with just that, and with no unit less."""
    m.filled()
    m.promises_hold()
    loan = m.loan("same", value, m.without_rounding(value, 10**15))
    assert loan is not None
    outs, due = loan
    kept = sum(outs) * m.model.base % m.other_fee()
    expect(kept == 0, f"P02: a loan without rounding, not {outs}")
    short = m.paying((max(due[0] - 1, 0), max(due[1] - 1, 0)))
    m.refuses("P02", "pool: k", "swap", "bob", POOL, *outs, BORROWER, short)
    m.do("P02", "swap", "bob", POOL, *outs, BORROWER, m.paying(due))

"""Boundaries of a pool: refusals in their order, empty pools, the protocol's share, inflated shares."""

from __future__ import annotations

from dexsim.conformance.keeping import expect
from dexsim.conformance.xyk.cases import CaseMachine, case
from dexsim.conformance.xyk.model import UINT112
from dexsim.conformance.xyk.stage import POOL, SETTER

# First deposit of both tokens, gift of both, a victim's deposit: of every magnitude, the classical
# one with the least shares and a gift as large as what the victim brings among them.
_INFLATIONS = (
    ((1001, 1001), (10**18, 10**18), (10**18, 10**18)),
    ((1001, 1001), (10**18 - 1, 0), (2 * 10**18, 10**18)),
    ((2000, 1001), (10**6, 10**24), (10**7, 10**25)),
    ((10**6, 10**6), (10**21, 10**21), (10**18, 10**18)),
    ((10**18, 4 * 10**18), (1, 10**30), (10**18, 10**31)),
    ((1001, UINT112 // 4), (UINT112 // 4, 0), (UINT112 // 4, UINT112 // 4)),
)


@case("P30")
def what_is_wrong_first_is_told_first(m: CaseMachine) -> None:
    """A swap of nothing is that, whoever would receive it; one of too much is that."""
    m.filled()
    for to in ("A", "B"):
        m.refuses("P30", "pool: insufficient output", "swap", "bob", POOL, 0, 0, to)
        too_much = (10**18, 0)
        m.refuses("P30", "pool: insufficient liquidity", "swap", "bob", POOL, *too_much, to)


@case("P20")
def an_empty_pool_can_be_asked_for_nothing(m: CaseMachine) -> None:
    """Nothing is burned and nothing minted for nothing, also before the first deposit."""
    m.refuses("P20", "pool: insufficient liquidity burned", "burn", "bob", POOL, "bob")
    m.pay("bob", (10**9, 10**9))
    m.refuses("P20", "pool: insufficient liquidity burned", "burn", "bob", POOL, "bob")
    m.refuses("P02", "pool: insufficient liquidity", "swap", "bob", POOL, 1, 0, "bob")


@case("P15")
def a_pool_that_receives_the_fee_itself_does_not_burn_it(m: CaseMachine) -> None:
    """What a burn burns is what the pool held of its shares before the protocol got its own."""
    m.do("P15", "set_fee_to", SETTER, POOL)
    m.promises_hold()
    m.filled()
    m.pay("bob", (10**17, 0))
    m.do("P02", "swap", "bob", POOL, 0, m.model.most_out(POOL, 1), "bob")
    m.promises_hold()
    m.do("P09", "give_shares", "alice", POOL, POOL, 10**18)
    m.do("P15", "burn", "alice", POOL, "alice")


@case("P22")
def the_first_depositor_gains_nothing_by_gifts(m: CaseMachine) -> None:
    """First deposit, gift, a victim's deposit, and everybody out: the first has no profit.

    But for what the victim gave beyond the ratio, which goes to all holders in any pool.
    """
    for first, gift, victims in _INFLATIONS:
        with m.aside():
            _inflate(m, first, gift, victims)


def _inflate(
    m: CaseMachine, first: tuple[int, int], gift: tuple[int, int], victims: tuple[int, int]
) -> None:
    m.pay("alice", first)
    m.do("P20", "mint", "alice", POOL, "alice")
    m.pay("alice", gift)
    m.do("P18", "sync", "alice", POOL)
    balances, supply = m.model.balances(POOL), m.model.pools[POOL].supply
    m.pay("bob", victims)
    if not m.do("P20", "mint", "bob", POOL, "bob"):
        return
    shares = m.model.pools[POOL].shares
    beyond = [
        max(v - (shares["bob"] + 1) * b // supply, 0)
        for v, b in zip(victims, balances, strict=True)
    ]
    put_in = [f + g for f, g in zip(first, gift, strict=True)]
    had = [m.wealth("alice", side) for side in (0, 1)]
    m.do("P09", "give_shares", "alice", POOL, POOL, shares["alice"])
    m.do("P20", "burn", "alice", POOL, "alice")
    got = [m.wealth("alice", side) - had[side] for side in (0, 1)]
    fair = all(g <= p + b for g, p, b in zip(got, put_in, beyond, strict=True))
    expect(fair, f"P22: at most {put_in} and {beyond} for the first, not {got}")

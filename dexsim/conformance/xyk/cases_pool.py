"""Boundaries of a pool: refusals in their order, empty pools, the protocol's share, inflated shares."""

from __future__ import annotations

from dexsim.conformance.keeping import equal, expect
from dexsim.conformance.xyk.cases import CaseMachine, case
from dexsim.conformance.xyk.model import UINT112
from dexsim.conformance.xyk.stage import POOL, SETTER
from dexsim.conformance.xyk.state import ZERO, Pair

# First deposit of both tokens, gift of both, a victim's deposit: of every magnitude, the classical
# one with the least shares and a gift as large as what the victim brings among them.
Inflation = tuple[Pair, Pair, Pair]
_INFLATIONS: tuple[Inflation, ...] = (
    ((1001, 1001), (10**18, 10**18), (10**18, 10**18)),
    ((1001, 1001), (10**18 - 1, 0), (2 * 10**18, 10**18)),
    ((2000, 1001), (10**6, 10**24), (10**7, 10**25)),
    ((10**6, 10**6), (10**21, 10**21), (10**18, 10**18)),
    ((10**18, 4 * 10**18), (1, 10**30), (10**18, 10**31)),
    ((1001, UINT112 // 4), (UINT112 // 4, 0), (UINT112 // 4, UINT112 // 4)),
)


@case("P30")
def what_is_wrong_first_is_told_first(m: CaseMachine) -> None:
    """A swap of nothing is that, whoever would receive it; one of too much is that.

    And a burn in a pool without a supply burns nothing.
    """
    m.refuses("P30", "pool: insufficient liquidity burned", "burn", "bob", POOL, "bob")
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
    share = m.model.pending_share(POOL)
    m.do("P15", "burn", "alice", POOL, "alice")
    equal(m.stage.seen().pools[POOL].shares[POOL], share, "P15: what the pool has of its shares")


@case("P22", *_INFLATIONS)
def the_first_depositor_gains_nothing_by_gifts(m: CaseMachine, value: Inflation) -> None:
    """First deposit, gift, a victim's deposit, and everybody out: the first has no profit.

    But for what the victim gave beyond the ratio, which goes to all holders in any pool.
    """
    first, gift, victims = value
    m.filled(first)
    m.pay("alice", gift)
    m.do("P18", "sync", "alice", POOL)
    m.promises_hold()
    balances, supply = m.model.balances(POOL), m.model.pools[POOL].supply
    m.pay("bob", victims)
    if not m.do("P20", "mint", "bob", POOL, "bob"):
        return
    m.promises_hold()
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


# First deposits of which the roots of k are whole, just below whole, and just above; and two of which
# a root that is one greater makes one share more.
_FIRST_DEPOSITS = (
    (10**18, 4 * 10**18),
    (5000, 5001),
    (4999, 5001),
    (123_457, 9_876_543),
    (3 * 10**30, 7 * 10**12),
    (3000, 12_345),
    (3014, 12_345),
)


@case("P15", *_FIRST_DEPOSITS)
def a_deposit_comes_after_the_protocols_share(m: CaseMachine, value: Pair) -> None:
    """The share follows from the k that swaps have left, and the deposit counts it."""
    _grow(m, value)
    reserves = m.model.pools[POOL].reserves
    m.pay("bob", (reserves[0] // 2 + 1, reserves[1] // 2 + 1))
    m.do("P15", "mint", "bob", POOL, "bob")


@case("P15", *_FIRST_DEPOSITS)
def a_burn_comes_after_the_protocols_share(m: CaseMachine, value: Pair) -> None:
    """The share follows from the k that swaps have left, and the burn counts it."""
    _grow(m, value)
    m.do("P09", "give_shares", "alice", POOL, POOL, m.model.pools[POOL].shares["alice"] // 3)
    m.do("P15", "burn", "alice", POOL, "alice")


@case("P20")
def shares_are_counted_after_the_protocols(m: CaseMachine) -> None:
    """Of the supply that there is when the protocol has got its own: a deposit's, and a burn's worth."""
    _grow(m, _FIRST_DEPOSITS[0])
    m.pay("bob", m.model.pools[POOL].reserves)
    m.do("P20", "mint", "bob", POOL, "bob")
    m.promises_hold()
    m.pay("bob", (10**18, 0))
    m.do("P02", "swap", "bob", POOL, 0, m.model.most_out(POOL, 1), "bob")
    m.promises_hold()
    m.do("P09", "give_shares", "alice", POOL, POOL, 10**17)
    m.do("P20", "burn", "alice", POOL, "alice")


def _grow(m: CaseMachine, first: Pair) -> None:
    m.do("P15", "set_fee_to", SETTER, "treasury")
    m.promises_hold()
    m.filled(first)
    for side in (0, 1):
        m.pay("bob", (first[0], 0) if side == 0 else (0, first[1]))
        out = m.model.most_out(POOL, 1 - side)
        m.do("P02", "swap", "bob", POOL, *((0, out) if side == 0 else (out, 0)), "bob")
        m.promises_hold()


@case("P15")
def what_grew_before_it_was_on_is_not_the_protocols(m: CaseMachine) -> None:
    """Its first deposit or burn only takes note of k; from the next on it gets its share."""
    m.filled()
    m.pay("bob", (10**17, 0))
    m.do("P02", "swap", "bob", POOL, 0, m.model.most_out(POOL, 1), "bob")
    m.promises_hold()
    m.do("P15", "set_fee_to", SETTER, "treasury")
    m.promises_hold()
    for _ in range(2):
        m.do("P09", "give_shares", "alice", POOL, POOL, 10**17)
        m.do("P15", "burn", "alice", POOL, "alice")
        m.promises_hold()


@case("P15")
def switched_off_it_is_forgotten(m: CaseMachine) -> None:
    """The next deposit or burn clears the last k, and nothing is owed for the time without it."""
    _grow(m, (10**18, 4 * 10**18))
    m.do("P15", "set_fee_to", SETTER, ZERO)
    m.promises_hold()
    for receiver in (ZERO, "treasury"):
        m.do("P09", "give_shares", "alice", POOL, POOL, 10**17)
        m.do("P15", "burn", "alice", POOL, "alice")
        m.promises_hold()
        m.do("P15", "set_fee_to", SETTER, receiver)
        m.promises_hold()


@case("P20", 0, 1)
def a_burn_pays_of_what_is_there(m: CaseMachine, value: int) -> None:
    """Gifts that no sync has counted are in it; whoever was named is paid."""
    m.filled()
    m.promises_hold()
    m.pay("bob", (10**17, 0) if value else (0, 10**17))
    m.do("P09", "give_shares", "alice", POOL, POOL, 10**17)
    m.do("P20", "burn", "carol", POOL, "bob")


@case("P20")
def shares_go_to_whoever_was_named(m: CaseMachine) -> None:
    """The caller pays, somebody else gets them; and again, of reserves that sync has made."""
    m.pay("alice", (10**18, 10**18))
    m.do("P18", "sync", "alice", POOL)
    m.promises_hold()
    m.pay("alice", (10**18, 10**18))
    m.do("P20", "mint", "alice", POOL, "bob")
    m.promises_hold()
    m.pay("alice", (10**17, 10**17))
    m.do("P20", "mint", "alice", POOL, "carol")


@case("P15", 0, 6, 7)
def growth_that_is_worth_no_unit_brings_none(m: CaseMachine, value: int) -> None:
    """A sixth of a root that grew by six is below a unit and not even told; seven are worth one."""
    _grown_by(m, value)
    m.do("P15", "burn", "alice", POOL, "alice")
    share = m.model.pools[POOL].shares.get("treasury", 0)
    equal(share, int(value > 6), "P15: the protocol's share")


@case("P28")
def a_share_of_nothing_is_not_told(m: CaseMachine) -> None:
    """The protocol's, where growth is worth no unit."""
    _grown_by(m, 6)
    m.do("P28", "burn", "alice", POOL, "alice")


def _grown_by(m: CaseMachine, units: int) -> None:
    """The root of k has grown by so much since the last deposit, and a burn can come."""
    m.do("P15", "set_fee_to", SETTER, "treasury")
    m.promises_hold()
    m.filled((10**6, 10**6))
    m.pay("bob", (units, units))
    m.do("P18", "sync", "bob", POOL)
    m.promises_hold()
    m.do("P09", "give_shares", "alice", POOL, POOL, 10**5)

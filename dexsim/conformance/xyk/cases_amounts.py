"""Boundaries of what a pool takes and gives: on either side, for somebody else, at the ends of a range."""

from __future__ import annotations

from dexsim.conformance.keeping import equal
from dexsim.conformance.xyk.cases import CaseMachine, case
from dexsim.conformance.xyk.model import LOCKED_SHARES
from dexsim.conformance.xyk.stage import BORROWER, POOL
from dexsim.conformance.xyk.state import ZERO
from dexsim.conformance.xyk.swaps import on_side

_SIDES = (0, 1)
_FEW = "pool: insufficient liquidity minted"


@case("P02", *_SIDES)
def the_most_there_is_and_not_one_more(m: CaseMachine, value: int) -> None:
    """In either direction: the fee is taken of the input, and the rest meets k."""
    m.filled((10**18 + 7, 4 * 10**18 + 3))
    m.pay("bob", on_side(10**17 + 3, value))
    out = m.model.most_out(POOL, 1 - value)
    m.refuses("P02", "pool: k", "swap", "bob", POOL, *on_side(out + 1, 1 - value), "carol")
    m.do("P02", "swap", "bob", POOL, *on_side(out, 1 - value), "carol")


@case("P02", *_SIDES)
def growth_of_k_is_not_asked_for(m: CaseMachine, value: int) -> None:
    """Where reserves and input are such that nothing is rounded, k less the fee stays what it was."""
    kept, base = m.other_fee(), m.model.base
    first = on_side(kept * 10**6, value)
    m.filled((first[0] or 10**9 * base, first[1] or 10**9 * base))
    m.pay("bob", on_side(base * 10**6, value))
    out = 10**9 * base // 2
    m.do("P02", "swap", "bob", POOL, *on_side(out, 1 - value), "bob")


@case("P30", *_SIDES)
def a_swap_that_cannot_be_says_why(m: CaseMachine, value: int) -> None:
    """Nothing asked for, the whole reserve, a token as the receiver, nothing paid: for both tokens."""
    m.filled()
    m.unpaid_swaps_are_refused(who="bob", side=value, amount=10**15)
    m.pay("bob", on_side(1, value))
    m.refuses("P30", "pool: k", "swap", "bob", POOL, *on_side(10**15, 1 - value), "bob")


@case("P30", *_SIDES)
def a_balance_that_is_too_much_is_told_as_that(m: CaseMachine, value: int) -> None:
    """Whatever its bits would have run into."""
    m.filled()
    m.pay("bob", on_side(m.room(value) + 1, value))
    m.refuses("P30", "pool: overflow", "sync", "bob", POOL)
    m.refuses("P30", "pool: overflow", "swap", "bob", POOL, *on_side(1, 1 - value), "bob")


@case("P20")
def what_is_locked_is_not_enough_for_a_first_deposit(m: CaseMachine) -> None:
    """One unit of both tokens more is."""
    m.pay("bob", (1000, 1000))
    m.refuses("P20", _FEW, "mint", "bob", POOL, "bob")
    m.pay("bob", (1, 1))
    m.do("P20", "mint", "bob", POOL, "bob")


@case("P20", *_SIDES)
def shares_follow_the_scarcer_token(m: CaseMachine, value: int) -> None:
    """Rounded down; one token alone adds nothing, a share that is worth none of one token takes nothing."""
    m.filled((10**6 + 1, 3 * 10**6 + 1))
    m.pay("bob", on_side(10**5, value))
    m.refuses("P20", _FEW, "mint", "bob", POOL, "bob")
    m.pay("bob", on_side(7 * 10**3, 1 - value))
    m.do("P20", "mint", "bob", POOL, "bob")
    m.promises_hold()
    m.do("P09", "give_shares", "bob", POOL, POOL, 1000)
    m.do("P20", "burn", "bob", POOL, "bob")


@case("P20", *_SIDES)
def a_burn_pays_of_both_tokens(m: CaseMachine, value: int) -> None:
    """Or it is refused, whichever of them there would be none of."""
    m.filled((2000, 10**12) if value else (10**12, 2000))
    m.do("P09", "give_shares", "alice", POOL, POOL, 1000)
    m.refuses("P20", "pool: insufficient liquidity burned", "burn", "alice", POOL, "alice")
    m.do("P09", "give_shares", "alice", POOL, POOL, 10**6)
    m.do("P20", "burn", "alice", POOL, "alice")


@case("P28")
def what_is_done_for_another_is_told_so(m: CaseMachine) -> None:
    """Who calls and who receives, in deposits, swaps in both directions, burns, and what is skimmed."""
    m.filled()
    m.pay("bob", (10**17, 4 * 10**17))
    m.do("P28", "mint", "bob", POOL, "carol")
    m.promises_hold()
    for side in _SIDES:
        m.pay("bob", on_side(10**15, side))
        m.do("P28", "swap", "bob", POOL, *on_side(10**14, 1 - side), "carol")
        m.promises_hold()
    m.do("P09", "give_shares", "alice", POOL, POOL, 10**17)
    m.do("P28", "burn", "bob", POOL, "carol")
    m.promises_hold()
    for given in ((10**5, 10**4), (0, 7), (0, 0)):
        m.pay("alice", given)
        m.do("P28", "skim", "bob", POOL, "carol")
        m.promises_hold()


@case("P28")
def a_callback_is_told_who_called_and_what_came(m: CaseMachine) -> None:
    """When it has come, with the amounts in their order."""
    m.filled()
    script = [("ask", POOL, "getReserves"), ("transfer", "A", POOL, 10**16)]
    m.do("P28", "swap", "bob", POOL, 10**15, 7, BORROWER, script)


@case("P11")
def nobody_has_the_first_shares(m: CaseMachine) -> None:
    """A thousand of them, from the first deposit on."""
    m.pay("alice", (10**18, 4 * 10**18))
    m.do("P20", "mint", "alice", POOL, "alice")
    locked = m.stage.seen().pools[POOL].shares[ZERO]
    equal(locked, LOCKED_SHARES, "P11: shares of nobody")


@case("P28", *_SIDES)
def an_input_counts_from_what_was_left(m: CaseMachine, value: int) -> None:
    """Also of the token that is bought, as a loan is that comes back in kind."""
    m.filled()
    m.pay("bob", (10**16, 10**16))
    m.do("P28", "swap", "bob", POOL, *on_side(10**15, value), "bob")


@case("P18")
def skim_leaves_the_reserves_and_sync_takes_the_balances(m: CaseMachine) -> None:
    """What is above the reserves goes to whoever was named, of both tokens, or into the reserves."""
    m.filled()
    m.pay("bob", (10**5, 10**4))
    m.do("P18", "skim", "alice", POOL, "carol")
    m.promises_hold()
    m.pay("bob", (10**5, 10**4))
    m.do("P18", "sync", "alice", POOL)


@case("P12", *_SIDES)
def a_reserve_holds_112_bits_and_not_one_unit_more(m: CaseMachine, value: int) -> None:
    """Beyond them everything but skim is refused, which makes the pool usable again."""
    m.filled()
    m.an_overfull_pool_refuses_until_it_is_skimmed(who="bob", side=value)


@case("P16")
def only_liquidity_moves_the_last_k(m: CaseMachine) -> None:
    """Not what swaps, gifts and syncs make of k, with the protocol's share on."""
    m.do("P15", "set_fee_to", "setter", "treasury")
    m.promises_hold()
    m.filled()
    m.pay("bob", (10**17, 0))
    m.do("P16", "swap", "bob", POOL, 0, 10**16, "bob")
    m.promises_hold()
    m.pay("bob", (10**17, 5))
    for action, *to in (("sync",), ("skim", "bob")):
        m.do("P16", action, "bob", POOL, *to)
        m.promises_hold()

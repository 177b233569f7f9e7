"""Boundaries of a router: limits and quotes along paths of one pool and of two."""

from __future__ import annotations

from functools import partial

from dexsim.conformance.keeping import equal, expect
from dexsim.conformance.xyk.cases import CaseMachine, case

_PAIRS = ("AB", "BA", "BC", "CB")
_PATHS = (*_PAIRS, "ABC", "CBA")


def _opened(m: CaseMachine) -> None:
    m.filled((10**18 + 7, 4 * 10**18 + 3))
    m.fill_the_other_pools(far=(3 * 10**20 + 1, 10**19 + 9), taxed=(10**18, 10**18))


def _settled(m: CaseMachine) -> None:
    """Everybody has got and paid what the limits stand for; nothing is left with the router."""
    apart = list(m.stage.seen().differences(m.model.seen()))
    expect(not apart, f"P24: everybody with what was agreed; {'; '.join(apart)}")
    m.promises_hold()


@case("P24", *_PATHS)
def what_was_quoted_passes_and_a_unit_beyond_is_refused(m: CaseMachine, value: str) -> None:
    """Of outputs, inputs and the time; and what comes goes to whoever was named."""
    _opened(m)
    m.one_wei_beyond_a_limit_is_refused(who="alice", path=value, amount=10**15)
    m.sell(who="alice", path=value, amount=10**15 + 1, to="bob")
    _settled(m)
    m.buy(who="bob", path=value, amount=10**14 + 3, to="carol")
    _settled(m)


@case("P23", "BA", "ABC", "CBA")
def a_quote_is_what_a_path_then_gives(m: CaseMachine, value: str) -> None:
    """Along the way there and the way back, of outputs and of inputs."""
    _opened(m)
    m.sell(who="alice", path=value, amount=10**15 + 1, to="bob")
    m.promises_hold()
    m.buy(who="bob", path=value, amount=10**14 + 3, to="carol")


@case("P30", "AB", "BA")
def a_router_says_why(m: CaseMachine, value: str) -> None:
    """Who wants the whole reserve, or too much for too little, or too late."""
    _opened(m)
    now, reserve = m.model.now, m.model.reserves_of(*value)[1]
    little = "router: insufficient liquidity"
    for out in (reserve, reserve + 1):
        m.refuses("P30", little, "buy", "bob", value, out, 10**30, "bob", now)
    m.refuses("P30", "router: excessive input", "buy", "bob", value, 10**9, 1, "bob", now)
    m.refuses("P30", "router: expired", "sell", "bob", value, 10**9, 1, "bob", now - 1)


@case("P24")
def a_purchase_takes_what_it_costs(m: CaseMachine) -> None:
    """And not the most that it may cost."""
    _opened(m)
    m.do("P24", "buy", "bob", "ABC", 10**15, 10**18, "carol", m.model.now)
    _settled(m)


@case("P24", *_PAIRS)
def liquidity_keeps_to_its_limits(m: CaseMachine, value: str) -> None:
    """In the order in which the tokens were named, added and removed, for whoever was named."""
    _opened(m)
    for amount in (10**15, 10**15 + 1, 10**16 + 7):
        m.provide(who="bob", pair=value, amount=amount, to="carol")
        _settled(m)
    m.withdraw(who="carol", pair=value, amount=10**14 + 1, to="alice")
    _settled(m)


@case("P24", *_PAIRS)
def liquidity_is_taken_at_the_ratio(m: CaseMachine, value: str) -> None:
    """Whichever of the tokens is desired too much of, that one is not taken whole."""
    _opened(m)
    ratio = m.model.reserves_of(*value)
    for more in ((1, 2), (2, 1)):
        desired = (ratio[0] // 100 * more[0], ratio[1] // 100 * more[1])
        m.do("P24", "provide", "bob", value, desired, (0, 0), "carol", m.model.now)
        _settled(m)


@case("P06", *_PAIRS)
def quotes_are_rounded_for_the_pool_on_every_pair(m: CaseMachine, value: str) -> None:
    """Outputs down, inputs up, by less than a unit and never by none."""
    _opened(m)
    for amount in (0, 1, 12_345, 10**15 + 1):
        m.quotes_are_rounded_for_the_pool(who="bob", path=value, amount=amount)


@case("P06")
def an_input_is_one_above_the_floor(m: CaseMachine) -> None:
    """Also where the division leaves no rest."""
    kept, base = m.other_fee(), m.model.base
    cost = m.router.read.getAmountIn(7, 50 * kept, base + 7)
    equal(cost, 351, "P06: what 7 units cost")


@case("P23")
def quotes_answer_as_far_as_their_products_fit_256_bits(m: CaseMachine) -> None:
    """With Uniswap's fee: amount * 997 * reserve is the greatest of them."""
    if m.subject.fee_bps != 30:
        return
    most, view = (2**256 - 1 - 1000) // 997, m.router.read.getAmountOut
    equal(view(most, 1, 1), 0, "P23: the greatest quote")
    with m.beside() as bench:
        bench.fails("P23", partial(view, most + 1, 1, 1))


@case("P26")
def a_pool_stands_where_everybody_can_compute(m: CaseMachine) -> None:
    """CREATE2, by its tokens in their order; and the factory lists it once."""
    _opened(m)
    m.the_factory_knows_its_pools(who="bob")


@case("P25", True, False)
def taxed_tokens_count_as_what_arrived(m: CaseMachine, value: bool) -> None:
    """At the pool, and at the receiver."""
    _opened(m)
    m.swap_a_taxed_token(who="bob", into=value, amount=10**15, to="carol")

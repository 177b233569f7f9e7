"""The lens's arithmetic is that of `dexsim.cpmm`."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, event, example, given, settings
from hypothesis import strategies as st

from dexsim import cpmm
from dexsim.chain.chain import Chain
from dexsim.cpmm import MAX_RESERVE
from dexsim.errors import Reverted
from dexsim.market.contract import deploy
from dexsim.testing import reverts
from tests.looking import ALICE
from tests.published import needs_published, published
from tests.subject import artifact

UINT256_MAX = 2**256 - 1
EXAMPLES = 400


def of_any_size(bits: int, lowest: int = 0) -> st.SearchStrategy[int]:
    """Every magnitude up to so many bits equally often."""
    sized = st.integers(0, bits).flatmap(lambda n: st.integers(2**n // 2, 2**n - 1))
    return sized.map(lambda n: max(n, lowest))


reserves = of_any_size(112, 1)
prices = st.one_of(of_any_size(112, 1), of_any_size(256, 1))
fees = st.one_of(st.sampled_from([0, 1, 25, 30, 999, 1000]), st.integers(0, 1000))
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def lens():
    """On a chain of its own: it has no state."""
    chain = Chain("pyevm", base_fee=0)
    return deploy(chain, artifact("lens"), ALICE)


def said(do, *args):
    """The answer, or the reason of a refusal without the contract's label."""
    try:
        return do(*args)
    except Reverted as error:
        return error.reason.partition(": ")[2]


@many
@given(amount=of_any_size(256), a=of_any_size(256), b=of_any_size(256), fee=fees)
def test_swaps_and_quotes_are_those_of_the_router(lens, amount, a, b, fee):
    swap = (amount, a, b, fee)
    assert said(lens.read.amount_out, *swap) == said(cpmm.amount_out, *swap)
    assert said(lens.read.amount_in, *swap) == said(cpmm.amount_in, *swap)
    assert said(lens.read.quote, *swap[:3]) == said(cpmm.quote, *swap[:3])


@many
@given(a=reserves, b=reserves, num=prices, den=prices, fee=fees)
@example(a=MAX_RESERVE, b=MAX_RESERVE, num=UINT256_MAX, den=1, fee=1000)
@example(a=MAX_RESERVE, b=MAX_RESERVE, num=1, den=UINT256_MAX, fee=1000)
@example(a=1, b=1, num=UINT256_MAX, den=UINT256_MAX - 1, fee=0)
@example(a=MAX_RESERVE - 1, b=2**111, num=2**255 + 1, den=UINT256_MAX, fee=30)
@example(a=2**40, b=2**111, num=UINT256_MAX - 2, den=2**255 + 3, fee=30)
@example(a=10**21, b=10**24, num=2**200 * 1000, den=2**200 + 1, fee=30)
def test_arbitrage_is_that_of_the_searchers_for_every_price(lens, a, b, num, den, fee):
    sells_first, amount = cpmm.arbitrage(a, b, num, den, fee)
    event("nothing gains" if amount == 0 else "a swap gains")
    assert lens.read.arbitrage(a, b, num, den, fee) == (sells_first, amount)
    after = (a, b)
    if amount:
        sold, bought = (a, b) if sells_first else (b, a)
        bought -= cpmm.amount_out(amount, sold, bought, fee)
        after = (sold + amount, bought) if sells_first else (bought, sold + amount)
    assert lens.read.reserves_after_arbitrage(a, b, num, den, fee) == after


@many
@given(a=reserves, b=reserves, nudge=st.integers(-40, 40), wide=of_any_size(140, 1), fee=fees)
def test_arbitrage_is_the_same_close_to_the_pools_own_price(lens, a, b, nudge, wide, fee):
    """Prices within a few basis points of the reserves' ratio, up to 256 bits wide."""
    num, den = b * wide * (10_000 + nudge) // 10_000, a * wide
    assume(0 < num <= UINT256_MAX and den <= UINT256_MAX)
    assert lens.read.arbitrage(a, b, num, den, fee) == cpmm.arbitrage(a, b, num, den, fee)


@many
@given(a=of_any_size(112), b=of_any_size(112), k=of_any_size(224), supply=of_any_size(140))
def test_the_protocols_fee_is_the_pools(lens, a, b, k, supply):
    assert lens.read.protocol_fee(a, b, k, supply) == cpmm.protocol_fee(a, b, k, supply)


def test_what_cannot_be_computed_is_refused_with_its_reason(lens):
    read = lens.read
    for reason, call in (
        ("lens: insufficient amount", lambda: read.quote(0, 1, 1)),
        ("lens: insufficient liquidity", lambda: read.quote(1, 0, 1)),
        ("lens: insufficient liquidity", lambda: read.quote(1, 1, 0)),
        ("lens: insufficient input", lambda: read.amount_out(0, 1, 1, 30)),
        ("lens: insufficient liquidity", lambda: read.amount_out(1, 0, 1, 30)),
        ("lens: insufficient output", lambda: read.amount_in(0, 1, 1, 30)),
        ("lens: insufficient liquidity", lambda: read.amount_in(5, 1, 5, 30)),
        ("lens: fee too high", lambda: read.amount_out(1, 1, 1, 1001)),
        ("lens: fee too high", lambda: read.amount_in(1, 5, 5, 1001)),
        ("lens: fee too high", lambda: read.arbitrage(1, 1, 1, 1, 1001)),
        ("lens: no price", lambda: read.arbitrage(1, 1, 0, 1, 30)),
        ("lens: no price", lambda: read.reserves_after_arbitrage(1, 1, 1, 0, 30)),
        ("lens: insufficient liquidity", lambda: read.arbitrage(0, 1, 1, 1, 30)),
        ("lens: insufficient liquidity", lambda: read.reserves_after_arbitrage(1, 0, 1, 1, 30)),
    ):
        with reverts(reason):
            call()
    assert read.amount_in(4, 1, 5, 1000) > 0
    assert read.amount_out(10, 10, 10, 1000) == 4
    assert read.arbitrage(10, 1000, 1, 1, 1000)[0]


@needs_published
def test_a_trade_that_gains_is_the_published_profit_maximising_one(lens):
    """Where the published arithmetic does not overflow: it takes prices of few bits only."""
    router = "0x" + "11" * 20
    theirs = deploy(lens.chain, published("ExampleSwapToPrice"), ALICE, router, router)
    trades = 0
    for a, b in ((10**21, 10**24), (5 * 10**18, 10**19), (7 * 10**12, 3 * 10**25)):
        for num, den in ((1, 1), (999, 1), (1001, 1), (1, 50), (2007, 1000), (1993, 1000)):
            sells_a, amount = lens.read.arbitrage(a, b, num, den, 30)
            if amount:
                published_trade = theirs.read.computeProfitMaximizingTrade(den, num, a, b)
                assert published_trade == (sells_a, amount)
                trades += 1
    assert trades > 12

"""The schedule in Python is the contract's, whatever the schedule is."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.market.contract import deploy
from dexsim.market.schedules import MOST, Emission, divided, epochs_above, power, shrunk

E18 = 10**18
NOW = 1_600_000_000
MAKER = Account.named("maker")


@pytest.fixture(scope="module")
def chain():
    """An empty chain."""
    return Chain("pyevm", base_fee=0, time_ms=NOW * 1000, trace_reverts=False)


@st.composite
def emissions(draw):
    """A schedule that a token takes: short and long steps, lists and none, either end."""
    cap = draw(st.sampled_from([10, 10**6, 10**27, MOST]))
    initial = draw(st.sampled_from([0, 0, 1, cap // 2, cap - 1]))
    most = cap - initial
    amounts = st.one_of(st.integers(0, most), st.integers(0, min(most, 1000)), st.just(most))
    rates = draw(st.lists(amounts, max_size=12))
    growth = draw(st.sampled_from([0, 0, 2 * 10**10, 3 * 10**14, 10**17, E18]))
    terminal = 0 if growth else draw(amounts)
    if not (any(rates) or terminal or (growth and initial)):
        terminal, growth = 1, 0
    return Emission(
        initial_supply=initial,
        cap=cap,
        start=draw(st.sampled_from([0, NOW - 1000, NOW, NOW + 77, 2**64 - 1])),
        step=draw(st.sampled_from([1, 1, 12, 604_800, 2**64 - 1])),
        epoch=draw(st.sampled_from([1, 2, 10, 31_536_000, 2**64 - 1])),
        rates=tuple(rates),
        terminal_rate=terminal,
        terminal_growth=growth,
    )


@st.composite
def moments(draw, emission):
    """A time: any, or close to where a step or an epoch ends."""
    if draw(st.booleans()):
        return draw(st.integers(0, 2**256 - 1) | st.sampled_from([NOW, 2**64 - 1, 2**64]))
    steps = draw(st.integers(0, 20)) * draw(st.sampled_from([1, emission.epoch]))
    return max(0, emission.start + steps * emission.step + draw(st.integers(-2, 2)))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_twin_says_what_the_contract_says(chain, data):
    emission = data.draw(emissions())
    times = sorted(data.draw(st.lists(moments(emission), min_size=2, max_size=12)))
    with chain.anchor():
        token = deploy(chain, shipped("incentive_token"), MAKER, "R", "R", *emission.arguments)
        told = [token.read.released(time) for time in times]
        assert told == [emission.released(time) for time in times]
        assert told == sorted(told)
        assert told[-1] <= emission.cap - emission.initial_supply
        now = chain.time_ms // 1000
        assert token.read.available_supply() == emission.available_supply(now)
        assert token.read.mintable_in_timeframe(times[0], times[-1]) == told[-1] - told[0]
        rate = emission.released(now + emission.step) - emission.released(now)
        assert token.read.rate() == (rate // emission.step if now >= emission.start else 0)


@given(
    growth=st.integers(2 * 10**10, 2 * 10**11) | st.integers(2 * 10**10, E18),
    steps=st.integers(1, 2**64 - 2),
    bits=st.integers(1, 63),
)
def test_growth_never_falls(growth, steps, bits):
    supply = Emission(initial_supply=10**27, start=0, terminal_growth=growth)
    for late in (steps, 2**bits, 2**bits + steps % 2**bits):
        assert supply.released(late - 1) <= supply.released(late) <= supply.released(late + 1)


@given(base=st.integers(0, 2 * E18), exponent=st.integers(0, 2000))
def test_a_power_is_close_to_the_true_one_and_not_above_it(base, exponent):
    # Each of at most 2 * 11 products loses less than a unit, and the later ones multiply that.
    true = base**exponent * E18 // E18**exponent
    got = power(base, exponent)
    assert got <= min(true, MOST)
    if base <= E18:
        assert true - got <= 2 * max(1, exponent)


def test_powers_by_hand():
    assert power(E18, 10**18) == power(0, 0) == power(3, 0) == E18
    assert power(2 * E18, 10) == 1024 * E18
    assert (power(E18 // 2, 3), power(3, 2), power(7 * E18, 1)) == (E18 // 8, 0, 7 * E18)
    assert power(E18 + E18 // 10, 2) == 1_210_000_000_000_000_000
    assert power(2 * E18, 100) == MOST


def test_rates_of_epochs_by_hand():
    assert list(islice(divided(100, 3 * E18, flat=2), 6)) == [100, 100, 33, 11, 3, 1]
    assert list(islice(shrunk(100, E18 // 10, flat=2), 5)) == [100, 100, 90, 81, 72]
    assert list(islice(shrunk(100, E18 // 10), 3)) == [100, 90, 81]


def test_epochs_end_where_the_rate_is_no_longer_above_the_floor():
    assert epochs_above(divided(100, 2 * E18), 0) == (100, 50, 25, 12, 6, 3, 1)
    assert epochs_above(divided(100, 2 * E18), 12) == (100, 50, 25)
    assert epochs_above(divided(100, 2 * E18), 100) == ()
    assert len(epochs_above(divided(1 << 255, 2 * E18), 0)) == 256
    assert epochs_above(divided(1 << 256, 2 * E18), 0) is None

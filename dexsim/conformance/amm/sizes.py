"""Numbers of every magnitude that makes sense."""

from __future__ import annotations

from hypothesis import strategies as st

PEOPLE = ("alice", "bob", "carol")
WEALTH = 2**109
"""What everybody has of both tokens: all together less than the 112 bits that pairs count in."""


def of_every_size(least_bits: int, most_bits: int) -> st.SearchStrategy[int]:
    """Numbers of every length in bits equally often."""
    longest = 2 ** (most_bits - 1)

    def shortened(bits: int, number: int) -> int:
        return int((longest + number) >> (most_bits - bits))

    return st.builds(shortened, st.integers(least_bits, most_bits), st.integers(0, longest - 1))


amounts = of_every_size(1, 104)
deposits = of_every_size(4, 96)
pinches = of_every_size(1, 24)
dust = st.integers(0, 40)
gifts = of_every_size(1, 100)
shares_of_a_thousand = st.integers(1, 1000)
"""How much of what there is, in thousandths."""
times = st.integers(1, 5)
people = st.sampled_from(PEOPLE)
sides = st.integers(0, 1)
"""Which token: 0 base, 1 quote."""


def comparable(amount: int, reserve: int) -> int:
    """An amount as it is, unless it is much bigger than what a pool holds: then of about that size."""
    most = max(reserve, 1).bit_length() + 1
    too_long = amount.bit_length() - most
    return amount if too_long <= 0 else amount >> (too_long + amount % 3)

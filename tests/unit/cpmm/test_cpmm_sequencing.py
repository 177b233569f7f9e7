"""The greedy sequencing rule: which orders obey it, and what it is worth to those who trade."""

from __future__ import annotations

import random
from itertools import permutations

from dexsim.cpmm import amount_out, greedy_sequence, is_greedy_sequence

X = 1000 * 10**18
A_BUY, V_BUY, A_SELL = (True, 10**19), (True, 10**19 + 1), (False, 10**19 + 2)


def test_the_sandwich_is_no_order_of_the_rule() -> None:
    assert not is_greedy_sequence([A_BUY, V_BUY, A_SELL], X, X)
    allowed = [o for o in permutations([A_BUY, V_BUY, A_SELL]) if is_greedy_sequence(o, X, X)]
    assert allowed == [(A_SELL, A_BUY, V_BUY), (A_SELL, V_BUY, A_BUY)]


def test_no_trade_is_worse_off_than_alone_while_the_other_side_still_trades() -> None:
    rng, held, violated = random.Random(1), 0, 0
    for _ in range(3000):
        x, y, fee = rng.randint(10**6, 10**9), rng.randint(10**6, 10**9), rng.choice([0, 30, 100])
        trades = []
        for _ in range(rng.randint(1, 9)):
            side = rng.random() < 0.5
            trades.append((side, rng.randint(10**4, 10**6)))
        order = greedy_sequence(trades, x, y, fee)
        assert sorted(order) == list(range(len(trades)))
        row = [trades[i] for i in order]
        assert is_greedy_sequence(row, x, y, fee)
        shuffled = rng.sample(row, len(row))
        violated += not is_greedy_sequence(shuffled, x, y, fee)
        a, b = x, y
        for i, (side, amount) in enumerate(row):
            out = amount_out(amount, *((a, b) if side else (b, a)), fee)
            if any(other is not side for other, _ in row[i:]):
                held += 1
                assert out >= amount_out(amount, *((x, y) if side else (y, x)), fee)
            a, b = (a + amount, b - out) if side else (a - out, b + amount)
    assert held > 3000
    assert violated > 1000


def test_equals_keep_their_order_and_no_trade_is_an_order() -> None:
    assert greedy_sequence([(True, 10**6)] * 4, X, X) == (0, 1, 2, 3)
    assert greedy_sequence([], X, X) == ()
    assert is_greedy_sequence([], X, X)

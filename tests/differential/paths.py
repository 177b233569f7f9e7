"""Paths through the pools, and amounts that pass along them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from tests.differential.desk import Desk, View
from tests.differential.exchange import TOKENS

ATTEMPTS = 6


@dataclass(frozen=True)
class Trade:
    """An amount for a path and what the other end gives or costs. sure: every pool has room for it."""

    amount: int
    result: int
    sure: bool


def random_path(desk: Desk, *, first: str = "", last: str = "") -> list[str]:
    """Two to five tokens, no token twice, along deep pools as far as they go."""
    pools = [desk.view(name) for name in desk.pools()]
    pairs = [pool.tokens for pool in pools if pool.deep]
    if not pairs:
        return wrong_path(desk)
    path = [first or last or desk.rng.choice(desk.rng.choice(pairs))]
    length = desk.rng.choice((2, 2, 3, 3, 4, 5))
    while len(path) < length:
        ahead = [
            other
            for pair in pairs
            for one, other in (pair, pair[::-1])
            if one == path[-1] and other not in path
        ]
        if not ahead:
            break
        path.append(desk.rng.choice(ahead))
    return path[::-1] if last else path


def wrong_path(desk: Desk) -> list[str]:
    """Too short, a token twice in a row, no such pool, through nowhere, ends exchanged."""
    path = desk.rng.sample(TOKENS, desk.rng.choice((2, 3, 5)))
    return desk.rng.choice(
        ([], path[:1], [path[0], *path], path, [*path, "zero"], ["weth", *path], [*path, "weth"])
    )


def exact_in(desk: Desk, path: list[str]) -> Trade:
    """An amount to sell that buys something."""
    pools = _pools(desk, path)
    if not pools:
        return Trade(desk.amount(2**64), 0, False)
    entry = pools[0].reserves[pools[0].side(path[0])]
    for _ in range(ATTEMPTS):
        amount = desk.amount(2 * entry)
        amounts = desk.quoted("getAmountsOut", amount, path)
        if amounts and amounts[-1] and _fit(pools, path, amounts):
            return Trade(amount, amounts[-1], True)
    return Trade(amount, amounts[-1] if amounts else 0, False)


def exact_out(desk: Desk, path: list[str]) -> Trade:
    """An amount to buy that can be paid."""
    pools = _pools(desk, path)
    if not pools:
        return Trade(desk.amount(2**64), 2**64, False)
    end = pools[-1].reserves[pools[-1].side(path[-1])]
    amount = 1
    for attempt in range(ATTEMPTS):
        amount = desk.amount(max(end >> (1 + 4 * attempt), 1))
        amounts = desk.quoted("getAmountsIn", amount, path)
        if amounts and _fit(pools, path, amounts):
            return Trade(amount, amounts[0], True)
    return Trade(amount, amounts[0] if amounts else 2**64, False)


def _pools(desk: Desk, path: list[str]) -> list[View]:
    """The pools along a path; [] where one is missing or empty."""
    known = {frozenset(name.split("/")): name for name in desk.pools()}
    names = [known.get(frozenset(pair)) for pair in itertools.pairwise(path)]
    views = [desk.view(name) for name in names if name]
    complete = len(views) == len(names) and all(view.deep for view in views)
    return views if complete else []


def _fit(pools: list[View], path: list[str], amounts: list[int]) -> bool:
    """Whether each pool has room for what it is paid, and is asked for less than it has."""
    hops = zip(pools, path, amounts, strict=False)
    return all(amount <= pool.room[pool.side(token)] for pool, token, amount in hops)

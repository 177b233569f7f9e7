"""Measures of market structures, on tables written by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest

from dexsim.results import block_measures
from dexsim.results.block_measures import (
    deadweight,
    inclusion_delay_seconds,
    reorder_distance,
    retail_refund_bps,
    retail_unfilled,
)

ETHER = 10**18


class Tables:
    """An arm of these tables, in which one ETH is worth 2000."""

    def __init__(self, **tables: list[dict[str, Any]]) -> None:
        self._tables = tables

    def rows(self, table: str) -> list[dict[str, Any]]:
        return self._tables.get(table, [])

    def value(self, token: str, wei: int) -> Fraction:
        return Fraction(wei * {"ETH": 2000, "USDC": 1}[token], 10 ** {"ETH": 18, "USDC": 6}[token])


def tx(block: int = 1, arrival_ms: int = 0, role: str = "trader", **about: Any) -> dict[str, Any]:
    fields = {"block": block, "arrival_ms": arrival_ms, "role": role, "status": True}
    return fields | {"gas_used": 0} | about


def distance(*times: int) -> float:
    return reorder_distance(Tables(transactions=[tx(arrival_ms=time) for time in times]))  # type: ignore[arg-type]


def test_order_of_arrival_is_no_distance_and_its_reverse_is_all() -> None:
    assert distance(1, 2, 3, 4) == 0
    assert distance(4, 3, 2, 1) == 100
    assert distance(2, 1, 3, 4) == pytest.approx(100 / 6)


@pytest.mark.parametrize("order", list(permutations((1, 1, 2, 3, 5))))
def test_distance_is_the_share_of_pairs_that_changed_places(order: tuple[int, ...]) -> None:
    pairs = [(a, b) for i, a in enumerate(order) for b in order[i + 1 :] if a != b]
    assert distance(*order) == pytest.approx(100 * sum(a > b for a, b in pairs) / len(pairs))


def test_pairs_are_of_one_block_and_builders_do_not_count() -> None:
    rows = [tx(1, 5), tx(2, 1), tx(1, 0, "builder"), tx(0, 9)]
    assert reorder_distance(Tables(transactions=rows)) == 0  # type: ignore[arg-type]
    assert distance() == distance(7) == distance(7, 7) == 0


def test_delay_is_from_sending_to_the_block() -> None:
    blocks = [{"block": 1, "time_ms": 12_000}, {"block": 2, "time_ms": 30_000}]
    rows = [tx(1, 2_000), tx(2, 10_000), tx(2, 29_000, "searcher")]
    arm = Tables(blocks=blocks, transactions=rows)
    assert inclusion_delay_seconds(arm) == 15  # type: ignore[arg-type]
    assert inclusion_delay_seconds(Tables(blocks=blocks)) == 0  # type: ignore[arg-type]


def test_deadweight_is_what_searchers_and_failures_burn() -> None:
    blocks = [{"block": 0, "base_fee": 0}, {"block": 1, "base_fee": 10**9}]
    rows = [
        tx(1, gas_used=100_000),
        tx(1, gas_used=200_000, status=False),
        tx(1, role="searcher", gas_used=400_000),
        tx(1, role="arbitrageur", gas_used=800_000),
        tx(0, role="searcher", gas_used=1_600_000),
    ]
    arm = Tables(blocks=blocks, transactions=rows)
    assert deadweight(arm) == pytest.approx(2000 * 1_400_000 * 1e-9)  # type: ignore[arg-type]


def test_refunds_to_users_are_told_by_what_they_sold() -> None:
    agents = [{"agent": "retail", "role": "trader"}, {"agent": "bot", "role": "searcher"}]
    bundles = [
        {"refunded": "retail", "refund": ETHER // 1000},
        {"refunded": "bot", "refund": ETHER},
        {"refunded": "", "refund": 0},
    ]
    swaps = [{"role": "trader", "token_in": "ETH", "amount_in": ETHER}]
    assert retail_refund_bps(Tables(agents=agents, bundles=bundles, swaps=swaps)) == 10  # type: ignore[arg-type]
    assert retail_refund_bps(Tables(agents=agents, bundles=bundles)) == 0  # type: ignore[arg-type]


def test_an_order_is_unfilled_where_it_waits_or_fails() -> None:
    agents = [{"agent": "retail", "role": "trader"}, {"agent": "bot", "role": "searcher"}]
    orders = [{"agent": "retail"}] * 4 + [{"agent": "bot"}] * 9
    done = {"block": 1, "position": 4, "role": "trader"}
    swaps = [
        done,
        done,
        done | {"role": "searcher", "position": 5},
    ]  # the first a route of two pools
    arm = Tables(agents=agents, orders=orders, swaps=swaps)
    assert retail_unfilled(arm) == 75  # type: ignore[arg-type]
    assert retail_unfilled(Tables(agents=agents)) == 0  # type: ignore[arg-type]


def test_every_measure_of_structures_is_tried_here() -> None:
    assert {each.__name__ for each in block_measures.BLOCK_MEASURES} <= set(globals())

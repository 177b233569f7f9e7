"""The reasons that stand for each other here are those of the contracts' page, and no others."""

from __future__ import annotations

import re

from tests.differential.operation import Op
from tests.differential.reasons import OURS, agree
from tests.subject import CONTRACTS

COMPARED = ("pool: ", "factory: ", "router: ", "weth: ")


def rows() -> dict[str, str]:
    """The reasons of the contracts that are compared, each with what the page says of the original's."""
    page = (CONTRACTS / "README.md").read_text()
    told = dict(re.findall(r"^\| `(\w+: [^`]+)` \| (.*) \|$", page, re.MULTILINE))
    return {ours: said for ours, said in told.items() if ours.startswith(COMPARED)}


def test_every_pair_of_reasons_stands_in_the_contracts_page():
    page = rows()
    for theirs, all_ours in OURS.items():
        for ours in all_ours - {""}:
            said = page[ours]
            assert theirs in said if theirs else ("none" in said or "no reason" in said), ours


def test_every_reason_of_the_page_has_its_pair():
    paired = {ours for all_ours in OURS.values() for ours in all_ours}
    of_the_original = {ours for ours, said in rows().items() if "`" in said}
    assert of_the_original <= paired


def test_another_reason_is_no_agreement():
    op = Op("alice", "red/weth", "swap", (1, 0, "alice", b""))
    assert agree(op, "UniswapV2: K", "pool: k")
    assert not agree(op, "UniswapV2: K", "pool: insufficient input")
    assert not agree(op, "UniswapV2: K", "")
    assert not agree(op, "", "router: invalid path")


def test_a_path_may_be_refused_for_its_tokens_first_but_only_where_they_are_wrong():
    wrong = Op("alice", "router", "getAmountsOut", (0, ["red", "red"]))
    right = Op("alice", "router", "getAmountsOut", (0, ["red", "blue"]))
    theirs = "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT"
    assert agree(wrong, theirs, "router: identical addresses")
    assert not agree(right, theirs, "router: identical addresses")


def test_only_what_buys_an_exact_amount_is_refused_for_the_whole_reserve():
    path = ["red", "blue"]
    for function, may in (("getAmountsIn", True), ("getAmountsOut", False)):
        op = Op("alice", "router", function, (1, path))
        assert agree(op, "ds-math-sub-underflow", "router: insufficient liquidity") is may

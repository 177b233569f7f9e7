"""Every promise of the list has somebody who checks it, and nobody checks one that is not on the list."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from dexsim.conformance.amm.statements import AMM
from dexsim.conformance.keeping import CHECKED_BY, Broken
from dexsim.conformance.properties import XYK
from dexsim.conformance.record import Record
from dexsim.conformance.xyk.ladder import LADDER
from dexsim.conformance.xyk.swaps import SwapMachine
from tests.stateful import arithmetic
from tests.stateful.campaign import insist_on_aim

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
LISTED = {
    each["id"]
    for each in json.loads((VECTORS / "invariants.json").read_text())["properties"]
    if each["id"].startswith("P")
}


def test_machines_and_arithmetic_check_every_listed_promise_of_pools():
    assert LADDER
    assert arithmetic
    assert set(CHECKED_BY) >= LISTED
    assert set(CHECKED_BY) <= {each.id for each in (*XYK, *AMM)}


def test_what_is_promised_of_pairs_begins_with_what_is_listed():
    rewards = {f"R0{number}" for number in range(1, 9)}
    assert {each.id for each in XYK} >= LISTED | rewards
    assert len({each.id for each in (*XYK, *AMM)}) == len(XYK) + len(AMM)


def test_every_rung_has_rules_of_its_own_and_keeps_those_below():
    for lower, higher in itertools.pairwise(LADDER):
        assert issubclass(higher, lower)
        assert higher.own_rules()
        assert not lower.own_rules() & higher.own_rules()


def campaign(rule: str, accepted: int, tried: int) -> Record:
    """A record of one rule, where all other rules and promises are well."""
    record = Record()
    for own in SwapMachine.own_rules():
        record.refused[own] += 1
    record.kept.update(LISTED)
    for number in range(tried):
        record.aimed(rule, number < accepted)
    return record


def test_a_campaign_that_aims_badly_fails_and_names_rule_and_ratio():
    insist_on_aim(campaign("swap", 6, 10), SwapMachine)
    with pytest.raises(Broken, match="swap: only 59 % of 100 attempts"):
        insist_on_aim(campaign("swap", 59, 100), SwapMachine)


def test_a_campaign_that_left_a_rule_or_a_promise_out_fails():
    record = campaign("swap", 1, 1)
    del record.refused["one_wei_more_is_refused"]
    del record.kept["P13"]
    with pytest.raises(Broken, match="one_wei_more_is_refused: never ran; P13: never checked"):
        insist_on_aim(record, SwapMachine)

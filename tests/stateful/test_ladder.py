"""Random histories of dexsim's own contracts, rung by rung."""

from __future__ import annotations

import pytest

from dexsim.conformance.xyk.ladder import LADDER
from tests.stateful.campaign import CHECK, CHECK_ALL, LONG, insist_on_aim, run
from tests.stateful.subjects import ours


@pytest.mark.parametrize("rung", LADDER)
def test_no_history_breaks_a_promise(rung, record_property):
    record = run(rung, ours(), CHECK_ALL if rung in LADDER[-2:] else CHECK)
    record_property("acceptance", f"{rung.__name__}\n{record.table()}")
    insist_on_aim(record, rung)


@pytest.mark.long
@pytest.mark.parametrize("rung", LADDER)
def test_no_long_history_breaks_a_promise(rung, record_property):
    record = run(rung, ours(), LONG)
    record_property("acceptance", f"{rung.__name__}, long\n{record.table()}")
    insist_on_aim(record, rung)

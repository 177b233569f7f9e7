"""Random histories of dexsim's own contracts, rung by rung."""

from __future__ import annotations

import pytest

from tests.stateful.campaign import CHECK, CHECK_ALL, LADDER, LONG, insist_on_aim, run
from tests.stateful.subjects import OURS


@pytest.mark.parametrize("rung", LADDER)
def test_no_history_breaks_a_promise(rung, record_property):
    record = run(rung, OURS, CHECK_ALL if rung is LADDER[-1] else CHECK)
    record_property("acceptance", f"{rung.__name__}\n{record.table()}")
    insist_on_aim(record, rung)


@pytest.mark.long
@pytest.mark.parametrize("rung", LADDER)
def test_no_long_history_breaks_a_promise(rung, record_property):
    record = run(rung, OURS, LONG)
    record_property("acceptance", f"{rung.__name__}, long\n{record.table()}")
    insist_on_aim(record, rung)

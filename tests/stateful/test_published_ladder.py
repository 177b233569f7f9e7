"""The same ladder over the published Uniswap v2: the promises and the model are not ours alone."""

from __future__ import annotations

import pytest

from dexsim.conformance.xyk.ladder import LADDER
from tests.published import needs_published
from tests.stateful.campaign import SMALL, run
from tests.stateful.subjects import theirs

pytestmark = needs_published


@pytest.mark.parametrize("rung", LADDER)
def test_the_published_pool_keeps_the_same_promises(rung, record_property):
    record = run(rung, theirs(), SMALL)
    record_property("acceptance", f"{rung.__name__}, published\n{record.table()}")

"""Verdicts on somebody's own pool, in a test or a script.

    from dexsim.testing.properties import Candidate, check

    def test_my_pool_is_an_amm():
        check(Candidate(pool="mypool.vy", adapter="adapter.py:Mine")).insist()

`dexsim check` does the same from the command line.
"""

from __future__ import annotations

from dexsim.conformance.amm.statements import AMM
from dexsim.conformance.candidate import Candidate
from dexsim.conformance.checking import check
from dexsim.conformance.keeping import Broken
from dexsim.conformance.properties import XYK, Property
from dexsim.conformance.replaying import replay
from dexsim.conformance.verdict import Counterexample, Report, Verdict

__all__ = [
    "AMM",
    "XYK",
    "Broken",
    "Candidate",
    "Counterexample",
    "Property",
    "Report",
    "Verdict",
    "check",
    "replay",
]

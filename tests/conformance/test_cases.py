"""Cases at the boundaries: dexsim's pool and the published one pass each of them."""

from __future__ import annotations

import pytest

from dexsim.conformance import campaign
from dexsim.conformance.campaign import Size
from dexsim.conformance.history import Trial
from dexsim.conformance.properties import XYK
from dexsim.conformance.xyk.every_case import CASES, CaseMachine
from tests.published import needs_published
from tests.stateful.subjects import ours, theirs


def broken(name, subject):
    """What a case finds broken, None for nothing."""

    class Only(CaseMachine):
        @classmethod
        def histories(cls):
            return [[("play", {"case": name})]]

    trial = Trial()
    campaign.run(Only, Size(1, 1), trial, subject=subject)
    assert trial.failed or trial.record.kept[CASES[name].promise]
    return trial.broken


@pytest.mark.parametrize("name", CASES)
def test_our_pool_passes(name):
    assert broken(name, ours()) is None


@needs_published
@pytest.mark.parametrize("name", CASES)
def test_the_published_pool_passes(name):
    assert broken(name, theirs()) is None


def test_every_case_is_for_a_property_that_is_listed_and_says_what_it_promises():
    listed = {each.id for each in XYK}
    for case in CASES.values():
        assert case.promise in listed, case.name
        assert case.says, case.name

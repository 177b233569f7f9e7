"""Faulty minters: who gets how much, and who says so."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_PART = "self._line_of[gauge] = self._through(share, self._part(line, share), weight)"
_SUM = "self._sum_line = self._through(share, self._part(sum_line, share), total)"
_SHARE = "self._share_line = self._through(share, released - waiting, total)"
_OWNER = "    self._insist_on_owner()\n"

_NOTED = "        self.drawn[msg.sender] = emitted\n"
_MINTED = "        extcall IIncentiveToken(token).mint(msg.sender, amount)\n"

SHARES = [
    Mutant(
        "a new weight counts for the past",
        "minter.vy",
        _PART,
        "self._line_of[gauge] = (weight << 224) | (line & _OFFSET)",
        "test_minter.py::test_a_new_weight_counts_at_once_and_never_for_the_past",
        always=True,
    ),
    Mutant(
        "a new gauge gets its part of the past",
        "minter.vy",
        _PART,
        "self._line_of[gauge] = self._through("
        "0 if line == _ZERO else share, self._part(line, share), weight)",
        "test_minter.py::test_who_comes_later_gets_nothing_of_the_past",
    ),
    Mutant(
        "a weight of zero takes away what was allotted",
        "minter.vy",
        _PART,
        "self._line_of[gauge] = self._through("
        "share, self._part(line, share) if weight > 0 else 0, weight)",
        "test_minter.py::test_weight_zero_keeps_what_was_allotted_and_comes_back_without_the_time_between",
    ),
    Mutant(
        "the sum of the parts is forgotten when a weight changes",
        "minter.vy",
        _SUM,
        "self._sum_line = self._through(share, 0, total)",
        "test_minter.py::test_a_new_weight_counts_at_once_and_never_for_the_past",
    ),
    Mutant(
        "the old weight stays in the total",
        "minter.vy",
        "(sum_line >> 224) - (line >> 224) + weight",
        "(sum_line >> 224) + weight",
        "test_minter.py::test_a_new_weight_counts_at_once_and_never_for_the_past",
    ),
    Mutant(
        "what waits is lost when weights change",
        "minter.vy",
        _SHARE,
        "self._share_line = self._through(share, released, total)",
        "test_minter.py::test_what_a_division_leaves_waits_for_the_next_one",
        always=True,
    ),
    Mutant(
        "the emission without weights waits for the next gauge",
        "minter.vy",
        _SHARE,
        "self._share_line = self._through("
        "share, min(released - waiting, self._part(self._sum_line, share)), total)",
        "test_minter.py::test_without_any_weight_the_emission_is_nobodys",
    ),
    Mutant(
        "the share goes on by the weights of before",
        "minter.vy",
        "    " + _SHARE + "\n",
        "    if self._share_line == 0:\n        " + _SHARE + "\n",
        "test_minter.py::test_a_new_weight_counts_at_once_and_never_for_the_past",
    ),
    Mutant(
        "what was nobody's for a time is shared as soon as there are weights again",
        "minter.vy",
        "    if sum_line >> 224 > 0:\n        waiting",
        "    if self._share_line > 0:\n        waiting",
        "test_minter.py::test_without_any_weight_the_emission_is_nobodys",
    ),
    Mutant(
        "the share rounds up",
        "minter.vy",
        "unsafe_sub(unsafe_add(released, _ZERO), line & _OFFSET), total)",
        "unsafe_sub(unsafe_add(released, _ZERO), line & _OFFSET) + total - 1, total)",
        "test_minter.py::test_what_a_division_leaves_waits_for_the_next_one",
    ),
    Mutant(
        "every gauge gets the share of one unit of weight",
        "minter.vy",
        "unsafe_mul(line >> 224, share)",
        "unsafe_mul(min(line >> 224, 1), share)",
        "test_minter.py::test_the_emission_is_split_by_weights",
    ),
    Mutant(
        "undistributed leaves out what waits",
        "minter.vy",
        "return released - self._part(self._sum_line, self._share(released))",
        "return released - self._part(self._sum_line, self._share(released))"
        " - (released % max(self._sum_line >> 224, 1))",
        "test_minter.py::test_what_a_division_leaves_waits_for_the_next_one",
    ),
    Mutant(
        "who is no gauge was allotted something",
        "minter.vy",
        "    if line == 0:\n        return 0\n",
        "",
        "test_minter.py::test_who_is_no_gauge_was_allotted_nothing",
    ),
]

DRAWS = [
    Mutant(
        "a draw is made again and again",
        "minter.vy",
        "        self.drawn[msg.sender] = emitted\n",
        "",
        "test_minter.py::test_a_second_draw_in_the_same_second_brings_nothing",
        always=True,
    ),
    Mutant(
        "a draw is noted after the mint",
        "minter.vy",
        _NOTED + _MINTED,
        _MINTED + _NOTED,
        "test_minter.py::test_a_draw_within_a_draw_brings_nothing",
    ),
    Mutant(
        "a draw counts what was drawn last, and not all",
        "minter.vy",
        "self.drawn[msg.sender] = emitted",
        "self.drawn[msg.sender] = amount",
        "test_minter.py::test_a_draw_mints_what_was_allotted_and_not_drawn",
    ),
    Mutant(
        "a draw mints all that was ever allotted",
        "minter.vy",
        ".mint(msg.sender, amount)",
        ".mint(msg.sender, emitted)",
        "test_minter.py::test_a_draw_mints_what_was_allotted_and_not_drawn",
    ),
    Mutant(
        "a draw mints to who sent the transaction",
        "minter.vy",
        ".mint(msg.sender, amount)",
        ".mint(tx.origin, amount)",
        "test_minter.py::test_a_draw_mints_what_was_allotted_and_not_drawn",
    ),
    Mutant(
        "anybody draws",
        "minter.vy",
        '    line: uint256 = self._line_of[msg.sender]\n    assert line != 0, "minter: no such gauge"\n',
        "    line: uint256 = self._line_of[msg.sender]\n    if line == 0:\n        return 0\n",
        "test_minter.py::test_only_gauges_draw",
    ),
    Mutant(
        "a draw is told without its amount",
        "minter.vy",
        "log Drawn(gauge=msg.sender, amount=amount)",
        "log Drawn(gauge=msg.sender, amount=0)",
        "test_minter.py::test_a_draw_is_told",
    ),
    Mutant(
        "a gauge without weight draws nothing",
        "minter.vy",
        "    if amount > 0:\n",
        "    if amount > 0 and line >> 224 > 0:\n",
        "test_minter.py::test_a_gauge_without_weight_draws_what_it_was_allotted_before",
    ),
]

OWNER = [
    Mutant(
        "anybody owns the minter",
        "minter.vy",
        'assert msg.sender == self.owner, "minter: forbidden"',
        "pass",
        "test_minter.py::test_only_the_owner_sets_weights_and_hands_them_over",
        always=True,
    ),
    Mutant(
        "anybody sets weights",
        "minter.vy",
        _OWNER + "    line: uint256",
        "    line: uint256",
        "test_minter.py::test_only_the_owner_sets_weights_and_hands_them_over",
    ),
    Mutant(
        "anybody registers gauges",
        "minter.vy",
        _OWNER + "    assert gauge.is_contract",
        "    assert gauge.is_contract",
        "test_minter.py::test_only_the_owner_sets_weights_and_hands_them_over",
    ),
    Mutant(
        "anybody makes himself the owner",
        "minter.vy",
        _OWNER + "    assert owner != empty(address)",
        "    assert owner != empty(address)",
        "test_minter.py::test_only_the_owner_sets_weights_and_hands_them_over",
    ),
    Mutant(
        "a gauge is registered again and begins anew",
        "minter.vy",
        '    assert self._line_of[gauge] == 0, "minter: gauge is registered"\n',
        "",
        "test_minter.py::test_a_gauge_is_registered_once",
    ),
    Mutant(
        "an account can be a gauge",
        "minter.vy",
        '    assert gauge.is_contract, "minter: no such gauge"\n',
        "",
        "test_minter.py::test_a_gauge_has_code_and_is_registered_before_it_is_weighed",
    ),
    Mutant(
        "all weights together have no bound",
        "minter.vy",
        '    assert total <= MAX_TOTAL_WEIGHT, "minter: weight too high"\n',
        "",
        "test_minter.py::test_weights_are_bounded_each_and_all_together",
    ),
    Mutant(
        "a weight has no bound of its own",
        "minter.vy",
        '    assert weight <= MAX_TOTAL_WEIGHT, "minter: weight too high"\n',
        "",
        "test_minter.py::test_weights_are_bounded_each_and_all_together",
    ),
    Mutant(
        "a new gauge is not listed",
        "minter.vy",
        "    self.gauges[self.gauge_count] = gauge\n",
        "",
        "test_minter.py::test_changes_of_gauges_are_told_and_listed",
    ),
]

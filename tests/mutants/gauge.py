"""Faulty gauges: whose stake, who earns what, what is paid, and that nothing else is held back."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_UNIT, _REWARDS = "test_gauge_contract.py::", "test_gauge_rewards.py::"
_HOSTILE, _RECORDED = "test_gauge_hostile.py::", "test_gauge_recorded.py::"
_LOCK = '    assert not self._locked, "gauge: locked"\n'
_OWNER = '    assert msg.sender == self.owner, "gauge: forbidden"\n'
_RETURNED = """\
        if returned > counted:
            self._to_nobody(i, returned)
            returned = 0
"""
_GONE = """\
    if (stakes >> 120) & _FIELD > 0:
        stakes = ((stakes >> 240) << 240) | self._total(stakes)
        self._stakes = stakes
"""


def _gauge(name: str, find: str, replace: str, killed_by: str, *, always: bool = False) -> Mutant:
    return Mutant(name, "gauge.vy", find, replace, killed_by, always)


STAKES = [
    _gauge(
        "a deposit for somebody else is the payer's stake",
        "self._restake(to, stake, unsafe_add(stake, amount))",
        "self._restake(msg.sender, stake, unsafe_add(stake, amount))",
        _REWARDS + "test_a_deposit_for_somebody_else_is_his_stake_and_earns_for_him",
    ),
    _gauge(
        "a deposit for somebody else is told as the payer's",
        "log Deposited(owner=to, amount=amount)",
        "log Deposited(owner=msg.sender, amount=amount)",
        _REWARDS + "test_a_deposit_for_somebody_else_is_his_stake_and_earns_for_him",
    ),
    _gauge(
        "one more than the stake comes back",
        "assert amount <= stake,",
        "assert amount <= stake + 1,",
        _UNIT + "test_withdrawal_gives_the_stake_back_and_not_one_more",
    ),
    _gauge(
        "stakes may be one too many",
        "assert amount <= unsafe_sub(MOST_STAKED, total),",
        "assert amount <= unsafe_sub(MOST_STAKED + 1, total),",
        _UNIT + "test_stakes_have_a_limit_and_not_one_more",
    ),
    _gauge(
        "a gauge can be entered again",
        _LOCK,
        "",
        _HOSTILE + "test_no_function_can_be_entered_while_a_stake_moves[withdraw]",
        always=True,
    ),
    _gauge(
        "an emergency exit leaves the stake",
        "    self.staked[msg.sender] = 0\n",
        "",
        _REWARDS + "test_an_emergency_exit_gives_the_stake_back_and_the_rewards_to_nobody",
    ),
    _gauge(
        "an emergency exit asks the minter",
        "    stakes: uint256 = self._stakes\n    for i: uint256 in range(stakes >> 240, bound=8):\n"
        "        self._give_up",
        "    stakes: uint256 = self._count(msg.sender, stake, stake)\n"
        "    for i: uint256 in range(stakes >> 240, bound=8):\n        self._give_up",
        _HOSTILE + "test_an_emergency_exit_asks_not_even_the_minter",
    ),
    _gauge(
        "who leaves in an emergency leaves his part to the others",
        "unsafe_sub(unsafe_add(stakes, stake << 120), stake)",
        "unsafe_sub(stakes, stake)",
        _REWARDS + "test_an_emergency_exit_gives_the_stake_back_and_the_rewards_to_nobody",
    ),
    _gauge(
        "who left in an emergency earns for ever",
        _GONE,
        "",
        _REWARDS + "test_after_an_emergency_exit_the_others_earn_all_that_comes",
    ),
    _gauge(
        "a minter that cannot tell keeps the stakes",
        "        is_static_call=True,\n        revert_on_failure=False,\n    )",
        "        is_static_call=True,\n        revert_on_failure=False,\n    )\n    assert success",
        _REWARDS
        + "test_a_minter_that_cannot_tell_keeps_no_stake_and_what_it_emits_is_earned_later",
    ),
    _gauge(
        "a minter may answer more than can be counted",
        "return min(convert(answer, uint256), _LOW)",
        "return convert(answer, uint256)",
        _REWARDS + "test_more_is_emitted_than_can_be_counted_and_stakes_come_back",
    ),
]

BOOKS = [
    _gauge(
        "a claim for somebody else pays the caller",
        "assert token_calls._transfer(token, owner, amount), ",
        "assert token_calls._transfer(token, msg.sender, amount), ",
        _REWARDS + "test_a_claim_for_somebody_else_pays_him",
    ),
    _gauge(
        "a claim is not noted down as paid",
        "unsafe_add(books - amount, amount << 128)",
        "books - amount",
        _REWARDS + "test_a_claim_for_somebody_else_pays_him",
    ),
    _gauge(
        "what is claimed can be claimed again",
        "unsafe_add(books - amount, amount << 128)",
        "unsafe_add(books, amount << 128)",
        _UNIT + "test_a_lone_staker_earns_every_second_and_claims_it_once",
        always=True,
    ),
    _gauge(
        "one reward is asked for and all are paid",
        "    if token == empty(address):\n        self._pay_all(owner, stakes)\n"
        "    else:\n        self._pay(owner, self._place(token), token)\n",
        "    self._pay_all(owner, stakes)\n",
        _REWARDS + "test_one_reward_is_claimed_and_the_other_stays",
    ),
    _gauge(
        "a reward that is not paid counts as paid",
        "    assert token_calls._transfer(token, owner, amount), ",
        "    paid: bool = token_calls._transfer(token, owner, amount)\n    assert paid or True, ",
        _HOSTILE + "test_a_reward_that_is_not_paid_keeps_nothing_else_back",
    ),
    _gauge(
        "every claim draws",
        " and staticcall IERC20(token).balanceOf(self) < amount:",
        ":",
        _REWARDS + "test_the_minter_is_asked_to_draw_only_when_the_gauge_has_too_little",
    ),
    _gauge(
        "a fraction is lost whenever a stake is counted",
        "        if next > 0:\n            self._accounts[owner][i].mark = mark\n",
        "        if next > 0:\n            self._accounts[owner][i].mark = integral\n",
        _REWARDS + "test_being_counted_often_costs_nobody_a_unit",
    ),
    _gauge(
        "a fraction that goes is in no book",
        "self._rewards[i].not_counted = ~unsafe_sub(counted, returned)",
        "self._rewards[i].not_counted = ~counted",
        _REWARDS + "test_the_fraction_of_a_stake_that_goes_is_shared_by_the_others",
    ),
    _gauge(
        "a fraction that returns as a period begins stops the stream",
        _RETURNED,
        "",
        _REWARDS + "test_a_fraction_that_returns_as_a_period_begins_stops_no_stream",
        always=True,
    ),
    _gauge(
        "what was claimed is forgotten in an emergency",
        "self._accounts[owner][place].books = books & ~_LOW",
        "self._accounts[owner][place].books = 0",
        _REWARDS + "test_an_emergency_exit_keeps_what_was_claimed",
    ),
    _gauge(
        "who gives up keeps what was in his books",
        "    self._accounts[owner][place].books = books & ~_LOW\n",
        "",
        _REWARDS + "test_an_emergency_exit_keeps_what_was_claimed",
    ),
    _gauge(
        "what is given up is in no book",
        "    self._to_nobody(place, given)\n",
        "",
        _REWARDS + "test_an_emergency_exit_gives_the_stake_back_and_the_rewards_to_nobody",
    ),
    _gauge(
        "what waits is not undistributed",
        "waiting: uint256 = unsafe_sub(max(released, counted), counted)",
        "waiting: uint256 = 0",
        _REWARDS + "test_the_fraction_of_a_stake_that_goes_is_shared_by_the_others",
    ),
]

STREAMS = [
    _gauge(
        "anybody starts periods",
        'assert msg.sender == self._rewards[place].distributor, "gauge: not the distributor"',
        "assert True",
        _REWARDS + "test_only_its_distributor_starts_a_period",
    ),
    _gauge(
        "anybody adds rewards",
        _OWNER,
        "    pass\n",
        _REWARDS + "test_only_the_owner_adds_rewards_and_hands_that_over",
    ),
    _gauge(
        "what was asked for counts, and not what arrived",
        "return staticcall IERC20(token).balanceOf(self) - before",
        "return amount",
        _HOSTILE + "test_a_reward_that_takes_a_fee_is_streamed_as_it_arrives",
    ),
    _gauge(
        "what is left of a period is lost in the next",
        "arrived + left + (spare",
        "arrived + (spare",
        _REWARDS + "test_what_is_left_and_what_is_nobodys_goes_into_the_next_period",
    ),
    _gauge(
        "what is nobody's is streamed and stays nobody's",
        "* reward_shares.PARTS + spare % reward_shares.PARTS",
        "* reward_shares.PARTS + spare",
        _REWARDS + "test_what_is_left_and_what_is_nobodys_goes_into_the_next_period",
    ),
    _gauge(
        "the remainder of a rate is in no book",
        "(amount % duration) * reward_shares.PARTS + spare % reward_shares.PARTS",
        "spare % reward_shares.PARTS",
        _REWARDS + "test_a_period_is_told_and_ends_to_the_second",
    ),
    _gauge(
        "the past is streamed by the new rate",
        "    self._count(msg.sender, stake, stake)\n    self._rewards[place].funded",
        "    self._rewards[place].funded",
        _REWARDS + "test_what_is_left_and_what_is_nobodys_goes_into_the_next_period",
    ),
    _gauge(
        "more may be sent than can be counted",
        '    assert arrived <= _LOW - funded, "gauge: reward too high"\n',
        "",
        _REWARDS + "test_the_most_that_can_be_streamed_is_counted_and_one_more_is_refused",
    ),
    _gauge(
        "a reward can be there twice",
        '    assert self._place_of[token] == 0, "gauge: reward is there"\n',
        "",
        _REWARDS + "test_rewards_that_cannot_be_are_refused",
    ),
    _gauge(
        "stakes can be a reward",
        '    assert token != lp_token, "gauge: staked token"\n',
        "",
        _REWARDS + "test_rewards_that_cannot_be_are_refused",
    ),
    Mutant(
        "a period goes on behind its end",
        "reward_stream.vy",
        "unsafe_sub(min(time, (clock >> 64) & _MAX_TIME), clock & _MAX_TIME)",
        "unsafe_sub(time, clock & _MAX_TIME)",
        _REWARDS + "test_a_period_is_told_and_ends_to_the_second",
        always=True,
    ),
    Mutant(
        "a period counts from its end",
        "reward_stream.vy",
        "    return (rate << 128) | ((begin + duration) << 64) | begin\n",
        "    return (rate << 128) | ((begin + duration) << 64) | (begin + 1)\n",
        _REWARDS + "test_a_period_is_told_and_ends_to_the_second",
    ),
    Mutant(
        "nothing is ever left of a period",
        "reward_stream.vy",
        "unsafe_sub(finish, min(time, finish))",
        "0 * finish",
        _REWARDS + "test_what_is_left_and_what_is_nobodys_goes_into_the_next_period",
    ),
]

SHARES = [
    Mutant(
        "what does not divide is lost",
        "reward_shares.vy",
        "return unsafe_add(counted, unsafe_mul(step, total)), step",
        "return parts, step",
        _REWARDS + "test_what_does_not_divide_waits_for_what_comes",
        always=True,
    ),
    Mutant(
        "what is released while nobody stakes waits for who comes",
        "reward_shares.vy",
        "        return parts, 0, fresh\n",
        "        return counted, 0, 0\n",
        _UNIT + "test_emission_before_the_first_stake_belongs_to_nobody",
    ),
    Mutant(
        "an emission that goes back is a great one",
        "reward_shares.vy",
        "if parts < counted or unsafe_sub(parts, counted) < PARTS:",
        "if unsafe_sub(parts, counted) < PARTS:",
        _REWARDS + "test_an_emission_that_goes_back_takes_nothing_back",
    ),
    Mutant(
        "what one hands back the next one gets in the same second",
        "reward_shares.vy",
        "unsafe_sub(parts, counted) < PARTS:",
        "unsafe_sub(parts, counted) < 1:",
        _REWARDS + "test_who_acts_alike_in_a_second_earns_alike_though_fractions_return",
    ),
    Mutant(
        "the part of who left is the others'",
        "reward_shares.vy",
        "step, unsafe_mul(step, left)",
        "step, 0",
        _REWARDS + "test_an_emergency_exit_gives_the_stake_back_and_the_rewards_to_nobody",
    ),
    Mutant(
        "a mark keeps a part too much",
        "reward_shares.vy",
        "each = unsafe_div(fraction, stake)",
        "each = unsafe_div(fraction, stake) + 1",
        _REWARDS + "test_a_fraction_survives_a_change_of_the_stake",
    ),
]

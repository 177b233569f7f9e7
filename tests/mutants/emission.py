"""Faulty incentive tokens and schedules."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_EPOCH = "    packed: uint256 = self._epochs[unsafe_div(steps, epoch)]\n"
_WRITTEN = "self._epochs[i] = released << 128 | rate"
_GROWN = "return _LISTED + (_INITIAL + _LISTED) * grown // _ONE"

SCHEDULE = [
    Mutant(
        "a schedule begins a second early",
        "schedule.vy",
        "unsafe_div(unsafe_sub(now, start), step)",
        "unsafe_div(unsafe_sub(now, start) + 1, step)",
        "test_incentive_token.py::test_schedule_starts_runs_and_ends",
        always=True,
    ),
    Mutant(
        "a schedule runs before its start",
        "schedule.vy",
        "    if now <= start:\n        return 0\n",
        "",
        "test_incentive_token.py::test_what_is_released_can_be_asked_of_every_time",
    ),
    Mutant(
        "a step releases as it goes",
        "schedule.vy",
        "    if steps >= _LISTED_STEPS:\n",
        "    if step > 1 and terminal_rate > 0 and steps >= _LISTED_STEPS:\n"
        "        return min(terminal_rate * (now - start) // step, _MOST)\n"
        "    if steps >= _LISTED_STEPS:\n",
        "test_emission_schedules.py::test_only_whole_steps_release",
    ),
    Mutant(
        "the last epoch goes on for a step",
        "schedule.vy",
        "if steps >= _LISTED_STEPS:",
        "if steps > _LISTED_STEPS:",
        "test_emission_schedules.py::test_every_epoch_has_its_own_rate_and_then_there_is_no_more",
    ),
    Mutant(
        "an epoch begins with the rate of the one before",
        "schedule.vy",
        _EPOCH,
        _EPOCH.replace("unsafe_div(steps, epoch)", "unsafe_div(steps - min(steps, 1), epoch)"),
        "test_emission_schedules.py::test_every_epoch_has_its_own_rate_and_then_there_is_no_more",
    ),
    Mutant(
        "an epoch forgets those before it",
        "schedule.vy",
        "unsafe_add(packed >> 128, in_epoch)",
        "in_epoch",
        "test_emission_schedules.py::test_crv_has_every_recorded_rate_and_start_supply",
    ),
    Mutant(
        "an epoch's own release counts as released before it",
        "schedule.vy",
        _WRITTEN,
        "self._epochs[i] = min(released + rate * schedule.epoch, most) << 128 | rate",
        "test_emission_schedules.py::test_every_epoch_has_its_own_rate_and_then_there_is_no_more",
    ),
    Mutant(
        "no cap ends a list",
        "schedule.vy",
        "return min(unsafe_add(packed >> 128, in_epoch), _MOST)",
        "return unsafe_add(packed >> 128, in_epoch)",
        "test_emission_schedules.py::test_a_cap_ends_an_epoch_in_its_middle",
    ),
    Mutant(
        "what was released before an epoch is not held to the cap",
        "schedule.vy",
        "released = min(released + rate * schedule.epoch, most)",
        "released = released + rate * schedule.epoch",
        "test_emission_schedules.py::test_a_cap_ends_an_epoch_in_its_middle",
    ),
    Mutant(
        "no cap ends what comes behind a list",
        "schedule.vy",
        "return min(self._behind_the_list(unsafe_sub(steps, _LISTED_STEPS)), _MOST)",
        "return self._behind_the_list(unsafe_sub(steps, _LISTED_STEPS))",
        "test_incentive_token.py::test_the_cap_is_reached_and_not_passed",
        always=True,
    ),
    Mutant(
        "the terminal rate counts from the start",
        "schedule.vy",
        "self._behind_the_list(unsafe_sub(steps, _LISTED_STEPS))",
        "self._behind_the_list(steps)",
        "test_emission_schedules.py::test_behind_the_epochs_comes_the_terminal_rate",
    ),
    Mutant(
        "the end of a list is forgotten behind it",
        "schedule.vy",
        "return unsafe_add(_LISTED, unsafe_mul(terminal_rate, steps))",
        "return unsafe_mul(terminal_rate, steps)",
        "test_emission_schedules.py::test_behind_the_epochs_comes_the_terminal_rate",
    ),
    Mutant(
        "time without end overflows",
        "schedule.vy",
        "now: uint256 = min(time, _MAX_TIME)",
        "now: uint256 = time",
        "test_emission_schedules.py::test_the_clock_ends_before_amounts_wrap",
    ),
    Mutant(
        "growth leaves the initial supply out",
        "schedule.vy",
        _GROWN,
        "return _LISTED + _LISTED * grown // _ONE",
        "test_emission_schedules.py::test_snx_inflates_by_every_recorded_amount",
    ),
    Mutant(
        "growth leaves what was emitted out",
        "schedule.vy",
        _GROWN,
        "return _LISTED + _INITIAL * grown // _ONE",
        "test_emission_schedules.py::test_snx_grows_behind_its_list_by_the_supply_that_there_is",
    ),
    Mutant(
        "growth does not compound",
        "schedule.vy",
        "self._power(_ONE + terminal_growth, steps) - _ONE",
        "terminal_growth * steps",
        "test_emission_schedules.py::test_snx_inflates_by_every_recorded_amount",
        always=True,
    ),
    Mutant(
        "powers round up",
        "schedule.vy",
        "power = min(power * square // _ONE, _MAX_AMOUNT)",
        "power = min((power * square + _ONE - 1) // _ONE, _MAX_AMOUNT)",
        "test_emission_schedules.py::test_snx_inflates_by_every_recorded_amount",
    ),
    Mutant(
        "a power overflows",
        "schedule.vy",
        "square = min(square * square // _ONE, _MAX_AMOUNT)",
        "square = square * square // _ONE",
        "test_emission_schedules.py::test_growth_beyond_all_bounds_stays_what_it_was",
    ),
    Mutant(
        "a power has the last six digits of its exponent",
        "schedule.vy",
        "for i: uint256 in range(64):",
        "for i: uint256 in range(6):",
        "test_emission_schedules.py::test_snx_inflates_by_every_recorded_amount",
    ),
    Mutant(
        "a rate may be above the cap",
        "schedule.vy",
        '        assert rate <= most, "incentive: rate out of range"\n',
        "",
        "test_incentive_token.py::test_no_rate_is_above_what_can_be_earned",
    ),
    Mutant(
        "a schedule may emit nothing",
        "schedule.vy",
        '    assert released > 0 or schedule.terminal_rate > 0 or grows, "incentive: no emission"\n',
        "",
        "test_incentive_token.py::test_something_has_to_be_emitted",
    ),
    Mutant(
        "a list of zeros and growth of nothing are an emission",
        "schedule.vy",
        "grows: bool = growth > 0 and initial > 0",
        "grows: bool = growth > 0",
        "test_incentive_token.py::test_something_has_to_be_emitted",
    ),
]

TOKEN = [
    Mutant(
        "one more than was released is minted",
        "incentive_token.vy",
        "assert minted <= schedule._released(block.timestamp),",
        "assert minted <= schedule._released(block.timestamp) + 1,",
        "test_incentive_token.py::test_minter_mints_what_is_released_and_not_one_more",
        always=True,
    ),
    Mutant(
        "the last unit cannot be minted",
        "incentive_token.vy",
        "assert minted <= schedule._released(block.timestamp),",
        "assert minted < schedule._released(block.timestamp),",
        "test_incentive_token.py::test_minter_mints_what_is_released_and_not_one_more",
    ),
    Mutant(
        "the initial supply can be minted once more",
        "incentive_token.vy",
        "assert minted <= schedule._released(block.timestamp),",
        "assert minted <= initial_supply + schedule._released(block.timestamp),",
        "test_incentive_token.py::test_the_initial_supply_is_the_deployers_and_counts_for_the_cap",
    ),
    Mutant(
        "what was burned can be minted again",
        "incentive_token.vy",
        "minted: uint256 = self.minted + amount",
        "minted: uint256 = erc20.totalSupply - initial_supply + amount",
        "test_incentive_token.py::test_burning_frees_nothing_to_be_minted_again",
    ),
    Mutant(
        "what was minted is not counted",
        "incentive_token.vy",
        "    self.minted = minted\n",
        "",
        "test_incentive_token.py::test_minter_mints_what_is_released_and_not_one_more",
    ),
    Mutant(
        "anybody mints",
        "incentive_token.vy",
        '    assert msg.sender == self.minter, "incentive: not the minter"\n',
        "",
        "test_incentive_token.py::test_only_the_minter_mints",
    ),
    Mutant(
        "a minter can be replaced",
        "incentive_token.vy",
        '    assert self.minter == empty(address), "incentive: minter is set"\n',
        "",
        "test_incentive_token.py::test_the_deployer_names_the_minter_once",
    ),
    Mutant(
        "anybody names the minter",
        "incentive_token.vy",
        '    assert msg.sender == _deployer, "incentive: forbidden"\n',
        "",
        "test_incentive_token.py::test_the_deployer_names_the_minter_once",
    ),
    Mutant(
        "the initial supply comes on top of the cap",
        "incentive_token.vy",
        "schedule.__init__(schedule_, initial_supply_, cap_ - initial_supply_)",
        "schedule.__init__(schedule_, initial_supply_, cap_)",
        "test_incentive_token.py::test_the_initial_supply_is_the_deployers_and_counts_for_the_cap",
    ),
    Mutant(
        "the available supply leaves the initial one out",
        "incentive_token.vy",
        "return initial_supply + schedule._released(block.timestamp)",
        "return schedule._released(block.timestamp)",
        "test_emission_schedules.py::test_crv_has_every_recorded_rate_and_start_supply",
    ),
    Mutant(
        "a rate is that of a step and not of a second",
        "incentive_token.vy",
        "return (after - schedule._released(block.timestamp)) // schedule.step",
        "return after - schedule._released(block.timestamp)",
        "test_emission_schedules.py::test_only_whole_steps_release",
    ),
    Mutant(
        "a cap may be beyond 128 bits",
        "incentive_token.vy",
        '    assert cap_ <= convert(max_value(uint128), uint256), "incentive: cap too high"\n',
        "",
        "test_incentive_token.py::test_the_cap_is_checked_at_its_borders",
    ),
]

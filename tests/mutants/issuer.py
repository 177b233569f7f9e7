"""Faulty issuers: what a token is worth, who may do what, and when."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_RUN = "test_issuer_reserves.py::"
_UNIT = "test_issuer.py::"
_BUYOUT = "test_buyout_attacks.py::"
_FILE = "issuer.vy"

MONEY = [
    Mutant(
        "the fee of a deposit is taken out of it",
        _FILE,
        "arrived * _BPS // (_BPS + terms.mint_fee_bps)",
        "arrived * (_BPS - terms.mint_fee_bps) // _BPS",
        _UNIT + "test_the_fee_of_a_deposit_is_on_top",
        always=True,
    ),
    Mutant(
        "the fee of a deposit goes to the reserve",
        _FILE,
        "    self.reserve += amount\n    self.income += arrived - amount\n",
        "    self.reserve += arrived\n",
        _UNIT + "test_the_fee_of_a_deposit_is_on_top",
    ),
    Mutant(
        "a deposit that should do is one too small",
        _FILE,
        "return (gross + _BPS - 1) // _BPS",
        "return gross // _BPS",
        _UNIT + "test_the_fee_of_a_deposit_is_on_top",
    ),
    Mutant(
        "the fee of a redemption is not taken",
        _FILE,
        "return gross * (_BPS - terms.redeem_fee_bps) // _BPS",
        "return gross",
        _UNIT + "test_the_fee_of_a_redemption_is_taken_from_the_payout",
    ),
    Mutant(
        "the fee of a redemption stays in the reserve",
        _FILE,
        "    self.reserve -= gross\n    self.income += gross - paid\n",
        "    self.reserve -= paid\n",
        _UNIT + "test_the_fee_of_a_redemption_is_taken_from_the_payout",
    ),
    Mutant(
        "a share of the reserve is of what is left outstanding",
        _FILE,
        "self._worth(amount, erc20.totalSupply + amount)",
        "self._worth(amount, erc20.totalSupply)",
        _RUN + "test_shared_out_the_order_makes_no_difference",
        always=True,
    ),
    Mutant(
        "a share of the reserve rounds up",
        _FILE,
        "return amount * self.reserve // outstanding",
        "return (amount * self.reserve + outstanding - 1) // outstanding",
        _RUN + "test_shared_out_the_order_makes_no_difference",
    ),
    Mutant(
        "who comes first is paid a share",
        _FILE,
        "if not terms.pro_rata or self.reserve >= outstanding:",
        "if self.reserve >= outstanding:",
        _RUN + "test_first_come_pays_what_the_closed_form_says",
    ),
    Mutant(
        "a full reserve pays everybody more than par",
        _FILE,
        "if not terms.pro_rata or self.reserve >= outstanding:",
        "if not terms.pro_rata:",
        _RUN + "test_more_than_all_is_not_shared_out",
    ),
    Mutant(
        "an empty reserve is said to pay",
        _FILE,
        "    if gross > self.reserve:\n        return 0\n",
        "",
        _UNIT + "test_who_comes_first_is_paid_in_full_and_the_last_are_not",
    ),
    Mutant(
        "what is redeemed is not counted",
        _FILE,
        "    self.redeemed += amount\n",
        "",
        _UNIT + "test_a_deposit_mints_one_for_one_and_is_paid_back",
    ),
    Mutant(
        "coverage of nothing is nothing",
        _FILE,
        "        return _ONE\n    return self.reserve",
        "        return 0\n    return self.reserve",
        _UNIT + "test_coverage_of_nothing_is_full",
    ),
    Mutant(
        "the promised coverage rounds down",
        _FILE,
        "left * _BPS >= erc20.totalSupply * terms.min_coverage_bps",
        "left >= erc20.totalSupply * terms.min_coverage_bps // _BPS",
        _UNIT + "test_the_coverage_that_is_promised_stays",
        always=True,
    ),
    Mutant(
        "the owner collects the reserve",
        _FILE,
        '    assert amount <= self.income, "issuer: income exhausted"\n    self.income -= amount\n',
        "    self.reserve = self.reserve + self.income - amount\n    self.income = 0\n",
        _UNIT + "test_income_is_the_owners_and_nothing_else_is",
    ),
    Mutant(
        "the owner recovers what is income",
        _FILE,
        "promised: uint256 = self.reserve + self.income",
        "promised: uint256 = self.reserve",
        _RUN + "test_neither_reserve_nor_income_is_recovered",
    ),
]

CASH = [
    Mutant(
        "a deposit counts as it was asked for, and not as it arrived",
        _FILE,
        "return min(held - before, amount)",
        "return amount",
        _UNIT + "test_cash_with_a_fee_mints_what_arrived",
        always=True,
    ),
    Mutant(
        "more counts than was asked for",
        _FILE,
        "return min(held - before, amount)",
        "return held - before",
        _RUN + "test_more_than_was_asked_for_is_nobodys",
    ),
    Mutant(
        "a deposit is made whatever its token says",
        _FILE,
        'assert done and held >= before, "issuer: transfer failed"',
        'assert held >= before, "issuer: transfer failed"',
        _RUN + "test_a_deposit_that_is_refused_counts_for_nothing",
    ),
    Mutant(
        "a balance that shrinks is no failure of its own",
        _FILE,
        'assert done and held >= before, "issuer: transfer failed"',
        'assert done, "issuer: transfer failed"',
        _RUN + "test_a_balance_that_shrinks_in_a_deposit_is_told",
    ),
    Mutant(
        "a payment need not leave",
        _FILE,
        "assert done and (to == self or before == held + amount)",
        "assert done and (to == self or before <= held + amount)",
        _RUN + "test_what_is_not_paid_out_is_not_written_off",
    ),
    Mutant(
        "a payment may cost more than it is",
        _FILE,
        "assert done and (to == self or before == held + amount)",
        "assert done and (to == self or before >= held + amount)",
        _RUN + "test_cash_that_costs_its_sender_more_is_not_paid_out_of_what_is_others",
    ),
    Mutant(
        "at par less may arrive",
        _FILE,
        '    assert arrived == amount, "issuer: transfer failed"\n',
        "",
        _RUN + "test_at_par_all_has_to_arrive",
    ),
    Mutant(
        "no door is locked",
        _FILE,
        '    assert not self._locked, "issuer: locked"\n',
        "",
        _RUN + "test_in_the_middle_of_a_payment_every_door_is_locked",
        always=True,
    ),
]

RULES = [
    Mutant(
        "a cap is for one deposit, and not for the block",
        _FILE,
        "    self._minted_in_block += amount\n",
        "    self._minted_in_block = amount\n",
        _UNIT + "test_a_block_mints_and_redeems_up_to_its_caps",
    ),
    Mutant(
        "a cap is one short",
        _FILE,
        "assert self._redeemed_in_block <= terms.redeem_cap",
        "assert self._redeemed_in_block < terms.redeem_cap",
        _RUN + "test_a_cap_takes_as_many_blocks_as_the_closed_form_says",
    ),
    Mutant(
        "a cap never opens again",
        _FILE,
        "        self._redeemed_in_block = 0\n",
        "",
        _RUN + "test_a_cap_takes_as_many_blocks_as_the_closed_form_says",
    ),
    Mutant(
        "it is open at any hour",
        _FILE,
        '    assert opening_hours._open(terms.hours, block.timestamp), "issuer: closed"\n',
        "",
        _UNIT + "test_outside_the_hours_nobody_mints_or_redeems",
    ),
    Mutant(
        "anybody is a customer",
        _FILE,
        "assert not terms.whitelist or self.whitelisted[account]",
        "assert terms.whitelist or True",
        _UNIT + "test_only_the_whitelisted_are_served",
    ),
    Mutant(
        "only who sends has to be listed",
        _FILE,
        "allowed: bool = self.whitelisted[sender] and self.whitelisted[receiver]",
        "allowed: bool = self.whitelisted[sender]",
        _UNIT + "test_only_the_whitelisted_hold_what_is_restricted",
    ),
    Mutant(
        "stopped minting goes on",
        _FILE,
        '    assert self.minting, "issuer: minting has stopped"\n',
        "",
        _UNIT + "test_minting_can_stop_and_redemption_stays_open",
    ),
    Mutant(
        "the delay ends a second early",
        _FILE,
        "assert block.timestamp >= self.payable_at[msg.sender]",
        "assert block.timestamp + 1 >= self.payable_at[msg.sender]",
        _UNIT + "test_with_a_delay_tokens_wait_and_are_paid_after_it",
        always=True,
    ),
    Mutant(
        "a second request does not wait anew",
        _FILE,
        "    self.payable_at[msg.sender] = payable_at\n",
        "    if self.requested[msg.sender] == amount:\n"
        "        self.payable_at[msg.sender] = payable_at\n",
        _UNIT + "test_a_second_request_waits_anew_and_can_be_taken_back",
    ),
    Mutant(
        "anybody is the owner",
        _FILE,
        '    assert msg.sender == self.owner, "issuer: not the owner"\n',
        "    pass\n",
        _UNIT + "test_what_is_the_owners_alone",
    ),
    Mutant(
        "anybody is the tender",
        _FILE,
        '    assert msg.sender == self.tender, "issuer: not the tender"\n',
        "",
        _UNIT + "test_only_the_tender_moves_tokens_unasked",
    ),
    Mutant(
        "tokens are minted while somebody bids",
        _FILE,
        "    if tender != empty(address) and self.minting:\n        self._set_minting(False)\n",
        "",
        _BUYOUT + "test_nobody_mints_while_somebody_bids",
    ),
    Mutant(
        "the till can be squeezed out of what waits",
        _FILE,
        "return erc20.balanceOf[holder] - (self.waiting if holder == self else 0)",
        "return erc20.balanceOf[holder]",
        _BUYOUT + "test_tokens_that_wait_are_their_owners_and_not_the_tills",
    ),
    Mutant(
        "what is squeezed out still waits",
        _FILE,
        "        self.requested[holder] -= rest\n",
        "",
        _BUYOUT + "test_who_waits_is_squeezed_out_and_paid",
    ),
]

HOURS = [
    Mutant(
        "the first of January 1970 was a Monday",
        "opening_hours.vy",
        "_FIRST_DAY: constant(uint256) = 3",
        "_FIRST_DAY: constant(uint256) = 0",
        _UNIT + "test_hours_of_a_week",
        always=True,
    ),
    Mutant(
        "it is open in the second in which it closes",
        "opening_hours.vy",
        "hours.opens <= second and second < hours.closes",
        "hours.opens <= second and second <= hours.closes",
        _UNIT + "test_hours_of_a_week",
    ),
    Mutant(
        "a night belongs to the day on which it ends",
        "opening_hours.vy",
        "self._is_on(hours, day - 1)",
        "self._is_on(hours, day)",
        _UNIT + "test_hours_of_a_week",
    ),
]

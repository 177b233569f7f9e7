"""Faulty buy-outs: who is paid, from what, and when."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_UNIT = "test_tender.py::"
_ATTACK = "test_buyout_attacks.py::"
_FILE = "tender.vy"

THRESHOLDS = [
    Mutant(
        "a threshold that is met exactly is missed",
        _FILE,
        "return reached * _BPS >= supply * part_bps",
        "return reached * _BPS > supply * part_bps",
        _UNIT + "test_the_threshold_is_met_exactly_or_not",
        always=True,
    ),
    Mutant(
        "a threshold is met a part of a basis point early",
        _FILE,
        "return reached * _BPS >= supply * part_bps",
        "return (reached + 1) * _BPS // supply >= part_bps",
        _UNIT + "test_above_the_second_threshold_everybody_is_bought_out",
    ),
    Mutant(
        "what the bidder holds counts",
        _FILE,
        "self.succeeded = self._meets(self.total_accepted, supply, offer.threshold_bps)",
        "self.succeeded = self._meets(\n        self.total_accepted + self._balance(bidder), supply, "
        "offer.threshold_bps\n    )",
        _UNIT + "test_tokens_in_the_bidders_hands_count_for_nothing",
    ),
    Mutant(
        "whoever is bought out, all are",
        _FILE,
        "self.drags_along = self._meets(self.total_accepted, supply, offer.drag_bps)",
        "self.drags_along = self.succeeded",
        _UNIT + "test_above_the_second_threshold_everybody_is_bought_out",
    ),
    Mutant(
        "an offer is settled before its end",
        _FILE,
        '    assert block.timestamp > offer.deadline, "tender: too early"\n',
        "",
        _UNIT + "test_who_accepts_is_paid_and_the_rest_of_the_cash_goes_back",
    ),
    Mutant(
        "what is all in does not have to wait",
        _FILE,
        "assert block.timestamp > offer.deadline",
        "assert self.total_accepted == supply or block.timestamp > offer.deadline",
        _UNIT + "test_even_with_everything_in_it_is_settled_after_the_deadline",
    ),
    Mutant(
        "an offer that cannot be paid succeeds",
        _FILE,
        "    if not self.succeeded or owed > self.cash_held:\n",
        "    owed = min(owed, self.cash_held)\n    if not self.succeeded:\n",
        _UNIT + "test_an_offer_that_cannot_pay_for_new_tokens_fails",
    ),
    Mutant(
        "answers count after the deadline",
        _FILE,
        '    assert not self.settled and block.timestamp <= offer.deadline, "tender: too late"\n'
        "    assert amount > 0",
        '    assert not self.settled, "tender: too late"\n    assert amount > 0',
        _UNIT + "test_after_a_failure_everybody_has_what_they_had",
    ),
    Mutant(
        "who accepted thinks again after the deadline",
        _FILE,
        '    assert not self.settled and block.timestamp <= offer.deadline, "tender: too late"\n'
        "    self._give_back",
        '    assert not self.settled, "tender: too late"\n    self._give_back',
        _UNIT + "test_after_a_failure_everybody_has_what_they_had",
    ),
]

CASH = [
    Mutant(
        "what is laid down rounds down",
        _FILE,
        "return (amount * price + _ONE - 1) // _ONE",
        "return amount * price // _ONE",
        _UNIT + "test_the_bidder_lays_down_cash_for_everybody_else",
    ),
    Mutant(
        "less cash arrives than is needed",
        _FILE,
        '    assert held >= before + needed, "tender: cash is missing"\n',
        "",
        _UNIT + "test_cash_that_does_not_arrive_opens_nothing",
    ),
    Mutant(
        "the cash is for what was there, and more is accepted",
        _FILE,
        "    assert self._cost(self._bought(), offer.price) <= self.cash_held, "
        '"tender: cash is missing"\n',
        "",
        _UNIT + "test_more_than_the_cash_is_for_is_not_accepted",
    ),
    Mutant(
        "who accepted is paid again",
        _FILE,
        "    self.accepted[holder] = 0\n",
        "",
        _UNIT + "test_who_accepts_is_paid_and_the_rest_of_the_cash_goes_back",
        always=True,
    ),
    Mutant(
        "who is squeezed out gets the price",
        _FILE,
        "paid: uint256 = self._pay(holder, amount, offer.squeeze_price)",
        "paid: uint256 = self._pay(holder, amount, offer.price)",
        _UNIT + "test_above_the_second_threshold_everybody_is_bought_out",
    ),
    Mutant(
        "a squeeze-out pays what others are owed",
        _FILE,
        "assert cost + first <= self.cash_held",
        "assert cost <= self.cash_held",
        _ATTACK + "test_what_came_later_is_not_paid_from_what_others_are_owed",
        always=True,
    ),
    Mutant(
        "the cash for a squeeze-out goes back",
        _FILE,
        "    if self.drags_along:\n        rest: uint256",
        "    if False:\n        rest: uint256",
        _UNIT + "test_above_the_second_threshold_everybody_is_bought_out",
    ),
    Mutant(
        "the surplus of new tokens is below nothing",
        _FILE,
        "min(self._owed(), self.cash_held)",
        "self._owed()",
        _ATTACK + "test_a_surplus_is_never_below_nothing",
    ),
    Mutant(
        "cash that cannot go back keeps the tokens",
        _FILE,
        "        if not token_calls._transfer(cash, bidder, amount):\n            return False\n",
        "        assert token_calls._transfer(cash, bidder, amount)\n",
        _ATTACK + "test_cash_that_the_bidder_cannot_take_keeps_nobodys_tokens",
    ),
    Mutant(
        "cash that did not go back is written off",
        _FILE,
        "        if not token_calls._transfer(cash, bidder, amount):\n            return False\n",
        "        done: bool = token_calls._transfer(cash, bidder, amount)\n",
        _ATTACK + "test_cash_that_the_bidder_cannot_take_keeps_nobodys_tokens",
    ),
    Mutant(
        "after a failure the bidder gets the tokens",
        _FILE,
        "    if not self.succeeded:\n        assert token_calls._transfer(token, holder, amount)",
        "    if not self.succeeded:\n        assert token_calls._transfer(token, bidder, amount)",
        _UNIT + "test_after_a_failure_everybody_has_what_they_had",
    ),
    Mutant(
        "somebody else takes back what was handed in",
        _FILE,
        '    assert amount <= self.accepted[msg.sender], "tender: not accepted"\n'
        "    self.accepted[msg.sender] -= amount\n",
        "    self.accepted[msg.sender] -= min(amount, self.accepted[msg.sender])\n",
        _UNIT + "test_who_accepted_may_think_again",
    ),
    Mutant(
        "the bidder can be squeezed out",
        _FILE,
        "assert holder != bidder and holder != self",
        "assert holder != self",
        _UNIT + "test_a_squeeze_takes_what_is_there_and_not_the_bidders",
    ),
    Mutant(
        "anybody opens",
        _FILE,
        '    assert msg.sender == bidder, "tender: not the bidder"\n',
        "",
        _UNIT + "test_only_the_bidder_opens_and_in_time",
    ),
    Mutant(
        "the tender is never locked",
        _FILE,
        '    assert not self._locked, "tender: locked"\n',
        "",
        _ATTACK + "test_cash_that_calls_back_finds_the_tender_locked",
    ),
]

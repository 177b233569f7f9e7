"""Faulty contracts of searchers: who commands them, what is counted as profit, what goes to whom."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_UNIT = "test_searcher.py::"
# On dexsim's own pool: the published one is not installed everywhere.
_PROFIT = "test_searcher_profits.py::"
_HOSTILE = "test_searcher_hostile.py::"
_FILE = "searcher.vy"

OWNER = [
    Mutant(
        "anybody commands the searcher's contract",
        _FILE,
        'assert msg.sender == owner, "searcher: forbidden"',
        'assert owner != empty(address), "searcher: forbidden"',
        _UNIT + "test_who_is_not_the_owner_can_do_nothing",
        always=True,
    ),
    Mutant(
        "whose transaction it is commands it, whoever calls",
        _FILE,
        "assert msg.sender == owner",
        "assert tx.origin == owner",
        _HOSTILE + "test_a_token_that_calls_back_comes_in_as_nobody",
    ),
    Mutant(
        "anybody takes the searcher's money",
        _FILE,
        "    self._only_owner()\n    wanted",
        "    wanted",
        _UNIT + "test_who_is_not_the_owner_can_do_nothing",
    ),
    Mutant(
        "anybody takes the searcher's tokens",
        _FILE,
        "    self._only_owner()\n    self._send(token, to, amount)",
        "    self._send(token, to, amount)",
        _UNIT + "test_who_is_not_the_owner_can_do_nothing",
    ),
    Mutant(
        "who deploys it owns it",
        _FILE,
        "    owner = owner_",
        "    owner = msg.sender",
        _UNIT + "test_who_is_not_the_owner_can_do_nothing",
    ),
]

PROFIT = [
    Mutant(
        "a profit that is missed by one passes",
        _FILE,
        "assert after >= before + cost + least_profit",
        "assert after + 1 >= before + cost + least_profit",
        _PROFIT + "test_a_sandwich_passes_with_its_exact_profit_and_not_with_one_more[dexsim]",
        always=True,
    ),
    Mutant(
        "a profit that is met exactly is missed",
        _FILE,
        "assert after >= before + cost + least_profit",
        "assert after > before + cost + least_profit",
        _PROFIT + "test_a_sandwich_passes_with_its_exact_profit_and_not_with_one_more[dexsim]",
    ),
    Mutant(
        "what the contract held before is profit",
        _FILE,
        "assert after >= before + cost + least_profit",
        "assert after >= cost + least_profit",
        _PROFIT
        + "test_what_one_sandwich_gained_does_not_pay_for_the_next_one_of_the_block[dexsim]",
    ),
    Mutant(
        "what the first leg paid is forgotten",
        _FILE,
        "assert after >= before + cost + least_profit",
        "assert after >= before + least_profit",
        _PROFIT + "test_without_its_victim_a_sandwich_loses_and_is_refused[dexsim]",
    ),
    Mutant(
        "what a cycle sells costs nothing",
        _FILE,
        "        before = held\n",
        "        before = before\n",
        _PROFIT + "test_a_cycle_over_two_pools_is_the_arithmetic_to_the_wei[dexsim]",
    ),
    Mutant(
        "what is held of the token sold counts for the token bought",
        _FILE,
        "    if token == token_in:\n",
        "    if token != empty(address):\n",
        _PROFIT + "test_a_sandwich_passes_with_its_exact_profit_and_not_with_one_more[dexsim]",
    ),
    Mutant(
        "an output that is short by one passes",
        _FILE,
        "assert after >= before + least,",
        "assert after + 1 >= before + least,",
        _UNIT + "test_liquidity_just_in_time_is_exact_on_both_sides",
    ),
    Mutant(
        "what was there before is output",
        _FILE,
        "assert after >= before + least,",
        "assert after >= least,",
        _UNIT + "test_what_the_contract_held_before_is_no_output",
    ),
    Mutant(
        "liquidity that was there before is new",
        _FILE,
        "assert after >= before + least_liquidity",
        "assert after >= least_liquidity",
        _UNIT + "test_liquidity_that_it_had_is_not_what_it_got",
    ),
    Mutant(
        "a pool's word for the output is enough",
        _FILE,
        "    return self._gained(token, before, least_out)",
        "    return least_out",
        _HOSTILE + "test_a_pool_that_says_that_it_paid_is_not_believed",
    ),
]

TRADES = [
    Mutant(
        "every pool has the usual fee",
        _FILE,
        "    if not success or len(answer) < 32:\n",
        "    if success or len(answer) < 33:\n",
        _UNIT + "test_a_pool_that_tells_its_fee_gives_what_the_arithmetic_says",
        always=True,
    ),
    Mutant(
        "half a fee is one",
        _FILE,
        "    if not success or len(answer) < 32:\n",
        "    if not success:\n",
        _HOSTILE + "test_a_pool_without_a_readable_fee_has_that_of_uniswap",
    ),
    Mutant(
        "who is asked for a fee may burn all gas",
        _FILE,
        "        gas=_GAS_TO_ASK,\n",
        "",
        _HOSTILE + "test_a_pool_without_a_readable_fee_has_that_of_uniswap",
    ),
    Mutant(
        "a fee above everything wraps",
        _FILE,
        '    assert fee <= _BPS, "searcher: fee too high"\n',
        "",
        _HOSTILE + "test_a_fee_of_more_than_everything_is_refused",
    ),
    Mutant(
        "each pool pays the contract, not the next pool",
        _FILE,
        "            receiver = pools[following]\n",
        "            receiver = self\n",
        _UNIT + "test_a_path_of_eight_pools_gives_what_eight_swaps_give",
    ),
    Mutant(
        "token1 is sold at token0's price",
        _FILE,
        "pool_math._amount_out(amount_in, second, first, fee, _BPS), 0",
        "pool_math._amount_out(amount_in, first, second, fee, _BPS), 0",
        _UNIT + "test_a_pool_that_tells_its_fee_gives_what_the_arithmetic_says",
    ),
    Mutant(
        "whatever is not token0 is token1",
        _FILE,
        '    assert token_in == token1, "searcher: not in the pool"\n',
        "",
        _UNIT + "test_a_path_needs_pools_that_have_its_tokens",
    ),
    Mutant(
        "a token that does not move is not missed",
        _FILE,
        'assert token_calls._transfer(token, to, sent), "searcher: transfer failed"',
        "token_calls._transfer(token, to, sent)",
        _HOSTILE + "test_a_token_that_does_not_move_is_refused",
    ),
    Mutant(
        "nothing is sold",
        _FILE,
        '    assert amount > 0, "searcher: nothing to sell"\n',
        "",
        _UNIT + "test_all_is_what_the_contract_holds_and_no_more",
    ),
]

MONEY = [
    Mutant(
        "the tip goes to who sends the transaction",
        _FILE,
        '        block.coinbase, b""',
        '        msg.sender, b""',
        _UNIT + "test_tips_come_out_of_its_own_money_to_the_wei",
        always=True,
    ),
    Mutant(
        "a tip that is refused is not missed",
        _FILE,
        '    assert done, "searcher: tip refused"\n',
        "",
        _UNIT + "test_a_tip_is_paid_to_the_block_s_builder_and_none_is_no_call",
    ),
    Mutant(
        "the last wei is no tip",
        _FILE,
        "assert amount <= self.balance",
        "assert amount < self.balance",
        _UNIT + "test_tips_come_out_of_its_own_money_to_the_wei",
    ),
    Mutant(
        "who refuses money refuses a trade without a tip",
        _FILE,
        "    if amount == 0:\n        return\n",
        "",
        _UNIT + "test_a_tip_is_paid_to_the_block_s_builder_and_none_is_no_call",
    ),
    Mutant(
        "a builder may burn all gas",
        _FILE,
        "value=amount, gas=_GAS_TO_TIP, revert",
        "value=amount, revert",
        _HOSTILE + "test_a_builder_cannot_burn_the_searcher_s_gas",
    ),
    Mutant(
        "who takes liquidity out tips nobody",
        _FILE,
        "    self._tip(tip)\n    return amount0, amount1",
        "    return amount0, amount1",
        _UNIT + "test_liquidity_just_in_time_is_exact_on_both_sides",
    ),
    Mutant(
        "money that is refused stays without a word",
        _FILE,
        'assert raw_call(to, b"", value=wanted, revert_on_failure=False), "searcher: money refused"',
        'done: bool = raw_call(to, b"", value=wanted, revert_on_failure=False)',
        _UNIT + "test_the_owner_takes_money_out",
    ),
    Mutant(
        "money with orders is taken from anybody",
        _FILE,
        'assert len(msg.data) == 0, "searcher: no such function"',
        "pass",
        _UNIT + "test_anybody_can_give_it_money_but_no_orders_with_it",
    ),
]

"""Faulty quotes and routers."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_IN_TIME = '    assert block.timestamp <= deadline, "router: expired"\n'
_AMOUNT_OUT = "return effective_in * reserve_out // (reserve_in * base + effective_in)"
_AMOUNT_IN = "return numerator // ((reserve_out - amount_out) * unsafe_sub(base, fee)) + 1"
_ENOUGH_OUT = 'assert amounts[len(pools)] >= amountOutMin, "router: insufficient output"'
_LITTLE_IN = 'assert amounts[0] <= amountInMax, "router: excessive input"'

QUOTES = [
    Mutant(
        "the output is rounded up",
        "pool_math.vy",
        _AMOUNT_OUT,
        "whole: uint256 = reserve_in * base + effective_in\n"
        "    return (effective_in * reserve_out + whole - 1) // whole",
        "test_router_contract.py::test_the_150_recorded_answers_are_the_same",
        always=True,
    ),
    Mutant(
        "the fee is taken off the output",
        "pool_math.vy",
        "effective_in: uint256 = amount_in * unsafe_sub(base, fee)\n    " + _AMOUNT_OUT,
        "return amount_in * reserve_out // (reserve_in + amount_in) * unsafe_sub(base, fee) // base",
        "test_router_contract.py::test_the_150_recorded_answers_are_the_same",
    ),
    Mutant(
        "the output is quoted without a fee",
        "pool_math.vy",
        "effective_in: uint256 = amount_in * unsafe_sub(base, fee)",
        "effective_in: uint256 = amount_in * base",
        "test_router_contract.py::test_the_150_recorded_answers_are_the_same",
    ),
    Mutant(
        "the whole input enters the pool's side of the quote, and the fee's share of it is gone",
        "pool_math.vy",
        _AMOUNT_OUT,
        "return effective_in * reserve_out // (reserve_in * base + amount_in * base)",
        "test_router_contract.py::test_the_150_recorded_answers_are_the_same",
    ),
    Mutant(
        "the input is rounded down",
        "pool_math.vy",
        _AMOUNT_IN,
        _AMOUNT_IN.removesuffix(" + 1"),
        "test_router_contract.py::test_the_answers_of_the_published_specification[getAmountIn]",
    ),
    Mutant(
        "the input is rounded up only where the division leaves a rest",
        "pool_math.vy",
        _AMOUNT_IN,
        "denominator: uint256 = (reserve_out - amount_out) * unsafe_sub(base, fee)\n"
        "    return (numerator + denominator - 1) // denominator",
        "test_router_contract.py::test_the_150_recorded_answers_are_the_same",
    ),
    Mutant(
        "the input is quoted without a fee",
        "pool_math.vy",
        _AMOUNT_IN,
        "return numerator // ((reserve_out - amount_out) * base) + 1",
        "test_router_contract.py::test_the_150_recorded_answers_are_the_same",
    ),
    Mutant(
        "the worth in the other token is rounded up",
        "pool_math.vy",
        "return amount_a * reserve_b // reserve_a",
        "return (amount_a * reserve_b + reserve_a - 1) // reserve_a",
        "test_router_contract.py::test_the_150_recorded_answers_are_the_same",
    ),
    Mutant(
        "the fee is not reduced, and quotes overflow early",
        "pool_math.vy",
        "return fee_bps // a, _BPS // a",
        "return fee_bps, _BPS",
        "test_router_contract.py::test_amounts_overflow_exactly_where_those_of_the_original_do",
    ),
    Mutant(
        "the common divisor is given up after three steps",
        "pool_math.vy",
        "range(20)",
        "range(3)",
        "test_factory_contract.py::test_the_pools_of_a_venue_charge_its_fee[333]",
    ),
    Mutant(
        "the whole reserve can be quoted",
        "router.vy",
        "assert reserve_in > 0 and reserve_out > amount_out",
        "assert reserve_in > 0 and reserve_out >= amount_out",
        "test_router_contract.py::test_whole_reserves_are_refused_for_liquidity_however_great_the_amounts",
    ),
    Mutant(
        "the reserves are read in the pool's order",
        "router.vy",
        "    if pool_math._is_first(token_a, token_b):\n"
        "        return convert(reserve0, uint256), convert(reserve1, uint256)\n"
        "    return convert(reserve1, uint256), convert(reserve0, uint256)\n",
        "    return convert(reserve0, uint256), convert(reserve1, uint256)\n",
        "test_router_contract.py::test_the_way_back_goes_through_the_same_pools",
    ),
    Mutant(
        "every pool of a path is quoted for the first amount",
        "router.vy",
        "amount = self._amount_out(amount, reserve_in, reserve_out)",
        "amount = self._amount_out(amount_in, reserve_in, reserve_out)",
        "test_router_contract.py::test_two_hops_pay_from_pool_to_pool",
    ),
    Mutant(
        "a path of one token is a path",
        "router.vy",
        "assert len(path) >= 2",
        "assert len(path) >= 1",
        "test_router_contract.py::test_amounts_along_a_path_of_two",
    ),
]

LIMITS = [
    Mutant(
        "a deadline ends a second early",
        "router.vy",
        "block.timestamp <= deadline",
        "block.timestamp < deadline",
        "test_router_contract.py::test_a_deadline_passes_in_its_second_and_not_in_the_next[sell]",
        always=True,
    ),
    Mutant(
        "no deadline is looked at",
        "router.vy",
        _IN_TIME,
        "    pass\n",
        "test_router_contract.py::test_a_deadline_passes_in_its_second_and_not_in_the_next[sell]",
    ),
    Mutant(
        "a sale gives one less than the least",
        "router.vy",
        _ENOUGH_OUT,
        _ENOUGH_OUT.replace(">= amountOutMin", "+ 1 >= amountOutMin"),
        "test_router_contract.py::test_swap_at_its_limit_passes_and_one_beyond_is_refused",
    ),
    Mutant(
        "a sale at its limit is refused",
        "router.vy",
        _ENOUGH_OUT,
        _ENOUGH_OUT.replace(">=", ">"),
        "test_router_contract.py::test_swap_at_its_limit_passes_and_one_beyond_is_refused",
    ),
    Mutant(
        "a sale's limit is for the first hop",
        "router.vy",
        _ENOUGH_OUT,
        _ENOUGH_OUT.replace("len(pools)", "1"),
        "test_router_contract.py::test_two_hops_pay_from_pool_to_pool",
    ),
    Mutant(
        "a purchase costs one more than the most",
        "router.vy",
        _LITTLE_IN,
        _LITTLE_IN.replace("<= amountInMax", "<= amountInMax + 1"),
        "test_router_contract.py::test_purchase_at_its_limit_passes_and_one_below_is_refused",
    ),
    Mutant(
        "a purchase at its limit is refused",
        "router.vy",
        _LITTLE_IN,
        _LITTLE_IN.replace("<=", "<"),
        "test_router_contract.py::test_purchase_at_its_limit_passes_and_one_below_is_refused",
    ),
    Mutant(
        "a purchase takes the most that it may cost",
        "router.vy",
        "self._pull(path[0], msg.sender, pools[0], amounts[0])",
        "self._pull(path[0], msg.sender, pools[0], amountInMax)",
        "test_router_receivers.py::test_the_named_one_gets_the_output[swapTokensForExactTokens]",
    ),
    Mutant(
        "a sale's output stays with the router",
        "router.vy",
        "if following < hops else to",
        "if following < hops else self",
        "test_router_contract.py::test_two_hops_pay_from_pool_to_pool",
    ),
    Mutant(
        "a sale pays the caller, whoever was named",
        "router.vy",
        "if following < hops else to",
        "if following < hops else msg.sender",
        "test_router_receivers.py::test_the_named_one_gets_the_output[swapExactTokensForTokens]",
        always=True,
    ),
    Mutant(
        "every hop goes by way of the receiver",
        "router.vy",
        "receiver: address = pools[following] if following < hops else to",
        "receiver: address = to",
        "test_router_contract.py::test_two_hops_pay_from_pool_to_pool",
    ),
    Mutant(
        "tokens that did not come are not missed",
        "router.vy",
        '    assert done, "router: transfer failed"\n',
        "    pass\n",
        "test_router_contract.py::test_tokens_that_cannot_be_taken_are_refused",
    ),
]

LIQUIDITY = [
    Mutant(
        "liquidity is taken as desired, whatever the ratio",
        "router.vy",
        "if reserve_a == 0 and reserve_b == 0:",
        "if True:",
        "test_router_contract.py::test_later_liquidity_follows_the_pools_ratio",
    ),
    Mutant(
        "a pair without a pool gets none",
        "router.vy",
        "        extcall IFactory(factory).createPair(tokenA, tokenB)\n",
        "        pass\n",
        "test_router_contract.py::test_liquidity_of_a_pair_without_pool_creates_the_pool",
    ),
    Mutant(
        "all of token b is taken though less would do",
        "router.vy",
        "    self._pull(tokenB, msg.sender, pool, amount_b)\n",
        "    self._pull(tokenB, msg.sender, pool, amountBDesired)\n",
        "test_router_receivers.py::test_the_named_one_gets_the_liquidity",
    ),
    Mutant(
        "the least of b is compared with the least of a",
        "router.vy",
        'assert amount_b >= amount_b_min, "router: insufficient b amount"\n        return',
        'assert amount_b >= amount_a_min, "router: insufficient b amount"\n        return',
        "test_router_contract.py::test_minimum_of_the_fitted_amount_passes_exactly_and_not_one_above",
    ),
    Mutant(
        "the fitted amount of a may be one below the least",
        "router.vy",
        'assert amount_a >= amount_a_min, "router: insufficient a amount"\n    return',
        'assert amount_a + 1 >= amount_a_min, "router: insufficient a amount"\n    return',
        "test_router_contract.py::test_minimum_of_the_fitted_amount_passes_exactly_and_not_one_above",
    ),
    Mutant(
        "the caller gets the liquidity, whoever was named",
        "router.vy",
        "extcall IPool(pool).mint(to)",
        "extcall IPool(pool).mint(msg.sender)",
        "test_router_receivers.py::test_the_named_one_gets_the_liquidity",
    ),
    Mutant(
        "the caller gets what liquidity was worth, whoever was named",
        "router.vy",
        "extcall IPool(pool).burn(to)",
        "extcall IPool(pool).burn(msg.sender)",
        "test_router_receivers.py::test_the_named_one_gets_what_liquidity_was_worth",
    ),
    Mutant(
        "a removal's limits are in the pool's order",
        "router.vy",
        "a_is_first: bool = pool_math._is_first(token_a, token_b)",
        "a_is_first: bool = True",
        "test_router_contract.py::test_removal_at_its_minimum_passes_and_one_above_is_refused",
    ),
    Mutant(
        "a removal may give one less of a than the least",
        "router.vy",
        '    assert amount_a >= amount_a_min, "router: insufficient a amount"\n    assert amount_b',
        '    assert amount_a + 1 >= amount_a_min, "router: insufficient a amount"\n    assert amount_b',
        "test_router_contract.py::test_removal_at_its_minimum_passes_and_one_above_is_refused",
    ),
    Mutant(
        "a permit's amount is taken the wrong way round",
        "router.vy",
        "max_value(uint256) if approve_max else liquidity",
        "liquidity if approve_max else max_value(uint256)",
        "test_lp_token_and_permit.py::test_router_removes_liquidity_with_a_permit",
    ),
]

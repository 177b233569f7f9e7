"""Faulty quotes and routers."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_AMOUNT_OUT = "return effective_in * reserve_out // (reserve_in * base + effective_in)"
_AMOUNT_IN = "return numerator // ((reserve_out - amount_out) * unsafe_sub(base, fee)) + 1"
_SALE = """\
    assert amounts[len(pools)] >= amountOutMin, "router: insufficient output"
    router_coins._pull(path[0], msg.sender, pools[0], amountIn)
    routes._swap(amounts, path, pools, to)
"""
_PURCHASE = """\
    assert amounts[0] <= amountInMax, "router: excessive input"
    router_coins._pull(path[0], msg.sender, pools[0], amounts[0])
    routes._swap(amounts, path, pools, to)
"""
_LAST_HOP = """\
        receiver: address = pools[following] if following < hops else to
        self._swap_hop(pools[i], path[i], path[following], amounts[following], receiver)
"""

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
        "test_router_contract.py::test_an_input_is_one_above_the_floor_also_where_the_division_is_exact",
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
        "routes.vy",
        "assert reserve_in > 0 and reserve_out > amount_out",
        "assert reserve_in > 0 and reserve_out >= amount_out",
        "test_router_contract.py::test_whole_reserves_are_refused_for_liquidity_however_great_the_amounts",
    ),
    Mutant(
        "the reserves are read in the pool's order",
        "routes.vy",
        "    if pool_math._is_first(token_a, token_b):\n"
        "        return convert(reserve0, uint256), convert(reserve1, uint256)\n"
        "    return convert(reserve1, uint256), convert(reserve0, uint256)\n",
        "    return convert(reserve0, uint256), convert(reserve1, uint256)\n",
        "test_router_contract.py::test_the_way_back_goes_through_the_same_pools",
    ),
    Mutant(
        "every pool of a path is quoted for the first amount",
        "routes.vy",
        "amount = self._amount_out(amount, reserve_in, reserve_out)",
        "amount = self._amount_out(amount_in, reserve_in, reserve_out)",
        "test_router_contract.py::test_every_amount_along_a_path_follows_from_its_neighbour",
    ),
    Mutant(
        "every pool of a path is asked the price of the last amount",
        "routes.vy",
        "amount = self._amount_in(amount, reserve_in, reserve_out)",
        "amount = self._amount_in(amount_out, reserve_in, reserve_out)",
        "test_router_contract.py::test_every_amount_along_a_path_follows_from_its_neighbour",
    ),
    Mutant(
        "a path of one token is a path",
        "routes.vy",
        "assert len(path) >= 2",
        "assert len(path) >= 1",
        "test_router_contract.py::test_amounts_along_a_path_of_two",
    ),
]

LIMITS = [
    Mutant(
        "a deadline ends a second early",
        "routes.vy",
        "block.timestamp <= deadline",
        "block.timestamp < deadline",
        "test_router_contract.py::test_a_deadline_passes_in_its_second_and_not_in_the_next[sell]",
        always=True,
    ),
    Mutant(
        "no deadline is looked at",
        "routes.vy",
        '    assert block.timestamp <= deadline, "router: expired"\n',
        "    pass\n",
        "test_router_contract.py::test_a_deadline_passes_in_its_second_and_not_in_the_next[sell]",
    ),
    Mutant(
        "a sale gives one less than the least",
        "router_swaps.vy",
        _SALE,
        _SALE.replace(">= amountOutMin", "+ 1 >= amountOutMin"),
        "test_router_contract.py::test_swap_at_its_limit_passes_and_one_beyond_is_refused",
    ),
    Mutant(
        "a sale at its limit is refused",
        "router_swaps.vy",
        _SALE,
        _SALE.replace(">=", ">"),
        "test_router_contract.py::test_swap_at_its_limit_passes_and_one_beyond_is_refused",
    ),
    Mutant(
        "a sale's limit is for the first hop",
        "router_swaps.vy",
        _SALE,
        _SALE.replace("len(pools)", "1"),
        "test_router_contract.py::test_two_hops_pay_from_pool_to_pool",
    ),
    Mutant(
        "a purchase costs one more than the most",
        "router_swaps.vy",
        _PURCHASE,
        _PURCHASE.replace("<= amountInMax", "<= amountInMax + 1"),
        "test_router_contract.py::test_two_hops_for_an_exact_output_take_what_was_quoted",
    ),
    Mutant(
        "a purchase at its limit is refused",
        "router_swaps.vy",
        _PURCHASE,
        _PURCHASE.replace("<=", "<"),
        "test_router_contract.py::test_purchase_at_its_limit_passes_and_one_below_is_refused",
    ),
    Mutant(
        "a purchase takes the most that it may cost",
        "router_swaps.vy",
        _PURCHASE,
        _PURCHASE.replace("amounts[0])", "amountInMax)"),
        "test_router_receivers.py::test_the_named_one_gets_the_output[swapTokensForExactTokens]",
    ),
    Mutant(
        "a sale's output stays with the router",
        "routes.vy",
        _LAST_HOP,
        _LAST_HOP.replace("else to", "else self"),
        "test_router_contract.py::test_two_hops_pay_from_pool_to_pool",
    ),
    Mutant(
        "a sale pays the caller, whoever was named",
        "routes.vy",
        _LAST_HOP,
        _LAST_HOP.replace("else to", "else msg.sender"),
        "test_router_receivers.py::test_the_named_one_gets_the_output[swapExactTokensForTokens]",
        always=True,
    ),
    Mutant(
        "every hop goes by way of the receiver",
        "routes.vy",
        _LAST_HOP,
        _LAST_HOP.replace("pools[following] if following < hops else to", "to"),
        "test_router_contract.py::test_two_hops_pay_from_pool_to_pool",
    ),
    Mutant(
        "tokens that did not come are not missed",
        "router_coins.vy",
        '    assert done, "router: transfer failed"\n',
        "    pass\n",
        "test_router_contract.py::test_tokens_that_cannot_be_taken_are_refused",
    ),
]

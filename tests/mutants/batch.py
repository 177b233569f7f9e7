"""Faulty batch auctions: at which price, for whom, and from whose escrow."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_UNIT = "test_batch_auction.py::"
_HOSTILE = "test_batch_auction_hostile.py::"
_FILE = "batch_auction.vy"
_NETTED = _UNIT + "test_two_sides_are_netted_and_the_rest_goes_through_the_pool"
_ONLY = _UNIT + "test_only_the_solution_settles_whoever_brings_it"
_WITHIN = _UNIT + "test_within_the_fee_the_two_sides_swap_what_they_have"
_CROWD = _UNIT + "test_price_decides_who_stays_and_equals_go_together"
_ROUNDED = _UNIT + "test_what_rounding_leaves_of_a_netted_batch_is_the_pools"
_EMPTY = _UNIT + "test_without_liquidity_they_are_netted_and_rounding_stays"
_REFUSED = _UNIT + "test_what_cannot_be_an_order_is_refused"
_CANCELLED = _UNIT + "test_who_cancels_has_what_he_had"

PRICE = [
    Mutant(
        "sellers of token0 pay no fee",
        _FILE,
        "return (reserve1 + sold1) * _KEPT, reserve0 * _BASE + sold0 * _KEPT",
        "return reserve1 + sold1, reserve0 + sold0",
        _UNIT + "test_one_side_is_one_swap_of_the_sum",
        always=True,
    ),
    Mutant(
        "sellers of token1 pay no fee",
        _FILE,
        "return reserve1 * _BASE + sold1 * _KEPT, (reserve0 + sold0) * _KEPT",
        "return reserve1 + sold1, reserve0 + sold0",
        _UNIT + "test_one_side_is_one_swap_of_the_sum",
    ),
    Mutant(
        "what is netted pays the pool's price",
        _FILE,
        "    return sold1, sold0\n",
        "    return reserve1, max(reserve0, 1)\n",
        _ROUNDED,
    ),
    Mutant(
        "the pool trades before the fee is reached",
        _FILE,
        "if sold1 * reserve0 * _BASE < sold0 * reserve1 * _KEPT:",
        "if sold1 * reserve0 * _BASE < sold0 * reserve1 * _BASE:",
        _WITHIN,
    ),
    Mutant(
        "the pool trades before the fee is reached on the other side",
        _FILE,
        "if sold1 * reserve0 * _KEPT > sold0 * reserve1 * _BASE:",
        "if sold1 * reserve0 * _KEPT > sold0 * reserve1 * _KEPT:",
        _WITHIN,
    ),
    Mutant(
        "payments are rounded up",
        _FILE,
        "            amount_out = amount_in * numerator // denominator\n",
        "            amount_out = (amount_in * numerator + denominator - 1) // denominator\n",
        _NETTED,
    ),
    Mutant(
        "the auction charges Uniswap's fee in any pool",
        _FILE,
        "    fee, base = pool_math._fee_fraction(staticcall IPool(pool_).fee_bps())\n",
        "    fee, base = pool_math._fee_fraction(30)\n",
        _UNIT + "test_the_fee_is_the_pools",
    ),
    Mutant(
        "one token alone in the pool is liquidity",
        _FILE,
        "    if reserve0 > 0 and reserve1 > 0:\n        book",
        "    if reserve0 > 0 or reserve1 > 0:\n        book",
        _EMPTY,
    ),
    Mutant(
        "what rounding leaves stays in the auction",
        _FILE,
        "    elif book.reserve0 > 0 and (out0 < book.sold0 or out1 < book.sold1):\n",
        "    elif False:\n",
        _ROUNDED,
    ),
    Mutant(
        "a gift to the pool is for whoever skims it",
        _FILE,
        "        extcall IPool(pool).sync()\n",
        "",
        _ROUNDED,
    ),
    Mutant(
        "a pool without liquidity is given what rounding leaves",
        _FILE,
        "    elif book.reserve0 > 0 and (out0",
        "    elif (out0",
        _EMPTY,
    ),
]

SOLUTION = [
    Mutant(
        "who is met can be left out",
        _FILE,
        '            assert not is_met, "batch: not the solution"\n',
        "",
        _ONLY,
        always=True,
    ),
    Mutant(
        "a limit that is not met is executed",
        _FILE,
        '        assert self._is_met(order, numerator, denominator), "batch: not the solution"\n',
        "",
        _UNIT + "test_a_limit_is_met_exactly_or_not",
        always=True,
    ),
    Mutant(
        "who asks for more may stay",
        _FILE,
        '        assert edge == 0 or self._asks_more(edge, order), "batch: not the solution"\n',
        "",
        _CROWD,
    ),
    Mutant(
        "of equals one may stay",
        _FILE,
        "        assert edge == 0 or self._asks_more(edge, order)",
        "        assert edge == 0 or not self._asks_more(order, edge)",
        _CROWD,
    ),
    Mutant(
        "who asks for less may go first",
        _FILE,
        '        assert edge == 0 or not self._asks_more(order, edge), "batch: not the solution"\n',
        "",
        _ONLY,
    ),
    Mutant(
        "equals go one by one",
        _FILE,
        "        if edge == 0 or self._asks_more(edge, order):\n",
        "        if True:\n",
        _CROWD,
    ),
    Mutant(
        "the same order drops out twice",
        _FILE,
        "assert order != 0 and book.left_out & bit == 0",
        "assert order != 0",
        _ONLY,
    ),
    Mutant(
        "a cancelled order drops out",
        _FILE,
        "assert order != 0 and book.left_out & bit == 0",
        "assert book.left_out & bit == 0",
        _UNIT + "test_a_cancelled_order_is_not_left_out",
    ),
    Mutant(
        "a limit that is met exactly is missed",
        _FILE,
        ">= self._limit(order) * denominator",
        "> self._limit(order) * denominator + denominator - 1",
        _UNIT + "test_a_limit_is_met_exactly_or_not",
    ),
    Mutant(
        "an order for nothing is executed",
        _FILE,
        "limit: uint256 = max(min_amount_out, 1)",
        "limit: uint256 = min_amount_out",
        _UNIT + "test_who_would_get_nothing_is_refunded",
    ),
]

ESCROW = [
    Mutant(
        "who is left out keeps nothing",
        _FILE,
        "            self._pay(token_in, owner, amount_in)\n",
        "",
        _NETTED,
    ),
    Mutant(
        "the next batch settles this one again",
        _FILE,
        "    self.first_id = last\n",
        "",
        _NETTED,
    ),
    Mutant(
        "anybody cancels",
        _FILE,
        '    assert self._owners[id % MOST_ORDERS] == msg.sender, "batch: not the owner"\n',
        "",
        _CANCELLED,
        always=True,
    ),
    Mutant(
        "a cancelled order is cancelled again",
        _FILE,
        "    self._orders[id % MOST_ORDERS] = 0\n",
        "",
        _CANCELLED,
    ),
    Mutant(
        "a settled order is cancelled",
        _FILE,
        "within: bool = id >= self.first_id and",
        "within: bool =",
        _CANCELLED,
    ),
    Mutant(
        "an order is cancelled that was never placed",
        _FILE,
        "    within: bool = id >= self.first_id and id < self.next_id\n",
        "    within: bool = id >= self.first_id\n",
        _UNIT + "test_an_id_that_comes_round_again_is_not_yet_placed",
    ),
    Mutant(
        "what did not arrive is an order",
        _FILE,
        "    assert done and self._balance(token_in) == before + amount_in",
        "    assert done",
        _HOSTILE + "test_a_fee_on_what_is_handed_in_is_refused",
    ),
    Mutant(
        "who did not pay has an order",
        _FILE,
        "    assert done and self._balance(token_in) == before + amount_in",
        "    assert done or self._balance(token_in) >= before",
        _HOSTILE + "test_a_token_that_does_not_pay_escrows_nothing",
    ),
    Mutant(
        "who cannot be paid stops everybody",
        _FILE,
        "    if not token_calls._transfer(token, owner, amount):\n",
        "    sent: bool = token_calls._transfer(token, owner, amount)\n    assert sent\n    if not sent:\n",
        _HOSTILE + "test_who_cannot_be_paid_is_owed_it_and_the_others_are_paid",
        always=True,
    ),
    Mutant(
        "what is owed is paid again",
        _FILE,
        "    self.owed[msg.sender][token] = 0\n",
        "",
        _HOSTILE + "test_who_cannot_be_paid_is_owed_it_and_the_others_are_paid",
    ),
    Mutant(
        "a purchase that does not arrive is paid for by others",
        _FILE,
        '    assert self._balance(token_out) >= before + amount_out, "batch: transfer failed"\n',
        "",
        _HOSTILE + "test_a_purchase_that_does_not_arrive_settles_nothing",
    ),
    Mutant(
        "the auction is never locked",
        _FILE,
        '    assert not self._locked, "batch: locked"\n',
        "",
        _HOSTILE + "test_a_token_that_calls_back_finds_the_auction_locked",
    ),
    Mutant(
        "an amount of 113 bits is the other side's",
        _FILE,
        '    assert amount_in <= _MOST, "batch: amount too high"\n',
        "",
        _REFUSED,
    ),
    Mutant(
        "a limit of 113 bits is the other side's",
        _FILE,
        '    assert min_amount_out <= _MOST, "batch: limit too high"\n',
        "",
        _REFUSED,
    ),
    Mutant(
        "257 orders are a batch",
        _FILE,
        "assert id - self.first_id < MOST_ORDERS",
        "assert id - self.first_id <= MOST_ORDERS",
        _UNIT + "test_256_orders_fill_a_batch_and_the_next_begins",
    ),
]

"""Faults in what the router does with liquidity and with coins."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

LIQUIDITY = [
    Mutant(
        "liquidity is taken as desired, whatever the ratio",
        "router_liquidity.vy",
        "if reserve_a == 0 and reserve_b == 0:",
        "if True:",
        "test_router_contract.py::test_later_liquidity_follows_the_pools_ratio",
    ),
    Mutant(
        "a pair without a pool gets none",
        "router_liquidity.vy",
        "        extcall IFactory(routes.factory).createPair(token_a, token_b)\n",
        "        pass\n",
        "test_router_contract.py::test_liquidity_of_a_pair_without_pool_creates_the_pool",
    ),
    Mutant(
        "all of token b is taken though less would do",
        "router_liquidity.vy",
        "_pull(tokenB, msg.sender, pool, amount_b)",
        "_pull(tokenB, msg.sender, pool, amountBDesired)",
        "test_router_receivers.py::test_the_named_one_gets_the_liquidity",
    ),
    Mutant(
        "the least of b is compared with the least of a",
        "router_liquidity.vy",
        'assert amount_b >= amount_b_min, "router: insufficient b amount"\n        return pool',
        'assert amount_b >= amount_a_min, "router: insufficient b amount"\n        return pool',
        "test_router_contract.py::test_minimum_of_the_fitted_amount_passes_exactly_and_not_one_above",
    ),
    Mutant(
        "the fitted amount of a may be one below the least",
        "router_liquidity.vy",
        'assert amount_a >= amount_a_min, "router: insufficient a amount"\n    return pool',
        'assert amount_a + 1 >= amount_a_min, "router: insufficient a amount"\n    return pool',
        "test_router_contract.py::test_minimum_of_the_fitted_amount_passes_exactly_and_not_one_above",
    ),
    Mutant(
        "the caller gets the liquidity, whoever was named",
        "router_liquidity.vy",
        "return amount_a, amount_b, extcall IPool(pool).mint(to)",
        "return amount_a, amount_b, extcall IPool(pool).mint(msg.sender)",
        "test_router_receivers.py::test_the_named_one_gets_the_liquidity",
    ),
    Mutant(
        "the caller gets what liquidity was worth, whoever was named",
        "router_liquidity.vy",
        "extcall IPool(pool).burn(to)",
        "extcall IPool(pool).burn(msg.sender)",
        "test_router_receivers.py::test_the_named_one_gets_what_liquidity_was_worth",
    ),
    Mutant(
        "a removal's limits are in the pool's order",
        "router_liquidity.vy",
        "a_is_first: bool = pool_math._is_first(token_a, token_b)",
        "a_is_first: bool = True",
        "test_router_contract.py::test_removal_at_its_minimum_passes_and_one_above_is_refused",
    ),
    Mutant(
        "a removal may give one less of a than the least",
        "router_liquidity.vy",
        'assert amount_a >= amount_a_min, "router: insufficient a amount"\n    assert',
        'assert amount_a + 1 >= amount_a_min, "router: insufficient a amount"\n    assert',
        "test_router_contract.py::test_removal_at_its_minimum_passes_and_one_above_is_refused",
    ),
    Mutant(
        "a permit's amount is taken the wrong way round",
        "router_liquidity.vy",
        "max_value(uint256) if approve_max else liquidity",
        "liquidity if approve_max else max_value(uint256)",
        "test_lp_token_and_permit.py::test_router_removes_liquidity_with_a_permit",
    ),
]

COINS = [
    Mutant(
        "coins that a purchase did not need stay with the router",
        "router_swaps.vy",
        "    router_coins._give_back(msg.value - amounts[0])\n",
        "",
        "test_router_coins.py::test_exact_tokens_cost_the_quoted_coins_and_the_others_go_back",
    ),
    Mutant(
        "coins that do not fit the ratio stay with the router",
        "router_liquidity.vy",
        "    router_coins._give_back(msg.value - amount_coins)\n",
        "",
        "test_router_coins.py::test_coins_that_do_not_fit_the_pools_ratio_go_back",
        always=True,
    ),
    Mutant(
        "all the coins that were sent are wrapped and paid",
        "router_swaps.vy",
        "router_coins._pay_wrapped(pools[0], amounts[0])",
        "router_coins._pay_wrapped(pools[0], msg.value)",
        "test_router_coins.py::test_exact_tokens_cost_the_quoted_coins_and_the_others_go_back",
    ),
    Mutant(
        "a path of coins begins anywhere",
        "router_swaps.vy",
        "assert len(path) >= 2 and path[0] == routes.WETH",
        "assert len(path) >= 2",
        "test_router_coins.py::test_a_path_that_does_not_end_at_the_wrapped_coin_is_refused[swapExactETHForTokens]",
    ),
    Mutant(
        "a sale's coins go to the caller, whoever was named",
        "router_coins.vy",
        "    self._send_coins(to, amount)\n",
        "    self._send_coins(msg.sender, amount)\n",
        "test_router_coins.py::test_exact_tokens_sell_for_the_quoted_coins",
    ),
    Mutant(
        "coins that were not taken are not missed",
        "router_coins.vy",
        '    assert done, "router: coin transfer failed"\n',
        "    pass\n",
        "test_router_coins.py::test_a_receiver_that_takes_no_coins_stops_the_sale[swapExactTokensForETH]",
    ),
    Mutant(
        "the router takes coins from anybody",
        "router.vy",
        'assert msg.sender == routes.WETH and len(msg.data) == 0, "router: not for coins"',
        "pass",
        "test_router_coins.py::test_coins_from_anybody_but_the_wrapping_token_are_refused",
    ),
]

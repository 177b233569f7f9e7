"""Faulty mints and burns, and faults in the protocol's share of the growth."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_MINT_FEE = "    fee_on: bool = self._mint_protocol_fee(reserve0, reserve1)\n"
_MINT_LIQUIDITY = (
    "    liquidity: uint256 = self._liquidity_for(amount0, amount1, reserve0, reserve1)\n"
)
_BURN_AMOUNTS = """\
    amount0: uint256 = 0
    amount1: uint256 = 0
    amount0, amount1 = self._burn_own(liquidity)
"""
_KLAST = "        self.kLast = unsafe_mul(balance0, balance1)\n"
_AT_MINT = "    log IPool.Mint(sender=msg.sender, amount0=amount0, amount1=amount1)"
_AT_BURN = "    log IPool.Burn(sender=msg.sender, amount0=amount0, amount1=amount1, to=to)"
_MINIMUM = "    lp_token.erc20._mint(empty(address), MINIMUM_LIQUIDITY)\n"
_REST = "return unsafe_sub(max(root, MINIMUM_LIQUIDITY), MINIMUM_LIQUIDITY)"

MINT = [
    Mutant(
        "a mint counts the whole balances and not what has come since",
        "pool.vy",
        "amount0: uint256 = balance0 - reserve0\n    amount1: uint256 = balance1 - reserve1",
        "amount0: uint256 = balance0\n    amount1: uint256 = balance1",
        "test_pool_refusals.py::test_later_mint_of_one_token_alone_is_refused",
    ),
    Mutant(
        "a later mint counts the more plentiful token",
        "pool.vy",
        "return min(amount0 * supply",
        "return max(amount0 * supply",
        "test_pool_refusals.py::test_later_mint_counts_the_scarcer_token",
    ),
    Mutant(
        "a later mint counts token0 alone",
        "pool.vy",
        "return min(amount0 * supply // reserve0, amount1 * supply // reserve1)",
        "return amount0 * supply // reserve0",
        "test_pool_sides_and_receivers.py::test_a_later_mint_counts_the_scarcer_token_whichever_it_is[1]",
    ),
    Mutant(
        "a later mint rounds up",
        "pool.vy",
        "return min(amount0 * supply // reserve0, amount1 * supply // reserve1)",
        "return min(\n"
        "            (amount0 * supply + reserve0 - 1) // reserve0,\n"
        "            (amount1 * supply + reserve1 - 1) // reserve1,\n"
        "        )",
        "test_pool_sides_and_receivers.py::test_a_later_mint_counts_the_scarcer_token_whichever_it_is[0]",
        always=True,
    ),
    Mutant(
        "a first mint rounds the root up",
        "pool.vy",
        "root: uint256 = isqrt(amount0 * amount1)\n    #",
        "root: uint256 = isqrt(amount0 * amount1) + 1\n    #",
        "test_pool_refusals.py::test_first_mint_of_no_more_than_the_minimum_is_refused[1000-1000]",
    ),
    Mutant(
        "a first mint takes the root of the product less the minimum",
        "pool.vy",
        _REST,
        "return isqrt(max(amount0 * amount1, MINIMUM_LIQUIDITY) - MINIMUM_LIQUIDITY)",
        "test_pool_spec.py::test_first_mint_locks_the_minimum_and_tells_so_before_the_rest",
        always=True,
    ),
    Mutant(
        "a first mint gives the minimum to the minter as well",
        "pool.vy",
        _REST,
        "return root",
        "test_pool_spec.py::test_first_mint_locks_the_minimum_and_tells_so_before_the_rest",
    ),
    Mutant(
        "the minimum is not locked",
        "pool.vy",
        _MINIMUM,
        "",
        "test_pool_spec.py::test_first_mint_locks_the_minimum_and_tells_so_before_the_rest",
    ),
    Mutant(
        "the minimum goes to the minter",
        "pool.vy",
        _MINIMUM,
        "    lp_token.erc20._mint(msg.sender, MINIMUM_LIQUIDITY)\n",
        "test_pool_spec.py::test_first_mint_locks_the_minimum_and_tells_so_before_the_rest",
    ),
    Mutant(
        "the minimum can be used up by the first mint",
        "pool.vy",
        'assert liquidity > 0, "pool: insufficient liquidity minted"',
        "pass",
        "test_pool_refusals.py::test_first_mint_of_no_more_than_the_minimum_is_refused[1000-1000]",
    ),
    Mutant(
        "a pool whose reserves were given takes no first mint",
        "pool.vy",
        "    if supply > 0:\n        return min(",
        "    if reserve0 > 0:\n        return min(",
        "test_pool_sides_and_receivers.py::test_a_pool_whose_reserves_were_given_takes_its_first_mint",
    ),
    Mutant(
        "the minter gets the liquidity, whoever was named",
        "pool.vy",
        "lp_token.erc20._mint(to, liquidity)",
        "lp_token.erc20._mint(msg.sender, liquidity)",
        "test_pool_sides_and_receivers.py::test_the_named_one_gets_the_liquidity_and_the_caller_is_told",
    ),
    Mutant(
        "Mint names the receiver as the sender",
        "pool.vy",
        "log IPool.Mint(sender=msg.sender,",
        "log IPool.Mint(sender=to,",
        "test_pool_sides_and_receivers.py::test_the_named_one_gets_the_liquidity_and_the_caller_is_told",
    ),
    Mutant(
        "Mint tells the amounts the wrong way round",
        "pool.vy",
        "log IPool.Mint(sender=msg.sender, amount0=amount0, amount1=amount1)",
        "log IPool.Mint(sender=msg.sender, amount0=amount1, amount1=amount0)",
        "test_pool_spec.py::test_first_mint_locks_the_minimum_and_tells_so_before_the_rest",
    ),
]

BURN = [
    Mutant(
        "a burn pays by the reserves and not by the balances",
        "pool.vy",
        "    amount0, amount1 = self._burn_own(liquidity)\n",
        "    amount0, amount1 = self._burn_own(liquidity)\n"
        "    amount0 = liquidity * reserve0 // (lp_token.erc20.totalSupply + liquidity)\n",
        "test_pool_refusals.py::test_burn_pays_by_balances_and_not_by_reserves",
    ),
    Mutant(
        "a burn rounds up",
        "pool.vy",
        "unsafe_div(liquidity * staticcall IERC20(token0).balanceOf(self), supply)",
        "unsafe_div(liquidity * staticcall IERC20(token0).balanceOf(self) + supply - 1, supply)",
        "test_pool_sides_and_receivers.py::test_a_burn_rounds_either_token_down[0]",
    ),
    Mutant(
        "a burn may give nothing of one token",
        "pool.vy",
        'assert amount0 > 0 and amount1 > 0, "pool: insufficient liquidity burned"',
        'assert amount0 > 0 or amount1 > 0, "pool: insufficient liquidity burned"',
        "test_pool_refusals.py::test_burn_that_gives_nothing_of_one_token_is_refused",
    ),
    Mutant(
        "a burn pays and burns nothing",
        "pool.vy",
        "    lp_token.erc20._burn_counted(self, liquidity, supply)\n",
        "",
        "test_pool_spec.py::test_burning_everything_leaves_the_minimum",
    ),
    Mutant(
        "a burn divides by a supply of zero",
        "pool.vy",
        "supply: uint256 = lp_token.erc20.totalSupply\n"
        "    amount0: uint256 = unsafe_div(liquidity * staticcall IERC20(token0).balanceOf(self), supply)",
        "supply: uint256 = lp_token.erc20.totalSupply\n"
        "    amount0: uint256 = liquidity * staticcall IERC20(token0).balanceOf(self) // supply",
        "test_pool_refusals.py::test_burn_in_a_pool_without_supply_is_refused",
    ),
    Mutant(
        "a burn pays the caller, whoever was named",
        "pool.vy",
        "self._send(token0, to, amount0)\n",
        "self._send(token0, msg.sender, amount0)\n",
        "test_pool_sides_and_receivers.py::test_the_named_one_gets_what_is_burnt_and_both_are_told",
    ),
    Mutant(
        "a burn keeps the reserves of before the payment",
        "pool.vy",
        "    self._send(token0, to, amount0)\n"
        "    self._send(token1, to, amount1)\n"
        "    balance0: uint256 = staticcall IERC20(token0).balanceOf(self)\n"
        "    balance1: uint256 = staticcall IERC20(token1).balanceOf(self)\n",
        "    balance0: uint256 = staticcall IERC20(token0).balanceOf(self)\n"
        "    balance1: uint256 = staticcall IERC20(token1).balanceOf(self)\n"
        "    self._send(token0, to, amount0)\n"
        "    self._send(token1, to, amount1)\n",
        "test_pool_spec.py::test_burning_everything_leaves_the_minimum",
    ),
    Mutant(
        "a burn burns the protocol's fee that the pool has just got",
        "pool.vy",
        "    liquidity: uint256 = lp_token.erc20.balanceOf[self]\n" + _MINT_FEE,
        _MINT_FEE + "    liquidity: uint256 = lp_token.erc20.balanceOf[self]\n",
        "test_protocol_fee.py::test_a_fee_that_goes_to_the_pool_itself_is_burnt_by_the_next_burn_only",
    ),
    Mutant(
        "Burn names the caller as the receiver",
        "pool.vy",
        "amount1=amount1, to=to)",
        "amount1=amount1, to=msg.sender)",
        "test_pool_sides_and_receivers.py::test_the_named_one_gets_what_is_burnt_and_both_are_told",
    ),
]

PROTOCOL_FEE = [
    Mutant(
        "a mint shares by the supply before the protocol's fee",
        "pool.vy",
        _MINT_FEE + _MINT_LIQUIDITY,
        _MINT_LIQUIDITY + _MINT_FEE,
        "test_protocol_fee.py::test_fee_is_minted_before_the_liquidity_of_a_mint",
    ),
    Mutant(
        "a burn shares by the supply before the protocol's fee",
        "pool.vy",
        _MINT_FEE + _BURN_AMOUNTS,
        _BURN_AMOUNTS + _MINT_FEE,
        "test_protocol_fee.py::test_fee_is_minted_before_a_burn",
    ),
    Mutant(
        "the protocol's fee counts what the minter has just paid",
        "pool.vy",
        _MINT_FEE + _MINT_LIQUIDITY,
        _MINT_FEE.replace("reserve", "balance") + _MINT_LIQUIDITY,
        "test_protocol_fee.py::test_no_growth_no_fee",
    ),
    Mutant(
        "the protocol gets a fifth",
        "pool.vy",
        "(root * 5 + root_last)",
        "(root * 4 + root_last)",
        "test_pool_spec.py::test_with_a_receiver_one_sixth_of_the_growth_is_minted_to_it",
    ),
    Mutant(
        "the protocol's share is weighed by the old root",
        "pool.vy",
        "(root * 5 + root_last)",
        "(root_last * 5 + root)",
        "test_pool_spec.py::test_with_a_receiver_one_sixth_of_the_growth_is_minted_to_it",
    ),
    Mutant(
        "the protocol's fee rounds up",
        "pool.vy",
        "numerator // (root * 5 + root_last)",
        "(numerator + root * 5 + root_last - 1) // (root * 5 + root_last)",
        "test_protocol_fee.py::test_growth_that_is_worth_no_unit_of_liquidity_mints_and_tells_nothing[6-0]",
    ),
    Mutant(
        "the root of k is rounded up",
        "pool.vy",
        "root: uint256 = isqrt(unsafe_mul(reserve0, reserve1))",
        "root: uint256 = isqrt(unsafe_mul(reserve0, reserve1)) + 1",
        "test_protocol_fee.py::test_growth_that_is_worth_no_unit_of_liquidity_mints_and_tells_nothing[6-0]",
    ),
    Mutant(
        "a protocol's fee of nothing is minted and told",
        "pool.vy",
        "            if liquidity > 0:\n                lp_token",
        "            if True:\n                lp_token",
        "test_protocol_fee.py::test_growth_that_is_worth_no_unit_of_liquidity_mints_and_tells_nothing[6-0]",
    ),
    Mutant(
        "switched on late, the protocol is paid for what grew before",
        "pool.vy",
        "    if k_last > 0:\n        # Reserves",
        "    if True:\n        # Reserves",
        "test_protocol_fee.py::test_switched_on_late_only_later_growth_is_charged",
    ),
    Mutant(
        "switched off, the protocol's fee leaves kLast",
        "pool.vy",
        "            self.kLast = 0\n",
        "            pass\n",
        "test_protocol_fee.py::test_switched_off_the_next_mint_clears_klast_and_mints_nothing",
    ),
    Mutant(
        "switched off, the protocol's fee still moves kLast",
        "pool.vy",
        "            self.kLast = 0\n        return False\n",
        "            self.kLast = 0\n        return True\n",
        "test_protocol_fee.py::test_switched_off_the_next_mint_clears_klast_and_mints_nothing",
    ),
    Mutant(
        "a mint keeps the k of before it",
        "pool.vy",
        _KLAST + _AT_MINT,
        _KLAST.replace("balance", "reserve") + _AT_MINT,
        "test_protocol_fee.py::test_swap_sync_and_skim_leave_klast_alone",
        always=True,
    ),
    Mutant(
        "a burn keeps the k of before it",
        "pool.vy",
        _KLAST + _AT_BURN,
        _KLAST.replace("balance", "reserve") + _AT_BURN,
        "test_protocol_fee.py::test_fee_is_minted_before_a_burn",
    ),
    Mutant(
        "a burn leaves kLast alone",
        "pool.vy",
        _KLAST + _AT_BURN,
        "        pass\n" + _AT_BURN,
        "test_protocol_fee.py::test_fee_is_minted_before_a_burn",
    ),
]

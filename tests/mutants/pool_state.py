"""Faults in the lock, in reserves and clock, in the cumulative prices, in skim and sync."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_LOCK = "    self._lock()\n"
_OPEN = "    self._locked = False\n"
_DOC = '    """\n'
_MINT_DOC = "    @return The liquidity minted.\n" + _DOC
_BURN_DOC = "    @return The amounts of token0 and token1 sent.\n" + _DOC
_SWAP_DOC = (
    "    @dev The payment is whatever the balances have more than the reserves less the outputs.\n"
)
_SWAP_DOC += _DOC
_SKIM_DOC = "above its reserves to `to`.\n    @param to Who gets it.\n" + _DOC
_SYNC_DOC = "    @notice Takes the balances as the new reserves.\n" + _DOC
_SKIM1 = "    self._send(token1, to, staticcall IERC20(token1).balanceOf(self) - reserve1)\n"
_SYNC = "    self._update(balance0, balance1, self._packed)\n"
_BOUND = "assert (balance0 | balance1) <= _MAX_RESERVE"
_SYNC_LOG = (
    "log IPool.Sync(reserve0=convert(balance0, uint112), reserve1=convert(balance1, uint112))"
)

LOCK = [
    Mutant(
        "mint does not look at the lock",
        "pool.vy",
        _MINT_DOC + _LOCK,
        _MINT_DOC,
        "test_pool_flash_and_lock.py::test_a_locked_pool_refuses_every_change[mint-args0]",
    ),
    Mutant(
        "burn does not look at the lock",
        "pool.vy",
        _BURN_DOC + _LOCK,
        _BURN_DOC,
        "test_pool_flash_and_lock.py::test_a_locked_pool_refuses_every_change[burn-args1]",
    ),
    Mutant(
        "swap does not look at the lock",
        "pool.vy",
        _SWAP_DOC + _LOCK,
        _SWAP_DOC + "    self._locked = True\n",
        "test_pool_flash_and_lock.py::test_a_locked_pool_refuses_every_change[swap-args2]",
        always=True,
    ),
    Mutant(
        "skim does not look at the lock",
        "pool.vy",
        _SKIM_DOC + _LOCK,
        _SKIM_DOC,
        "test_pool_flash_and_lock.py::test_a_locked_pool_refuses_every_change[skim-args3]",
    ),
    Mutant(
        "sync does not look at the lock",
        "pool.vy",
        _SYNC_DOC + _LOCK,
        _SYNC_DOC,
        "test_pool_flash_and_lock.py::test_a_locked_pool_refuses_every_change[sync-args4]",
    ),
    Mutant(
        "nobody closes the lock",
        "pool.vy",
        "    self._locked = True\n",
        "",
        "test_pool_flash_and_lock.py::test_a_locked_pool_refuses_every_change[sync-args4]",
    ),
    Mutant(
        "burn checks the lock and does not close it",
        "pool.vy",
        _BURN_DOC + _LOCK,
        _BURN_DOC + '    assert not self._locked, "pool: locked"\n',
        "test_pool_flash_and_lock.py::test_a_token_that_calls_back_finds_the_pool_locked",
    ),
    Mutant(
        "skim checks the lock and does not close it",
        "pool.vy",
        _SKIM_DOC + _LOCK,
        _SKIM_DOC + '    assert not self._locked, "pool: locked"\n',
        "test_pool_flash_and_lock.py::test_a_token_that_calls_back_finds_the_pool_locked",
    ),
    Mutant(
        "mint does not open the lock again",
        "pool.vy",
        _OPEN + "    return liquidity\n",
        "    return liquidity\n",
        "test_pool_flash_and_lock.py::test_the_lock_opens_again_after_every_call_of_one_transaction",
    ),
    Mutant(
        "burn does not open the lock again",
        "pool.vy",
        _OPEN + "    return amount0, amount1\n\n\n@external\ndef swap",
        "    return amount0, amount1\n\n\n@external\ndef swap",
        "test_pool_flash_and_lock.py::test_the_lock_opens_again_after_every_call_of_one_transaction",
    ),
    Mutant(
        "swap does not open the lock again",
        "pool.vy",
        "        to=to,\n    )\n" + _OPEN,
        "        to=to,\n    )\n",
        "test_pool_flash_and_lock.py::test_the_lock_opens_again_after_every_call_of_one_transaction",
    ),
    Mutant(
        "skim does not open the lock again",
        "pool.vy",
        _SKIM1 + _OPEN,
        _SKIM1,
        "test_pool_flash_and_lock.py::test_the_lock_opens_again_after_every_call_of_one_transaction",
    ),
    Mutant(
        "sync does not open the lock again",
        "pool.vy",
        _SYNC + _OPEN,
        _SYNC,
        "test_pool_flash_and_lock.py::test_the_lock_opens_again_after_every_call_of_one_transaction",
    ),
    Mutant(
        "the reserves cannot be read in a callback",
        "pool.vy",
        "    packed: uint256 = self._packed\n"
        "    reserve0: uint256 = packed & _MAX_RESERVE\n"
        "    reserve1: uint256 = (packed >> 112) & _MAX_RESERVE\n"
        "    return (",
        '    assert not self._locked, "pool: locked"\n'
        "    packed: uint256 = self._packed\n"
        "    reserve0: uint256 = packed & _MAX_RESERVE\n"
        "    reserve1: uint256 = (packed >> 112) & _MAX_RESERVE\n"
        "    return (",
        "test_pool_flash_and_lock.py::test_tokens_are_there_and_reserves_are_old_during_the_callback",
    ),
]

RESERVES = [
    Mutant(
        "a reserve0 of 2**112 - 1 is too much",
        "pool.vy",
        _BOUND,
        "assert balance0 < _MAX_RESERVE and balance1 <= _MAX_RESERVE",
        "test_pool_refusals.py::test_reserves_hold_up_to_112_bits_and_skim_is_the_way_out[0]",
    ),
    Mutant(
        "a reserve1 of 2**112 - 1 is too much",
        "pool.vy",
        _BOUND,
        "assert balance0 <= _MAX_RESERVE and balance1 < _MAX_RESERVE",
        "test_pool_refusals.py::test_reserves_hold_up_to_112_bits_and_skim_is_the_way_out[1]",
    ),
    Mutant(
        "a reserve0 of 2**112 spills over into reserve1",
        "pool.vy",
        _BOUND,
        "assert balance1 <= _MAX_RESERVE",
        "test_pool_refusals.py::test_reserves_hold_up_to_112_bits_and_skim_is_the_way_out[0]",
        always=True,
    ),
    Mutant(
        "a reserve1 of 2**112 spills over into the clock",
        "pool.vy",
        _BOUND,
        "assert balance0 <= _MAX_RESERVE",
        "test_pool_refusals.py::test_reserves_hold_up_to_112_bits_and_skim_is_the_way_out[1]",
    ),
    Mutant(
        "Sync tells the reserves of before",
        "pool.vy",
        _SYNC_LOG,
        "log IPool.Sync(reserve0=convert(reserve0, uint112), reserve1=convert(reserve1, uint112))",
        "test_pool_refusals.py::test_sync_takes_the_balances_as_reserves",
        always=True,
    ),
    Mutant(
        "Sync tells the reserves the wrong way round",
        "pool.vy",
        _SYNC_LOG,
        "log IPool.Sync(reserve0=convert(balance1, uint112), reserve1=convert(balance0, uint112))",
        "test_pool_refusals.py::test_sync_takes_the_balances_as_reserves",
    ),
    Mutant(
        "Sync is not told",
        "pool.vy",
        "    " + _SYNC_LOG + "\n",
        "",
        "test_pool_refusals.py::test_sync_takes_the_balances_as_reserves",
    ),
    Mutant(
        "skim leaves the excess of token1",
        "pool.vy",
        _SKIM1,
        "",
        "test_pool_refusals.py::test_skim_sends_the_excess_of_both_tokens_and_leaves_the_reserves",
    ),
    Mutant(
        "skim sends the whole balance of token1",
        "pool.vy",
        _SKIM1,
        "    self._send(token1, to, staticcall IERC20(token1).balanceOf(self))\n",
        "test_pool_refusals.py::test_skim_sends_the_excess_of_both_tokens_and_leaves_the_reserves",
    ),
    Mutant(
        "skim leaves out a transfer of nothing",
        "pool.vy",
        _SKIM1,
        "    if staticcall IERC20(token1).balanceOf(self) > reserve1:\n    " + _SKIM1,
        "test_pool_refusals.py::test_skim_transfers_amounts_of_zero_too",
    ),
    Mutant(
        "skim pays the caller, whoever was named",
        "pool.vy",
        _SKIM1,
        _SKIM1.replace("to, ", "msg.sender, "),
        "test_pool_refusals.py::test_skim_sends_the_excess_of_both_tokens_and_leaves_the_reserves",
    ),
    Mutant(
        "initialize refuses nobody",
        "pool.vy",
        '    raise "pool: forbidden"\n',
        "    pass\n",
        "test_pool_refusals.py::test_initialize_is_refused_to_everybody",
    ),
]

PRICES = [
    Mutant(
        "sync does not count the time since the call before",
        "pool.vy",
        _SYNC,
        _SYNC.replace("self._packed", "block.timestamp << 224"),
        "test_pool_prices.py::test_a_second_call_in_one_timestamp_adds_nothing",
    ),
    Mutant(
        "the prices are those after the call",
        "pool.vy",
        "    if unsafe_mul(elapsed, unsafe_mul(reserve0, reserve1)) > 0:\n",
        "    reserve0 = balance0\n"
        "    reserve1 = balance1\n"
        "    if unsafe_mul(elapsed, unsafe_mul(reserve0, reserve1)) > 0:\n",
        "test_pool_spec.py::test_cumulative_prices_grow_by_the_price_before_each_call",
    ),
    Mutant(
        "each token has the other's price",
        "pool.vy",
        "price0: uint256 = unsafe_div(reserve1 << 112, reserve0)\n"
        "        price1: uint256 = unsafe_div(reserve0 << 112, reserve1)",
        "price1: uint256 = unsafe_div(reserve1 << 112, reserve0)\n"
        "        price0: uint256 = unsafe_div(reserve0 << 112, reserve1)",
        "test_pool_prices.py::test_prices_round_down",
    ),
    Mutant(
        "the prices round up",
        "pool.vy",
        "unsafe_div(reserve1 << 112, reserve0)",
        "unsafe_div((reserve1 << 112) + reserve0 - 1, reserve0)",
        "test_pool_prices.py::test_prices_round_down",
    ),
    Mutant(
        "the price is cut to a whole number before it is shifted",
        "pool.vy",
        "unsafe_div(reserve0 << 112, reserve1)",
        "unsafe_div(reserve0, reserve1) << 112",
        "test_pool_prices.py::test_prices_round_down",
    ),
    Mutant(
        "the price is not weighed by the time",
        "pool.vy",
        "self.price1CumulativeLast, unsafe_mul(price1, elapsed)",
        "self.price1CumulativeLast, price1",
        "test_pool_prices.py::test_prices_round_down",
    ),
    Mutant(
        "the sum of prices starts anew at every call",
        "pool.vy",
        "self.price0CumulativeLast = unsafe_add(\n"
        "            self.price0CumulativeLast, unsafe_mul(price0, elapsed)\n"
        "        )",
        "self.price0CumulativeLast = unsafe_mul(price0, elapsed)",
        "test_pool_spec.py::test_cumulative_prices_grow_by_the_price_before_each_call",
    ),
    Mutant(
        "a sum of prices beyond 256 bits locks the pool",
        "pool.vy",
        "self.price0CumulativeLast = unsafe_add(\n"
        "            self.price0CumulativeLast, unsafe_mul(price0, elapsed)\n"
        "        )",
        "self.price0CumulativeLast += unsafe_mul(price0, elapsed)",
        "test_pool_prices.py::test_the_sum_wraps_at_256_bits",
    ),
    Mutant(
        "after the clock's wrap the elapsed time is not cut to 32 bits",
        "pool.vy",
        "unsafe_sub(block.timestamp, packed >> 224) & _MAX_TIME",
        "unsafe_sub(block.timestamp, packed >> 224)",
        "test_pool_prices.py::test_time_goes_on_after_the_clock_has_wrapped",
    ),
    Mutant(
        "the clock stands still at 2**32 - 1",
        "pool.vy",
        "(block.timestamp << 224)",
        "(min(block.timestamp, _MAX_TIME) << 224)",
        "test_pool_prices.py::test_the_clock_wraps_at_32_bits",
    ),
    Mutant(
        "the elapsed time is cut to 31 bits",
        "pool.vy",
        "_MAX_TIME: constant(uint256) = 2**32 - 1",
        "_MAX_TIME: constant(uint256) = 2**31 - 1",
        "test_pool_prices.py::test_the_sum_wraps_at_256_bits",
    ),
    Mutant(
        "the time of the last change stays",
        "pool.vy",
        "balance0 | (balance1 << 112) | (block.timestamp << 224)",
        "balance0 | (balance1 << 112) | (packed >> 224 << 224)",
        "test_pool_prices.py::test_nothing_is_added_while_a_reserve_is_zero",
    ),
]

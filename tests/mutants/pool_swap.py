"""Faulty swaps: what goes out, who is called, what has come in, and whether it is enough."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_PAYOUT = """\
    if amount0Out > 0:
        self._send(token0, to, amount0Out)
    if amount1Out > 0:
        self._send(token1, to, amount1Out)
"""
_CALLBACK = """\
    if len(data) > 0:
        extcall ICallee(to).uniswapV2Call(msg.sender, amount0Out, amount1Out, data)
"""
_COUNT = """
    balance0: uint256 = staticcall IERC20(token0).balanceOf(self)
    balance1: uint256 = staticcall IERC20(token1).balanceOf(self)
    # The outputs are below the reserves"""
_NOTE = "\n    # The outputs are below the reserves"
_EARLY_COUNT = """\
    balance0: uint256 = staticcall IERC20(token0).balanceOf(self) - amount0Out
    balance1: uint256 = staticcall IERC20(token1).balanceOf(self) - amount1Out
"""
_LATE_COUNT = """\
    balance0: uint256 = staticcall IERC20(token0).balanceOf(self)
    balance1: uint256 = staticcall IERC20(token1).balanceOf(self)
"""
_INSIST = "self._insist_on_k(balance0, balance1, amount0_in, amount1_in, reserve0, reserve1)"
_UPDATE = """\
    self._update(balance0, balance1, packed)
    log IPool.Swap("""

PAYMENT = [
    Mutant(
        "k has to grow and may not stay as it is",
        "pool.vy",
        "adjusted0 * adjusted1 >= least",
        "adjusted0 * adjusted1 > least",
        "test_pool_flash_and_lock.py::test_repaying_the_same_token_costs_the_fee_rounded_up[997]",
        always=True,
    ),
    Mutant(
        "k is not looked at",
        "pool.vy",
        'assert adjusted0 * adjusted1 >= least, "pool: k"',
        "pass",
        "test_pool_spec.py::test_swap_gives_the_specified_output_and_not_one_more[0]",
    ),
    Mutant(
        "k is compared with the reserves less the outputs",
        "pool.vy",
        _INSIST,
        "self._insist_on_k(balance0, balance1, amount0_in, amount1_in, rest0, rest1)",
        "test_pool_spec.py::test_swap_gives_the_specified_output_and_not_one_more[0]",
    ),
    Mutant(
        "token0 pays no fee",
        "pool.vy",
        "unsafe_sub(balance0 * _BASE, unsafe_mul(amount0_in, _FEE))",
        "balance0 * _BASE",
        "test_pool_sides_and_receivers.py::test_an_input_of_either_token_pays_the_fee[0]",
    ),
    Mutant(
        "token1 pays no fee",
        "pool.vy",
        "unsafe_sub(balance1 * _BASE, unsafe_mul(amount1_in, _FEE))",
        "balance1 * _BASE",
        "test_pool_sides_and_receivers.py::test_an_input_of_either_token_pays_the_fee[1]",
        always=True,
    ),
    Mutant(
        "the fee of each token's input is taken off the other token",
        "pool.vy",
        _INSIST,
        "self._insist_on_k(balance0, balance1, amount1_in, amount0_in, reserve0, reserve1)",
        "test_pool_sides_and_receivers.py::test_an_input_of_either_token_pays_the_fee[0]",
    ),
    Mutant(
        "the fee is taken of the outputs",
        "pool.vy",
        _INSIST,
        "self._insist_on_k(balance0, balance1, amount0Out, amount1Out, reserve0, reserve1)",
        "test_pool_spec.py::test_same_token_in_and_out_gives_the_specified_output_and_not_one_more[0]",
    ),
    Mutant(
        "the balances are counted before the outputs have left",
        "pool.vy",
        _PAYOUT + _CALLBACK + _COUNT,
        _LATE_COUNT + _PAYOUT + _CALLBACK + _NOTE,
        "test_pool_spec.py::test_swap_of_token0_moves_and_tells_what_the_spec_says",
    ),
    Mutant(
        "k is settled before the transfers, and a flash borrower cannot pay afterwards",
        "pool.vy",
        _PAYOUT + _CALLBACK + _COUNT,
        _EARLY_COUNT + _PAYOUT + _CALLBACK + _NOTE,
        "test_pool_flash_and_lock.py::test_repaying_the_other_token_costs_the_quoted_input[1000]",
        always=True,
    ),
    Mutant(
        "the callback comes after the balances were counted",
        "pool.vy",
        _CALLBACK + _COUNT,
        _LATE_COUNT + _CALLBACK + _NOTE,
        "test_pool_flash_and_lock.py::test_both_tokens_can_be_borrowed_at_once",
    ),
    Mutant(
        "a swap without input is left to k",
        "pool.vy",
        '    assert (amount0_in | amount1_in) > 0, "pool: insufficient input"\n',
        "",
        "test_pool_refusals.py::test_swap_without_payment_is_refused_before_k_is_looked_at",
    ),
    Mutant(
        "a swap needs an input of both tokens",
        "pool.vy",
        "assert (amount0_in | amount1_in) > 0",
        "assert amount0_in > 0 and amount1_in > 0",
        "test_pool_spec.py::test_swap_of_token0_moves_and_tells_what_the_spec_says",
    ),
    Mutant(
        "an input counts from the whole reserve, so that the same token cannot come back",
        "pool.vy",
        "rest0: uint256 = unsafe_sub(reserve0, amount0Out)",
        "rest0: uint256 = reserve0",
        "test_pool_spec.py::test_same_token_in_and_out_gives_the_specified_output_and_not_one_more[0]",
    ),
]

OUTPUT = [
    Mutant(
        "a swap that takes nothing goes on",
        "pool.vy",
        '    assert (amount0Out | amount1Out) > 0, "pool: insufficient output"\n',
        "",
        "test_pool_refusals.py::test_swap_without_output_is_refused",
    ),
    Mutant(
        "the whole reserve of token0 can be asked for",
        "pool.vy",
        "assert amount0Out < reserve0 and",
        "assert amount0Out <= reserve0 and",
        "test_pool_refusals.py::test_swap_may_take_all_but_one_unit_of_a_reserve",
    ),
    Mutant(
        "the whole reserve of token1 can be asked for",
        "pool.vy",
        "and amount1Out < reserve1",
        "and amount1Out <= reserve1",
        "test_pool_refusals.py::test_swap_may_take_all_but_one_unit_of_a_reserve",
    ),
    Mutant(
        "token0 may be the receiver",
        "pool.vy",
        "assert to != token0 and to != token1",
        "assert to != token1",
        "test_pool_refusals.py::test_swap_to_one_of_the_tokens_is_refused",
    ),
    Mutant(
        "token1 may be the receiver",
        "pool.vy",
        "assert to != token0 and to != token1",
        "assert to != token0",
        "test_pool_refusals.py::test_swap_to_one_of_the_tokens_is_refused",
    ),
    Mutant(
        "the receiver is looked at before the amounts",
        "pool.vy",
        '    assert (amount0Out | amount1Out) > 0, "pool: insufficient output"\n',
        '    assert to != token0 and to != token1, "pool: invalid to"\n'
        '    assert (amount0Out | amount1Out) > 0, "pool: insufficient output"\n',
        "test_pool_refusals.py::test_checks_come_in_the_order_of_the_original",
    ),
    Mutant(
        "the caller gets token0, whoever was named",
        "pool.vy",
        "self._send(token0, to, amount0Out)",
        "self._send(token0, msg.sender, amount0Out)",
        "test_pool_sides_and_receivers.py::test_the_named_one_gets_both_outputs_and_both_are_told",
    ),
    Mutant(
        "the caller gets token1, whoever was named",
        "pool.vy",
        "self._send(token1, to, amount1Out)",
        "self._send(token1, msg.sender, amount1Out)",
        "test_pool_sides_and_receivers.py::test_the_named_one_gets_both_outputs_and_both_are_told",
    ),
    Mutant(
        "a swap leaves the reserves as they were",
        "pool.vy",
        _UPDATE,
        "    log IPool.Swap(",
        "test_pool_spec.py::test_swap_of_token0_moves_and_tells_what_the_spec_says",
    ),
    Mutant(
        "a swap moves kLast",
        "pool.vy",
        _UPDATE,
        "    self.kLast = unsafe_mul(balance0, balance1)\n" + _UPDATE,
        "test_protocol_fee.py::test_fee_is_minted_before_a_burn",
    ),
    Mutant(
        "Swap tells the inputs of one token as the other's",
        "pool.vy",
        "        amount0In=amount0_in,\n        amount1In=amount1_in,\n",
        "        amount0In=amount1_in,\n        amount1In=amount0_in,\n",
        "test_pool_spec.py::test_swap_of_token1_moves_and_tells_what_the_spec_says",
    ),
    Mutant(
        "Swap tells the outputs of one token as the other's",
        "pool.vy",
        "        amount0Out=amount0Out,\n        amount1Out=amount1Out,\n",
        "        amount0Out=amount1Out,\n        amount1Out=amount0Out,\n",
        "test_pool_spec.py::test_swap_of_token1_moves_and_tells_what_the_spec_says",
    ),
    Mutant(
        "Swap names the receiver as the sender",
        "pool.vy",
        "    log IPool.Swap(\n        sender=msg.sender,",
        "    log IPool.Swap(\n        sender=to,",
        "test_pool_sides_and_receivers.py::test_the_named_one_gets_both_outputs_and_both_are_told",
    ),
]

CALLBACK = [
    Mutant(
        "the callback comes before the tokens",
        "pool.vy",
        _PAYOUT + _CALLBACK,
        _CALLBACK + _PAYOUT,
        "test_pool_flash_and_lock.py::test_tokens_are_there_and_reserves_are_old_during_the_callback",
        always=True,
    ),
    Mutant(
        "the callback comes without data too",
        "pool.vy",
        _CALLBACK,
        _CALLBACK.replace("if len(data) > 0:", "if to.is_contract:"),
        "test_pool_flash_and_lock.py::test_swap_without_data_calls_nobody",
    ),
    Mutant(
        "the callback goes to the caller, whoever got the tokens",
        "pool.vy",
        "extcall ICallee(to)",
        "extcall ICallee(msg.sender)",
        "test_pool_flash_and_lock.py::test_callee_is_called_with_the_senders_name_and_the_amounts",
    ),
    Mutant(
        "the callback names the receiver as the sender",
        "pool.vy",
        "uniswapV2Call(msg.sender, amount0Out",
        "uniswapV2Call(to, amount0Out",
        "test_pool_flash_and_lock.py::test_callee_is_called_with_the_senders_name_and_the_amounts",
    ),
    Mutant(
        "the callback names the amounts the wrong way round",
        "pool.vy",
        "uniswapV2Call(msg.sender, amount0Out, amount1Out, data)",
        "uniswapV2Call(msg.sender, amount1Out, amount0Out, data)",
        "test_pool_flash_and_lock.py::test_callee_is_called_with_the_senders_name_and_the_amounts",
    ),
    Mutant(
        "the callback comes without its data",
        "pool.vy",
        "amount0Out, amount1Out, data)\n\n",
        'amount0Out, amount1Out, b"")\n\n',
        "test_pool_flash_and_lock.py::test_callee_is_called_with_the_senders_name_and_the_amounts",
    ),
]

"""Faulty factories, and faults in the addresses of pools."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_SECOND_ORDER = "    self.getPair[token1][token0] = pair\n"
_TOKENS_OF_POOL = "    token0, token1 = pool_math._sort(tokenA, tokenB)\n    assert token0"

FACTORY = [
    Mutant(
        "a pair is found in one order only",
        "factory.vy",
        _SECOND_ORDER,
        "",
        "test_factory_contract.py::test_a_pool_stands_at_its_create2_address_in_either_order[order0]",
        always=True,
    ),
    Mutant(
        "a pair gets a second pool",
        "factory.vy",
        '    assert self.getPair[token0][token1] == empty(address), "factory: pool exists"\n',
        "",
        "test_factory_contract.py::test_a_pair_has_one_pool",
    ),
    Mutant(
        "a token has a pool with itself",
        "factory.vy",
        '    assert tokenA != tokenB, "factory: identical addresses"\n',
        "",
        "test_factory_contract.py::test_a_token_has_no_pool_with_itself_nor_with_nothing",
    ),
    Mutant(
        "nothing has a pool",
        "factory.vy",
        '    assert token0 != empty(address), "factory: zero address"\n',
        "",
        "test_factory_contract.py::test_a_token_has_no_pool_with_itself_nor_with_nothing",
    ),
    Mutant(
        "the tokens are not put in order",
        "factory.vy",
        _TOKENS_OF_POOL,
        "    token0 = tokenA\n    token1 = tokenB\n    assert token0",
        "test_factory_contract.py::test_a_pool_stands_at_its_create2_address_in_either_order[order1]",
    ),
    Mutant(
        "a new pool is not listed",
        "factory.vy",
        "    self.allPairs.append(pair)\n",
        "",
        "test_factory_contract.py::test_pools_are_numbered_as_they_come",
    ),
    Mutant(
        "PairCreated counts the pools from zero",
        "factory.vy",
        "length=len(self.allPairs)\n",
        "length=unsafe_sub(len(self.allPairs), 1)\n",
        "test_factory_contract.py::test_pools_are_numbered_as_they_come",
    ),
    Mutant(
        "PairCreated names the tokens as the caller did",
        "factory.vy",
        "token0=token0, token1=token1, pair=pair",
        "token0=tokenA, token1=tokenB, pair=pair",
        "test_factory_contract.py::test_a_pool_stands_at_its_create2_address_in_either_order[order1]",
    ),
    Mutant(
        "anybody sets the receiver of the protocol's fee",
        "factory.vy",
        "    self._only_setter()\n    self.feeTo = _feeTo\n",
        "    self.feeTo = _feeTo\n",
        "test_factory_contract.py::test_only_the_setter_sets_the_receiver_and_the_setter",
    ),
    Mutant(
        "anybody makes himself the setter",
        "factory.vy",
        "    self._only_setter()\n    self.feeToSetter = _feeToSetter\n",
        "    self.feeToSetter = _feeToSetter\n",
        "test_factory_contract.py::test_only_the_setter_sets_the_receiver_and_the_setter",
    ),
    Mutant(
        "the setter stays who he is",
        "factory.vy",
        "    self._only_setter()\n    self.feeToSetter = _feeToSetter\n",
        "    self._only_setter()\n",
        "test_factory_contract.py::test_only_the_setter_sets_the_receiver_and_the_setter",
    ),
    Mutant(
        "a venue may take any fee",
        "factory.vy",
        '    assert fee <= MAX_FEE_BPS, "factory: fee too high"\n',
        "",
        "test_factory_contract.py::test_a_fee_of_ten_percent_passes_and_one_more_is_refused",
    ),
    Mutant(
        "a fee of ten percent is too high",
        "factory.vy",
        "assert fee <= MAX_FEE_BPS",
        "assert fee < MAX_FEE_BPS",
        "test_factory_contract.py::test_a_fee_of_ten_percent_passes_and_one_more_is_refused",
    ),
    Mutant(
        "the parameters of the last pool stay",
        "factory.vy",
        "    self._token0 = empty(address)\n    self._token1 = empty(address)\n",
        "",
        "test_factory_contract.py::test_parameters_are_wiped_within_the_same_transaction",
    ),
    Mutant(
        "a wrong init code hash is not noticed",
        "factory.vy",
        '    assert pair == expected, "factory: wrong init code hash"\n',
        "",
        "test_factory_contract.py::test_a_wrong_init_code_hash_is_found_at_the_first_pool",
    ),
    Mutant(
        "a pool gets its tokens the wrong way round",
        "factory.vy",
        "    self._token0 = token0\n    self._token1 = token1\n",
        "    self._token0 = token1\n    self._token1 = token0\n",
        "test_factory_contract.py::test_a_pool_stands_at_its_create2_address_in_either_order[order0]",
    ),
    Mutant(
        "every pool has the fee of Uniswap",
        "factory.vy",
        "return self._token0, self._token1, fee_bps",
        "return self._token0, self._token1, 30",
        "test_factory_contract.py::test_the_pools_of_a_venue_charge_its_fee[100]",
    ),
    Mutant(
        "the greater address comes first",
        "pool_math.vy",
        "convert(a, uint160) < convert(b, uint160)",
        "convert(a, uint160) > convert(b, uint160)",
        "test_factory_contract.py::test_a_pool_stands_at_its_create2_address_in_either_order[order0]",
    ),
    Mutant(
        "the salt of a pool has its tokens the wrong way round",
        "pool_math.vy",
        "concat(convert(token0, bytes20), convert(token1, bytes20))",
        "concat(convert(token1, bytes20), convert(token0, bytes20))",
        "test_factory_contract.py::test_a_pool_stands_at_its_create2_address_in_either_order[order0]",
    ),
]

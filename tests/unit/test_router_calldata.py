"""A swap's calldata is what the ABI's codec makes of its arguments, and is refused as there."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from dexsim.chain.accounts import Account
from dexsim.errors import AmountTypeError
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool
from dexsim.market.router import Router, read_swap

WETH, USDC = (Erc20(Account.named(name).address, symbol=name) for name in ("WETH", "USDC"))
POOL = Pool(Account.named("pool").address, base=WETH, quote=USDC, fee_bps=30, market="main")
ROUTER = Router(Account.named("router").address)
ALICE, BOB = Account.named("alice"), Account.named("bob")
WORDS = st.integers(0, 2**256 - 1)


def swap(**named: Any) -> Any:
    usual = {"pool": POOL, "token_in": "WETH", "amount_in": 1, "min_amount_out": 1}
    return ROUTER.swap(ALICE, **usual | named)


@given(WORDS, WORDS, WORDS, st.sampled_from(["WETH", "USDC"]), st.sampled_from([None, ALICE, BOB]))
def test_it_is_what_eth_abi_writes(
    amount: int, least: int, deadline: int, sold: str, to: Account | None
) -> None:
    tx = swap(amount_in=amount, min_amount_out=least, token_in=sold, to=to, deadline=deadline)
    path = [WETH.address, USDC.address] if sold == "WETH" else [USDC.address, WETH.address]
    types = ["uint256", "uint256", "address[]", "address", "uint256"]
    receiver = (to or ALICE).address
    assert tx.data[4:] == encode(types, [amount, least, path, receiver, deadline])
    assert (tx.sender, tx.to) == (ALICE.address, ROUTER.address)
    assert tx.what == "router.swapExactTokensForTokens"
    read = read_swap(tx)
    assert read is not None
    assert (read.amount_in, read.min_amount_out, read.recipient) == (amount, least, receiver)


def test_what_is_no_amount_is_refused_by_its_name() -> None:
    names = {"amount_in": "amountIn", "min_amount_out": "amountOutMin", "deadline": "deadline"}
    swap(deadline=1)  # what was written before does not let through what only equals it
    for name, told in names.items():
        for wrong in (1.5, 1.0):
            with pytest.raises(AmountTypeError, match=told):
                swap(**{name: wrong})
        for wrong in (-1, 2**256, "1", None, True, []):
            with pytest.raises(TypeError):
                swap(**{name: wrong})

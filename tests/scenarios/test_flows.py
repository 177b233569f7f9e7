"""What moved between a sender and a pool, from logs made by hand."""

from __future__ import annotations

import pytest
from eth_hash.auto import keccak

from dexsim.chain.accounts import Account
from dexsim.chain.address import to_bytes
from dexsim.chain.types import Address, Log, Receipt, Transaction
from dexsim.market.erc20 import Erc20
from dexsim.market.flows import flows_of, swap_of
from dexsim.market.pool import Pool

ME, TREASURY, ROUTER, OTHER = (
    Account.named(name).address for name in ("me", "treasury", "router", "other")
)
BASE, QUOTE = (Erc20(Account.named(symbol).address, symbol=symbol) for symbol in ("BASE", "QUOTE"))
POOL = Pool(Account.named("pool").address, base=BASE, quote=QUOTE, fee_bps=30)
TRANSFER = bytes(keccak(b"Transfer(address,address,uint256)"))


def moved(token: Erc20, source: Address, target: Address, amount: int) -> Log:
    topics = (TRANSFER, *(bytes(12) + to_bytes(each) for each in (source, target)))
    return Log(token.address, topics, amount.to_bytes(32, "big"))


def seen(*logs: Log, to: Address = POOL.address) -> tuple[str, int, int] | None:
    receipt = Receipt(
        transaction=Transaction(sender=ME, to=to, data=b""),
        tx_hash=bytes(32),
        status=True,
        gas_used=1,
        gas_refunded=0,
        effective_gas_price=1,
        logs=logs,
        output=b"",
    )
    swap = swap_of(flows_of(receipt, POOL, (POOL.address,)), POOL)
    return None if swap is None else (str(swap.token_in), swap.amount_in, swap.amount_out)


def test_a_swap_is_one_token_for_the_other() -> None:
    assert seen(moved(BASE, ME, POOL.address, 5), moved(QUOTE, POOL.address, ME, 9)) == (
        "BASE",
        5,
        9,
    )
    assert seen(moved(QUOTE, ME, POOL.address, 9), moved(BASE, POOL.address, ME, 5)) == (
        "QUOTE",
        9,
        5,
    )


def test_what_goes_to_third_parties_is_no_part_of_it() -> None:
    legs = (
        moved(BASE, ME, POOL.address, 5),
        moved(BASE, ME, TREASURY, 1),
        moved(BASE, POOL.address, TREASURY, 1),
        moved(QUOTE, POOL.address, ME, 9),
        moved(QUOTE, OTHER, ME, 100),
    )
    assert seen(*legs) == ("BASE", 5, 9)


def test_change_that_the_pool_gives_back_counts() -> None:
    legs = (
        moved(BASE, ME, POOL.address, 5),
        moved(BASE, POOL.address, ME, 2),
        moved(QUOTE, POOL.address, ME, 9),
    )
    assert seen(*legs) == ("BASE", 3, 9)


def test_a_contract_in_between_counts_as_the_pool() -> None:
    legs = (
        moved(BASE, ME, ROUTER, 5),
        moved(BASE, ROUTER, POOL.address, 5),
        moved(QUOTE, POOL.address, ME, 9),
    )
    assert seen(*legs, to=ROUTER) == ("BASE", 5, 9)


@pytest.mark.parametrize(
    "legs",
    [
        (),
        (moved(BASE, ME, POOL.address, 5),),
        (moved(BASE, ME, POOL.address, 5), moved(QUOTE, ME, POOL.address, 9)),
        (moved(BASE, POOL.address, ME, 5), moved(QUOTE, POOL.address, ME, 9)),
        (moved(BASE, ME, ROUTER, 5), moved(QUOTE, ROUTER, ME, 9)),
    ],
    ids=["nothing", "a donation", "liquidity in", "liquidity out", "another pool's swap"],
)
def test_anything_else_is_no_swap(legs: tuple[Log, ...]) -> None:
    assert seen(*legs, to=ROUTER) is None

"""Sandwiches and cycles of the searcher's contract: profits are exact, whatever else the block holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dexsim import cpmm
from dexsim.market.contract import Contract
from dexsim.market.contract import deploy as deploy_contract
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool
from dexsim.market.searcher import Searcher, searcher_creation
from dexsim.testing import reverts
from tests.contracts.searchers import ALL, E18, HUNTER, open_desk
from tests.published import needs_published, published

FRONT = 20 * E18
VICTIM = 30 * E18


def published_pair(dex, alice):
    """A pair of Uniswap v2 as published, of dexsim's two tokens."""
    factory = deploy_contract(dex.chain, published("UniswapV2Factory"), alice, alice)
    dex.send(factory.write.createPair(alice, dex.token0, dex.token1, gas_limit=5_000_000))
    pair = factory.read.getPair(dex.token0, dex.token1)
    return Contract(published("UniswapV2Pair").abi, pair, dex.chain, name="pair")


@pytest.fixture(params=["dexsim", pytest.param("published", marks=needs_published)])
def desk(request, dex, alice):
    """Sells token1, holds none of token0: what a back-run sells is what the front-run bought."""
    pool = None if request.param == "dexsim" else published_pair(dex, alice)
    desk = open_desk(dex, pool)
    desk.send("take", dex.token0, ALL, alice)
    return desk


def victim(desk, who):
    """Somebody's purchase of token0 behind a first leg, in two transactions: payment and swap."""
    dex, pool = desk.dex, desk.pool
    reserve0, reserve1, _ = pool.read.getReserves()
    out = cpmm.amount_out(FRONT, reserve1, reserve0, 30)
    got = cpmm.amount_out(VICTIM, reserve1 + FRONT, reserve0 - out, 30)
    return [
        dex.token1.write.transfer(who, pool, VICTIM),
        pool.write.swap(who, got, 0, who, b""),
    ]


def sandwich_profit(desk):
    """By the arithmetic of cpmm: what three swaps leave the first and last one's sender."""
    reserve0, reserve1, _ = desk.pool.read.getReserves()
    bought = cpmm.amount_out(FRONT, reserve1, reserve0, 30)
    reserve1, reserve0 = reserve1 + FRONT, reserve0 - bought
    got = cpmm.amount_out(VICTIM, reserve1, reserve0, 30)
    reserve1, reserve0 = reserve1 + VICTIM, reserve0 - got
    return cpmm.amount_out(bought, reserve0, reserve1, 30) - FRONT


def legs(desk, least_profit, tip=0):
    dex = desk.dex
    return (
        desk.tx("swap", [desk.pool], dex.token1, FRONT, 0),
        desk.tx("finish", [desk.pool], dex.token0, ALL, FRONT, least_profit, tip),
    )


def test_a_sandwich_passes_with_its_exact_profit_and_not_with_one_more(dex, desk, alice):
    profit = sandwich_profit(desk)
    assert profit > 0
    before, builder = desk.held(dex.token1), desk.money(dex.chain.coinbase)
    first, last = legs(desk, profit + 1)
    with reverts("searcher: profit missed"):
        desk.block(first, *victim(desk, alice), last)
    first, last = legs(desk, profit, tip=123)
    desk.block(first, *victim(desk, alice), last)
    assert desk.held(dex.token1) - before == profit
    assert desk.held(dex.token0) == 0
    assert desk.money(dex.chain.coinbase) - builder == 123


def test_without_its_victim_a_sandwich_loses_and_is_refused(dex, desk):
    """With a bound of zero: the round trip costs two fees."""
    with reverts("searcher: profit missed"):
        desk.block(*legs(desk, 0))


def test_what_one_sandwich_gained_does_not_pay_for_the_next_one_of_the_block(dex, desk, alice):
    profit = sandwich_profit(desk)
    assert profit > 0
    won = legs(desk, profit)
    lost = legs(desk, 0)
    with reverts("searcher: profit missed"):
        desk.block(won[0], *victim(desk, alice), won[1], *lost)
    desk.block(won[0], *victim(desk, alice), won[1])


def test_a_sandwich_does_not_need_that_another_one_of_its_block_landed(dex, desk, alice):
    """Both signed before the block; either alone lands with the same bound as behind the other."""
    second = replace_pool(desk)
    profit = sandwich_profit(second)
    mine = legs(second, profit)
    with dex.chain.anchor():
        desk.block(mine[0], *victim(second, alice), mine[1])
    others = legs(desk, sandwich_profit(desk))
    before = desk.held(dex.token1)
    both = profit + sandwich_profit(desk)
    desk.block(others[0], *victim(desk, alice), others[1], mine[0], *victim(second, alice), mine[1])
    assert desk.held(dex.token1) - before == both


def replace_pool(desk):
    """The same desk at a second pool of 30 bps, so that two sandwiches are worth their own amounts."""
    dex = desk.dex
    pool = dex.create_pool(dex.token0, dex.token1, dex.venue(30))
    dex.on(pool).add(500 * E18, 1_100 * E18)
    return replace(desk, pool=pool)


def cycle_amounts(desk, sold):
    """By cpmm: token0 dear in one pool is bought in the other."""
    middle = desk.out(desk.pool, desk.dex.token1, sold, 30)
    return middle, desk.out(desk.other, desk.dex.token0, middle, 5)


def test_a_cycle_over_two_pools_is_the_arithmetic_to_the_wei(dex, desk):
    sold = 10 * E18
    _, back = cycle_amounts(desk, sold)
    profit, path = back - sold, [desk.pool, desk.other]
    assert profit > 0
    with reverts("searcher: profit missed"):
        desk.send("finish", path, dex.token1, sold, 0, profit + 1, 5)
    with reverts("searcher: profit missed"):
        desk.send("finish", path, dex.token1, sold, 1, profit, 5)
    assert desk.answer("finish", path, dex.token1, sold, 0, profit, 5) == profit
    assert desk.answer("finish", path, dex.token1, sold, 1, profit - 1, 5) == profit - 1
    before, builder = desk.held(dex.token1), desk.money(dex.chain.coinbase)
    desk.send("finish", path, dex.token1, sold, 0, profit, 5)
    assert desk.held(dex.token1) - before == profit
    assert desk.money(dex.chain.coinbase) - builder == 5


def test_a_cycle_with_all_that_is_there_counts_it_too(dex, desk):
    sold = desk.held(dex.token1)
    _, back = cycle_amounts(desk, sold)
    path = [desk.pool, desk.other]
    assert back > sold
    with reverts("searcher: profit missed"):
        desk.send("finish", path, dex.token1, ALL, 0, back - sold + 1, 0)
    desk.send("finish", path, dex.token1, ALL, 0, back - sold, 0)
    assert desk.held(dex.token1) == back


def test_a_cycle_the_wrong_way_round_is_refused_without_any_bound(dex, desk):
    with reverts("searcher: profit missed"):
        desk.send("finish", [desk.other, desk.pool], dex.token1, 10 * E18, 0, 0, 0)
    desk.send("swap", [desk.other, desk.pool], dex.token1, 10 * E18, 1)


@pytest.mark.parametrize("base_first", [True, False])
def test_the_handle_writes_what_the_contract_reads(dex, desk, alice, base_first):
    """The whole life of a searcher, in base and quote, whichever of them is token0."""
    chain = dex.chain
    tokens = [
        Erc20(each.address, chain, symbol=symbol, decimals=18)
        for each, symbol in ((dex.token0, "A"), (dex.token1, "B"))
    ]
    base, quote = tokens if base_first else tokens[::-1]
    pool = Pool(desk.pool.address, chain, base=base, quote=quote, fee_bps=30)
    own = Searcher(dex.send(searcher_creation(HUNTER)).contract_address, chain, owner=HUNTER)
    dex.send(own.fund(alice, amount=50))
    for token in (dex.token0, dex.token1):
        dex.send(token.write.transfer(alice, own, 100 * E18))
    builder = desk.money(chain.coinbase)
    out = pool.amount_out(token_in=base, amount_in=E18)
    with reverts("searcher: insufficient output"):
        dex.send(own.swap(pools=[pool], token_in=base, amount_in=E18, least_out=out + 1))
    dex.send(own.swap(pools=[pool], token_in=base, amount_in=E18, least_out=out))
    back = pool.amount_out(token_in=quote, amount_in=out)
    finish = {"pools": [pool], "token_in": quote, "amount_in": out, "tip": 20}
    with reverts("searcher: profit missed"):
        dex.send(own.finish(**finish, cost=back - 1, least_profit=2))
    dex.send(own.finish(**finish, cost=back - 1, least_profit=1))
    held = pool.reserves()
    add = {"base_amount": held.base // 100, "quote_amount": held.quote // 100}
    dex.send(own.add(pool=pool, **add, least_liquidity=1))
    with reverts("searcher: insufficient output"):
        dex.send(own.remove(pool=pool, least_base=0, least_quote=held.quote // 100 + 1))
    dex.send(own.remove(pool=pool, least_base=held.base // 100 - 9, least_quote=0, tip=7))
    assert desk.money(chain.coinbase) - builder == 27
    had = desk.money(alice)
    dex.send(own.take_money(to=alice))
    assert desk.money(alice) - had == 23
    dex.send(own.take(token=base, to=HUNTER))
    assert desk.held(dex.token0 if base_first else dex.token1, own) == 0
    assert desk.held(dex.token0 if base_first else dex.token1, HUNTER) > 0


def test_both_kinds_of_pool_lend_a_path(dex, desk):
    """The published pair tells no fee, dexsim's tells its own: one path over both."""
    middle = desk.out(desk.pool, dex.token1, 3 * E18, 30)
    back = desk.out(desk.other, dex.token0, middle, 5)
    path = [desk.pool, desk.other]
    with reverts("searcher: insufficient output"):
        desk.send("swap", path, dex.token1, 3 * E18, back + 1)
    desk.send("swap", path, dex.token1, 3 * E18, back)


def test_liquidity_just_in_time_around_a_swap(dex, desk, alice):
    """What the fee pays is the searcher's by its share; what comes back is exact."""
    dex.send(dex.token0.write.transfer(alice, desk.searcher, 100 * E18))
    before = desk.held(dex.token0), desk.held(dex.token1)
    desk.send("add", desk.pool, 40 * E18, 80 * E18, 1)
    liquidity, supply = desk.held(desk.pool), desk.pool.read.totalSupply()
    for tx in victim(desk, alice):
        dex.send(tx)
    reserves = desk.pool.read.getReserves()[:2]
    amounts = [liquidity * reserve // supply for reserve in reserves]
    for least in ((amounts[0] + 1, amounts[1]), (amounts[0], amounts[1] + 1)):
        with reverts("searcher: insufficient output"):
            desk.send("remove", desk.pool, ALL, *least, 0)
    desk.send("remove", desk.pool, ALL, *amounts, 0)
    assert desk.held(dex.token0) == before[0] - 40 * E18 + amounts[0]
    assert desk.held(dex.token1) == before[1] - 80 * E18 + amounts[1]

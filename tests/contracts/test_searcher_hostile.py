"""Tokens, pools and builders that mean the searcher ill: he loses no more than his bounds allow."""

from __future__ import annotations

import pytest

from dexsim.chain.accounts import Account
from dexsim.chain.reasons import revert_reason
from dexsim.testing import reverts
from tests.contracts.searchers import ALL, E18, HUNTER, open_desk

ALICE = Account.named("alice")
NOBODY = "0x" + "00" * 20


@pytest.fixture
def desk(dex):
    return open_desk(dex)


def word(*numbers):
    return b"".join(number.to_bytes(32, "big") for number in numbers)


@pytest.fixture
def odd(dex, desk):
    """`odd("mock", *args)`: that token in a pool of its own with token0, and 10 at the searcher."""

    def make(mock, *args):
        token = dex.deploy(f"mocks/{mock}", *args)
        dex.send(token.write.mint(ALICE, ALICE, 1_000 * E18))
        pool = dex.create_pool(token, dex.token0)
        for each in (token, dex.token0):
            dex.send(each.write.transfer(ALICE, pool, 100 * E18))
        dex.send(pool.write.mint(ALICE, ALICE))
        dex.send(token.write.transfer(ALICE, desk.searcher, 10 * E18))
        return token, pool

    return make


@pytest.fixture
def liar(dex):
    """A contract that answers as a pool of 100 to 100 would, and does nothing at all."""
    pool = dex.deploy("mocks/scripted")

    def answers(**told):
        answer = {
            "token0": word(int(dex.token0.address, 16)),
            "token1": word(int(dex.token1.address, 16)),
            "getReserves": word(100 * E18, 100 * E18, 0),
            "swap": b"",
            "mint": word(E18),
            "burn": word(E18, E18),
            "balanceOf": word(0),
            "transfer": word(1),
        } | told
        functions = dex.pool.interface.functions
        for name, what in answer.items():
            dex.send(pool.write.set_answer(ALICE, functions[name][0].selector, what))
        return pool

    return answers


def selector(dex, name):
    return dex.pool.interface.functions[name][0].selector


def everything(desk):
    dex = desk.dex
    return desk.held(dex.token0), desk.held(dex.token1), desk.held(desk.pool), desk.money()


# --- pools ---------------------------------------------------------------------


def test_a_pool_that_says_that_it_paid_is_not_believed(dex, desk, liar):
    pool, before = liar(), everything(desk)
    with reverts("searcher: insufficient output"):
        desk.send("swap", [pool], dex.token0, E18, 1)
    with reverts("searcher: profit missed"):
        desk.send("finish", [pool], dex.token0, E18, 0, 1, 0)
    with reverts("searcher: profit missed"):
        desk.send("finish", [desk.other, pool], dex.token1, E18, 0, 0, 0)
    with reverts("pool: insufficient input"):  # an honest pool behind it was paid nothing
        desk.send("finish", [pool, desk.other], dex.token1, E18, 0, 0, 0)
    with reverts("searcher: insufficient liquidity"):
        desk.send("add", pool, E18, E18, 1)
    with reverts("searcher: insufficient output"):
        desk.send("remove", pool, 0, 1, 0, 0)
    with reverts("searcher: insufficient output"):
        desk.send("remove", pool, 0, 0, 1, 0)
    assert everything(desk) == before


def test_a_pool_gets_what_the_owner_named_and_no_more(dex, desk, liar):
    """Without a bound the owner gives it away; the rest is out of the pool's reach."""
    pool, before = liar(), everything(desk)
    desk.send("swap", [pool], dex.token0, E18, 0)
    assert everything(desk) == (before[0] - E18, *before[1:])


def test_a_fee_of_more_than_everything_is_refused(dex, desk, liar):
    with reverts("searcher: fee too high"):
        desk.send("swap", [liar(fee_bps=word(10_001))], dex.token0, E18, 0)
    desk.send("swap", [liar(fee_bps=word(10_000))], dex.token0, E18, 0)


def asked(dex, desk, pool):
    """What the searcher asks of a pool for 1 of 100 to 100."""
    trace = dex.chain.trace(desk.tx("swap", [pool], dex.token0, E18, 0))
    [call] = [
        each
        for each in trace.calls
        if each.to == pool.address and each.input[:4] == selector(dex, "swap")
    ]
    return int.from_bytes(call.input[36:68], "big")


def test_a_pool_without_a_readable_fee_has_that_of_uniswap(dex, desk, liar):
    usual = E18 * 9970 * 100 // (100 * 10_000 + 9970)
    assert asked(dex, desk, liar()) == usual
    assert asked(dex, desk, liar(fee_bps=word(5)[:31])) == usual
    assert asked(dex, desk, liar(fee_bps=b"")) == usual
    assert asked(dex, desk, liar(fee_bps=word(30, 1))) == usual
    assert asked(dex, desk, liar(fee_bps=word(5))) > usual
    pool = liar()
    dex.send(pool.write.set_endless(ALICE, selector(dex, "fee_bps")))
    assert asked(dex, desk, pool) == usual
    used = dex.send(desk.tx("swap", [pool], dex.token0, E18, 0)).gas_used
    assert used < 200_000


# --- tokens --------------------------------------------------------------------


def test_a_token_without_an_answer_is_traded_like_any_other(dex, desk, odd):
    token, pool = odd("no_return")
    desk.send("swap", [pool], token, E18, E18 * 9 // 10)
    desk.send("swap", [pool], dex.token0, E18, E18 * 9 // 10)
    desk.send("take", token, ALL, ALICE)
    assert desk.held(token) == 0


@pytest.mark.parametrize("mock", ["false_return", "reverting"])
def test_a_token_that_does_not_move_is_refused(dex, desk, odd, mock):
    token, pool = odd(mock)
    desk.send("swap", [pool], token, E18, 1)
    dex.send(token.write.set_failing(ALICE, True))
    for name, args in (
        ("swap", ([pool], token, E18, 0)),
        ("finish", ([pool], token, E18, 0, 0, 0)),
        ("add", (pool, E18, E18, 0)),
        ("take", (token, E18, ALICE)),
    ):
        with reverts("searcher: transfer failed"):
            desk.send(name, *args)
    with reverts("pool: transfer failed"):
        desk.send("swap", [pool], dex.token0, E18, 0)


def test_of_a_token_that_arrives_short_the_bound_is_of_what_arrives(dex, desk, odd):
    token, pool = odd("fee_on_transfer", 100)
    got = desk.answer("swap", [pool], dex.token0, E18, 0)
    with reverts("searcher: insufficient output"):
        desk.send("swap", [pool], dex.token0, E18, got + 1)
    with reverts("searcher: profit missed"):
        desk.send("finish", [pool], dex.token0, E18, got, 1, 0)
    before = desk.held(token)
    desk.send("swap", [pool], dex.token0, E18, got)
    assert desk.held(token) - before == got
    with reverts("pool: k"):  # the pool gets less than it is asked for
        desk.send("swap", [pool], token, E18, 0)


def hooked(dex, desk, odd, contract, *call):
    """A token whose transfers to a pool make a call of `callee`."""
    token, pool = odd("hooked_token")
    callee = dex.deploy("mocks/flash_callee")
    name, *args = call
    data = getattr(contract.write, name)(ALICE, *args).data
    dex.send(callee.write.add_call(ALICE, contract, data))
    dex.send(token.write.set_hooks(ALICE, pool, NOBODY, callee))
    return token, pool, callee


@pytest.mark.parametrize(
    "attack",
    ["take", "take_money", "swap", "finish", "add", "remove"],
)
def test_a_token_that_calls_back_comes_in_as_nobody(dex, desk, odd, attack):
    arguments = {
        "take": (dex.token1, ALL, ALICE),
        "take_money": (ALL, ALICE),
        "swap": ([desk.pool], dex.token1, ALL, 0),
        "finish": ([desk.pool], dex.token1, ALL, 0, 0, ALL),
        "add": (desk.pool, ALL, ALL, 0),
        "remove": (desk.pool, 0, 0, 0, 0),
    }[attack]
    token, pool, _ = hooked(dex, desk, odd, desk.searcher, attack, *arguments)
    before = everything(desk)
    tx = desk.tx("swap", [pool], token, E18, 0)
    [transfer] = [call for call in dex.chain.trace(tx).calls if call.to == token.address][:1]
    assert revert_reason(innermost(transfer).output) == "searcher: forbidden"
    with reverts("searcher: transfer failed"):
        dex.send(tx)
    assert everything(desk) == before


def innermost(frame):
    while frame.calls:
        frame = frame.calls[-1]
    return frame


def test_a_token_that_mints_the_deposit_for_itself_leaves_nothing_to_add(dex, desk, odd):
    """Before both tokens are there it mints nothing; of the second it can take the whole deposit."""
    token, pool = odd("hooked_token")
    callee = dex.deploy("mocks/flash_callee")
    data = pool.write.mint(ALICE, callee).data
    dex.send(callee.write.add_call(ALICE, pool, data))
    dex.send(token.write.set_hooks(ALICE, pool, NOBODY, callee))
    token_first = int(token.address, 16) < int(dex.token0.address, 16)
    before = everything(desk)
    refused = "searcher: transfer failed" if token_first else "pool: insufficient liquidity minted"
    with reverts(refused):
        desk.send("add", pool, E18, E18, 0)
    assert everything(desk) == before
    assert pool.read.balanceOf(callee) == 0


# --- builders ------------------------------------------------------------------


def test_a_builder_that_calls_back_comes_in_as_nobody(dex, desk, monkeypatch):
    builder = dex.deploy("mocks/coin_reentrant")
    monkeypatch.setattr(dex.chain, "coinbase", builder.address)
    desk.send("finish", [desk.pool], dex.token0, E18, 0, 0, 5)
    assert desk.money(builder) == 5
    data = desk.searcher.write.take_money(HUNTER, ALL, builder).data
    dex.send(builder.write.set_call(ALICE, desk.searcher, data))
    before = everything(desk)
    with reverts("searcher: tip refused"):
        desk.send("finish", [desk.pool], dex.token0, E18, 0, 0, 5)
    assert everything(desk) == before


def test_a_builder_cannot_burn_the_searcher_s_gas(dex, desk, monkeypatch):
    builder, pit = dex.deploy("mocks/coin_reentrant"), dex.deploy("mocks/scripted")
    dex.send(pit.write.set_endless(ALICE, b"burn"))
    dex.send(builder.write.set_call(ALICE, pit, b"burn"))
    monkeypatch.setattr(dex.chain, "coinbase", builder.address)
    with reverts("searcher: tip refused") as refusal:
        desk.send("finish", [desk.pool], dex.token0, E18, 0, 0, 5)
    assert refusal.error.receipt.gas_used < 200_000

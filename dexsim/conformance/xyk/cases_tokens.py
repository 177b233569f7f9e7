"""Tokens that answer oddly, and tokens that call back."""

from __future__ import annotations

from dexsim.chain.types import Transaction
from dexsim.conformance.keeping import equal
from dexsim.conformance.xyk.bench import ALICE, BOB, NOBODY, Bench
from dexsim.conformance.xyk.cases import CaseMachine, case
from dexsim.conformance.xyk.stage import interface_has
from dexsim.market.contract import Contract

_TEN = 10 * 10**18
_FAILED = "pool: transfer failed"
_WORD = 32
YES = (
    b"",
    (1).to_bytes(_WORD, "big"),
    (2).to_bytes(_WORD, "big"),
    b"\xff" * _WORD,
    b"\x80" + bytes(_WORD - 1),
    (1).to_bytes(_WORD, "big") + b"\0",
    (1).to_bytes(_WORD, "big") * 8,
)
"""Answers that mean that tokens have moved: none, or a first word that is not zero."""
NO = (bytes(_WORD), b"\1", b"\xff" * 31, bytes(_WORD) + (1).to_bytes(_WORD, "big"))
"""Those that do not: a zero, or less than a word."""


def _traded(bench: Bench, token: Contract) -> Contract:
    """A pool of a token and A, with ten of each."""
    pool = bench.pair(token, bench.tokens[0])
    bench.filled(pool, (token, _TEN), (bench.tokens[0], _TEN))
    return pool


def _out_of(pool: Contract, token: Contract, amount: int) -> Transaction:
    """A swap that takes so much of a token."""
    first = pool.read.token0() == token.address
    outs = (amount, 0) if first else (0, amount)
    tx: Transaction = pool.write.swap(ALICE, *outs, BOB, b"")
    return tx


@case("P31")
def a_token_that_answers_nothing_can_be_traded(m: CaseMachine) -> None:
    """It went out of use, and has more holders than all others."""
    with m.beside() as bench:
        token = bench.token("no_return")
        pool = _traded(bench, token)
        bench.send("P31", bench.tokens[0].write.transfer(ALICE, pool, _TEN))
        bench.send("P31", _out_of(pool, token, 10**18))
        equal(token.read.balanceOf(BOB), 10**18, "P31: what bob got")
        bench.send("P31", pool.write.transfer(ALICE, pool, 10**18))
        bench.send("P31", pool.write.burn(ALICE, BOB))


@case("P31", *YES)
def a_first_word_that_is_not_zero_is_a_yes_and_so_is_silence(m: CaseMachine, value: bytes) -> None:
    """Whatever comes after it."""
    with m.beside() as bench:
        token = bench.token("odd_answer")
        pool = _traded(bench, token)
        bench.send("P31", token.write.set_transfer(ALICE, True, False, value))
        bench.send("P31", bench.tokens[0].write.transfer(ALICE, pool, _TEN))
        bench.send("P31", _out_of(pool, token, 10**18))
        equal(token.read.balanceOf(BOB), 10**18, "P31: what bob got")


@case("P31", *NO)
def zero_or_less_than_a_word_is_a_no(m: CaseMachine, value: bytes) -> None:
    """Also where the tokens have moved."""
    with m.beside() as bench:
        token = bench.token("odd_answer")
        pool = _traded(bench, token)
        bench.send("P31", bench.tokens[0].write.transfer(ALICE, pool, _TEN))
        bench.send("P31", pool.write.transfer(ALICE, pool, 10**18))
        bench.send("P31", token.write.set_transfer(ALICE, True, False, value))
        bench.refuses("P31", _FAILED, _out_of(pool, token, 10**18))
        bench.refuses("P31", _FAILED, pool.write.burn(ALICE, BOB))
        bench.refuses("P31", _FAILED, pool.write.skim(ALICE, BOB))


@case("P31")
def a_token_that_reverts_has_not_paid(m: CaseMachine) -> None:
    """With a reason or without."""
    with m.beside() as bench:
        token = bench.token("odd_answer")
        pool = _traded(bench, token)
        bench.send("P31", bench.tokens[0].write.transfer(ALICE, pool, _TEN))
        bench.send("P31", token.write.set_transfer(ALICE, True, True, b""))
        bench.refuses("P31", _FAILED, _out_of(pool, token, 10**18))


@case("P17")
def a_token_that_calls_back_finds_the_pool_locked(m: CaseMachine) -> None:
    """In the middle of a burn, a skim and a swap."""
    with m.beside() as bench:
        token = bench.token("reentrant_token")
        pool = _traded(bench, token)
        bench.send("P17", pool.write.transfer(ALICE, pool, 10**18))
        bench.send("P17", bench.tokens[0].write.transfer(ALICE, pool, _TEN))
        hook = token.write.set_hook
        bench.send("P17", hook(ALICE, pool, pool.write.sync(ALICE).data))
        bench.refuses("P17", _FAILED, pool.write.burn(ALICE, BOB))
        bench.refuses("P17", _FAILED, pool.write.skim(ALICE, BOB))
        bench.refuses("P17", _FAILED, _out_of(pool, token, 10**18))
        bench.send("P17", hook(ALICE, NOBODY, b""))
        bench.send("P17", _out_of(pool, token, 10**18))
        bench.send("P17", pool.write.burn(ALICE, BOB))


@case("P17")
def the_lock_opens_again_within_a_transaction(m: CaseMachine) -> None:
    """After every call, in any order."""
    with m.beside() as bench:
        token0, token1 = sorted(bench.tokens, key=lambda token: int(token.address, 16))
        pool, callee = bench.pool_of(token0, token1), bench.mock("flash_callee")
        bench.filled(pool, (token0, _TEN), (token1, _TEN))
        for token in (token0, token1):
            bench.send("P17", token.write.transfer(ALICE, callee, _TEN))
        for contract, name, *args in (
            (pool, "sync"),
            (pool, "skim", callee),
            (token0, "transfer", pool, 10**18),
            (token1, "transfer", pool, 10**18),
            (pool, "mint", callee),
            (pool, "transfer", pool, 10**17),
            (pool, "burn", callee),
            (token0, "transfer", pool, 10**18),
            (pool, "swap", 0, 10**17, callee, b""),
            (pool, "sync"),
        ):
            call = getattr(contract.write, name)(ALICE, *args)
            bench.send("P17", callee.write.add_call(ALICE, contract, call.data))
        bench.send("P17", callee.write.run_calls(ALICE))


@case("P10")
def the_supply_of_the_tokens_is_what_people_hold(m: CaseMachine) -> None:
    """Of the tokens that the pool is tried with, where they can be minted and burned as dexsim's can."""
    with m.beside() as bench:
        token = bench.tokens[0]
        if not interface_has(token, "burn"):
            return
        supply, held = token.read.totalSupply(), token.read.balanceOf(ALICE)
        bench.send("P10", token.write.burn(ALICE, 5))
        equal(token.read.totalSupply(), supply - 5, "P10: the supply")
        equal(token.read.balanceOf(ALICE), held - 5, "P10: what alice has")
        bench.refuses("P10", "token: insufficient balance", token.write.burn(ALICE, held - 4))
        room = 2**256 - 1 - (supply - 5)
        mint = token.write.mint
        bench.fails("P10", lambda: bench.chain.send(mint(bench.setter, BOB, room + 1)))
        bench.send("P10", mint(bench.setter, BOB, room))

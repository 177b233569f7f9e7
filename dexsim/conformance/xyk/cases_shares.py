"""Boundaries of liquidity tokens: transfers, allowances, permits (EIP-20, EIP-2612)."""

from __future__ import annotations

from typing import Any

from eth_abi.abi import encode
from eth_account import Account as Keys
from eth_hash.auto import keccak

from dexsim.chain.accounts import Account
from dexsim.conformance.keeping import equal
from dexsim.conformance.xyk.bench import ALICE, BOB, CAROL, FOREVER, NOBODY, Bench
from dexsim.conformance.xyk.cases import CaseMachine, case
from dexsim.market.contract import Contract

_HALF = 2**255
_FEW = "pool: insufficient balance"
_LITTLE = "pool: insufficient allowance"
_BAD = "pool: invalid signature"


def _pool(bench: Bench) -> Contract:
    """The pool of A and B, with shares of alice."""
    pool = bench.pool_of(*bench.tokens)
    bench.filled(pool, *((token, 10**18) for token in bench.tokens))
    return pool


def _logged(pool: Contract, receipt: Any) -> list[tuple[Any, ...]]:
    return [(event.name, *event.fields.values()) for event in pool.events(receipt)]


@case("P29")
def a_holder_moves_all_shares_and_not_one_more(m: CaseMachine) -> None:
    """To anybody, to themselves and to nobody; and says who had them and who has."""
    with m.beside() as bench:
        pool = _pool(bench)
        held = pool.read.balanceOf(ALICE)
        bench.refuses("P29", _FEW, pool.write.transfer(ALICE, BOB, held + 1))
        receipt = bench.send("P29", pool.write.transfer(ALICE, ALICE, held))
        equal(pool.read.balanceOf(ALICE), held, "P29: shares of alice")
        wanted = [("Transfer", ALICE.address, ALICE.address, held)]
        equal(_logged(pool, receipt), wanted, "P29: what is logged")
        bench.send("P29", pool.write.transfer(ALICE, NOBODY, 5))
        equal(pool.read.balanceOf(NOBODY), 1000 + 5, "P29: shares of nobody")
        bench.send("P29", pool.write.transfer(ALICE, BOB, held - 5))
        equal(pool.read.balanceOf(BOB), held - 5, "P29: shares of bob")
        equal(pool.read.balanceOf(ALICE), 0, "P29: shares of alice")


@case("P29")
def an_allowance_covers_its_amount_and_not_one_more(m: CaseMachine) -> None:
    """It is spent; a new one replaces it; moving tells the owner, the receiver, and no approval."""
    with m.beside() as bench:
        pool = _pool(bench)
        take = pool.write.transferFrom
        bench.refuses("P29", _LITTLE, take(BOB, ALICE, BOB, 1))
        bench.send("P29", pool.write.approve(ALICE, BOB, 500))
        bench.send("P29", pool.write.approve(ALICE, BOB, 1000))
        equal(pool.read.allowance(ALICE, BOB), 1000, "P29: the allowance")
        bench.refuses("P29", _LITTLE, take(BOB, ALICE, BOB, 1001))
        bench.refuses("P29", _LITTLE, take(CAROL, ALICE, CAROL, 1))
        receipt = bench.send("P29", take(BOB, ALICE, CAROL, 400))
        wanted = [("Transfer", ALICE.address, CAROL.address, 400)]
        equal(_logged(pool, receipt), wanted, "P29: what is logged")
        equal(pool.read.allowance(ALICE, BOB), 600, "P29: the allowance")
        bench.send("P29", take(BOB, ALICE, CAROL, 600))
        bench.refuses("P29", _LITTLE, take(BOB, ALICE, BOB, 1))
        equal(pool.read.balanceOf(CAROL), 1000, "P29: shares of carol")


@case("P29")
def only_the_greatest_allowance_is_never_spent(m: CaseMachine) -> None:
    """Half of all numbers is a number."""
    with m.beside() as bench:
        pool = _pool(bench)
        for granted, left in ((FOREVER, FOREVER), (FOREVER - 1, FOREVER - 11), (_HALF, _HALF - 10)):
            bench.send("P29", pool.write.approve(ALICE, BOB, granted))
            bench.send("P29", pool.write.transferFrom(BOB, ALICE, CAROL, 10))
            equal(pool.read.allowance(ALICE, BOB), left, "P29: the allowance")
        held = pool.read.balanceOf(ALICE)
        bench.refuses("P29", _FEW, pool.write.transferFrom(BOB, ALICE, BOB, held + 1))


def signed(
    bench: Bench,
    pool: Contract,
    amount: int,
    *,
    signer: Account = ALICE,
    spender: Any = BOB,
    nonce: int = 0,
    deadline: int = FOREVER,
    chain_id: int | None = None,
    token: Contract | None = None,
) -> tuple[int, bytes, bytes]:
    """(v, r, s) over a permit of alice's shares, as a wallet signs it."""
    fields = {"owner": "address", "spender": "address", "value": "uint256"}
    fields |= {"nonce": "uint256", "deadline": "uint256"}
    signed = Keys.sign_typed_data(
        signer.key,
        {
            "name": pool.read.name(),
            "version": "1",
            "chainId": chain_id or bench.chain.chain_id,
            "verifyingContract": (token or pool).address,
        },
        {"Permit": [{"name": name, "type": kind} for name, kind in fields.items()]},
        {
            "owner": ALICE.address,
            "spender": spender.address,
            "value": amount,
            "nonce": nonce,
            "deadline": deadline,
        },
    )
    return signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")


@case("P29")
def a_permit_counts_once_whoever_brings_it(m: CaseMachine) -> None:
    """It sets the allowance of the named spender, uses the owner's nonce, and says so."""
    with m.beside() as bench:
        pool = _pool(bench)
        permit = pool.write.permit(CAROL, ALICE, BOB, 1000, FOREVER, *signed(bench, pool, 1000))
        receipt = bench.send("P29", permit)
        wanted = [("Approval", ALICE.address, BOB.address, 1000)]
        equal(_logged(pool, receipt), wanted, "P29: what is logged")
        equal(pool.read.allowance(ALICE, BOB), 1000, "P29: the allowance of bob")
        equal(pool.read.allowance(ALICE, CAROL), 0, "P29: the allowance of carol")
        equal([pool.read.nonces(who) for who in (ALICE, BOB, CAROL)], [1, 0, 0], "P29: nonces")
        bench.refuses("P29", _BAD, permit)
        again = signed(bench, pool, 7, nonce=1)
        bench.send("P29", pool.write.permit(BOB, ALICE, BOB, 7, FOREVER, *again))
        equal(pool.read.allowance(ALICE, BOB), 7, "P29: the allowance of bob")


@case("P29")
def a_permit_ends_with_its_deadline(m: CaseMachine) -> None:
    """At that second it counts, a second later it does not, and the deadline is what was signed."""
    with m.beside() as bench:
        pool = _pool(bench)
        end = bench.now
        permit = pool.write.permit(BOB, ALICE, BOB, 9, end, *signed(bench, pool, 9, deadline=end))
        with bench.chain.anchor():
            bench.wait(1)
            bench.refuses("P29", "pool: expired", permit)
        bench.send("P29", permit)
        later = signed(bench, pool, 9, deadline=end + 1, nonce=1)
        bench.refuses("P29", _BAD, pool.write.permit(BOB, ALICE, BOB, 9, end + 2, *later))


@case("P29")
def a_permit_is_its_owners_for_this_pool_and_chain(m: CaseMachine) -> None:
    """Nobody else's signature counts, nor one over anything else; and nobody signs for nobody."""
    with m.beside() as bench:
        pool, write = _pool(bench), bench.pool_of(*bench.tokens).write
        wrong = {
            "signer": signed(bench, pool, 1000, signer=BOB),
            "amount": signed(bench, pool, 1001),
            "nonce": signed(bench, pool, 1000, nonce=1),
            "spender": signed(bench, pool, 1000, spender=CAROL),
            "chain": signed(bench, pool, 1000, chain_id=bench.chain.chain_id + 1),
            "token": signed(bench, pool, 1000, token=bench.tokens[0]),
        }
        for signature in (*wrong.values(), (29, *wrong["amount"][1:])):
            bench.refuses("P29", _BAD, write.permit(BOB, ALICE, BOB, 1000, FOREVER, *signature))
        equal(pool.read.nonces(ALICE), 0, "P29: the nonce of alice")
        nobodys = (27, bytes(32), bytes(32))
        bench.refuses("P29", _BAD, write.permit(BOB, NOBODY, BOB, 1, FOREVER, *nobodys))


@case("P29")
def the_domain_names_the_pool_and_the_chain(m: CaseMachine) -> None:
    """EIP-712: name, version 1, chain, contract."""
    with m.beside() as bench:
        pool = _pool(bench)
        kind = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
        name = keccak(pool.read.name().encode())
        words = [keccak(kind.encode()), name, keccak(b"1"), bench.chain.chain_id, pool.address]
        types = ["bytes32", "bytes32", "bytes32", "uint256", "address"]
        equal(pool.read.DOMAIN_SEPARATOR(), keccak(encode(types, words)), "P29: the domain")

"""The swap that the benchmarks run: a constant-product pool and two tokens, in Vyper.

Small on purpose and apart from the project's own contracts, so that figures
stay comparable while those change. One swap is a transferFrom, a transfer, two
reserves written and three events.
"""

from __future__ import annotations

from dataclasses import dataclass

from eth_abi import encode
from eth_hash.auto import keccak
from vyper.compiler import compile_code
from vyper.compiler.settings import Settings

TOKEN = """
event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    amount: uint256

balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])

@deploy
def __init__():
    self.balanceOf[msg.sender] = 10**36

@external
def approve(spender: address, amount: uint256) -> bool:
    self.allowance[msg.sender][spender] = amount
    return True

@external
def transfer(receiver: address, amount: uint256) -> bool:
    self.balanceOf[msg.sender] -= amount
    self.balanceOf[receiver] += amount
    log Transfer(sender=msg.sender, receiver=receiver, amount=amount)
    return True

@external
def transferFrom(owner: address, receiver: address, amount: uint256) -> bool:
    self.allowance[owner][msg.sender] -= amount
    self.balanceOf[owner] -= amount
    self.balanceOf[receiver] += amount
    log Transfer(sender=owner, receiver=receiver, amount=amount)
    return True
"""

POOL = """
interface Token:
    def transfer(receiver: address, amount: uint256) -> bool: nonpayable
    def transferFrom(owner: address, receiver: address, amount: uint256) -> bool: nonpayable

event Swap:
    sender: indexed(address)
    amount_in: uint256
    amount_out: uint256

base: immutable(address)
quote: immutable(address)
reserves: public(uint256[2])

@deploy
def __init__(base_token: address, quote_token: address):
    base = base_token
    quote = quote_token

@external
def open(base_amount: uint256, quote_amount: uint256):
    extcall Token(base).transferFrom(msg.sender, self, base_amount)
    extcall Token(quote).transferFrom(msg.sender, self, quote_amount)
    self.reserves = [base_amount, quote_amount]

@external
@nonreentrant
def swap(base_in: bool, amount_in: uint256, min_amount_out: uint256) -> uint256:
    reserve_in: uint256 = self.reserves[0] if base_in else self.reserves[1]
    reserve_out: uint256 = self.reserves[1] if base_in else self.reserves[0]
    with_fee: uint256 = amount_in * 997
    amount_out: uint256 = with_fee * reserve_out // (reserve_in * 1000 + with_fee)
    assert amount_out >= min_amount_out, "pool: insufficient output"
    extcall Token(base if base_in else quote).transferFrom(msg.sender, self, amount_in)
    extcall Token(quote if base_in else base).transfer(msg.sender, amount_out)
    if base_in:
        self.reserves = [reserve_in + amount_in, reserve_out - amount_out]
    else:
        self.reserves = [reserve_out - amount_out, reserve_in + amount_in]
    log Swap(sender=msg.sender, amount_in=amount_in, amount_out=amount_out)
    return amount_out
"""

ONE = 10**18


@dataclass(frozen=True)
class Bytecode:
    """Initcode of the two contracts, compiled for cancun, optimised for gas."""

    token: bytes
    pool: bytes


def compiled() -> Bytecode:
    """Compile both contracts."""
    settings = Settings(evm_version="cancun")
    token, pool = (
        bytes.fromhex(
            compile_code(source, output_formats=["bytecode"], settings=settings)["bytecode"][2:]
        )
        for source in (TOKEN, POOL)
    )
    return Bytecode(token=token, pool=pool)


def calldata(signature: str, *values: object) -> bytes:
    """ABI-encoded call of a function by its signature."""
    inner = signature[signature.index("(") + 1 : -1]
    types = inner.split(",") if inner else []
    return keccak(signature.encode())[:4] + encode(types, values)


def swap(number: int) -> bytes:
    """Calldata of the n-th swap: sizes differ, directions alternate."""
    amount = ONE + number % 97 * 10**15
    return calldata("swap(bool,uint256,uint256)", number % 2 == 0, amount, 1)


def opening(base: str, quote: str, pool: str) -> list[tuple[str, bytes]]:
    """`(to, calldata)` of the calls that open the pool, for the tokens' owner."""
    approve = calldata("approve(address,uint256)", pool, 10**36)
    return [
        (base, approve),
        (quote, approve),
        (pool, calldata("open(uint256,uint256)", 1_000_000 * ONE, 2_000_000 * ONE)),
    ]

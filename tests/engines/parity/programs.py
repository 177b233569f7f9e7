"""Code for contracts that nobody would write: what `assembly` draws, and more kinds of it."""

from __future__ import annotations

import random

from assembly import Programmer, call, code, initcode, push, sstore
from eth.vm import opcode_values as op

from parity.precompiles import drawn

MAX_CODE = 24_576
MAX_INITCODE = 49_152
UNPRIVILEGED = (
    *range(op.ADD, op.SAR + 1),
    *(op.SHA3, op.ADDRESS, op.BALANCE, op.ORIGIN, op.CALLER, op.CALLVALUE, op.CALLDATALOAD),
    *(op.CALLDATASIZE, op.CODESIZE, op.GASPRICE, op.EXTCODESIZE, op.EXTCODEHASH, op.BLOCKHASH),
    *(op.COINBASE, op.TIMESTAMP, op.NUMBER, op.DIFFICULTY, op.GASLIMIT, op.CHAINID, op.SELFBALANCE),
    *(op.BASEFEE, op.BLOBHASH, op.BLOBBASEFEE, op.POP, op.MLOAD, op.MSTORE, op.MSTORE8, op.SLOAD),
    *(op.SSTORE, op.PC, op.MSIZE, op.GAS, op.JUMPDEST, op.TLOAD, op.TSTORE, op.MCOPY, op.PUSH0),
    *range(op.DUP1, op.SWAP16 + 1),
    *(op.LOG0, op.LOG1, op.CALLDATACOPY, op.CODECOPY, op.EXTCODECOPY, op.RETURNDATACOPY),
)
CALLING = (op.CALL, op.CALLCODE, op.DELEGATECALL, op.STATICCALL, op.CREATE, op.CREATE2)
ENDING = (op.RETURN, op.REVERT, op.SELFDESTRUCT, op.STOP, 0xFE, op.JUMP, op.JUMPI)


class WildProgrammer(Programmer):
    """Programs that also pay the block's builder, ask precompiles sensibly, and go over limits."""

    def __init__(self, seed: str, contracts: list[bytes], *, transient: bool, proofs: bool) -> None:
        super().__init__(0, contracts, transient=transient)
        self.proofs = proofs
        self.random = random.Random(seed)
        self.pieces += [
            (4, self.asked_precompile),
            (2, self.tip),
            (2, self.copied_code),
            (1, self.spawned),
            (2, self.oversized),
            (3, self.deep_stack),
            (1, self.guarded),
            (2, self.blobs),
            (2, self.jump),
            (1, self.beyond),
        ]

    def program(self, length: int = 12) -> bytes:
        """A program of pieces, or one of mere instructions."""
        return self.soup() if self.random.random() < 0.2 else super().program(length)

    def soup(self) -> bytes:
        """Valid instructions in any order, over a stack with something on it."""
        ready = [push(self.number() if n % 3 else n) for n in range(self.random.randrange(20))]
        body = self.random.choices(UNPRIVILEGED, k=self.random.randrange(80))
        for _ in range(self.random.randrange(3)):
            body.insert(self.random.randrange(len(body) + 1), self.random.choice(CALLING))
        return code(*ready, *body, self.random.choice(ENDING))

    def asked_precompile(self) -> bytes:
        """Call a precompile with input that it may take; keep the answer's first word."""
        number, data = drawn(self.random, proofs=self.proofs)
        kind = self.random.choice((op.CALL, op.STATICCALL, op.DELEGATECALL, op.CALLCODE))
        gas = self.random.choice((None, None, 0, 700, 50_000))
        return code(_written(data), _asking(number, len(data), kind, gas), self.kept())

    def tip(self) -> bytes:
        """Pay the block's builder, more than there is or less."""
        wei = push(self.random.choice((0, 1, 10**30)))
        head = code(op.PUSH0, op.PUSH0, op.PUSH0, op.PUSH0)
        return code(head, wei, op.COINBASE, op.GAS, op.CALL, self.kept())

    def copied_code(self) -> bytes:
        """Another's code in memory, and its hash."""
        size = push(self.random.choice((0, 40, 3_000)))
        start = push(self.random.choice((0, 7, 2**70)))
        other = code(op.PUSH20, self.random.choice([*self.contracts, b"\xdd" * 20]))
        hashed = code(push(64), op.PUSH0, op.SHA3, self.kept())
        return code(size, start, op.PUSH0, other, op.EXTCODECOPY, hashed)

    def spawned(self) -> bytes:
        """Create a contract that destroys itself at the first call, and call it."""
        beneficiary = self.random.choice([*self.contracts, b"\xdb" * 20])
        runtime = code(op.PUSH20, beneficiary, op.SELFDESTRUCT)
        made = _created(initcode(runtime), value=self.random.choice((0, 5)))
        called = code(op.PUSH0, op.PUSH0, op.PUSH0, op.PUSH0, op.PUSH0, op.DUP6, op.GAS, op.CALL)
        return code(made, called, self.kept(), op.EXTCODESIZE, self.kept())

    def oversized(self) -> bytes:
        """Create with more initcode than is allowed, or with a prefix that no code may have."""
        if self.random.random() < 0.6:
            size = push(self.random.choice((MAX_INITCODE, MAX_INITCODE + 1)))
            return code(size, op.PUSH0, op.PUSH0, op.CREATE, self.kept())
        return code(_created(initcode(b"\xef\x00")), self.kept())

    def deep_stack(self) -> bytes:
        """More values than there is room for, or just as many."""
        return code(*(bytes([op.PUSH0]) * self.random.choice((1_000, 1_018, 1_025))))

    def blobs(self) -> bytes:
        """What a block tells of blobs, where the fork knows them."""
        if not self.transient:
            return self.surroundings()
        hashed = code(push(self.random.choice((0, 1))), op.BLOBHASH)
        return code(hashed, op.BLOBBASEFEE, op.ADD, self.kept())

    def beyond(self) -> bytes:
        """Read more returned data than there is, or more than anybody could pay for."""
        size = push(self.random.choice((1, 33, 2**40, 2**64, 2**256 - 1)))
        return code(size, push(self.random.choice((0, 2**256 - 1))), op.PUSH0, op.RETURNDATACOPY)

    def guarded(self) -> bytes:
        """A static call to a contract that may want to write."""
        return code(call(self.random.choice(self.contracts), kind=op.STATICCALL), self.kept())


def creation_code(programmer: WildProgrammer) -> bytes:
    """Something that creates a contract, or fails to."""
    rng = programmer.random
    # Code up to the limit of what may be deployed, or one byte over it.
    large = code(push(rng.choice((MAX_CODE, MAX_CODE + 1, 3_000))), op.PUSH0, op.RETURN)
    refused = rng.choice((b"\xef", b"\xef\x00\x01", b"\xef\x01\x00" + b"\x11" * 20))
    destroyed = code(sstore(0, 1), op.ADDRESS, op.SELFDESTRUCT)
    zeros = bytes(rng.choice((MAX_INITCODE, MAX_INITCODE + 1)))
    plain, careful = programmer.program(8), initcode(programmer.program(8), programmer.program(4))
    noise = rng.randbytes(rng.randrange(120))
    sound = (plain, careful, initcode(plain), careful)
    return rng.choice((*sound, large, initcode(refused), destroyed, zeros, noise))


def _written(data: bytes) -> bytes:
    # Zeros, which most of this input consists of, are there already unless something was written.
    words = [(n, data[n : n + 32].ljust(32, b"\x00")) for n in range(0, len(data), 32)]
    return b"".join(
        code(push(int.from_bytes(word, "big")), push(n), op.MSTORE) for n, word in words
    )


def _asking(number: int, size: int, kind: int, gas: int | None) -> bytes:
    paid = code(op.PUSH0) if kind in (op.CALL, op.CALLCODE) else b""
    gas_part = code(op.GAS) if gas is None else push(gas)
    return code(push(32), op.PUSH0, push(size), op.PUSH0, paid, push(number), gas_part, kind)


def _created(child: bytes, *, value: int = 0) -> bytes:
    return code(_written(child), push(len(child)), op.PUSH0, push(value), op.CREATE)

"""EVM code for tests: a few words of assembly, and random programs from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable

from eth.vm import opcode_values as op

EDGES = (0, 1, 2, 31, 32, 255, 256, 2**128, 2**255 - 1, 2**255, 2**256 - 1)
SLOTS = 4


def push(value: int) -> bytes:
    """The shortest PUSH of a value."""
    size = (value.bit_length() + 7) // 8
    return bytes([op.PUSH0 + size]) + value.to_bytes(size, "big")


def code(*parts: int | bytes) -> bytes:
    """Opcodes as numbers, and pieces of code, one after the other."""
    return b"".join(bytes([part]) if isinstance(part, int) else part for part in parts)


def sstore(slot: int, value: int) -> bytes:
    """SSTORE a constant."""
    return code(push(value), push(slot), op.SSTORE)


def initcode(runtime: bytes, before: bytes = b"") -> bytes:
    """Code that runs `before` and deploys `runtime`."""
    size = push(len(runtime)).rjust(3, bytes([op.JUMPDEST]))
    head = len(before) + 3 + 3 + 1 + 1 + 3 + 1 + 1
    start = bytes([op.PUSH2]) + head.to_bytes(2, "big")
    return code(before, size, start, op.PUSH0, op.CODECOPY, size, op.PUSH0, op.RETURN, runtime)


def in_memory(data: bytes) -> bytes:
    """Write bytes to memory from 0 on."""
    return b"".join(
        code(push(int.from_bytes(data[n : n + 32].ljust(32, b"\x00"), "big")), push(n), op.MSTORE)
        for n in range(0, len(data), 32)
    )


def create(child: bytes, *, value: int = 0, salt: int | None = None) -> bytes:
    """CREATE, or CREATE2 with a salt; leaves the address on the stack."""
    tail = code(push(len(child)), op.PUSH0, push(value))
    if salt is None:
        return code(in_memory(child), tail, op.CREATE)
    return code(in_memory(child), push(salt), tail, op.CREATE2)


def call(to: int | bytes, *, kind: int = op.CALL, value: int = 0, gas: int | None = None) -> bytes:
    """A call with the first 64 bytes of memory in and 32 out; leaves its success on the stack."""
    target = push(to) if isinstance(to, int) else code(op.PUSH20, to)
    paid = code(push(value)) if kind in (op.CALL, op.CALLCODE) else b""
    gas_part = code(op.GAS) if gas is None else push(gas)
    return code(push(32), op.PUSH0, push(64), op.PUSH0, paid, target, gas_part, kind)


class Programmer:
    """Writes random programs: mostly sound, sometimes broken, now and then plain noise."""

    def __init__(self, seed: int, contracts: list[bytes], *, transient: bool = True) -> None:
        self.random = random.Random(seed)
        self.contracts = contracts
        self.transient = transient
        self.pieces: list[tuple[int, Callable[[], bytes]]] = [
            (8, self.arithmetic),
            (8, self.write),
            (4, self.read),
            (4, self.surroundings),
            (4, self.log),
            (6, self.call),
            (3, self.precompile),
            (3, self.create),
            (3, self.jump),
            (2, self.copy),
            (1, self.ending),
        ]
        if transient:
            self.pieces += [(4, self.transience), (1, self.mcopy)]

    def program(self, length: int = 12) -> bytes:
        """One program."""
        if self.random.random() < 0.05:
            return self.random.randbytes(self.random.randrange(1, 200))
        weights = [weight for weight, _ in self.pieces]
        chosen = self.random.choices(self.pieces, weights, k=self.random.randrange(1, length))
        body = bytearray()
        for _, piece in chosen:
            body += self.placed(piece(), len(body))
        return bytes(body) + self.random.choice((b"", self.result(), self.result()))

    def placed(self, piece: bytes, position: int) -> bytes:
        """A piece with its jump destinations moved to where it stands."""
        return piece.replace(b"\x61\xff\xfe", b"\x61" + (position + 5).to_bytes(2, "big"))

    def number(self) -> int:
        """A value, often at an edge."""
        if self.random.random() < 0.6:
            return self.random.choice(EDGES)
        return self.random.getrandbits(self.random.choice((8, 64, 160, 256)))

    def kept(self) -> bytes:
        """Store the top of the stack, so that it counts in the state root."""
        return code(push(self.random.randrange(SLOTS)), op.SSTORE)

    def arithmetic(self) -> bytes:
        """Values and operators, and the result stored."""
        unary = [op.ISZERO, op.NOT]
        binary = [op.ADD, op.MUL, op.SUB, op.DIV, op.SDIV, op.MOD, op.SMOD, op.SIGNEXTEND]
        binary += [op.LT, op.GT, op.SLT, op.SGT, op.EQ, op.AND, op.OR, op.XOR, op.BYTE]
        binary += [op.SHL, op.SHR, op.SAR, op.EXP]
        body = [push(self.number()) for _ in range(6)]
        shuffled = [op.DUP1, op.DUP3, op.SWAP1, op.SWAP5, op.POP, op.PC, op.MSIZE]
        body += [bytes([self.random.choice(shuffled)]) for _ in range(3)]
        for _ in range(3):
            body.append(bytes([self.random.choice(binary)]))
            body.append(bytes([self.random.choice(unary)]) if self.random.random() < 0.2 else b"")
        if self.random.random() < 0.2:
            body.append(bytes([self.random.choice([op.ADDMOD, op.MULMOD])]))
        return code(*body, self.kept())

    def write(self) -> bytes:
        """Set slots, often to zero: refunds."""
        return b"".join(
            sstore(self.random.randrange(SLOTS), self.random.choice((0, 0, 1, 2, self.number())))
            for _ in range(self.random.randrange(1, 4))
        )

    def read(self) -> bytes:
        """Load slots."""
        slots = [self.random.randrange(SLOTS) for _ in range(2)]
        return code(*(code(push(slot), op.SLOAD) for slot in slots), op.ADD, self.kept())

    def transience(self) -> bytes:
        """Write and read transient storage."""
        slot = push(self.random.randrange(2))
        written = code(push(self.number()), slot, op.TSTORE) if self.random.random() < 0.6 else b""
        return code(written, slot, op.TLOAD, self.kept())

    def mcopy(self) -> bytes:
        """Move memory about."""
        return code(push(self.number() % 99), push(self.random.randrange(99)), op.PUSH0, op.MCOPY)

    def surroundings(self) -> bytes:
        """What the block and the accounts tell."""
        plain = [op.ADDRESS, op.ORIGIN, op.CALLER, op.CALLVALUE, op.CALLDATASIZE, op.GASPRICE]
        plain += [op.COINBASE, op.TIMESTAMP, op.NUMBER, op.DIFFICULTY, op.GASLIMIT, op.CHAINID]
        plain += [op.SELFBALANCE, op.BASEFEE, op.RETURNDATASIZE, op.GAS, op.CODESIZE]
        asking = [op.BALANCE, op.EXTCODESIZE, op.EXTCODEHASH]
        other = self.random.choice([*self.contracts, bytes(19) + b"\x09", b"\xee" * 20])
        back = push(self.random.choice((0, 1, 2, 256, 257, 2_000)))
        return code(
            self.random.choice(plain),
            code(op.PUSH20, other, self.random.choice(asking)),
            code(back, op.NUMBER, op.SUB, op.BLOCKHASH),
            push(self.random.choice((0, 7, 40))),
            op.CALLDATALOAD,
            op.XOR,
            op.XOR,
            op.XOR,
            self.kept(),
        )

    def log(self) -> bytes:
        """An event of 0 to 4 topics."""
        topics = self.random.randrange(5)
        words = [push(self.number()) for _ in range(topics)]
        return code(*words, push(self.random.randrange(70)), op.PUSH0, op.LOG0 + topics)

    def call(self) -> bytes:
        """Call another contract in one of four ways."""
        kind = self.random.choice((op.CALL, op.CALL, op.CALLCODE, op.DELEGATECALL, op.STATICCALL))
        to = self.random.choice([*self.contracts, b"\xdd" * 20])
        value = self.random.choice((0, 0, 1, 10**30))
        gas = self.random.choice((None, None, 5_000, 60_000))
        return code(call(to, kind=kind, value=value, gas=gas), self.kept())

    def precompile(self) -> bytes:
        """Call a precompile with whatever memory holds."""
        return code(
            in_memory(self.random.randbytes(64)),
            call(self.random.choice((1, 2, 3, 4, 5, 6, 7, 9))),
            self.kept(),
            op.PUSH0,
            op.MLOAD,
            self.kept(),
        )

    def create(self) -> bytes:
        """Create a contract; its constructor or its code may do anything."""
        runtime = code(*(self.write(), self.log(), self.ending())[self.random.randrange(3) :])
        before = self.random.choice(
            (
                b"",
                self.write(),
                self.ending(),
                code(op.PUSH20, self.random.choice(self.contracts), op.SELFDESTRUCT),
            )
        )
        salt = self.random.choice((None, 1, 2))
        value = self.random.choice((0, 0, 3))
        made = create(initcode(runtime, before), value=value, salt=salt)
        called = code(
            op.PUSH0, op.PUSH0, op.PUSH0, op.PUSH0, op.PUSH0, op.DUP6, op.GAS, op.CALL, op.POP
        )
        return code(made, self.random.choice((b"", called)), self.kept())

    def jump(self) -> bytes:
        """Jump over an invalid instruction, with or without a condition; or to nowhere."""
        if self.random.random() < 0.1:
            return code(push(self.random.randrange(300)), op.JUMP)
        if self.random.random() < 0.5:
            return code(b"\x61\xff\xfe", op.JUMP, 0xFE, op.JUMPDEST)
        return code(op.PUSH0, b"\x61\xff\xfe", op.JUMPI, op.PC, op.POP)

    def copy(self) -> bytes:
        """Copy calldata, code or returned data to memory and hash it."""
        source = self.random.choice((op.CALLDATACOPY, op.CODECOPY, op.RETURNDATACOPY))
        size = self.random.choice((0, 4, 32, 100))
        start = push(self.random.choice((0, 0, 5, 2**70)))
        return code(push(size), start, push(3), source, push(64), op.PUSH0, op.SHA3, self.kept())

    def ending(self) -> bytes:
        """Stop in one of the ways."""
        beneficiary = self.random.choice([*self.contracts, b"\xdb" * 20])
        return self.random.choice(
            (
                code(op.STOP),
                code(op.INVALID) if hasattr(op, "INVALID") else b"\xfe",
                code(op.POP, op.POP, op.POP),
                code(push(32), op.PUSH0, op.REVERT),
                self.result(),
                code(op.PUSH20, beneficiary, op.SELFDESTRUCT),
                code(op.ADDRESS, op.SELFDESTRUCT),
                code(push(2**40), op.MLOAD),
                code(op.JUMPDEST, op.PC, b"\x61\xff\xfe", op.JUMP),
            )
        )

    def result(self) -> bytes:
        """Return some memory."""
        return code(push(self.random.choice((0, 32, 70))), op.PUSH0, op.RETURN)

"""Many views in one call: one by one, fifty numbers would cost more than the step that they follow."""

from __future__ import annotations

from typing import Any

from dexsim.chain.accounts import Account
from dexsim.chain.address import to_bytes
from dexsim.chain.chain import Chain
from dexsim.chain.types import Transaction
from dexsim.market.contract import Contract, created


class op:  # noqa: N801 - read as a name space, as the yellow paper lists them
    """The instructions that are needed here (Ethereum yellow paper, appendix H)."""

    STOP, ISZERO, CODECOPY, MSTORE = 0x00, 0x15, 0x39, 0x52
    JUMP, JUMPI, GAS, JUMPDEST = 0x56, 0x57, 0x5A, 0x5B
    PUSH0, PUSH1, PUSH2, PUSH20, PUSH32 = 0x5F, 0x60, 0x61, 0x73, 0x7F
    DUP1, RETURN, STATICCALL = 0x80, 0xF3, 0xFA


_READER = Account.named("reader")
_GAS = 20_000_000
_ANSWERS = 64  # memory: a question of up to two words, then the answers
_FAIL = 3
_INVALID = 0xFE
# Jump over the landing place of a view that fails, which ends the whole.
_HEAD = bytes([op.PUSH1, 5, op.JUMP, op.JUMPDEST, _INVALID, op.JUMPDEST])


class Panel:
    """Views that are always asked together, by a contract that does nothing else."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._code = _HEAD
        self._words = 0
        self._address = ""

    def add(self, contract: Contract, view: str, *args: Any, words: int = 1) -> None:
        """One more view, before the first reading. words: how many it answers."""
        function = contract.interface.function(view, len(args))
        question = function.encode(list(args))
        for at in range(0, len(question), 32):
            word = question[at : at + 32].ljust(32, b"\x00")
            self._code += bytes([op.PUSH32]) + word + bytes([op.PUSH1, at, op.MSTORE])
        self._code += _push2(32 * words) + _push2(_ANSWERS + 32 * self._words)
        self._code += bytes([op.PUSH1, len(question), op.PUSH0, op.PUSH20])
        self._code += to_bytes(contract.address) + bytes([op.GAS, op.STATICCALL])
        self._code += bytes([op.ISZERO, op.PUSH1, _FAIL, op.JUMPI])
        self._words += words

    def read(self) -> list[int]:
        """All answers as they are now, word by word. Raises Reverted where a view fails."""
        if not self._address:
            self._address = self._deploy()
        answer = self._chain.call(
            Transaction(sender=_READER.address, to=self._address, gas_limit=_GAS)
        )
        return [int.from_bytes(answer[at : at + 32], "big") for at in range(0, len(answer), 32)]

    def _deploy(self) -> str:
        runtime = self._code + _push2(32 * self._words) + _push2(_ANSWERS) + bytes([op.RETURN])
        start = _push2(len(runtime)) + bytes([op.DUP1, op.PUSH1, 12, op.PUSH0, op.CODECOPY])
        start += bytes([op.PUSH0, op.RETURN])
        start = start.ljust(12, bytes([op.STOP]))
        tx = Transaction(sender=_READER.address, to=None, data=start + runtime, gas_limit=_GAS)
        return created(self._chain.send(tx))


def _push2(value: int) -> bytes:
    return bytes([op.PUSH2]) + value.to_bytes(2, "big")

"""Why an execution stopped, in words that every engine shares."""

from __future__ import annotations

from eth import exceptions as evm

from dexsim.chain.reads import INITCODE_SIZE, INSUFFICIENT_FUNDS, OUT_OF_GAS


class CodeTooLarge(evm.OutOfGas):  # type: ignore[misc, unused-ignore]
    """Deployed code above EIP-170's limit."""


class InitcodeTooLarge(evm.OutOfGas):  # type: ignore[misc, unused-ignore]
    """Initcode above EIP-3860's limit."""


WORDS: dict[type[BaseException], str] = {
    CodeTooLarge: "code size",
    InitcodeTooLarge: INITCODE_SIZE,
    evm.OutOfGas: OUT_OF_GAS,
    evm.InsufficientStack: "stack underflow",
    evm.FullStack: "stack overflow",
    evm.InvalidJumpDestination: "invalid jump",
    # py-evm raises InvalidInstruction for two things; see `halt_word`.
    evm.InvalidInstruction: "invalid opcode",
    evm.InsufficientFunds: INSUFFICIENT_FUNDS,
    evm.StackDepthLimit: "call depth",
    evm.ContractCreationCollision: "address collision",
    evm.WriteProtection: "write protection",
    evm.OutOfBoundsRead: "out of bounds read",
    evm.ReservedBytesInCode: "reserved code prefix",
}


def halt_word(error: BaseException | None) -> str:
    """The word for an exceptional halt; "" for success and for a revert."""
    if error is None or isinstance(error, evm.Revert):
        return ""
    if isinstance(error, evm.InvalidInstruction) and "Jump" in str(error):
        return WORDS[evm.InvalidJumpDestination]
    return WORDS.get(type(error), "exceptional halt")

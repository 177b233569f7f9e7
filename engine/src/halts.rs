//! Why an execution stopped, in the words that every engine of dexsim's shares.

use revm::context_interface::result::HaltReason;
use revm::interpreter::{InstructionResult, SuccessOrHalt};

pub const OUT_OF_GAS: &str = "out of gas";
pub const INSUFFICIENT_FUNDS: &str = "insufficient funds";
pub const INITCODE_SIZE: &str = "initcode size";
pub const REVERTED: &str = "reverted";

/// The word for an exceptional halt.
pub fn word(reason: &HaltReason) -> &'static str {
    match reason {
        HaltReason::OutOfGas(_) => OUT_OF_GAS,
        HaltReason::OpcodeNotFound | HaltReason::InvalidFEOpcode | HaltReason::NotActivated => {
            "invalid opcode"
        }
        HaltReason::InvalidJump => "invalid jump",
        HaltReason::StackUnderflow => "stack underflow",
        HaltReason::StackOverflow => "stack overflow",
        HaltReason::OutOfOffset => "out of bounds read",
        HaltReason::CreateCollision => "address collision",
        HaltReason::CreateContractSizeLimit => "code size",
        HaltReason::CreateContractStartingWithEF => "reserved code prefix",
        HaltReason::CreateInitCodeSizeLimit => INITCODE_SIZE,
        HaltReason::StateChangeDuringStaticCall | HaltReason::CallNotAllowedInsideStatic => {
            "write protection"
        }
        HaltReason::OutOfFunds => INSUFFICIENT_FUNDS,
        HaltReason::CallTooDeep => "call depth",
        _ => "exceptional halt",
    }
}

/// The word for how one frame ended: "" for success, "reverted", or that of its halt.
pub fn frame_word(result: InstructionResult) -> &'static str {
    match SuccessOrHalt::<HaltReason>::from(result) {
        SuccessOrHalt::Success(_) | SuccessOrHalt::Internal(_) => "",
        SuccessOrHalt::Revert => REVERTED,
        SuccessOrHalt::Halt(reason) => word(&reason),
        SuccessOrHalt::FatalExternalError => "exceptional halt",
    }
}

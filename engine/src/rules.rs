//! Instructions and precompiles as the specification orders their checks.
//!
//! revm halts wherever Ethereum halts, but for some halts it names another reason than the
//! execution specifications give. What is here changes the reason alone: an exceptional halt costs
//! all gas of its frame, whatever it is called.

use std::sync::OnceLock;

use revm::bytecode::opcode;
use revm::handler::EthPrecompiles;
use revm::handler::instructions::EthInstructions;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::{
    Instruction, InstructionContext, InstructionExecResult, InstructionResult,
};
use revm::precompile::{
    EthPrecompileResult, Precompile, PrecompileHalt, PrecompileId, PrecompileResult,
    PrecompileSpecId, Precompiles, call_eth_precompile, modexp, u64_to_address,
};
use revm::primitives::hardfork::SpecId;

use crate::machine::Ctx;

/// Instructions by the fork that brought them, where `fork::named` knows an earlier one.
const LATER: [(SpecId, &[u8]); 3] = [
    (
        SpecId::CANCUN,
        &[
            opcode::TLOAD,
            opcode::TSTORE,
            opcode::MCOPY,
            opcode::BLOBHASH,
            opcode::BLOBBASEFEE,
        ],
    ),
    (SpecId::OSAKA, &[opcode::CLZ]),
    (
        SpecId::AMSTERDAM,
        &[
            opcode::SLOTNUM,
            opcode::DUPN,
            opcode::SWAPN,
            opcode::EXCHANGE,
        ],
    ),
];

/// Put our instructions into revm's table.
pub fn correct(table: &mut EthInstructions<EthInterpreter, Ctx>, fork: SpecId) {
    for (since, opcodes) in LATER {
        if !fork.is_enabled_in(since) {
            // revm asks for the price of a later instruction before it finds that there is none.
            for opcode in opcodes {
                table.insert_instruction(*opcode, Instruction::unknown(), 0);
            }
        }
    }
    for (n, dup) in DUPS.into_iter().enumerate() {
        table.insert_instruction(opcode::DUP1 + n as u8, Instruction::new(dup), 3);
    }
}

type Dup = fn(InstructionContext<'_, Ctx, EthInterpreter>) -> InstructionExecResult;

const DUPS: [Dup; 16] = [
    dup::<1>, dup::<2>, dup::<3>, dup::<4>, dup::<5>, dup::<6>, dup::<7>, dup::<8>, dup::<9>,
    dup::<10>, dup::<11>, dup::<12>, dup::<13>, dup::<14>, dup::<15>, dup::<16>,
];

/// DUP1 to DUP16; revm says overflow too where there is nothing to double.
fn dup<const N: usize>(
    context: InstructionContext<'_, Ctx, EthInterpreter>,
) -> InstructionExecResult {
    let stack = &mut context.interpreter.stack;
    if stack.dup(N) {
        return Ok(());
    }
    Err(if stack.len() < N {
        InstructionResult::StackUnderflow
    } else {
        InstructionResult::StackOverflow
    })
}

/// The precompiles of a fork.
pub fn precompiles(fork: SpecId) -> EthPrecompiles {
    static ALL: [OnceLock<Precompiles>; 3] = [const { OnceLock::new() }; 3];
    let id = PrecompileSpecId::from_spec_id(fork);
    let place = match id {
        PrecompileSpecId::CANCUN => 1,
        PrecompileSpecId::PRAGUE => 2,
        _ => 0,
    };
    let precompiles = ALL[place].get_or_init(|| {
        let mut own = Precompiles::new(id).clone();
        own.extend([Precompile::new(
            PrecompileId::ModExp,
            u64_to_address(5),
            modexp_precompile,
        )]);
        own
    });
    EthPrecompiles {
        precompiles,
        spec: fork,
    }
}

fn modexp_precompile(input: &[u8], gas_limit: u64, reservoir: u64) -> PrecompileResult {
    Ok(call_eth_precompile(modexp_run, input, gas_limit, reservoir))
}

/// MODEXP of Berlin. Lengths beyond the machine's numbers cost more than there can be gas.
fn modexp_run(input: &[u8], gas_limit: u64) -> EthPrecompileResult {
    modexp::berlin_run(input, gas_limit).map_err(|_| PrecompileHalt::OutOfGas)
}

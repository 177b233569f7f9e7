//! Instructions and precompiles as the specification orders their checks.
//!
//! revm halts wherever Ethereum halts, but for some halts it names another reason than the
//! execution specifications give. What is here changes the reason alone: an exceptional halt costs
//! all gas of its frame, whatever it is called.

use std::sync::OnceLock;

use revm::bytecode::opcode;
use revm::handler::EthPrecompiles;
use revm::handler::instructions::EthInstructions;
use revm::interpreter::instructions::{contract, host};
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_types::RuntimeFlag;
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
    for (n, log) in LOGS.into_iter().enumerate() {
        table.insert_instruction(opcode::LOG0 + n as u8, Instruction::new(log), 375);
    }
    table.insert_instruction(opcode::CREATE2, Instruction::new(create2), 0);
}

type Own = fn(InstructionContext<'_, Ctx, EthInterpreter>) -> InstructionExecResult;

const DUPS: [Own; 16] = [
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

const LOGS: [Own; 5] = [log::<0>, log::<1>, log::<2>, log::<3>, log::<4>];

/// LOG0 to LOG4; revm asks for the gas before it takes the topics.
fn log<const TOPICS: usize>(
    context: InstructionContext<'_, Ctx, EthInterpreter>,
) -> InstructionExecResult {
    check_arguments(&context, TOPICS + 2)?;
    host::log::<TOPICS, _>(context)
}

/// CREATE2; revm asks for the gas before it takes the salt.
fn create2(context: InstructionContext<'_, Ctx, EthInterpreter>) -> InstructionExecResult {
    check_arguments(&context, 4)?;
    contract::create::<true, _, _>(context)
}

/// What may not be done in a static call is refused for that first.
fn check_arguments(
    context: &InstructionContext<'_, Ctx, EthInterpreter>,
    needed: usize,
) -> InstructionExecResult {
    let interpreter = &context.interpreter;
    if interpreter.stack.len() < needed && !interpreter.runtime_flag.is_static() {
        return Err(InstructionResult::StackUnderflow);
    }
    Ok(())
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

//! The call tree of one transaction, and on request every instruction of it.

use alloy_primitives::{Address, Bytes, Log, U256};
use revm::Inspector;
use revm::bytecode::opcode;
use revm::context_interface::CreateScheme;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_types::{InterpreterTypes, Jumps, LoopControl, MemoryTr};
use revm::interpreter::{
    CallInputs, CallOutcome, CallScheme, CallValue, CreateInputs, CreateOutcome, Gas,
    InstructionResult, Interpreter, InterpreterResult,
};
use revm::precompile::{PrecompileSpecId, Precompiles};

use crate::halts;
use crate::machine::Ctx;

/// What one frame executed, instruction by instruction.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    pub positions: Vec<u32>,
    pub gas: Vec<u64>,
    /// Slot, value before, value after of every SSTORE that was executed.
    pub writes: Vec<(U256, U256, U256)>,
    /// What was hashed of two words, by hash.
    pub hashes: Vec<(U256, [u8; 64])>,
    /// For each call of the frame, which step made it.
    pub calls: Vec<usize>,
}

/// One node of a call tree.
#[derive(Clone, Debug)]
pub struct Frame {
    pub parent: Option<usize>,
    pub kind: &'static str,
    pub sender: Address,
    pub to: Address,
    pub value: U256,
    pub gas: u64,
    pub gas_used: u64,
    pub input: Bytes,
    pub output: Bytes,
    pub error: &'static str,
    pub logs: Vec<Log>,
    pub code: Bytes,
    pub steps: Option<Steps>,
}

/// What an instruction is about to do, to be noted once it has done it.
enum Pending {
    Write {
        slot: U256,
        before: U256,
        after: U256,
    },
    Hash {
        start: usize,
    },
}

/// Collects frames while revm runs.
#[derive(Default)]
pub struct Tracer {
    with_steps: bool,
    frames: Vec<Frame>,
    open: Vec<usize>,
    pending: Option<Pending>,
}

impl Tracer {
    /// steps: whether every instruction is noted.
    pub fn new(steps: bool) -> Self {
        Self {
            with_steps: steps,
            ..Self::default()
        }
    }

    /// The frames, parents before their children. A failed one has logged nothing, and neither
    /// has what it called.
    pub fn take_frames(&mut self) -> Vec<Frame> {
        let mut frames = std::mem::take(&mut self.frames);
        let mut failed = vec![false; frames.len()];
        for (index, frame) in frames.iter_mut().enumerate() {
            failed[index] = !frame.error.is_empty() || frame.parent.is_some_and(|at| failed[at]);
            if failed[index] {
                frame.logs.clear();
            }
        }
        frames
    }

    fn begin(&mut self, mut frame: Frame) {
        frame.parent = self.open.last().copied();
        self.open.push(self.frames.len());
        self.frames.push(frame);
    }

    fn end(&mut self, result: &InterpreterResult) {
        let Some(index) = self.open.pop() else {
            return;
        };
        if never_called(result.result) && !self.open.is_empty() {
            // Without the money for it, too deep, or where somebody is, a call is none.
            self.frames.truncate(index);
            return;
        }
        let frame = &mut self.frames[index];
        if result.result == InstructionResult::CreateCollision {
            frame.steps = None;
        }
        frame.error = halts::frame_word(result.result);
        // What a creation was refused stays here as its output; a halt gives none.
        if frame.error.is_empty() || frame.error == halts::REVERTED {
            frame.output = result.output.clone();
        }
        frame.gas_used = gas_used(frame.gas, &result.gas, frame.error);
        self.note_call();
    }

    /// In the calling frame: its last step has called.
    fn note_call(&mut self) {
        let Some(steps) = self.steps() else {
            return;
        };
        let last = steps.positions.len().saturating_sub(1);
        steps.calls.push(last);
    }

    fn steps(&mut self) -> Option<&mut Steps> {
        let frame = self.frames.get_mut(*self.open.last()?)?;
        frame.steps.as_mut()
    }
}

impl Inspector<Ctx, EthInterpreter> for Tracer {
    fn step(&mut self, interp: &mut Interpreter<EthInterpreter>, context: &mut Ctx) {
        let pending = self.with_steps.then(|| pending(interp, context)).flatten();
        self.pending = pending;
        let (position, gas) = (interp.bytecode.pc(), interp.gas.remaining());
        if let Some(steps) = self.steps() {
            steps
                .positions
                .push(u32::try_from(position).unwrap_or(u32::MAX));
            steps.gas.push(gas);
        }
    }

    fn step_end(&mut self, interp: &mut Interpreter<EthInterpreter>, _: &mut Ctx) {
        let Some(pending) = self.pending.take() else {
            return;
        };
        if interp.bytecode.action().is_some() {
            return; // it could not be executed
        }
        let Some(steps) = self.steps() else {
            return;
        };
        match pending {
            Pending::Write {
                slot,
                before,
                after,
            } => steps.writes.push((slot, before, after)),
            Pending::Hash { start } => note_hash(interp, start, steps),
        }
    }

    fn log(&mut self, _: &mut Ctx, log: Log) {
        if let Some(index) = self.open.last() {
            self.frames[*index].logs.push(log);
        }
    }

    fn call(&mut self, context: &mut Ctx, inputs: &mut CallInputs) -> Option<CallOutcome> {
        let code = inputs.known_bytecode.1.original_bytes();
        let steps = self
            .with_steps
            .then(|| stopping_at_once(&code, inputs, context))
            .flatten();
        let delegated = inputs.scheme == CallScheme::DelegateCall;
        self.begin(Frame {
            parent: None,
            kind: kind_of(inputs.scheme),
            sender: if delegated {
                inputs.target_address
            } else {
                inputs.caller
            },
            to: callee(inputs),
            // A delegate call shows its caller's value and moves nothing.
            value: if delegated {
                U256::ZERO
            } else {
                shown(&inputs.value)
            },
            gas: inputs.gas_limit,
            gas_used: 0,
            input: inputs.input.bytes(context),
            output: Bytes::new(),
            error: "",
            logs: Vec::new(),
            code,
            steps,
        });
        None
    }

    fn call_end(&mut self, _: &mut Ctx, _: &CallInputs, outcome: &mut CallOutcome) {
        self.end(&outcome.result);
    }

    fn create(&mut self, context: &mut Ctx, inputs: &mut CreateInputs) -> Option<CreateOutcome> {
        let state = &context.journaled_state.inner.state;
        let nonce = state
            .get(&inputs.caller())
            .map_or(0, |account| account.info.nonce);
        self.begin(Frame {
            parent: None,
            kind: match inputs.scheme() {
                CreateScheme::Create2 { .. } => "CREATE2",
                _ => "CREATE",
            },
            sender: inputs.caller(),
            to: inputs.created_address(nonce),
            value: inputs.value(),
            gas: inputs.gas_limit(),
            gas_used: 0,
            input: inputs.init_code().clone(),
            output: Bytes::new(),
            error: "",
            logs: Vec::new(),
            code: inputs.init_code().clone(),
            steps: self.with_steps.then(Steps::default),
        });
        None
    }

    fn create_end(&mut self, _: &mut Ctx, _: &CreateInputs, outcome: &mut CreateOutcome) {
        self.end(&outcome.result);
    }
}

fn kind_of(scheme: CallScheme) -> &'static str {
    match scheme {
        CallScheme::Call => "CALL",
        CallScheme::CallCode => "CALLCODE",
        CallScheme::DelegateCall => "DELEGATECALL",
        CallScheme::StaticCall => "STATICCALL",
    }
}

fn callee(inputs: &CallInputs) -> Address {
    match inputs.scheme {
        CallScheme::DelegateCall | CallScheme::CallCode => inputs.bytecode_address,
        _ => inputs.target_address,
    }
}

fn shown(value: &CallValue) -> U256 {
    match value {
        CallValue::Transfer(wei) | CallValue::Apparent(wei) => *wei,
    }
}

fn never_called(result: InstructionResult) -> bool {
    matches!(
        result,
        InstructionResult::CallTooDeep
            | InstructionResult::OutOfFunds
            | InstructionResult::CreateCollision
    )
}

/// A halt uses all the gas that a frame had.
fn gas_used(given: u64, gas: &Gas, error: &str) -> u64 {
    if error.is_empty() || error == halts::REVERTED {
        given.saturating_sub(gas.remaining())
    } else {
        given
    }
}

/// The steps of a frame without code: it stops at once. A precompile has none.
fn stopping_at_once(code: &Bytes, inputs: &CallInputs, context: &Ctx) -> Option<Steps> {
    if !code.is_empty() {
        return Some(Steps::default());
    }
    let precompiles = Precompiles::new(PrecompileSpecId::from_spec_id(*context.cfg.spec()));
    if precompiles.contains(&inputs.bytecode_address) {
        return None;
    }
    Some(Steps {
        positions: vec![0],
        gas: vec![inputs.gas_limit],
        ..Steps::default()
    })
}

fn pending(interp: &Interpreter<EthInterpreter>, context: &Ctx) -> Option<Pending> {
    let stack = interp.stack.data();
    let (first, second) = (stack.len().checked_sub(1)?, stack.len().checked_sub(2)?);
    let (first, second) = (stack[first], stack[second]);
    match interp.bytecode.opcode() {
        opcode::SSTORE => {
            let before = slot_now(context, interp.input.target_address, first);
            Some(Pending::Write {
                slot: first,
                before,
                after: second,
            })
        }
        opcode::KECCAK256 if second == U256::from(64) => Some(Pending::Hash {
            start: usize::try_from(first).ok()?,
        }),
        _ => None,
    }
}

/// A slot as it is, without warming it.
fn slot_now(context: &Ctx, address: Address, slot: U256) -> U256 {
    let journal = &context.journaled_state;
    let Some(account) = journal.inner.state.get(&address) else {
        return journal.database.slot(&address, &slot);
    };
    match account.storage.get(&slot) {
        Some(held) => held.present_value(),
        None if account.is_created() => U256::ZERO,
        None => journal.database.slot(&address, &slot),
    }
}

fn note_hash(interp: &Interpreter<EthInterpreter>, start: usize, steps: &mut Steps) {
    type Memory = <EthInterpreter as InterpreterTypes>::Memory;
    let memory: &Memory = &interp.memory;
    if memory.size() < start.saturating_add(64) {
        return;
    }
    let mut hashed = [0; 64];
    hashed.copy_from_slice(&memory.slice_len(start, 64));
    if let Some(digest) = interp.stack.data().last() {
        steps.hashes.push((*digest, hashed));
    }
}

//! The EVM over a store: transactions, reads and traces.

use alloy_primitives::{Address, Bytes, Log, U256};
use revm::bytecode::Bytecode;
use revm::context::{BlockEnv, CfgEnv, Context, Journal, TxEnv};
use revm::context_interface::block::BlobExcessGasAndPrice;
use revm::context_interface::result::{
    EVMError, ExecutionResult, InvalidTransaction, Output, ResultGas,
};
use revm::handler::MainnetEvm;
use revm::primitives::eip4844::BLOB_BASE_FEE_UPDATE_FRACTION_CANCUN;
use revm::primitives::hardfork::SpecId;
use revm::state::EvmState;
use revm::{ExecuteEvm, InspectEvm, MainBuilder};

use crate::halts;
use crate::rules;
use crate::store::Store;
use crate::tracer::{Frame, Tracer};

/// Memory that an execution may use, all its frames together, in bytes. Only gas limits far
/// beyond a block's could pay for more, and the machine has no more to give.
pub const MEMORY_LIMIT: u64 = 1 << 30;

/// revm's context over our store.
pub type Ctx = Context<BlockEnv, TxEnv, CfgEnv, Store, Journal<Store>, ()>;

/// Something that went wrong in the EVM itself, and not in a transaction.
#[derive(Debug)]
pub struct Fault(pub String);

/// What became of one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub status: bool,
    pub gas_used: u64,
    pub gas_refunded: u64,
    /// Wei per gas that the sender paid.
    pub gas_price: u128,
    pub logs: Vec<Log>,
    pub output: Bytes,
    pub created: Option<Address>,
    /// Why the EVM stopped when it was not the contract that reverted.
    pub halt: &'static str,
}

/// What a block finds of a sender whose transaction it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    pub nonce: u64,
    pub balance: U256,
    pub code: Bytes,
}

/// Whether a block holds a transaction.
#[derive(Clone, Debug)]
pub enum Verdict {
    Executed(Outcome),
    Refused(Sender),
}

/// A transaction, and whether its sender may be a contract (against EIP-3607).
#[derive(Clone, Debug, Default)]
pub struct Order {
    pub tx: TxEnv,
    pub contract_may_send: bool,
}

/// One chain: an EVM under one fork's rules, and all accounts.
pub struct Machine {
    fork: SpecId,
    evm: MainnetEvm<Ctx, Tracer>,
}

impl Machine {
    /// An empty chain.
    pub fn new(fork: SpecId, chain_id: u64) -> Self {
        Self {
            fork,
            evm: evm(fork, chain_id, Store::new(chain_id)),
        }
    }

    /// Start the EVM anew over the accounts as they are: after a panic in it.
    pub fn recover(&mut self) {
        let chain_id = self.evm.ctx.cfg.chain_id;
        let block = self.evm.ctx.block.clone();
        let store = std::mem::replace(self.store(), Store::new(chain_id));
        self.evm = evm(self.fork, chain_id, store);
        self.evm.set_block(block);
    }

    /// All accounts.
    pub fn store(&mut self) -> &mut Store {
        &mut self.evm.ctx.journaled_state.database
    }

    /// Give an account its code by decree.
    pub fn set_code(&mut self, address: Address, code: Bytes) {
        // Before Prague a delegation (EIP-7702) is code like any other, and so is at any time what
        // only begins like one.
        let code = if self.fork.is_enabled_in(SpecId::PRAGUE) {
            Bytecode::new_raw_checked(code.clone()).unwrap_or_else(|_| Bytecode::new_legacy(code))
        } else {
            Bytecode::new_legacy(code)
        };
        self.store().decree(address, |info| {
            info.code_hash = code.hash_slow();
            info.code = Some(code);
        });
    }

    /// The block that transactions stand in from now on.
    pub fn enter(&mut self, mut block: BlockEnv) {
        // No blobs here: their gas costs its least.
        let blobs = BlobExcessGasAndPrice::new(0, BLOB_BASE_FEE_UPDATE_FRACTION_CANCUN);
        block.blob_excess_gas_and_price = Some(blobs);
        self.evm.set_block(block);
    }

    /// Execute a transaction for good.
    pub fn execute(&mut self, order: Order) -> Result<Verdict, Fault> {
        self.expect_payment(order.contract_may_send);
        let sender = order.tx.caller;
        let price = self.price(&order.tx);
        match self.evm.transact_one(order.tx) {
            Ok(result) => {
                self.settle();
                Ok(Verdict::Executed(outcome(result, price)))
            }
            Err(EVMError::Transaction(_)) => {
                self.abandon();
                Ok(Verdict::Refused(self.sender(sender)))
            }
            Err(error) => Err(self.fault(&error)),
        }
    }

    /// Execute a read: no nonce, no fee, no trace left.
    pub fn call(&mut self, tx: TxEnv) -> Result<Outcome, Fault> {
        self.expect_nothing();
        let gas_limit = tx.gas_limit;
        let done = self.evm.transact_one(tx);
        self.abandon();
        match done {
            Ok(result) => Ok(outcome(result, 0)),
            Err(EVMError::Transaction(reason)) => Ok(never_began(&reason, gas_limit)),
            Err(error) => Err(self.fault(&error)),
        }
    }

    /// The frames that a transaction would have, its outermost first; `Err` for a refused one.
    pub fn trace(
        &mut self,
        order: Order,
        steps: bool,
    ) -> Result<Result<Vec<Frame>, Sender>, Fault> {
        self.expect_payment(order.contract_may_send);
        let sender = order.tx.caller;
        self.evm.inspector = Tracer::new(steps);
        let done = self.evm.inspect_one_tx(order.tx);
        self.abandon();
        match done {
            Ok(_) => Ok(Ok(self.evm.inspector.take_frames())),
            Err(EVMError::Transaction(_)) => Ok(Err(self.sender(sender))),
            Err(error) => Err(self.fault(&error)),
        }
    }

    /// The frames that a read would have; none where its gas does not pay for its beginning.
    pub fn trace_call(&mut self, tx: TxEnv, steps: bool) -> Result<Vec<Frame>, Fault> {
        self.expect_nothing();
        self.evm.inspector = Tracer::new(steps);
        let done = self.evm.inspect_one_tx(tx);
        self.abandon();
        match done {
            Ok(_) => Ok(self.evm.inspector.take_frames()),
            Err(EVMError::Transaction(_)) => Ok(Vec::new()),
            Err(error) => Err(self.fault(&error)),
        }
    }

    /// Drop what an execution has changed.
    fn abandon(&mut self) {
        let _: EvmState = self.evm.finalize();
    }

    fn settle(&mut self) {
        let state = self.evm.finalize();
        let store = self.store();
        for (address, account) in state {
            store.absorb(address, account);
        }
    }

    fn expect_payment(&mut self, contract_may_send: bool) {
        let cfg = &mut self.evm.ctx.cfg;
        cfg.disable_eip3607 = contract_may_send;
        cfg.disable_nonce_check = false;
        cfg.disable_base_fee = false;
        cfg.disable_block_gas_limit = false;
        cfg.disable_eip7623 = false;
    }

    fn expect_nothing(&mut self) {
        let cfg = &mut self.evm.ctx.cfg;
        cfg.disable_eip3607 = true;
        cfg.disable_nonce_check = true;
        cfg.disable_base_fee = true;
        cfg.disable_block_gas_limit = true;
        cfg.disable_eip7623 = false;
    }

    fn price(&self, tx: &TxEnv) -> u128 {
        let base_fee = u128::from(self.evm.ctx.block.basefee);
        let tip = tx.gas_priority_fee.unwrap_or_default();
        base_fee.saturating_add(tip).min(tx.gas_price)
    }

    /// What a block finds of an account now.
    pub fn sender(&mut self, address: Address) -> Sender {
        let info = self.store().account(&address).cloned().unwrap_or_default();
        let code = info
            .code
            .as_ref()
            .map(Bytecode::original_bytes)
            .unwrap_or_default();
        Sender {
            nonce: info.nonce,
            balance: info.balance,
            code,
        }
    }

    fn fault(&mut self, error: &dyn std::fmt::Display) -> Fault {
        self.abandon();
        Fault(error.to_string())
    }
}

fn evm(fork: SpecId, chain_id: u64, store: Store) -> MainnetEvm<Ctx, Tracer> {
    let mut cfg = CfgEnv::new()
        .with_spec_and_mainnet_gas_params(fork)
        .with_chain_id(chain_id);
    cfg.memory_limit = MEMORY_LIMIT;
    let ctx: Ctx = Context::new(store, fork).with_cfg(cfg);
    let mut evm = ctx.build_mainnet_with_inspector(Tracer::default());
    rules::correct(&mut evm.instruction, fork);
    evm.precompiles = rules::precompiles(fork);
    evm
}

fn outcome(result: ExecutionResult, gas_price: u128) -> Outcome {
    let (status, gas, logs, output, created, halt) = match result {
        ExecutionResult::Success {
            gas,
            logs,
            output: Output::Call(data),
            ..
        } => (true, gas, logs, data, None, ""),
        ExecutionResult::Success {
            gas,
            logs,
            output: Output::Create(code, at),
            ..
        } => (true, gas, logs, code, at, ""),
        ExecutionResult::Revert { gas, output, .. } => (false, gas, Vec::new(), output, None, ""),
        ExecutionResult::Halt { gas, reason, .. } => (
            false,
            gas,
            Vec::new(),
            Bytes::new(),
            None,
            halts::word(&reason),
        ),
    };
    let (gas_used, gas_refunded) = paid(&gas);
    Outcome {
        status,
        gas_used,
        gas_refunded,
        gas_price,
        logs,
        output,
        created,
        halt,
    }
}

fn paid(gas: &ResultGas) -> (u64, u64) {
    (gas.tx_gas_used(), gas.final_refunded())
}

/// A read that stopped before its first instruction.
fn never_began(reason: &InvalidTransaction, gas_limit: u64) -> Outcome {
    let halt = match reason {
        InvalidTransaction::LackOfFundForMaxFee { .. }
        | InvalidTransaction::OverflowPaymentInTransaction => halts::INSUFFICIENT_FUNDS,
        InvalidTransaction::CreateInitCodeSizeLimit => halts::INITCODE_SIZE,
        _ => halts::OUT_OF_GAS,
    };
    Outcome {
        status: false,
        gas_used: gas_limit,
        gas_refunded: 0,
        gas_price: 0,
        logs: Vec::new(),
        output: Bytes::new(),
        created: None,
        halt,
    }
}

//! The machine as a Python object.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alloy_primitives::Bytes;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple, PyType};

use revm::context::TxEnv;

use super::blocks::{Verdicts, facts};
use super::values::Kinds;
use super::{Fault, Unfit, names, numbers, orders};
use crate::machine::{self, Machine, Order, Verdict};
use crate::{fork, tracer::Frame};

/// A machine that may go from thread to thread.
struct Movable(Machine);

// SAFETY: revm shares its memory buffer between its own parts by `Rc`. All of them live inside
// the machine and none is ever handed out, so that they move together, and the lock of `Evm`
// lets one thread at a time in.
#[allow(unsafe_code)]
unsafe impl Send for Movable {}

/// One chain. Any thread may use it; while one executes, others wait without holding the GIL.
#[pyclass(frozen, module = "dexsim_revm")]
pub struct Evm {
    machine: Mutex<Movable>,
    chain_id: u64,
    kinds: Arc<Kinds>,
}

impl Evm {
    fn lock(&self) -> MutexGuard<'_, Movable> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Do something without the GIL. A panic inside becomes a `Fault`, and the accounts are
    /// what they were before it.
    fn run<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Machine) -> Result<T, machine::Fault> + Send,
    ) -> PyResult<T> {
        let done = py.detach(|| {
            let mut movable = self.lock();
            let machine = &mut movable.0;
            catch_unwind(AssertUnwindSafe(|| work(machine))).unwrap_or_else(|panic| {
                movable.0.recover();
                Err(machine::Fault(message(panic.as_ref())))
            })
        });
        done.map_err(|machine::Fault(message)| Fault::new_err(message))
    }

    fn look<T: Send>(
        &self,
        py: Python<'_>,
        look: impl FnOnce(&mut Machine) -> T + Send,
    ) -> PyResult<T> {
        self.run(py, |machine| Ok(look(machine)))
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panic: {}", text.unwrap_or("without a message"))
}

#[pymethods]
impl Evm {
    /// An empty chain. `log`, `receipt`: dexsim's classes.
    #[new]
    fn new(
        fork: &str,
        chain_id: u64,
        log: &Bound<'_, PyType>,
        receipt: &Bound<'_, PyType>,
    ) -> PyResult<Self> {
        let rules =
            fork::by_name(fork).ok_or_else(|| Unfit::new_err(format!("no fork {fork:?}")))?;
        let machine = Mutex::new(Movable(Machine::new(rules, chain_id)));
        Ok(Self {
            machine,
            chain_id,
            kinds: Arc::new(Kinds::new(log, receipt)?),
        })
    }

    /// The block that executions stand in from now on.
    fn enter(&self, py: Python<'_>, block: &Bound<'_, PyAny>) -> PyResult<()> {
        let block = orders::block(block)?;
        self.look(py, |machine| machine.enter(block))
    }

    /// Execute one transaction for good: its receipt, or what was found of a refused sender (3).
    fn execute<'py>(
        &self,
        py: Python<'py>,
        tx: &Bound<'py, PyAny>,
        contract_may_send: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let env = orders::order(tx, self.chain_id)?;
        let hash = orders::hash(&env);
        match self.run(py, |machine| {
            machine.execute(Order {
                tx: env,
                contract_may_send,
            })
        })? {
            Verdict::Executed(outcome) => self.kinds.receipt(tx, &hash, outcome),
            Verdict::Refused(sender) => Ok(facts(py, &sender)?.into_any()),
        }
    }

    /// Execute transactions in order, in one crossing. Those that the EVM cannot even be given are
    /// refused: `Verdicts.unfit` lists them.
    fn execute_all(
        &self,
        py: Python<'_>,
        txs: &Bound<'_, PyList>,
        senders: Vec<bool>,
    ) -> PyResult<Verdicts> {
        let mut orders = Vec::with_capacity(txs.len());
        let mut unfit = Vec::new();
        for (place, (tx, contract_may_send)) in txs.iter().zip(senders).enumerate() {
            match orders::order(&tx, self.chain_id) {
                Ok(tx) => orders.push(Ok(Order {
                    tx,
                    contract_may_send,
                })),
                Err(error) if error.is_instance_of::<Unfit>(py) => {
                    let sender = names::parsed(&tx.getattr("sender")?).unwrap_or_default();
                    unfit.push((place, error.value(py).to_string()));
                    orders.push(Err(sender));
                }
                Err(error) => return Err(error),
            }
        }
        let verdicts = self.run(py, |machine| {
            orders
                .into_iter()
                .map(|order| match order {
                    Ok(order) => Ok((order.tx.clone(), machine.execute(order)?)),
                    Err(sender) => Ok((TxEnv::default(), Verdict::Refused(machine.sender(sender)))),
                })
                .collect::<Result<Vec<_>, _>>()
        })?;
        Ok(Verdicts::new(verdicts, unfit, Arc::clone(&self.kinds)))
    }

    /// Execute a read with this much gas: status, output, gas used, halt.
    fn call<'py>(
        &self,
        py: Python<'py>,
        tx: &Bound<'py, PyAny>,
        gas: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let tx = orders::read(tx, numbers::narrow(gas)?, self.chain_id)?;
        let done = self.run(py, |machine| machine.call(tx))?;
        (
            done.status,
            PyBytes::new(py, &done.output),
            done.gas_used,
            done.halt,
        )
            .into_pyobject(py)
    }

    /// The frames of a transaction, parents first: what was found of the sender (3) if it is refused.
    fn trace<'py>(
        &self,
        py: Python<'py>,
        tx: &Bound<'py, PyAny>,
        steps: bool,
        contract_may_send: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tx = orders::order(tx, self.chain_id)?;
        match self.run(py, |machine| {
            machine.trace(
                Order {
                    tx,
                    contract_may_send,
                },
                steps,
            )
        })? {
            Ok(frames) => Ok(self.frames(py, frames)?.into_any()),
            Err(sender) => Ok(facts(py, &sender)?.into_any()),
        }
    }

    /// The frames of a read; none where its gas does not pay for its beginning.
    fn trace_call<'py>(
        &self,
        py: Python<'py>,
        tx: &Bound<'py, PyAny>,
        steps: bool,
    ) -> PyResult<Bound<'py, PyList>> {
        let gas = numbers::narrow(&tx.getattr("gas_limit")?)?;
        let tx = orders::read(tx, gas, self.chain_id)?;
        let frames = self.run(py, |machine| machine.trace_call(tx, steps))?;
        self.frames(py, frames)
    }

    fn mark(&self, py: Python<'_>) -> PyResult<u64> {
        self.look(py, |machine| machine.store().mark())
    }

    fn open_marks(&self, py: Python<'_>) -> PyResult<Vec<u64>> {
        self.look(py, |machine| machine.store().open_marks())
    }

    /// False for a mark that is not open, and for what could be none.
    fn restore(&self, py: Python<'_>, mark: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(mark) = mark.extract::<u64>() else {
            return Ok(false);
        };
        self.look(py, |machine| machine.store().restore(mark))
    }

    /// False for a mark that is not open, and for what could be none.
    fn release(&self, py: Python<'_>, mark: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(mark) = mark.extract::<u64>() else {
            return Ok(false);
        };
        self.look(py, |machine| machine.store().release(mark))
    }

    fn balance<'py>(
        &self,
        py: Python<'py>,
        address: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let address = names::parsed(address)?;
        let held = self.look(py, |machine| {
            machine.store().account(&address).map(|info| info.balance)
        })?;
        numbers::from_word(py, held.unwrap_or_default())
    }

    fn native_supply<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let supply = self.look(py, |machine| machine.store().supply())?;
        numbers::integer(py, &supply.to_le_bytes::<40>())
    }

    fn nonce(&self, py: Python<'_>, address: &Bound<'_, PyAny>) -> PyResult<u64> {
        let address = names::parsed(address)?;
        self.look(py, |machine| {
            machine
                .store()
                .account(&address)
                .map_or(0, |info| info.nonce)
        })
    }

    fn code<'py>(
        &self,
        py: Python<'py>,
        address: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let address = names::parsed(address)?;
        let code = self.look(py, |machine| {
            let code = machine
                .store()
                .account(&address)
                .and_then(|info| info.code.clone());
            code.map(|code| code.original_bytes()).unwrap_or_default()
        })?;
        Ok(PyBytes::new(py, &code))
    }

    fn storage<'py>(
        &self,
        py: Python<'py>,
        address: &Bound<'py, PyAny>,
        slot: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (address, slot) = (names::parsed(address)?, numbers::word(slot)?);
        let held = self.look(py, |machine| machine.store().slot(&address, &slot))?;
        numbers::from_word(py, held)
    }

    fn set_balance(
        &self,
        py: Python<'_>,
        address: &Bound<'_, PyAny>,
        wei: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let (address, wei) = (names::parsed(address)?, numbers::word(wei)?);
        self.look(py, |machine| {
            machine.store().decree(address, |info| info.balance = wei)
        })
    }

    fn set_code(&self, py: Python<'_>, address: &Bound<'_, PyAny>, code: &[u8]) -> PyResult<()> {
        let (address, code) = (names::parsed(address)?, Bytes::copy_from_slice(code));
        self.look(py, |machine| machine.set_code(address, code))
    }

    fn set_storage(
        &self,
        py: Python<'_>,
        address: &Bound<'_, PyAny>,
        slot: &Bound<'_, PyAny>,
        value: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let address = names::parsed(address)?;
        let (slot, value) = (numbers::word(slot)?, numbers::word(value)?);
        self.look(py, |machine| machine.store().set_slot(address, slot, value))
    }

    fn state_root<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let root = self.look(py, |machine| machine.store().root())?;
        Ok(PyBytes::new(py, root.as_slice()))
    }

    /// Panic on purpose, so that a test can see what becomes of it.
    fn panic(&self, py: Python<'_>) -> PyResult<()> {
        self.look(py, |_| panic!("on purpose"))
    }
}

impl Evm {
    fn frames<'py>(&self, py: Python<'py>, frames: Vec<Frame>) -> PyResult<Bound<'py, PyList>> {
        let rows = frames.into_iter().map(|frame| self.frame(py, frame));
        PyList::new(py, rows.collect::<PyResult<Vec<_>>>()?)
    }

    /// A frame as a tuple: its parent's index, and the fields of a `CallFrame` but its calls.
    fn frame<'py>(&self, py: Python<'py>, frame: Frame) -> PyResult<Bound<'py, PyTuple>> {
        let logs = super::logs::Logs::new(frame.logs, Arc::clone(&self.kinds));
        let row: [Bound<'py, PyAny>; 13] = [
            frame.parent.into_pyobject(py)?.into_any(),
            frame.kind.into_pyobject(py)?.into_any(),
            names::written(py, &frame.sender).into_bound(py).into_any(),
            names::written(py, &frame.to).into_bound(py).into_any(),
            numbers::from_word(py, frame.value)?,
            frame.gas.into_pyobject(py)?.into_any(),
            frame.gas_used.into_pyobject(py)?.into_any(),
            PyBytes::new(py, &frame.input).into_any(),
            PyBytes::new(py, &frame.output).into_any(),
            frame.error.into_pyobject(py)?.into_any(),
            logs.tuple(py)?.into_any(),
            PyBytes::new(py, &frame.code).into_any(),
            steps(py, frame.steps)?,
        ];
        PyTuple::new(py, row)
    }
}

/// Positions (u32) and gas (u64) as bytes, then writes, hashes and calls; None where not noted.
fn steps(py: Python<'_>, steps: Option<crate::tracer::Steps>) -> PyResult<Bound<'_, PyAny>> {
    let Some(steps) = steps else {
        return Ok(py.None().into_bound(py));
    };
    let positions: Vec<u8> = steps
        .positions
        .iter()
        .flat_map(|at| at.to_le_bytes())
        .collect();
    let gas: Vec<u8> = steps.gas.iter().flat_map(|gas| gas.to_le_bytes()).collect();
    let writes = steps.writes.into_iter().map(|(slot, before, after)| {
        let words = [slot, before, after].map(|word| numbers::from_word(py, word));
        PyTuple::new(py, words.into_iter().collect::<PyResult<Vec<_>>>()?)
    });
    let hashes = steps.hashes.into_iter().map(|(digest, hashed)| {
        (numbers::from_word(py, digest)?, PyBytes::new(py, &hashed)).into_pyobject(py)
    });
    let row = (
        PyBytes::new(py, &positions),
        PyBytes::new(py, &gas),
        writes.collect::<PyResult<Vec<_>>>()?,
        hashes.collect::<PyResult<Vec<_>>>()?,
        steps.calls,
    );
    Ok(row.into_pyobject(py)?.into_any())
}

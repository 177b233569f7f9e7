//! What became of transactions: for one its parts, for a block its columns.

use alloy_primitives::B256;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use super::logs::{Columns, Logs};
use super::{names, numbers, orders};
use revm::context::TxEnv;

use crate::machine::{Outcome, Sender, Verdict};

/// The parts of a receipt: hash, status, gas used, gas refunded, price, logs, output, created, halt.
pub fn parts<'py>(
    py: Python<'py>,
    hash: &B256,
    outcome: Outcome,
    log_type: &Py<PyAny>,
) -> PyResult<Bound<'py, PyTuple>> {
    let logs = if outcome.logs.is_empty() {
        PyTuple::empty(py).into_any()
    } else {
        Bound::new(py, Logs::new(outcome.logs, log_type.clone_ref(py)))?.into_any()
    };
    let price = alloy_primitives::U256::from(outcome.gas_price);
    (
        PyBytes::new(py, hash.as_slice()),
        outcome.status,
        outcome.gas_used,
        outcome.gas_refunded,
        numbers::from_word(py, price)?,
        logs,
        PyBytes::new(py, &outcome.output),
        outcome.created.map(|address| names::written(py, &address)),
        outcome.halt,
    )
        .into_pyobject(py)
}

/// What a block found of a sender that it refused: nonce, balance, code.
pub fn facts<'py>(py: Python<'py>, sender: &Sender) -> PyResult<Bound<'py, PyTuple>> {
    let balance = numbers::from_word(py, sender.balance)?;
    (sender.nonce, balance, PyBytes::new(py, &sender.code)).into_pyobject(py)
}

/// What became of a block's transactions, in their order. Hashes are computed when asked for.
#[pyclass(frozen, module = "dexsim_revm")]
pub struct Verdicts {
    verdicts: Vec<(TxEnv, Verdict)>,
    unfit: Vec<(usize, String)>,
    log_type: Py<PyAny>,
}

impl Verdicts {
    pub fn new(
        verdicts: Vec<(TxEnv, Verdict)>,
        unfit: Vec<(usize, String)>,
        log_type: Py<PyAny>,
    ) -> Self {
        Self {
            verdicts,
            unfit,
            log_type,
        }
    }

    fn executed(&self) -> impl Iterator<Item = Option<&Outcome>> {
        self.verdicts.iter().map(|(_, verdict)| match verdict {
            Verdict::Executed(outcome) => Some(outcome),
            Verdict::Refused(_) => None,
        })
    }

    fn column<'py, const N: usize>(
        &self,
        py: Python<'py>,
        value: impl Fn(&Outcome) -> [u8; N],
    ) -> Bound<'py, PyBytes> {
        let bytes: Vec<u8> = self
            .executed()
            .flat_map(|outcome| outcome.map_or([0; N], &value))
            .collect();
        PyBytes::new(py, &bytes)
    }
}

#[pymethods]
impl Verdicts {
    fn __len__(&self) -> usize {
        self.verdicts.len()
    }

    /// The places of transactions that the EVM could not even be given, and why.
    fn unfit(&self) -> Vec<(usize, String)> {
        self.unfit.clone()
    }

    /// The parts of a receipt (9), or what was found of a refused sender (3).
    fn parts<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyTuple>> {
        match self.verdicts.get(index) {
            Some((tx, Verdict::Executed(outcome))) => {
                parts(py, &orders::hash(tx), outcome.clone(), &self.log_type)
            }
            Some((_, Verdict::Refused(sender))) => facts(py, sender),
            None => Err(PyIndexError::new_err(format!(
                "there is no transaction {index}"
            ))),
        }
    }

    /// Columns over the transactions, as little-endian bytes: `refused`, `status` (u8), `gas_used`,
    /// `gas_refunded`, `effective_gas_price` (u64, the greatest for what is more); zeros for refused ones.
    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let columns = PyDict::new(py);
        let refused: Vec<u8> = self
            .executed()
            .map(|outcome| u8::from(outcome.is_none()))
            .collect();
        columns.set_item("refused", PyBytes::new(py, &refused))?;
        columns.set_item(
            "status",
            self.column(py, |outcome| [u8::from(outcome.status)]),
        )?;
        columns.set_item(
            "gas_used",
            self.column(py, |outcome| outcome.gas_used.to_le_bytes()),
        )?;
        columns.set_item(
            "gas_refunded",
            self.column(py, |outcome| outcome.gas_refunded.to_le_bytes()),
        )?;
        columns.set_item(
            "effective_gas_price",
            self.column(py, |outcome| low(outcome.gas_price).to_le_bytes()),
        )?;
        Ok(columns)
    }

    /// All events, as `Logs.columns` gives them.
    fn log_columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let mut columns = Columns::default();
        for outcome in self.executed() {
            columns.add(outcome.map_or(&[], |outcome| &outcome.logs));
        }
        columns.finish(py)
    }
}

fn low(price: u128) -> u64 {
    u64::try_from(price).unwrap_or(u64::MAX)
}

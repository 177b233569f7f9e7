//! What became of transactions: receipts one by one, columns for a block.

use std::sync::Arc;

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use super::logs::Columns;
use super::values::Kinds;
use super::{numbers, orders};
use revm::context::TxEnv;

use crate::machine::{Outcome, Sender, Verdict};

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
    kinds: Arc<Kinds>,
}

impl Verdicts {
    pub fn new(
        verdicts: Vec<(TxEnv, Verdict)>,
        unfit: Vec<(usize, String)>,
        kinds: Arc<Kinds>,
    ) -> Self {
        Self {
            verdicts,
            unfit,
            kinds,
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

    /// The receipt of a transaction, which is given, or what was found of a refused sender (3).
    fn receipt<'py>(&self, index: usize, tx: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        match self.verdicts.get(index) {
            Some((env, Verdict::Executed(outcome))) => {
                self.kinds.receipt(tx, &orders::hash(env), outcome.clone())
            }
            Some((_, Verdict::Refused(sender))) => Ok(facts(tx.py(), sender)?.into_any()),
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

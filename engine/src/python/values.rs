//! Frozen values of dexsim's, made without their constructors.

use std::sync::Arc;

use alloy_primitives::{B256, Log, U256};
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple, PyType};

use super::logs::Logs;
use super::{names, numbers};
use crate::machine::Outcome;

/// A frozen dataclass with slots, and the names of its fields.
struct Frozen {
    kind: Py<PyType>,
    names: Vec<Py<PyString>>,
}

impl Frozen {
    /// `TypeError` for a class whose slots are not these fields.
    fn new(kind: &Bound<'_, PyType>, names: &[&str]) -> PyResult<Self> {
        let slots: Vec<String> = kind.getattr("__slots__")?.extract()?;
        if slots != names {
            let why = format!("slots {slots:?} instead of {names:?}");
            return Err(PyTypeError::new_err(why));
        }
        let intern = |name: &&str| PyString::intern(kind.py(), name).unbind();
        Ok(Self {
            kind: kind.clone().unbind(),
            names: names.iter().map(intern).collect(),
        })
    }

    /// One of them, of its fields' values in their order.
    fn make<'py, const N: usize>(
        &self,
        values: [Bound<'py, PyAny>; N],
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = values[0].py();
        let made = self.empty(py)?;
        for (name, value) in self.names.iter().zip(values) {
            set(&made, name.bind(py), &value)?;
        }
        Ok(made)
    }

    /// What `object.__new__` makes.
    #[allow(unsafe_code)]
    fn empty<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        // SAFETY: `kind` is a class in Python, which allocates its instances generically, and the
        // interpreter is attached. What is given is owned, or null with an error set.
        unsafe {
            let made = ffi::PyType_GenericAlloc(self.kind.as_ptr().cast(), 0);
            Bound::from_owned_ptr_or_err(py, made)
        }
    }
}

/// What `object.__setattr__` does.
#[allow(unsafe_code)]
fn set(
    object: &Bound<'_, PyAny>,
    name: &Bound<'_, PyString>,
    value: &Bound<'_, PyAny>,
) -> PyResult<()> {
    // SAFETY: all three are live objects; the function takes its own references.
    let done =
        unsafe { ffi::PyObject_GenericSetAttr(object.as_ptr(), name.as_ptr(), value.as_ptr()) };
    if done == 0 {
        return Ok(());
    }
    Err(PyErr::fetch(object.py()))
}

/// What is made of an execution.
pub struct Kinds {
    log: Frozen,
    receipt: Frozen,
}

impl Kinds {
    /// dexsim's `Log` and `Receipt`.
    pub fn new(log: &Bound<'_, PyType>, receipt: &Bound<'_, PyType>) -> PyResult<Self> {
        Ok(Self {
            log: Frozen::new(log, &["address", "topics", "data"])?,
            receipt: Frozen::new(receipt, &RECEIPT)?,
        })
    }

    /// An event.
    pub fn log<'py>(&self, py: Python<'py>, log: &Log) -> PyResult<Bound<'py, PyAny>> {
        let topics = log.data.topics().iter();
        let topics = topics.map(|topic| PyBytes::new(py, topic.as_slice()));
        self.log.make([
            names::written(py, &log.address).into_bound(py).into_any(),
            PyTuple::new(py, topics.collect::<Vec<_>>())?.into_any(),
            PyBytes::new(py, &log.data.data).into_any(),
        ])
    }

    /// The receipt of a transaction; its events are made when somebody looks.
    pub fn receipt<'py>(
        self: &Arc<Self>,
        tx: &Bound<'py, PyAny>,
        hash: &B256,
        outcome: Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = tx.py();
        let logs = if outcome.logs.is_empty() {
            PyTuple::empty(py).into_any()
        } else {
            Bound::new(py, Logs::new(outcome.logs, Arc::clone(self)))?.into_any()
        };
        let created = outcome.created.map(|address| names::written(py, &address));
        self.receipt.make([
            tx.clone(),
            PyBytes::new(py, hash.as_slice()).into_any(),
            outcome.status.into_pyobject(py)?.to_owned().into_any(),
            outcome.gas_used.into_pyobject(py)?.into_any(),
            outcome.gas_refunded.into_pyobject(py)?.into_any(),
            numbers::from_word(py, U256::from(outcome.gas_price))?,
            logs,
            PyBytes::new(py, &outcome.output).into_any(),
            created.into_pyobject(py)?.into_any(),
            PyString::intern(py, outcome.halt).into_any(),
        ])
    }
}

const RECEIPT: [&str; 10] = [
    "transaction",
    "tx_hash",
    "status",
    "gas_used",
    "gas_refunded",
    "effective_gas_price",
    "logs",
    "output",
    "contract_address",
    "halt",
];

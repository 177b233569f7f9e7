//! Events on their way out: Python objects for whoever looks, columns for whoever writes them down.

use std::sync::Arc;

use alloy_primitives::Log;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use super::values::Kinds;

/// The events of one transaction: a sequence that behaves like the tuple it stands for, made
/// when somebody looks.
#[pyclass(frozen, sequence, module = "dexsim_revm")]
pub struct Logs {
    logs: Vec<Log>,
    kinds: Arc<Kinds>,
    made: PyOnceLock<Py<PyTuple>>,
}

impl Logs {
    pub fn new(logs: Vec<Log>, kinds: Arc<Kinds>) -> Self {
        Self {
            logs,
            kinds,
            made: PyOnceLock::new(),
        }
    }

    pub fn tuple<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let made = self.made.get_or_try_init(py, || self.make(py))?;
        Ok(made.bind(py).clone())
    }

    fn make(&self, py: Python<'_>) -> PyResult<Py<PyTuple>> {
        let logs = self.logs.iter().map(|log| self.kinds.log(py, log));
        Ok(PyTuple::new(py, logs.collect::<PyResult<Vec<_>>>()?)?.unbind())
    }
}

#[pymethods]
impl Logs {
    fn __len__(&self) -> usize {
        self.logs.len()
    }

    fn __getitem__<'py>(
        &self,
        py: Python<'py>,
        place: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.tuple(py)?.as_any().get_item(place)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.tuple(py)?.try_iter()?.into_any())
    }

    fn __contains__(&self, py: Python<'_>, log: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.tuple(py)?.contains(log)
    }

    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        match other.cast::<Self>() {
            Ok(other) => Ok(self.logs == other.get().logs),
            Err(_) => self.tuple(py)?.eq(other),
        }
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.tuple(py)?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.tuple(py)?.repr()?.to_string())
    }

    /// The events of many transactions as columns, without a Python object for each: of each one's
    /// `Logs`, or something empty.
    ///
    /// Fixed widths: `counts` (u32, events of each transaction), `address` (20 bytes), `topics` (u8,
    /// how many), `topic0` to `topic3` (32 bytes, zeros where there is none); `data` behind
    /// `data_offsets` (i64, one more than there are events). Integers are little-endian.
    #[staticmethod]
    fn columns<'py>(py: Python<'py>, all: Vec<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyDict>> {
        let mut columns = Columns::default();
        for logs in &all {
            match logs.cast::<Self>() {
                Ok(logs) => columns.add(&logs.get().logs),
                Err(_) if logs.is_empty()? => columns.add(&[]),
                Err(error) => return Err(error.into()),
            }
        }
        columns.finish(py)
    }

    /// The events in bytes: see `dexsim.chain.event_bytes`.
    fn encoded<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let mut bytes = Vec::with_capacity(512 * self.logs.len());
        put(&mut bytes, self.logs.len());
        for log in &self.logs {
            bytes.push(1);
            bytes.extend_from_slice(log.address.as_slice());
            put(&mut bytes, log.data.topics().len());
            for topic in log.data.topics() {
                put(&mut bytes, topic.len());
                bytes.extend_from_slice(topic.as_slice());
            }
            put(&mut bytes, log.data.data.len());
            bytes.extend_from_slice(&log.data.data);
        }
        PyBytes::new(py, &bytes)
    }

    /// A copy, or what another process gets, is the tuple itself.
    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyTuple>,))> {
        let make = py.get_type::<PyTuple>().into_any();
        Ok((make, (self.tuple(py)?,)))
    }
}

/// A length as a word, highest byte first.
fn put(bytes: &mut Vec<u8>, length: usize) {
    bytes.extend_from_slice(&[0; 24]);
    bytes.extend_from_slice(&(length as u64).to_be_bytes());
}

#[derive(Default)]
pub struct Columns {
    counts: Vec<u8>,
    address: Vec<u8>,
    topics: Vec<u8>,
    topic: [Vec<u8>; 4],
    data_offsets: Vec<u8>,
    data: Vec<u8>,
}

impl Columns {
    /// The events of one more transaction.
    pub fn add(&mut self, logs: &[Log]) {
        self.counts
            .extend_from_slice(&(logs.len() as u32).to_le_bytes());
        for log in logs {
            self.offset();
            self.address.extend_from_slice(log.address.as_slice());
            let topics = log.data.topics();
            self.topics.push(topics.len() as u8);
            for (place, column) in self.topic.iter_mut().enumerate() {
                column.extend_from_slice(topics.get(place).map_or(&[0; 32], |topic| &topic.0));
            }
            self.data.extend_from_slice(&log.data.data);
        }
    }

    fn offset(&mut self) {
        self.data_offsets
            .extend_from_slice(&(self.data.len() as i64).to_le_bytes());
    }

    /// The columns by name, as bytes.
    pub fn finish(mut self, py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
        self.offset();
        let columns = PyDict::new(py);
        let [topic0, topic1, topic2, topic3] = &self.topic;
        for (name, column) in [
            ("counts", &self.counts),
            ("address", &self.address),
            ("topics", &self.topics),
            ("topic0", topic0),
            ("topic1", topic1),
            ("topic2", topic2),
            ("topic3", topic3),
            ("data_offsets", &self.data_offsets),
            ("data", &self.data),
        ] {
            columns.set_item(name, PyBytes::new(py, column))?;
        }
        Ok(columns)
    }
}

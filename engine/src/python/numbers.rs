//! Integers across the border.

use alloy_primitives::U256;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt};

use super::Unfit;

/// A Python integer as a word.
pub fn word(value: &Bound<'_, PyAny>) -> PyResult<U256> {
    if let Ok(small) = value.extract::<u64>() {
        return Ok(U256::from(small));
    }
    let py = value.py();
    let bytes = value
        .call_method1(intern!(py, "to_bytes"), (32, intern!(py, "little")))
        .map_err(|_| Unfit::new_err(format!("{value} lies outside the EVM's numbers")))?;
    Ok(U256::from_le_slice(bytes.cast::<PyBytes>()?.as_bytes()))
}

/// A Python integer of at most 128 bits.
pub fn wide(value: &Bound<'_, PyAny>) -> PyResult<u128> {
    if let Ok(small) = value.extract::<u64>() {
        return Ok(u128::from(small));
    }
    let word = word(value)?;
    u128::try_from(word).map_err(|_| Unfit::new_err(format!("{word} has more than 128 bits")))
}

/// A Python integer of at most 64 bits.
pub fn narrow(value: &Bound<'_, PyAny>) -> PyResult<u64> {
    let fits = value.extract::<u64>();
    fits.map_err(|_| Unfit::new_err(format!("{value} has more than 64 bits, or is negative")))
}

/// A number in little-endian bytes as a Python integer.
pub fn integer<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let kind = py.get_type::<PyInt>();
    kind.call_method1(
        intern!(py, "from_bytes"),
        (PyBytes::new(py, bytes), intern!(py, "little")),
    )
}

/// A word as a Python integer.
pub fn from_word(py: Python<'_>, value: U256) -> PyResult<Bound<'_, PyAny>> {
    match u64::try_from(value) {
        Ok(small) => Ok(small.into_pyobject(py)?.into_any()),
        Err(_) => integer(py, &value.to_le_bytes::<32>()),
    }
}

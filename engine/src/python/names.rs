//! Addresses as text: EIP-55 above the border, 20 bytes below it.
//!
//! A simulation uses the same few hundred addresses millions of times, so that both ways are
//! remembered, and the same address is the same Python string each time.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use alloy_primitives::map::foldhash::fast::RandomState;
use alloy_primitives::{Address, hex};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::Unfit;

const REMEMBERED: usize = 65_536;

type Digits = [u8; 40];

#[derive(Default)]
struct Names {
    parsed: HashMap<Digits, Address, RandomState>,
    written: HashMap<Address, Py<PyString>, RandomState>,
}

static NAMES: LazyLock<Mutex<Names>> = LazyLock::new(Mutex::default);

/// The address that a Python string names. `Unfit` for what is none, and for mixed case that
/// does not match its checksum.
pub fn parsed(text: &Bound<'_, PyAny>) -> PyResult<Address> {
    let text = text
        .cast::<PyString>()
        .ok()
        .and_then(|text| text.to_str().ok())
        .ok_or_else(|| no_address("no text"))?;
    let digits = text
        .strip_prefix("0x")
        .and_then(|digits| Digits::try_from(digits.as_bytes()).ok());
    let digits = digits.ok_or_else(|| no_address(text))?;
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(address) = names.parsed.get(&digits) {
        return Ok(*address);
    }
    let address = checked(text, &digits)?;
    if names.parsed.len() >= REMEMBERED {
        names.parsed.clear();
    }
    names.parsed.insert(digits, address);
    Ok(address)
}

fn checked(text: &str, digits: &Digits) -> PyResult<Address> {
    let mut raw = [0; 20];
    hex::decode_to_slice(digits, &mut raw).map_err(|_| no_address(text))?;
    let address = Address::from(raw);
    let mixed =
        digits.iter().any(u8::is_ascii_lowercase) && digits.iter().any(u8::is_ascii_uppercase);
    if mixed && address.to_checksum(None) != text {
        return Err(no_address(text));
    }
    Ok(address)
}

/// The EIP-55 form of an address.
pub fn written(py: Python<'_>, address: &Address) -> Py<PyString> {
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(name) = names.written.get(address) {
        return name.clone_ref(py);
    }
    let name = PyString::new(py, &address.to_checksum(None)).unbind();
    if names.written.len() >= REMEMBERED {
        names.written.clear();
    }
    names.written.insert(*address, name.clone_ref(py));
    name
}

fn no_address(text: &str) -> PyErr {
    Unfit::new_err(format!("not an address: {text:?}"))
}

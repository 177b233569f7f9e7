//! Transactions and blocks on their way in.

use alloy_primitives::{Address, B256, Bytes, TxKind, U256, keccak256};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use revm::context::{BlockEnv, TxEnv};
use revm::context_interface::transaction::{AccessList, AccessListItem};

use super::{names, numbers};

const DYNAMIC_FEE: u8 = 2;

/// A transaction of dexsim's, complete, as revm takes it.
pub fn order(tx: &Bound<'_, PyAny>, chain_id: u64) -> PyResult<TxEnv> {
    let py = tx.py();
    let mut env = read(
        tx,
        numbers::narrow(&tx.getattr(intern!(py, "gas_limit"))?)?,
        chain_id,
    )?;
    env.nonce = numbers::narrow(&tx.getattr(intern!(py, "nonce"))?)?;
    env.gas_price = numbers::wide(&tx.getattr(intern!(py, "max_fee_per_gas"))?)?;
    let tip = numbers::wide(&tx.getattr(intern!(py, "max_priority_fee_per_gas"))?)?;
    env.gas_priority_fee = Some(tip);
    Ok(env)
}

/// A transaction as a read with this much gas: nothing is paid.
pub fn read(tx: &Bound<'_, PyAny>, gas_limit: u64, chain_id: u64) -> PyResult<TxEnv> {
    let py = tx.py();
    let to = tx.getattr(intern!(py, "to"))?;
    let data = tx.getattr(intern!(py, "data"))?;
    Ok(TxEnv {
        tx_type: DYNAMIC_FEE,
        caller: names::parsed(&tx.getattr(intern!(py, "sender"))?)?,
        gas_limit,
        gas_price: 0,
        kind: if to.is_none() {
            TxKind::Create
        } else {
            TxKind::Call(names::parsed(&to)?)
        },
        value: numbers::word(&tx.getattr(intern!(py, "value"))?)?,
        data: Bytes::copy_from_slice(data.cast::<PyBytes>()?.as_bytes()),
        nonce: 0,
        chain_id: Some(chain_id),
        access_list: access_list(&tx.getattr(intern!(py, "access_list"))?)?,
        gas_priority_fee: Some(0),
        ..TxEnv::default()
    })
}

fn access_list(entries: &Bound<'_, PyAny>) -> PyResult<AccessList> {
    if entries
        .cast::<PyTuple>()
        .is_ok_and(|entries| entries.is_empty())
    {
        return Ok(AccessList::default());
    }
    entries
        .try_iter()?
        .map(|entry| listed(&entry?))
        .collect::<PyResult<Vec<_>>>()
        .map(AccessList)
}

fn listed(entry: &Bound<'_, PyAny>) -> PyResult<AccessListItem> {
    let address = names::parsed(&entry.get_item(0)?)?;
    let slots = entry
        .get_item(1)?
        .try_iter()?
        .map(|slot| numbers::word(&slot?).map(|slot| B256::from(slot.to_be_bytes::<32>())));
    Ok(AccessListItem {
        address,
        storage_keys: slots.collect::<PyResult<Vec<_>>>()?,
    })
}

/// dexsim's hash of a transaction: see `dexsim.chain.hashing.transaction_hash`.
pub fn hash(tx: &TxEnv) -> B256 {
    let mut text = Vec::with_capacity(41 + 7 * 32 + tx.data.len());
    let (kind, to) = match tx.kind {
        TxKind::Create => (0, Address::ZERO),
        TxKind::Call(to) => (1, to),
    };
    text.extend_from_slice(tx.caller.as_slice());
    text.push(kind);
    text.extend_from_slice(to.as_slice());
    let tip = tx.gas_priority_fee.unwrap_or_default();
    for number in [
        u128::from(tx.nonce),
        u128::from(tx.gas_limit),
        tx.gas_price,
        tip,
    ] {
        put(&mut text, U256::from(number));
    }
    put(&mut text, tx.value);
    put(&mut text, U256::from(tx.data.len()));
    text.extend_from_slice(&tx.data);
    put(&mut text, U256::from(tx.access_list.len()));
    for entry in tx.access_list.iter() {
        text.extend_from_slice(entry.address.as_slice());
        put(&mut text, U256::from(entry.storage_keys.len()));
        entry
            .storage_keys
            .iter()
            .for_each(|slot| text.extend_from_slice(slot.as_slice()));
    }
    keccak256(text)
}

fn put(text: &mut Vec<u8>, number: U256) {
    text.extend_from_slice(&number.to_be_bytes::<32>());
}

/// A block environment of dexsim's.
pub fn block(env: &Bound<'_, PyAny>) -> PyResult<BlockEnv> {
    let py = env.py();
    let randao = numbers::word(&env.getattr(intern!(py, "prev_randao"))?)?;
    Ok(BlockEnv {
        number: numbers::word(&env.getattr(intern!(py, "number"))?)?,
        timestamp: numbers::word(&env.getattr(intern!(py, "timestamp"))?)?,
        basefee: numbers::narrow(&env.getattr(intern!(py, "base_fee"))?)?,
        gas_limit: numbers::narrow(&env.getattr(intern!(py, "gas_limit"))?)?,
        beneficiary: names::parsed(&env.getattr(intern!(py, "coinbase"))?)?,
        prevrandao: Some(B256::from(randao.to_be_bytes::<32>())),
        difficulty: U256::ZERO,
        ..BlockEnv::default()
    })
}

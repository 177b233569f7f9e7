//! The state root: of a Merkle-Patricia trie over all accounts, computed when asked for.

use alloy_primitives::{Address, B256};
use alloy_trie::{TrieAccount, root};
use revm::state::AccountInfo;

use crate::store::Slots;

/// Root over accounts with their slots (Yellow Paper, appendix D).
pub fn state_root<'a>(
    accounts: impl Iterator<Item = (&'a Address, &'a AccountInfo, Option<&'a Slots>)>,
) -> B256 {
    root::state_root_unhashed(accounts.map(|(address, info, slots)| {
        let account = TrieAccount {
            nonce: info.nonce,
            balance: info.balance,
            storage_root: slots.map_or(alloy_trie::EMPTY_ROOT_HASH, storage_root),
            code_hash: info.code_hash,
        };
        (*address, account)
    }))
}

fn storage_root(slots: &Slots) -> B256 {
    let words = slots
        .iter()
        .map(|(slot, value)| (B256::from(slot.to_be_bytes::<32>()), *value));
    root::storage_root_unhashed(words)
}

//! All accounts of a chain, with marks to go back to.
//!
//! Every mark holds what was there before the first change that came after it, so that an open
//! mark costs as much memory as the state that changed and not as the number of transactions.
//! With no mark open nothing is kept.
//!
//! An account that is empty in EIP-161's sense is absent, and so is a slot that holds zero.

use std::collections::hash_map::Entry;
use std::convert::Infallible;

use alloy_primitives::map::foldhash::fast::RandomState;
use alloy_primitives::ruint::Uint;
use alloy_primitives::{Address, B256, U256, keccak256};
use revm::Database;
use revm::bytecode::Bytecode;
use revm::state::{Account, AccountInfo};

use crate::root;

type Map<K, V> = std::collections::HashMap<K, V, RandomState>;
/// The storage of one account.
pub type Slots = Map<U256, U256>;
/// A sum over balances: more than one of them may be near 2^256.
pub type Supply = Uint<320, 5>;

/// What was there before a mark's first change of it.
#[derive(Default)]
struct Mark {
    id: u64,
    accounts: Map<Address, Option<AccountInfo>>,
    slots: Map<(Address, U256), U256>,
}

/// All accounts, and the marks that are open.
pub struct Store {
    chain_id: u64,
    accounts: Map<Address, AccountInfo>,
    slots: Map<Address, Slots>,
    supply: Supply,
    marks: Vec<Mark>,
    next_mark: u64,
}

impl Store {
    /// An empty state. `chain_id` is part of what BLOCKHASH gives.
    pub fn new(chain_id: u64) -> Self {
        Self {
            chain_id,
            accounts: Map::default(),
            slots: Map::default(),
            supply: Supply::ZERO,
            marks: Vec::new(),
            next_mark: 0,
        }
    }

    // --- reads and writes ---------------------------------------------------------

    /// An account; `None` for an empty one.
    pub fn account(&self, address: &Address) -> Option<&AccountInfo> {
        self.accounts.get(address)
    }

    /// One slot.
    pub fn slot(&self, address: &Address, slot: &U256) -> U256 {
        let held = self.slots.get(address).and_then(|slots| slots.get(slot));
        held.copied().unwrap_or_default()
    }

    /// All native money there is.
    pub fn supply(&self) -> Supply {
        self.supply
    }

    /// Root of the state trie.
    pub fn root(&self) -> B256 {
        let accounts = self.accounts.iter();
        root::state_root(accounts.map(|(address, info)| (address, info, self.slots.get(address))))
    }

    /// Write an account; an empty one is forgotten, its slots are not.
    pub fn set_account(&mut self, address: Address, info: AccountInfo) {
        let wanted = (!info.is_empty()).then_some(info);
        if self.accounts.get(&address) == wanted.as_ref() {
            return;
        }
        let before = self.put_account(address, wanted);
        if let Some(mark) = self.marks.last_mut() {
            mark.accounts.entry(address).or_insert(before);
        }
    }

    /// Write one slot.
    pub fn set_slot(&mut self, address: Address, slot: U256, value: U256) {
        let before = self.put_slot(address, slot, value);
        if let Some(mark) = self.marks.last_mut()
            && before != value
        {
            mark.slots.entry((address, slot)).or_insert(before);
        }
    }

    /// Change an account by decree.
    pub fn decree(&mut self, address: Address, change: impl FnOnce(&mut AccountInfo)) {
        let mut info = self.accounts.get(&address).cloned().unwrap_or_default();
        change(&mut info);
        self.set_account(address, info);
    }

    /// Take over what a transaction has left of one account.
    pub fn absorb(&mut self, address: Address, account: Account) {
        if !account.is_touched() {
            return;
        }
        if account.is_selfdestructed() || account.is_created() {
            self.clear_slots(address);
        }
        if account.is_selfdestructed() {
            self.set_account(address, AccountInfo::default());
            return;
        }
        for (slot, value) in account.storage {
            if value.is_changed() {
                self.set_slot(address, slot, value.present_value());
            }
        }
        self.set_account(address, account.info);
    }

    fn clear_slots(&mut self, address: Address) {
        let held = self.slots.remove(&address).unwrap_or_default();
        if let Some(mark) = self.marks.last_mut() {
            for (slot, value) in held {
                mark.slots.entry((address, slot)).or_insert(value);
            }
        }
    }

    fn put_account(&mut self, address: Address, info: Option<AccountInfo>) -> Option<AccountInfo> {
        let now = info.as_ref().map_or(U256::ZERO, |info| info.balance);
        let before = match info {
            Some(info) => self.accounts.insert(address, info),
            None => self.accounts.remove(&address),
        };
        self.supply += Supply::from(now);
        self.supply -= Supply::from(before.as_ref().map_or(U256::ZERO, |info| info.balance));
        before
    }

    fn put_slot(&mut self, address: Address, slot: U256, value: U256) -> U256 {
        if value.is_zero() {
            let Entry::Occupied(mut slots) = self.slots.entry(address) else {
                return U256::ZERO;
            };
            let before = slots.get_mut().remove(&slot).unwrap_or_default();
            if slots.get().is_empty() {
                slots.remove();
            }
            return before;
        }
        let slots = self.slots.entry(address).or_default();
        slots.insert(slot, value).unwrap_or_default()
    }

    // --- marks --------------------------------------------------------------------

    /// Open a mark.
    pub fn mark(&mut self) -> u64 {
        let id = self.next_mark;
        self.next_mark += 1;
        self.marks.push(Mark {
            id,
            ..Mark::default()
        });
        id
    }

    /// The marks that are open, oldest first.
    pub fn open_marks(&self) -> Vec<u64> {
        self.marks.iter().map(|mark| mark.id).collect()
    }

    /// Go back to a mark, which stays open, and forget the later ones; false for an unknown one.
    pub fn restore(&mut self, id: u64) -> bool {
        let Some(place) = self.place_of(id) else {
            return false;
        };
        for mark in self.marks.split_off(place).into_iter().rev() {
            for (address, info) in mark.accounts {
                self.put_account(address, info);
            }
            for ((address, slot), value) in mark.slots {
                self.put_slot(address, slot, value);
            }
        }
        self.marks.push(Mark {
            id,
            ..Mark::default()
        });
        true
    }

    /// Forget a mark and the later ones and keep the state; false for an unknown one.
    pub fn release(&mut self, id: u64) -> bool {
        let Some(place) = self.place_of(id) else {
            return false;
        };
        let forgotten = self.marks.split_off(place);
        if let Some(older) = self.marks.last_mut() {
            for mark in forgotten {
                older.take_in(mark);
            }
        }
        true
    }

    fn place_of(&self, id: u64) -> Option<usize> {
        self.marks.iter().position(|mark| mark.id == id)
    }
}

impl Mark {
    /// Take over what a later mark knows; what this one knows already is older.
    fn take_in(&mut self, later: Self) {
        if self.accounts.is_empty() && self.slots.is_empty() {
            self.accounts = later.accounts;
            self.slots = later.slots;
            return;
        }
        for (address, info) in later.accounts {
            self.accounts.entry(address).or_insert(info);
        }
        for (place, value) in later.slots {
            self.slots.entry(place).or_insert(value);
        }
    }
}

impl Database for Store {
    type Error = Infallible;

    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        Ok(self.accounts.get(&address).cloned())
    }

    fn code_by_hash(&mut self, _: B256) -> Result<Bytecode, Infallible> {
        // Never asked for: every account here carries its code.
        Ok(Bytecode::default())
    }

    fn storage(&mut self, address: Address, slot: U256) -> Result<U256, Infallible> {
        Ok(self.slot(&address, &slot))
    }

    fn block_hash(&mut self, number: u64) -> Result<B256, Infallible> {
        let words = [U256::from(self.chain_id), U256::from(number)];
        Ok(keccak256(
            words.map(|word| word.to_be_bytes::<32>()).concat(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: Address = Address::repeat_byte(1);

    fn slot(number: u64) -> U256 {
        U256::from(number)
    }

    fn rich(store: &mut Store, wei: u64) {
        store.decree(WHO, |info| info.balance = U256::from(wei));
    }

    fn balance(store: &Store) -> U256 {
        store.account(&WHO).map_or(U256::ZERO, |info| info.balance)
    }

    #[test]
    fn marks_nest_and_a_restored_one_stays() {
        let mut store = Store::new(1);
        rich(&mut store, 1);
        let outer = store.mark();
        rich(&mut store, 2);
        let inner = store.mark();
        rich(&mut store, 3);
        store.set_slot(WHO, slot(7), slot(8));
        assert!(store.restore(inner));
        assert_eq!(
            (balance(&store), store.slot(&WHO, &slot(7))),
            (slot(2), slot(0))
        );
        rich(&mut store, 4);
        assert!(store.restore(outer));
        assert_eq!(balance(&store), slot(1));
        assert!(!store.restore(inner));
        assert_eq!(store.open_marks(), [outer]);
    }

    #[test]
    fn what_a_released_mark_knew_goes_to_the_older_one() {
        let mut store = Store::new(1);
        let outer = store.mark();
        let middle = store.mark();
        rich(&mut store, 1);
        let inner = store.mark();
        rich(&mut store, 2);
        store.set_slot(WHO, slot(1), slot(1));
        assert!(store.release(inner));
        assert!(store.release(middle));
        assert_eq!(balance(&store), slot(2));
        assert!(store.restore(outer));
        assert_eq!(
            (balance(&store), store.slot(&WHO, &slot(1))),
            (slot(0), slot(0))
        );
        assert_eq!(store.supply(), Supply::ZERO);
    }

    #[test]
    fn an_open_mark_keeps_one_entry_for_a_slot_however_often_it_changes() {
        let mut store = Store::new(1);
        store.mark();
        for round in 1..1_000 {
            store.set_slot(WHO, slot(1), slot(round));
        }
        assert_eq!(store.marks[0].slots.len(), 1);
    }

    #[test]
    fn an_account_that_becomes_empty_is_absent_and_the_supply_follows() {
        let mut store = Store::new(1);
        rich(&mut store, 5);
        assert_eq!(store.supply(), Supply::from(5));
        rich(&mut store, 0);
        assert!(store.account(&WHO).is_none());
        assert_eq!(store.supply(), Supply::ZERO);
        assert_eq!(store.root(), alloy_trie::EMPTY_ROOT_HASH);
    }

    #[test]
    fn the_supply_may_be_more_than_a_word() {
        let mut store = Store::new(1);
        for byte in 1..=4 {
            store.decree(Address::repeat_byte(byte), |info| info.balance = U256::MAX);
        }
        assert_eq!(store.supply(), Supply::from(U256::MAX) * Supply::from(4));
    }
}

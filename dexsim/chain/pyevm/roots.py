"""The state root: a Merkle-Patricia trie over all accounts, built when asked for."""

from __future__ import annotations

import rlp
from eth_hash.auto import keccak
from trie import HexaryTrie

from dexsim.chain.pyevm.store import FlatStore


def state_root(store: FlatStore) -> bytes:
    """Root over the accounts that are not empty in EIP-161's sense."""
    trie = HexaryTrie({})
    for address in {*store.balances, *store.nonces, *store.codes}:
        account = (
            store.get_nonce(address),
            store.get_balance(address),
            storage_root(store.slots.get(address, {})),
            store.get_code_hash(address),
        )
        trie[keccak(address)] = rlp.encode(account)
    return bytes(trie.root_hash)


def storage_root(slots: dict[int, int]) -> bytes:
    """Root over the slots of one account."""
    trie = HexaryTrie({})
    for slot, value in slots.items():
        trie[keccak(slot.to_bytes(32, "big"))] = rlp.encode(value)
    return bytes(trie.root_hash)

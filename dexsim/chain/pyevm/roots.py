"""The state root: of a Merkle-Patricia trie over all accounts, computed when asked for.

Nothing is kept between two roots. From the sorted keys, the nodes of the trie
follow without inserting one key after the other (Yellow Paper, appendix D), and
none of them needs to be stored.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any, TypeAlias

import rlp
from eth_hash.auto import keccak

from dexsim.chain.pyevm.store import FlatStore

HASH_BYTES = 32
WIDTH = 16
EMPTY_ROOT: bytes = keccak(rlp.encode(b""))

Leaf: TypeAlias = tuple[str, bytes]
Node: TypeAlias = list[Any]


def state_root(store: FlatStore) -> bytes:
    """Root over the accounts that are not empty in EIP-161's sense."""
    accounts = {*store.balances, *store.nonces, *store.codes}
    return trie_root({keccak(address): _account(store, address) for address in accounts})


def storage_root(slots: dict[int, int]) -> bytes:
    """Root over the slots of one account."""
    return trie_root(
        {keccak(slot.to_bytes(32, "big")): rlp.encode(value) for slot, value in slots.items()}
    )


def trie_root(items: dict[bytes, bytes]) -> bytes:
    """Root of the trie with these keys, all of one length, and values."""
    if not items:
        return EMPTY_ROOT
    leaves = sorted((key.hex(), value) for key, value in items.items())
    return keccak(rlp.encode(_node(leaves, 0)))


def _account(store: FlatStore, address: bytes) -> bytes:
    fields = (
        store.get_nonce(address),
        store.get_balance(address),
        storage_root(store.slots.get(address, {})),
        store.get_code_hash(address),
    )
    encoded: bytes = rlp.encode(fields)
    return encoded


def _node(leaves: list[Leaf], depth: int) -> Node:
    """The node over leaves whose keys agree up to a depth in hexadecimal digits."""
    first, value = leaves[0]
    if len(leaves) == 1:
        return [_path(first[depth:], leaf=True), value]
    last = leaves[-1][0]
    shared = depth
    while first[shared] == last[shared]:
        shared += 1
    branch = _branch(leaves, shared)
    if shared == depth:
        return branch
    return [_path(first[depth:shared], leaf=False), _reference(branch)]


def _branch(leaves: list[Leaf], depth: int) -> Node:
    branch: Node = [b""] * (WIDTH + 1)
    for digit, group in groupby(leaves, key=lambda leaf: leaf[0][depth]):
        branch[int(digit, 16)] = _reference(_node(list(group), depth + 1))
    return branch


def _reference(node: Node) -> Node | bytes:
    """How a parent holds a node: short ones themselves, others by their hash."""
    encoded = rlp.encode(node)
    return node if len(encoded) < HASH_BYTES else keccak(encoded)


def _path(digits: str, *, leaf: bool) -> bytes:
    """The hex-prefix encoding (appendix C): whether it is a leaf's, and of odd length."""
    flag = 2 * leaf + len(digits) % 2
    return bytes.fromhex(f"{flag}{digits}" if flag % 2 else f"{flag}0{digits}")

"""Methods that change the chain: transactions, and what only a local chain lets one do."""

from __future__ import annotations

from dexsim.devnet import calls
from dexsim.devnet.faults import REFUSED, Fault
from dexsim.devnet.local import ACCOUNTS, LocalChain, next_block
from dexsim.devnet.params import read_bytes, read_int
from dexsim.devnet.requests import read_request
from dexsim.devnet.signed import read_signed
from dexsim.devnet.wire import data, quantity

_UNLOCKED = frozenset(account.address for account in ACCOUNTS)
_SECONDS_BOUND = 2**40
"""Some 35,000 years."""


def send_transaction(local: LocalChain, transaction: object) -> str:
    """eth_sendTransaction, from one of the node's accounts."""
    request = read_request(transaction)
    if request.tx.sender not in _UNLOCKED:
        raise Fault(
            REFUSED, f"unknown account: the node does not hold the key of {request.tx.sender}"
        )
    local.check_chain_id(request.chain_id)
    gas = request.gas
    if gas is None:
        gas = calls.estimate(local.chain, request, next_block(local.chain).env)
    return data(local.send_unsigned(local.complete(request.with_gas(gas)), request.kind))


def send_raw_transaction(local: LocalChain, raw: object) -> str:
    """eth_sendRawTransaction: types 0, 1 and 2."""
    signed = read_signed(read_bytes(raw, "raw transaction"))
    local.check_chain_id(signed.chain_id)
    return data(local.send(signed.tx, signed.arrival))


def mine(local: LocalChain, timestamp: object = None) -> str:
    """evm_mine: an empty block."""
    at = None if timestamp is None else read_int(timestamp, "timestamp", below=_SECONDS_BOUND)
    local.mine(at)
    return quantity(0)


def increase_time(local: LocalChain, seconds: object) -> int:
    """evm_increaseTime: the next block comes this much later. Answers with the seconds."""
    passed = read_int(seconds, "seconds", below=_SECONDS_BOUND)
    local.chain.advance(seconds=passed)
    return passed


def snapshot(local: LocalChain) -> str:
    """evm_snapshot."""
    return quantity(local.snapshot())


def revert(local: LocalChain, snapshot: object) -> bool:
    """evm_revert: back to a snapshot, which is used up; false for an unknown one."""
    return local.revert(read_int(snapshot, "snapshot"))

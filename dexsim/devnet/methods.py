"""All methods by name, and how one is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dexsim.devnet import history, reading, sending
from dexsim.devnet.faults import UNKNOWN_METHOD, Fault, bad_params
from dexsim.devnet.local import LocalChain

Method = Callable[..., object]

METHODS: Mapping[str, Method] = {
    "web3_clientVersion": reading.client_version,
    "net_version": reading.net_version,
    "eth_chainId": reading.chain_id,
    "eth_blockNumber": reading.block_number,
    "eth_syncing": reading.syncing,
    "eth_accounts": reading.accounts,
    "eth_getBalance": reading.balance,
    "eth_getTransactionCount": reading.transaction_count,
    "eth_getCode": reading.code,
    "eth_getStorageAt": reading.storage,
    "eth_call": reading.call,
    "eth_estimateGas": reading.estimate_gas,
    "eth_gasPrice": reading.gas_price,
    "eth_maxPriorityFeePerGas": reading.priority_fee,
    "eth_feeHistory": history.fee_history,
    "eth_getTransactionByHash": history.transaction_by_hash,
    "eth_getTransactionReceipt": history.receipt,
    "eth_getBlockByNumber": history.block_by_number,
    "eth_getBlockByHash": history.block_by_hash,
    "eth_getLogs": history.logs,
    "eth_sendTransaction": sending.send_transaction,
    "eth_sendRawTransaction": sending.send_raw_transaction,
    "evm_mine": sending.mine,
    "evm_increaseTime": sending.increase_time,
    "evm_snapshot": sending.snapshot,
    "evm_revert": sending.revert,
}


def call_method(local: LocalChain, name: str, params: Sequence[Any]) -> object:
    """The result of a method. Raises Fault, or an error of dexsim's."""
    method = METHODS.get(name)
    if method is None:
        raise Fault(UNKNOWN_METHOD, f"the method {name} does not exist here")
    signature = inspect.signature(method)
    try:
        signature.bind(local, *params)
    except TypeError:
        raise bad_params(f"{name}{_told(signature)}, not {len(params)}") from None
    return method(local, *params)


def _told(signature: inspect.Signature) -> str:
    """How many parameters there may be, and what they are."""
    names = [name.rstrip("_") for name in list(signature.parameters)[1:]]
    needed = sum(one.default is one.empty for one in signature.parameters.values()) - 1
    count = str(needed) if needed == len(names) else f"{needed} to {len(names)}"
    return f"({', '.join(names)}) takes {count} parameters"

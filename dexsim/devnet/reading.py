"""Methods that ask the chain: its state, and itself."""

from __future__ import annotations

from dexsim import __version__
from dexsim.chain.chain import Chain
from dexsim.chain.types import BlockEnv
from dexsim.devnet import calls
from dexsim.devnet.faults import REFUSED, Fault, bad_params
from dexsim.devnet.local import ACCOUNTS, LocalChain, next_block
from dexsim.devnet.params import (
    Tag,
    read_address,
    read_block,
    read_fields,
    read_hash,
    read_int,
)
from dexsim.devnet.requests import read_request
from dexsim.devnet.wire import data, quantity, word


def client_version(local: LocalChain) -> str:
    """web3_clientVersion."""
    return f"dexsim/{__version__}/{local.chain.engine.name}"


def net_version(local: LocalChain) -> str:
    """net_version: the chain id in decimal."""
    return str(local.chain.chain_id)


def chain_id(local: LocalChain) -> str:
    """eth_chainId."""
    return quantity(local.chain.chain_id)


def block_number(local: LocalChain) -> str:
    """eth_blockNumber."""
    return quantity(local.ledger.head)


def syncing(local: LocalChain) -> bool:
    """eth_syncing: there is nobody to follow."""
    return False


def accounts(local: LocalChain) -> list[str]:
    """eth_accounts: whose transactions the node sends unsigned."""
    return [account.address.lower() for account in ACCOUNTS]


def balance(local: LocalChain, address: object, block: object = "latest") -> str:
    """eth_getBalance."""
    return quantity(_state(local, block).balance(read_address(address, "address")))


def transaction_count(local: LocalChain, address: object, block: object = "latest") -> str:
    """eth_getTransactionCount: nothing ever waits, so that "pending" is as "latest"."""
    return quantity(_state(local, block).nonce(read_address(address, "address")))


def code(local: LocalChain, address: object, block: object = "latest") -> str:
    """eth_getCode."""
    return data(_state(local, block).code(read_address(address, "address")))


def storage(local: LocalChain, address: object, slot: object, block: object = "latest") -> str:
    """eth_getStorageAt."""
    where = read_address(address, "address")
    return word(_state(local, block).storage(where, read_int(slot, "slot")))


def call(
    local: LocalChain, transaction: object, block: object = "latest", overrides: object = None
) -> str:
    """eth_call: "pending" is in the next block's time, any other in the time of its own."""
    request = read_request(transaction)
    if overrides:
        raise bad_params("state overrides are not supported")
    chain, env = _view(local, block)
    return data(calls.call(chain, request, env))


def estimate_gas(
    local: LocalChain, transaction: object, block: object = "pending", overrides: object = None
) -> str:
    """eth_estimateGas: in the block that would follow."""
    request = read_request(transaction)
    if overrides:
        raise bad_params("state overrides are not supported")
    chain = _state(local, block)
    return quantity(calls.estimate(chain, request, next_block(chain).env))


def gas_price(local: LocalChain) -> str:
    """eth_gasPrice: what the next block asks for; nobody competes for its space."""
    return quantity(local.chain.base_fee)


def priority_fee(local: LocalChain) -> str:
    """eth_maxPriorityFeePerGas: no tip is needed."""
    return quantity(0)


def block_tag(local: LocalChain, block: object) -> int | Tag:
    """A block as named by number, by word, or by EIP-1898's object."""
    if not isinstance(block, dict):
        return "latest" if block is None else read_block(block)
    fields = read_fields(block, "block")
    if "blockHash" not in fields:
        return read_block(fields.get("blockNumber"))
    number = local.ledger.number_of(read_hash(fields["blockHash"], "blockHash"))
    if number is None:
        raise Fault(REFUSED, f"no block has the hash {fields['blockHash']}")
    return number


def known_block(local: LocalChain, block: object) -> int:
    """The number of a block that is there. Raises Fault."""
    tag = block_tag(local, block)
    number = local.number(tag)
    if number is None:
        raise Fault(REFUSED, f"block {tag} is not there yet: the newest is {local.ledger.head}")
    return number


def _state(local: LocalChain, block: object) -> Chain:
    return local.at(known_block(local, block))


def _view(local: LocalChain, block: object) -> tuple[Chain, BlockEnv]:
    chain = _state(local, block)
    return chain, next_block(chain).env if block == "pending" else chain.env

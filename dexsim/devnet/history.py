"""Methods that ask what has happened: blocks, transactions, receipts, logs, fees."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from dexsim.chain.types import Block, Log
from dexsim.devnet.faults import bad_params
from dexsim.devnet.local import LocalChain, next_block
from dexsim.devnet.params import (
    read_address,
    read_fields,
    read_flag,
    read_hash,
    read_int,
    read_list,
)
from dexsim.devnet.reading import block_tag, known_block
from dexsim.devnet.wire import (
    block_fields,
    log_fields,
    quantity,
    receipt_fields,
    transaction_fields,
)

MOST_FEE_BLOCKS = 1_024
_TOPICS = 4


def transaction_by_hash(local: LocalChain, transaction_hash: object) -> object:
    """eth_getTransactionByHash; null for an unknown one."""
    mined = local.ledger.transaction(read_hash(transaction_hash, "transaction hash"))
    return None if mined is None else transaction_fields(local.ledger, mined)


def receipt(local: LocalChain, transaction_hash: object) -> object:
    """eth_getTransactionReceipt; null for an unknown one."""
    mined = local.ledger.transaction(read_hash(transaction_hash, "transaction hash"))
    return None if mined is None else receipt_fields(local.ledger, mined)


def block_by_number(local: LocalChain, block: object, full: object = False) -> object:
    """eth_getBlockByNumber; null for one that is not there."""
    wanted = read_flag(full, "full")
    tag = block_tag(local, block)
    if tag == "pending":
        return block_fields(local.ledger, next_block(local.chain), full=wanted)
    number = local.number(tag)
    if number is None:
        return None
    return block_fields(local.ledger, local.ledger.blocks[number], full=wanted)


def block_by_hash(local: LocalChain, block_hash: object, full: object = False) -> object:
    """eth_getBlockByHash; null for one that is not there."""
    wanted = read_flag(full, "full")
    number = local.ledger.number_of(read_hash(block_hash, "block hash"))
    if number is None:
        return None
    return block_fields(local.ledger, local.ledger.blocks[number], full=wanted)


def logs(local: LocalChain, filter_: object) -> list[dict[str, object]]:
    """eth_getLogs."""
    fields = read_fields(filter_, "filter")
    addresses, topics = _addresses(fields), _topics(fields)
    found = []
    for number in _range(local, fields):
        for mined in local.ledger.mined(number):
            told = log_fields(local.ledger, mined)
            for log, entry in zip(mined.receipt.logs, told, strict=True):
                if _matches(log, addresses, topics):
                    found.append(entry)
    return found


def _range(local: LocalChain, fields: dict[str, Any]) -> range:
    """The blocks that a filter asks for; one that ends beyond the newest ends there."""
    if "blockHash" in fields:
        if "fromBlock" in fields or "toBlock" in fields:
            raise bad_params("a filter has either blockHash, or fromBlock and toBlock")
        number = known_block(local, {"blockHash": fields["blockHash"]})
        return range(number, number + 1)
    first, last = (_bound(local, fields.get(name, "latest")) for name in ("fromBlock", "toBlock"))
    if first > last:
        raise bad_params(f"the filter begins at block {first} and ends at block {last}")
    return range(first, min(last, local.ledger.head) + 1)


def _bound(local: LocalChain, block: object) -> int:
    tag = block_tag(local, block)
    return tag if isinstance(tag, int) else local.number(tag) or 0


def _addresses(fields: dict[str, Any]) -> Collection[str]:
    """Whose logs; none named is everybody's."""
    given = fields.get("address", [])
    return {read_address(one, "address") for one in (given if isinstance(given, list) else [given])}


def _topics(fields: dict[str, Any]) -> Sequence[Collection[bytes]]:
    """What each topic may be; nothing is anything."""
    given = read_list(fields.get("topics", []), "topics")
    if len(given) > _TOPICS:
        raise bad_params(f"a log has at most {_TOPICS} topics, the filter {len(given)}")
    return [_choices(one) for one in given]


def _choices(topic: object) -> Collection[bytes]:
    if topic is None:
        return ()
    choices = topic if isinstance(topic, list) else [topic]
    if None in choices:
        return ()
    return {read_hash(one, "a topic") for one in choices}


def _matches(log: Log, addresses: Collection[str], topics: Sequence[Collection[bytes]]) -> bool:
    if addresses and log.address not in addresses:
        return False
    if len(topics) > len(log.topics):
        return False
    pairs = zip(topics, log.topics, strict=False)
    return all(not wanted or topic in wanted for wanted, topic in pairs)


def fee_history(
    local: LocalChain, count: object, newest: object, percentiles: object = None
) -> dict[str, object]:
    """eth_feeHistory: base fees, how full blocks were, and the tips at percentiles of their gas."""
    last = known_block(local, newest)
    wanted = max(1, read_int(count, "count", below=MOST_FEE_BLOCKS + 1))
    blocks = local.ledger.blocks[max(0, last + 1 - wanted) : last + 1]
    following = (*local.ledger.blocks[last + 1 : last + 2], next_block(local.chain))[0]
    told: dict[str, object] = {
        "oldestBlock": quantity(blocks[0].env.number),
        "baseFeePerGas": [quantity(block.env.base_fee) for block in (*blocks, following)],
        "gasUsedRatio": [block.gas_used / block.env.gas_limit for block in blocks],
    }
    if percentiles is not None:
        points = [_percentile(point) for point in read_list(percentiles, "percentiles")]
        told["reward"] = [[quantity(_tip_at(block, point)) for point in points] for block in blocks]
    return told


def _percentile(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise bad_params(f"a percentile lies between 0 and 100, not at {value!r}")
    return value


def _tip_at(block: Block, percentile: float) -> int:
    """The tip in wei per gas below which that part of the block's gas was paid."""
    tips = sorted(
        (one.effective_gas_price - block.env.base_fee, one.gas_used) for one in block.receipts
    )
    gas = 0
    for tip, used in tips:
        gas += used
        if gas * 100 >= percentile * block.gas_used:
            return tip
    return 0

"""Executing the transactions of a saved run again, one after the other."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.engine import Engine
from dexsim.chain.engines import open_engine
from dexsim.chain.types import AccessList, BlockEnv, CallFrame, Transaction
from dexsim.errors import ScenarioError, TransactionRejected
from dexsim.results.arm import Arm, Row


def open_arm(arm: Arm, engine_name: str) -> Engine:
    """An engine in the state that the arm began with."""
    about = arm.about
    engine = open_engine(engine_name, fork=about["fork"], chain_id=about["chain_id"])
    for address, wei in endowments(arm).items():
        engine.set_balance(address, wei)
    return engine


def endowments(arm: Arm) -> dict[str, int]:
    """Native money by address that was there by decree, in wei."""
    return {address: int(wei) for address, wei in arm.about["endowments"].items()}


def blocks(arm: Arm) -> Iterator[tuple[BlockEnv, list[Row]]]:
    """Every block with its transactions, in order."""
    by_block: dict[int, list[Row]] = defaultdict(list)
    for row in arm.rows("transactions"):
        by_block[row["block"]].append(row)
    for row in sorted(arm.rows("blocks"), key=lambda row: int(row["block"])):
        env = BlockEnv(
            number=row["block"],
            timestamp=row["timestamp"],
            base_fee=row["base_fee"],
            gas_limit=row["gas_limit"],
            coinbase=row["coinbase"],
            prev_randao=int.from_bytes(row["prev_randao"], "big"),
        )
        yield env, sorted(by_block[row["block"]], key=lambda row: int(row["position"]))


def transaction(row: Row) -> Transaction:
    """The transaction of a row. Raises ScenarioError for a damaged one."""
    try:
        return Transaction(
            sender=row["sender"],
            to=row["to"],
            data=row["data"],
            value=row["value"],
            gas_limit=row["gas_limit"],
            max_priority_fee_per_gas=row["max_priority_fee_per_gas"],
            max_fee_per_gas=row["max_fee_per_gas"],
            nonce=row["nonce"],
            access_list=_access_list(row["access_list"]),
            what=row["what"],
        )
    except (ValueError, TypeError) as error:
        raise ScenarioError(f"a damaged run: transaction {row['tx_hash']}: {error}") from None


def _access_list(stored: bytes) -> AccessList:
    entries = json.loads(stored) if stored else []
    return tuple((address, tuple(int(slot, 16) for slot in slots)) for address, slots in entries)


@dataclass(frozen=True)
class Moment:
    """A chain just before a transaction of a saved run.

    block: what the transaction sees of its block.
    """

    chain: Chain
    block: BlockEnv
    transaction: Transaction

    def trace(self) -> CallFrame:
        """What the transaction does, instruction by instruction."""
        return self.chain.engine.trace(self.transaction, self.block, steps=True)


def moment_before(arm: Arm, row: Row, engine_name: str = "auto") -> Moment:
    """Execute an arm again up to one of its transactions.

    Raises ScenarioError where a recorded transaction is refused: the run is damaged.
    """
    engine = open_arm(arm, engine_name)
    for env, rows in blocks(arm):
        for each in rows:
            tx = transaction(each)
            if (each["block"], each["position"]) == (row["block"], row["position"]):
                return Moment(Chain(engine, first_block=env.number), env, tx)
            try:
                engine.execute(tx, env)
            except TransactionRejected as error:
                raise ScenarioError(f"a damaged run: {each['tx_hash']}: {error}") from None
    raise ScenarioError(f"no block {row['block']} in {arm.name}")


_NO_PEOPLE = {"contract", "locked", "pool", "gauge"}


def names_of_people(arm: Arm) -> dict[str, str]:
    """The accounts of an arm by address: "retail 3", "searcher"."""
    names: dict[str, str] = {}
    for row in arm.rows("agents"):
        if row["role"] in _NO_PEOPLE:
            continue
        agent, addresses = row["agent"], row["accounts"]
        called = [agent, *(f"{agent} {number}" for number in range(1, len(addresses) + 1))]
        named = {Account.named(name).address: name for name in called}
        names |= {address: named.get(address, agent) for address in addresses}
    return names

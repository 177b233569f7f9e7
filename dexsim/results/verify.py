"""Executes a saved run again: the same transactions must give the same receipts, anywhere."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dexsim.chain.engine import Engine
from dexsim.chain.engines import open_engine
from dexsim.chain.types import AccessList, Block, BlockEnv, Receipt, Transaction
from dexsim.errors import ScenarioError, TransactionRejected
from dexsim.results.arm import Arm, Row
from dexsim.results.digest import Digest, run_digest
from dexsim.results.run import Run


@dataclass(frozen=True)
class Verdict:
    """What executing one arm again gave. trouble: the first difference, in words; "" for none."""

    arm: str
    digest: str
    state_root: str
    trouble: str

    @property
    def holds(self) -> bool:
        """Whether everything came out the same."""
        return not self.trouble


def verify(run: Run, *, engine: str = "auto") -> list[Verdict]:
    """Execute every arm of a saved run again and compare digest and state root."""
    verdicts = [_verify_arm(arm, engine) for arm in run.arms]
    whole = run_digest({verdict.arm: verdict.digest for verdict in verdicts})
    if whole != run.digest and all(verdict.holds for verdict in verdicts):
        trouble = f"the manifest's digest is {run.digest}, its arms give {whole}"
        verdicts.append(Verdict("all arms", whole, "", trouble))
    return verdicts


def _verify_arm(arm: Arm, engine_name: str) -> Verdict:
    about = arm.about
    engine = open_engine(engine_name, fork=about["fork"], chain_id=about["chain_id"])
    endowments = {address: int(wei) for address, wei in about["endowments"].items()}
    for address, wei in endowments.items():
        engine.set_balance(address, wei)
    digest = Digest(engine.chain_id, endowments)
    trouble = ""
    try:
        for block, rows in _blocks(arm):
            receipts = [_execute(engine, block, row) for row in rows]
            digest.add(Block(env=block, receipts=tuple(receipts)))
            trouble = trouble or _first_difference(block, rows, receipts)
    except TransactionRejected as error:
        trouble = trouble or f"a recorded transaction is refused: {error}"
    root = engine.state_root().hex()
    return Verdict(arm.name, digest.hexdigest(), root, trouble or _compare(about, digest, root))


def _compare(about: Mapping[str, Any], digest: Digest, root: str) -> str:
    if digest.hexdigest() != about["digest"]:
        return f"digest {digest.hexdigest()}, recorded {about['digest']}"
    if root != about["state_root"]:
        return f"state root {root}, recorded {about['state_root']}"
    return ""


def _blocks(arm: Arm) -> Iterator[tuple[BlockEnv, list[Row]]]:
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


def _execute(engine: Engine, block: BlockEnv, row: Row) -> Receipt:
    try:
        tx = Transaction(
            sender=row["sender"],
            to=row["to"],
            data=row["data"],
            value=row["value"],
            gas_limit=row["gas_limit"],
            max_priority_fee_per_gas=row["max_priority_fee_per_gas"],
            max_fee_per_gas=row["max_fee_per_gas"],
            nonce=row["nonce"],
            access_list=_access_list(row["access_list"]),
        )
    except (ValueError, TypeError) as error:
        raise ScenarioError(f"a damaged run: transaction {row['tx_hash']}: {error}") from None
    return engine.execute(tx, block)


def _access_list(stored: bytes) -> AccessList:
    entries = json.loads(stored) if stored else []
    return tuple((address, tuple(int(slot, 16) for slot in slots)) for address, slots in entries)


def _first_difference(block: BlockEnv, rows: list[Row], receipts: list[Receipt]) -> str:
    for row, receipt in zip(rows, receipts, strict=True):
        pairs = {
            "tx_hash": "0x" + receipt.tx_hash.hex(),
            "status": receipt.status,
            "gas_used": receipt.gas_used,
            "effective_gas_price": receipt.effective_gas_price,
        }
        for name, now in pairs.items():
            if row[name] != now:
                place = f"block {block.number}, transaction {row['position']} ({row['what']})"
                return f"{place}: {name} is {now}, recorded {row[name]}"
    return ""

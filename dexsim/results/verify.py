"""Executes a saved run again: the same transactions must give the same receipts, anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dexsim.chain.types import Block, BlockEnv, Receipt
from dexsim.errors import TransactionRejected
from dexsim.results.arm import Arm, Row
from dexsim.results.digest import Digest, run_digest
from dexsim.results.replay import blocks, endowments, open_arm, transaction
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
    engine = open_arm(arm, engine_name)
    digest = Digest(engine.chain_id, endowments(arm))
    trouble = ""
    try:
        for block, rows in blocks(arm):
            receipts = [engine.execute(transaction(row), block) for row in rows]
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

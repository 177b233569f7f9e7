"""The swaps on simular-evm, for engine_vs_peers.py; run by an interpreter that has it.

The protocol is that of verbs_worker.py. simular-evm takes arguments as text alone, which is
written beforehand; it encodes them itself.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from simular import PyAbi, PyEvm


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text())
    me = work["sender"]
    evm = PyEvm()
    evm.create_account(me, 10**30)
    token_abi, pool_abi = json.dumps(work["token_abi"]), json.dumps(work["pool_abi"])
    token = PyAbi.from_abi_bytecode(token_abi, bytes.fromhex(work["token"]))
    pool = PyAbi.from_abi_bytecode(pool_abi, bytes.fromhex(work["pool"]))
    base, quote = (evm.deploy("()", me, 0, token) for _ in range(2))
    at = evm.deploy(f"({base},{quote})", me, 0, pool)
    for each in (base, quote):
        evm.transact("approve", f"({at},{10**36})", me, each, 0, token)
    evm.transact("open", work["open_text"], me, at, 0, pool)
    for _ in sys.stdin:
        seconds, gas = played(evm, pool, me, at, work["swaps_text"])
        held = [evm.call("reserves", f"({side})", at, pool) for side in (0, 1)]
        print(json.dumps({"seconds": seconds, "reserves": held, "gas": gas}), flush=True)


def played(evm: PyEvm, abi: PyAbi, me: str, at: str, texts: list[str]) -> tuple[float, int]:
    """Seconds for all swaps one by one, and the gas of the last."""
    start = time.perf_counter()
    amounts = []
    for text in texts:
        done = evm.transact("swap", text, me, at, 0, abi)
        amounts.append(done.event)
    assert len(amounts) == len(texts)
    return time.perf_counter() - start, int(done.gas_used)


if __name__ == "__main__":
    main()

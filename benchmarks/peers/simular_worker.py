"""The swaps on simular-evm, for engine_vs_peers.py; run by an interpreter that has it.

The protocol is that of verbs_worker.py. simular-evm takes arguments as text alone, which is
written beforehand; it encodes them itself.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
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
        told = played(evm, (me, at, 0, pool), work["swaps_text"], work["block"])
        held = [evm.call("reserves", f"({side})", at, pool) for side in (0, 1)]
        print(json.dumps(told | {"reserves": held}), flush=True)


def played(
    evm: PyEvm, of: tuple[str, str, int, PyAbi], texts: list[str], size: int
) -> dict[str, object]:
    """All swaps one by one; what the pool logged becomes columns.

    of: the sender, the pool, the value, the pool's ABI.
    """
    start = time.perf_counter()
    columns = []
    for first in range(0, len(texts), size):
        amounts = []
        for text in texts[first : first + size]:
            done = evm.transact("swap", text, *of)
            amounts.append(done.event["Swap"][1:])
        columns.append(np.array(amounts, "u8"))
    seconds = time.perf_counter() - start
    traded = [sum(column.tolist()) for column in np.concatenate(columns).T]
    return {"seconds": seconds, "traded": traded, "gas": int(done.gas_used)}


if __name__ == "__main__":
    main()

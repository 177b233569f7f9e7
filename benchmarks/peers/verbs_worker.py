"""The swaps on verbs, for engine_vs_peers.py; run by an interpreter that has verbs.

Reads the workload from the file that it is given, then one round for every line on standard
input, and answers each with a line: seconds and the pool's reserves.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from verbs.envs import EmptyEnvGasPriority

RESERVES = bytes.fromhex("8334278d")
"""The selector of reserves(uint256)."""


def word(value: int | bytes) -> bytes:
    return value.to_bytes(32, "big") if isinstance(value, int) else value.rjust(32, b"\x00")


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text())
    me = bytes.fromhex(work["sender"][2:])
    env = EmptyEnvGasPriority(1)
    env.create_account(me, 10**30)
    token, pool_code = bytes.fromhex(work["token"]), bytes.fromhex(work["pool"])
    base, quote = (env.deploy_contract(me, name, token) for name in ("base", "quote"))
    pool = env.deploy_contract(me, "pool", pool_code + word(base) + word(quote))
    approve = bytes.fromhex(work["approve"]) + word(pool) + word(10**36)
    for each in (base, quote):
        env.execute(me, each, approve, 0)
    env.execute(me, pool, bytes.fromhex(work["open"]), 0)
    calls = [bytes.fromhex(data) for data in work["swaps"]]
    size = work["block"]
    for _ in sys.stdin:
        seconds = played(env, me, pool, calls, size)
        held = [
            int.from_bytes(env.call(me, pool, RESERVES + word(side), 0)[0], "big")
            for side in (0, 1)
        ]
        print(json.dumps({"seconds": seconds, "reserves": held}), flush=True)


def played(
    env: EmptyEnvGasPriority, me: bytes, pool: bytes, calls: list[bytes], size: int
) -> float:
    """Seconds for all calls in blocks; what the pool logged is put into a column."""
    # Nonces keep the order; without them it is shuffled.
    txs = [(me, pool, data, True, None, nonce, None) for nonce, data in enumerate(calls)]
    start = time.perf_counter()
    amounts: list[bytes] = []
    for first in range(0, len(calls), size):
        env.submit_transactions(txs[first : first + size])
        env.process_block()
        for _, _, logs, *_ in env.get_last_events():
            amounts += [data for address, data in logs if address == pool]
    assert len(amounts) == len(calls)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()

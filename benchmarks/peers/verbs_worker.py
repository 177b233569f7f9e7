"""The swaps on verbs, for engine_vs_peers.py; run by an interpreter that has verbs.

Told `block` or `each`, and the file with the workload. Plays one round for every line on standard
input, and answers each with a line: seconds, and what must be equal on all sides.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from verbs.envs import EmptyEnvGasPriority

RESERVES = bytes.fromhex("8334278d")
"""The selector of reserves(uint256)."""


def word(value: int | bytes) -> bytes:
    return value.to_bytes(32, "big") if isinstance(value, int) else value.rjust(32, b"\x00")


def main() -> None:
    work = json.loads(Path(sys.argv[2]).read_text())
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
    # Nonces keep the order of a block; without them it is shuffled.
    txs = [(me, pool, data, True, None, nonce, None) for nonce, data in enumerate(calls)]
    play = in_blocks if sys.argv[1] == "block" else one_by_one
    for _ in sys.stdin:
        start = time.perf_counter()
        columns = [
            play(env, txs[first : first + work["block"]])
            for first in range(0, len(txs), work["block"])
        ]
        seconds = time.perf_counter() - start
        amounts = np.concatenate(columns)
        assert len(amounts) == len(calls)
        held = [
            int.from_bytes(env.call(me, pool, RESERVES + word(side), 0)[0], "big")
            for side in (0, 1)
        ]
        traded = [sum(column.tolist()) for column in amounts.T]
        # `process_block` tells no gas: that of the last swap once more, which changes nothing.
        gas = env.call(me, pool, calls[-1], 0)[2]
        print(
            json.dumps({"seconds": seconds, "reserves": held, "traded": traded, "gas": gas}),
            flush=True,
        )


def in_blocks(env: EmptyEnvGasPriority, txs: list[Any]) -> Any:
    """A block of transactions; what the pool logged, as columns."""
    env.submit_transactions(txs)
    env.process_block()
    return amounts_of([logs for _, _, logs, *_ in env.get_last_events()], txs[0][1])


def one_by_one(env: EmptyEnvGasPriority, txs: list[Any]) -> Any:
    """The same by verbs' direct way."""
    logs = [env.execute(sender, to, data, 0)[1] for sender, to, data, *_ in txs]
    return amounts_of(logs, txs[0][1])


def amounts_of(logs: list[Any], pool: bytes) -> Any:
    """Columns of the pool's events: amounts in and out, which fit into 64 bits here."""
    own = b"".join(data for each in logs for address, data in each if address == pool)
    return np.frombuffer(own, ">u8").reshape(-1, 8)[:, 3::4]


if __name__ == "__main__":
    main()

"""Resident memory of dexsim's py-evm engine over many transactions.

    python benchmarks/memory.py [--transactions N] [--open-snapshot]

The state of the pool does not grow, so neither may the process, once caches
are warm: growth after the first 2,000 transactions is what counts.
"""

from __future__ import annotations

import argparse
import resource
from pathlib import Path

import swaps
from engine_vs_eth_tester import GAS_LIMIT, opened

from dexsim.chain.address import checksum
from dexsim.chain.pyevm import PyEvm
from dexsim.chain.types import BlockEnv, Transaction

WARM = 2_000
PAGE = resource.getpagesize()
ME = checksum(b"\x11" * 20)


def resident_kib() -> int:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE // 1024


def main() -> None:
    """Swap, and print the memory every 2,000 transactions."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transactions", type=int, default=20_000)
    parser.add_argument("--open-snapshot", action="store_true", help="with a snapshot open")
    args = parser.parse_args()
    engine = PyEvm()
    engine.set_balance(ME, 10**27)

    def send(to: str | None, data: bytes, gas: int) -> tuple[int, str | None]:
        nonce = engine.nonce(ME)
        block = BlockEnv(
            number=nonce, timestamp=nonce, base_fee=10**9, gas_limit=30_000_000, coinbase=ME
        )
        tx = Transaction(sender=ME, to=to, data=data, gas_limit=gas)
        receipt = engine.execute(tx.complete(nonce=nonce, base_fee=block.base_fee), block)
        assert receipt.status, receipt
        return receipt.gas_used, receipt.contract_address

    pool = opened(send, swaps.compiled())
    if args.open_snapshot:
        engine.snapshot()
    warm = 0
    for number in range(1, args.transactions + 1):
        send(pool, swaps.swap(number), GAS_LIMIT)
        if number % WARM == 0:
            now = resident_kib()
            warm = warm or now
            print(f"{number:>6} transactions: {now:,} KiB ({now - warm:+,} since {WARM:,})")


if __name__ == "__main__":
    main()

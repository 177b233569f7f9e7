"""Swaps per second: dexsim's py-evm engine against web3 with eth-tester.

    python benchmarks/engine_vs_eth_tester.py [--rounds N] [--swaps N]

Both run the same bytecode with the same calldata, gas limit and fees in the
same process, in turns, and make a receipt for every swap. The gas of every
swap must be equal on both, or the comparison is void.
"""

from __future__ import annotations

import argparse
import platform
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from statistics import median

import swaps
from eth_abi import encode

from dexsim.chain.address import checksum
from dexsim.chain.pyevm import PyEvm
from dexsim.chain.types import BlockEnv, Transaction

GAS_LIMIT = 200_000
DEPLOYMENT_GAS = 2_000_000
TIP = 10**9
MAX_FEE = 10**10
PACKAGES = ("py-evm", "eth-tester", "web3", "vyper")

Send = Callable[[str | None, bytes, int], tuple[int, str | None]]
"""Sends `(to, calldata, gas limit)`; gives gas used and the created address."""


def on_dexsim() -> Send:
    """A sender on dexsim's engine, a block for each swap."""
    engine = PyEvm()
    me = checksum(b"\x11" * 20)
    coinbase = checksum(b"\xcc" * 20)
    engine.set_balance(me, 10**24)
    number = 0

    def send(to: str | None, data: bytes, gas: int) -> tuple[int, str | None]:
        nonlocal number
        number += 1
        block = BlockEnv(
            number=number,
            timestamp=1_700_000_000 + 12 * number,
            base_fee=10**9,
            gas_limit=30_000_000,
            coinbase=coinbase,
        )
        tx = Transaction(
            sender=me,
            to=to,
            data=data,
            gas_limit=gas,
            max_priority_fee_per_gas=TIP,
            max_fee_per_gas=MAX_FEE,
            nonce=engine.nonce(me),
        )
        receipt = engine.execute(tx, block)
        assert receipt.status, receipt
        return receipt.gas_used, receipt.contract_address

    return send


def on_eth_tester() -> Send:
    """A sender on web3 with eth-tester, a block for each swap (its default)."""
    from eth_tester import EthereumTester, PyEVMBackend
    from web3 import EthereumTesterProvider, Web3

    w3 = Web3(EthereumTesterProvider(EthereumTester(PyEVMBackend())))
    me = w3.eth.accounts[0]
    nonce = 0

    def send(to: str | None, data: bytes, gas: int) -> tuple[int, str | None]:
        nonlocal nonce
        fields = {
            "from": me,
            "data": data,
            "gas": gas,
            "nonce": nonce,
            "value": 0,
            "chainId": 131277322940537,
        }
        fields |= {"maxFeePerGas": MAX_FEE, "maxPriorityFeePerGas": TIP}
        if to is not None:
            fields["to"] = to
        nonce += 1
        receipt = w3.eth.get_transaction_receipt(w3.eth.send_transaction(fields))
        assert receipt["status"] == 1, receipt
        return receipt["gasUsed"], receipt["contractAddress"]

    return send


def opened(send: Send, code: swaps.Bytecode) -> str:
    """Deploy tokens and pool, open the pool, give its address."""
    base, quote = (send(None, code.token, DEPLOYMENT_GAS)[1] for _ in range(2))
    initcode = code.pool + encode(["address", "address"], [base, quote])
    pool = send(None, initcode, DEPLOYMENT_GAS)[1]
    assert base is not None
    assert quote is not None
    assert pool is not None
    for to, data in swaps.opening(base, quote, pool):
        send(to, data, GAS_LIMIT)
    return pool


def timed(send: Send, pool: str, calls: list[bytes]) -> tuple[float, list[int]]:
    """Swaps per second, and the gas of each swap."""
    start = time.perf_counter()
    gas = [send(pool, data, GAS_LIMIT)[0] for data in calls]
    return len(calls) / (time.perf_counter() - start), gas


def main() -> None:
    """Measure, print each round, then medians and the ratio with its spread."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--swaps", type=int, default=100, help="swaps in each round")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    code = swaps.compiled()
    sides = {"dexsim": on_dexsim(), "eth-tester": on_eth_tester()}
    pools = {name: opened(send, code) for name, send in sides.items()}
    print(
        f"Python {platform.python_version()}, " + ", ".join(f"{p} {version(p)}" for p in PACKAGES)
    )
    rates: dict[str, list[float]] = {name: [] for name in sides}
    # The first round warms both sides up and is not counted.
    for number in range(args.rounds + 1):
        calls = [swaps.swap(number * args.swaps + n) for n in range(args.swaps)]
        results = {name: timed(send, pools[name], calls) for name, send in sides.items()}
        gases = [gas for _, gas in results.values()]
        assert gases[0] == gases[1], "the gas differs: the comparison is void"
        if number:
            for name, (rate, _) in results.items():
                rates[name].append(rate)
            print(
                f"round {number}: " + ", ".join(f"{n} {r:.0f}/s" for n, (r, _) in results.items())
            )
    report(rates, gases[0][-1])


def report(rates: dict[str, list[float]], gas: int) -> None:
    """Print medians, spreads and the ratio."""
    for name, values in rates.items():
        print(
            f"{name}: median {median(values):.0f} swaps/s ({min(values):.0f} to {max(values):.0f})"
        )
    ratios = [mine / theirs for mine, theirs in zip(*rates.values(), strict=True)]
    print(
        f"ratio: median {median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f}); {gas} gas a swap"
    )


if __name__ == "__main__":
    main()

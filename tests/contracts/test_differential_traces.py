"""600 recorded operations on the published Uniswap v2 pair, replayed on ours: equal state after each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from dexsim.errors import Reverted

FEE_RECEIVER = "0x" + "fe" * 20
NOBODY = "0x" + "00" * 20
TOKEN_SUPPLY = 2**120

OUR_REASON = {
    ("burn", "UniswapV2: INSUFFICIENT_LIQUIDITY_BURNED"): "pool: insufficient liquidity burned",
    ("burn", "ds-math-sub-underflow"): "pool: insufficient balance",
    ("burn", "no-reason"): "pool: insufficient liquidity burned",
    ("mint", "UniswapV2: INSUFFICIENT_LIQUIDITY_MINTED"): "pool: insufficient liquidity minted",
    ("mint", "ds-math-sub-underflow"): "pool: insufficient liquidity minted",
    ("swap", "UniswapV2: INSUFFICIENT_LIQUIDITY"): "pool: insufficient liquidity",
    ("swap", "UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT"): "pool: insufficient output",
    ("swap", "UniswapV2: K"): "pool: k",
}


@dataclass
class Replay:
    """One sequence on one pool of its own."""

    dex: Any
    factory: Any
    users: tuple[Any, Any]

    def do(self, op: str, user: int = 0, **arguments: Any) -> Any:
        """One operation; the gas of its last transaction, None where none was recorded."""
        numbers = {name: int(each) for name, each in arguments.items()}
        return getattr(self, op)(self.users[user], **numbers)

    def time(self, _user: Any, dt: int) -> None:
        self.dex.wait(dt)

    def donate(self, user: Any, token: int, amount: int) -> None:
        self.dex.pay(**{f"amount{token}": amount}, sender=user)

    def setFeeTo(self, user: Any, on: int) -> Any:  # noqa: N802
        return self.dex.send(self.factory.write.setFeeTo(user, FEE_RECEIVER if on else NOBODY))

    def mint(self, user: Any, amount0: int, amount1: int) -> Any:
        return self.dex.add(amount0, amount1, sender=user)

    def burn(self, user: Any, liquidity: int) -> Any:
        return self.dex.remove(liquidity, sender=user)

    def swap(self, user: Any, in0: int, in1: int, out0: int, out1: int) -> Any:
        self.dex.pay(in0, in1, sender=user)
        return self.dex.send(self.dex.pool.write.swap(user, out0, out1, user, b""))

    def skim(self, user: Any) -> Any:
        return self.dex.send(self.dex.pool.write.skim(user, user))

    def sync(self, user: Any) -> Any:
        return self.dex.send(self.dex.pool.write.sync(user))

    def state(self) -> list[str]:
        """In the order of the recording's columns."""
        read = self.dex.pool.read
        pool = self.dex.pool.address
        state = [
            *read.getReserves(),
            read.totalSupply(),
            read.price0CumulativeLast(),
            read.price1CumulativeLast(),
            read.kLast(),
            read.balanceOf(self.users[0]),
            read.balanceOf(self.users[1]),
            read.balanceOf(FEE_RECEIVER),
            self.dex.token0.read.balanceOf(pool),
            self.dex.token1.read.balanceOf(pool),
        ]
        return [str(each) for each in state]


@pytest.fixture
def start(dex, alice, bob):
    """`start(timestamp)`: a fresh pool of two fresh tokens at that time."""

    def begin(timestamp: int) -> Replay:
        tokens = [dex.deploy("token", "T", "T", 18, TOKEN_SUPPLY) for _ in range(2)]
        token0, token1 = sorted(tokens, key=lambda token: int(token.address, 16))
        for token in tokens:
            dex.send(token.write.transfer(alice, bob, TOKEN_SUPPLY // 2))
        pool = dex.create_pool(token0, token1)
        own = replace(dex, token0=token0, token1=token1, pool=pool)
        dex.chain.mine([], time_ms=timestamp * 1000)
        return Replay(own, dex.factory, (alice, bob))

    return begin


@pytest.mark.parametrize("number", range(12))
def test_every_recorded_operation_leaves_the_same_state(number, start, vector):
    sequence = vector("univ2_differential_traces")["sequences"][number]
    replay = start(sequence["start_timestamp"])
    for position, step in enumerate(sequence["steps"]):
        where = f"step {position}: {step['do']}"
        wanted = OUR_REASON.get((step["do"]["op"], step["result"].get("error")))
        assert step["result"]["ok"] == (wanted is None), where
        try:
            replay.do(**step["do"])
            refused = None
        except Reverted as error:
            refused = error.reason
        assert refused == wanted, where
        assert replay.state() == step["state"], where


def test_the_recording_holds_all_of_its_operations(vector):
    traces = vector("univ2_differential_traces")
    assert traces["counts"] == {"sequences": 12, "ops": 600}
    assert sum(len(each["steps"]) for each in traces["sequences"]) == 600

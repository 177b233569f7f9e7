"""Pools' events are read as the ABI's codec reads them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexsim.chain.types import Log, Receipt
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool, Reserves, pool_interface
from dexsim.results.pool_events import PoolEvents

HOME, OTHER = "0x" + "11" * 20, "0x" + "22" * 20
TOKENS = [Erc20("0x" + digit * 40, symbol=digit) for digit in "ab"]
POOL = Pool(HOME, base=TOKENS[0], quote=TOKENS[1], fee_bps=30, market="main")
TURNED = Pool(HOME, base=TOKENS[1], quote=TOKENS[0], fee_bps=30, market="main")
Told = tuple[str, list[Reserves]]
AMOUNTS = {
    "Sync": ["reserve0", "reserve1"],
    "Swap": ["amount0In", "amount1In", "amount0Out", "amount1Out"],
    "Mint": ["amount0", "amount1"],
    "Burn": ["amount0", "amount1"],
}


def read(log: Log, pool: Pool = POOL) -> Told | None:
    """What the pool's events say of a log; None where it is none of theirs."""
    deployment: Any = SimpleNamespace(pools={"main": pool})
    receipt: Any = SimpleNamespace(logs=(log,))
    found = PoolEvents(deployment).of(receipt)
    return (found[0].name, list(found[0].pairs)) if found else None


def by_abi(log: Log, pool: Pool = POOL) -> Told:
    """The same by the pool's ABI."""
    event = POOL.contract.decode_log(log)
    if event is None or event.name not in AMOUNTS:
        return "", []
    amounts = iter([event.fields[name] for name in AMOUNTS[event.name]])
    return event.name, [pool.oriented(*pair) for pair in zip(amounts, amounts, strict=True)]


KINDS = st.sampled_from([*pool_interface().events, bytes(32), b"\x01" * 32])
ADDRESS = st.binary(min_size=20, max_size=20).map(lambda raw: bytes(12) + raw)
WORD = st.one_of(
    st.integers(0, 2**112 + 1), st.sampled_from([0, 2**112 - 1, 2**112, 2**256 - 1])
).map(lambda value: value.to_bytes(32, "big"))


@given(
    kind=KINDS,
    topics=st.lists(st.one_of(ADDRESS, ADDRESS, ADDRESS, WORD), max_size=3),
    words=st.lists(WORD, max_size=6),
    cut=st.sampled_from([0, 0, 0, 1, 31]),
)
def test_names_and_amounts_are_those_of_the_abi(
    kind: bytes, topics: list[bytes], words: list[bytes], cut: int
) -> None:
    data = b"".join(words)
    log = Log(HOME, (kind, *topics), data[: len(data) - cut])
    assert read(log) == by_abi(log)
    assert read(log, TURNED) == by_abi(log, TURNED)


@pytest.mark.parametrize("name", AMOUNTS)
def test_every_kind_is_read(name: str) -> None:
    topic, event = next(item for item in pool_interface().events.items() if item[1].name == name)
    indexed = [bytes(12) + bytes([number]) * 20 for number in range(event.indexed)]
    words = [number.to_bytes(32, "big") for number in range(5, 5 + len(AMOUNTS[name]))]
    log = Log(HOME, (topic, *indexed), b"".join(words))
    pairs = [(5, 6), (7, 8)][: len(words) // 2]
    assert read(log) == (name, [Reserves(*pair) for pair in pairs]) == by_abi(log)
    assert read(log, TURNED) == (name, [Reserves(*reversed(pair)) for pair in pairs])


@pytest.mark.parametrize("name", AMOUNTS)
def test_what_is_laid_out_otherwise_tells_nothing_or_what_the_abi_says(name: str) -> None:
    topic, event = next(item for item in pool_interface().events.items() if item[1].name == name)
    indexed, words = [bytes(32)] * event.indexed, [bytes(32)] * len(AMOUNTS[name])
    logs = [
        Log(HOME, (topic, *indexed), b"".join(words)),
        Log(HOME, (topic, *indexed, bytes(32)), b"".join(words)),
        Log(HOME, (topic, *indexed[:-1]), b"".join(words)),
        Log(HOME, (topic, *indexed), b"".join(words)[:-1]),
        Log(HOME, (topic, *indexed), b"".join([*words, bytes(5)])),
        Log(HOME, (topic, *indexed[:-1], b"\x01" * 32), b"".join(words)),
        *(
            Log(HOME, (topic, *indexed), b"".join([*words[:-1], most.to_bytes(32, "big")]))
            for most in (2**112 - 1, 2**112, 2**256 - 1)
        ),
    ]
    assert [read(log) for log in logs] == [by_abi(log) for log in logs]


def test_who_is_no_pool_and_what_has_no_topic_is_passed_over() -> None:
    (sync,) = (topic for topic, event in pool_interface().events.items() if event.name == "Sync")
    assert read(Log(OTHER, (sync,), bytes(64))) is None
    assert read(Log(HOME, (), bytes(64))) is None


def test_the_same_receipt_is_read_once() -> None:
    deployment: Any = SimpleNamespace(pools={"main": POOL})
    events = PoolEvents(deployment)
    receipt: Receipt = SimpleNamespace(logs=())  # type: ignore[assignment]
    assert events.of(receipt) is events.of(receipt)

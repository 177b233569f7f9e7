"""A transaction that is completed keeps everything else that it was."""

from __future__ import annotations

from dataclasses import fields, replace

from dexsim.chain.types import Transaction

FULL = Transaction(
    sender="0x01",
    to="0x02",
    data=b"\x03",
    value=4,
    gas_limit=5,
    max_priority_fee_per_gas=6,
    max_fee_per_gas=70,
    nonce=8,
    access_list=(("0x09", (10,)),),
    what="eleven",
)


def test_this_one_names_every_field() -> None:
    for each in fields(Transaction):
        assert getattr(FULL, each.name) != each.default, each.name


def test_what_is_open_is_filled_in_and_nothing_else() -> None:
    assert FULL.complete(nonce=1, base_fee=2) is FULL
    named = replace(FULL, max_fee_per_gas=None).complete(nonce=1, base_fee=2)
    assert _all(named) == _all(replace(FULL, max_fee_per_gas=2 + 6))
    priced = replace(FULL, nonce=None).complete(nonce=1, base_fee=2)
    assert _all(priced) == _all(replace(FULL, nonce=1))


def _all(tx: Transaction) -> dict[str, object]:
    """Its fields, the one that no comparison looks at included."""
    return {each.name: getattr(tx, each.name) for each in fields(Transaction)}

"""The short way through the ABI gives what eth-abi gives, or leaves the answer to it."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError, EncodingError
from hypothesis import assume, given
from hypothesis import strategies as st

from dexsim.artifacts.abi import EventType, Function, Parameter, _decoded, _encoded, _readable
from dexsim.artifacts.word_codec import OutOfTheOrdinary, codec_of

SIZES = st.integers(1, 32).map(lambda count: 8 * count)
KINDS = st.one_of(
    SIZES.map("uint{}".format),
    SIZES.map("int{}".format),
    st.integers(1, 32).map("bytes{}".format),
    st.sampled_from(["address", "bool"]),
)
LISTS = KINDS.map("{}[]".format)
TYPES = st.lists(st.one_of(KINDS, LISTS), min_size=1, max_size=6).map(tuple)
ADDRESSES = st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex())
EDGES = st.sampled_from([0, 1, -1, 127, 128, 255, 256, 2**255 - 1, 2**255, 2**256 - 1, 2**256])
ANYTHING = st.one_of(
    EDGES,
    st.integers(),
    st.booleans(),
    st.none(),
    st.floats(),
    ADDRESSES,
    ADDRESSES.map(str.upper),
    st.sampled_from(["", "0x", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xD8dA" + "0" * 36]),
    st.binary(max_size=40),
    st.binary(max_size=33).map(bytearray),
    st.lists(st.one_of(EDGES, ADDRESSES, st.booleans()), max_size=3),
    st.sampled_from([(), (1, 2), {}, {1}, "12"]),
)


EVENT_FIELDS = st.lists(
    st.one_of(st.tuples(KINDS, st.booleans()), st.tuples(LISTS, st.just(False))),
    min_size=1,
    max_size=5,
)


class Own(int):
    """An integer of somebody's own."""


def value_of(kind: str) -> st.SearchStrategy[Any]:
    """A value that fits."""
    if kind.endswith("[]"):
        return st.lists(value_of(kind[:-2]), max_size=3)
    if kind == "address":
        return ADDRESSES
    if kind == "bool":
        return st.booleans()
    if kind.startswith("bytes"):
        return st.binary(max_size=int(kind[5:]))
    size = int(kind.removeprefix("u")[3:])
    if kind.startswith("u"):
        return st.integers(0, 2**size - 1)
    return st.integers(-(2 ** (size - 1)), 2 ** (size - 1) - 1)


def outcome(work: Any, *args: Any) -> Any:
    """What comes out, or what kind of error and its text."""
    try:
        return work(*args)
    except (EncodingError, DecodingError, TypeError, ValueError, OverflowError) as error:
        return type(error), str(error)


@given(st.data(), TYPES)
def test_values_that_fit_are_encoded_and_decoded_as_eth_abi_does(
    data: st.DataObject, types: tuple[str, ...]
) -> None:
    values = [data.draw(value_of(kind)) for kind in types]
    codec = codec_of(types)
    assert codec is not None
    encoded = codec.encode(values)
    assert encoded == encode(types, values)
    behind = data.draw(st.binary(max_size=40))
    wanted = [
        _readable(kind, v) for kind, v in zip(types, decode(types, encoded + behind), strict=True)
    ]
    got = codec.decode(encoded + behind)
    assert got == wanted
    assert [type(value) for value in got] == [type(value) for value in wanted]


@given(st.data(), TYPES)
def test_any_values_have_the_outcome_that_eth_abi_gives_them(
    data: st.DataObject, types: tuple[str, ...]
) -> None:
    values = [data.draw(st.one_of(value_of(kind), ANYTHING)) for kind in types]
    assert outcome(_encoded, types, values) == outcome(encode, types, values)


@given(st.data(), TYPES)
def test_any_words_have_the_outcome_that_eth_abi_gives_them(
    data: st.DataObject, types: tuple[str, ...]
) -> None:
    word = st.one_of(
        st.binary(min_size=32, max_size=32),
        st.binary(max_size=32).map(lambda raw: raw.rjust(32, b"\x00")),
        st.binary(max_size=32).map(lambda raw: raw.ljust(32, b"\x00")),
        st.sampled_from([0, 1, 2, 32, 64, 96, 97, 2**255]).map(lambda n: n.to_bytes(32, "big")),
    )
    count = len(types) + data.draw(st.integers(0, 4))
    words = b"".join(data.draw(word) for _ in range(count)) + data.draw(st.binary(max_size=5))
    words = words[: len(words) - data.draw(st.sampled_from([0, 0, 0, 1, 32]))]
    told = outcome(decode, types, words)
    if told and not isinstance(told[0], type):
        told = [_readable(kind, value) for kind, value in zip(types, told, strict=True)]
    assert outcome(_decoded, types, words) == told


@pytest.mark.parametrize("odd", [Own(5), True, 5.0, "5", None])
def test_what_is_no_plain_integer_is_left_to_eth_abi(odd: Any) -> None:
    codec = codec_of(("uint256",))
    assert codec is not None
    with pytest.raises(OutOfTheOrdinary):
        codec.encode([odd])


@pytest.mark.parametrize(
    "kind", ["string", "bytes", "int8[][]", "int8[2]", "(int8)", "(int8)[]", "int"]
)
def test_other_types_have_no_short_way(kind: str) -> None:
    assert codec_of(("uint256", kind)) is None


def test_an_address_that_is_none_is_refused_each_time() -> None:
    function = Function("f", (Parameter("to", "address"),), (), "nonpayable")
    for _ in range(2):
        with pytest.raises(TypeError, match=r"argument 'to' \(address\) cannot be '0x12'"):
            function.encode(["0x12"])


@given(st.data(), EVENT_FIELDS)
def test_events_are_read_as_eth_abi_reads_their_parts(
    data: st.DataObject, fields: list[tuple[str, bool]]
) -> None:
    assume(sum(indexed for _, indexed in fields) <= 3)
    parts = [Parameter(f"f{place}", kind, indexed) for place, (kind, indexed) in enumerate(fields)]
    event = EventType("E", tuple(parts))
    values = {part.name: data.draw(value_of(part.type)) for part in parts}
    topics = [event.topic] + [encode([p.type], [values[p.name]]) for p in parts if p.indexed]
    plain = [part for part in parts if not part.indexed]
    body = encode([part.type for part in plain], [values[part.name] for part in plain])
    read = event.decode(topics, body)
    assert list(read) == [part.name for part in parts]
    again = {p.name: encode([p.type], [read[p.name]]) for p in parts}
    assert again == {p.name: encode([p.type], [values[p.name]]) for p in parts}


def test_a_dynamic_indexed_field_stays_its_hash_beside_static_ones() -> None:
    event = EventType(
        "E",
        (
            Parameter("who", "address", True),
            Parameter("name", "string", True),
            Parameter("n", "uint8"),
        ),
    )
    digest = bytes(range(32))
    read = event.decode([event.topic, bytes(12) + b"\x11" * 20, digest], encode(["uint8"], [7]))
    assert read == {"who": "0x" + "11" * 20, "name": digest, "n": 7}

"""Where and why a contract of one's own refused: checks in words, internal functions, causes below."""

from __future__ import annotations

from pathlib import Path

import pytest

import dexsim as dx
from dexsim.chain.types import Transaction
from dexsim.errors import Reverted
from dexsim.market.contract import Contract
from dexsim.tracing import Refusal, Witness, decode_tree, refusals

SOURCE = """# pragma version ~=0.4.3
import guard

total: uint256
few: uint256[3]
list: DynArray[uint256, 3]

interface Self:
    def locked(): nonpayable
    def nothing() -> uint256: view
    def guarded(amount: uint256): nonpayable

@external
def minus(a: uint256) -> uint256:
    return self.total - a

@external
def plus(a: uint256) -> uint256:
    return max_value(uint256) + a

@external
def times(a: uint256) -> uint256:
    return max_value(uint256) * a

@external
def over(a: uint256) -> uint256:
    return 7 // a

@external
def at(a: uint256) -> uint256:
    return self.few[a]

@external
def pop() -> uint256:
    return self.list.pop()

@external
def small(a: uint256) -> uint8:
    return convert(a, uint8)

@external
def count(a: uint256):
    for n: uint256 in range(a, bound=3):
        self.total += n

@external
def take(a: Bytes[4]):
    pass

@external
def agree(a: bool):
    pass

@external
def silent():
    assert self.total > 3

@external
def never():
    raise UNREACHABLE

@external
@nonreentrant
def enter():
    extcall Self(self).locked()

@external
@nonreentrant
def locked():
    pass

@external
def ask(who: address) -> uint256:
    return staticcall Self(who).nothing()

@external
def guarded(amount: uint256):
    first: uint256 = self._twice(amount)
    guard._insist(
        first
    )

@internal
def _twice(amount: uint256) -> uint256:
    return guard._half(amount) * 4

@external
def try_it(amount: uint256):
    done: bool = raw_call(
        self, abi_encode(amount, method_id=method_id("guarded(uint256)")), revert_on_failure=False
    )
    assert done, "probe: did not work"

@external
def try_and_go_on(amount: uint256):
    done: bool = raw_call(
        self, abi_encode(amount, method_id=method_id("guarded(uint256)")), revert_on_failure=False
    )
    self.few[0] = staticcall Self(self).nothing()
    assert False, "probe: something else"

@external
@view
def nothing() -> uint256:
    return 0

@external
def pass_on(amount: uint256):
    extcall Self(self).guarded(amount)
"""

GUARD = """# pragma version ~=0.4.3

@internal
def _half(amount: uint256) -> uint256:
    return amount // 2

@internal
def _insist(amount: uint256):
    if amount > 10:
        self._refuse("too much")

@internal
def _refuse(why: String[20]):
    raise concat("guard: ", why)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("probe")
    (home / "probe.vy").write_text(SOURCE)
    (home / "guard.vy").write_text(GUARD)
    return home


@pytest.fixture
def probe(stage, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Contract:
    monkeypatch.setenv("DEXSIM_CACHE", str(folder / "cache"))
    return dx.deploy(stage.chain, folder / "probe.vy", stage.alice)


def refused(stage, probe: Contract, data: bytes, value: int = 0) -> list[Refusal]:
    tx = Transaction(sender=stage.alice.address, to=probe.address, data=data, value=value)
    with pytest.raises(Reverted) as caught:
        stage.chain.send(tx)
    frame = caught.value.frame
    assert frame is not None
    witness = Witness(stage.chain)
    return list(refusals(decode_tree(frame, witness), witness))


def told(stage, probe: Contract, name: str, *args: object) -> list[Refusal]:
    """How a call by name is refused."""
    function = probe.interface.function(name, len(args))
    return refused(stage, probe, function.encode(args))


def places(refusal: Refusal) -> list[str]:
    assert refusal.stop is not None
    return [str(place) for place in refusal.stop.places]


def line_of(text: str, source: str = SOURCE) -> int:
    """The number of the only line with a text."""
    (number,) = [n for n, line in enumerate(source.splitlines(), 1) if text in line]
    return number


CHECKS = [
    ("minus", (1,), "a subtraction below zero, or beyond the type's range", "self.total - a"),
    ("plus", (1,), "an addition beyond the type's range", "max_value(uint256) + a"),
    ("times", (2,), "a multiplication beyond the type's range", "max_value(uint256) * a"),
    (
        "over",
        (0,),
        "a zero where there must be more: a divisor, or the length of an array to pop",
        "7 // a",
    ),
    ("at", (3,), "an index or a length out of the bounds of uint256[3]", "self.few[a]"),
    (
        "pop",
        (),
        "a zero where there must be more: a divisor, or the length of an array to pop",
        "self.list.pop()",
    ),
    ("small", (256,), "a value that does not fit uint8", "convert(a, uint8)"),
    ("count", (4,), "a loop longer than its bound", "range(a, bound=3)"),
    ("silent", (), "an assertion that gives no reason", "assert self.total > 3"),
    ("never", (), "what was held to be unreachable", "raise UNREACHABLE"),
]


@pytest.mark.parametrize(("name", "args", "reason", "line"), CHECKS, ids=[c[0] for c in CHECKS])
def test_the_compilers_own_checks_are_told_in_words_with_their_line(
    stage, probe, name, args, reason, line
) -> None:
    (only,) = told(stage, probe, name, *args)
    assert only.reason == reason
    assert places(only) == [f"probe.vy:{line_of(line)} in {name}"]


def test_a_function_as_a_whole_is_shown_by_its_first_line(stage, probe) -> None:
    data = probe.interface.function("take", 1).selector
    data += (32).to_bytes(32, "big") + (5).to_bytes(32, "big") + bytes(32)
    (only,) = refused(stage, probe, data)
    assert only.reason == "more than 4 bytes in a Bytes[4]"
    place = only.stop.places[0]
    assert (place.span.line, place.span.end_line) == (line_of("def take"), line_of("def take"))
    assert [line for line in place.excerpt() if line.startswith(">")] == [
        f">   {line_of('def take')} | def take(a: Bytes[4]):"
    ]


@pytest.mark.parametrize(
    ("name", "arguments", "value", "reason"),
    [
        ("agree", bytes(31), 0, "calldata too short"),
        ("agree", bytes(32), 1, "coins sent to a function that takes none"),
        ("", b"\x01\x02\x03\x04", 0, "the contract has no such function"),
        ("", b"", 0, "the contract has no such function"),
    ],
)
def test_what_is_refused_before_the_function_begins(
    stage, probe, name, arguments, value, reason
) -> None:
    selector = probe.interface.function(name, 1).selector if name else b""
    (only,) = refused(stage, probe, selector + arguments, value)
    assert only.reason == reason
    assert places(only) == []


def test_an_argument_that_does_not_fit_is_shown_at_the_function_that_takes_it(stage, probe) -> None:
    data = probe.interface.function("agree", 1).selector + bytes(31) + b"\x02"
    (only,) = refused(stage, probe, data)
    assert only.reason == "a value that does not fit bool"
    assert places(only) == [f"probe.vy:{line_of('def agree')} in agree"]


def test_the_lock_against_reentry_is_named(stage, probe) -> None:
    outer, inner = told(stage, probe, "enter")
    assert outer.reason == "the call below failed"
    assert inner.reason == "the lock against re-entry is taken"
    (place,) = inner.stop.places
    marked = [line for line in place.excerpt() if line.startswith(">")]
    assert [line.partition(" | ")[2] for line in marked] == ["def locked():"]


def test_an_answer_of_nobody_is_told(stage, probe) -> None:
    (only,) = told(stage, probe, "ask", stage.alice.address)
    assert only.reason == "an answer that is too short for its type"


def test_internal_functions_are_shown_with_the_callers_lines(stage, probe) -> None:
    (only,) = told(stage, probe, "guarded", 20)
    assert only.reason == "guard: too much"
    assert places(only) == [
        f"guard.vy:{line_of('raise concat', GUARD)} in _refuse",
        f"guard.vy:{line_of('self._refuse', GUARD)} in _insist",
        f"probe.vy:{line_of('guard._insist(')} in guarded",
    ]


def test_functions_that_have_returned_are_not_shown(stage, probe) -> None:
    # 4 * (2**255 // 2) is too much; by then _half has returned to _twice.
    (only,) = told(stage, probe, "guarded", 2**255)
    assert only.reason == "a multiplication beyond the type's range"
    assert places(only) == [
        f"probe.vy:{line_of('guard._half(amount) * 4')} in _twice",
        f"probe.vy:{line_of('self._twice(amount)')} in guarded",
    ]


def test_a_refusal_that_is_told_in_other_words_shows_both_places(stage, probe) -> None:
    outer, inner = told(stage, probe, "try_it", 20)
    assert (outer.reason, outer.passed_on) == ("probe: did not work", False)
    assert places(outer) == [f"probe.vy:{line_of('did not work')} in try_it"]
    assert inner.reason == "guard: too much"
    assert places(inner)[0].startswith("guard.vy:")


def test_a_refusal_that_is_passed_on_shows_the_call_and_the_cause(stage, probe) -> None:
    outer, inner = told(stage, probe, "pass_on", 20)
    assert (outer.reason, outer.passed_on) == ("guard: too much", True)
    assert places(outer) == [f"probe.vy:{line_of('extcall Self(self).guarded')} in pass_on"]
    assert inner.passed_on is False
    assert places(inner)[0].startswith("guard.vy:")


def test_a_call_that_failed_before_others_went_well_is_no_cause(stage, probe) -> None:
    (only,) = told(stage, probe, "try_and_go_on", 20)
    assert only.reason == "probe: something else"


def test_a_source_that_has_changed_is_not_shown(stage, probe, folder, tmp_path) -> None:
    source = folder / "probe.vy"
    try:
        source.write_text(SOURCE.replace("raise UNREACHABLE", "pass"))
        (only,) = told(stage, probe, "never")
        assert only.stop is None
    finally:
        source.write_text(SOURCE)


def test_nothing_was_refused_where_all_went_well(stage, probe) -> None:
    frame = stage.chain.trace(probe.write.locked(stage.alice), steps=True)
    witness = Witness(stage.chain)
    assert refusals(decode_tree(frame, witness), witness) == ()

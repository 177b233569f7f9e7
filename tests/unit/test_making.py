"""What a faster constructor makes is what the dataclass itself makes."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any, NamedTuple

import pytest

from dexsim.blockspace.orders import Order, make_order
from dexsim.blockspace.pending import Pending, make_pending
from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction, make_transaction
from dexsim.errors import AmountTypeError
from dexsim.making import constructor, tuple_constructor
from dexsim.market.pool import Reserves, make_reserves

TX = {"sender": "0x01", "to": None, "data": b"\x01", "nonce": 3, "what": "a test"}
PENDING = {
    "id": 1,
    "tx": Transaction(sender="0x01", to=None),
    "agent": "a",
    "role": "r",
    "arrival_ms": 5,
    "submitted_block": 2,
}
ORDER = {"market": "main", "token_in": "WETH", "amount_in": 5}


class Named(NamedTuple):
    """A named tuple with a default."""

    first: int
    second: str = "two"


@pytest.mark.parametrize(
    ("args", "named"), [((1,), {}), ((1, "b"), {}), ((), {"second": "b", "first": 1})]
)
def test_a_named_tuple_is_the_same(args: Any, named: Any) -> None:
    fast = tuple_constructor(Named)(*args, **named)
    assert type(fast) is Named
    assert fast == Named(*args, **named)


@pytest.mark.parametrize(("args", "named"), [((), {}), ((1, "b", 3), {}), ((1,), {"third": 1})])
def test_a_named_tuple_refuses_the_same(args: Any, named: Any) -> None:
    with pytest.raises(TypeError):
        tuple_constructor(Named)(*args, **named)


CASES: list[tuple[Callable[..., Any], Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = [
    (Transaction, make_transaction, (), TX),
    (Pending, make_pending, (), PENDING),
    (Reserves, make_reserves, (1,), {"quote": 2}),
    (Order, make_order, (Account.named("a"),), ORDER),
]


@pytest.mark.parametrize(("kind", "make", "args", "named"), CASES)
def test_it_makes_the_same(kind: Any, make: Any, args: Any, named: Any) -> None:
    slow, fast = kind(*args, **named), make(*args, **named)
    assert type(fast) is kind
    assert fast == slow
    assert hash(fast) == hash(slow)
    assert repr(fast) == repr(slow)
    assert replace(fast) == slow
    assert pickle.loads(pickle.dumps(fast)) == slow
    for each in fields(kind):
        assert getattr(fast, each.name) == getattr(slow, each.name)


@pytest.mark.parametrize(("kind", "make", "args", "named"), CASES)
def test_it_refuses_what_the_class_refuses(kind: Any, make: Any, args: Any, named: Any) -> None:
    for wrong in ((args, named | {"stranger": 1}), ((), {}), ((*args, *range(20)), named)):
        for maker in (kind, make):
            with pytest.raises(TypeError):
                maker(*wrong[0], **wrong[1])


@pytest.mark.parametrize(("kind", "make", "args", "named"), CASES)
def test_what_it_makes_cannot_be_changed(kind: Any, make: Any, args: Any, named: Any) -> None:
    made = make(*args, **named)
    with pytest.raises(FrozenInstanceError):
        setattr(made, fields(kind)[0].name, None)
    # CPython 3.11 answers an unknown name on a class with slots by a TypeError of its own.
    with pytest.raises((FrozenInstanceError, TypeError)):
        made.stranger = 1


def test_what_a_class_checks_is_checked() -> None:
    with pytest.raises(AmountTypeError):
        make_order(Account.named("a"), market="main", token_in="WETH", amount_in=1.5)  # type: ignore[arg-type]
    assert make_order(Account.named("a"), **ORDER | {"token_in": _Handle()}).token_in == "WETH"


class _Handle:
    def __str__(self) -> str:
        return "WETH"


@dataclass(frozen=True)
class WithoutSlots:
    a: int


@dataclass(frozen=True, slots=True)
class WithAFactory:
    a: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Base:
    a: int


@dataclass(frozen=True, slots=True)
class Derived(Base):
    b: int


@pytest.mark.parametrize("kind", [WithoutSlots, WithAFactory, Derived])
def test_it_does_not_take_what_it_could_not_make(kind: Any) -> None:
    with pytest.raises(TypeError, match=f"{kind.__name__}: not a plain dataclass"):
        constructor(kind)

"""The lens on a chain, with the structs of its answers by the names of their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dexsim.chain.accounts import Account
from dexsim.market.contract import Contract
from tests.subject import artifact

ALICE = Account.named("alice")


class Named:
    """A struct by the field names of the ABI, structs in it too."""

    def __init__(self, parts: Sequence[Mapping[str, Any]], values: Sequence[Any]) -> None:
        for part, value in zip(parts, values, strict=True):
            setattr(self, part["name"], _readable(part, value))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the struct has no field {name!r}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


class Looking:
    """A lens over a `Dex` (tests/contracts/conftest.py)."""

    def __init__(self, dex: Any) -> None:
        self.dex = dex
        self.contract: Contract = dex.deploy("lens")
        self.abi = artifact("lens").abi
        [entry] = [each for each in self.abi if each.get("name") == "pool_info"]
        self._parts = entry["outputs"][0]["components"]

    def at(self, pool: Any, user: Any = ALICE) -> Named:
        """One pool, and what the user has there and lets the venue's router take."""
        return self.named(self.contract.read.pool_info(pool, user, self.dex.router))

    def named(self, info: Sequence[Any]) -> Named:
        """One entry of any answer that tells pools."""
        return Named(self._parts, info)

    def page(self, factory: Any, start: int, count: int) -> list[Named]:
        """A page of a factory's pools."""
        infos = self.contract.read.pools_of(factory, start, count, ALICE, self.dex.router)
        return [self.named(info) for info in infos]

    def some(self, pools: Sequence[Any]) -> list[Named]:
        """Several pools."""
        infos = self.contract.read.pools_info(list(pools), ALICE, self.dex.router)
        return [self.named(info) for info in infos]


def _readable(part: Mapping[str, Any], value: Any) -> Any:
    if "components" in part:
        return Named(part["components"], value)
    return value

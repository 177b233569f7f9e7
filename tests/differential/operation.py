"""One transaction as plain data: the same for both exchanges, names in the place of addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Op:
    """One transaction.

    to: a name; function: "" for a plain transfer of coins.
    args: integers, names (or literal addresses), lists of them, `Signature` (stands for v, r and s)
    and `Script` (stands for callback data).
    wait: seconds that pass before it. meant: whether it was written to succeed.
    """

    sender: str
    to: str
    function: str = ""
    args: tuple[Any, ...] = ()
    value: int = 0
    wait: int = 0
    meant: bool = False

    @property
    def what(self) -> str:
        """For example "router.addLiquidity"; all pools are one."""
        kind = "pool" if "/" in self.to else self.to
        return f"{kind}.{self.function or 'coins'}"

    def __str__(self) -> str:
        told = ", ".join(_told(arg) for arg in self.args)
        coins = f" with {self.value} coins" if self.value else ""
        wait = f" after {self.wait} s" if self.wait else ""
        return f"{self.sender}: {self.to}.{self.function or 'coins'}({told}){coins}{wait}"


@dataclass(frozen=True)
class Signature:
    """A permit of a pool's liquidity, signed when it is used, for each exchange's own domain.

    signer: whose key, if not the owner's. nonce_ahead: 0 for the nonce that counts.
    flaw: "" for none, "high s" for the other of the two valid ones, "low v", "zero r".
    """

    pool: str
    owner: str
    spender: str
    amount: int
    deadline: int
    signer: str = ""
    nonce_ahead: int = 0
    flaw: str = ""


@dataclass(frozen=True)
class Script:
    """What the borrower does in its callback: (target, whether it must succeed, function, args)."""

    steps: tuple[tuple[str, bool, str, tuple[Any, ...]], ...] = ()


def refused_first(wrong: Op, right: Op) -> list[Op]:
    """An operation that should be refused, and in the same second the one that should not."""
    return [replace(wrong, wait=right.wait, meant=False), replace(right, wait=0)]


def _told(arg: Any) -> str:
    return arg if isinstance(arg, str) else repr(arg)

"""Agents that do what nobody should, one after the other, for tests of the border."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from dexsim.agents import Setup, View
from dexsim.chain.accounts import Account

FUNDS = {"WETH": "100", "USDC": "200000"}


@dataclass(frozen=True, kw_only=True)
class Scripted:
    """Yields what `script(view, me, setup)` gives, every block."""

    script: Callable[[View, Account, Setup], Iterable[Any]]
    role: str = "scripted"
    searches: bool = False
    answers: bool = False
    funds: dict[str, str] = field(default_factory=lambda: dict(FUNDS))
    kind: ClassVar[str] = "scripted"

    def start(self, setup: Setup) -> Any:
        me = setup.account(funds=self.funds)
        script = self.script

        class Actor:
            def act(self, view: View) -> Iterable[Any]:
                return script(view, me, setup)

        return Actor()

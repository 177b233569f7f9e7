"""Hypothesis's state machines: every run begins with the same chain."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from dexsim.chain.chain import Chain
from dexsim.testing.stages import untouched

if TYPE_CHECKING:
    from hypothesis import settings as Settings  # noqa: N812 - it is a class
    from hypothesis.stateful import RuleBasedStateMachine


def run_machine(
    machine: Callable[[], RuleBasedStateMachine],
    chain: Chain,
    *,
    settings: Settings | None = None,
) -> None:
    """Run a state machine as a test; whatever a run does to the chain is undone before the next.

        def test_vault(chain, vault, alice):
            run_machine(lambda: VaultMachine(chain, vault, alice), chain)

    machine: a class or a function that makes one; it is made anew for every run.
    settings: default those of the class (`VaultMachine.TestCase.settings`), or Hypothesis's own.
    """
    from hypothesis.stateful import run_state_machine_as_test

    def begin() -> RuleBasedStateMachine:
        with ExitStack() as stack:
            stack.enter_context(untouched(chain))
            made = machine()
            undo = stack.pop_all().close
        # The machine's own `teardown` may look at the chain as the run has left it.
        made.teardown = _one_after_the_other(made.teardown, undo)  # type: ignore[method-assign]
        return made

    begin.__name__ = begin.__qualname__ = _name(machine)  # under which failures are kept
    of_class = getattr(getattr(machine, "TestCase", None), "settings", None)
    run_state_machine_as_test(begin, settings=settings or of_class)  # type: ignore[arg-type]


def _one_after_the_other(
    first: Callable[[], None], second: Callable[[], None]
) -> Callable[[], None]:
    def both() -> None:
        try:
            first()
        finally:
            second()

    return both


def _name(machine: Callable[[], object]) -> str:
    return f"{machine.__module__}.{getattr(machine, '__qualname__', type(machine).__qualname__)}"

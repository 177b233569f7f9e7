"""Hostile tokens by name: which mock it is, and what it is told once its pool is filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

E18 = 10**18
ZERO, ONE = b"\0" * 32, b"\0" * 31 + b"\1"
NOBODY = "0x" + "00" * 20


def word(number):
    return number.to_bytes(32, "big")


@dataclass(frozen=True)
class Act:
    """One venue's run: its trial, a callee of its own, and who else there is."""

    trial: Any
    callee: Any
    bob: Any

    def tell(self, name, *args):
        self.trial.do(self.trial.odd, name, *args)

    def plan(self, contract, name, *args):
        data = getattr(contract.write, name)(self.bob, *args).data
        self.trial.do(self.callee, "add_call", contract, data)

    def answers(self, moves, refuses, answer):
        self.tell("set_transfer", moves, refuses, answer)
        self.tell("set_transfer_from", moves, refuses, answer)

    def hooks(self, owner, before, after, *call):
        self.tell("set_hooks", owner, before, after)
        self.plan(*call)


# name: (mock, its arguments, what it is told once the pool is filled)
MISCHIEF = {
    "none at all": ("odd_answer", (), lambda _: None),
    "no return value": ("no_return", (), lambda _: None),
    "false": ("false_return", (), lambda act: act.tell("set_failing", True)),
    "a reason": ("reverting", (), lambda act: act.tell("set_failing", True)),
    "a word of two": ("odd_answer", (), lambda act: act.answers(True, False, word(2))),
    "a word of zero": ("odd_answer", (), lambda act: act.answers(True, False, ZERO)),
    "31 bytes": ("odd_answer", (), lambda act: act.answers(True, False, b"\xff" * 31)),
    "33 bytes": ("odd_answer", (), lambda act: act.answers(True, False, ONE + b"\0")),
    "zero and one": ("odd_answer", (), lambda act: act.answers(True, False, ZERO + ONE)),
    "a thousand bytes": ("odd_answer", (), lambda act: act.answers(True, False, ONE * 32)),
    "refusal without reason": ("odd_answer", (), lambda act: act.answers(True, True, b"")),
    "refusal that says yes": ("odd_answer", (), lambda act: act.answers(True, True, ONE)),
    "yes without moving": ("odd_answer", (), lambda act: act.answers(False, False, ONE)),
    "silence without moving": ("odd_answer", (), lambda act: act.answers(False, False, b"")),
    "refusal on the way out": (
        "odd_answer",
        (),
        lambda act: act.tell("set_transfer", True, False, ZERO),
    ),
    "huge answers": ("huge_answer", (), lambda act: act.tell("set_huge", True, False)),
    "huge refusals": ("huge_answer", (), lambda act: act.tell("set_huge", True, True)),
    "burnt gas": ("gas_guzzler", (), lambda act: act.tell("set_hungry", True)),
    "a fee of what arrives": ("fee_on_transfer", (100,), lambda _: None),
    "a fee of nearly everything": ("fee_on_transfer", (9_999,), lambda _: None),
    "a fee on top": ("tax_on_top", (100,), lambda _: None),
    "a gain": ("rebasing", (), lambda act: act.tell("rebase", 5, 4)),
    "a loss": ("rebasing", (), lambda act: act.tell("rebase", 4, 5)),
    "a loss of nearly all": ("rebasing", (), lambda act: act.tell("rebase", 1, 10**18)),
    "a gain beyond 112 bits": ("rebasing", (), lambda act: act.tell("rebase", 2**60, 1)),
    "a gain beyond 256 bits": ("rebasing", (), lambda act: act.tell("rebase", 2**191, 1)),
    "a gain in a flash swap": (
        "rebasing",
        (),
        lambda act: act.plan(act.trial.odd, "rebase", 5, 4),
    ),
    "a loss in a flash swap": (
        "rebasing",
        (),
        lambda act: act.plan(act.trial.odd, "rebase", 4, 5),
    ),
    "a listed pool": (
        "selective",
        (),
        lambda act: act.tell("set_listed", act.trial.pool, True),
    ),
    "a listed receiver": ("selective", (), lambda act: act.tell("set_listed", act.bob, True)),
    "a limit": ("selective", (), lambda act: act.tell("set_limit", E18 // 2)),
    "a balance of nothing": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", False, False, ZERO),
    ),
    "a balance beyond 112 bits": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", False, False, word(2**112)),
    ),
    "a balance of all bits": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", False, False, b"\xff" * 32),
    ),
    "a balance of 31 bytes": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", False, False, b"\xff" * 31),
    ),
    "a balance of 64 bytes": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", False, False, word(30 * E18) + ONE),
    ),
    "a refused balance": ("lying_balance", (), lambda act: act.tell("lie", False, True, b"")),
    "more after a transfer": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", True, False, word(30 * E18)),
    ),
    "less after a transfer": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", True, False, word(7)),
    ),
    "a hook that syncs": (
        "hooked_token",
        (),
        lambda act: act.hooks(act.bob, NOBODY, act.callee, act.trial.pool, "sync"),
    ),
    "a hook that skims before": (
        "hooked_token",
        (),
        lambda act: act.hooks(act.trial.pool, act.callee, NOBODY, act.trial.pool, "skim", act.bob),
    ),
    "a hook that asks": (
        "hooked_token",
        (),
        lambda act: act.hooks(act.bob, NOBODY, act.callee, act.trial.pool, "getReserves"),
    ),
    "a hook that moves liquidity": (
        "hooked_token",
        (),
        lambda act: act.hooks(
            act.bob, NOBODY, act.callee, act.trial.pool, "transfer", act.trial.pool, 0
        ),
    ),
}

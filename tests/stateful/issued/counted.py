"""Machines that know of every call beforehand whether it is accepted, and why not."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Transaction
from dexsim.conformance.keeping import equal
from dexsim.conformance.rewards.tallied import TalliedMachine
from dexsim.errors import Reverted
from dexsim.market.contract import Contract, deploy
from tests.subject import artifact


class CountedMachine(TalliedMachine):
    """A machine with a tally; what it is refused with is a part of its model.

    promises: what is looked at after every step. reasons: what a long campaign has to be refused
    with, without the contract's name.
    """

    label: ClassVar[str] = "issuer"
    reasons: ClassVar[set[str]] = set()
    chain: Chain

    def now(self) -> int:
        return self.chain.time_ms // 1000

    def elapse(self, seconds: int) -> None:
        self.chain.mine([], time_ms=self.chain.time_ms + seconds * 1000)

    def deploy(self, sender: Account, name: str, *args: Any) -> Contract:
        with self.chain.block(time_ms=self.chain.time_ms):
            return deploy(self.chain, artifact(name), sender, *args)

    def send(self, tx: Transaction) -> None:
        with self.chain.block(time_ms=self.chain.time_ms):
            self.chain.send(tx)

    def try_to(self, name: str, tx: Transaction, refusal: str | None) -> bool:
        """Whether it was accepted; Broken where the model says otherwise."""
        told = None
        try:
            self.send(tx)
        except Reverted as error:
            told = error.reason
        expected = None if refusal is None else f"{self.label}: {refusal}"
        equal(told, expected, f"{self.views}: why {name} is refused")
        self.tally.note(name, told)
        if refusal is not None:
            self.tally.refused[refusal] += 1
        return told is None


def one_with(amounts: Counter[Account], of: list[Account], pick: int) -> Account:
    """One of these who has something; anybody where nobody has."""
    some = [who for who in of if amounts[who]] or of
    return some[pick % len(some)]

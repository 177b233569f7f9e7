"""The machines from the plainest to the one with every rule: what a lower one finds is told shorter."""

from __future__ import annotations

from dexsim.conformance.xyk.adds import AddMachine
from dexsim.conformance.xyk.flashes import FlashMachine
from dexsim.conformance.xyk.keepers import KeeperMachine
from dexsim.conformance.xyk.machine import VenueMachine
from dexsim.conformance.xyk.removes import RemoveMachine
from dexsim.conformance.xyk.routes import RouterMachine
from dexsim.conformance.xyk.swaps import SwapMachine

LADDER: tuple[type[VenueMachine], ...] = (
    SwapMachine,
    AddMachine,
    RemoveMachine,
    KeeperMachine,
    FlashMachine,
    RouterMachine,
)

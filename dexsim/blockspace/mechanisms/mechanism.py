"""What a market structure has to say, and what it may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from dexsim.blockspace.bundles import Entry
from dexsim.streams import Generator


class Mechanism(Protocol):
    """A market structure: a value that puts what waits in a block's order.

    The builder executes the sequence from the top. A bundle takes its victims
    with it: where it lands, their own entries are passed over; where one of
    them stands before it, it can no longer land.

    What a mechanism may have besides, with what holds where it has not:

    - `fill(site, rng)`: fill the block itself, looking at what is there (`Site`), instead of `sequence`.
    - `set_up(deployment)`: deploy the contracts that it needs, once, before the agents come.
    - `settle(orders, desk)`: make transactions of orders; default: each through its router.
    - `visibility`: how all orders are sent, whatever they say; default: as they say.
    - `hints`: what is told of those sent as hints; default: the market.
    - `delay_blocks`: for how many blocks what is encrypted waits; default: 1.
    - `reverting`: whether what fails is included and pays; default: yes.
    - `lifetime_blocks`: after how many blocks an order is given up; default: never.
    - `refuses(bundle)`: why a bundle is not taken, or ""; default: all are.
    - `rounds`: how often searchers may answer each other in a block; default: once.
    - `builders`: names of those who compete for the block; default: one.
    """

    kind: ClassVar[str]

    def sequence(
        self, entries: Sequence[Entry], *, base_fee: int, rng: Generator
    ) -> Sequence[Entry]:
        """The order in which the builder tries the entries, which hold each sender's in its order of nonces.

        rng: this block's own stream.
        """

"""Who has how much of both tokens: kept by what the tokens tell, without asking them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from eth_hash.auto import keccak

from dexsim.chain.address import from_bytes
from dexsim.chain.types import Address, Receipt
from dexsim.market.adapter import Tokens

_TRANSFER = keccak(b"Transfer(address,address,uint256)")
Pair = tuple[int, int]
"""Of base and of quote."""


class Moves:
    """What a transaction moved: who has more and who has less now."""

    def __init__(self, net: Counter[tuple[int, Address]]) -> None:
        self.net = net

    def of(self, who: Address) -> Pair:
        """What somebody has more, negative where it is less."""
        return self.net[0, who], self.net[1, who]

    def touched(self) -> set[Address]:
        """Everybody who has more or less of something now."""
        return {who for (_, who), amount in self.net.items() if amount}


class Books:
    """Balances of both tokens."""

    def __init__(self, tokens: Tokens) -> None:
        self._sides = {token.address: side for side, token in enumerate(tokens)}
        self._balances: Counter[tuple[int, Address]] = Counter()

    def copy(self) -> Books:
        """The same, to go on from here in another way."""
        other = Books.__new__(Books)
        other._sides, other._balances = self._sides, Counter(self._balances)
        return other

    def enter(self, receipt: Receipt) -> Moves:
        """Write down what a transaction moved."""
        net: Counter[tuple[int, Address]] = Counter()
        for log in receipt.logs:
            side = self._sides.get(log.address)
            if side is None or not log.topics or log.topics[0] != _TRANSFER:
                continue
            amount = int.from_bytes(log.data, "big")
            net[side, from_bytes(log.topics[1][12:])] -= amount
            net[side, from_bytes(log.topics[2][12:])] += amount
        self._balances.update(net)
        return Moves(net)

    def of(self, holders: Iterable[Address]) -> Pair:
        """What these have together."""
        known = list(holders)
        base, quote = (sum(self._balances[side, who] for who in known) for side in (0, 1))
        return base, quote

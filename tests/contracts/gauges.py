"""A gauge with its tokens, for the tests of it: what is staked, what is emitted, what is streamed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dexsim.chain.accounts import Account
from dexsim.market.contract import Contract

ALICE, BOB, CAROL = (Account.named(name) for name in ("alice", "bob", "carol"))
PEOPLE = (ALICE, BOB, CAROL)
NOBODY = "0x" + "00" * 20
E18 = 10**18
FOREVER = 2**256 - 1
ONE = 10**36
HELD = 1000 * E18


@dataclass
class Farm:
    """Alice owns the gauge and distributes what it streams; she, Bob and Carol hold 1000 to stake.

    The minter is a mock that emits nothing until it is told to.
    """

    dex: Any
    staked: Contract
    reward: Contract
    minter: Contract
    gauge: Contract
    streams: list[Contract] = field(default_factory=list)

    @property
    def read(self) -> Any:
        """The gauge's views."""
        return self.gauge.read

    @property
    def tokens(self) -> list[Contract]:
        """Every reward."""
        return [*([self.reward] if self.minter else []), *self.streams]

    def do(self, name: str, who: Account, *args: Any) -> Any:
        """A call of the gauge; its events, without their names' words."""
        receipt = self.dex.send(getattr(self.gauge.write, name)(who, *args))
        return [(event.name, *event.fields.values()) for event in self.gauge.events(receipt)]

    def emit(self, amount: int) -> None:
        """So much is emitted now."""
        self.dex.send(self.minter.write.emit(ALICE, amount))

    def rate(self, amount: int) -> None:
        """So much is emitted a second from now on."""
        self.dex.send(self.minter.write.set_rate(ALICE, amount))

    def stream(self, kind: str = "mocks/no_return", *args: Any, duration: int = 1000) -> Contract:
        """Another reward, of which Alice has plenty and lets the gauge take it."""
        token = self.dex.deploy(kind, *args)
        self.dex.send(token.write.mint(ALICE, ALICE, 10**36))
        self.dex.send(token.write.approve(ALICE, self.gauge, FOREVER))
        self.do("add_reward", ALICE, token, ALICE, duration)
        self.streams.append(token)
        return token

    def books(self, token: Contract) -> None:
        """Whatever there was to earn is paid, owed or nobody's, to the last of 36 decimals."""
        read = self.read
        paid = sum(read.claimed(who, token) for who in PEOPLE)
        owed = sum(read.claimable_exact(who, token) for who in PEOPLE)
        assert read.emitted(token) * ONE == paid * ONE + owed + read.undistributed_exact(token)
        assert read.undistributed(token) == read.undistributed_exact(token) // ONE
        for who in PEOPLE:
            assert read.claimable(who, token) == read.claimable_exact(who, token) // ONE
            assert read.claimed(who, token) == token.read.balanceOf(who) or who == ALICE


def plant(dex: Any, *, minter: bool = True) -> Farm:
    """A gauge on a plain token."""
    staked = dex.deploy("token", "Staked", "STK", 18, 3 * HELD)
    reward = dex.deploy("mocks/no_return")
    mint = dex.deploy("mocks/scripted_minter", reward) if minter else None
    gauge = dex.deploy("gauge", staked, mint or NOBODY, ALICE)
    for who in PEOPLE:
        dex.send(staked.write.approve(who, gauge, FOREVER))
        dex.send(staked.write.transfer(ALICE, who, HELD))
    return Farm(dex, staked, reward, mint, gauge)

"""A handle on a minter: what splits a token's emission over gauges."""

from __future__ import annotations

from functools import cache

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, Transaction
from dexsim.market.contract import Contract
from dexsim.market.erc20 import Erc20


@cache
def minter_interface() -> Interface:
    """The ABI of dexsim's minter."""
    return Interface(shipped("minter").abi)


class Minter:
    """Splits the emission of a token over gauges, by weights that its owner sets. Amounts in wei."""

    def __init__(self, address: Address, chain: Reader | None = None, *, reward: Erc20) -> None:
        self.reward = reward
        self.contract = Contract(minter_interface(), address, chain, name="minter")

    @property
    def address(self) -> Address:
        """Where the minter lives."""
        return self.contract.address

    def add_gauge(
        self, sender: Account | Address, *, gauge: object, weight: int = 1
    ) -> Transaction:
        """Register a gauge; from then on it is allotted its part. Only for the owner."""
        return self.contract.write.add_gauge(sender, gauge, weight)  # type: ignore[no-any-return]

    def set_weight(self, sender: Account | Address, *, gauge: object, weight: int) -> Transaction:
        """Change a gauge's weight from then on; zero ends its part. Only for the owner."""
        return self.contract.write.set_weight(sender, gauge, weight)  # type: ignore[no-any-return]

    def emitted(self, gauge: object) -> int:
        """What a gauge was allotted until now, drawn or not; 0 for who is none."""
        return int(self.contract.read.emitted(gauge))

    def drawn(self, gauge: object) -> int:
        """What was minted to a gauge."""
        return int(self.contract.read.drawn(gauge))

    def rate(self) -> int:
        """What the token emits a second now, to all gauges together."""
        token = Contract(shipped("incentive_token").abi, self.reward.address, self.contract.chain)
        return int(token.read.rate())

    def weight(self, gauge: object) -> int:
        """A gauge's weight; 0 for who is none."""
        return int(self.contract.read.weight(gauge))

    def total_weight(self) -> int:
        """The weights of all gauges together."""
        return int(self.contract.read.total_weight())

    def undistributed(self) -> int:
        """What was released until now and allotted to nobody."""
        return int(self.contract.read.undistributed())

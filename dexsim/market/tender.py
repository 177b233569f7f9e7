"""A handle on an offer to buy a whole token back."""

from __future__ import annotations

from functools import cache

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, Transaction
from dexsim.market.contract import Contract
from dexsim.market.erc20 import Erc20
from dexsim.market.issuer import Issuer


@cache
def tender_interface() -> Interface:
    """The ABI of dexsim's tender."""
    return Interface(shipped("tender").abi)


class Tender:
    """An offer for every token of an issuer. Amounts in wei.

    price: cash (wei) for 10**18 wei of the token, as the contract has it.
    deadline: seconds since 1970.
    """

    def __init__(
        self,
        address: Address,
        chain: Reader | None = None,
        *,
        token: Issuer,
        cash: Erc20,
        bidder: Account,
        price: int,
        deadline: int,
    ) -> None:
        self.token = token
        self.cash = cash
        self.bidder = bidder
        self.price = price
        self.deadline = deadline
        self.contract = Contract(tender_interface(), address, chain, name="tender")

    @property
    def address(self) -> Address:
        """Where it lives; the spender of tokens and cash to approve."""
        return self.contract.address

    def is_open(self) -> bool:
        """Whether the cash is laid down and nothing is settled."""
        return bool(self.contract.read.opened()) and not self.is_settled()

    def is_settled(self) -> bool:
        """Whether it is decided."""
        return bool(self.contract.read.settled())

    def succeeded(self) -> bool:
        """Whether the threshold was met."""
        return bool(self.contract.read.succeeded())

    def drags_along(self) -> bool:
        """Whether holders who did not accept can be squeezed out."""
        return bool(self.contract.read.drags_along())

    def accepted(self, who: Account | Address) -> int:
        """Tokens that a holder handed in."""
        return int(self.contract.read.accepted(who))

    def cash_held(self) -> int:
        """Cash that the bidder laid down and nobody was paid yet."""
        return int(self.contract.read.cash_held())

    def reached_bps(self) -> int:
        """The part of the supply that is handed in, in basis points."""
        return int(self.contract.read.reached_bps())

    def open(self) -> Transaction:
        """Lay down the cash, which has to be approved; the bidder's."""
        return self.contract.write.open(self.bidder)  # type: ignore[no-any-return]

    def accept(self, sender: Account | Address, *, amount: int) -> Transaction:
        """Hand tokens in, which have to be approved."""
        return self.contract.write.accept(sender, amount)  # type: ignore[no-any-return]

    def revoke(self, sender: Account | Address, *, amount: int) -> Transaction:
        """Take tokens back before the deadline."""
        return self.contract.write.revoke(sender, amount)  # type: ignore[no-any-return]

    def settle(self, sender: Account | Address) -> Transaction:
        """Decide, after the deadline."""
        return self.contract.write.settle(sender)  # type: ignore[no-any-return]

    def collect(self, sender: Account | Address, *, holder: object) -> Transaction:
        """Pay a holder who accepted, or give the tokens back after a failure."""
        return self.contract.write.collect(sender, holder)  # type: ignore[no-any-return]

    def squeeze(self, sender: Account | Address, *, holder: object) -> Transaction:
        """Buy everything of a holder at the squeeze-out price."""
        return self.contract.write.squeeze(sender, holder)  # type: ignore[no-any-return]

    def return_surplus(self, sender: Account | Address) -> Transaction:
        """Give the bidder the cash that a success no longer needs."""
        return self.contract.write.return_surplus(sender)  # type: ignore[no-any-return]

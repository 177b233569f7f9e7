"""A handle on an issuer: a token that is minted on deposit and redeemed for cash."""

from __future__ import annotations

from fractions import Fraction
from functools import cache, cached_property
from typing import Any

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, Transaction
from dexsim.market.contract import Contract
from dexsim.market.erc20 import Erc20

_ONE = 10**18
_UNLIMITED = 2**256 - 1


@cache
def issuer_interface() -> Interface:
    """The ABI of dexsim's issuer."""
    return Interface(shipped("issuer").abi)


class Issuer(Erc20):
    """The issued token itself, and its till. Amounts in wei; one token is one unit of cash."""

    def __init__(
        self, address: Address, chain: Reader | None = None, *, symbol: str, cash: Erc20
    ) -> None:
        super().__init__(address, chain, symbol=symbol, decimals=cash.decimals)
        self.cash = cash
        self.contract = Contract(issuer_interface(), address, chain, name=symbol)

    # --- what anybody can read ---------------------------------------------------

    def outstanding(self) -> int:
        """Tokens that there are, those that wait to be redeemed included."""
        return int(self.contract.read.outstanding())

    def reserve(self) -> int:
        """Cash held for redemptions."""
        return int(self.contract.read.reserve())

    def income(self) -> int:
        """Fees and other income that the owner can collect."""
        return int(self.contract.read.income())

    def waiting(self) -> int:
        """Tokens that were handed in and are not redeemed yet."""
        return int(self.contract.read.waiting())

    def minted(self) -> int:
        """Tokens minted since the beginning."""
        return int(self.contract.read.minted())

    def redeemed(self) -> int:
        """Tokens redeemed since the beginning."""
        return int(self.contract.read.redeemed())

    def coverage(self) -> Fraction:
        """The reserve by what is outstanding; 1 where nothing is."""
        return Fraction(int(self.contract.read.coverage()), _ONE)

    def is_open(self, time: int) -> bool:
        """Whether it mints and redeems at a time, seconds since 1970."""
        return bool(self.contract.read.is_open(time))

    def minting(self) -> bool:
        """Whether tokens can be minted."""
        return bool(self.contract.read.minting())

    def mint_room(self) -> int:
        """Tokens that a new block may mint, or this one still."""
        return int(self.contract.read.mint_room())

    def redeem_room(self) -> int:
        """Tokens that a new block may redeem, or this one still."""
        return int(self.contract.read.redeem_room())

    def deposit_for(self, amount: int) -> int:
        """The smallest deposit that mints exactly so much."""
        return int(self.contract.read.deposit_for(amount))

    def payment_for(self, amount: int) -> int:
        """What redeeming so much pays now; 0 where the reserve does not suffice."""
        return int(self.contract.read.payment_for(amount))

    def delay(self) -> int:
        """Seconds between a request and its payment; 0: redemption at once."""
        return int(self._terms[2])

    def mint_cap(self) -> int:
        """Tokens that a block may mint; a number beyond all where there is no cap."""
        return int(self._terms[3]) or _UNLIMITED

    def redeem_cap(self) -> int:
        """Tokens that a block may redeem; a number beyond all where there is no cap."""
        return int(self._terms[4]) or _UNLIMITED

    @cached_property
    def _terms(self) -> tuple[Any, ...]:
        """The contract's `Terms`, in its order; they never change."""
        return tuple(self.contract.read.terms())

    def requested(self, who: Account | Address) -> int:
        """Tokens of an account that wait to be redeemed."""
        return int(self.contract.read.requested(who))

    def payable_at(self, who: Account | Address) -> int:
        """When they may be claimed, seconds since 1970."""
        return int(self.contract.read.payable_at(who))

    def squeezable(self, who: Account | Address) -> int:
        """Tokens that a buy-out can take of a holder: those at hand and those that wait."""
        return int(self.contract.read.squeezable(who))

    def whitelisted(self, who: Account | Address) -> bool:
        """Whether an account is on the whitelist."""
        return bool(self.contract.read.whitelisted(who))

    # --- customers -----------------------------------------------------------------

    def issue(self, sender: Account | Address, *, deposit: int) -> Transaction:
        """Deposit cash, which has to be approved, and get tokens less the fee."""
        return self.contract.write.mint(sender, deposit)  # type: ignore[no-any-return]

    def redeem(self, sender: Account | Address, *, amount: int) -> Transaction:
        """Burn tokens for cash less the fee; without a delay."""
        return self.contract.write.redeem(sender, amount)  # type: ignore[no-any-return]

    def request(self, sender: Account | Address, *, amount: int) -> Transaction:
        """Hand tokens in, to be claimed after the delay."""
        return self.contract.write.request(sender, amount)  # type: ignore[no-any-return]

    def claim(self, sender: Account | Address, *, amount: int) -> Transaction:
        """Have tokens paid that waited long enough."""
        return self.contract.write.claim(sender, amount)  # type: ignore[no-any-return]

    def cancel(self, sender: Account | Address, *, amount: int) -> Transaction:
        """Take tokens back that wait."""
        return self.contract.write.cancel(sender, amount)  # type: ignore[no-any-return]

    # --- the owner -------------------------------------------------------------------

    def mint_at_par(self, sender: Account | Address, *, to: object, amount: int) -> Transaction:
        """Mint for the same amount of cash, free of fee, hours and caps; the owner's."""
        return self.contract.write.mint_at_par(sender, amount, to)  # type: ignore[no-any-return]

    def invest(self, sender: Account | Address, *, amount: int, to: object) -> Transaction:
        """Take cash out of the reserve, down to the coverage that is promised; the owner's."""
        return self.contract.write.invest(sender, amount, to)  # type: ignore[no-any-return]

    def divest(self, sender: Account | Address, *, amount: int) -> Transaction:
        """Put cash, which has to be approved, into the reserve."""
        return self.contract.write.divest(sender, amount)  # type: ignore[no-any-return]

    def collect_income(self, sender: Account | Address, *, amount: int, to: object) -> Transaction:
        """Take income out; the owner's."""
        return self.contract.write.collect_income(sender, amount, to)  # type: ignore[no-any-return]

    def set_minting(self, sender: Account | Address, *, minting: bool) -> Transaction:
        """Stop minting, or start it again; the owner's."""
        return self.contract.write.set_minting(sender, minting)  # type: ignore[no-any-return]

    def set_whitelisted(
        self, sender: Account | Address, *, account: object, allowed: bool = True
    ) -> Transaction:
        """Put an account on the whitelist or take it off; the owner's."""
        return self.contract.write.set_whitelisted(sender, account, allowed)  # type: ignore[no-any-return]

    def set_tender(self, sender: Account | Address, *, tender: object) -> Transaction:
        """Name the contract that may buy holders out; the owner's."""
        return self.contract.write.set_tender(sender, tender)  # type: ignore[no-any-return]

    def set_owner(self, sender: Account | Address, *, owner: object) -> Transaction:
        """Hand what is the owner's to somebody else; the owner's."""
        return self.contract.write.set_owner(sender, owner)  # type: ignore[no-any-return]

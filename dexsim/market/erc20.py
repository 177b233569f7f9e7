"""A handle on an ERC-20 token."""

from __future__ import annotations

from functools import cache

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, Transaction
from dexsim.market.contract import Contract
from dexsim.units import format_wei, to_wei

UNLIMITED = 2**256 - 1
"""An allowance that is never used up."""

_DIGITS = 6


@cache
def token_interface() -> Interface:
    """The ABI of dexsim's ERC-20; every ERC-20 answers to the standard part of it."""
    return Interface(shipped("token").abi)


class Erc20:
    """An ERC-20 token: amounts in and out are wei.

    symbol, decimals: as its creator named them; not asked from the chain.
    """

    def __init__(
        self, address: Address, chain: Reader | None = None, *, symbol: str, decimals: int = 18
    ) -> None:
        self.symbol = symbol
        self.decimals = decimals
        self.contract = Contract(token_interface(), address, chain, name=symbol)

    @property
    def address(self) -> Address:
        """Where the token lives."""
        return self.contract.address

    def __str__(self) -> str:
        return self.symbol

    def __repr__(self) -> str:
        return f"<token {self.symbol} at {self.address}>"

    def amount(self, whole: str) -> int:
        """Whole tokens as wei: `usdc.amount("2.5")`."""
        return to_wei(whole, self.decimals)

    def show(self, amount: int) -> str:
        """An amount as people read it: "2.5 USDC"."""
        return (
            f"{format_wei(amount, self.decimals, digits=min(_DIGITS, self.decimals))} {self.symbol}"
        )

    def balance(self, who: Account | Address) -> int:
        """What an account holds, in wei."""
        return int(self.contract.read.balanceOf(who))

    def total_supply(self) -> int:
        """All there is, in wei."""
        return int(self.contract.read.totalSupply())

    def allowance(self, owner: Account | Address, spender: object) -> int:
        """What `spender` may still take from `owner`, in wei."""
        return int(self.contract.read.allowance(owner, spender))

    def transfer(self, sender: Account | Address, *, to: object, amount: int) -> Transaction:
        """Send `amount` wei."""
        return self.contract.write.transfer(sender, to, amount)  # type: ignore[no-any-return]

    def approve(
        self, sender: Account | Address, *, spender: object, amount: int = UNLIMITED
    ) -> Transaction:
        """Let `spender` take up to `amount` wei."""
        return self.contract.write.approve(sender, spender, amount)  # type: ignore[no-any-return]

    def mint(self, sender: Account | Address, *, to: object, amount: int) -> Transaction:
        """Create `amount` wei; only a token's minter can (dexsim's own tokens)."""
        return self.contract.write.mint(sender, to, amount)  # type: ignore[no-any-return]

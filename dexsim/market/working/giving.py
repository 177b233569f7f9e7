"""What is done with tokens: sent, allowed, wrapped, and given to accounts that want to try things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dexsim.artifacts.library import shipped
from dexsim.chain.node import Node
from dexsim.chain.types import Address, Transaction
from dexsim.errors import ScenarioError, TransactionRejected
from dexsim.market.contract import Contract
from dexsim.market.deploying.book import WRAPPED, Book, Entry
from dexsim.market.erc20 import Erc20
from dexsim.market.working.acting import Action, check_balance
from dexsim.market.working.amounts import Said, exactly, read_amount, told
from dexsim.market.working.markets import COINS
from dexsim.market.working.tokens import token_of
from dexsim.units import Wei, to_wei

TOKEN_GAS_LIMIT = 100_000
_COIN_GAS_LIMIT = 60_000  # who gets them may be a contract

USEFUL = "10000"
"""Whole tokens that a test account is given of each token; of wrapped coins, and of coins, `USEFUL_COINS`."""
USEFUL_COINS = "10"


def transfer_action(token: Erc20, sender: Address, *, to: Address, amount: Wei) -> Action:
    """Send tokens. Raises TransactionRejected for more than the sender has."""
    check_balance(token, sender, amount)
    return _action(sender, token.transfer(sender, to=to, amount=amount), f"transfer of {token}")


def approve_action(token: Erc20, sender: Address, *, spender: Address, amount: Wei) -> Action:
    """Let somebody take tokens; zero takes the permission back."""
    return _action(
        sender, token.approve(sender, spender=spender, amount=amount), f"approval of {token}"
    )


def wrap_action(token: Erc20, sender: Address, amount: Wei) -> Action:
    """Make tokens of coins."""
    tx = _wrapping(token).write.deposit(sender, value=amount)
    return _action(sender, tx, f"wrapping of {COINS}")


def unwrap_action(token: Erc20, sender: Address, amount: Wei) -> Action:
    """Make coins of tokens. Raises TransactionRejected for more than the sender has."""
    check_balance(token, sender, amount)
    return _action(
        sender, _wrapping(token).write.withdraw(sender, amount), f"unwrapping of {token}"
    )


@dataclass(frozen=True, kw_only=True)
class Gift:
    """What an account is given of one thing. token: None for coins. steps: what does it.

    how: where it comes from, in words. lacking: why it cannot be given, or "".
    """

    token: Erc20 | None
    amount: Wei
    steps: tuple[Transaction, ...] = ()
    how: str = ""
    lacking: str = ""

    @property
    def told(self) -> str:
        """The amount in words."""
        decimals, symbol = (self.token.decimals, self.token.symbol) if self.token else (18, COINS)
        return f"{told(self.amount, decimals)} {symbol}"


def plan_gifts(
    book: Book, node: Node, giver: Address, to: Address, amounts: list[str]
) -> list[Gift]:
    """What `giver` can give of every token of the deployments, and coins for gas where `to` is poor.

    amounts: give these alone ("500 USDC", "2 ETH"). Stock comes first, minting next; coins are
    wrapped. Raises ScenarioError for what is no token here.
    """
    entries, wanted = book.some_tokens(), _wanted(amounts)
    gifts = []
    for entry in entries:
        token = token_of(entry, book.chain)
        default = USEFUL_COINS if entry.record.artifact == WRAPPED else USEFUL
        said = wanted.pop(token.symbol.casefold(), None)
        if said is None and amounts:
            continue
        amount = (
            said.wei(token.decimals, key="--amount") if said else to_wei(default, token.decimals)
        )
        gifts.append(_gift(entry, token, giver, to, amount))
    coins = wanted.pop(COINS.casefold(), None)
    if coins is not None or (not amounts and node.balance(to) < to_wei("1")):
        amount = coins.wei(18, key="--amount") if coins else to_wei(USEFUL_COINS)
        tx = Transaction(
            sender=giver,
            to=to,
            value=amount,
            gas_limit=_COIN_GAS_LIMIT,
            what=f"transfer of {COINS}",
        )
        gifts.append(Gift(token=None, amount=amount, steps=(tx,), how="for gas"))
    if wanted:
        known = ", ".join(entry.name for entry in entries)
        strange = ", ".join(repr(said.text) for said in wanted.values())
        raise ScenarioError(f"{strange}: the tokens here are {known}, and {COINS}", key="--amount")
    return gifts


def gifts_action(gifts: list[Gift], giver: Address) -> Action:
    """All that can be given. Raises TransactionRejected where nothing can."""
    steps = tuple(step for gift in gifts for step in gift.steps)
    if not steps:
        raise TransactionRejected("; ".join(gift.lacking for gift in gifts) or "nothing to give")
    return Action(sender=giver, transactions=steps)


def _wanted(amounts: list[str]) -> dict[str, Said]:
    wanted = {}
    for text in amounts:
        said = read_amount(text, key="--amount")
        if not said.unit:
            raise ScenarioError(f"{text!r} of which token? Say '500 USDC'", key="--amount")
        wanted[said.unit.casefold()] = said
    return wanted


def _gift(entry: Entry, token: Erc20, giver: Address, to: Address, amount: Wei) -> Gift:
    send = _quiet(token.transfer(giver, to=to, amount=amount), f"transfer of {token}")
    stock = token.balance(giver)
    if stock >= amount:
        return Gift(token=token, amount=amount, steps=(send,), how="from stock")
    if entry.record.artifact == WRAPPED:
        deposit = _wrapping(token).write.deposit(giver, value=amount - stock)
        wrap = _quiet(deposit, f"wrapping of {COINS}")
        return Gift(token=token, amount=amount, steps=(wrap, send), how="wrapped")
    if entry.record.artifact == "token" and token.contract.read.minter() == giver:
        mint = _quiet(token.mint(giver, to=to, amount=amount), f"minting of {token}")
        return Gift(token=token, amount=amount, steps=(mint,), how="minted")
    lacking = f"{giver} has {exactly(stock, token.decimals)} {token} and cannot mint any"
    return Gift(token=token, amount=amount, lacking=lacking)


def _wrapping(token: Erc20) -> Contract:
    return Contract(shipped(WRAPPED).abi, token.address, token.contract.chain, name=token.symbol)


def _action(
    sender: Address, tx: Transaction, what: str, refusals: Mapping[str, str] | None = None
) -> Action:
    return Action(sender=sender, transactions=(_quiet(tx, what),), refusals=refusals or {})


def _quiet(tx: Transaction, what: str) -> Transaction:
    return replace(tx, gas_limit=TOKEN_GAS_LIMIT, what=what)

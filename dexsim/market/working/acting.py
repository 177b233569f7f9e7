"""Carrying an action out on a node: what it may cost first, then its transactions one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from dexsim.chain.node import Node
from dexsim.chain.node_wire import NodeReceipt
from dexsim.chain.types import Address, Transaction
from dexsim.errors import Reverted, TransactionRejected
from dexsim.market.erc20 import Erc20
from dexsim.market.working.amounts import told
from dexsim.units import Wei


@dataclass(frozen=True)
class Approval:
    """A permission that an action needs: exactly what it moves. what: as people call the amount."""

    token: Erc20
    spender: Address
    amount: int
    what: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """What is sent: approvals, then transactions. refusals: what a contract's reason means, in words.

    A reason is known by words in it ("expired"), because routers differ in how they spell theirs.
    """

    sender: Address
    approvals: tuple[Approval, ...] = ()
    transactions: tuple[Transaction, ...]
    refusals: Mapping[str, str] = field(default_factory=dict)

    @property
    def steps(self) -> tuple[Transaction, ...]:
        """All transactions, in order."""
        allow = (
            replace(
                each.token.approve(self.sender, spender=each.spender, amount=each.amount),
                what=f"approval of {each.what}",
            )
            for each in self.approvals
        )
        return (*allow, *self.transactions)

    @property
    def value(self) -> int:
        """Coins that are sent along, in wei."""
        return sum(step.value for step in self.transactions)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Gas at today's price. exact: estimated by the node; else no more than this."""

    gas: int
    gas_price: int
    exact: bool

    @property
    def wei(self) -> int:
        """For all of it."""
        return self.gas * self.gas_price


def approvals_for(
    owner: Address, spender: Address, amounts: list[tuple[Erc20, int, str]]
) -> tuple[Approval, ...]:
    """What `owner` has to allow before so much can be taken; nothing where it is allowed already."""
    return tuple(
        Approval(token, spender, amount, what)
        for token, amount, what in amounts
        if token.allowance(owner, spender) < amount
    )


def cost_of(action: Action, node: Node) -> Cost:
    """What an action would cost now. Raises Reverted where the node knows that it would fail.

    What needs an approval first cannot be tried before it is given: there the limit counts.
    """
    known = action.steps[: len(action.approvals) or 1]
    gas = sum(_estimate(step, action, node) for step in known)
    gas += sum(step.gas_limit for step in action.steps[len(known) :])
    return Cost(gas=gas, gas_price=node.gas_price, exact=len(known) == len(action.steps))


def check_coins(action: Action, gas: Wei, node: Node) -> None:
    """That the sender has the coins for what is sent along, and for gas. Raises TransactionRejected."""
    has = node.balance(action.sender)
    if has >= action.value + gas:
        return
    parts = [f"{told(action.value, 18)} ETH to send along"] if action.value else []
    if gas:
        parts.append(f"{told(gas, 18)} ETH for gas at today's price")
    raise TransactionRejected(
        f"{action.sender} has {told(has, 18)} ETH, and this takes {' and '.join(parts)}"
    )


def check_balance(token: Erc20, owner: Address, amount: int, *, hint: str = "") -> None:
    """That somebody has so much of a token. Raises TransactionRejected."""
    has = token.balance(owner)
    if has < amount:
        decimals, symbol = token.decimals, token.symbol
        raise TransactionRejected(
            f"{owner} has {told(has, decimals)} {symbol}, and this takes {told(amount, decimals)} {symbol}"
            f"{f'; {hint}' if hint else ''}"
        )


def carry_out(
    action: Action, node: Node, on_step: Callable[[NodeReceipt], None] = lambda _: None
) -> list[NodeReceipt]:
    """Send everything, each transaction after the one before it is mined.

    Each is tried just before it is sent, so that what would fail costs nothing. Raises Reverted in
    words, TransactionRejected or NodeError from the node.
    """
    receipts = []
    for step in action.steps:
        gas = _estimate(step, action, node)
        limit = max(step.gas_limit, gas + gas // 2) if step.data else gas
        complete = replace(step, gas_limit=limit, max_priority_fee_per_gas=node.tip)
        try:
            receipts.append(node.send(complete))
        except Reverted as refused:
            raise _in_words(refused, step, action) from None
        on_step(receipts[-1])
    return receipts


def _estimate(step: Transaction, action: Action, node: Node) -> int:
    try:
        return node.estimate_gas(step)
    except Reverted as refused:
        raise _in_words(refused, step, action) from None


def _in_words(refused: Reverted, step: Transaction, action: Action) -> Reverted:
    """The contract's reason, and what it means."""
    plain = refused.reason.lower().replace("_", " ")
    meaning = next((words for sign, words in action.refusals.items() if sign in plain), "")
    reason = refused.reason or "no reason given"
    told_reason = f"{meaning} ({reason})" if meaning else reason
    return Reverted(told_reason, data=refused.data, receipt=refused.receipt, what=step.what)

"""What an agent may wish: its own accounts' orders, transactions and bundles, and nothing else."""

from __future__ import annotations

from collections.abc import Collection

from dexsim.agents.protocol import View
from dexsim.blockspace.bundles import Bundle, Unbundled, Wish
from dexsim.blockspace.desk import Desk
from dexsim.blockspace.orders import Order, Submission
from dexsim.blockspace.pending import Hint
from dexsim.chain.address import checksum
from dexsim.chain.types import Address, Transaction
from dexsim.errors import ScenarioError

_MOST_FEE = 2**63  # wei per gas; an int64 column
_MOST_VALUE = 10**38


def check_wish(wish: Wish, addresses: Collection[Address], desk: Desk, view: View) -> None:
    """Raises ScenarioError for anything that the agent cannot ask for, naming what and why."""
    if isinstance(wish, Order):
        _own(wish.account.address, addresses, f"an order of {wish.account}")
        desk.check_side(wish.market, wish.token_in)
    elif isinstance(wish, Transaction | Submission):
        tx = wish.transaction if isinstance(wish, Submission) else wish
        _transaction(tx, addresses)
    elif isinstance(wish, Bundle | Unbundled):
        _bundle(wish, view)
        for tx in wish.own:
            _transaction(tx, addresses)
        if wish.label is not None:
            for market in wish.label.markets[:1]:
                desk.check_side(market, wish.label.token)
    else:
        raise ScenarioError(f"an agent yields orders, transactions and bundles, not {wish!r}")


def _transaction(tx: Transaction, addresses: Collection[Address]) -> None:
    _own(tx.sender, addresses, tx.what or "a transaction")
    if not isinstance(tx.data, bytes):
        raise ScenarioError(f"a transaction's data are bytes, not {tx.data!r}")
    for address in filter(None, (tx.sender, tx.to)):
        checksum(address)
    fees = (tx.max_priority_fee_per_gas, tx.max_fee_per_gas or 0, tx.gas_limit, tx.nonce or 0)
    if not all(0 <= number < _MOST_FEE for number in fees):
        raise ScenarioError(f"{tx.what or 'a transaction'}: fees, gas and nonce are 0 to 2^63 - 1")
    if not 0 <= tx.value < _MOST_VALUE:
        raise ScenarioError(f"{tx.what or 'a transaction'}: a value of {tx.value} wei")


def _bundle(bundle: Bundle | Unbundled, view: View) -> None:
    """Others' transactions only as this agent was shown them, and blocks to come."""
    for leg in bundle.taken:
        if isinstance(leg, Hint) and leg not in view.hints:
            raise ScenarioError(f"{leg} is not among view.hints", key="legs")
    if isinstance(bundle, Bundle) and bundle.block is not None and bundle.block < view.block:
        raise ScenarioError(f"block {bundle.block} is over; this is {view.block}", key="block")


def _own(sender: Address, addresses: Collection[Address], what: str) -> None:
    if sender not in addresses:
        raise ScenarioError(
            f"{what} is sent from {sender}, which is no account of this agent; "
            "open one with setup.account(), and name others' pending transactions in a bundle"
        )

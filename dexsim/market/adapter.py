"""What dexsim asks of a pool of any shape: an adapter speaks for one pool, in these few words.

An adapter is a class of somebody's own, without a base class, made with the pool and its tokens:

    @dataclass(frozen=True)
    class Mine:
        pool: dx.Contract
        tokens: tuple[dx.Erc20, dx.Erc20]

        def reserves(self): ...
        def quote(self, token_in, amount_in): ...
        def swap(self, sender, token_in, amount_in, min_amount_out): ...
        def add(self, sender, base_amount, quote_amount): ...
        def remove(self, sender, shares): ...
        def shares(self, who): ...
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dexsim.artifacts.artifact import Artifact
from dexsim.chain.accounts import Account
from dexsim.chain.reader import Backend
from dexsim.chain.types import Address, Transaction
from dexsim.errors import ArtifactError
from dexsim.market.contract import Contract, deploy
from dexsim.market.erc20 import Erc20

Tokens = tuple[Erc20, Erc20]
"""Base and quote."""


class PoolAdapter(Protocol):
    """A pool of two tokens. Amounts are wei of the token in question; reads are of now.

    `token_in` is one of the two tokens that the adapter was made with. What a
    description of a change returns is one transaction of `sender`, which does
    the whole of it.

    Seven more are looked for, and done without:

    `deploy(chain, artifact, sender, tokens) -> Contract`, a static method that
    puts the pool on a chain. Without it the constructor is given the addresses
    of base and quote.

    `approvals(sender) -> list[Transaction]`: what an account has to allow before
    it trades. Without it: the pool may take both tokens.

    `fee_bps`: of a constant-product pool (x * y = k) that keeps so much of every
    input. Searchers then use closed forms instead of asking `quote`.

    `held_at`: the address of another contract that holds the pool's tokens.

    `also_holds`: addresses that hold tokens for the pool besides it, a treasury for example.

    `total_shares() -> int`: all shares. Judging a pool is more exact with it.

    `read_swap(tx) -> tuple[Erc20, int, int] | None`: (token_in, amount_in,
    min_amount_out) of a transaction that is a swap here. Orders are readable
    without it; transactions that an agent wrote itself are not.
    """

    def reserves(self) -> tuple[int, int]:
        """What the pool holds of base and of quote."""

    def quote(self, token_in: Erc20, amount_in: int) -> int:
        """What selling `amount_in` gives now; raises Reverted where it cannot be sold."""

    def swap(
        self, sender: Account | Address, token_in: Erc20, amount_in: int, min_amount_out: int
    ) -> Transaction:
        """Sell exactly `amount_in`; revert rather than give less than `min_amount_out`."""

    def add(self, sender: Account | Address, base_amount: int, quote_amount: int) -> Transaction:
        """Put in up to these amounts."""

    def remove(self, sender: Account | Address, shares: int) -> Transaction:
        """Give back shares, and get their part of both tokens."""

    def shares(self, who: Account | Address) -> int:
        """What somebody has of the pool."""


_ASKED = ("reserves", "quote", "swap", "add", "remove", "shares")


@dataclass(frozen=True, eq=False)
class OpenedPool:
    """A pool on a chain, and who speaks for it."""

    contract: Contract
    tokens: Tokens
    adapter: PoolAdapter

    def approvals(self, sender: Account | Address) -> Sequence[Transaction]:
        """What an account has to allow before it trades here."""
        own = getattr(self.adapter, "approvals", None)
        if own is not None:
            return own(sender)  # type: ignore[no-any-return]
        return [token.approve(sender, spender=self.contract) for token in self.tokens]


def open_pool(
    adapter: type[Any], chain: Backend, artifact: Artifact, sender: Account, tokens: Tokens
) -> OpenedPool:
    """Put a pool on a chain, with its adapter.

    Raises ArtifactError for an adapter that lacks something, or a constructor
    that takes anything but two addresses where the adapter has no `deploy`.
    """
    check_adapter(adapter)
    own = getattr(adapter, "deploy", None)
    if own is not None:
        contract = own(chain, artifact, sender, tokens)
    else:
        _insist_on_two_addresses(adapter, artifact)
        contract = deploy(chain, artifact, sender, *tokens)
    return OpenedPool(contract, tokens, adapter(contract, tokens))


def check_adapter(adapter: type[Any]) -> None:
    """Raises ArtifactError for a class that lacks something that every pool is asked."""
    missing = [name for name in _ASKED if not callable(getattr(adapter, name, None))]
    if missing:
        raise ArtifactError(f"{adapter.__name__} is no adapter: it has no {', '.join(missing)}()")


def _insist_on_two_addresses(adapter: type[Any], artifact: Artifact) -> None:
    taken = artifact.interface.constructor.input_types
    if taken != ("address", "address"):
        raise ArtifactError(
            f"the constructor of {artifact.name} takes ({', '.join(taken)}), not the addresses of "
            f"base and quote: give {adapter.__name__} a static method "
            "deploy(chain, artifact, sender, tokens) that makes the pool"
        )

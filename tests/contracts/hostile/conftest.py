"""A pool of one odd token and one plain token, for tests of what hostile tokens can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from dexsim.chain.accounts import Account
from dexsim.chain.types import Receipt, Transaction
from dexsim.market.contract import Contract

ALICE = Account.named("alice")
FOREVER = 2**256 - 1
RICHES = 10**30


@dataclass(frozen=True)
class Trial:
    """A pool and a router to try an odd token on. Pairs of amounts are (odd, plain)."""

    dex: Any
    odd: Contract
    plain: Contract
    pool: Contract
    router: Contract

    def pair(self, odd: Any, plain: Any) -> tuple[Any, Any]:
        """In the pool's order, and from it."""
        return (
            (odd, plain) if self.odd.address.lower() < self.plain.address.lower() else (plain, odd)
        )

    def do(self, contract: Contract, name: str, *args: Any, sender: Any = ALICE) -> Receipt:
        """One transaction."""
        return self.dex.send(getattr(contract.write, name)(sender, *args, gas_limit=5_000_000))

    def reserves(self) -> tuple[int, int]:
        """What the pool counts with."""
        return self.pair(*self.pool.read.getReserves()[:2])

    def held(self, who: Any) -> tuple[int, int]:
        """Balances of the two tokens."""
        # Asked as any token is: what an odd one may say is odd already in its ABI.
        odd = Contract(self.plain.interface, self.odd.address, self.dex.chain)
        return odd.read.balanceOf(who), self.plain.read.balanceOf(who)

    def liquidity(self, who: Any = ALICE) -> int:
        """Liquidity tokens of somebody."""
        return self.pool.read.balanceOf(who)

    def give(self, who: Any, odd: int = 0, plain: int = 0) -> None:
        """Alice sends tokens."""
        for token, amount in ((self.odd, odd), (self.plain, plain)):
            if amount:
                self.do(token, "transfer", who, amount)

    def add(self, odd: int, plain: int) -> Receipt:
        """Alice pays the pool and mints."""
        self.give(self.pool, odd, plain)
        return self.do(self.pool, "mint", ALICE)

    def swap(self, odd: int, plain: int, to: Any = ALICE, data: bytes = b"") -> Receipt:
        """A swap with these outputs, for what the pool was paid before."""
        return self.do(self.pool, "swap", *self.pair(odd, plain), to, data)

    def burn(self, liquidity: int, to: Any = ALICE) -> Receipt:
        """Alice sends liquidity to the pool and burns it."""
        self.do(self.pool, "transfer", self.pool, liquidity)
        return self.do(self.pool, "burn", to)

    def sell(
        self,
        token: Contract,
        amount: int,
        least: int = 0,
        *,
        to: Any = ALICE,
        sender: Any = ALICE,
        taxed: bool = False,
    ) -> Receipt:
        """Through the router; taxed: with the function for tokens that take fees of transfers."""
        name = "swapExactTokensForTokens" + "SupportingFeeOnTransferTokens" * taxed
        path = [token, self.plain if token is self.odd else self.odd]
        return self.do(self.router, name, amount, least, path, to, FOREVER, sender=sender)

    def join(self, odd: int, plain: int, least: tuple[int, int] = (0, 0)) -> Receipt:
        """Add liquidity through the router."""
        tokens = (self.odd, self.plain)
        return self.do(self.router, "addLiquidity", *tokens, odd, plain, *least, ALICE, FOREVER)

    def leave(self, liquidity: int, least: tuple[int, int] = (0, 0), to: Any = ALICE) -> Receipt:
        """Remove liquidity through the router."""
        tokens = (self.odd, self.plain)
        return self.do(self.router, "removeLiquidity", *tokens, liquidity, *least, to, FOREVER)


@pytest.fixture
def try_out(dex: Any) -> Callable[..., Trial]:
    """`try_out("selective")`: that mock, or a contract, in an empty pool with a plain token.

    Alice has 10**30 of each and lets the router take all three. `factory` and `router`: of
    another venue.
    """

    def prepare(
        odd: Any, *args: Any, factory: Contract | None = None, router: Contract | None = None
    ) -> Trial:
        if isinstance(odd, str):
            odd = dex.deploy(f"mocks/{odd}", *args)
            dex.send(odd.write.mint(ALICE, ALICE, RICHES))
        plain = dex.deploy("token", "Plain", "PLN", 18, RICHES)
        trial = Trial(dex, odd, plain, dex.create_pool(odd, plain, factory), router or dex.router)
        for token in (odd, plain, trial.pool):
            trial.do(token, "approve", trial.router, FOREVER)
        return trial

    return prepare


@pytest.fixture
def quoted() -> Callable[[int, int, int], int]:
    """`quoted(amount, reserve_in, reserve_out)`: the most that a swap at 30 bps gives."""

    def out(amount: int, reserve_in: int, reserve_out: int) -> int:
        return amount * 997 * reserve_out // (reserve_in * 1000 + amount * 997)

    return out


@pytest.fixture
def own_gas(dex: Any) -> Callable[[Transaction, Contract], int]:
    """`own_gas(tx, pool)`: gas that the pool itself would use, without what it calls."""

    def measure(tx: Transaction, pool: Contract) -> int:
        frames = [dex.chain.trace(tx)]
        while frames:
            frame = frames.pop()
            if frame.to == pool.address:
                return frame.gas_used - sum(call.gas_used for call in frame.calls)
            frames += frame.calls
        raise AssertionError("the pool was not called")

    return measure


@pytest.fixture
def callee(dex: Any) -> Contract:
    """A contract that makes the calls of `plan` when a pool or a token calls it."""
    return dex.deploy("mocks/flash_callee")


@pytest.fixture
def plan(dex: Any, callee: Contract) -> Callable[..., None]:
    """`plan(contract, "name", *args)`: have `callee` make this call when it is its turn."""

    def add(contract: Contract, name: str, *args: Any) -> None:
        data = getattr(contract.write, name)(ALICE, *args).data
        dex.send(callee.write.add_call(ALICE, contract, data))

    return add

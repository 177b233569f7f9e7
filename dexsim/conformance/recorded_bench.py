"""The pool contract with whatever reserves a record says, and a swap of whatever amounts."""

from __future__ import annotations

from dataclasses import replace

from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Transaction
from dexsim.errors import Reverted
from dexsim.market.contract import DEPLOY_GAS_LIMIT, Contract, blueprint_creation, created, creation

_OWNER = Account.named("recorded owner")
_ARCHITECT = Account.named("recorded architect")
_TRADER = Account.named("recorded trader")

_SUPPLY = 2**128
_COINS = 10**24


class Bench:
    """A pool with a fee, on a chain of its own, that begins again for every swap."""

    def __init__(self, fee_bps: int, engine: str = "auto") -> None:
        self.chain = Chain(engine, base_fee=0)
        for account in (_OWNER, _ARCHITECT, _TRADER):
            self.chain.set_balance(account, _COINS)
        artifact = shipped("pool")
        blueprint = created(self.chain.send(blueprint_creation(artifact, _ARCHITECT)))
        factory = self._create("factory", _OWNER, fee_bps, blueprint, artifact.init_code_hash)
        made = [self._create("token", f"Token {n}", n, 18, _SUPPLY) for n in "AB"]
        self._tokens = sorted(made, key=lambda token: int(token.address, 16))
        opening = factory.write.createPair(_OWNER, *self._tokens)
        self.chain.send(replace(opening, gas_limit=DEPLOY_GAS_LIMIT))
        self.pool = Contract(
            artifact.abi, factory.read.getPair(*self._tokens), self.chain, name="pool"
        )
        self._beginning = self.chain.snapshot()

    def hold(self, reserves: tuple[int, int]) -> None:
        """Begin again, with these reserves in wei."""
        self.chain.restore(self._beginning)
        self.pay(reserves)
        self.chain.send(self.pool.write.sync(_OWNER))

    def pay(self, amounts: tuple[int, int]) -> None:
        """Send tokens to the pool, as whoever swaps does before."""
        for token, amount in zip(self._tokens, amounts, strict=True):
            if amount:
                self.chain.send(token.write.transfer(_OWNER, self.pool, amount))

    def refusal(self, paid_out: tuple[int, int]) -> str:
        """Why the pool would not pay these amounts now; "" where it would. Changes nothing."""
        try:
            self.chain.call(self._swap(paid_out))
        except Reverted as refused:
            return refused.reason or "no reason given"
        return ""

    def swap(self, paid_out: tuple[int, int]) -> tuple[int, int]:
        """Have the pool pay; the reserves that it is left with. Raises Reverted."""
        self.chain.send(self._swap(paid_out))
        reserve0, reserve1, _ = self.pool.read.getReserves()
        return reserve0, reserve1

    def _swap(self, paid_out: tuple[int, int]) -> Transaction:
        swap: Transaction = self.pool.write.swap(_TRADER, *paid_out, _TRADER, b"")
        return swap

    def _create(self, name: str, *arguments: object) -> Contract:
        artifact = shipped(name)
        receipt = self.chain.send(creation(artifact, _OWNER, *arguments))
        return Contract(artifact.abi, created(receipt), self.chain, name=name)

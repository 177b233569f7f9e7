"""An exchange in use, on a chain of its own: what every flow begins with.

It is the same for every kit: the same accounts, tokens, amounts and times, and all addresses that
stand in calldata are equal and without a zero byte (which would be 12 gas cheaper than another).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Receipt, Transaction
from dexsim.gas.borrower import BORROWER_CODE
from dexsim.gas.kits import Kit
from dexsim.market.contract import Contract, blueprint_creation, created, creation

E18 = 10**18
FOREVER = 2**256 - 1
SUPPLY = 10_000 * E18

ALICE = Account.named("gas alice")
"""Trades and provides liquidity; owns all tokens."""
BOB = Account.named("gas bob")
"""May move what Alice owns, and holds liquidity himself."""
MINTER = Account.named("gas minter")
"""Creates the tokens."""
FOUNDER = Account.named("gas founder")
"""Creates the exchange, and chooses who receives the protocol fee."""
ARCHITECT = Account.named("gas architect")
"""Creates blueprints, so that the founder's contracts have the same addresses without one."""
TREASURY = Account.named("gas treasury")
"""Receives the protocol fee."""
BORROWER = Account.named("gas borrower")
"""An address with the code of a flash borrower."""

_GAS_LIMIT = 12_000_000
_COINS = 10**6 * E18
_HOPS = ((0, 1), (1, 2), (2, 3))


class Stage:
    """An exchange with pools between neighbours of four tokens a < b < c < d, and a pool of a and WETH.

    All pools but one have been minted to and synced, so that no counter of theirs is zero; `empty`,
    the pool of a and d, has only been created. There is no pool of a and c, nor of b and d. Alice has
    all tokens, liquidity of each pool, and has approved the router without limit. No time has passed
    since the last sync.

    token: creates the four tokens. They are the same for every exchange that is compared.
    """

    def __init__(self, kit: Kit, token: Artifact | None = None) -> None:
        self.kit = kit
        self.token_artifact = token or shipped("token")
        self.chain = Chain(base_fee=0)
        for account in (ALICE, BOB, MINTER, FOUNDER, ARCHITECT):
            self.chain.set_balance(account, _COINS)
        self.chain.engine.set_code(BORROWER.address, BORROWER_CODE)
        self.weth = self.create(kit.weth, FOUNDER, name="weth")
        self.factory = self.create(kit.factory, FOUNDER, *self.factory_arguments(), name="factory")
        self.router = self.create(kit.router, FOUNDER, self.factory, self.weth, name="router")
        self.tokens = self._make_tokens()
        self._open_pools()

    # --- what there is --------------------------------------------------------

    def path(self, hops: int) -> list[Contract]:
        """A path over so many pools."""
        return self.tokens[: hops + 1]

    @property
    def pool(self) -> Contract:
        """The pool of a and b, with 5 and 10 of them."""
        return self.pool_of(*self.tokens[:2])

    @property
    def empty(self) -> Contract:
        """A pool without liquidity."""
        return self.pool_of(self.tokens[0], self.tokens[3])

    @property
    def native_pool(self) -> Contract:
        """The pool of a and WETH, with 10 of each."""
        return self.pool_of(self.tokens[0], self.weth)

    def pool_of(self, token_a: Contract, token_b: Contract) -> Contract:
        """The pool of two tokens."""
        address = self.factory.read.getPair(token_a, token_b)
        return Contract(self.kit.pool.abi, address, self.chain, name="pool")

    def factory_arguments(self) -> list[object]:
        """What the factory's constructor takes; the blueprint is created where there is one."""
        if not self.kit.has_blueprint:
            return [FOUNDER]
        blueprint = created(self.send(self.blueprint_creation()))
        return [FOUNDER, 30, blueprint, self.kit.pool.init_code_hash]

    def blueprint_creation(self) -> Transaction:
        """The transaction that puts the pool's code on chain."""
        return blueprint_creation(self.kit.pool, ARCHITECT)

    # --- what happens ---------------------------------------------------------

    def send(self, tx: Transaction) -> Receipt:
        """Execute, in a block of its own at the time of the block before. Raises Reverted."""
        with self.chain.block(time_ms=self.chain.time_ms):
            return self.chain.send(replace(tx, gas_limit=_GAS_LIMIT))

    def gas(self, tx: Transaction, *, seconds: int = 12) -> int:
        """Gas of a whole transaction, in a block of its own so many seconds later. Raises Reverted."""
        with self.chain.block(time_ms=self.chain.time_ms + seconds * 1000):
            return self.chain.send(replace(tx, gas_limit=_GAS_LIMIT)).gas_used

    def create(self, artifact: Artifact, sender: Account, *args: object, name: str) -> Contract:
        """Create a contract."""
        receipt = self.send(creation(artifact, sender, *args))
        return Contract(artifact.abi, created(receipt), self.chain, name=name)

    def pay(self, *amounts: int, pool: Contract | None = None) -> None:
        """Send amounts of a pool's token0 and token1 to it; left out, to `pool`."""
        target = pool or self.pool
        known = {token.address: token for token in (*self.tokens, self.weth)}
        sides = (known[target.read.token0()], known[target.read.token1()])
        for token, amount in zip(sides, amounts, strict=False):
            if amount:
                self.send(token.write.transfer(ALICE, target, amount))

    def add(self, *amounts: int, pool: Contract | None = None) -> None:
        """Pay, and mint for Alice."""
        target = pool or self.pool
        self.pay(*amounts, pool=target)
        self.send(target.write.mint(ALICE, ALICE))

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What happens inside the `with` is undone after it."""
        with self.chain.anchor():
            yield

    # --- the beginning --------------------------------------------------------

    def _make_tokens(self) -> list[Contract]:
        names = ("A", "B", "C", "D")
        tokens = [
            self.create(self.token_artifact, MINTER, *self._token_arguments(n), name=n)
            for n in names
        ]
        for token in tokens:
            self.send(token.write.transfer(MINTER, ALICE, SUPPLY))
        return sorted(tokens, key=lambda token: int(token.address, 16))

    def _token_arguments(self, name: str) -> list[object]:
        """For dexsim's token; one that takes a single argument takes the supply."""
        if len(Interface(self.token_artifact.abi).constructor.inputs) == 1:
            return [SUPPLY]
        return [f"Token {name}", name, 18, SUPPLY]

    def _open_pools(self) -> None:
        self.send(self.weth.write.deposit(ALICE, value=100 * E18))
        a, *_, d = self.tokens
        pairs = [(self.tokens[i], self.tokens[j]) for i, j in _HOPS] + [(a, self.weth)]
        for pair in (*pairs, (a, d)):
            self.send(self.factory.write.createPair(ALICE, *pair))
        pools = [self.pool_of(*pair) for pair in pairs]
        for pool in pools[:-1]:
            self.add(5 * E18, 10 * E18, pool=pool)
        self.add(10 * E18, 10 * E18, pool=pools[-1])
        for token in (*self.tokens, self.weth, *pools):
            self.send(token.write.approve(ALICE, self.router, FOREVER))
        self.chain.advance(seconds=12)
        for pool in pools:
            self.send(pool.write.sync(ALICE))


def pairs_without_pool(stage: Stage) -> list[tuple[Contract, Contract]]:
    """Pairs of the four tokens that have no pool yet."""
    nobody = "0x" + "00" * 20
    read = stage.factory.read
    return [pair for pair in combinations(stage.tokens, 2) if read.getPair(*pair) == nobody]

"""An adapter for Uniswap-v2-shaped pools: people use them through a router."""

from __future__ import annotations

from dataclasses import dataclass

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account, address_of
from dexsim.chain.reader import Backend
from dexsim.chain.types import Address, Transaction
from dexsim.errors import ArtifactError
from dexsim.market.adapter import OpenedPool, Tokens
from dexsim.market.contract import Contract, blueprint_creation, created, deploy
from dexsim.market.erc20 import UNLIMITED, Erc20
from dexsim.market.factory import CREATE_POOL_GAS_LIMIT
from dexsim.market.router import LIQUIDITY_GAS_LIMIT, NO_DEADLINE, SWAP_GAS_LIMIT


@dataclass(frozen=True)
class PairAdapter:
    """A pair, its tokens and the router that people take. fee_bps: what is kept of every input."""

    pool: Contract
    tokens: Tokens
    router: Contract
    fee_bps: int = 30

    def reserves(self) -> tuple[int, int]:
        """What the pair knows that it holds of base and of quote."""
        reserve0, reserve1, _ = self.pool.read.getReserves()
        base, quote = (int(token.address, 16) for token in self.tokens)
        return (reserve0, reserve1) if base < quote else (reserve1, reserve0)

    def quote(self, token_in: Erc20, amount_in: int) -> int:
        """What the router says that selling gives."""
        return int(self.router.read.getAmountsOut(amount_in, self._path(token_in))[-1])

    def swap(
        self, sender: Account | Address, token_in: Erc20, amount_in: int, min_amount_out: int
    ) -> Transaction:
        """Sell exactly `amount_in`, or revert below `min_amount_out`."""
        return self.router.write.swapExactTokensForTokens(  # type: ignore[no-any-return]
            sender,
            amount_in,
            min_amount_out,
            self._path(token_in),
            address_of(sender),
            NO_DEADLINE,
            gas_limit=SWAP_GAS_LIMIT,
        )

    def add(self, sender: Account | Address, base_amount: int, quote_amount: int) -> Transaction:
        """Put in up to these amounts at the pair's ratio."""
        return self.router.write.addLiquidity(  # type: ignore[no-any-return]
            sender,
            *self.tokens,
            base_amount,
            quote_amount,
            0,
            0,
            address_of(sender),
            NO_DEADLINE,
            gas_limit=LIQUIDITY_GAS_LIMIT,
        )

    def remove(self, sender: Account | Address, shares: int) -> Transaction:
        """Give back LP tokens."""
        return self.router.write.removeLiquidity(  # type: ignore[no-any-return]
            sender,
            *self.tokens,
            shares,
            0,
            0,
            address_of(sender),
            NO_DEADLINE,
            gas_limit=LIQUIDITY_GAS_LIMIT,
        )

    def shares(self, who: Account | Address) -> int:
        """LP tokens that somebody holds."""
        return int(self.pool.read.balanceOf(who))

    def total_shares(self) -> int:
        """All LP tokens, the locked ones included."""
        return int(self.pool.read.totalSupply())

    def approvals(self, sender: Account | Address) -> list[Transaction]:
        """The router may take both tokens, and LP tokens."""
        approved = (*(token.contract for token in self.tokens), self.pool)
        return [each.write.approve(sender, self.router, UNLIMITED) for each in approved]

    def _path(self, token_in: Erc20) -> list[Address]:
        base, quote = (token.address for token in self.tokens)
        return [base, quote] if token_in.address == base else [quote, base]


def open_pair(
    chain: Backend,
    pool_artifact: Artifact,
    sender: Account,
    tokens: Tokens,
    *,
    factory: Artifact | None = None,
    router: Artifact | None = None,
    fee_bps: int = 30,
) -> OpenedPool:
    """Put factory, router and the pair of two tokens on a chain.

    factory: dexsim's own by default, which takes the pool as a blueprint and fixes its fee; or one with
        the same constructor; or one that brings its own pair, whose constructor takes the fee's setter.
    router: dexsim's own by default; its constructor takes a factory and wrapped native money.
    Raises ArtifactError for a factory with another constructor, and Reverted.
    """
    weth = deploy(chain, shipped("weth"), sender)
    made = make_factory(
        chain, factory or shipped("factory"), pool_artifact, sender, fee_bps=fee_bps
    )
    door = deploy(chain, router or shipped("router"), sender, made, weth)
    tx = made.write.createPair(sender, *tokens, gas_limit=CREATE_POOL_GAS_LIMIT)
    chain.send(tx)
    pair = Contract(pool_artifact.abi, made.read.getPair(*tokens), chain, name=pool_artifact.name)
    return OpenedPool(pair, tokens, PairAdapter(pair, tokens, door, fee_bps))


_OWN_PAIR = ("address",)
_BLUEPRINT = ("address", "uint256", "address", "bytes32")


def brings_its_own_pair(factory: Artifact) -> bool:
    """Whether a factory carries the pair in its own code, as Uniswap's does."""
    return factory.interface.constructor.input_types == _OWN_PAIR


def make_factory(
    chain: Backend,
    factory: Artifact,
    pool: Artifact,
    sender: Account,
    *,
    fee_bps: int,
    init_code_hash: bytes | None = None,
) -> Contract:
    """Put a factory of pairs on a chain; the fee is that of one like dexsim's, which takes a blueprint.

    init_code_hash: what it is told of the blueprint; by default the pool's own.
    Raises ArtifactError for a factory with another constructor, and Reverted.
    """
    if brings_its_own_pair(factory):
        return deploy(chain, factory, sender, sender)
    taken = factory.interface.constructor.input_types
    if taken != _BLUEPRINT:
        raise ArtifactError(
            f"the constructor of {factory.name} takes ({', '.join(taken)}); a pair's factory takes "
            "(address), the fee's setter, or (address, uint256, address, bytes32): setter, fee in "
            "basis points, the pool's blueprint, and the hash of its init code"
        )
    blueprint = created(chain.send(blueprint_creation(pool, sender)))
    code = init_code_hash or pool.init_code_hash
    return deploy(chain, factory, sender, sender, fee_bps, blueprint, code)

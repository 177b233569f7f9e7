"""What a plan would cost, without sending anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dexsim.chain.chain import Chain
from dexsim.chain.reader import Backend
from dexsim.chain.types import Address
from dexsim.errors import DeploymentError
from dexsim.market.deploying.apply import perform
from dexsim.market.deploying.plan import Plan, Recipe
from dexsim.units import format_wei

_RICH = 10**30  # wei: more than any gas costs
_DIGITS = 6


class PricedBackend(Backend, Protocol):
    """A chain that tells what gas costs."""

    @property
    def base_fee(self) -> int:
        """Wei per gas."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A plan on a chain as it is now. gas: of each step; gas_price and balance in wei."""

    plan: Plan
    chain_id: int
    gas: tuple[int, ...]
    gas_price: int
    balance: int

    @property
    def total_gas(self) -> int:
        """Gas of all steps."""
        return sum(self.gas)

    @property
    def cost(self) -> int:
        """Wei for all of the gas at today's price."""
        return self.total_gas * self.gas_price

    def check_funds(self) -> None:
        """Raises DeploymentError when the deployer cannot pay for all steps."""
        if self.balance < self.cost:
            raise DeploymentError(
                f"{self.plan.deployer} has {_native(self.balance)}, {self.plan.name} costs about "
                f"{_native(self.cost)}: send it native money, or choose another account by --from"
            )


def estimate(recipe: Recipe, backend: PricedBackend, deployer: Address) -> Estimate:
    """The plan that `apply` would send now, with its gas."""
    return Estimate(
        plan=recipe.build(deployer, backend.nonce(deployer)),
        chain_id=backend.chain_id,
        gas=rehearse(recipe, deployer),
        gas_price=backend.base_fee,
        balance=backend.balance(deployer),
    )


def rehearse(recipe: Recipe, deployer: Address) -> tuple[int, ...]:
    """Gas of each step, by sending the plan to a new chain in this process.

    The deployer's nonce is 0 there; from another nonce the addresses differ,
    and with them the zero bytes in calldata: a few gas more or less.
    """
    chain = Chain()
    chain.set_balance(deployer, _RICH)
    return tuple(done.receipt.gas_used for done in perform(recipe.build(deployer, 0), chain))


def _native(wei: int) -> str:
    return f"{format_wei(wei, digits=_DIGITS)} of native money"

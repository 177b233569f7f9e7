"""What a plan would cost, without sending anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dexsim.chain.chain import Chain
from dexsim.chain.types import Address
from dexsim.errors import DeploymentError, Reverted
from dexsim.market.deploying.apply import carry_out
from dexsim.market.deploying.ledger import Embedded, Ledger
from dexsim.market.deploying.manifest import Manifest
from dexsim.market.deploying.plan import Ground, Recipe, Step
from dexsim.market.deploying.standing import Standing, standing
from dexsim.units import format_wei

_RICH = 10**30  # wei: more than any gas costs
_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What is left of a plan on a chain as it is now.

    gas: of each step of the plan, by name. gas_price, balance: wei; nonce: the deployer's next.
    """

    standing: Standing
    chain_id: int
    gas: Mapping[str, int]
    gas_price: int
    balance: int
    nonce: int

    @property
    def remaining(self) -> tuple[Step, ...]:
        """What is still to be sent."""
        return self.standing.remaining

    @property
    def total_gas(self) -> int:
        """Gas of what is still to be sent."""
        return sum(self.gas[step.name] for step in self.remaining)

    @property
    def value(self) -> int:
        """Wei that the steps send along: what is wrapped."""
        return sum(step.transaction.value for step in self.remaining)

    @property
    def cost(self) -> int:
        """Wei for all of that gas at today's price."""
        return self.total_gas * self.gas_price

    @property
    def gas_limits(self) -> dict[str, int]:
        """Of each step: half more than it took in process, for chains whose rules cost more."""
        return {name: gas + gas // 2 for name, gas in self.gas.items()}

    def check_funds(self) -> None:
        """Raises DeploymentError when the deployer cannot pay for what is left."""
        needed = self.cost + self.value
        if self.balance < needed:
            raise DeploymentError(
                f"{self.standing.plan.deployer} has {_native(self.balance)}, and what is left of "
                f"{self.standing.plan.name} takes about {_native(needed)}: send it native money, or "
                "choose another account by --from"
            )


def estimate(
    recipe: Recipe, ledger: Ledger, deployer: Address, manifest: Manifest | None = None
) -> Estimate:
    """What `apply` would send now, with its gas. Raises DeploymentError as `standing` does."""
    found = standing(recipe, ledger, deployer=deployer, manifest=manifest)
    return Estimate(
        standing=found,
        chain_id=ledger.chain_id,
        gas=rehearse(recipe, deployer),
        gas_price=ledger.gas_price,
        balance=ledger.balance(deployer),
        nonce=ledger.nonce(deployer),
    )


def rehearse(recipe: Recipe, deployer: Address) -> dict[str, int]:
    """Gas of each step by name, by sending the whole plan to a new chain in this process.

    The deployer's nonce is 0 there; from another nonce the addresses differ,
    and with them the zero bytes in calldata: a few gas more or less.
    Raises DeploymentError for a step that a contract refuses.
    """
    chain = Chain()
    chain.set_balance(deployer, _RICH)
    plan = recipe.build(Ground(deployer=deployer, nonce=0, time=chain.env.timestamp))
    ledger = Embedded(chain)
    return {step.name: _gas_of(step, ledger) for step in plan.steps}


def _gas_of(step: Step, ledger: Ledger) -> int:
    try:
        return carry_out(step, ledger).receipt.gas_used
    except Reverted as refused:
        raise DeploymentError(
            f"{step.name} cannot succeed: {refused} (so it went in a rehearsal in process)"
        ) from None


def _native(wei: int) -> str:
    return f"{format_wei(wei, digits=_DIGITS)} of native money"

"""Whose balances are recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dexsim.chain.chain import Chain
from dexsim.chain.types import Address
from dexsim.market.auctions import KEEPER
from dexsim.market.deployment import DEPLOYER, Deployment
from dexsim.results.ledger import ZERO

OTHERS = "others"
"""Addresses that nobody in the scenario owns."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody whose balances are recorded."""

    name: str
    role: str
    addresses: tuple[Address, ...]


def all_holders(chain: Chain, deployment: Deployment, agents: Sequence[Holder]) -> list[Holder]:
    """The agents, and everybody else who holds something by the nature of the world."""
    holders = list(agents)
    for market, account in deployment.liquidity.items():
        holders.append(Holder(f"{market} liquidity", "liquidity", (account.address,)))
    holders += [
        Holder(f"pool {name}", "pool", pool.places) for name, pool in deployment.pools.items()
    ]
    holders += [
        Holder(f"gauge {name}", "gauge", (gauge.address,))
        for name, gauge in deployment.gauges.items()
    ]
    holders += [
        Holder(f"issuer {name}", "issuer", (issuer.address,))
        for name, issuer in deployment.issuers.items()
    ]
    holders += [
        Holder(f"tender {name}", "tender", (tender.address,))
        for name, tender in deployment.tenders.items()
    ]
    holders += [
        Holder(f"auction {name}", "auction", (auction.address,))
        for name, auction in deployment.auctions.items()
    ]
    if deployment.auctions:
        holders.append(Holder(KEEPER.name, "keeper", (KEEPER.address,)))
    tokens = deployment.tokens.items()
    contracts = tuple(t.address for name, t in tokens if name not in deployment.issuers)
    routers = tuple(venue.router.address for venue in deployment.venues.values())
    holders.append(Holder("contracts", "contract", contracts + routers))
    holders.append(Holder("builder", "builder", (chain.coinbase,)))
    holders.append(Holder("deployer", "deployer", (DEPLOYER.address,)))
    holders.append(Holder("locked", "locked", (ZERO,)))
    return holders


def by_address(holders: Sequence[Holder]) -> dict[Address, str]:
    """The names of holders by their addresses."""
    return {address: holder.name for holder in holders for address in holder.addresses}

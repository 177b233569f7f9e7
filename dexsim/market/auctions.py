"""Batch auctions in front of a world's pools, set up before anybody has an account."""

from __future__ import annotations

from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.market.batch_auction import BatchAuction
from dexsim.market.contract import creation
from dexsim.market.deployment import DEPLOYER, Deployment
from dexsim.market.pool import Pool
from dexsim.units import to_wei

KEEPER = Account.named("keeper")
"""Who settles batches, and pays the gas for it."""

_NATIVE = "1000"


def install_auctions(deployment: Deployment) -> None:
    """An auction for each constant-product pool of the world; accounts opened from now on may use them."""
    chain = deployment.chain
    with chain.setup_block():
        chain.endow(KEEPER, to_wei(_NATIVE))
        for market, pool in deployment.pools.items():
            if isinstance(pool, Pool):
                made = chain.send(creation(shipped("batch_auction"), DEPLOYER, pool))
                assert made.contract_address is not None
                auction = BatchAuction(made.contract_address, chain, pool=pool)
                deployment.auctions[market] = auction

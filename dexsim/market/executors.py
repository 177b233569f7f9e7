"""Searchers' contracts of agents, set up before the first block."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from dexsim.chain.accounts import Account
from dexsim.market.deployment import Deployment
from dexsim.market.searcher import Searcher, searcher_creation
from dexsim.units import to_wei


def install(
    deployment: Deployment,
    owner: Account,
    funds: Mapping[str, str | Decimal],
    *,
    native: str,
    agent: str = "",
) -> Searcher:
    """An account's own contract to trade through, with tokens and native money in it.

    funds: whole tokens by symbol. native: whole native tokens. agent: whose it is. Raises
    ScenarioError for a token that is not there, or that cannot be given.
    """
    deployment.account(owner.name, funds, native="0", agent=agent)
    chain = deployment.chain
    with chain.setup_block():
        made = chain.send(searcher_creation(owner)).contract_address
        assert made is not None
        for symbol, whole in funds.items():
            token = deployment.tokens[symbol]
            amount = to_wei(whole, token.decimals)
            if amount:
                chain.send(token.transfer(owner, to=made, amount=amount))
        chain.endow(made, to_wei(native))
    deployment.executors[made] = owner.name
    return Searcher(made, chain, owner=owner)

"""How accounts of a world get tokens before the first block: each kind in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.errors import ScenarioError
from dexsim.market.contract import Contract
from dexsim.market.erc20 import UNLIMITED
from dexsim.market.incentive import Incentive
from dexsim.market.issuer import Issuer
from dexsim.market.world import Weth
from dexsim.units import format_wei

if TYPE_CHECKING:
    from dexsim.market.deployment import Deployment

DEPLOYER = Account.named("deployer")


def give(stage: Deployment, account: Account, symbol: str, amount: int) -> None:
    """Give an account tokens, in wei.

    Plain ones are minted, wrapped ones wrapped from endowed native money,
    issued ones minted at par against backing that is given to the issuer's owner
    first, and incentive tokens shared out of their initial supply. Raises
    ScenarioError for more of the latter than is left.
    """
    kind, token = stage.world.tokens[symbol], stage.tokens[symbol]
    if isinstance(kind, Incentive):
        _share_out(stage, account, symbol, amount)
    elif isinstance(token, Issuer):
        _issue(stage, account, token, amount)
    elif isinstance(kind, Weth):
        stage.chain.endow(account, amount)
        wrap = Contract(shipped("weth").abi, token.address, name=symbol)
        stage.chain.send(wrap.write.deposit(account, value=amount))
    else:
        stage.chain.send(token.mint(DEPLOYER, to=account, amount=amount))


def _issue(stage: Deployment, account: Account, issuer: Issuer, amount: int) -> None:
    """Deposit the backing for somebody, free of fees, caps and hours."""
    give(stage, DEPLOYER, issuer.cash.symbol, amount)
    if issuer.cash.allowance(DEPLOYER, issuer) < amount:
        stage.chain.send(issuer.cash.approve(DEPLOYER, spender=issuer))
    stage.chain.send(issuer.mint_at_par(DEPLOYER, to=account, amount=amount))


def _share_out(stage: Deployment, account: Account, symbol: str, amount: int) -> None:
    """Give of an incentive token's initial supply, which is all that need not be earned."""
    token = stage.tokens[symbol]
    left = token.balance(DEPLOYER)
    if amount > left:
        some = f"{format_wei(left, token.decimals)} of its initial supply are left"
        raise ScenarioError(
            f"{symbol} can only be earned, not given to {account}: "
            f"{format_wei(amount, token.decimals)} are wanted, and "
            f"{some if left else 'nothing is left'}"
        )
    if account != DEPLOYER:
        stage.chain.send(token.transfer(DEPLOYER, to=account, amount=amount))


def allow(stage: Deployment, account: Account, symbol: str, spender: object) -> None:
    """Let a contract take a token from an account, without limit."""
    token = stage.tokens[symbol]
    if token.allowance(account, spender) < UNLIMITED // 2:
        with stage.chain.setup_block():
            stage.chain.send(token.approve(account, spender=spender))


def admit(stage: Deployment, issuer: Issuer, who: object) -> None:
    """Put somebody on an issuer's whitelist."""
    with stage.chain.setup_block():
        stage.chain.send(issuer.set_whitelisted(DEPLOYER, account=who))

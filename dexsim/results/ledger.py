"""Who holds what, kept from the tokens' own events, and checked against the chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from eth_hash.auto import keccak

from dexsim.chain.address import from_bytes
from dexsim.chain.types import Address, Log
from dexsim.market.deployment import Deployment
from dexsim.market.erc20 import Erc20
from dexsim.market.world import Weth

ZERO = "0x0000000000000000000000000000000000000000"


def _topic(signature: str) -> bytes:
    return bytes(keccak(signature.encode()))


TRANSFER = _topic("Transfer(address,address,uint256)")
_WRAPPED = _topic("Deposit(address,uint256)")
_UNWRAPPED = _topic("Withdrawal(address,uint256)")
STAKED = _topic("Deposited(address,uint256)")
UNSTAKED = _topic("Withdrawn(address,uint256)")
CLAIMED = _topic("Claimed(address,address,uint256)")


class Ledger:
    """Balances by token and address, from logs alone.

    Tokens are named by symbol; a pool's LP token is "LP <market>", and what
    somebody has staked in a gauge is "staked <gauge>". Shares of a pool that
    are no token have no events, and are entered as `hold_shares` is told. A transfer to the zero
    address looks like a burn: only there is the token asked what it was.
    """

    def __init__(self, deployment: Deployment) -> None:
        self.balances: dict[tuple[str, Address], int] = defaultdict(int)
        self._minted: dict[str, int] = defaultdict(int)
        self._burned: dict[str, int] = defaultdict(int)
        kinds = deployment.world.tokens
        self._tokens = {token.address: token for token in _tokens(deployment)}
        self._symbols = {address: token.symbol for address, token in self._tokens.items()}
        self._wrapped = {
            token.address
            for symbol, token in deployment.tokens.items()
            if isinstance(kinds[symbol], Weth)
        }
        self._gauges = {
            gauge.address: f"staked {name}" for name, gauge in deployment.gauges.items()
        }

    def apply(self, logs: Iterable[Log]) -> None:
        """Enter what the logs say."""
        symbols = self._symbols
        for log in logs:
            token = symbols.get(log.address)
            if token is not None:
                self._token_log(token, log)
            elif log.address in self._gauges:
                self._gauge_log(self._gauges[log.address], log)

    def close_block(self) -> tuple[dict[str, int], dict[str, int]]:
        """What was minted and burned since the last time, in wei by token."""
        for token in self._tokens.values():
            if self._burned.get(token.symbol):
                self._keep_what_zero_holds(token)
        minted, burned = dict(self._minted), dict(self._burned)
        self._minted.clear()
        self._burned.clear()
        return minted, burned

    def net_minted(self) -> dict[str, int]:
        """What was minted less what was burned since the last time, in wei by token, by events alone."""
        tokens = sorted({*self._minted, *self._burned})
        return {token: self._minted[token] - self._burned[token] for token in tokens}

    def hold_shares(self, shares: Mapping[tuple[str, Address], int]) -> None:
        """Enter shares that are no token, by market and holder, as they were asked."""
        for (market, who), amount in shares.items():
            self.balances[f"LP {market}", who] = amount

    def _keep_what_zero_holds(self, token: Erc20) -> None:
        """What the zero address has now was sent there, and not burned."""
        sent = token.balance(ZERO) - self.balances[token.symbol, ZERO]
        self.balances[token.symbol, ZERO] += sent
        self._burned[token.symbol] -= sent

    def _token_log(self, token: str, log: Log) -> None:
        topics = log.topics
        kind = topics[0] if topics else b""
        if kind == TRANSFER and len(topics) == 3:
            self._move(token, _address(topics[1]), _address(topics[2]), _amount(log))
        elif log.address in self._wrapped and kind == _WRAPPED:
            self._move(token, ZERO, _address(log.topics[1]), _amount(log))
        elif log.address in self._wrapped and kind == _UNWRAPPED:
            self._move(token, _address(log.topics[1]), ZERO, _amount(log))

    def _move(self, token: str, source: Address, target: Address, amount: int) -> None:
        """From the zero address: made. To it: destroyed, for now; made there: locked liquidity."""
        if source == ZERO:
            self._minted[token] += amount
        else:
            self.balances[token, source] -= amount
        if target == ZERO and source != ZERO:
            self._burned[token] += amount
        else:
            self.balances[token, target] += amount

    def _gauge_log(self, stake: str, log: Log) -> None:
        kind = log.topics[0] if log.topics else b""
        if kind not in {STAKED, UNSTAKED}:
            return
        amount = _amount(log) if kind == STAKED else -_amount(log)
        self.balances[stake, _address(log.topics[1])] += amount
        (self._minted if amount > 0 else self._burned)[stake] += abs(amount)

    def supplies(self) -> dict[str, int]:
        """What there is of every token, wei by its name."""
        total: dict[str, int] = defaultdict(int)
        for (token, _), amount in self.balances.items():
            total[token] += amount
        return total

    def differences(self) -> list[str]:
        """Where the chain's own answers differ from the ledger, in words; empty when nowhere.

        Every balance that an event ever named is asked from its contract.
        """
        found = []
        holders: dict[str, dict[Address, int]] = defaultdict(dict)
        for (name, who), wei in self.balances.items():
            holders[name][who] = wei
        for token in self._tokens.values():
            held = holders[token.symbol]
            for address, amount in held.items():
                told = token.balance(address)
                if told != amount:
                    found.append(f"{token} of {address}: {amount} by its events, {told} on chain")
            total = token.total_supply()
            if total != sum(held.values()):
                by_events = sum(held.values())
                found.append(f"supply of {token}: {by_events} by its events, {total} on chain")
        return found


def _tokens(deployment: Deployment) -> list[Erc20]:
    """Everything with balances: the world's tokens, and the pools' LP tokens, where they are tokens."""
    liquidity = [
        Erc20(pool.address, deployment.chain, symbol=f"LP {name}")
        for name, pool in deployment.pools.items()
        if pool.shares_are_tokens
    ]
    return [*deployment.tokens.values(), *liquidity]


@lru_cache(maxsize=65_536)
def _address(topic: bytes) -> Address:
    return from_bytes(topic[12:])


def _amount(log: Log) -> int:
    return int.from_bytes(log.data[:32], "big")

"""What random calls of the market's contracts are written with."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from eth_account import Account as Keys

from dexsim.chain.accounts import Account
from dexsim.chain.types import BlockEnv, CallResult, Transaction
from parity.abi_values import amount
from parity.market import FOREVER, NOBODY, PEOPLE, TOKENS, Ledger, Market


@dataclass(frozen=True)
class Call:
    """A function called by somebody; everybody and everything by name.

    sender: "" for anybody.
    """

    to: str
    function: str
    args: tuple[Any, ...] = ()
    sender: str = ""
    value: int = 0


class Desk:
    """A die, the market, and what can be asked of it."""

    def __init__(self, rng: random.Random, market: Market, ledger: Ledger) -> None:
        self.rng = rng
        self.market = market
        self.ledger = ledger
        self.block: BlockEnv

    def chance(self, share: float) -> bool:
        """True in this share of the cases."""
        return self.rng.random() < share

    def person(self) -> str:
        """Somebody who holds everything."""
        return self.rng.choice(PEOPLE)

    def token(self) -> str:
        """One of the plain tokens."""
        return self.rng.choice(TOKENS)

    def pool(self) -> str:
        """A pool's name, which begins with those of its tokens."""
        return self.rng.choice(self.market.of("pool"))

    def tokens_of(self, pool: str) -> tuple[str, str]:
        """Its two tokens as it orders them."""
        one, two = pool.split(maxsplit=1)[0].split("/")
        ordered = sorted((one, two), key=lambda name: int(self.market.address[name], 16))
        return ordered[0], ordered[1]

    def spender(self) -> str:
        """Somebody to allow something to."""
        return self.rng.choice((*PEOPLE, "router", "gauge", "house", "stranger"))

    def amount(self, most: int = 10**22) -> int:
        """What most people can pay, and pools give."""
        return amount(self.rng, most)

    def wei(self) -> int:
        """Money for a payable function."""
        return self.amount(10**18)

    def deadline(self) -> int:
        """Most often kept."""
        return self.rng.choice((FOREVER, self.block.timestamp, self.block.timestamp + 9, 0))

    def path(self) -> list[str]:
        """Tokens along pools of the venue."""
        paths = [["red", "green"], ["red", "green", "blue"], ["green", "blue"], ["red", "blue"]]
        return self._either_way(self.rng.choice(paths))

    def path_from_weth(self) -> list[str]:
        """One that begins with the wrapped coin."""
        return self.rng.choice((["weth", "red"], ["weth", "red", "green"]))

    def pools_between(self, token: str) -> list[str]:
        """One or two pools, the first of them with that token."""
        paths = {
            "red": (["red/green"], ["red/green", "green/blue"], ["red/weth"]),
            "green": (["green/blue"], ["red/green cheap", "red/weth"]),
            "blue": (["green/blue"], ["green/blue", "red/green"]),
        }
        return self.rng.choice(paths[token])

    def _either_way(self, path: list[str]) -> list[str]:
        return path[::-1] if self.chance(0.5) else path

    def ask(self, name: str, function: str, *args: Any) -> Any:
        """A view's answer, None where it refuses."""
        data = self.market.calldata(name, function, args)
        tx = Transaction(sender=NOBODY, to=self.market.address[name], data=data)
        told = self.ledger.call(tx, self.block)
        if not isinstance(told, CallResult) or not told.status:
            return None
        return self.market.interface(name).function(function, len(args)).decode_output(told.output)

    def permit(self, token: str, title: str, owner: str, spender: str) -> tuple[Any, ...]:
        """The arguments of a permit that its owner signed, or sometimes for another amount."""
        wei, chain_id = self.amount(), self.rng.choice((1_337, 1_337, 1_337, 1))
        terms = {"owner": owner, "spender": spender, "value": wei, "deadline": FOREVER}
        signed = Keys.sign_typed_data(
            Account.named(owner).key,
            {
                "name": title,
                "version": "1",
                "chainId": chain_id,
                "verifyingContract": self.market.address[token],
            },
            {"Permit": [{"name": name, "type": kind} for name, kind in PERMIT]},
            {
                **{name: self.market.plain(value) for name, value in terms.items()},
                "nonce": self.ask(token, "nonces", owner) or 0,
            },
        )
        signature = (signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big"))
        return (owner, spender, wei, FOREVER, *signature)

    def encoded(self, calls: Iterable[Call]) -> list[tuple[str, bytes]]:
        """Targets and data, for who makes many calls in one."""
        return [
            (each.to, self.market.calldata(each.to, each.function, each.args)) for each in calls
        ]


PERMIT = (
    ("owner", "address"),
    ("spender", "address"),
    ("value", "uint256"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)

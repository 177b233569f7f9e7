"""Token balances by decree, written where the token's own layout says that it keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from eth_hash.auto import keccak

from dexsim.artifacts.library import artifact_of_code
from dexsim.chain.accounts import Account, address_of
from dexsim.chain.address import checksum
from dexsim.chain.chain import Chain
from dexsim.chain.types import Address
from dexsim.errors import EngineError
from dexsim.market.contract import Contract
from dexsim.market.erc20 import token_interface
from dexsim.tracing.storage_names import Variable, variables

_VYPER, _SOLIDITY = "HashMap[address, uint256]", "mapping(address => uint256)"


def deal(chain: Chain, token: Any, who: Account | Address, amount: int) -> None:
    """Make a token balance `amount` wei, by decree; the supply changes with it.

    token: a handle or an address of an ERC-20 whose storage layout is known: dexsim's own
        tokens, what this process has compiled, JSON that brings its `storageLayout`.
    Raises EngineError for any other token, which is then as it was.
    """
    contract = Contract(token_interface(), getattr(token, "address", token), name="token")
    contract.chain = chain  # not by the constructor: a stranger's ABI is not put on record
    holder = checksum(address_of(who))
    with _all_or_nothing(chain):
        before, supply = contract.read.balanceOf(holder), contract.read.totalSupply()
        if before == amount:
            return  # any slot would do, so that none could be told to be the right one
        _set_balance(chain, contract, holder, amount)
        _set_supply(chain, contract, supply, supply + amount - before)
        if contract.read.balanceOf(holder) != amount:
            raise EngineError(f"{contract.address} keeps this balance and its supply in one place")


class _all_or_nothing:  # noqa: N801 - reads as a word of the `with`
    """What raises inside the `with` leaves the chain's state as it was."""

    def __init__(self, chain: Chain) -> None:
        self._engine = chain.engine

    def __enter__(self) -> None:
        self._mark = self._engine.snapshot()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._engine.restore(self._mark)
        self._engine.release(self._mark)


def _set_balance(chain: Chain, token: Contract, holder: Address, amount: int) -> None:
    key = bytes(12) + bytes.fromhex(holder[2:])
    for variable in _variables(chain, token):
        if variable.type in {_VYPER, _SOLIDITY}:
            place = variable.slot.to_bytes(32, "big")
            hashed = place + key if variable.type == _VYPER else key + place
            slot = int.from_bytes(keccak(hashed), "big")
            if _writes(chain, token, slot, amount, lambda: token.read.balanceOf(holder)):
                return
    raise EngineError(
        f"{token.address} keeps its balances where nobody here can tell: a balance by decree needs "
        "a token of dexsim's, or one whose storage layout is known (compiled here, or with storageLayout)"
    )


def _set_supply(chain: Chain, token: Contract, before: int, supply: int) -> None:
    if before == supply:
        return
    if supply >= 2**256:
        raise EngineError("so much would take the token's supply beyond 2**256 - 1")
    for variable in _variables(chain, token):
        holds_it = (
            variable.type == "uint256" and chain.storage(token.address, variable.slot) == before
        )
        if holds_it and _writes(chain, token, variable.slot, supply, token.read.totalSupply):
            return
    if chain.balance(token.address) == before:  # wrapped native money: it holds what it owes
        chain.set_balance(token.address, supply)
    if token.read.totalSupply() != supply:
        raise EngineError(f"{token.address} keeps its supply where nobody here can tell")


def _writes(chain: Chain, token: Contract, slot: int, value: int, asked: Callable[[], int]) -> bool:
    """Write a slot; whether the token then answers with the value. Otherwise the slot is as before."""
    before = chain.storage(token.address, slot)
    chain.set_storage(token.address, slot, value)
    if asked() == value:
        return True
    chain.set_storage(token.address, slot, before)
    return False


def _variables(chain: Chain, token: Contract) -> Iterator[Variable]:
    artifact = artifact_of_code(chain.code(token.address))
    yield from variables(artifact.layout if artifact else {})

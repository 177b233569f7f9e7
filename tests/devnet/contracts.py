"""Contracts of a few instructions, and dexsim's token, as a client deploys them."""

from __future__ import annotations

from typing import Any

from web3 import Web3

from dexsim.artifacts.library import shipped

SUPPLY = 1_000


def init_code(runtime: str) -> str:
    """Init code that leaves this code behind."""
    body = bytes.fromhex(runtime)
    return f"0x60{len(body):02x}600c60003960{len(body):02x}6000f3{runtime}"


def deployed(w3: Web3, runtime: str) -> str:
    """The address of a contract of this code."""
    sent = w3.eth.send_transaction({"from": w3.eth.accounts[0], "data": init_code(runtime)})  # type: ignore[typeddict-item]
    return str(w3.eth.wait_for_transaction_receipt(sent)["contractAddress"])


def token(w3: Web3, owner: str | None = None) -> Any:
    """A token whose owner, the first account by default, has all of it."""
    artifact = shipped("token")
    factory = w3.eth.contract(abi=list(artifact.abi), bytecode=artifact.bytecode)  # type: ignore[call-overload]
    sent = factory.constructor("Gold", "GLD", 18, SUPPLY).transact(
        {"from": owner or w3.eth.accounts[0]}
    )
    address = w3.eth.wait_for_transaction_receipt(sent)["contractAddress"]
    return w3.eth.contract(address=address, abi=list(artifact.abi))  # type: ignore[call-overload]

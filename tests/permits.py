"""Permits (EIP-2612), signed as a wallet does."""

from __future__ import annotations

from typing import Any

from eth_account import Account as Keys


def sign(
    dex: Any,
    owner: Any,
    spender: Any,
    amount: int,
    *,
    token: Any,
    name: str,
    nonce: int = 0,
    deadline: int = 2**256 - 1,
    chain_id: int | None = None,
) -> tuple[int, bytes, bytes]:
    """(v, r, s) over a permit of `token`, on the chain of `dex` or on another."""
    signed = Keys.sign_typed_data(
        owner.key,
        {
            "name": name,
            "version": "1",
            "chainId": chain_id or dex.chain.chain_id,
            "verifyingContract": token.address,
        },
        {
            "Permit": [
                {"name": "owner", "type": "address"},
                {"name": "spender", "type": "address"},
                {"name": "value", "type": "uint256"},
                {"name": "nonce", "type": "uint256"},
                {"name": "deadline", "type": "uint256"},
            ]
        },
        {
            "owner": owner.address,
            "spender": spender.address,
            "value": amount,
            "nonce": nonce,
            "deadline": deadline,
        },
    )
    return signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")

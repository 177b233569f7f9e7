# pragma version ~=0.4.3
"""
@title A constant-product pool that looks like nobody else's
"""
import vault

initializes: vault

exports: (
    vault.add,
    vault.remove,
    vault.balanceOf,
    vault.reserve_base,
    vault.reserve_quote,
)

KEPT: immutable(uint256)


@deploy
def __init__(base_token: address, quote_token: address, fee_bps: uint256):
    vault.__init__(base_token, quote_token)
    KEPT = 10_000 - fee_bps


@external
@view
def quote(token_in: address, amount_in: uint256) -> uint256:
    return self._quote(token_in, amount_in)


@external
def swap(token_in: address, amount_in: uint256, min_amount_out: uint256):
    amount_out: uint256 = self._quote(token_in, amount_in)
    assert amount_out >= min_amount_out, "flat: too little"
    vault._move(token_in, amount_in, amount_out)


@internal
@view
def _quote(token_in: address, amount_in: uint256) -> uint256:
    reserve_in: uint256 = 0
    reserve_out: uint256 = 0
    reserve_in, reserve_out = vault._sides(token_in)
    fed: uint256 = amount_in * KEPT
    return fed * reserve_out // (reserve_in * 10_000 + fed)

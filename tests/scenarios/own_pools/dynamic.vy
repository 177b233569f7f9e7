# pragma version ~=0.4.3
"""
@title A pool whose fee rises with the trade's share of the reserve
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

ONE: constant(uint256) = 1_000_000
FLOOR: constant(uint256) = 500  # 5 basis points
SLOPE: constant(uint256) = 400_000


@deploy
def __init__(base_token: address, quote_token: address):
    vault.__init__(base_token, quote_token)


@external
@view
def quote(token_in: address, amount_in: uint256) -> uint256:
    return self._quote(token_in, amount_in)


@external
def swap(token_in: address, amount_in: uint256, min_amount_out: uint256):
    amount_out: uint256 = self._quote(token_in, amount_in)
    assert amount_out >= min_amount_out, "dynamic: too little"
    vault._move(token_in, amount_in, amount_out)


@internal
@view
def _quote(token_in: address, amount_in: uint256) -> uint256:
    reserve_in: uint256 = 0
    reserve_out: uint256 = 0
    reserve_in, reserve_out = vault._sides(token_in)
    fee: uint256 = FLOOR + SLOPE * amount_in // (reserve_in + amount_in)
    fed: uint256 = amount_in * (ONE - fee)
    return fed * reserve_out // (reserve_in * ONE + fed)

# pragma version ~=0.4.3
"""
@title A pool of two tokens
@notice Constant product; a part of every input stays with those who own the pool.
"""
from ethereum.ercs import IERC20

BPS: constant(uint256) = 10_000
FEE_BPS: constant(uint256) = 30
# Shares of nobody, so that the first depositor cannot make the others too dear.
LOCKED: constant(uint256) = 1_000

base: public(immutable(address))
quoted: public(immutable(address))
# What is sent to the pool without a call does not count.
base_reserve: public(uint256)
quote_reserve: public(uint256)
shares: public(HashMap[address, uint256])
total_shares: public(uint256)


@deploy
def __init__(base_token: address, quote_token: address):
    base = base_token
    quoted = quote_token


@external
@view
def quote(token_in: address, amount_in: uint256) -> uint256:
    return self._quote(token_in, amount_in)


@external
@nonreentrant
def swap(token_in: address, amount_in: uint256, min_amount_out: uint256) -> uint256:
    amount_out: uint256 = self._quote(token_in, amount_in)
    assert amount_out >= min_amount_out, "pool: too little for it"
    if token_in == base:
        self.base_reserve += amount_in
        self.quote_reserve -= amount_out
        self._take(base, amount_in)
        self._give(quoted, amount_out)
    else:
        self.quote_reserve += amount_in
        self.base_reserve -= amount_out
        self._take(quoted, amount_in)
        self._give(base, amount_out)
    return amount_out


@external
@nonreentrant
def add(base_amount: uint256, quote_amount: uint256) -> uint256:
    """
    @notice Takes as much of both as fits the ratio of the reserves.
    """
    minted: uint256 = 0
    base_taken: uint256 = base_amount
    quote_taken: uint256 = quote_amount
    total: uint256 = self.total_shares
    if total == 0:
        minted = isqrt(base_amount * quote_amount) - LOCKED
        self.total_shares = LOCKED
    else:
        minted = min(
            base_amount * total // self.base_reserve, quote_amount * total // self.quote_reserve
        )
        base_taken = self._rounded_up(minted * self.base_reserve, total)
        quote_taken = self._rounded_up(minted * self.quote_reserve, total)
    assert minted > 0, "pool: no shares for it"
    self.shares[msg.sender] += minted
    self.total_shares += minted
    self.base_reserve += base_taken
    self.quote_reserve += quote_taken
    self._take(base, base_taken)
    self._take(quoted, quote_taken)
    return minted


@external
@nonreentrant
def remove(amount: uint256):
    base_given: uint256 = amount * self.base_reserve // self.total_shares
    quote_given: uint256 = amount * self.quote_reserve // self.total_shares
    self.shares[msg.sender] -= amount
    self.total_shares -= amount
    self.base_reserve -= base_given
    self.quote_reserve -= quote_given
    self._give(base, base_given)
    self._give(quoted, quote_given)


@internal
@view
def _quote(token_in: address, amount_in: uint256) -> uint256:
    assert token_in in [base, quoted], "pool: no such token"
    reserve_in: uint256 = self.base_reserve
    reserve_out: uint256 = self.quote_reserve
    if token_in == quoted:
        reserve_in = self.quote_reserve
        reserve_out = self.base_reserve
    kept: uint256 = amount_in * (BPS - self._fee_bps(amount_in, reserve_in))
    return kept * reserve_out // (reserve_in * BPS + kept)


@internal
@view
def _fee_bps(amount_in: uint256, reserve_in: uint256) -> uint256:
    return FEE_BPS


@internal
@pure
def _rounded_up(part: uint256, whole: uint256) -> uint256:
    return (part + whole - 1) // whole


@internal
def _take(token: address, amount: uint256):
    paid: bool = extcall IERC20(token).transferFrom(
        msg.sender, self, amount, default_return_value=True
    )
    assert paid, "pool: not paid"


@internal
def _give(token: address, amount: uint256):
    given: bool = extcall IERC20(token).transfer(msg.sender, amount, default_return_value=True)
    assert given, "pool: not given"

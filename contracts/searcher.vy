# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title What a searcher trades with
@license MIT
@notice Belongs to one account for good, and holds the tokens and the chain's own money that it trades
        with. It trades with constant-product pools directly, checks at the end that the trade was worth
        it, and tips who builds the block out of its own money.
@dev Only the owner can make it do anything, and nothing is ever approved: whatever a hostile token, pool
     or builder calls in between, it cannot come in as the owner. What the owner risks is the amount
     that he names, less what his bound says has to come back; bounds are of balances here, measured
     before and after, and believe no pool. So there is no lock. An owner that is a contract itself
     should not make calls for others while its own call is open.

     Nothing is remembered between transactions. The last leg of a sandwich is told what the first
     one paid (`cost`), which its owner knows, since he signs both. A balance to reach would be wrong
     when several sandwiches land in one block, in whatever order: what one of them gained would pay
     for the next one's loss, and a bundle that did not land would make the next one miss. A
     cost in storage would be that of another sandwich after a first leg without its last one, and
     costs more gas than a whole hop.
"""
from ethereum.ercs import IERC20
from interfaces import IPool
import pool_math
import token_calls

_MAX_POOLS: constant(uint256) = 8
_ALL: constant(uint256) = max_value(uint256)
_BPS: constant(uint256) = 10_000
# Of pools that do not tell: the fee of Uniswap v2.
_USUAL_FEE_BPS: constant(uint256) = 30
# Enough to tell a fee or to note a tip: who burns gas is left with no more than that.
_GAS_TO_ASK: constant(uint256) = 30_000
_GAS_TO_TIP: constant(uint256) = 30_000

owner: public(immutable(address))


@deploy
def __init__(owner_: address):
    """
    @param owner_ Whose it is, for good.
    """
    assert owner_ != empty(address), "searcher: zero address"
    owner = owner_


@external
@payable
def __default__():
    """
    @notice Takes money from anybody.
    """
    assert len(msg.data) == 0, "searcher: no such function"


@external
def swap(
    pools: DynArray[address, _MAX_POOLS],
    token_in: address,
    amount_in: uint256,
    least_out: uint256,
) -> uint256:
    """
    @notice Sells tokens that the contract holds along a path of pools. Only for the owner.
    @param pools 1 to 8 pools, each of which has the token that the one before it gives.
    @param token_in What the first pool is paid.
    @param amount_in How much of it, in its smallest unit; 2**256 - 1: all that the contract holds.
    @param least_out The least of the last token to get, in its smallest unit.
    @return How much of the last token came, in its smallest unit.
    """
    self._only_owner()
    token: address = empty(address)
    before: uint256 = 0
    token, before = self._trade(pools, token_in, amount_in)
    return self._gained(token, before, least_out)


@external
def finish(
    pools: DynArray[address, _MAX_POOLS],
    token_in: address,
    amount_in: uint256,
    cost: uint256,
    least_profit: uint256,
    tip: uint256,
) -> uint256:
    """
    @notice Sells like `swap`, insists on a profit in the last token, and tips the block's builder.
            For the last leg of a sandwich, and for a cycle that ends in the token that it starts with.
            Only for the owner.
    @param pools 1 to 8 pools, each of which has the token that the one before it gives.
    @param token_in What the first pool is paid.
    @param amount_in How much of it, in its smallest unit; 2**256 - 1: all that the contract holds.
           Who keeps a stock of it besides what the first leg bought has to name the amount, since
           the price of the stock would look like profit.
    @param cost What earlier transactions paid for `amount_in`, in the last token's smallest unit:
           of a sandwich, what its first leg sold. Zero for a cycle, whose input counts by itself.
    @param least_profit The least that has to be gained above the cost, in the same unit.
    @param tip For `block.coinbase`, in wei, out of the contract's own money.
    @return The profit, in the last token's smallest unit, before the tip.
    """
    self._only_owner()
    held: uint256 = staticcall IERC20(token_in).balanceOf(self)
    token: address = empty(address)
    before: uint256 = 0
    token, before = self._trade(pools, token_in, amount_in)
    if token == token_in:
        # A cycle: what it started with is part of what it has to bring back.
        before = held
    after: uint256 = staticcall IERC20(token).balanceOf(self)
    assert after >= before + cost + least_profit, "searcher: profit missed"
    self._tip(tip)
    # The assertion: after is at least the sum.
    return unsafe_sub(unsafe_sub(after, before), cost)


@external
def add(
    pool: address, amount0: uint256, amount1: uint256, least_liquidity: uint256
) -> uint256:
    """
    @notice Provides liquidity, which the contract keeps. Only for the owner. What is above the pool's
            ratio stays with the pool.
    @param pool Where to.
    @param amount0 Of token0, in its smallest unit; 2**256 - 1: all that the contract holds.
    @param amount1 Of token1, the same.
    @param least_liquidity The least liquidity to get.
    @return The liquidity got.
    """
    self._only_owner()
    before: uint256 = staticcall IERC20(pool).balanceOf(self)
    self._send(staticcall IPool(pool).token0(), pool, amount0)
    self._send(staticcall IPool(pool).token1(), pool, amount1)
    extcall IPool(pool).mint(self)
    after: uint256 = staticcall IERC20(pool).balanceOf(self)
    assert after >= before + least_liquidity, "searcher: insufficient liquidity"
    return unsafe_sub(after, before)


@external
def remove(
    pool: address, liquidity: uint256, least0: uint256, least1: uint256, tip: uint256
) -> (uint256, uint256):
    """
    @notice Takes liquidity out, and tips the block's builder. Only for the owner.
    @param pool Where from.
    @param liquidity How much; 2**256 - 1: all that the contract holds.
    @param least0 The least of token0 to get, in its smallest unit.
    @param least1 The least of token1 to get, in its smallest unit.
    @param tip For `block.coinbase`, in wei, out of the contract's own money.
    @return What came of token0 and of token1, each in its smallest unit.
    """
    self._only_owner()
    token0: address = staticcall IPool(pool).token0()
    token1: address = staticcall IPool(pool).token1()
    before0: uint256 = staticcall IERC20(token0).balanceOf(self)
    before1: uint256 = staticcall IERC20(token1).balanceOf(self)
    self._send(pool, pool, liquidity)
    extcall IPool(pool).burn(self)
    amount0: uint256 = self._gained(token0, before0, least0)
    amount1: uint256 = self._gained(token1, before1, least1)
    self._tip(tip)
    return amount0, amount1


@external
def take(token: address, amount: uint256, to: address):
    """
    @notice Takes tokens out, liquidity too. Only for the owner.
    @param token Which.
    @param amount How much, in its smallest unit; 2**256 - 1: all that the contract holds.
    @param to Who gets them.
    """
    self._only_owner()
    self._send(token, to, amount)


@external
def take_money(amount: uint256, to: address):
    """
    @notice Takes the chain's own money out. Only for the owner.
    @param amount How much, in wei; 2**256 - 1: all that the contract holds.
    @param to Who gets it.
    """
    self._only_owner()
    wanted: uint256 = self.balance if amount == _ALL else amount
    assert wanted <= self.balance, "searcher: insufficient money"
    # With all gas: the owner chose who gets it.
    assert raw_call(to, b"", value=wanted, revert_on_failure=False), "searcher: money refused"


@internal
@view
def _only_owner():
    assert msg.sender == owner, "searcher: forbidden"


@internal
def _trade(
    pools: DynArray[address, _MAX_POOLS], token_in: address, amount_in: uint256
) -> (address, uint256):
    # The last token, and what the contract held of it when it was about to arrive. Each pool
    # pays the next one.
    hops: uint256 = len(pools)
    assert hops > 0, "searcher: no pools"
    amount: uint256 = self._send(token_in, pools[0], amount_in)
    assert amount > 0, "searcher: nothing to sell"
    token: address = token_in
    before: uint256 = 0
    for i: uint256 in range(hops, bound=_MAX_POOLS):
        out0: uint256 = 0
        out1: uint256 = 0
        token, out0, out1 = self._outputs(pools[i], token, amount)
        # One of them is zero.
        amount = out0 | out1
        following: uint256 = unsafe_add(i, 1)
        receiver: address = self
        if following < hops:
            receiver = pools[following]
        else:
            before = staticcall IERC20(token).balanceOf(self)
        extcall IPool(pools[i]).swap(out0, out1, receiver, b"")
    return token, before


@internal
@view
def _outputs(
    pool: address, token_in: address, amount_in: uint256
) -> (address, uint256, uint256):
    # The other token of a pool, and what a swap takes out of token0 and of token1.
    token0: address = staticcall IPool(pool).token0()
    token1: address = staticcall IPool(pool).token1()
    reserve0: uint112 = 0
    reserve1: uint112 = 0
    since: uint32 = 0
    reserve0, reserve1, since = staticcall IPool(pool).getReserves()
    fee: uint256 = self._fee_bps(pool)
    first: uint256 = convert(reserve0, uint256)
    second: uint256 = convert(reserve1, uint256)
    if token_in == token0:
        return token1, 0, pool_math._amount_out(amount_in, first, second, fee, _BPS)
    assert token_in == token1, "searcher: not in the pool"
    return token0, pool_math._amount_out(amount_in, second, first, fee, _BPS), 0


@internal
@view
def _fee_bps(pool: address) -> uint256:
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        pool,
        method_id("fee_bps()"),
        max_outsize=32,
        gas=_GAS_TO_ASK,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(answer) < 32:
        return _USUAL_FEE_BPS
    fee: uint256 = convert(answer, uint256)
    assert fee <= _BPS, "searcher: fee too high"
    return fee


@internal
def _send(token: address, to: address, amount: uint256) -> uint256:
    # What was sent: where all is to be sent, that.
    sent: uint256 = amount
    if amount == _ALL:
        sent = staticcall IERC20(token).balanceOf(self)
    assert token_calls._transfer(token, to, sent), "searcher: transfer failed"
    return sent


@internal
@view
def _gained(token: address, before: uint256, least: uint256) -> uint256:
    after: uint256 = staticcall IERC20(token).balanceOf(self)
    assert after >= before + least, "searcher: insufficient output"
    return unsafe_sub(after, before)


@internal
def _tip(amount: uint256):
    if amount == 0:
        return
    assert amount <= self.balance, "searcher: insufficient money"
    done: bool = raw_call(
        block.coinbase, b"", value=amount, gas=_GAS_TO_TIP, revert_on_failure=False
    )
    assert done, "searcher: tip refused"

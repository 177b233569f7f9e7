# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A constant-product pool of two tokens
@license MIT
@notice Shows the behaviour of a Uniswap v2 pair, for the fee of its factory.
        Callers send tokens first and call afterwards: use a router unless you know why not.
@dev Written from the observable behaviour; what differs is in contracts/README.md.
"""
from ethereum.ercs import IERC20
from interfaces import ICallee
from interfaces import IFactory
from interfaces import IPool
import lp_token
import pool_math
import token_calls

implements: IPool
initializes: lp_token
exports: lp_token.__interface__

MINIMUM_LIQUIDITY: public(constant(uint256)) = 1000
_MAX_RESERVE: constant(uint256) = 2**112 - 1
_MAX_TIME: constant(uint256) = 2**32 - 1

factory: public(immutable(address))
token0: public(immutable(address))
token1: public(immutable(address))
fee_bps: public(immutable(uint256))
_FEE: immutable(uint256)
_BASE: immutable(uint256)

price0CumulativeLast: public(uint256)
price1CumulativeLast: public(uint256)
kLast: public(uint256)

# reserve0 | reserve1 << 112 | timestamp << 224: one slot is read and written, not three.
_packed: uint256

_locked: transient(bool)


@deploy
def __init__():
    """
    @notice Takes tokens and fee from the factory, so that every pool has the same
            init code and its address follows from the two tokens.
    """
    lp_token.__init__()
    first: address = empty(address)
    second: address = empty(address)
    fee_in_bps: uint256 = 0
    first, second, fee_in_bps = staticcall IFactory(msg.sender).parameters()
    fee: uint256 = 0
    base: uint256 = 0
    fee, base = pool_math._fee_fraction(fee_in_bps)
    factory = msg.sender
    token0 = first
    token1 = second
    fee_bps = fee_in_bps
    _FEE = fee
    _BASE = base


@external
def initialize(_token0: address, _token1: address):
    """
    @notice Always refuses: the constructor has set the tokens. Kept for the ABI.
    @param _token0 Of no effect.
    @param _token1 Of no effect.
    """
    raise "pool: forbidden"


@external
@view
def getReserves() -> (uint112, uint112, uint32):
    """
    @notice The reserves, and the time of their last change modulo 2**32.
    @return Token0's reserve, token1's reserve, both in smallest units, and that time in
            seconds.
    @dev Open while the pool is locked: a flash callee sees the reserves before its swap.
    """
    packed: uint256 = self._packed
    reserve0: uint256 = packed & _MAX_RESERVE
    reserve1: uint256 = (packed >> 112) & _MAX_RESERVE
    return (
        convert(reserve0, uint112), convert(reserve1, uint112), convert(packed >> 224, uint32)
    )


@external
def mint(to: address) -> uint256:
    """
    @notice Mints liquidity to `to` for the tokens sent since the last sync.
    @param to Who gets the liquidity.
    @return The liquidity minted.
    """
    self._lock()
    packed: uint256 = self._packed
    reserve0: uint256 = packed & _MAX_RESERVE
    reserve1: uint256 = (packed >> 112) & _MAX_RESERVE
    balance0: uint256 = staticcall IERC20(token0).balanceOf(self)
    balance1: uint256 = staticcall IERC20(token1).balanceOf(self)
    amount0: uint256 = balance0 - reserve0
    amount1: uint256 = balance1 - reserve1
    fee_on: bool = self._mint_protocol_fee(reserve0, reserve1)
    liquidity: uint256 = self._liquidity_for(amount0, amount1, reserve0, reserve1)
    assert liquidity > 0, "pool: insufficient liquidity minted"
    lp_token.erc20._mint(to, liquidity)
    self._update(balance0, balance1, packed)
    if fee_on:
        # `_update` has refused balances above 112 bits: the product has 224 at most.
        self.kLast = unsafe_mul(balance0, balance1)
    log IPool.Mint(sender=msg.sender, amount0=amount0, amount1=amount1)
    self._locked = False
    return liquidity


@external
def burn(to: address) -> (uint256, uint256):
    """
    @notice Burns the liquidity that the pool itself holds and sends its share to `to`.
    @param to Who gets both tokens.
    @return The amounts of token0 and token1 sent.
    """
    self._lock()
    packed: uint256 = self._packed
    reserve0: uint256 = packed & _MAX_RESERVE
    reserve1: uint256 = (packed >> 112) & _MAX_RESERVE
    # Counted before the protocol fee, which may be minted to the pool itself.
    liquidity: uint256 = lp_token.erc20.balanceOf[self]
    fee_on: bool = self._mint_protocol_fee(reserve0, reserve1)
    amount0: uint256 = 0
    amount1: uint256 = 0
    amount0, amount1 = self._burn_own(liquidity)
    self._send(token0, to, amount0)
    self._send(token1, to, amount1)
    balance0: uint256 = staticcall IERC20(token0).balanceOf(self)
    balance1: uint256 = staticcall IERC20(token1).balanceOf(self)
    self._update(balance0, balance1, packed)
    if fee_on:
        # `_update` has refused balances above 112 bits: the product has 224 at most.
        self.kLast = unsafe_mul(balance0, balance1)
    log IPool.Burn(sender=msg.sender, amount0=amount0, amount1=amount1, to=to)
    self._locked = False
    return amount0, amount1


@external
def swap(amount0Out: uint256, amount1Out: uint256, to: address, data: Bytes[1024]):
    """
    @notice Sends the outputs, calls `to` back if there is data, then insists on payment.
    @param amount0Out Token0 to send, in its smallest unit; below its reserve.
    @param amount1Out Token1 to send, in its smallest unit; below its reserve. Not both are
           zero.
    @param to Who gets the outputs and is called back; neither of the two tokens.
    @param data Handed to `uniswapV2Call` of `to`, up to 1024 bytes; empty: no call.
    @dev The payment is whatever the balances have more than the reserves less the outputs.
    """
    self._lock()
    packed: uint256 = self._packed
    reserve0: uint256 = packed & _MAX_RESERVE
    reserve1: uint256 = (packed >> 112) & _MAX_RESERVE
    assert (amount0Out | amount1Out) > 0, "pool: insufficient output"
    assert amount0Out < reserve0 and amount1Out < reserve1, "pool: insufficient liquidity"
    assert to != token0 and to != token1, "pool: invalid to"
    if amount0Out > 0:
        self._send(token0, to, amount0Out)
    if amount1Out > 0:
        self._send(token1, to, amount1Out)
    if len(data) > 0:
        extcall ICallee(to).uniswapV2Call(msg.sender, amount0Out, amount1Out, data)

    balance0: uint256 = staticcall IERC20(token0).balanceOf(self)
    balance1: uint256 = staticcall IERC20(token1).balanceOf(self)
    # The outputs are below the reserves: these two cannot wrap.
    rest0: uint256 = unsafe_sub(reserve0, amount0Out)
    rest1: uint256 = unsafe_sub(reserve1, amount1Out)
    amount0_in: uint256 = unsafe_sub(max(balance0, rest0), rest0)
    amount1_in: uint256 = unsafe_sub(max(balance1, rest1), rest1)
    assert (amount0_in | amount1_in) > 0, "pool: insufficient input"
    self._insist_on_k(balance0, balance1, amount0_in, amount1_in, reserve0, reserve1)
    self._update(balance0, balance1, packed)
    log IPool.Swap(
        sender=msg.sender,
        amount0In=amount0_in,
        amount1In=amount1_in,
        amount0Out=amount0Out,
        amount1Out=amount1Out,
        to=to,
    )
    self._locked = False


@external
def skim(to: address):
    """
    @notice Sends what the pool holds above its reserves to `to`.
    @param to Who gets it.
    """
    self._lock()
    packed: uint256 = self._packed
    reserve0: uint256 = packed & _MAX_RESERVE
    reserve1: uint256 = (packed >> 112) & _MAX_RESERVE
    self._send(token0, to, staticcall IERC20(token0).balanceOf(self) - reserve0)
    self._send(token1, to, staticcall IERC20(token1).balanceOf(self) - reserve1)
    self._locked = False


@external
def sync():
    """
    @notice Takes the balances as the new reserves.
    """
    self._lock()
    balance0: uint256 = staticcall IERC20(token0).balanceOf(self)
    balance1: uint256 = staticcall IERC20(token1).balanceOf(self)
    self._update(balance0, balance1, self._packed)
    self._locked = False


@internal
def _lock():
    # By hand and not @nonreentrant: that one refuses without a reason.
    assert not self._locked, "pool: locked"
    self._locked = True


@internal
def _send(token: address, to: address, amount: uint256):
    assert token_calls._transfer(token, to, amount), "pool: transfer failed"


@internal
@view
def _insist_on_k(
    balance0: uint256,
    balance1: uint256,
    amount0_in: uint256,
    amount1_in: uint256,
    reserve0: uint256,
    reserve1: uint256,
):
    # An input is part of its balance and fee < base: only the products that start
    # from a balance can overflow, and those are checked.
    adjusted0: uint256 = unsafe_sub(balance0 * _BASE, unsafe_mul(amount0_in, _FEE))
    adjusted1: uint256 = unsafe_sub(balance1 * _BASE, unsafe_mul(amount1_in, _FEE))
    least: uint256 = unsafe_mul(unsafe_mul(reserve0, reserve1), unsafe_mul(_BASE, _BASE))
    assert adjusted0 * adjusted1 >= least, "pool: k"


@internal
def _update(balance0: uint256, balance1: uint256, packed: uint256):
    # `packed`: the reserves and the time before this call.
    # All ones: what is above it in either is above it in both together.
    assert (balance0 | balance1) <= _MAX_RESERVE, "pool: overflow"
    # Time wraps at 2**32 and the sums at 2**256; differences stay right through both.
    elapsed: uint256 = unsafe_sub(block.timestamp, packed >> 224) & _MAX_TIME
    reserve0: uint256 = packed & _MAX_RESERVE
    reserve1: uint256 = (packed >> 112) & _MAX_RESERVE
    # 32 + 112 + 112 bits: the product is zero only where one of the three is.
    if unsafe_mul(elapsed, unsafe_mul(reserve0, reserve1)) > 0:
        price0: uint256 = unsafe_div(reserve1 << 112, reserve0)
        price1: uint256 = unsafe_div(reserve0 << 112, reserve1)
        self.price0CumulativeLast = unsafe_add(
            self.price0CumulativeLast, unsafe_mul(price0, elapsed)
        )
        self.price1CumulativeLast = unsafe_add(
            self.price1CumulativeLast, unsafe_mul(price1, elapsed)
        )
    # The shift drops what is above 32 bits of the time.
    self._packed = balance0 | (balance1 << 112) | (block.timestamp << 224)
    log IPool.Sync(reserve0=convert(balance0, uint112), reserve1=convert(balance1, uint112))


@internal
def _liquidity_for(
    amount0: uint256, amount1: uint256, reserve0: uint256, reserve1: uint256
) -> uint256:
    supply: uint256 = lp_token.erc20.totalSupply
    if supply > 0:
        return min(amount0 * supply // reserve0, amount1 * supply // reserve1)
    root: uint256 = isqrt(amount0 * amount1)
    # Locked for good, so that making one unit of liquidity dear costs a thousand times as much.
    lp_token.erc20._mint(empty(address), MINIMUM_LIQUIDITY)
    return unsafe_sub(max(root, MINIMUM_LIQUIDITY), MINIMUM_LIQUIDITY)


@internal
def _burn_own(liquidity: uint256) -> (uint256, uint256):
    # Without supply there is no liquidity either, and the EVM's division by zero gives zero.
    supply: uint256 = lp_token.erc20.totalSupply
    amount0: uint256 = unsafe_div(liquidity * staticcall IERC20(token0).balanceOf(self), supply)
    amount1: uint256 = unsafe_div(liquidity * staticcall IERC20(token1).balanceOf(self), supply)
    assert amount0 > 0 and amount1 > 0, "pool: insufficient liquidity burned"
    lp_token.erc20._burn_counted(self, liquidity, supply)
    return amount0, amount1


@internal
def _mint_protocol_fee(reserve0: uint256, reserve1: uint256) -> bool:
    # One sixth of the growth of sqrt(k) since the last mint or burn, as liquidity.
    receiver: address = staticcall IFactory(factory).feeTo()
    k_last: uint256 = self.kLast
    if receiver == empty(address):
        if k_last > 0:
            self.kLast = 0
        return False
    if k_last > 0:
        # Reserves have 112 bits each: their product has 224 at most.
        root: uint256 = isqrt(unsafe_mul(reserve0, reserve1))
        root_last: uint256 = isqrt(k_last)
        if root > root_last:
            numerator: uint256 = lp_token.erc20.totalSupply * unsafe_sub(root, root_last)
            liquidity: uint256 = numerator // (root * 5 + root_last)
            if liquidity > 0:
                lp_token.erc20._mint(receiver, liquidity)
    return True

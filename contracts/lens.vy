# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title What there is to know of a pool, in one call
@license MIT
@notice For user interfaces and agents. Works with the pools of every venue of dexsim and
        holds nothing. The tokens may be anybody's: what one does not tell is marked as not
        known, and spoils nothing else. Pools and factories have to be what they claim to be.
@dev While a pool calls a flash borrower back, its reserves and sums are those from before the
     swap and its balances those of now, so that liquidity is shown at a value that nobody
     gets. So also in the middle of a burn. `locked` says so, and values are refused then.
"""
from ethereum.ercs import IERC20
from interfaces import IFactory
from interfaces import IPool
import arbitrage_math
import liquidity_math
import pool_math
import price_math
import token_facts

interface IPoolList:
    def allPairs(index: uint256) -> address: view
    def allPairsLength() -> uint256: view


# One of a pool's two tokens. Amounts are in its smallest units.
struct TokenInfo:
    token: address
    symbol: String[32]
    symbol_known: bool
    decimals: uint8
    decimals_known: bool
    # As the pool counts; what it holds; what anybody can have with `skim`.
    reserve: uint256
    balance: uint256
    balance_known: bool
    surplus: uint256
    # In the other token as UQ112x112: now, and summed up until now.
    spot_price: uint256
    cumulative_price: uint256
    # What 10**18 units of liquidity redeem, the protocol's fee being minted first.
    unit_redeems: uint256
    user_balance: uint256
    user_balance_known: bool
    user_allowance: uint256
    user_allowance_known: bool
    # What burning all of the user's liquidity pays; zero where the pool refuses to.
    user_redeems: uint256


struct PoolInfo:
    pool: address
    factory: address
    fee_bps: uint256
    # Whether it is in the middle of something: balances are then no answer to anything.
    locked: bool
    token0: TokenInfo
    token1: TokenInfo
    # Of the reserves, modulo 2**32.
    last_change: uint256
    total_supply: uint256
    k_last: uint256
    # The zero address: nobody, and there is no fee.
    fee_receiver: address
    # Liquidity that the next mint or burn gives to the receiver before anything else;
    # 2**256 - 1 where its amount overflows, so that the pool refuses both.
    pending_fee: uint256
    # Liquidity that the pool itself holds: the next burn pays it to its caller.
    stray_liquidity: uint256
    user_liquidity: uint256
    user_liquidity_allowance: uint256
    # Of the supply with the pending fee, times 10**18.
    user_share_e18: uint256


MAX_POOLS: public(constant(uint256)) = 32
MAX_FEE_BPS: public(constant(uint256)) = 1000
_UNIT: constant(uint256) = 10**18
_MAX_RESERVE: constant(uint256) = 2**112 - 1
_PROBE_GAS: constant(uint256) = 10_000


# Pools


@external
@view
def pool_info(pool: address, user: address, spender: address) -> PoolInfo:
    """
    @notice Everything about one pool, and what a user has in it.
    @param pool The pool.
    @param user Whose balances and allowances are told; any address is one.
    @param spender Whom the allowances are for: usually the venue's router.
    @return See the fields of PoolInfo and TokenInfo.
    """
    return self._pool_info(pool, user, spender)


@external
@view
def pools_info(
    pools: DynArray[address, MAX_POOLS], user: address, spender: address
) -> DynArray[PoolInfo, MAX_POOLS]:
    """
    @notice The same for several pools.
    @param pools The pools, at most 32.
    @param user Whose balances and allowances are told.
    @param spender Whom the allowances are for.
    @return One entry a pool, in the order of `pools`.
    """
    infos: DynArray[PoolInfo, MAX_POOLS] = []
    for pool: address in pools:
        infos.append(self._pool_info(pool, user, spender))
    return infos


@external
@view
def pools_of(
    factory: address, start: uint256, count: uint256, user: address, spender: address
) -> DynArray[PoolInfo, MAX_POOLS]:
    """
    @notice A page of all pools of a venue, in the order of their creation.
    @param factory The venue's factory.
    @param start Number of the page's first pool, from 0.
    @param count How many pools at most, up to 32.
    @param user Whose balances and allowances are told.
    @param spender Whom the allowances are for.
    @return Fewer entries where the list ends, and none behind its end.
    """
    assert count <= MAX_POOLS, "lens: page too long"
    length: uint256 = staticcall IPoolList(factory).allPairsLength()
    first: uint256 = min(start, length)
    infos: DynArray[PoolInfo, MAX_POOLS] = []
    for i: uint256 in range(first, first + min(count, length - first), bound=MAX_POOLS):
        pool: address = staticcall IPoolList(factory).allPairs(i)
        infos.append(self._pool_info(pool, user, spender))
    return infos


@external
@view
def liquidity_value(pool: address, liquidity: uint256) -> (uint256, uint256):
    """
    @notice What burning liquidity pays now, the protocol's fee being minted first.
    @param pool The pool. Its tokens have to answer.
    @param liquidity How much is burnt.
    @return Amounts of token0 and token1. The pool refuses to burn where one of them is zero.
    """
    self._insist_on_rest(pool)
    reserve0: uint256 = 0
    reserve1: uint256 = 0
    balance0: uint256 = 0
    balance1: uint256 = 0
    reserve0, reserve1, balance0, balance1 = self._holdings(pool)
    return self._value(pool, liquidity, reserve0, reserve1, balance0, balance1)


@external
@view
def liquidity_value_after_arbitrage(
    pool: address, liquidity: uint256, price_num: uint256, price_den: uint256
) -> (uint256, uint256):
    """
    @notice What burning liquidity pays once somebody has traded the pool to an outside price.
    @dev Whatever is traded beforehand is traded back here, what lies in the pool for anybody to
         skim does not count, and in the middle of a call to the pool there is no answer: use it
         to value liquidity as collateral, with a price from elsewhere.
    @param pool The pool. Its tokens have to answer.
    @param liquidity How much is burnt.
    @param price_num Smallest units of token1 ...
    @param price_den ... for so many of token0.
    @return Amounts of token0 and token1, the protocol's fee being minted first.
    """
    reserve0: uint256 = 0
    reserve1: uint256 = 0
    balance0: uint256 = 0
    balance1: uint256 = 0
    self._insist_on_rest(pool)
    reserve0, reserve1, balance0, balance1 = self._holdings(pool)
    # What is above the reserves can be taken back by `skim`, so that it is nobody's to borrow on.
    balance0 = min(balance0, reserve0)
    balance1 = min(balance1, reserve1)
    sells0: bool = False
    paid: uint256 = 0
    bought: uint256 = 0
    sells0, paid, bought = self._arbitrage(
        reserve0, reserve1, price_num, price_den, staticcall IPool(pool).fee_bps()
    )
    if paid == 0:
        return self._value(pool, liquidity, reserve0, reserve1, balance0, balance1)
    if sells0:
        assert balance1 >= bought, "lens: insufficient liquidity"
        balance0 += paid
        balance1 -= bought
    else:
        assert balance0 >= bought, "lens: insufficient liquidity"
        balance0 -= bought
        balance1 += paid
    # The swap takes the balances as its new reserves.
    return self._value(pool, liquidity, balance0, balance1, balance0, balance1)


# Arithmetic


@external
@pure
def quote(amount_a: uint256, reserve_a: uint256, reserve_b: uint256) -> uint256:
    """
    @notice What an amount is worth in the other token at the reserves' ratio.
    @param amount_a The amount, not zero.
    @param reserve_a Reserve of its token.
    @param reserve_b Reserve of the other token.
    @return The worth, rounded down.
    """
    assert amount_a > 0, "lens: insufficient amount"
    self._insist_on_liquidity(reserve_a, reserve_b)
    return pool_math._quote(amount_a, reserve_a, reserve_b)


@external
@pure
def amount_out(
    amount_in: uint256, reserve_in: uint256, reserve_out: uint256, fee_bps: uint256
) -> uint256:
    """
    @notice The most that a swap can take out.
    @param amount_in What it pays, not zero.
    @param reserve_in Reserve of the token paid.
    @param reserve_out Reserve of the token taken.
    @param fee_bps The pool's fee in basis points, 0 to 1000.
    @return The output, rounded down.
    """
    assert amount_in > 0, "lens: insufficient input"
    self._insist_on_liquidity(reserve_in, reserve_out)
    fee: uint256 = 0
    base: uint256 = 0
    fee, base = self._fee_fraction(fee_bps)
    return pool_math._amount_out(amount_in, reserve_in, reserve_out, fee, base)


@external
@pure
def amount_in(
    amount_out: uint256, reserve_in: uint256, reserve_out: uint256, fee_bps: uint256
) -> uint256:
    """
    @notice What a swap pays for an output: at most one unit above the least possible.
    @param amount_out What it takes: not zero, and less than the reserve.
    @param reserve_in Reserve of the token paid.
    @param reserve_out Reserve of the token taken.
    @param fee_bps The pool's fee in basis points, 0 to 1000.
    @return The input.
    """
    assert amount_out > 0, "lens: insufficient output"
    assert reserve_in > 0 and reserve_out > amount_out, "lens: insufficient liquidity"
    fee: uint256 = 0
    base: uint256 = 0
    fee, base = self._fee_fraction(fee_bps)
    return pool_math._amount_in(amount_out, reserve_in, reserve_out, fee, base)


@external
@pure
def arbitrage(
    reserve_a: uint112,
    reserve_b: uint112,
    price_num: uint256,
    price_den: uint256,
    fee_bps: uint256,
) -> (bool, uint256):
    """
    @notice The swap that brings a pool to an outside price with the greatest profit, but for the
            rounding of two terms: at the edge of the fee a gain of a few units may be missed.
    @dev sqrt(X * Y / (g * P)) - X / g for reserves X sold and Y bought, g = 1 - fee, and a price
         of P bought for one sold; both terms rounded down, and no more than a pool can hold.
    @param reserve_a Reserve of the first token.
    @param reserve_b Reserve of the second token.
    @param price_num Outside price: smallest units of the second token ...
    @param price_den ... for so many of the first.
    @param fee_bps The pool's fee in basis points, 0 to 1000.
    @return Whether the first token is sold to the pool, and how much of the token sold;
            False and 0 where the formula finds none that gains.
    """
    sells_a: bool = False
    paid: uint256 = 0
    bought: uint256 = 0
    sells_a, paid, bought = self._arbitrage(
        convert(reserve_a, uint256), convert(reserve_b, uint256), price_num, price_den, fee_bps
    )
    return sells_a, paid


@external
@pure
def reserves_after_arbitrage(
    reserve_a: uint112,
    reserve_b: uint112,
    price_num: uint256,
    price_den: uint256,
    fee_bps: uint256,
) -> (uint256, uint256):
    """
    @notice The reserves once `arbitrage` has been done.
    @param reserve_a Reserve of the first token.
    @param reserve_b Reserve of the second token.
    @param price_num Outside price: smallest units of the second token ...
    @param price_den ... for so many of the first.
    @param fee_bps The pool's fee in basis points, 0 to 1000.
    @return Both reserves, unchanged where no swap gains.
    """
    a: uint256 = convert(reserve_a, uint256)
    b: uint256 = convert(reserve_b, uint256)
    sells_a: bool = False
    paid: uint256 = 0
    bought: uint256 = 0
    sells_a, paid, bought = self._arbitrage(a, b, price_num, price_den, fee_bps)
    if sells_a:
        return a + paid, b - bought
    return a - bought, b + paid


@external
@pure
def protocol_fee(
    reserve_a: uint112, reserve_b: uint112, k_last: uint256, total_supply: uint256
) -> uint256:
    """
    @notice The liquidity that the next mint or burn gives to the protocol, if it has a receiver.
    @param reserve_a Reserve of one token.
    @param reserve_b Reserve of the other.
    @param k_last The product of the reserves after the last mint or burn; 0: no fee.
    @param total_supply The liquidity that there is.
    @return A sixth of the growth of sqrt(k), as liquidity and rounded down.
    """
    a: uint256 = convert(reserve_a, uint256)
    b: uint256 = convert(reserve_b, uint256)
    return self._pending_fee(a, b, k_last, total_supply)


@internal
@view
def _pool_info(pool: address, user: address, spender: address) -> PoolInfo:
    assert pool.is_contract, "lens: not a pool"
    info: PoolInfo = empty(PoolInfo)
    info.pool = pool
    info.factory = staticcall IPool(pool).factory()
    info.fee_bps = staticcall IPool(pool).fee_bps()
    info.locked = self._is_locked(pool)
    info.total_supply = staticcall IERC20(pool).totalSupply()
    info.k_last = staticcall IPool(pool).kLast()
    info.fee_receiver = staticcall IFactory(info.factory).feeTo()
    info.stray_liquidity = staticcall IERC20(pool).balanceOf(pool)
    info.user_liquidity = staticcall IERC20(pool).balanceOf(user)
    info.user_liquidity_allowance = staticcall IERC20(pool).allowance(user, spender)

    reserve0: uint112 = 0
    reserve1: uint112 = 0
    since: uint32 = 0
    reserve0, reserve1, since = staticcall IPool(pool).getReserves()
    info.last_change = convert(since, uint256)
    a: uint256 = convert(reserve0, uint256)
    b: uint256 = convert(reserve1, uint256)
    elapsed: uint256 = price_math._elapsed(since)
    sum0: uint256 = staticcall IPool(pool).price0CumulativeLast()
    sum1: uint256 = staticcall IPool(pool).price1CumulativeLast()
    if info.fee_receiver != empty(address):
        info.pending_fee = self._pending_fee(a, b, info.k_last, info.total_supply)

    info.token0 = self._token_info(staticcall IPool(pool).token0(), a, pool, user, spender)
    info.token0.spot_price = price_math._spot(a, b)
    info.token0.cumulative_price = price_math._sum_now(sum0, a, b, elapsed)
    info.token1 = self._token_info(staticcall IPool(pool).token1(), b, pool, user, spender)
    info.token1.spot_price = price_math._spot(b, a)
    info.token1.cumulative_price = price_math._sum_now(sum1, b, a, elapsed)

    supply: uint256 = info.total_supply
    fee: uint256 = info.pending_fee
    own: uint256 = info.user_liquidity
    balance0: uint256 = info.token0.balance
    balance1: uint256 = info.token1.balance
    info.user_share_e18 = liquidity_math._share(own, _UNIT, supply, fee)
    info.token0.unit_redeems = liquidity_math._share(_UNIT, balance0, supply, fee)
    info.token1.unit_redeems = liquidity_math._share(_UNIT, balance1, supply, fee)
    redeems0: uint256 = liquidity_math._share(own, balance0, supply, fee)
    redeems1: uint256 = liquidity_math._share(own, balance1, supply, fee)
    # The pool burns for both tokens or not at all, and what stays has to fit its reserves.
    fits: bool = balance0 - redeems0 <= _MAX_RESERVE and balance1 - redeems1 <= _MAX_RESERVE
    if redeems0 > 0 and redeems1 > 0 and fits:
        info.token0.user_redeems = redeems0
        info.token1.user_redeems = redeems1
    return info


@internal
@view
def _token_info(
    token: address, reserve: uint256, pool: address, user: address, spender: address
) -> TokenInfo:
    info: TokenInfo = empty(TokenInfo)
    info.token = token
    info.symbol_known, info.symbol = token_facts._symbol(token)
    info.decimals_known, info.decimals = token_facts._decimals(token)
    info.reserve = reserve
    info.balance_known, info.balance = token_facts._balance(token, pool)
    info.surplus = unsafe_sub(max(info.balance, reserve), reserve)
    info.user_balance_known, info.user_balance = token_facts._balance(token, user)
    info.user_allowance_known, info.user_allowance = token_facts._allowance(
        token, user, spender
    )
    return info


@internal
@view
def _holdings(pool: address) -> (uint256, uint256, uint256, uint256):
    # Both reserves, then both balances.
    reserve0: uint112 = 0
    reserve1: uint112 = 0
    since: uint32 = 0
    reserve0, reserve1, since = staticcall IPool(pool).getReserves()
    balance0: uint256 = staticcall IERC20(staticcall IPool(pool).token0()).balanceOf(pool)
    balance1: uint256 = staticcall IERC20(staticcall IPool(pool).token1()).balanceOf(pool)
    return convert(reserve0, uint256), convert(reserve1, uint256), balance0, balance1


@internal
@view
def _insist_on_rest(pool: address):
    assert not self._is_locked(pool), "lens: pool is locked"


@internal
@view
def _is_locked(pool: address) -> bool:
    # Nothing can be written here: an open pool halts without a word where it would lock itself,
    # a locked one refuses with a reason before that. With less gas both would be silent.
    assert msg.gas >= 3 * _PROBE_GAS, "lens: not enough gas"
    success: bool = False
    answer: Bytes[4] = b""
    success, answer = raw_call(
        pool,
        method_id("sync()"),
        max_outsize=4,
        gas=_PROBE_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    return len(answer) > 0


@internal
@view
def _value(
    pool: address,
    liquidity: uint256,
    reserve0: uint256,
    reserve1: uint256,
    balance0: uint256,
    balance1: uint256,
) -> (uint256, uint256):
    supply: uint256 = staticcall IERC20(pool).totalSupply()
    fee: uint256 = 0
    if staticcall IFactory(staticcall IPool(pool).factory()).feeTo() != empty(address):
        k_last: uint256 = staticcall IPool(pool).kLast()
        fee = self._pending_fee(reserve0, reserve1, k_last, supply)
    return (
        liquidity_math._share(liquidity, balance0, supply, fee),
        liquidity_math._share(liquidity, balance1, supply, fee),
    )


@internal
@pure
def _pending_fee(
    reserve0: uint256, reserve1: uint256, k_last: uint256, supply: uint256
) -> uint256:
    root: uint256 = isqrt(unsafe_mul(reserve0, reserve1))
    return liquidity_math._protocol_fee(root, isqrt(k_last), supply)


@internal
@pure
def _arbitrage(
    reserve_a: uint256, reserve_b: uint256, num: uint256, den: uint256, fee_bps: uint256
) -> (bool, uint256, uint256):
    assert num > 0 and den > 0, "lens: no price"
    self._insist_on_liquidity(reserve_a, reserve_b)
    fee: uint256 = 0
    base: uint256 = 0
    fee, base = self._fee_fraction(fee_bps)
    return arbitrage_math._arbitrage(reserve_a, reserve_b, num, den, fee, base)


@internal
@pure
def _insist_on_liquidity(reserve_a: uint256, reserve_b: uint256):
    assert reserve_a > 0 and reserve_b > 0, "lens: insufficient liquidity"


@internal
@pure
def _fee_fraction(fee_bps: uint256) -> (uint256, uint256):
    assert fee_bps <= MAX_FEE_BPS, "lens: fee too high"
    return pool_math._fee_fraction(fee_bps)

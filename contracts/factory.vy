# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title The factory of a venue
@license MIT
@notice Creates one pool for each pair of tokens, all with the fee of this factory.
@dev Pools come from a blueprint by CREATE2. Their constructor takes no arguments and
     asks back with `parameters`, so that one init code hash gives every pool's address.
"""
from interfaces import IFactory
import pool_math

implements: IFactory

MAX_FEE_BPS: public(constant(uint256)) = 1000

fee_bps: public(immutable(uint256))
init_code_hash: public(immutable(bytes32))
pool_blueprint: public(immutable(address))

feeTo: public(address)
feeToSetter: public(address)
getPair: public(HashMap[address, HashMap[address, address]])
allPairs: public(DynArray[address, 2**32])

_token0: transient(address)
_token1: transient(address)


@deploy
def __init__(
    fee_to_setter: address, fee: uint256, blueprint: address, pool_init_code_hash: bytes32
):
    """
    @param fee_to_setter Who may choose the receiver of the protocol fee.
    @param fee What a swap pays to the providers, in basis points: 0 to 1000.
    @param blueprint The pool's init code behind the three bytes fe7100 (ERC-5202).
    @param pool_init_code_hash keccak256 of the pool's init code, without those bytes.
    """
    assert fee <= MAX_FEE_BPS, "factory: fee too high"
    self.feeToSetter = fee_to_setter
    fee_bps = fee
    pool_blueprint = blueprint
    init_code_hash = pool_init_code_hash


@external
@view
def allPairsLength() -> uint256:
    """
    @notice How many pools this factory has created.
    @return The number of pools; `allPairs` counts them from zero.
    """
    return len(self.allPairs)


@external
@view
def parameters() -> (address, address, uint256):
    """
    @notice Tokens and fee of the pool under construction; zero addresses at other times.
    @return Token0, token1, and the fee in basis points, which is told at all times.
    """
    return self._token0, self._token1, fee_bps


@external
def createPair(tokenA: address, tokenB: address) -> address:
    """
    @notice Creates the pool of two tokens, named in either order.
    @param tokenA One token.
    @param tokenB The other; the lower address of the two becomes token0.
    @return The pool's address: CREATE2 of this factory, keccak256(token0 ++ token1) and
            `init_code_hash`.
    """
    assert tokenA != tokenB, "factory: identical addresses"
    token0: address = empty(address)
    token1: address = empty(address)
    token0, token1 = pool_math._sort(tokenA, tokenB)
    assert token0 != empty(address), "factory: zero address"
    assert self.getPair[token0][token1] == empty(address), "factory: pool exists"
    pair: address = self._create(token0, token1)
    self.getPair[token0][token1] = pair
    self.getPair[token1][token0] = pair
    self.allPairs.append(pair)
    log IFactory.PairCreated(
        token0=token0, token1=token1, pair=pair, length=len(self.allPairs)
    )
    return pair


@external
def setFeeTo(_feeTo: address):
    """
    @notice Chooses who receives the protocol fee; zero switches it off.
    @param _feeTo Who is minted the protocol's liquidity from now on, by every pool of this
           factory.
    """
    self._only_setter()
    self.feeTo = _feeTo


@external
def setFeeToSetter(_feeToSetter: address):
    """
    @notice Hands the right to call `setFeeTo` on.
    @param _feeToSetter Who may call it instead of the caller; zero: nobody any more.
    """
    self._only_setter()
    self.feeToSetter = _feeToSetter


@internal
def _create(token0: address, token1: address) -> address:
    self._token0 = token0
    self._token1 = token1
    pair: address = create_from_blueprint(
        pool_blueprint, salt=pool_math._salt(token0, token1)
    )
    self._token0 = empty(address)
    self._token1 = empty(address)
    # A wrong hash would send routers, and their users' tokens, to empty addresses.
    expected: address = pool_math._pool_address(self, token0, token1, init_code_hash)
    assert pair == expected, "factory: wrong init code hash"
    return pair


@internal
@view
def _only_setter():
    assert msg.sender == self.feeToSetter, "factory: forbidden"

# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A batch auction in front of a pool
@license MIT
@notice Orders to sell one of a pool's two tokens for the other wait here, with what they sell, until
        somebody settles the batch. All that are executed get one price: they are netted against each
        other, and only what is left over goes through the pool. Who is left out, because that price
        does not meet the limit, gets back what was handed in.
@dev An order is executed whole or not at all. Who settles brings the orders that are left out, in
     an order that this contract can check in one pass; which ones they are is not for him to choose
     (see `settle`). Payments are rounded down, and what that leaves is the pool's.
"""
from ethereum.ercs import IERC20
from interfaces import IPool
import pool_math
import token_calls


event Placed:
    id: indexed(uint256)
    owner: indexed(address)
    token_in: address
    amount_in: uint256
    min_amount_out: uint256


event Cancelled:
    id: indexed(uint256)
    owner: indexed(address)


event Executed:
    id: indexed(uint256)
    owner: indexed(address)
    token_in: address
    amount_in: uint256
    amount_out: uint256


event Refunded:
    id: indexed(uint256)
    owner: indexed(address)
    token_in: address
    amount_in: uint256


event Settled:
    executed: uint256
    refunded: uint256
    # Token1 for a unit of token0.
    price_numerator: uint256
    price_denominator: uint256


event Owed:
    owner: indexed(address)
    token: indexed(address)
    amount: uint256


struct Order:
    id: uint256
    owner: address
    token_in: address
    amount_in: uint256
    min_amount_out: uint256


struct Book:
    # What the orders sell that are not left out, and what the pool has; no liquidity counts as none.
    sold0: uint256
    sold1: uint256
    reserve0: uint256
    reserve1: uint256
    # A bit for every order of the batch, and of either side the one that was left out last.
    left_out: uint256
    edge0: uint256
    edge1: uint256


MOST_ORDERS: public(constant(uint256)) = 256
_MOST: constant(uint256) = 2**112 - 1
_SELLS_TOKEN0: constant(uint256) = 2**224

pool: public(immutable(address))
token0: public(immutable(address))
token1: public(immutable(address))
_KEPT: immutable(uint256)
_BASE: immutable(uint256)

# The batch has the orders from the first id to the one before the next.
first_id: public(uint256)
next_id: public(uint256)
# What could not be paid out, by owner and token.
owed: public(HashMap[address, HashMap[address, uint256]])

# By id modulo their number: amount | limit << 112 | side << 224, zero once it is cancelled. What lies
# outside the batch is overwritten and not cleared, which is cheaper.
_orders: uint256[MOST_ORDERS]
_owners: address[MOST_ORDERS]
_locked: transient(bool)


@deploy
def __init__(pool_: address):
    """
    @param pool_ The pool of constant product that takes what is left over; it tells tokens and fee.
    """
    assert pool_.is_contract, "batch: no such pool"
    fee: uint256 = 0
    base: uint256 = 0
    fee, base = pool_math._fee_fraction(staticcall IPool(pool_).fee_bps())
    pool = pool_
    token0 = staticcall IPool(pool_).token0()
    token1 = staticcall IPool(pool_).token1()
    _KEPT = base - fee
    _BASE = base


@external
def place(token_in: address, amount_in: uint256, min_amount_out: uint256) -> uint256:
    """
    @notice Hands an order in, and what it sells, which has to be approved before.
    @param token_in What is sold: one of the pool's tokens.
    @param amount_in How much, in its smallest unit.
    @param min_amount_out The limit: less of the other token does not execute it. 0 is taken for 1.
    @return The order's id.
    """
    self._lock()
    assert token_in == token0 or token_in == token1, "batch: no such token"
    assert amount_in > 0, "batch: zero amount"
    assert amount_in <= _MOST, "batch: amount too high"
    assert min_amount_out <= _MOST, "batch: limit too high"
    id: uint256 = self.next_id
    assert id - self.first_id < MOST_ORDERS, "batch: full"
    self.next_id = id + 1
    limit: uint256 = max(min_amount_out, 1)
    side: uint256 = _SELLS_TOKEN0 if token_in == token0 else 0
    self._orders[id % MOST_ORDERS] = amount_in | (limit << 112) | side
    self._owners[id % MOST_ORDERS] = msg.sender
    before: uint256 = self._balance(token_in)
    done: bool = token_calls._transfer_from(token_in, msg.sender, self, amount_in)
    assert done and self._balance(token_in) == before + amount_in, "batch: transfer failed"
    log Placed(
        id=id,
        owner=msg.sender,
        token_in=token_in,
        amount_in=amount_in,
        min_amount_out=limit,
    )
    self._locked = False
    return id


@external
def cancel(id: uint256):
    """
    @notice Takes an order back that is not settled, and what it sells.
    @param id The order; the caller's.
    """
    self._lock()
    assert self._is_waiting(id), "batch: no such order"
    assert self._owners[id % MOST_ORDERS] == msg.sender, "batch: not the owner"
    order: uint256 = self._orders[id % MOST_ORDERS]
    self._orders[id % MOST_ORDERS] = 0
    log Cancelled(id=id, owner=msg.sender)
    sent: bool = token_calls._transfer(self._token_in(order), msg.sender, self._amount(order))
    assert sent, "batch: transfer failed"
    self._locked = False


@external
def settle(left_out: DynArray[uint256, MOST_ORDERS]):
    """
    @notice Executes all waiting orders at one price, except those that are left out, which are
            refunded. For anybody to call, who can choose nothing. Without orders nothing happens.
    @param left_out The ids of the orders that the solution leaves out, one after the other as they
           drop out: beginning with all orders, the most demanding ones of a side, as long as the
           price of those that are left does not meet their limit. Orders of the same side and limit
           drop out together.
    @dev Sets that take, on either side, everybody up to a limit are closed under union as long as
         each of them is met by its own price: more sellers of the other token make a price
         better. So there is a largest one, whatever drops out by the rule is not in it, and
         whoever drops orders until all limits are met ends there, in whichever order he does it.
    """
    self._lock()
    first: uint256 = self.first_id
    last: uint256 = self.next_id
    self.first_id = last
    book: Book = self._leave_out(left_out, first, self._book(first, last))
    numerator: uint256 = 0
    denominator: uint256 = 0
    numerator, denominator = self._price(book)
    out0: uint256 = 0
    out1: uint256 = 0
    out0, out1 = self._weigh(first, last, book, numerator, denominator)
    self._trade(book, out0, out1)
    self._pay_all(first, last, book.left_out, numerator, denominator)
    self._locked = False


@external
def withdraw(token: address, to: address) -> uint256:
    """
    @notice Pays what a settled batch could not pay the caller, because the token refused.
    @param token Which.
    @param to Who gets it.
    @return How much it was.
    """
    self._lock()
    amount: uint256 = self.owed[msg.sender][token]
    assert amount > 0, "batch: nothing owed"
    self.owed[msg.sender][token] = 0
    assert token_calls._transfer(token, to, amount), "batch: transfer failed"
    self._locked = False
    return amount


@external
@view
def orders() -> DynArray[Order, MOST_ORDERS]:
    """
    @notice The orders that wait.
    @return All of them, by id; cancelled ones are not among them.
    """
    waiting: DynArray[Order, MOST_ORDERS] = []
    first: uint256 = self.first_id
    for i: uint256 in range(self.next_id - first, bound=MOST_ORDERS):
        order: uint256 = self._orders[(first + i) % MOST_ORDERS]
        if order == 0:
            continue
        waiting.append(
            Order(
                id=first + i,
                owner=self._owners[(first + i) % MOST_ORDERS],
                token_in=self._token_in(order),
                amount_in=self._amount(order),
                min_amount_out=self._limit(order),
            )
        )
    return waiting


@internal
@view
def _book(first: uint256, last: uint256) -> Book:
    # All orders, before anybody is left out.
    book: Book = empty(Book)
    for i: uint256 in range(last - first, bound=MOST_ORDERS):
        order: uint256 = self._orders[(first + i) % MOST_ORDERS]
        if self._sells_token0(order):
            book.sold0 += self._amount(order)
        else:
            book.sold1 += self._amount(order)
    reserve0: uint112 = 0
    reserve1: uint112 = 0
    time: uint32 = 0
    reserve0, reserve1, time = staticcall IPool(pool).getReserves()
    if reserve0 > 0 and reserve1 > 0:
        book.reserve0 = convert(reserve0, uint256)
        book.reserve1 = convert(reserve1, uint256)
    return book


@internal
@view
def _leave_out(
    ids: DynArray[uint256, MOST_ORDERS], first: uint256, all_orders: Book
) -> Book:
    book: Book = all_orders
    for id: uint256 in ids:
        # Below the first one there are none: the batch counts from here on.
        assert id >= first and id < self.next_id, "batch: not the solution"
        order: uint256 = self._orders[id % MOST_ORDERS]
        bit: uint256 = 1 << (id - first)
        assert order != 0 and book.left_out & bit == 0, "batch: not the solution"
        edge: uint256 = book.edge0 if self._sells_token0(order) else book.edge1
        # Of a side the most demanding go first, and who asks for the same goes with them.
        assert edge == 0 or not self._asks_more(order, edge), "batch: not the solution"
        if edge == 0 or self._asks_more(edge, order):
            numerator: uint256 = 0
            denominator: uint256 = 0
            numerator, denominator = self._price(book)
            is_met: bool = self._is_met(order, numerator, denominator)
            assert not is_met, "batch: not the solution"
        book.left_out |= bit
        if self._sells_token0(order):
            book.sold0 -= self._amount(order)
            book.edge0 = order
        else:
            book.sold1 -= self._amount(order)
            book.edge1 = order
    return book


@internal
@view
def _price(book: Book) -> (uint256, uint256):
    # Token1 for a unit of token0, such that the books close: what is left over of a side brings
    # that price on average in the pool. With A and B sold, reserves X and Y and g = 1 - fee:
    # g(Y+B) / (X+gA) where A is left over, (Y+gB) / (g(X+A)) where B is, B / A between them.
    # No product exceeds 2**254: sums of 256 orders have 120 bits, reserves 112, the fee 14.
    sold0: uint256 = book.sold0
    sold1: uint256 = book.sold1
    reserve0: uint256 = book.reserve0
    reserve1: uint256 = book.reserve1
    if sold1 * reserve0 * _BASE < sold0 * reserve1 * _KEPT:
        return (reserve1 + sold1) * _KEPT, reserve0 * _BASE + sold0 * _KEPT
    if sold1 * reserve0 * _KEPT > sold0 * reserve1 * _BASE:
        return reserve1 * _BASE + sold1 * _KEPT, (reserve0 + sold0) * _KEPT
    return sold1, sold0


@internal
@view
def _weigh(
    first: uint256, last: uint256, book: Book, numerator: uint256, denominator: uint256
) -> (uint256, uint256):
    # What the executed orders get of either token. Each of them has to be met, and to ask for
    # less than whoever was left out.
    out0: uint256 = 0
    out1: uint256 = 0
    for i: uint256 in range(last - first, bound=MOST_ORDERS):
        order: uint256 = self._orders[(first + i) % MOST_ORDERS]
        if order == 0 or (book.left_out >> i) & 1 == 1:
            continue
        edge: uint256 = book.edge0 if self._sells_token0(order) else book.edge1
        assert edge == 0 or self._asks_more(edge, order), "batch: not the solution"
        assert self._is_met(order, numerator, denominator), "batch: not the solution"
        if self._sells_token0(order):
            out1 += self._amount(order) * numerator // denominator
        else:
            out0 += self._amount(order) * denominator // numerator
    return out0, out1


@internal
def _trade(book: Book, out0: uint256, out1: uint256):
    # Payments are rounded down, so that the pool is asked for no more than it gives for what it
    # gets. Where nothing is missing, it gets what rounding left, for its providers.
    if out1 > book.sold1:
        self._swap(token0, token1, book.sold0 - out0, out1 - book.sold1)
    elif out0 > book.sold0:
        self._swap(token1, token0, book.sold1 - out1, out0 - book.sold0)
    elif book.reserve0 > 0 and (out0 < book.sold0 or out1 < book.sold1):
        self._give(token0, book.sold0 - out0)
        self._give(token1, book.sold1 - out1)
        extcall IPool(pool).sync()


@internal
def _swap(token_in: address, token_out: address, amount_in: uint256, amount_out: uint256):
    before: uint256 = self._balance(token_out)
    self._give(token_in, amount_in)
    if token_in == token0:
        extcall IPool(pool).swap(0, amount_out, self, b"")
    else:
        extcall IPool(pool).swap(amount_out, 0, self, b"")
    assert self._balance(token_out) >= before + amount_out, "batch: transfer failed"


@internal
def _give(token: address, amount: uint256):
    if amount > 0:
        assert token_calls._transfer(token, pool, amount), "batch: transfer failed"


@internal
def _pay_all(
    first: uint256, last: uint256, left_out: uint256, numerator: uint256, denominator: uint256
):
    executed: uint256 = 0
    refunded: uint256 = 0
    for i: uint256 in range(last - first, bound=MOST_ORDERS):
        order: uint256 = self._orders[(first + i) % MOST_ORDERS]
        if order == 0:
            continue
        owner: address = self._owners[(first + i) % MOST_ORDERS]
        token_in: address = self._token_in(order)
        amount_in: uint256 = self._amount(order)
        if (left_out >> i) & 1 == 1:
            refunded += 1
            log Refunded(id=first + i, owner=owner, token_in=token_in, amount_in=amount_in)
            self._pay(token_in, owner, amount_in)
            continue
        executed += 1
        token_out: address = token1
        amount_out: uint256 = 0
        if token_in == token0:
            amount_out = amount_in * numerator // denominator
        else:
            token_out = token0
            amount_out = amount_in * denominator // numerator
        log Executed(
            id=first + i,
            owner=owner,
            token_in=token_in,
            amount_in=amount_in,
            amount_out=amount_out,
        )
        self._pay(token_out, owner, amount_out)
    if executed + refunded > 0:
        log Settled(
            executed=executed,
            refunded=refunded,
            price_numerator=numerator,
            price_denominator=denominator,
        )


@internal
def _pay(token: address, owner: address, amount: uint256):
    # Who cannot be paid does not keep the others from being paid.
    if not token_calls._transfer(token, owner, amount):
        self.owed[owner][token] += amount
        log Owed(owner=owner, token=token, amount=amount)


@internal
@view
def _is_met(order: uint256, numerator: uint256, denominator: uint256) -> bool:
    # As what is paid, rounded down, against a whole limit. 112 bits times 134 at most.
    if self._sells_token0(order):
        return self._amount(order) * numerator >= self._limit(order) * denominator
    return self._amount(order) * denominator >= self._limit(order) * numerator


@internal
@pure
def _asks_more(order: uint256, other: uint256) -> bool:
    # Of the same side: for a unit of what it sells.
    return (
        self._limit(order) * self._amount(other) > self._limit(other) * self._amount(order)
    )


@internal
@view
def _is_waiting(id: uint256) -> bool:
    within: bool = id >= self.first_id and id < self.next_id
    return within and self._orders[id % MOST_ORDERS] != 0


@internal
@view
def _token_in(order: uint256) -> address:
    return token0 if self._sells_token0(order) else token1


@internal
@pure
def _sells_token0(order: uint256) -> bool:
    return order & _SELLS_TOKEN0 != 0


@internal
@pure
def _amount(order: uint256) -> uint256:
    return order & _MOST


@internal
@pure
def _limit(order: uint256) -> uint256:
    return (order >> 112) & _MOST


@internal
@view
def _balance(token: address) -> uint256:
    return staticcall IERC20(token).balanceOf(self)


@internal
def _lock():
    # By hand and not @nonreentrant: that one refuses without a reason.
    assert not self._locked, "batch: locked"
    self._locked = True

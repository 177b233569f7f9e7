# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title An offer to buy a whole token back
@license MIT
@notice The bidder lays down cash for every token that is not the bidder's, and names a price, the
        part of the supply that has to be reached for anybody to be bought out, and, above a second
        part, the price at which everybody else is squeezed out. Holders accept until the deadline, and
        may think again. What the bidder laid down is paid, squeezed out or given back, to the unit.
@dev The token is an issuer's (`squeeze`), which has to name this contract its tender. Shares of the
     supply are counted in basis points, rounded so that a threshold is never met too early.
"""
from ethereum.ercs import IERC20
from interfaces import ISqueezable
import token_calls


event Opened:
    cash_held: uint256


event Accepted:
    holder: indexed(address)
    amount: uint256


event Revoked:
    holder: indexed(address)
    amount: uint256


event Settled:
    succeeded: bool
    drags_along: bool


event Paid:
    holder: indexed(address)
    amount: uint256
    cash: uint256


event Squeezed:
    holder: indexed(address)
    amount: uint256
    cash: uint256


event Returned:
    to: indexed(address)
    amount: uint256


struct Offer:
    # Cash for 10**18 units of the token, in the smallest units of both.
    price: uint256
    squeeze_price: uint256
    # Parts of the supply that have to be handed in, in basis points: below the first nobody is
    # bought out, from the second on everybody is.
    threshold_bps: uint256
    drag_bps: uint256
    # The last timestamp at which an answer counts.
    deadline: uint256


_BPS: constant(uint256) = 10_000
_ONE: constant(uint256) = 10**18
_MOST: constant(uint256) = 2**128 - 1

token: public(immutable(address))
cash: public(immutable(address))
bidder: public(immutable(address))
offer: public(immutable(Offer))

# What the bidder laid down and nobody was paid yet.
cash_held: public(uint256)
accepted: public(HashMap[address, uint256])
total_accepted: public(uint256)

opened: public(bool)
settled: public(bool)
succeeded: public(bool)
drags_along: public(bool)
_locked: transient(bool)


@deploy
def __init__(token_: address, cash_: address, bidder_: address, offer_: Offer):
    """
    @param token_ What is bought: an issuer's token.
    @param cash_ What is paid.
    @param bidder_ Who buys.
    @param offer_ Prices, thresholds and the deadline, for good.
    """
    assert token_.is_contract and cash_.is_contract, "tender: no such token"
    assert token_ != cash_, "tender: paid in itself"
    assert bidder_ != empty(address), "tender: zero address"
    assert offer_.price > 0 and offer_.price <= _MOST, "tender: price out of range"
    assert offer_.squeeze_price <= offer_.price, "tender: squeeze price above the price"
    assert offer_.threshold_bps <= _BPS, "tender: threshold out of range"
    # 10,001: nobody is ever squeezed out.
    assert offer_.drag_bps >= offer_.threshold_bps, "tender: drags along below the threshold"
    assert offer_.drag_bps <= _BPS + 1, "tender: threshold out of range"
    assert offer_.deadline > block.timestamp, "tender: deadline has passed"
    token = token_
    cash = cash_
    bidder = bidder_
    offer = offer_


@external
def open():
    """
    @notice Lays down the cash for all tokens that are not the bidder's, at the price. Only for the
            bidder, once, who has approved it before.
    """
    self._lock()
    assert msg.sender == bidder, "tender: not the bidder"
    assert not self.opened, "tender: open already"
    assert block.timestamp <= offer.deadline, "tender: too late"
    rest: uint256 = self._supply() - self._balance(bidder)
    needed: uint256 = self._cost(rest, offer.price)
    before: uint256 = staticcall IERC20(cash).balanceOf(self)
    assert token_calls._transfer_from(cash, bidder, self, needed), "tender: transfer failed"
    held: uint256 = staticcall IERC20(cash).balanceOf(self)
    assert held >= before + needed, "tender: cash is missing"
    self.opened = True
    self.cash_held = needed
    log Opened(cash_held=needed)
    self._locked = False


@external
def accept(amount: uint256):
    """
    @notice Hands tokens in; they come back unless the offer succeeds. The bidder's own count when
            they are handed in too, and are not paid for: what is borrowed cannot stay.
    @param amount How many, in the smallest unit; they have to be approved before.
    """
    self._lock()
    assert self.opened, "tender: not open"
    assert not self.settled and block.timestamp <= offer.deadline, "tender: too late"
    assert amount > 0, "tender: zero amount"
    before: uint256 = self._balance(self)
    done: bool = token_calls._transfer_from(token, msg.sender, self, amount)
    assert done and self._balance(self) == before + amount, "tender: transfer failed"
    self.accepted[msg.sender] += amount
    self.total_accepted += amount
    # The supply may have grown since: there is cash for what was there.
    assert self._cost(self._bought(), offer.price) <= self.cash_held, "tender: cash is missing"
    log Accepted(holder=msg.sender, amount=amount)
    self._locked = False


@external
def revoke(amount: uint256):
    """
    @notice Takes tokens back before the deadline.
    @param amount How many, in the smallest unit; at most what the caller handed in.
    """
    self._lock()
    assert not self.settled and block.timestamp <= offer.deadline, "tender: too late"
    self._give_back(amount)
    log Revoked(holder=msg.sender, amount=amount)
    self._locked = False


@external
def settle():
    """
    @notice Decides, after the deadline; for anybody to call. If the offer fails, the bidder gets
            the cash back.
    """
    self._lock()
    assert self.opened and not self.settled, "tender: nothing to settle"
    supply: uint256 = self._supply()
    assert block.timestamp > offer.deadline, "tender: too early"
    self.settled = True
    self.succeeded = self._meets(self.total_accepted, supply, offer.threshold_bps)
    self.drags_along = self._meets(self.total_accepted, supply, offer.drag_bps)
    owed: uint256 = self._owed()
    if not self.succeeded or owed > self.cash_held:
        # Where tokens were minted since, the cash may not do: what cannot be paid fails.
        self.succeeded = False
        self.drags_along = False
        owed = 0
    log Settled(succeeded=self.succeeded, drags_along=self.drags_along)
    # Cash that the bidder cannot take does not keep the holders' tokens here.
    self._return_cash(self.cash_held - owed)
    self._locked = False


@external
def collect(holder: address) -> uint256:
    """
    @notice After a success pays who accepted, and hands the tokens to the bidder; after a failure
            gives the tokens back. For anybody to call.
    @param holder Who accepted.
    @return Cash paid; 0 after a failure.
    """
    self._lock()
    assert self.settled, "tender: not settled"
    amount: uint256 = self.accepted[holder]
    assert amount > 0, "tender: nothing accepted"
    self.accepted[holder] = 0
    self.total_accepted -= amount
    if not self.succeeded:
        assert token_calls._transfer(token, holder, amount), "tender: transfer failed"
        self._locked = False
        return 0
    paid: uint256 = 0
    if holder != bidder:
        paid = self._pay(holder, amount, offer.price)
    assert token_calls._transfer(token, bidder, amount), "tender: transfer failed"
    log Paid(holder=holder, amount=amount, cash=paid)
    self._locked = False
    return paid


@external
def squeeze(holder: address) -> uint256:
    """
    @notice Buys everything that a holder has at the squeeze-out price; for anybody to call, once
            the offer drags along. A pool is a holder too: what its tokens were worth is there for
            its liquidity.
    @param holder Whom.
    @return Cash paid.
    """
    self._lock()
    assert self.drags_along, "tender: nobody is squeezed out"
    assert holder != bidder and holder != self, "tender: not to be squeezed out"
    amount: uint256 = staticcall ISqueezable(token).squeezable(holder)
    assert amount > 0, "tender: zero amount"
    # Who accepted is paid first: a holder of tokens that were not a holder's when the offer
    # was settled is bought out for what is left, or not at all.
    cost: uint256 = amount * offer.squeeze_price // _ONE
    first: uint256 = self._cost(self._bought(), offer.price)
    assert cost + first <= self.cash_held, "tender: cash is missing"
    extcall ISqueezable(token).squeeze(holder, bidder, amount)
    paid: uint256 = self._pay(holder, amount, offer.squeeze_price)
    log Squeezed(holder=holder, amount=amount, cash=paid)
    self._locked = False
    return paid


@external
def return_surplus():
    """
    @notice Gives the bidder what is no longer needed: more than is owed to those who accepted
            and to those who can be squeezed out. For anybody to call.
    """
    self._lock()
    assert self.settled and (self.succeeded or self.cash_held > 0), "tender: nothing is left"
    # Tokens that came after the offer was settled may owe more than there is.
    owed: uint256 = min(self._owed(), self.cash_held) if self.succeeded else 0
    assert self._return_cash(self.cash_held - owed), "tender: transfer failed"
    self._locked = False


@external
@view
def reached_bps() -> uint256:
    """
    @notice The part of the supply that is handed in.
    @return Basis points, rounded down.
    """
    return self.total_accepted * _BPS // max(self._supply(), 1)


@internal
@pure
def _meets(reached: uint256, supply: uint256, part_bps: uint256) -> bool:
    return reached * _BPS >= supply * part_bps


@internal
@pure
def _cost(amount: uint256, price: uint256) -> uint256:
    # Rounded up: what all are paid, each rounded down, is never more.
    return (amount * price + _ONE - 1) // _ONE


@internal
def _pay(holder: address, amount: uint256, price: uint256) -> uint256:
    paid: uint256 = amount * price // _ONE
    self.cash_held -= paid
    assert token_calls._transfer(cash, holder, paid), "tender: transfer failed"
    return paid


@internal
def _give_back(amount: uint256):
    assert amount <= self.accepted[msg.sender], "tender: not accepted"
    self.accepted[msg.sender] -= amount
    self.total_accepted -= amount
    assert token_calls._transfer(token, msg.sender, amount), "tender: transfer failed"


@internal
@view
def _bought() -> uint256:
    # What was handed in by others than the bidder, and has to be paid.
    return self.total_accepted - self.accepted[bidder]


@internal
@view
def _owed() -> uint256:
    # To those who accepted, and to everybody else who can be squeezed out; each rounded up.
    owed: uint256 = self._cost(self._bought(), offer.price)
    if self.drags_along:
        rest: uint256 = self._supply() - self._balance(bidder) - self._balance(self)
        owed += self._cost(rest, offer.squeeze_price)
    return owed


@internal
def _return_cash(amount: uint256) -> bool:
    if amount > 0:
        if not token_calls._transfer(cash, bidder, amount):
            return False
        self.cash_held -= amount
    log Returned(to=bidder, amount=amount)
    return True


@internal
@view
def _supply() -> uint256:
    return staticcall IERC20(token).totalSupply()


@internal
@view
def _balance(holder: address) -> uint256:
    return staticcall IERC20(token).balanceOf(holder)


@internal
def _lock():
    # By hand and not @nonreentrant: that one refuses without a reason.
    assert not self._locked, "tender: locked"
    self._locked = True

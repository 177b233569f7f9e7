# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that is earned
@license MIT
@notice ERC-20 with permits. The initial supply is the deployer's; what comes later is released
        by a schedule that is fixed at deployment, and minted by one minter, never more than was
        released. Burning frees nothing to be minted again.
"""
from interfaces import IIncentiveToken
import erc20
import schedule

implements: IIncentiveToken
initializes: erc20
initializes: schedule
exports: (erc20.__interface__, schedule.__interface__)


event MinterSet:
    minter: indexed(address)


name: public(immutable(String[64]))
symbol: public(immutable(String[32]))
decimals: public(constant(uint8)) = 18

initial_supply: public(immutable(uint256))
cap: public(immutable(uint256))

minter: public(address)
minted: public(uint256)
_deployer: immutable(address)


@deploy
def __init__(
    name_: String[64],
    symbol_: String[32],
    initial_supply_: uint256,
    cap_: uint256,
    schedule_: schedule.Schedule,
):
    """
    @param initial_supply_ What the deployer gets now, in the smallest unit; below the cap.
    @param cap_ The most that will ever have been made, the initial supply included; below
           2**128, so that gauges can share it out without overflow. The schedule ends there.
    @param schedule_ What is released when; see `schedule`.
    """
    assert cap_ <= convert(max_value(uint128), uint256), "incentive: cap too high"
    assert initial_supply_ < cap_, "incentive: nothing left to earn"
    name = name_
    symbol = symbol_
    initial_supply = initial_supply_
    cap = cap_
    _deployer = msg.sender
    erc20.__init__(name_, "incentive")
    schedule.__init__(schedule_, initial_supply_, cap_ - initial_supply_)
    erc20._mint(msg.sender, initial_supply_)


@external
@view
def available_supply() -> uint256:
    """
    @notice The initial supply and what the schedule has released until now, minted or not.
    @return Tokens in the smallest unit, not above `cap`; those that were burned count.
    """
    return initial_supply + schedule._released(block.timestamp)


@external
@view
def released(time: uint256) -> uint256:
    """
    @notice What the schedule has released by a moment: of an epoch, the sum of the whole epochs
            before it and its rate for every whole step since it began.
    @param time The timestamp, past or to come; every number is one.
    @return Tokens in the smallest unit, minted or not, without the initial supply.
    """
    return schedule._released(time)


@external
@view
def rate() -> uint256:
    """
    @notice What the running step releases, by the second; 0 before the start and behind the cap.
    @return Tokens in the smallest unit a second; exact with steps of a second, else rounded down.
    """
    after: uint256 = schedule._released(block.timestamp + schedule.step)
    return (after - schedule._released(block.timestamp)) // schedule.step


@external
@view
def mintable_in_timeframe(begin: uint256, end: uint256) -> uint256:
    """
    @notice What the schedule releases from `begin` to `end`: `released(end) - released(begin)`.
    @param begin The timestamp from which to count.
    @param end The timestamp up to which to count; not before `begin`, and may lie in the
           future.
    @return Tokens in the smallest unit, minted or not.
    """
    assert begin <= end, "incentive: begins after its end"
    return schedule._released(end) - schedule._released(begin)


@external
def set_minter(minter: address):
    """
    @notice Names who mints. The deployer can do so once.
    @param minter The only one who can mint from now on and for good, such as a `minter`.
    """
    assert msg.sender == _deployer, "incentive: forbidden"
    assert self.minter == empty(address), "incentive: minter is set"
    assert minter != empty(address), "incentive: zero address"
    self.minter = minter
    log MinterSet(minter=minter)


@external
def mint(to: address, amount: uint256):
    """
    @notice Makes `amount` new tokens for `to`, within the schedule. Only for the minter.
    @param to Who gets the new tokens.
    @param amount How many, in the smallest unit; with what was minted before not above
           what is released now.
    """
    assert msg.sender == self.minter, "incentive: not the minter"
    minted: uint256 = self.minted + amount
    assert minted <= schedule._released(block.timestamp), "incentive: exceeds the schedule"
    self.minted = minted
    erc20._mint(to, amount)


@external
def burn(amount: uint256):
    """
    @notice Destroys `amount` of the caller's tokens.
    @param amount How many, in the smallest unit; the caller has to have them.
    """
    erc20._burn(msg.sender, amount)

# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Pays a streamed reward to who stakes
@license MIT
@notice Whoever sends rewards here has the distributor start a period, in which they are
        streamed at a fixed rate; every second's reward is shared by the stakes of that second.
        What is streamed while nobody stakes is `undistributed`: it can be streamed again.
@dev A withdrawal calls the staked token and nothing else: no reward token, whatever it does,
     keeps a stake from coming back. So `withdraw` is the way out in an emergency too.
"""
from ethereum.ercs import IERC20
import reward_stream
import token_calls


event Staked:
    owner: indexed(address)
    amount: uint256


event Withdrawn:
    owner: indexed(address)
    amount: uint256


event Claimed:
    owner: indexed(address)
    amount: uint256


event Notified:
    amount: uint256
    rate: uint256
    period_finish: uint256


event DurationSet:
    duration: uint256


event PausedSet:
    paused: bool


event Recovered:
    token: indexed(address)
    amount: uint256


staked_token: public(immutable(address))
reward_token: public(immutable(address))
distributor: public(immutable(address))
_SAME_TOKEN: immutable(bool)

duration: public(uint256)
paused: public(bool)
total_staked: public(uint256)
staked: public(HashMap[address, uint256])

_stream: reward_stream.Stream
_integral_of: HashMap[address, uint256]
_owed: HashMap[address, uint256]

_locked: transient(bool)


@deploy
def __init__(
    staked_token_: address,
    reward_token_: address,
    duration_seconds: uint256,
    distributor_: address,
):
    """
    @param staked_token_ What is staked. It must exist already; if it takes a fee of what it
           moves, what arrives is staked. Balances must change by transfers alone, and by no more.
    @param reward_token_ What is earned; may be the staked token.
    @param duration_seconds How long a period is; 1 to 2**32 - 1.
    @param distributor_ Who starts periods, sets their duration, recovers tokens and pauses.
    """
    # A call to no code looks like a transfer that was made.
    assert staked_token_.is_contract and reward_token_.is_contract, "staking: no such token"
    assert distributor_ != empty(address), "staking: zero address"
    staked_token = staked_token_
    reward_token = reward_token_
    distributor = distributor_
    _SAME_TOKEN = staked_token_ == reward_token_
    self._set_duration(duration_seconds)


@external
def stake(amount: uint256) -> uint256:
    """
    @notice Stakes `amount` of the caller's tokens, which have to be approved before.
    @param amount Smallest units to take from the caller; not zero.
    @return What arrived, and is staked: less than `amount` if the token takes a fee.
    """
    self._lock()
    assert not self.paused, "staking: paused"
    assert amount > 0, "staking: zero amount"
    self._checkpoint(msg.sender)
    arrived: uint256 = self._take(msg.sender, amount)
    self.staked[msg.sender] += arrived
    self.total_staked += arrived
    log Staked(owner=msg.sender, amount=arrived)
    self._locked = False
    return arrived


@external
def withdraw(amount: uint256):
    """
    @notice Gives `amount` of the caller's stake back. What was earned stays claimable.
    @param amount Smallest units, up to the caller's stake; not zero.
    """
    self._lock()
    assert amount > 0, "staking: zero amount"
    self._withdraw(msg.sender, amount)
    self._locked = False


@external
def claim() -> uint256:
    """
    @notice Pays what the caller has earned.
    @return The amount paid; zero is no error.
    """
    self._lock()
    amount: uint256 = self._claim(msg.sender)
    self._locked = False
    return amount


@external
def exit() -> uint256:
    """
    @notice Gives the whole stake back and pays what the caller has earned; both or nothing.
    @return The amount paid.
    """
    self._lock()
    amount: uint256 = self.staked[msg.sender]
    if amount > 0:
        self._withdraw(msg.sender, amount)
    reward: uint256 = self._claim(msg.sender)
    self._locked = False
    return reward


@external
def checkpoint(owner: address):
    """
    @notice Counts what `owner` has earned until now; for anybody to call. It changes
            nobody's total.
    @param owner Whose rewards are counted.
    """
    self._lock()
    self._checkpoint(owner)
    self._locked = False


@external
def notify(amount: uint256):
    """
    @notice Starts a period now with `amount` and what is left of the running one. Only for the
            distributor, who has the reward sent here first.
    @param amount At most `undistributed`. What the rate's division leaves over stays that.
    """
    self._lock()
    self._only_distributor()
    stream: reward_stream.Stream = self._stream_now()
    # From here the sum with what is left is at most the balance: nothing overflows.
    assert amount <= self._spare(stream), "staking: reward too high"
    rate: uint256 = reward_stream._rate_with(stream, amount, self.duration, block.timestamp)
    assert rate <= reward_stream.MAX_RATE, "staking: rate too high"
    stream = reward_stream._restarted(stream, rate, self.duration, block.timestamp)
    self._stream = stream
    log Notified(amount=amount, rate=rate, period_finish=reward_stream._finish(stream))
    self._locked = False


@external
def set_duration(duration_seconds: uint256):
    """
    @notice Sets how long the next periods are. Only for the distributor, between periods.
    @param duration_seconds Seconds, 1 to 2**32 - 1.
    """
    self._only_distributor()
    assert block.timestamp >= reward_stream._finish(self._stream), "staking: period is running"
    self._set_duration(duration_seconds)


@external
def set_paused(paused: bool):
    """
    @notice Stops new stakes, or lets them in again. Only for the distributor. Withdrawals and
            claims cannot be stopped.
    @param paused Whether new stakes are refused.
    """
    self._only_distributor()
    self.paused = paused
    log PausedSet(paused=paused)


@external
def recover_token(token: address, amount: uint256):
    """
    @notice Sends tokens that are nobody's to the distributor, who alone can ask for it: any but
            the staked one, and of the reward at most `undistributed`.
    @param token Any but the staked one.
    @param amount Smallest units; of the reward token at most `undistributed`.
    """
    self._lock()
    self._only_distributor()
    assert token != staked_token, "staking: staked token"
    if token == reward_token:
        assert amount <= self._spare(self._stream_now()), "staking: reward is promised"
    assert token_calls._transfer(token, msg.sender, amount), "staking: transfer failed"
    log Recovered(token=token, amount=amount)
    self._locked = False


@external
@view
def earned(owner: address) -> uint256:
    """
    @notice What `claim` would pay `owner` now.
    @param owner Whose reward.
    @return Smallest units of the reward token, rounded down.
    """
    scaled: uint256 = self._owed[owner] + self._earned_since(owner, self._stream_now().integral)
    return scaled // reward_stream.PRECISION


@external
@view
def reward_per_token() -> uint256:
    """
    @notice What one staked unit has earned since the beginning, with 36 decimals.
    @return Smallest units of reward for one of stake, times 10**36.
    """
    return self._stream_now().integral


@external
@view
def undistributed() -> uint256:
    """
    @notice The rewards here that are promised to nobody: what was streamed while nobody staked,
            remainders of rates, and what was sent and not yet notified.
    @return Smallest units of the reward token.
    """
    return self._spare(self._stream_now())


@external
@view
def rate() -> uint256:
    """
    @notice Units streamed a second, up to `period_finish`.
    @return Smallest units of the reward token a second; 0 before the first period.
    """
    return reward_stream._rate(self._stream)


@external
@view
def period_finish() -> uint256:
    """
    @notice The timestamp at which the period ends; 0 before the first.
    @return Seconds since 1970.
    """
    return reward_stream._finish(self._stream)


@external
@view
def last_time_applicable() -> uint256:
    """
    @notice Until when rewards have been streamed: now, or the period's end.
    @return Seconds since 1970.
    """
    return reward_stream._applicable(self._stream, block.timestamp)


@external
@view
def reward_for_duration() -> uint256:
    """
    @notice What a whole period gives at the present rate.
    @return Smallest units of the reward token.
    """
    return reward_stream._rate(self._stream) * self.duration


@internal
def _lock():
    # By hand and not @nonreentrant: that one refuses without a reason.
    assert not self._locked, "staking: locked"
    self._locked = True


@internal
@view
def _only_distributor():
    assert msg.sender == distributor, "staking: not the distributor"


@internal
def _set_duration(seconds: uint256):
    assert seconds > 0 and seconds <= reward_stream.MAX_DURATION, "staking: duration out of range"
    self.duration = seconds
    log DurationSet(duration=seconds)


@internal
def _take(owner: address, amount: uint256) -> uint256:
    # What arrives counts, not what was asked for. The lock keeps other stakes out of it.
    before: uint256 = staticcall IERC20(staked_token).balanceOf(self)
    done: bool = token_calls._transfer_from(staked_token, owner, self, amount)
    assert done, "staking: transfer failed"
    arrived: uint256 = staticcall IERC20(staked_token).balanceOf(self) - before
    assert arrived > 0, "staking: nothing arrived"
    return arrived


@internal
def _withdraw(owner: address, amount: uint256):
    stake: uint256 = self.staked[owner]
    assert amount <= stake, "staking: insufficient stake"
    self._checkpoint(owner)
    self.staked[owner] = unsafe_sub(stake, amount)
    # The total is the sum of the stakes.
    self.total_staked = unsafe_sub(self.total_staked, amount)
    assert token_calls._transfer(staked_token, owner, amount), "staking: transfer failed"
    log Withdrawn(owner=owner, amount=amount)


@internal
def _claim(owner: address) -> uint256:
    self._checkpoint(owner)
    amount: uint256 = self._owed[owner] // reward_stream.PRECISION
    if amount > 0:
        self._owed[owner] -= amount * reward_stream.PRECISION
        self._stream.reserved -= amount
        assert token_calls._transfer(reward_token, owner, amount), "staking: transfer failed"
        log Claimed(owner=owner, amount=amount)
    return amount


@internal
def _checkpoint(owner: address):
    stream: reward_stream.Stream = self._stream_now()
    self._stream = stream
    self._owed[owner] += self._earned_since(owner, stream.integral)
    self._integral_of[owner] = stream.integral


@internal
@view
def _stream_now() -> reward_stream.Stream:
    return reward_stream._advanced(self._stream, self.total_staked, block.timestamp)


@internal
@view
def _earned_since(owner: address, integral: uint256) -> uint256:
    return reward_stream._share(self.staked[owner], self._integral_of[owner], integral)


@internal
@view
def _spare(stream: reward_stream.Stream) -> uint256:
    # What is held of the reward and promised to nobody; stakes are promised too.
    balance: uint256 = staticcall IERC20(reward_token).balanceOf(self)
    promised: uint256 = stream.reserved
    if _SAME_TOKEN:
        promised += self.total_staked
    return max(balance, promised) - promised

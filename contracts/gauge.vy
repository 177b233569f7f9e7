# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Pays rewards to who stakes liquidity
@license MIT
@notice Up to eight tokens are earned by a stake: the one that a minter emits, and others that
        distributors stream. Every second's reward is shared by the stakes of that second; what is
        released while nobody stakes, or given up, is `undistributed`.
@dev A stake comes back whatever the rewards do: a withdrawal calls the staked token and asks the
     minter how much it has emitted, and goes on if the minter cannot tell. `emergency_exit` does
     not even ask. Rewards are numbered; each keeps its own books, exactly:

     emitted == claimed + owed + undistributed, where what is owed has fractions of 36 decimals.
"""
from ethereum.ercs import IERC20
from interfaces import IMinter
import reward_shares
import reward_stream
import token_calls


event Deposited:
    owner: indexed(address)
    amount: uint256


event Withdrawn:
    owner: indexed(address)
    amount: uint256


event Claimed:
    owner: indexed(address)
    token: indexed(address)
    amount: uint256


event RewardAdded:
    token: indexed(address)
    distributor: indexed(address)
    duration: uint256


event OwnerSet:
    owner: indexed(address)


event Notified:
    token: indexed(address)
    amount: uint256
    rate: uint256
    period_finish: uint256


struct Reward:
    # Who streams it, in periods of how many seconds; nobody streams what the minter emits.
    distributor: address
    duration: uint256
    # The running period, and all that was ever sent for this one and those before.
    clock: uint256
    funded: uint256
    # What one staked unit has earned since the beginning, in parts of 10**-36.
    integral: uint256
    # How much of what was released is shared or nobody's, and what is nobody's, in the same
    # parts. Both are kept as complements: who stakes first finds no empty slots to pay for.
    not_counted: uint256
    not_nobodys: uint256


struct Account:
    # The integral from which on its stake has earned what is not in the books; without a stake,
    # anything.
    mark: uint256
    # claimed << 128 | owed: whole units.
    books: uint256


MOST_REWARDS: public(constant(uint256)) = 8
MOST_STAKED: public(constant(uint256)) = 10**36
_FIELD: constant(uint256) = 2**120 - 1
_LOW: constant(uint256) = 2**128 - 1

lp_token: public(immutable(address))
minter: public(immutable(address))
_EMISSION: immutable(address)

owner: public(address)
staked: public(HashMap[address, uint256])
reward_tokens: public(address[8])

# rewards << 240 | left << 120 | total: how many rewards there are, what left by emergency exits
# since rewards were counted last, and what is staked.
_stakes: uint256
# By the reward's place in `reward_tokens`, and that place by token, from 1 on.
_rewards: Reward[8]
_place_of: HashMap[address, uint256]
_accounts: HashMap[address, Account[8]]

_locked: transient(bool)


@deploy
def __init__(lp_token_: address, minter_: address, owner_: address):
    """
    @param lp_token_ What is staked: a plain token, such as a pool. It must exist already
           and move exactly what it is told to.
    @param minter_ Who emits the first reward, and need not know of this gauge yet; the zero
           address: nobody, there are streamed rewards alone.
    @param owner_ Who adds streamed rewards.
    """
    # A call to no code looks like a transfer that was made: what is staked before its token
    # exists would be paid out of real stakes.
    assert lp_token_.is_contract, "gauge: no such token"
    lp_token = lp_token_
    minter = minter_
    assert owner_ != empty(address), "gauge: zero address"
    self.owner = owner_
    log OwnerSet(owner=owner_)
    emission: address = empty(address)
    if minter_ != empty(address):
        assert minter_.is_contract, "gauge: no such minter"
        emission = staticcall IMinter(minter_).token()
        self._add(emission, empty(address), 0)
    _EMISSION = emission


@external
def deposit(amount: uint256, to: address = msg.sender):
    """
    @notice Stakes `amount` of the caller's liquidity, which has to be approved before.
    @param amount Liquidity to stake, in its smallest unit; above zero. All stakes together are at
           most `MOST_STAKED`.
    @param to Whose stake it becomes.
    """
    self._lock()
    assert amount > 0, "gauge: zero amount"
    stake: uint256 = self.staked[to]
    total: uint256 = self._total(self._stakes)
    assert amount <= unsafe_sub(MOST_STAKED, total), "gauge: stake too high"
    # The stake is part of the total.
    self._restake(to, stake, unsafe_add(stake, amount))
    done: bool = token_calls._transfer_from(lp_token, msg.sender, self, amount)
    assert done, "gauge: transfer failed"
    log Deposited(owner=to, amount=amount)
    self._locked = False


@external
def withdraw(amount: uint256):
    """
    @notice Gives `amount` of the caller's stake back. What was earned stays claimable.
    @param amount Liquidity to give back, in its smallest unit; above zero and not above the
           stake.
    """
    self._lock()
    assert amount > 0, "gauge: zero amount"
    stake: uint256 = self.staked[msg.sender]
    assert amount <= stake, "gauge: insufficient stake"
    self._withdraw(msg.sender, stake, amount)
    self._locked = False


@external
def claim(owner: address = msg.sender, token: address = empty(address)):
    """
    @notice Pays `owner` what he has earned: of every reward, all or nothing, or of one alone, so
            that a reward which cannot be paid keeps none of the others back.
    @param owner Who is paid, whoever calls.
    @param token The one reward; the zero address: all.
    """
    self._lock()
    stake: uint256 = self.staked[owner]
    stakes: uint256 = self._count(owner, stake, stake)
    if token == empty(address):
        self._pay_all(owner, stakes)
    else:
        self._pay(owner, self._place(token), token)
    self._locked = False


@external
def exit():
    """
    @notice Gives the caller's whole stake back and pays all that he has earned; both or nothing.
    """
    self._lock()
    stake: uint256 = self.staked[msg.sender]
    if stake > 0:
        self._withdraw(msg.sender, stake, stake)
    else:
        self._count(msg.sender, 0, 0)
    self._pay_all(msg.sender, self._stakes)
    self._locked = False


@external
def emergency_exit():
    """
    @notice Gives the caller's whole stake back and calls nothing but the staked token. All that
            he has earned and not claimed is undistributed from now on.
    """
    self._lock()
    stake: uint256 = self.staked[msg.sender]
    assert stake > 0, "gauge: insufficient stake"
    stakes: uint256 = self._stakes
    for i: uint256 in range(stakes >> 240, bound=8):
        self._give_up(msg.sender, i, stake)
    # What has been emitted since then cannot be told here: until it is, the stake counts as
    # somebody's who earns for nobody.
    self._stakes = unsafe_sub(unsafe_add(stakes, stake << 120), stake)
    self.staked[msg.sender] = 0
    self._return_stake(msg.sender, stake)
    self._locked = False


@external
def set_owner(owner: address):
    """
    @notice Has somebody else add rewards from now on. Only for the owner.
    @param owner The new owner.
    """
    self._lock()
    self._only_owner()
    assert owner != empty(address), "gauge: zero address"
    self.owner = owner
    log OwnerSet(owner=owner)
    self._locked = False


@external
def add_reward(token: address, distributor: address, duration: uint256):
    """
    @notice Has the gauge pay another token, for good. Only for the owner.
    @param token What is earned: a token that is there, and neither staked nor a reward already.
    @param distributor Who starts its periods.
    @param duration How long a period is: seconds, 1 to 2**32 - 1.
    """
    self._lock()
    self._only_owner()
    assert distributor != empty(address), "gauge: zero address"
    in_range: bool = duration > 0 and duration <= reward_stream.MAX_DURATION
    assert in_range, "gauge: duration out of range"
    self._add(token, distributor, duration)
    self._locked = False


@external
def notify(token: address, amount: uint256):
    """
    @notice Takes `amount` of a reward from its distributor, the only one who can call, and starts
            a period with what arrives, what is left of the running one and what is undistributed.
    @param token A streamed reward; it has to be approved before.
    @param amount Smallest units, may be zero. What the rate's division leaves over is undistributed.
    """
    self._lock()
    place: uint256 = self._place(token)
    assert msg.sender == self._rewards[place].distributor, "gauge: not the distributor"
    arrived: uint256 = self._take(token, amount)
    funded: uint256 = self._rewards[place].funded
    assert arrived <= _LOW - funded, "gauge: reward too high"
    # Counts every reward up to now, whoever calls.
    stake: uint256 = self.staked[msg.sender]
    self._count(msg.sender, stake, stake)
    self._rewards[place].funded = funded + arrived
    self._start_period(token, place, arrived)
    self._locked = False


@external
@view
def total_staked() -> uint256:
    """
    @notice All stakes.
    @return Liquidity, in its smallest unit.
    """
    return self._total(self._stakes)


@external
@view
def reward_count() -> uint256:
    """
    @notice How many rewards there are.
    @return The length of `reward_tokens`, at most `MOST_REWARDS`.
    """
    return self._stakes >> 240


@external
@view
def claimable(owner: address, token: address) -> uint256:
    """
    @notice What `claim` would pay `owner` of a reward now.
    @param owner Whose reward, with a stake still or not.
    @param token The reward.
    @return Smallest units, rounded down.
    """
    return self._owed(owner, self._place(token)) // reward_shares.PARTS


@external
@view
def claimable_exact(owner: address, token: address) -> uint256:
    """
    @notice What `owner` has earned of a reward and was not paid, with the fraction of a unit that
            cannot be claimed yet.
    @param owner Whose reward, with a stake still or not.
    @param token The reward.
    @return Parts, 10**36 to the smallest unit.
    """
    return self._owed(owner, self._place(token))


@external
@view
def claimed(owner: address, token: address) -> uint256:
    """
    @notice What `owner` was paid of a reward since the beginning.
    @param owner Whose reward.
    @param token The reward.
    @return Smallest units.
    """
    return self._accounts[owner][self._place(token)].books >> 128


@external
@view
def emitted(token: address) -> uint256:
    """
    @notice What there was to earn of a reward until now: what the minter has allotted, or what
            distributors have sent less what is still to be streamed.
    @param token The reward.
    @return Smallest units: claimed, claimable with its fractions, and undistributed. Of a streamed
            reward it goes down by what was undistributed and is streamed again.
    """
    place: uint256 = self._place(token)
    if token == _EMISSION:
        return self._released(place)
    unstreamed: uint256 = reward_stream._unstreamed(self._rewards[place].clock, block.timestamp)
    return self._rewards[place].funded - unstreamed


@external
@view
def undistributed(token: address) -> uint256:
    """
    @notice What of a reward belongs to nobody: released while nobody staked, given up, or not yet
            divided.
    @param token The reward.
    @return Smallest units, rounded down.
    """
    return self._spare(self._place(token)) // reward_shares.PARTS


@external
@view
def undistributed_exact(token: address) -> uint256:
    """
    @notice The same with its fraction: `emitted` less all that is claimed and `claimable_exact`.
    @param token The reward.
    @return Parts, 10**36 to the smallest unit.
    """
    return self._spare(self._place(token))


@external
@view
def stream(token: address) -> (address, uint256, uint256, uint256):
    """
    @notice How a streamed reward is paid.
    @param token The reward.
    @return Its distributor, how long its periods are, the units it streams a second, and when the
            running period ends; zeros for what the minter emits.
    """
    place: uint256 = self._place(token)
    clock: uint256 = self._rewards[place].clock
    return (
        self._rewards[place].distributor,
        self._rewards[place].duration,
        clock >> 128,
        (clock >> 64) & (2**64 - 1),
    )


@internal
def _lock():
    # By hand and not @nonreentrant: that one refuses without a reason.
    assert not self._locked, "gauge: locked"
    self._locked = True


@internal
@view
def _only_owner():
    assert msg.sender == self.owner, "gauge: forbidden"


@internal
@pure
def _total(stakes: uint256) -> uint256:
    return stakes & _FIELD


@internal
@view
def _place(token: address) -> uint256:
    place: uint256 = self._place_of[token]
    assert place > 0, "gauge: no such reward"
    return unsafe_sub(place, 1)


@internal
def _add(token: address, distributor: address, duration: uint256):
    assert token.is_contract, "gauge: no such token"
    assert token != lp_token, "gauge: staked token"
    assert self._place_of[token] == 0, "gauge: reward is there"
    place: uint256 = self._stakes >> 240
    assert place < MOST_REWARDS, "gauge: too many rewards"
    self.reward_tokens[place] = token
    self._place_of[token] = place + 1
    self._rewards[place].distributor = distributor
    self._rewards[place].duration = duration
    self._rewards[place].not_counted = max_value(uint256)
    self._rewards[place].not_nobodys = max_value(uint256)
    self._stakes += 1 << 240
    log RewardAdded(token=token, distributor=distributor, duration=duration)


@internal
def _take(token: address, amount: uint256) -> uint256:
    # What arrives counts, not what was asked for.
    before: uint256 = staticcall IERC20(token).balanceOf(self)
    done: bool = token_calls._transfer_from(token, msg.sender, self, amount)
    assert done, "gauge: transfer failed"
    return staticcall IERC20(token).balanceOf(self) - before


@internal
def _start_period(token: address, place: uint256, arrived: uint256):
    # Everything is counted up to now.
    clock: uint256 = self._rewards[place].clock
    spare: uint256 = self._spare(place)
    left: uint256 = reward_stream._unstreamed(clock, block.timestamp)
    amount: uint256 = arrived + left + (spare // reward_shares.PARTS)
    duration: uint256 = self._rewards[place].duration
    rate: uint256 = amount // duration
    # A period is counted from its beginning.
    clock = reward_stream._clock(rate, block.timestamp, duration)
    self._rewards[place].clock = clock
    rest: uint256 = (amount % duration) * reward_shares.PARTS + spare % reward_shares.PARTS
    self._rewards[place].not_counted = max_value(uint256)
    self._rewards[place].not_nobodys = ~rest
    log Notified(
        token=token, amount=arrived, rate=rate, period_finish=block.timestamp + duration
    )


@internal
def _withdraw(owner: address, stake: uint256, amount: uint256):
    # Not above the stake.
    self._restake(owner, stake, unsafe_sub(stake, amount))
    self._return_stake(owner, amount)


@internal
def _return_stake(owner: address, amount: uint256):
    assert token_calls._transfer(lp_token, owner, amount), "gauge: transfer failed"
    log Withdrawn(owner=owner, amount=amount)


@internal
def _restake(owner: address, stake: uint256, next: uint256):
    # The total is the sum of the stakes, and stays in its bits.
    stakes: uint256 = self._count(owner, stake, next)
    self._stakes = unsafe_add(unsafe_sub(stakes, stake), next)
    self.staked[owner] = next


@internal
def _pay_all(owner: address, stakes: uint256):
    for i: uint256 in range(stakes >> 240, bound=8):
        token: address = _EMISSION
        if i > 0 or token == empty(address):
            token = self.reward_tokens[i]
        self._pay(owner, i, token)


@internal
def _pay(owner: address, place: uint256, token: address):
    books: uint256 = self._accounts[owner][place].books
    amount: uint256 = books & _LOW
    if amount == 0:
        return
    # All that is claimed is part of what was released.
    self._accounts[owner][place].books = unsafe_add(books - amount, amount << 128)
    if token == _EMISSION and staticcall IERC20(token).balanceOf(self) < amount:
        extcall IMinter(minter).draw()
    assert token_calls._transfer(token, owner, amount), "gauge: transfer failed"
    log Claimed(owner=owner, token=token, amount=amount)


@internal
def _count(owner: address, stake: uint256, next: uint256) -> uint256:
    # Brings all rewards up to now, and the account of `owner`, whose stake goes from `stake` to
    # `next`. Returns `_stakes`, in which what left is settled.
    stakes: uint256 = self._stakes
    for i: uint256 in range(stakes >> 240, bound=8):
        counted: uint256 = 0
        integral: uint256 = 0
        nobodys: uint256 = 0
        counted, integral, nobodys = self._now(i, stakes)
        if nobodys > 0:
            self._to_nobody(i, nobodys)
        self._rewards[i].integral = integral
        mark: uint256 = self._accounts[owner][i].mark
        earned: uint256 = reward_shares._earned(stake, mark, integral)
        returned: uint256 = 0
        mark, returned = reward_shares._kept(earned, integral, next)
        if next > 0:
            self._accounts[owner][i].mark = mark
        # What he cannot keep, everybody shares; but a period that has just begun has not counted
        # as much, and then it is nobody's.
        if returned > counted:
            self._to_nobody(i, returned)
            returned = 0
        self._rewards[i].not_counted = ~unsafe_sub(counted, returned)
        if earned >= reward_shares.PARTS:
            # What is owed and claimed was released, which is below 2**128.
            self._accounts[owner][i].books = unsafe_add(
                self._accounts[owner][i].books, earned // reward_shares.PARTS
            )
    if (stakes >> 120) & _FIELD > 0:
        stakes = ((stakes >> 240) << 240) | self._total(stakes)
        self._stakes = stakes
    return stakes


@internal
def _give_up(owner: address, place: uint256, stake: uint256):
    # With what his stake had earned when rewards were counted last.
    books: uint256 = self._accounts[owner][place].books
    earned: uint256 = reward_shares._earned(
        stake, self._accounts[owner][place].mark, self._rewards[place].integral
    )
    given: uint256 = unsafe_add(earned, unsafe_mul(books & _LOW, reward_shares.PARTS))
    self._accounts[owner][place].books = books & ~_LOW
    self._to_nobody(place, given)


@internal
def _to_nobody(place: uint256, parts: uint256):
    # All parts together fit 256 bits.
    self._rewards[place].not_nobodys = unsafe_sub(self._rewards[place].not_nobodys, parts)


@internal
@view
def _now(place: uint256, stakes: uint256) -> (uint256, uint256, uint256):
    # What of a reward is counted, its integral, and what has become nobody's, up to now.
    left: uint256 = (stakes >> 120) & _FIELD
    total: uint256 = unsafe_add(self._total(stakes), left)
    counted: uint256 = 0
    step: uint256 = 0
    nobodys: uint256 = 0
    counted, step, nobodys = reward_shares._advanced(
        ~self._rewards[place].not_counted, self._released(place), total, left
    )
    # The integral may wrap: what is earned is a difference.
    return counted, unsafe_add(self._rewards[place].integral, step), nobodys


@internal
@view
def _released(place: uint256) -> uint256:
    # Since the beginning, or since the period's.
    if place > 0 or _EMISSION == empty(address):
        return reward_stream._streamed(self._rewards[place].clock, block.timestamp)
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        minter,
        abi_encode(self, method_id=method_id("emitted(address)")),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    # A minter that cannot tell keeps no stake; what it emits meanwhile is counted later.
    if not success or len(answer) != 32:
        return 0
    return min(convert(answer, uint256), _LOW)


@internal
@view
def _owed(owner: address, place: uint256) -> uint256:
    counted: uint256 = 0
    integral: uint256 = 0
    nobodys: uint256 = 0
    counted, integral, nobodys = self._now(place, self._stakes)
    earned: uint256 = reward_shares._earned(
        self.staked[owner], self._accounts[owner][place].mark, integral
    )
    owed: uint256 = self._accounts[owner][place].books & _LOW
    return unsafe_add(unsafe_mul(owed, reward_shares.PARTS), earned)


@internal
@view
def _spare(place: uint256) -> uint256:
    # What is nobody's, and what waits to be divided.
    counted: uint256 = 0
    integral: uint256 = 0
    nobodys: uint256 = 0
    counted, integral, nobodys = self._now(place, self._stakes)
    released: uint256 = unsafe_mul(self._released(place), reward_shares.PARTS)
    # A minter that cannot tell has nothing waiting.
    waiting: uint256 = unsafe_sub(max(released, counted), counted)
    return unsafe_add(unsafe_add(~self._rewards[place].not_nobodys, nobodys), waiting)

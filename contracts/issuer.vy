# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that is minted on deposit and redeemed for cash
@license MIT
@notice Itself the token, backed by `cash`: dollars, a share in custody, a deed. Everybody can
        read what is outstanding, what is held for it, and what part of it that covers.
        minted - redeemed == outstanding == totalSupply, always.
@dev Cash is counted here and not asked from its token: what is sent unasked is nobody's until
     the owner takes it (`recover`). Fees are paid on top of a deposit and out of a payout, and
     are the owner's income, apart from the reserve. With a delay, tokens that wait to be
     redeemed stay outstanding, in this contract; what they are worth is decided when they are
     paid, so that nobody who waits is better off than who did not ask.
"""
from ethereum.ercs import IERC20
import erc20
import opening_hours
import token_calls

initializes: erc20
exports: (
    erc20.totalSupply,
    erc20.balanceOf,
    erc20.allowance,
    erc20.nonces,
    erc20.approve,
    erc20.permit,
    erc20.DOMAIN_SEPARATOR,
    erc20.PERMIT_TYPEHASH,
)


struct Terms:
    # Basis points on top of a deposit, and out of a payout.
    mint_fee_bps: uint256
    redeem_fee_bps: uint256
    # Seconds between a request and its payment; 0: redemption at once.
    delay: uint256
    # Tokens that one block may mint, and redeem; 0: without limit.
    mint_cap: uint256
    redeem_cap: uint256
    # What the owner has to leave in the reserve, by outstanding tokens.
    min_coverage_bps: uint256
    # When minting, redeeming and requests are open.
    hours: opening_hours.Hours
    # Whether a reserve that falls short is shared out, or is for who comes first.
    pro_rata: bool
    # Whether only whitelisted accounts mint and redeem; whether only they hold tokens.
    whitelist: bool
    restricted: bool


event Minted:
    owner: indexed(address)
    deposit: uint256
    amount: uint256


event Redeemed:
    owner: indexed(address)
    amount: uint256
    paid: uint256


event Requested:
    owner: indexed(address)
    amount: uint256
    payable_at: uint256


event Invested:
    amount: uint256


event Divested:
    amount: uint256


event IncomeAdded:
    amount: uint256


event IncomeCollected:
    amount: uint256


event WhitelistSet:
    account: indexed(address)
    allowed: bool


event MintingSet:
    minting: bool


event TenderSet:
    tender: indexed(address)


event OwnerSet:
    owner: indexed(address)


_BPS: constant(uint256) = 10_000
_ONE: constant(uint256) = 10**18
# So that an amount times basis points, or times 10**18, fits 256 bits.
_MOST: constant(uint256) = 2**128 - 1
_LONGEST: constant(uint256) = 2**40

name: public(immutable(String[64]))
symbol: public(immutable(String[32]))
decimals: public(immutable(uint8))
cash: public(immutable(address))
terms: public(immutable(Terms))

owner: public(address)
minting: public(bool)
tender: public(address)
whitelisted: public(HashMap[address, bool])

reserve: public(uint256)
income: public(uint256)
minted: public(uint256)
redeemed: public(uint256)

# Tokens that wait, by owner, and when they may be paid.
requested: public(HashMap[address, uint256])
payable_at: public(HashMap[address, uint256])
waiting: public(uint256)

_block: uint256
_minted_in_block: uint256
_redeemed_in_block: uint256
_locked: transient(bool)


@deploy
def __init__(
    name_: String[64],
    symbol_: String[32],
    decimals_: uint8,
    cash_: address,
    owner_: address,
    terms_: Terms,
):
    """
    @param name_ The token's name, and its permits'.
    @param symbol_ Its symbol.
    @param decimals_ Those of the cash: one unit of it is one unit of this token.
    @param cash_ What is deposited and paid; it must exist, and move exactly what it is told to,
           or less in a deposit.
    @param owner_ Who takes the income, invests, keeps the whitelist and names a tender.
    @param terms_ What holds for good.
    """
    assert cash_.is_contract, "issuer: no such token"
    assert owner_ != empty(address), "issuer: zero address"
    assert terms_.mint_fee_bps <= _BPS and terms_.redeem_fee_bps <= _BPS, "issuer: fee too high"
    assert terms_.min_coverage_bps <= _BPS, "issuer: coverage too high"
    assert terms_.delay <= _LONGEST, "issuer: delay too long"
    assert opening_hours._sound(terms_.hours), "issuer: no such hours"
    name = name_
    symbol = symbol_
    decimals = decimals_
    cash = cash_
    terms = terms_
    self.owner = owner_
    self.minting = True
    # Tokens that wait are here.
    self.whitelisted[self] = True
    erc20.__init__(name_, "issuer")
    log OwnerSet(owner=owner_)


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Moves `amount` from the caller to `to`; where holding is restricted, between
            whitelisted accounts alone.
    @param to Who gets the tokens.
    @param amount How many, in the smallest unit; the caller has to have them.
    @return Always True; a transfer that cannot be made reverts.
    """
    self._check_holders(msg.sender, to)
    erc20._transfer(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves `amount` from `owner` to `to` out of the caller's allowance; where holding is
            restricted, between whitelisted accounts alone.
    @param owner Whose tokens move.
    @param to Who gets them.
    @param amount How many, in the smallest unit.
    @return Always True; a transfer that cannot be made reverts.
    """
    self._check_holders(owner, to)
    erc20._spend_allowance(owner, msg.sender, amount)
    erc20._transfer(owner, to, amount)
    return True


@external
def mint(deposit: uint256, to: address = msg.sender) -> uint256:
    """
    @notice Takes a deposit of cash and mints tokens for it, less the fee.
    @param deposit Cash to take, in its smallest unit; it has to be approved before.
    @param to Who gets the tokens.
    @return Tokens minted: what arrived * 10,000 // (10,000 + the fee in basis points).
    """
    self._lock()
    assert self.minting, "issuer: minting has stopped"
    self._check_customer(msg.sender)
    self._check_holders(to, to)
    arrived: uint256 = self._take(deposit)
    amount: uint256 = arrived * _BPS // (_BPS + terms.mint_fee_bps)
    assert amount > 0, "issuer: zero amount"
    self._count_minted(amount)
    self.reserve += amount
    self.income += arrived - amount
    erc20._mint(to, amount)
    log Minted(owner=to, deposit=arrived, amount=amount)
    self._locked = False
    return amount


@external
def mint_at_par(amount: uint256, to: address):
    """
    @notice Mints tokens for the same amount of cash: no fee, no hours, no cap. Only for the owner.
    @param amount Cash to take and tokens to mint; all of it has to arrive.
    @param to Who gets the tokens.
    """
    self._lock()
    self._only_owner()
    assert amount > 0, "issuer: zero amount"
    self._check_holders(to, to)
    arrived: uint256 = self._take(amount)
    assert arrived == amount, "issuer: transfer failed"
    self._add_minted(amount)
    self.reserve += amount
    erc20._mint(to, amount)
    log Minted(owner=to, deposit=amount, amount=amount)
    self._locked = False


@external
def redeem(amount: uint256, to: address = msg.sender) -> uint256:
    """
    @notice Burns the caller's tokens and pays cash for them, less the fee; where there is a
            delay, ask first (`request`).
    @param amount Tokens to redeem, in the smallest unit.
    @param to Who gets the cash.
    @return Cash paid.
    """
    self._lock()
    assert terms.delay == 0, "issuer: ask first"
    self._check_customer(msg.sender)
    erc20._burn(msg.sender, amount)
    paid: uint256 = self._pay_out(msg.sender, amount, to)
    self._locked = False
    return paid


@external
def request(amount: uint256):
    """
    @notice Hands tokens in to be redeemed after the delay; it counts anew for all that the caller
            has waiting.
    @param amount Tokens, in the smallest unit.
    """
    self._lock()
    assert terms.delay > 0, "issuer: redeem at once"
    assert amount > 0, "issuer: zero amount"
    self._check_customer(msg.sender)
    erc20._transfer(msg.sender, self, amount)
    self.requested[msg.sender] += amount
    self.waiting += amount
    payable_at: uint256 = block.timestamp + terms.delay
    self.payable_at[msg.sender] = payable_at
    log Requested(owner=msg.sender, amount=amount, payable_at=payable_at)
    self._locked = False


@external
def claim(amount: uint256, to: address = msg.sender) -> uint256:
    """
    @notice Pays for tokens that have waited long enough, at any hour.
    @param amount Tokens, in the smallest unit; at most what the caller has waiting.
    @param to Who gets the cash.
    @return Cash paid.
    """
    self._lock()
    assert amount <= self.requested[msg.sender], "issuer: not requested"
    assert block.timestamp >= self.payable_at[msg.sender], "issuer: too early"
    self.requested[msg.sender] -= amount
    self.waiting -= amount
    erc20._burn(self, amount)
    paid: uint256 = self._pay_out(msg.sender, amount, to)
    self._locked = False
    return paid


@external
def cancel(amount: uint256):
    """
    @notice Takes tokens back that wait to be redeemed.
    @param amount Tokens, in the smallest unit; at most what the caller has waiting.
    """
    self._lock()
    assert amount <= self.requested[msg.sender], "issuer: not requested"
    self.requested[msg.sender] -= amount
    self.waiting -= amount
    erc20._transfer(self, msg.sender, amount)
    self._locked = False


@external
def invest(amount: uint256, to: address):
    """
    @notice Takes cash out of the reserve, down to the coverage that the terms promise. Only for
            the owner.
    @param amount Cash, in its smallest unit.
    @param to Who gets it.
    """
    self._lock()
    self._only_owner()
    assert amount <= self.reserve, "issuer: reserve exhausted"
    left: uint256 = self.reserve - amount
    assert left * _BPS >= erc20.totalSupply * terms.min_coverage_bps, "issuer: coverage too low"
    self.reserve = left
    self._send(to, amount)
    log Invested(amount=amount)
    self._locked = False


@external
def divest(amount: uint256):
    """
    @notice Puts cash into the reserve; anybody may.
    @param amount Cash, in its smallest unit; it has to be approved before.
    """
    self._lock()
    arrived: uint256 = self._take(amount)
    self.reserve += arrived
    log Divested(amount=arrived)
    self._locked = False


@external
def add_income(amount: uint256):
    """
    @notice Pays income of the reserve in, for the owner to collect; anybody may.
    @param amount Cash, in its smallest unit; it has to be approved before.
    """
    self._lock()
    arrived: uint256 = self._take(amount)
    self.income += arrived
    log IncomeAdded(amount=arrived)
    self._locked = False


@external
def collect_income(amount: uint256, to: address):
    """
    @notice Takes fees and income out. Only for the owner.
    @param amount Cash, in its smallest unit; at most `income`.
    @param to Who gets it.
    """
    self._lock()
    self._only_owner()
    assert amount <= self.income, "issuer: income exhausted"
    self.income -= amount
    self._send(to, amount)
    log IncomeCollected(amount=amount)
    self._locked = False


@external
def recover(token: address, amount: uint256, to: address):
    """
    @notice Sends away what came here unasked: any token but this one, and of the cash what is
            neither reserve nor income. Only for the owner.
    @param token Which.
    @param amount How much, in its smallest unit.
    @param to Who gets it.
    """
    self._lock()
    self._only_owner()
    assert token != self, "issuer: tokens wait here"
    if token == cash:
        held: uint256 = staticcall IERC20(cash).balanceOf(self)
        promised: uint256 = self.reserve + self.income
        assert promised <= held and amount <= held - promised, "issuer: cash is promised"
    assert token_calls._transfer(token, to, amount), "issuer: transfer failed"
    self._locked = False


@external
def squeeze(holder: address, to: address, amount: uint256):
    """
    @notice Moves tokens without being asked, in a buy-out; those that the holder has waiting too,
            and these last. Only for the tender that the owner named.
    @param holder Whose tokens.
    @param to Who gets them.
    @param amount How many, in the smallest unit; at most `squeezable`.
    """
    assert msg.sender == self.tender, "issuer: not the tender"
    assert amount <= self._squeezable(holder), "issuer: insufficient balance"
    at_hand: uint256 = min(amount, self._at_hand(holder))
    erc20._transfer(holder, to, at_hand)
    rest: uint256 = amount - at_hand
    if rest > 0:
        self.requested[holder] -= rest
        self.waiting -= rest
        erc20._transfer(self, to, rest)


@external
def set_minting(minting: bool):
    """
    @notice Stops minting, or starts it again, unless a tender is named; redemption stays open.
            Only for the owner.
    @param minting Whether tokens can be minted.
    """
    self._only_owner()
    assert not minting or self.tender == empty(address), "issuer: a tender is named"
    self._set_minting(minting)


@external
def set_whitelisted(account: address, allowed: bool):
    """
    @notice Puts an account on the whitelist, or takes it off. Only for the owner.
    @param account Whom.
    @param allowed Whether it is on it.
    """
    self._only_owner()
    assert account != self, "issuer: tokens wait here"
    self.whitelisted[account] = allowed
    log WhitelistSet(account=account, allowed=allowed)


@external
def set_tender(tender: address):
    """
    @notice Names the contract that may move tokens in a buy-out, and stops minting: the cash of
            an offer is for the tokens that there are. The zero address for none; minting then
            starts when it is told to. Only for the owner.
    @param tender Which.
    """
    self._only_owner()
    self.tender = tender
    log TenderSet(tender=tender)
    if tender != empty(address) and self.minting:
        self._set_minting(False)


@external
def set_owner(owner: address):
    """
    @notice Hands everything that is the owner's to somebody else. Only for the owner.
    @param owner The next one.
    """
    self._only_owner()
    assert owner != empty(address), "issuer: zero address"
    self.owner = owner
    log OwnerSet(owner=owner)


@external
@view
def outstanding() -> uint256:
    """
    @notice Tokens that there are, those that wait to be redeemed included.
    @return Smallest units; minted less redeemed.
    """
    return erc20.totalSupply


@external
@view
def coverage() -> uint256:
    """
    @notice The reserve by what is outstanding.
    @return With 18 decimals, rounded down; 10**18, which is all of it, where nothing is outstanding.
    """
    if erc20.totalSupply == 0:
        return _ONE
    return self.reserve * _ONE // erc20.totalSupply


@external
@view
def is_open(time: uint256) -> bool:
    """
    @notice Whether minting, redeeming and requests are open at a time.
    @param time Seconds since 1970.
    @return True within the hours of the terms.
    """
    return opening_hours._open(terms.hours, time)


@external
@view
def deposit_for(amount: uint256) -> uint256:
    """
    @notice The smallest deposit that mints exactly so many tokens.
    @param amount Tokens, in the smallest unit.
    @return Cash, fee included.
    """
    gross: uint256 = amount * (_BPS + terms.mint_fee_bps)
    return (gross + _BPS - 1) // _BPS


@external
@view
def payment_for(amount: uint256) -> uint256:
    """
    @notice What a redemption of so many tokens pays now.
    @param amount Tokens, in the smallest unit.
    @return Cash, less the fee; 0 where the reserve is for who comes first and does not suffice.
    """
    gross: uint256 = self._worth(amount, erc20.totalSupply)
    if gross > self.reserve:
        return 0
    return self._less_fee(gross)


@external
@view
def mint_room() -> uint256:
    """
    @notice Tokens that this block may still mint.
    @return Smallest units; 2**256 - 1 without a limit.
    """
    if terms.mint_cap == 0:
        return max_value(uint256)
    return terms.mint_cap - (self._minted_in_block if self._block == block.number else 0)


@external
@view
def redeem_room() -> uint256:
    """
    @notice Tokens that this block may still redeem.
    @return Smallest units; 2**256 - 1 without a limit.
    """
    if terms.redeem_cap == 0:
        return max_value(uint256)
    return terms.redeem_cap - (self._redeemed_in_block if self._block == block.number else 0)


@external
@view
def squeezable(holder: address) -> uint256:
    """
    @notice What a buy-out can take of a holder: tokens at hand and tokens that wait.
    @param holder Whose; of this contract what was sent here by mistake.
    @return Smallest units.
    """
    return self._squeezable(holder)


@internal
@view
def _squeezable(holder: address) -> uint256:
    return self._at_hand(holder) + self.requested[holder]


@internal
@view
def _at_hand(holder: address) -> uint256:
    # What waits here is not this contract's.
    return erc20.balanceOf[holder] - (self.waiting if holder == self else 0)


@internal
def _set_minting(minting: bool):
    self.minting = minting
    log MintingSet(minting=minting)


@internal
def _pay_out(owner: address, amount: uint256, to: address) -> uint256:
    # The tokens are burned already, so that what was outstanding is the supply and the amount.
    assert amount > 0, "issuer: zero amount"
    self._count_redeemed(amount)
    gross: uint256 = self._worth(amount, erc20.totalSupply + amount)
    assert gross <= self.reserve, "issuer: reserve exhausted"
    paid: uint256 = self._less_fee(gross)
    self.reserve -= gross
    self.income += gross - paid
    self._send(to, paid)
    log Redeemed(owner=owner, amount=amount, paid=paid)
    return paid


@internal
@view
def _worth(amount: uint256, outstanding: uint256) -> uint256:
    # At par; a reserve that is shared out and falls short pays its share, rounded down.
    if not terms.pro_rata or self.reserve >= outstanding:
        return amount
    return amount * self.reserve // outstanding


@internal
@view
def _less_fee(gross: uint256) -> uint256:
    return gross * (_BPS - terms.redeem_fee_bps) // _BPS


@internal
def _count_minted(amount: uint256):
    self._turn_block()
    self._minted_in_block += amount
    if terms.mint_cap > 0:
        assert self._minted_in_block <= terms.mint_cap, "issuer: above the cap"
    self._add_minted(amount)


@internal
def _add_minted(amount: uint256):
    self.minted += amount
    assert self.minted <= _MOST, "issuer: overflow"


@internal
def _count_redeemed(amount: uint256):
    self._turn_block()
    self._redeemed_in_block += amount
    if terms.redeem_cap > 0:
        assert self._redeemed_in_block <= terms.redeem_cap, "issuer: above the cap"
    self.redeemed += amount


@internal
def _turn_block():
    if self._block != block.number:
        self._block = block.number
        self._minted_in_block = 0
        self._redeemed_in_block = 0


@internal
def _take(amount: uint256) -> uint256:
    # What arrives counts, not what was asked for; and never more.
    assert amount <= _MOST, "issuer: overflow"
    before: uint256 = staticcall IERC20(cash).balanceOf(self)
    done: bool = token_calls._transfer_from(cash, msg.sender, self, amount)
    held: uint256 = staticcall IERC20(cash).balanceOf(self)
    assert done and held >= before, "issuer: transfer failed"
    return min(held - before, amount)


@internal
def _send(to: address, amount: uint256):
    # All that is told has to leave, and no more: the rest is promised to others.
    before: uint256 = staticcall IERC20(cash).balanceOf(self)
    done: bool = token_calls._transfer(cash, to, amount)
    held: uint256 = staticcall IERC20(cash).balanceOf(self)
    assert done and (to == self or before == held + amount), "issuer: transfer failed"


@internal
@view
def _check_customer(account: address):
    assert opening_hours._open(terms.hours, block.timestamp), "issuer: closed"
    assert not terms.whitelist or self.whitelisted[account], "issuer: not whitelisted"


@internal
@view
def _check_holders(sender: address, receiver: address):
    if terms.restricted:
        allowed: bool = self.whitelisted[sender] and self.whitelisted[receiver]
        assert allowed, "issuer: not whitelisted"


@internal
@view
def _only_owner():
    assert msg.sender == self.owner, "issuer: not the owner"


@internal
def _lock():
    # By hand and not @nonreentrant: that one refuses without a reason.
    assert not self._locked, "issuer: locked"
    self._locked = True

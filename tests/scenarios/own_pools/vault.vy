# pragma version ~=0.4.3
"""
@title Two tokens and who owns them: what the pools of these tests have in common
@dev Reserves are what came in by add and swap, so that donations change no price.
"""
from ethereum.ercs import IERC20

base: public(immutable(address))
quote: public(immutable(address))

reserve_base: public(uint256)
reserve_quote: public(uint256)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
totalSupply: public(uint256)


event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    amount: uint256


@deploy
def __init__(base_token: address, quote_token: address):
    base = base_token
    quote = quote_token


@external
def add(base_amount: uint256, quote_amount: uint256):
    """
    @notice Takes both tokens at the pool's ratio; the first one sets it.
    """
    base_in: uint256 = base_amount
    quote_in: uint256 = quote_amount
    made: uint256 = base_amount
    if self.totalSupply > 0:
        quote_in = base_amount * self.reserve_quote // self.reserve_base
        if quote_in > quote_amount:
            quote_in = quote_amount
            base_in = quote_amount * self.reserve_base // self.reserve_quote
        made = base_in * self.totalSupply // self.reserve_base
    assert made > 0, "vault: nothing"
    extcall IERC20(base).transferFrom(msg.sender, self, base_in)
    extcall IERC20(quote).transferFrom(msg.sender, self, quote_in)
    self.reserve_base += base_in
    self.reserve_quote += quote_in
    self.balanceOf[msg.sender] += made
    self.totalSupply += made
    log Transfer(sender=empty(address), receiver=msg.sender, amount=made)


@external
def remove(amount: uint256):
    """
    @notice Gives back shares, and their part of both tokens.
    """
    base_out: uint256 = amount * self.reserve_base // self.totalSupply
    quote_out: uint256 = amount * self.reserve_quote // self.totalSupply
    self.balanceOf[msg.sender] -= amount
    self.totalSupply -= amount
    log Transfer(sender=msg.sender, receiver=empty(address), amount=amount)
    self.reserve_base -= base_out
    self.reserve_quote -= quote_out
    extcall IERC20(base).transfer(msg.sender, base_out)
    extcall IERC20(quote).transfer(msg.sender, quote_out)


@external
def approve(spender: address, amount: uint256) -> bool:
    self.allowance[msg.sender][spender] = amount
    return True


@external
def transfer(receiver: address, amount: uint256) -> bool:
    self._give(msg.sender, receiver, amount)
    return True


@external
def transferFrom(owner: address, receiver: address, amount: uint256) -> bool:
    self.allowance[owner][msg.sender] -= amount
    self._give(owner, receiver, amount)
    return True


@internal
def _give(owner: address, receiver: address, amount: uint256):
    self.balanceOf[owner] -= amount
    self.balanceOf[receiver] += amount
    log Transfer(sender=owner, receiver=receiver, amount=amount)


@internal
@view
def _sides(token_in: address) -> (uint256, uint256):
    if token_in == base:
        return self.reserve_base, self.reserve_quote
    assert token_in == quote, "vault: stranger"
    return self.reserve_quote, self.reserve_base


@internal
def _move(token_in: address, amount_in: uint256, amount_out: uint256):
    assert amount_out > 0, "vault: nothing"
    if token_in == base:
        self.reserve_base += amount_in
        self.reserve_quote -= amount_out
        extcall IERC20(base).transferFrom(msg.sender, self, amount_in)
        extcall IERC20(quote).transfer(msg.sender, amount_out)
    else:
        self.reserve_quote += amount_in
        self.reserve_base -= amount_out
        extcall IERC20(quote).transferFrom(msg.sender, self, amount_in)
        extcall IERC20(base).transfer(msg.sender, amount_out)

# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title The chain's own coin as a token
@license MIT
@notice Behaves as WETH9: coins in, tokens out, one for one, and back at any time.
        The supply is the balance of this contract, coins that were forced upon it included.
@dev Without permits, as the original: a signature here would surprise who relies on that.
"""
import erc20

initializes: erc20
exports: (
    erc20.balanceOf,
    erc20.allowance,
)


event Deposit:
    dst: indexed(address)
    wad: uint256


event Withdrawal:
    src: indexed(address)
    wad: uint256


name: public(constant(String[13])) = "Wrapped Ether"
symbol: public(constant(String[4])) = "WETH"
decimals: public(constant(uint8)) = 18


@deploy
def __init__():
    """
    @notice Starts empty.
    """
    erc20.__init__(name, "weth")


@external
@payable
def __default__():
    """
    @notice A plain transfer of coins is a deposit.
    """
    self._deposit()


@external
@payable
def deposit():
    """
    @notice Makes tokens of the coins sent with the call.
    """
    self._deposit()


@external
def withdraw(wad: uint256):
    """
    @notice Destroys `wad` of the caller's tokens and sends as many coins back.
    @param wad How many, in wei; the caller has to have them.
    """
    erc20._take(msg.sender, wad)
    # With the 2300 that the chain adds to a value: never more gas than to log something.
    stipend: uint256 = 2300 if wad == 0 else 0
    success: bool = raw_call(
        msg.sender, b"", gas=stipend, value=wad, revert_on_failure=False
    )
    assert success, "weth: transfer failed"
    log Withdrawal(src=msg.sender, wad=wad)


@external
def approve(guy: address, wad: uint256) -> bool:
    """
    @notice Lets `guy` move up to `wad` of the caller's tokens.
    @param guy Who may move them.
    @param wad The new allowance in wei; it replaces the old one. 2**256 - 1 is without limit.
    @return Always True.
    """
    erc20._approve(msg.sender, guy, wad)
    return True


@external
def transfer(dst: address, wad: uint256) -> bool:
    """
    @notice Moves `wad` from the caller to `dst`.
    @param dst Who gets the tokens.
    @param wad How many, in wei; the caller has to have them.
    @return Always True; a transfer that cannot be made reverts.
    """
    erc20._transfer(msg.sender, dst, wad)
    return True


@external
def transferFrom(src: address, dst: address, wad: uint256) -> bool:
    """
    @notice Moves `wad` from `src` to `dst` out of the caller's allowance; owners need none.
    @param src Whose tokens move.
    @param dst Who gets them.
    @param wad How many, in wei. An allowance of 2**256 - 1 does not shrink.
    @return Always True; a transfer that cannot be made reverts.
    """
    if src != msg.sender:
        erc20._spend_allowance(src, msg.sender, wad)
    erc20._transfer(src, dst, wad)
    return True


@external
@view
def totalSupply() -> uint256:
    """
    @notice The coins that this contract holds.
    @return The supply, in wei.
    """
    return self.balance


@internal
@payable
def _deposit():
    erc20.balanceOf[msg.sender] += msg.value
    log Deposit(dst=msg.sender, wad=msg.value)

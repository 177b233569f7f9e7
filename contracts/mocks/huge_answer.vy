# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token whose answers are 100 kB long
@license MIT
@notice A mock for tests. Who copies an answer pays for its memory. The first word is 1.
"""
import mock_erc20

initializes: mock_erc20
exports: mock_erc20.__interface__

_WORDS: constant(uint256) = 3200

is_huge: public(bool)
refuses: public(bool)


@external
def set_huge(is_huge: bool, refuses: bool):
    """
    @notice Whether answers are huge from now on, and whether they are refusals.
    """
    self.is_huge = is_huge
    self.refuses = refuses


@external
@raw_return
def transfer(to: address, amount: uint256) -> Bytes[32 * _WORDS]:
    """
    @notice Moves tokens and says a lot.
    """
    mock_erc20._move(msg.sender, to, amount)
    if not self.is_huge:
        return abi_encode(True)
    words: uint256[_WORDS] = empty(uint256[_WORDS])
    words[0] = 1
    if self.refuses:
        raw_revert(abi_encode(words))
    return abi_encode(words)


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens out of an allowance, as it should.
    """
    mock_erc20._spend(owner, amount)
    mock_erc20._move(owner, to, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Sets an allowance.
    """
    mock_erc20._approve(msg.sender, spender, amount)
    return True

# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A contract that answers what it was told to
@license MIT
@notice A mock for tests. Each selector has its answer, of any bytes; without one it reverts.
"""

_answers: HashMap[bytes4, Bytes[256]]
_answered: HashMap[bytes4, bool]
_endless: HashMap[bytes4, bool]


@external
def set_answer(selector: bytes4, answer: Bytes[256]):
    """
    @notice What calls of a function answer from now on.
    """
    self._answers[selector] = answer
    self._answered[selector] = True


@external
def set_endless(selector: bytes4):
    """
    @notice Calls of a function use up all the gas from now on.
    """
    self._endless[selector] = True


@external
@payable
@raw_return
def __default__() -> Bytes[256]:
    """
    @notice Answers.
    """
    selector: bytes4 = convert(slice(msg.data, 0, 4), bytes4)
    if self._endless[selector]:
        for i: uint256 in range(max_value(uint256)):
            pass
    assert self._answered[selector], "mock: no answer"
    return self._answers[selector]

# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Questions to tokens that may answer anything
@license MIT
@notice Each function says whether the token gave an answer that can be read. Whatever a
        token does (no such function, a revert, an endless loop, garbage), the caller goes on.
@dev Every question has gas of its own. Who has too little to ask is refused, because a
     token that runs out of gas would look like one without an answer.
"""

_GAS: constant(uint256) = 250_000
# A call leaves a 64th behind and costs something itself: with this, it has all of `_GAS`.
_GAS_TO_ASK: constant(uint256) = 300_000


@internal
@view
def _symbol(token: address) -> (bool, String[32]):
    # A string of at most 32 bytes, or a bytes32 as early tokens have it.
    answer: Bytes[96] = self._ask(token, method_id("symbol()"))
    if len(answer) == 32:
        word: bytes32 = extract32(answer, 0)
        return self._text(word, self._length_of(word))
    if len(answer) < 64 or convert(extract32(answer, 0), uint256) != 32:
        return False, ""
    length: uint256 = convert(extract32(answer, 32), uint256)
    if length == 0:
        return True, ""
    if length > 32 or len(answer) < 96:
        return False, ""
    return self._text(extract32(answer, 64), length)


@internal
@view
def _decimals(token: address) -> (bool, uint8):
    known: bool = False
    answer: uint256 = 0
    known, answer = self._number(token, method_id("decimals()"))
    if not known or answer > 255:
        return False, 0
    return True, convert(answer, uint8)


@internal
@view
def _balance(token: address, owner: address) -> (bool, uint256):
    return self._number(token, abi_encode(owner, method_id=method_id("balanceOf(address)")))


@internal
@view
def _allowance(token: address, owner: address, spender: address) -> (bool, uint256):
    question: Bytes[68] = abi_encode(
        owner, spender, method_id=method_id("allowance(address,address)")
    )
    return self._number(token, question)


@internal
@view
def _number(token: address, question: Bytes[68]) -> (bool, uint256):
    answer: Bytes[96] = self._ask(token, question)
    if len(answer) < 32:
        return False, 0
    return True, convert(extract32(answer, 0), uint256)


@internal
@view
def _ask(token: address, question: Bytes[68]) -> Bytes[96]:
    # Nothing where the call failed; of a longer answer the first 96 bytes.
    assert msg.gas >= _GAS_TO_ASK, "lens: not enough gas"
    success: bool = False
    answer: Bytes[96] = b""
    success, answer = raw_call(
        token,
        question,
        max_outsize=96,
        gas=_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success:
        return b""
    return answer


@internal
@pure
def _length_of(word: bytes32) -> uint256:
    # Bytes before the zeros at the end.
    rest: uint256 = convert(word, uint256)
    for length: uint256 in range(32):
        if rest == 0:
            return length
        rest = rest << 8
    return 32


@internal
@pure
def _text(word: bytes32, length: uint256) -> (bool, String[32]):
    # Clients refuse a whole answer for one string that is no UTF-8, so it is looked at here.
    if not self._is_text(word, length):
        return False, ""
    return True, convert(slice(word, 0, length), String[32])


@internal
@pure
def _is_text(word: bytes32, length: uint256) -> bool:
    # UTF-8 as RFC 3629 has it, without control characters.
    code: uint256 = 0
    least: uint256 = 0
    left: uint256 = 0
    for i: uint256 in range(length, bound=32):
        byte: uint256 = (convert(word, uint256) >> (248 - 8 * i)) & 255
        if left == 0:
            code, least, left = self._first_byte(byte)
        elif byte >> 6 == 2:
            code = (code << 6) | (byte & 63)
            left -= 1
        else:
            return False
        if left == 0 and not (code >= least and self._can_be_shown(code)):
            return False
    return left == 0


@internal
@pure
def _first_byte(byte: uint256) -> (uint256, uint256, uint256):
    # Its bits of the code point, the least one of that length, and how many bytes follow.
    if byte >> 7 == 0:
        return byte, 0, 0
    if byte >> 5 == 6:
        return byte & 31, 2**7, 1
    if byte >> 4 == 14:
        return byte & 15, 2**11, 2
    if byte >> 3 == 30:
        return byte & 7, 2**16, 3
    # Begins nothing. Zero is a control character, and refused as one.
    return 0, 0, 0


@internal
@pure
def _can_be_shown(code: uint256) -> bool:
    # Not U+0000 to U+001F, U+007F to U+009F (control), U+D800 to U+DFFF (surrogates).
    is_control: bool = code < 32 or (code >= 127 and code < 160)
    return not is_control and code >> 11 != 27 and code < 17 * 2**16

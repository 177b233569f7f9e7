# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title How a reward is shared by stakes, to the last bit
@license MIT
@notice A module without state and without calls. What is shared is counted in parts,
        10**36 to a token's smallest unit.
@dev What does not divide is not lost: it stays uncounted, and is shared with what comes next.
     So what was released is exactly what is owed, paid, nobody's, and not yet counted.

     What is released stays below 2**128 units and stakes at most 10**36, which the importer
     holds: then all parts together fit 256 bits, no stake loses a unit by a division, and
     nothing here can fail.
"""

PARTS: constant(uint256) = 10**36


@internal
@pure
def _advanced(
    counted: uint256, released: uint256, total: uint256, left: uint256
) -> (uint256, uint256, uint256):
    # What `counted` becomes when `released` units, counted from the beginning, are shared by
    # `total`, what each staked unit gets, and what is nobody's: the part of `left`, stakes
    # that were in the total and gave up their reward; all of it, where there is no total.
    parts: uint256 = unsafe_mul(released, PARTS)
    # What was handed back in a second is not shared in the same one, in which those who act alike
    # get the same; so less than a unit waits. A release that went backwards releases nothing.
    if parts < counted or unsafe_sub(parts, counted) < PARTS:
        return counted, 0, 0
    fresh: uint256 = unsafe_sub(parts, counted)
    if total == 0:
        return parts, 0, fresh
    step: uint256 = unsafe_div(fresh, total)
    return unsafe_add(counted, unsafe_mul(step, total)), step, unsafe_mul(step, left)


@internal
@pure
def _earned(stake: uint256, mark: uint256, integral: uint256) -> uint256:
    # What `stake` earned since its mark, which may lie below zero: then it wraps, twice.
    return unsafe_mul(stake, unsafe_sub(integral, mark))


@internal
@pure
def _kept(earned: uint256, integral: uint256, stake: uint256) -> (uint256, uint256):
    # The mark from which `stake` has earned the fraction of a unit that cannot be paid yet, and
    # what of it no mark can hold: fewer parts than `stake`; without a stake, all.
    fraction: uint256 = earned % PARTS
    each: uint256 = 0
    if stake > 0:
        each = unsafe_div(fraction, stake)
    return unsafe_sub(integral, each), unsafe_sub(fraction, unsafe_mul(each, stake))

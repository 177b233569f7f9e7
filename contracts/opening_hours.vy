# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Opening hours of a week
@license MIT
@notice A module without state: a week of days with the same hours each. Times are UTC.
"""

struct Hours:
    # Seconds of the day, 0 to 86,400; where they open later than they close, the hours reach
    # over midnight and belong to the day on which they began. Equal: all day long.
    opens: uint256
    closes: uint256
    # Bit 0 is Monday, bit 6 Sunday.
    days: uint256


DAY: constant(uint256) = 86_400
ALL_DAYS: constant(uint256) = 127
# The first of January 1970 was a Thursday.
_FIRST_DAY: constant(uint256) = 3


@internal
@pure
def _sound(hours: Hours) -> bool:
    # Whether these are hours at all: within the day, and on one day at least.
    return (
        hours.opens < DAY
        and hours.closes <= DAY
        and hours.days > 0
        and hours.days <= ALL_DAYS
    )


@internal
@pure
def _open(hours: Hours, time: uint256) -> bool:
    day: uint256 = time // DAY
    second: uint256 = time % DAY
    if hours.opens == hours.closes:
        return self._is_on(hours, day)
    if hours.opens < hours.closes:
        return self._is_on(hours, day) and hours.opens <= second and second < hours.closes
    if second >= hours.opens:
        return self._is_on(hours, day)
    # After midnight: the evening before counts. Before 1970 nothing was open.
    return second < hours.closes and day > 0 and self._is_on(hours, day - 1)


@internal
@pure
def _is_on(hours: Hours, day: uint256) -> bool:
    return (hours.days >> ((day + _FIRST_DAY) % 7)) & 1 == 1

"""What issuing a reward token does to its price, when those who earn it sell it.

A pool holds `E0` reward tokens against `U0` of money; no fee.
"""

from __future__ import annotations

from fractions import Fraction
from math import atanh, sqrt, tanh


def price_kept(issued: Fraction | int) -> Fraction:
    """The price that is left, as a share of the first: 1 / (1 + s)**2.

    issued: s, what was emitted and sold, as a multiple of E0.
    """
    return 1 / (1 + Fraction(issued)) ** 2


def cash_out(issued: Fraction | int) -> Fraction:
    """What all sales together brought, as a share of U0: s / (1 + s), below 1 however much is issued."""
    return Fraction(issued) / (1 + Fraction(issued))


def realised_share(issued: Fraction | int) -> Fraction:
    """What the sales brought, as a share of what the tokens were worth at the first price: 1 / (1 + s)."""
    return 1 / (1 + Fraction(issued))


def own_pool_apr(emission: Fraction | int, reserve: Fraction | int) -> Fraction:
    """Reward for a pool of the reward token itself, a block and value staked: e / (2 E).

    Both in reward tokens. The token's price cancels: reward and half the stake fall together.
    """
    return Fraction(emission) / (2 * Fraction(reserve))


def floor_price(bought: float, emission: float) -> float:
    """The price that lasts when `bought` money a block meets `emission` tokens a block: b / e."""
    return bought / emission


def money_left(
    blocks: float, *, emission: float, bought: float, reward: float, money: float
) -> float:
    """The pool's money after so many blocks of emission and buying.

    emission: tokens sold a block; bought: money spent a block; reward, money:
    the first reserves. Solves dU/dt = b - e U**2 / k: U = Uinf * tanh or coth
    (e Uinf t / k + c) with Uinf = sqrt(b k / e), tanh from below Uinf and coth
    from above. Continuous: a simulation by blocks differs by about
    emission / reserve.
    """
    k = reward * money
    lasting = sqrt(bought * k / emission)
    speed = emission * lasting / k
    if money == lasting:
        return money
    if money < lasting:
        return lasting * tanh(speed * blocks + atanh(money / lasting))
    return lasting / tanh(speed * blocks + atanh(lasting / money))

"""Shares of a pool: what is minted for a deposit, paid for a burn, and the protocol's part."""

from __future__ import annotations

from math import isqrt

from dexsim.cpmm.swaps import uint256
from dexsim.errors import Reverted
from dexsim.units import Wei, check_wei

MINIMUM_LIQUIDITY = 1_000


def liquidity_minted(
    amount_a: Wei, amount_b: Wei, reserve_a: Wei, reserve_b: Wei, total_supply: Wei
) -> Wei:
    """The shares that a deposit mints to the depositor, in wei of the share.

    The first deposit mints sqrt(a*b) less 1000 wei, which are locked for ever; later ones mint the
    smaller of the two proportions, rounded down. Reverts "pool: insufficient liquidity minted"
    where that is nothing; without a reason where a product exceeds a uint256, or a reserve is
    empty while there are shares. Source: Uniswap v2 core, `mint`.
    """
    _check_all(amount_a, amount_b, reserve_a, reserve_b, total_supply)
    if total_supply == 0:
        minted = isqrt(uint256(amount_a * amount_b)) - MINIMUM_LIQUIDITY
    elif reserve_a == 0 or reserve_b == 0:
        raise Reverted("")
    else:
        of_a = uint256(amount_a * total_supply) // reserve_a
        minted = min(of_a, uint256(amount_b * total_supply) // reserve_b)
    if minted <= 0:
        raise Reverted("pool: insufficient liquidity minted")
    return minted


def liquidity_burned(
    liquidity: Wei, balance_a: Wei, balance_b: Wei, total_supply: Wei
) -> tuple[Wei, Wei]:
    """The amounts (a, b) that burning `liquidity` shares pays: the proportion, rounded down.

    `balance_a` and `balance_b` are what the pool holds, which is the reserves unless somebody
    gave tokens away. Reverts "pool: insufficient liquidity burned" where either is nothing.
    """
    _check_all(liquidity, balance_a, balance_b, total_supply)
    supply = max(total_supply, 1)
    paid_a = uint256(liquidity * balance_a) // supply
    paid_b = uint256(liquidity * balance_b) // supply
    if paid_a == 0 or paid_b == 0:
        raise Reverted("pool: insufficient liquidity burned")
    return paid_a, paid_b


def protocol_fee(reserve_a: Wei, reserve_b: Wei, k_last: Wei, total_supply: Wei) -> Wei:
    """The shares minted to the protocol: a sixth of the growth of sqrt(k) since `k_last`.

    S*(sqrt k - sqrt k_last) // (5*sqrt k + sqrt k_last), with both roots rounded down; 0 where
    the fee was off (`k_last` 0) or k did not grow. Source: Uniswap v2 core, `_mintFee`.
    """
    _check_all(reserve_a, reserve_b, k_last, total_supply)
    root = isqrt(reserve_a * reserve_b)
    root_last = isqrt(k_last)
    if k_last == 0 or root <= root_last:
        return 0
    return total_supply * (root - root_last) // (5 * root + root_last)


def _check_all(*values: Wei) -> None:
    for value in values:
        check_wei(value, "an amount of the pool")

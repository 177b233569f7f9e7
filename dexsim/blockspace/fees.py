"""The base fee from block to block (EIP-1559)."""

from __future__ import annotations

from typing import ClassVar

from dexsim.description import AtLeastOne, Flag, Positive, Rate, Tokens, description

ELASTICITY = 2
MAX_CHANGE_DENOMINATOR = 8


@description
class Gas:
    """What gas costs.

    base_fee_gwei: of the first block, and of all unless `dynamic`, when it
    moves as EIP-1559 says. native_price: of the chain's own money in the
    numeraire. endowment: native money that each account starts with.
    """

    kind: ClassVar[str] = "gas"
    base_fee_gwei: Rate = "10"
    native_price: Positive | None = None
    dynamic: Flag = False
    block_limit: AtLeastOne = 30_000_000
    endowment: Tokens = "1000"


def next_base_fee(base_fee: int, *, gas_used: int, gas_limit: int) -> int:
    """The next block's base fee in wei per gas, from its parent's (EIP-1559).

    The target is half the limit; a full block raises the fee by an eighth and
    at least 1 wei, an empty one lowers it by an eighth.
    """
    target = gas_limit // ELASTICITY
    if gas_used == target:
        return base_fee
    change = base_fee * abs(gas_used - target) // target // MAX_CHANGE_DENOMINATOR
    return base_fee + max(change, 1) if gas_used > target else base_fee - change

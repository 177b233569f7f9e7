"""How exchanges word refusals: in dexsim's words, Uniswap's, or their own, which nobody compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DEXSIM = "dexsim"
UNISWAP = "uniswap"
OWN = "own"


@dataclass(frozen=True)
class Words:
    """The words of an exchange's contracts, by the contract's name: "pool", "factory", "router"."""

    of: Mapping[str, str] = field(default_factory=dict)

    def may_say(self, reason: str) -> frozenset[str] | None:
        """How the exchange words a refusal that dexsim words like this; None where it may say anything.

        A contract that is named nowhere speaks as dexsim's do.
        """
        spoken = self.of.get(reason.partition(":")[0], DEXSIM)
        if spoken == OWN:
            return None
        return _UNISWAPS.get(reason, frozenset({reason})) if spoken == UNISWAP else _same(reason)


def _same(reason: str) -> frozenset[str]:
    return frozenset({reason})


def heard(contract: str, said: list[str]) -> str:
    """Whose words these refusals of a contract are, given what it said where dexsim's is asked the same."""
    if any(each.startswith(f"{contract}: ") for each in said):
        return DEXSIM
    return UNISWAP if any(each.startswith("UniswapV2") for each in said) else OWN


_POOL = {
    "locked": "LOCKED",
    "insufficient output": "INSUFFICIENT_OUTPUT_AMOUNT",
    "insufficient input": "INSUFFICIENT_INPUT_AMOUNT",
    "insufficient liquidity": "INSUFFICIENT_LIQUIDITY",
    "invalid to": "INVALID_TO",
    "k": "K",
    "overflow": "OVERFLOW",
}
_ROUTER = {
    "expired": "EXPIRED",
    "insufficient output": "INSUFFICIENT_OUTPUT_AMOUNT",
    "excessive input": "EXCESSIVE_INPUT_AMOUNT",
    "insufficient a amount": "INSUFFICIENT_A_AMOUNT",
    "insufficient b amount": "INSUFFICIENT_B_AMOUNT",
}
_UNISWAPS = {
    **{f"pool: {ours}": frozenset({f"UniswapV2: {theirs}"}) for ours, theirs in _POOL.items()},
    **{
        f"router: {ours}": frozenset({f"UniswapV2Router: {theirs}"})
        for ours, theirs in _ROUTER.items()
    },
    "pool: insufficient liquidity minted": frozenset(
        {"UniswapV2: INSUFFICIENT_LIQUIDITY_MINTED", "ds-math-sub-underflow"}
    ),
    # Where there are no shares at all, it divides by zero.
    "pool: insufficient liquidity burned": frozenset(
        {"UniswapV2: INSUFFICIENT_LIQUIDITY_BURNED", "invalid opcode"}
    ),
    "pool: expired": frozenset({"UniswapV2: EXPIRED"}),
    "pool: invalid signature": frozenset({"UniswapV2: INVALID_SIGNATURE"}),
    "pool: forbidden": frozenset({"UniswapV2: FORBIDDEN"}),
    # An answer of less than a word cannot be decoded, which has no reason.
    "pool: transfer failed": frozenset({"UniswapV2: TRANSFER_FAILED", ""}),
    "pool: insufficient allowance": frozenset({"ds-math-sub-underflow"}),
    "pool: insufficient balance": frozenset({"ds-math-sub-underflow"}),
    "factory: forbidden": frozenset({"UniswapV2: FORBIDDEN"}),
    "router: invalid path": frozenset(
        {"UniswapV2Library: INVALID_PATH", "UniswapV2Router: INVALID_PATH", "", "invalid opcode"}
    ),
    "router: transfer failed": frozenset(
        {"TransferHelper: TRANSFER_FROM_FAILED", "TransferHelper: TRANSFER_FAILED"}
    ),
    # Where the whole reserve or more is wanted, it subtracts or divides.
    "router: insufficient liquidity": frozenset(
        {"UniswapV2Library: INSUFFICIENT_LIQUIDITY", "ds-math-sub-underflow", "invalid opcode"}
    ),
    "router: coin transfer failed": frozenset({"TransferHelper: ETH_TRANSFER_FAILED"}),
    "router: not for coins": frozenset({"", "invalid opcode"}),
    "factory: identical addresses": frozenset({"UniswapV2: IDENTICAL_ADDRESSES"}),
    "factory: zero address": frozenset({"UniswapV2: ZERO_ADDRESS"}),
    "factory: pool exists": frozenset({"UniswapV2: PAIR_EXISTS"}),
}

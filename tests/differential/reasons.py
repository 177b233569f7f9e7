"""Which refusal of ours stands for which of the original's, as contracts/README.md has it."""

from __future__ import annotations

import itertools

from tests.differential.operation import Op

OURS = {
    "UniswapV2: LOCKED": {"pool: locked"},
    "UniswapV2: FORBIDDEN": {"factory: forbidden", "pool: forbidden"},
    "UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT": {"pool: insufficient output"},
    "UniswapV2: INSUFFICIENT_INPUT_AMOUNT": {"pool: insufficient input"},
    "UniswapV2: INSUFFICIENT_LIQUIDITY": {"pool: insufficient liquidity"},
    "UniswapV2: INVALID_TO": {"pool: invalid to"},
    "UniswapV2: K": {"pool: k"},
    "UniswapV2: INSUFFICIENT_LIQUIDITY_MINTED": {"pool: insufficient liquidity minted"},
    "UniswapV2: INSUFFICIENT_LIQUIDITY_BURNED": {"pool: insufficient liquidity burned"},
    "UniswapV2: TRANSFER_FAILED": {"pool: transfer failed"},
    "UniswapV2: OVERFLOW": {"pool: overflow"},
    "UniswapV2: EXPIRED": {"pool: expired"},
    "UniswapV2: INVALID_SIGNATURE": {"pool: invalid signature"},
    "UniswapV2: IDENTICAL_ADDRESSES": {"factory: identical addresses"},
    "UniswapV2: ZERO_ADDRESS": {"factory: zero address"},
    "UniswapV2: PAIR_EXISTS": {"factory: pool exists"},
    "UniswapV2Router: EXPIRED": {"router: expired"},
    "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT": {"router: insufficient output"},
    "UniswapV2Router: EXCESSIVE_INPUT_AMOUNT": {"router: excessive input"},
    "UniswapV2Router: INSUFFICIENT_A_AMOUNT": {"router: insufficient a amount"},
    "UniswapV2Router: INSUFFICIENT_B_AMOUNT": {"router: insufficient b amount"},
    "UniswapV2Router: INVALID_PATH": {"router: invalid path"},
    "UniswapV2Library: INSUFFICIENT_OUTPUT_AMOUNT": {"router: insufficient output"},
    "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT": {"router: insufficient input"},
    "UniswapV2Library: INSUFFICIENT_AMOUNT": {"router: insufficient amount"},
    "UniswapV2Library: INSUFFICIENT_LIQUIDITY": {"router: insufficient liquidity"},
    "UniswapV2Library: INVALID_PATH": {"router: invalid path"},
    "UniswapV2Library: IDENTICAL_ADDRESSES": {"router: identical addresses"},
    "UniswapV2Library: ZERO_ADDRESS": {"router: zero address"},
    "TransferHelper: TRANSFER_FROM_FAILED": {"router: transfer failed"},
    "TransferHelper: TRANSFER_FAILED": {"router: transfer failed"},
    "TransferHelper: ETH_TRANSFER_FAILED": {"router: coin transfer failed"},
    "ds-math-add-overflow": {""},
    "ds-math-mul-overflow": {""},
    "ds-math-sub-underflow": {
        "",
        "pool: insufficient balance",
        "pool: insufficient allowance",
        "pool: insufficient liquidity minted",
    },
    "": {"", "pool: insufficient liquidity burned", "router: not for coins"},
}
WETH_OURS = {
    "weth: insufficient balance",
    "weth: insufficient allowance",
    "weth: transfer failed",
}
COINS_OR_TAXED = ("ETH", "SupportingFeeOnTransfer")
WHOLE_RESERVE = {"ds-math-sub-underflow", "ds-math-mul-overflow", ""}
EXACT_OUTPUT = ("getAmountsIn", "swapTokensForExact", "swapETHForExact")
EARLY = {"router: identical addresses", "router: zero address"}


def agree(op: Op, theirs: str, ours: str) -> bool:
    """Whether both refusals of one operation mean the same; theirs "" where none was given."""
    if ours in OURS.get(theirs, set()):
        return True
    if ours == theirs:  # of a contract that stands on both chains
        return ours.split(":", maxsplit=1)[0] in {"token", "borrower"}
    if op.to == "weth":
        return theirs == "" and ours in WETH_OURS
    return op.to == "router" and _router_agrees(op, theirs, ours)


def _router_agrees(op: Op, theirs: str, ours: str) -> bool:
    """Where the router has another reason than the original's, and when."""
    path = next((arg for arg in op.args if isinstance(arg, list)), None)
    if path is None:
        return op.function == "getAmountIn" and _whole_reserve(theirs, ours)
    if ours == "router: invalid path":
        special = any(kind in op.function for kind in COINS_OR_TAXED)
        return theirs == "" and special and len(path) < 2
    if ours in EARLY:
        twice = any(a == b for a, b in itertools.pairwise(path))
        return twice or "zero" in path
    return op.function.startswith(EXACT_OUTPUT) and _whole_reserve(theirs, ours)


def _whole_reserve(theirs: str, ours: str) -> bool:
    return ours == "router: insufficient liquidity" and theirs in WHOLE_RESERVE

"""Our ABI against the published one: selectors, topics, indexed fields, mutability."""

from __future__ import annotations

import pytest
from eth_hash.auto import keccak

NOT_THERE_YET = {
    "addLiquidityETH",
    "removeLiquidityETH",
    "removeLiquidityETHSupportingFeeOnTransferTokens",
    "removeLiquidityETHWithPermit",
    "removeLiquidityETHWithPermitSupportingFeeOnTransferTokens",
    "swapETHForExactTokens",
    "swapExactETHForTokens",
    "swapExactETHForTokensSupportingFeeOnTransferTokens",
    "swapExactTokensForETH",
    "swapExactTokensForETHSupportingFeeOnTransferTokens",
    "swapExactTokensForTokensSupportingFeeOnTransferTokens",
    "swapTokensForExactETH",
}
# An answer that depends on the venue's fee cannot be pure.
VIEW_NOT_PURE = {"getAmountOut", "getAmountIn"}
# Words of the language cannot name a field; and a field of ours needs a name.
EVENT_FIELDS = {
    ("UniswapV2Pair", "Transfer"): ["sender", "receiver", "value"],
    ("UniswapV2Factory", "PairCreated"): ["token0", "token1", "pair", "length"],
    ("WETH9", "Transfer"): ["sender", "receiver", "value"],
    ("WETH9", "Approval"): ["owner", "spender", "value"],
}
OURS = {
    "UniswapV2Pair": ("pool", {"fee_bps"}),
    "UniswapV2Factory": (
        "factory",
        {"fee_bps", "init_code_hash", "parameters", "pool_blueprint", "MAX_FEE_BPS"},
    ),
    "UniswapV2Router02": ("router", set()),
    "IUniswapV2Callee": ("mocks/flash_callee", None),
    "WETH9": ("weth", set()),
}


def signature(entry):
    return f"{entry['name']}({','.join(part['type'] for part in entry['inputs'])})"


def functions(artifact):
    return {
        signature(entry): (
            "0x" + keccak(signature(entry).encode())[:4].hex(),
            [part["type"] for part in entry["outputs"]],
            entry["stateMutability"],
        )
        for entry in artifact.abi
        if entry["type"] == "function"
    }


def wanted(entry):
    view = entry["sig"].split("(")[0] in VIEW_NOT_PURE
    return entry["selector"], entry["returns"], "view" if view else entry["mutability"]


@pytest.mark.parametrize("theirs", OURS)
def test_every_published_function_is_there(theirs, compiled, vector):
    name, extra = OURS[theirs]
    ours = functions(compiled(name))
    published = vector("univ2_abi_surface")["contracts"][theirs]["functions"]
    missing = set()
    for entry in published:
        if entry["sig"] in ours:
            assert ours[entry["sig"]] == wanted(entry), entry["sig"]
        else:
            missing.add(entry["sig"].split("(")[0])
    assert missing == (NOT_THERE_YET if name == "router" else set())
    if extra is not None:
        more = {each.split("(")[0] for each in set(ours) - {entry["sig"] for entry in published}}
        assert more == extra


@pytest.mark.parametrize("theirs", OURS)
def test_every_published_event_is_there_and_no_other(theirs, compiled, vector):
    name, extra = OURS[theirs]
    if extra is None:
        return
    ours = {
        "0x" + keccak(signature(entry).encode()).hex(): (
            entry["name"],
            [part["indexed"] for part in entry["inputs"]],
            [part["name"] for part in entry["inputs"]],
        )
        for entry in compiled(name).abi
        if entry["type"] == "event"
    }
    published = {
        entry["topic0"]: (
            entry["sig"].split("(")[0],
            entry["indexed"],
            EVENT_FIELDS.get((theirs, entry["sig"].split("(")[0]), entry["names"]),
        )
        for entry in vector("univ2_abi_surface")["contracts"][theirs].get("events", [])
    }
    assert ours == published

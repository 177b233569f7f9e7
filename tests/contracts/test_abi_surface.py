"""Our ABI against the published one: selectors, topics, indexed fields, mutability."""

from __future__ import annotations

import pytest
from eth_hash.auto import keccak

# An answer that depends on the venue's fee cannot be pure.
VIEW_NOT_PURE = {"getAmountOut", "getAmountIn"}
# Words of the language cannot name a field; and a field of ours needs a name.
EVENT_FIELDS = {
    ("UniswapV2Pair", "Transfer"): ["sender", "receiver", "value"],
    ("UniswapV2Factory", "PairCreated"): ["token0", "token1", "pair", "length"],
    ("WETH9", "Transfer"): ["sender", "receiver", "value"],
    ("WETH9", "Approval"): ["owner", "spender", "value"],
}
# Inputs as they are published, or as near as the language's words allow (`from`, `value`);
# getters whose inputs have no names are left out, and so is what takes nothing.
PERMIT = "owner spender amount deadline v r s"
SIGNATURE = "approveMax v r s"
LIQUIDITY = "tokenA tokenB liquidity amountAMin amountBMin to deadline"
LIQUIDITY_ETH = "token liquidity amountTokenMin amountETHMin to deadline"
EXACT_IN = "amountIn amountOutMin path to deadline"
EXACT_OUT = "amountOut amountInMax path to deadline"
INPUTS = {
    "pool": {
        "approve": "spender amount",
        "burn": "to",
        "initialize": "_token0 _token1",
        "mint": "to",
        "permit": PERMIT,
        "skim": "to",
        "swap": "amount0Out amount1Out to data",
        "transfer": "to amount",
        "transferFrom": "owner to amount",
    },
    "factory": {
        "createPair": "tokenA tokenB",
        "setFeeTo": "_feeTo",
        "setFeeToSetter": "_feeToSetter",
    },
    "router": {
        "addLiquidity": (
            "tokenA tokenB amountADesired amountBDesired amountAMin amountBMin to deadline"
        ),
        "addLiquidityETH": "token amountTokenDesired amountTokenMin amountETHMin to deadline",
        "getAmountIn": "amountOut reserveIn reserveOut",
        "getAmountOut": "amountIn reserveIn reserveOut",
        "getAmountsIn": "amountOut path",
        "getAmountsOut": "amountIn path",
        "quote": "amountA reserveA reserveB",
        "removeLiquidity": LIQUIDITY,
        "removeLiquidityWithPermit": f"{LIQUIDITY} {SIGNATURE}",
        "removeLiquidityETH": LIQUIDITY_ETH,
        "removeLiquidityETHSupportingFeeOnTransferTokens": LIQUIDITY_ETH,
        "removeLiquidityETHWithPermit": f"{LIQUIDITY_ETH} {SIGNATURE}",
        "removeLiquidityETHWithPermitSupportingFeeOnTransferTokens": f"{LIQUIDITY_ETH} {SIGNATURE}",
        "swapETHForExactTokens": "amountOut path to deadline",
        "swapExactETHForTokens": "amountOutMin path to deadline",
        "swapExactETHForTokensSupportingFeeOnTransferTokens": "amountOutMin path to deadline",
        "swapExactTokensForETH": EXACT_IN,
        "swapExactTokensForETHSupportingFeeOnTransferTokens": EXACT_IN,
        "swapExactTokensForTokens": EXACT_IN,
        "swapExactTokensForTokensSupportingFeeOnTransferTokens": EXACT_IN,
        "swapTokensForExactETH": EXACT_OUT,
        "swapTokensForExactTokens": EXACT_OUT,
    },
    "mocks/flash_callee": {"uniswapV2Call": "sender amount0 amount1 data"},
    "weth": {
        "approve": "guy wad",
        "transfer": "dst wad",
        "transferFrom": "src dst wad",
        "withdraw": "wad",
    },
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
    assert published
    for entry in published:
        assert ours.get(entry["sig"]) == wanted(entry), entry["sig"]
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


@pytest.mark.parametrize("theirs", OURS)
def test_inputs_have_their_published_names(theirs, compiled, vector):
    name, _ = OURS[theirs]
    published = vector("univ2_abi_surface")["contracts"][theirs]["functions"]
    signatures = {entry["sig"] for entry in published}
    ours = {
        entry["name"]: " ".join(part["name"] for part in entry["inputs"])
        for entry in compiled(name).abi
        if entry["type"] == "function" and signature(entry) in signatures
    }
    assert {key: names for key, names in ours.items() if names and "arg0" not in names} == (
        INPUTS[name]
    )

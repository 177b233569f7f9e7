"""Calls of the exchange as people make them: tokens, pools, factory and router."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from parity.desk import Call, Desk
from parity.market import FOREVER, TOKENS

TITLES = {
    "reward": "Reward",
    "bonus": "Bonus",
    "house": "House",
    "bond": "Bond",
    "share": "Share",
    "spare": "Spare",
}

Row = Callable[[Desk, str], "tuple[Any, ...] | list[Call]"]
"""What writes a call: arguments of a function that anybody calls on the contract of this name, or
calls that belong together."""


def permit(desk: Desk, name: str) -> tuple[Any, ...]:
    """Signed by somebody."""
    title = desk.ask(name, "name")
    return desk.permit(name, title, desk.person(), desk.spender())


ERC20: dict[str, Row] = {
    "transfer": lambda d, _: (d.person(), d.amount(10**20)),
    "transferFrom": lambda d, name: [
        Call(name, "transferFrom", (d.person(), d.person(), d.amount(10**20)), "alice")
    ],
    "approve": lambda d, _: (d.spender(), d.rng.choice((0, d.amount(), FOREVER))),
    "permit": permit,
}


def erc20(kind: str) -> dict[str, Row]:
    """The functions that every token has."""
    return {f"{kind}.{name}": row for name, row in ERC20.items()}


# --- pools ------------------------------------------------------------------


def mint(d: Desk, pool: str) -> list[Call]:
    """Pay both and mint."""
    who, wei = d.person(), d.amount()
    paid = [Call(token, "transfer", (pool, wei), who) for token in d.tokens_of(pool)]
    return [*paid, Call(pool, "mint", (who,), who)]


def burn(d: Desk, pool: str) -> list[Call]:
    """Hand liquidity in and burn it."""
    who = d.person()
    return [
        Call(pool, "transfer", (pool, d.amount(10**21)), who),
        Call(pool, "burn", (d.person(),), who),
    ]


def swap(d: Desk, pool: str) -> list[Call]:
    """Pay one token and take of the other nearly what the product allows, or a little more."""
    who, side, paid = d.person(), d.rng.randrange(2), d.amount(10**21)
    told = d.ask(pool, "getReserves") or (1, 1, 0)
    out = paid * 997 * told[1 - side] // (told[side] * 1_000 + paid * 997 or 1)
    out = max(0, out + d.rng.choice((0, 0, 0, -1, 1, -out)))
    amounts = (0, out) if side == 0 else (out, 0)
    data = b"callback" if d.chance(0.1) else b""
    return [
        Call(d.tokens_of(pool)[side], "transfer", (pool, paid), who),
        Call(pool, "swap", (*amounts, d.rng.choice((who, "multicall")), data), who),
    ]


def skim(d: Desk, pool: str) -> list[Call]:
    """Pay too much and take it back."""
    who = d.person()
    return [
        Call(d.tokens_of(pool)[0], "transfer", (pool, d.amount(10**18)), who),
        Call(pool, "skim", (who,), who),
    ]


POOL: dict[str, Row] = {
    **erc20("pool"),
    "pool.mint": mint,
    "pool.burn": burn,
    "pool.swap": swap,
    "pool.skim": skim,
    "pool.sync": lambda d, _: (),
    "pool.initialize": lambda d, _: (d.token(), d.token()),
}

# --- tokens and factory -----------------------------------------------------

TOKEN: dict[str, Row] = {
    **erc20("token"),
    **{f"weth.{name}": row for name, row in ERC20.items() if name != "permit"},
    "token.mint": lambda d, name: [Call(name, "mint", (d.person(), d.amount()), "alice")],
    "token.burn": lambda d, _: (d.amount(10**20),),
    "token.set_minter": lambda d, name: [Call(name, "set_minter", ("alice",), "alice")],
    "weth.deposit": lambda d, name: [Call(name, "deposit", value=d.wei())],
    "weth.withdraw": lambda d, _: (d.amount(10**20),),
}

FACTORY: dict[str, Row] = {
    "factory.createPair": lambda d, _: tuple(
        d.rng.sample((*TOKENS, "weth", "reward", "bonus", "house"), 2)
    ),
    "factory.setFeeTo": lambda d, name: [
        Call(name, "setFeeTo", (d.rng.choice((d.person(), "builder")),), "alice")
    ],
    "factory.setFeeToSetter": lambda d, name: [Call(name, "setFeeToSetter", ("alice",), "alice")],
}

# --- router -----------------------------------------------------------------


def remove(d: Desk) -> tuple[Any, ...]:
    """What every removal takes behind its tokens."""
    return (d.amount(10**20), 0, d.rng.choice((0, 0, 1)), d.person(), d.deadline())


def remove_with_permit(function: str, *tokens: str) -> Row:
    """A removal whose allowance is signed."""

    def row(d: Desk, name: str) -> list[Call]:
        who, pool = d.person(), "red/weth" if tokens == ("red",) else "green/blue"
        title = d.ask(pool, "name")
        _, _, wei, deadline, *signature = d.permit(pool, title, who, name)
        terms = (wei, 0, 0, d.person(), deadline, False, *signature)
        return [Call(name, function, (*tokens, *terms), who)]

    return row


def paying(function: str, args: Callable[[Desk], tuple[Any, ...]]) -> Row:
    """A payable function of the router."""
    return lambda d, name: [Call(name, function, args(d), value=d.wei())]


def _sold(d: Desk) -> tuple[Any, ...]:
    return (d.amount(), 0, d.path(), d.person(), d.deadline())


def _bought(d: Desk) -> tuple[Any, ...]:
    return (d.amount(10**20), FOREVER, d.path(), d.person(), d.deadline())


def _sold_for_coins(d: Desk) -> tuple[Any, ...]:
    return (d.amount(10**20), 0, d.path_from_weth()[::-1], d.person(), d.deadline())


def _paid_in_coins(d: Desk) -> tuple[Any, ...]:
    least = d.rng.choice((0, 0, 10**20))
    return (least, d.path_from_weth(), d.person(), d.deadline())


ON_TRANSFER = "SupportingFeeOnTransferTokens"

ROUTER: dict[str, Row] = {
    "router.addLiquidity": lambda d, _: (
        *d.tokens_of(d.pool()),
        *(d.amount(), d.amount(), 0, 0),
        *(d.person(), d.deadline()),
    ),
    "router.addLiquidityETH": lambda d, name: [
        Call(
            name,
            "addLiquidityETH",
            ("red", d.amount(), 0, 0, d.person(), d.deadline()),
            value=d.wei(),
        )
    ],
    "router.removeLiquidity": lambda d, _: ("green", "blue", *remove(d)),
    "router.removeLiquidityETH": lambda d, _: ("red", *remove(d)),
    f"router.removeLiquidityETH{ON_TRANSFER}": lambda d, _: ("red", *remove(d)),
    "router.removeLiquidityWithPermit": remove_with_permit(
        "removeLiquidityWithPermit", "green", "blue"
    ),
    "router.removeLiquidityETHWithPermit": remove_with_permit(
        "removeLiquidityETHWithPermit", "red"
    ),
    f"router.removeLiquidityETHWithPermit{ON_TRANSFER}": remove_with_permit(
        f"removeLiquidityETHWithPermit{ON_TRANSFER}", "red"
    ),
    "router.swapExactTokensForTokens": lambda d, _: _sold(d),
    f"router.swapExactTokensForTokens{ON_TRANSFER}": lambda d, _: _sold(d),
    "router.swapTokensForExactTokens": lambda d, _: _bought(d),
    "router.swapExactTokensForETH": lambda d, _: _sold_for_coins(d),
    f"router.swapExactTokensForETH{ON_TRANSFER}": lambda d, _: _sold_for_coins(d),
    "router.swapTokensForExactETH": lambda d, _: (
        *(d.wei(), FOREVER, d.path_from_weth()[::-1]),
        *(d.person(), d.deadline()),
    ),
    "router.swapExactETHForTokens": paying("swapExactETHForTokens", _paid_in_coins),
    f"router.swapExactETHForTokens{ON_TRANSFER}": paying(
        f"swapExactETHForTokens{ON_TRANSFER}", _paid_in_coins
    ),
    "router.swapETHForExactTokens": paying(
        "swapETHForExactTokens",
        lambda d: (d.amount(10**16), d.path_from_weth(), d.person(), d.deadline()),
    ),
}

EXCHANGE_CALLS: dict[str, Row] = {**POOL, **TOKEN, **FACTORY, **ROUTER}

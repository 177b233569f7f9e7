"""Liquidity through the router: put in, taken out, with approvals, signatures and coins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.differential.desk import FOREVER, Desk, View, ceiling, gross
from tests.differential.exchange import PEOPLE, TOKENS
from tests.differential.operation import Op, Signature, refused_first

GOOD = (*PEOPLE, "purse")
TAXED_TOO = "SupportingFeeOnTransferTokens"


def receiver(desk: Desk) -> str:
    """Most often somebody who takes anything; a contract with a use for its gas among them."""
    odd = ("borrower", "router", "zero", "red", desk.pools()[0])
    return desk.rng.choice(odd if desk.wrong(0.04) else GOOD)


# --- in -----------------------------------------------------------------------


def add(desk: Desk) -> list[Op]:
    """addLiquidity and addLiquidityETH into a pool, not quite at its ratio."""
    in_coins = desk.wrong(0.5)
    pool = (desk.pool_of("weth") if in_coins else None) or desk.pool()
    if not pool.deep:
        return []
    in_coins = in_coins and "weth" in pool.tokens
    a = 1 - pool.side("weth") if in_coins else desk.rng.randrange(2)
    tokens = [pool.tokens[a], pool.tokens[1 - a]]
    offered, taken, sure = _offer(desk, pool, a)
    wait, late = desk.wait(), desk.wrong(0.04)
    who, tail = desk.person(), (receiver(desk), desk.deadline(wait, late=late))

    def call(*least: int) -> Op:
        args = (*offered[: 1 if in_coins else 2], *least, *tail)
        if in_coins:
            return Op(who, "router", "addLiquidityETH", (tokens[0], *args), offered[1], wait)
        return Op(who, "router", "addLiquidity", (*tokens, *args), 0, wait)

    right = call(*(each * desk.rng.choice((0, 1, 1)) for each in taken))
    right = replace(right, meant=sure and not late)
    # The minimum is looked at for the token of which not all is taken.
    fitted = 1 if taken[0] == offered[0] else 0
    return refused_first(call(*(each + (side == fitted) for side, each in enumerate(taken))), right)


def _offer(desk: Desk, pool: View, a: int) -> tuple[list[int], list[int], bool]:
    """What is offered of both, what will be taken, and whether that mints something."""
    sides = (a, 1 - a)
    reserves = [pool.reserves[side] for side in sides]
    share = desk.amount(max(pool.supply // 2, 9), 8)
    offered = [
        gross(pool.tokens[side], 2 * ceiling(share * pool.reserves[side], pool.supply))
        for side in sides
    ]
    offered[desk.rng.randrange(2)] *= desk.rng.choice((1, 2, 10))
    taken = [offered[0], offered[0] * reserves[1] // reserves[0]]
    if taken[1] > offered[1]:
        taken = [offered[1] * reserves[0] // reserves[1], offered[1]]
    fits = all(amount <= pool.room[side] for amount, side in zip(taken, sides, strict=True))
    return offered, taken, fits and min(taken) > 0


def add_to_new(desk: Desk) -> list[Op]:
    """Liquidity for tokens that have no pool yet, or cannot have one."""
    known = desk.pools()
    tokens = desk.rng.sample(TOKENS, 2)
    fresh = not {"/".join(tokens), "/".join(tokens[::-1])} & set(known)
    if len(known) > 7 or not fresh:
        tokens[1] = desk.rng.choice(("zero", tokens[0], f"0x{'77' * 20}"))
        fresh = False
    amounts = [desk.amount(2**80, 10**4) for _ in range(2)]
    tail = (0, 0, desk.person(), FOREVER)
    who = desk.person()
    if tokens[1] == "weth" or (not fresh and desk.wrong(0.3)):
        args: tuple[Any, ...] = (tokens[0], amounts[0], *tail)
        sure = fresh and tokens[1] == "weth"
        return [Op(who, "router", "addLiquidityETH", args, amounts[1], meant=sure)]
    return [Op(who, "router", "addLiquidity", (*tokens, *amounts, *tail), meant=fresh)]


# --- out ----------------------------------------------------------------------


def remove(desk: Desk) -> list[Op]:
    """The six functions that take liquidity out: with an approval or a signature, in coins or not."""
    in_coins, signed = desk.wrong(0.7), desk.wrong(0.5)
    taxed = TAXED_TOO if in_coins and desk.wrong(0.5) else ""
    pool = (desk.pool_of("weth") if in_coins else None) or desk.pool()
    if not pool.deep or (in_coins and "weth" not in pool.tokens):
        return []
    least = 2 * ceiling(pool.supply, min(pool.balances)) + 1
    who, held = desk.holder(pool.name, least)
    if held < least:
        return _too_much(desk, pool, who, held + 1)
    liquidity = desk.amount(held, least)
    a = 1 - pool.side("weth") if in_coins else desk.rng.randrange(2)
    tokens = (pool.tokens[a],) if in_coins else (pool.tokens[a], pool.tokens[1 - a])
    shares = [liquidity * pool.balances[side] // pool.supply for side in (a, 1 - a)]
    wait, late = desk.wait(), desk.wrong(0.04)
    to, deadline = receiver(desk), desk.deadline(wait, late=late)
    function = f"removeLiquidity{'ETH' if in_coins else ''}"
    sure = to in GOOD and not late and (taxed or not in_coins or "taxed" not in pool.tokens)
    permit, ready, allowed = _permission(desk, pool, who, liquidity, deadline, signed)
    name = f"{function}{'WithPermit' if signed else ''}{taxed}"

    def call(*minimum: int) -> Op:
        return Op(
            who, "router", name, (*tokens, liquidity, *minimum, to, deadline, *permit), 0, wait
        )

    if desk.fee_on():  # its share of the supply is not yet minted
        kept = [share * 3 // 4 for share in shares]
    else:
        kept = [share * desk.rng.choice((0, 1, 1)) for share in shares]
    right = replace(call(*kept), meant=bool(sure and allowed))
    beyond = desk.rng.randrange(2)
    wrong = call(*(share + (side == beyond) for side, share in enumerate(shares)))
    return [*ready, *refused_first(wrong, right)]


def _permission(
    desk: Desk, pool: View, who: str, liquidity: int, deadline: int, signed: bool
) -> tuple[tuple[Any, ...], list[Op], bool]:
    """Arguments of a permit, operations that come first, and whether all this allows it."""
    if not signed:
        allowed = desk.rng.choice((liquidity, FOREVER, liquidity, liquidity - 1))
        approve = Op(who, pool.name, "approve", ("router", allowed), meant=True)
        return (), [approve], allowed >= liquidity
    most, wrong = desk.wrong(0.5), desk.wrong(0.08)
    amount = FOREVER if most != wrong else liquidity
    return (most, Signature(pool.name, who, "router", amount, deadline)), [], not wrong


def _too_much(desk: Desk, pool: View, who: str, liquidity: int) -> list[Op]:
    tail = (liquidity, 0, 0, desk.person(), FOREVER)
    return [
        Op(who, pool.name, "approve", ("router", FOREVER), meant=True),
        Op(who, "router", "removeLiquidity", (*pool.tokens, *tail)),
    ]


def remove_from_nothing(desk: Desk) -> list[Op]:
    """Of one token, of none, of a pair without a pool."""
    tokens = desk.rng.choice((("red", "red"), ("zero", "red"), ("red", f"0x{'77' * 20}")))
    tail = (1, 0, 0, desk.person(), desk.deadline(0, late=desk.wrong(0.3)))
    calls = (
        Op("alice", "router", "removeLiquidity", (*tokens, *tail)),
        Op("alice", "router", "removeLiquidityETH", (desk.rng.choice(("weth", "zero")), *tail)),
    )
    return [desk.rng.choice(calls)]


LIQUIDITY_OPERATIONS = {add: 7, add_to_new: 1, remove: 12, remove_from_nothing: 1}

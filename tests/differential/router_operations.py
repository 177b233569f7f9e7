"""Operations through the router: quotes, liquidity and swaps, with coins and with taxed tokens."""

from __future__ import annotations

from typing import Any

from tests.differential.desk import FOREVER, Desk, View, ceiling, gross
from tests.differential.exchange import PEOPLE, TOKENS
from tests.differential.operation import Op, Signature
from tests.differential.paths import exact_in, exact_out, random_path, wrong_path

GOOD = (*PEOPLE, "purse")
TAXED_TOO = "SupportingFeeOnTransferTokens"


# --- quotes -------------------------------------------------------------------


def quotes(desk: Desk) -> list[Op]:
    """Any three amounts, the corners where products overflow included."""
    ops = []
    for function in ("quote", "getAmountOut", "getAmountIn"):
        amounts = [desk.amount(2**112) for _ in range(3)]
        if function == "getAmountIn":
            amounts[0] = desk.amount(max(amounts[2] - 1, 1))
        ops.append(Op("alice", "router", function, tuple(amounts), meant=amounts[2] > 1))
        if desk.wrong(0.6):
            ops.append(Op("alice", "router", function, tuple(desk.wild() for _ in range(3))))
    return ops


def quotes_along(desk: Desk) -> list[Op]:
    """getAmountsOut and getAmountsIn."""
    path = wrong_path(desk) if desk.wrong() else random_path(desk)
    ahead, back = exact_in(desk, path), exact_out(desk, path)
    return [
        Op("alice", "router", "getAmountsOut", (ahead.amount, path), meant=ahead.sure),
        Op("alice", "router", "getAmountsIn", (back.amount, path), meant=back.sure),
    ]


def constants(desk: Desk) -> list[Op]:
    """Whose pools, and which wrapped coin."""
    return [Op(desk.person(), "router", each, meant=True) for each in ("factory", "WETH")]


# --- swaps --------------------------------------------------------------------


def swap_exact_input(desk: Desk) -> list[Op]:
    """The six functions that sell an exact amount."""
    kind = desk.rng.choice(("TokensForTokens", "ETHForTokens", "TokensForETH"))
    taxed = desk.rng.choice(("", TAXED_TOO))
    path = _path(desk, kind)
    trade = exact_in(desk, path)
    who, to = desk.person(), _receiver(desk)
    sure = trade.sure and _arrives(path, taxed) and to in GOOD
    wait, late = desk.wait(), desk.wrong(0.04)

    def call(limit: int) -> Op:
        amounts = (limit,) if kind.startswith("ETH") else (trade.amount, limit)
        coins = trade.amount % 2**160 if kind.startswith("ETH") else 0
        args = (*amounts, path, to, deadline)
        function = f"swapExact{kind}{taxed}"
        return Op(who, "router", function, args, coins, wait, sure and limit <= exact and not late)

    deadline, exact = desk.deadline(wait, late=late), trade.result
    if taxed and path:
        exact = _received(desk, call(0), path[-1], to, kind)
    return [call(desk.rng.choice((0, exact, exact, max(exact - 1, 0), exact + 1)))]


def _received(desk: Desk, op: Op, token: str, to: str, kind: str) -> int:
    """What would reach the receiver; 0 where nothing would."""
    token = "coins" if kind.endswith("ETH") else token
    if token not in (*TOKENS, "coins"):
        return 0
    ok, (received,) = desk.theirs.rehearse(op, (token, to))
    return max(received, 0) if ok else 0


def swap_exact_output(desk: Desk) -> list[Op]:
    """The three functions that buy an exact amount; what was sent too much comes back."""
    kind = desk.rng.choice(("TokensForExactTokens", "ETHForExactTokens", "TokensForExactETH"))
    path = _path(desk, kind.replace("Exact", ""))
    trade = exact_out(desk, path)
    wait, late = desk.wait(), desk.wrong(0.04)
    cost = trade.result
    limit = desk.rng.choice((cost, cost, cost + 1, 2 * cost + 7, max(cost - 1, 0)))
    to, deadline = _receiver(desk), desk.deadline(wait, late=late)
    sure = trade.sure and _arrives(path, "") and limit >= cost and not late and to in GOOD
    if kind.startswith("ETH"):
        args: tuple[Any, ...] = (trade.amount, path, to, deadline)
        coins = limit % 2**160
    else:
        args, coins = (trade.amount, limit, path, to, deadline), 0
    return [Op(desk.person(), "router", f"swap{kind}", args, coins, wait, sure)]


def _path(desk: Desk, kind: str) -> list[str]:
    if desk.wrong(0.1):
        return wrong_path(desk)
    if kind.startswith("ETH"):
        return random_path(desk, first="weth")
    return random_path(desk, last="weth" if kind.endswith("ETH") else "")


def _arrives(path: list[str], taxed: str) -> bool:
    """Whether all that is sent arrives, or may fall short."""
    return bool(taxed) or "taxed" not in path[:-1]


def _receiver(desk: Desk) -> str:
    """Most often somebody who takes anything; a contract with a use for its gas among them."""
    return desk.rng.choice(("borrower", "router", "zero", "red") if desk.wrong(0.04) else GOOD)


# --- liquidity in -------------------------------------------------------------


def add(desk: Desk) -> list[Op]:
    """addLiquidity and addLiquidityETH: into a pool at its ratio, or into a new one."""
    with_coins = desk.wrong(0.5)
    pool = (desk.pool_of("weth") if with_coins else None) or desk.pool()
    if desk.wrong(0.15):
        return _add_to_new(desk)
    if not pool.deep:
        return []
    with_coins = with_coins and "weth" in pool.tokens
    a = 1 - pool.side("weth") if with_coins else desk.rng.randrange(2)
    desired, taken, sure = _desired(desk, pool, a)
    beyond = desk.wrong()
    least = [each * desk.rng.choice((0, 1)) for each in taken]
    if beyond:
        least = [each + 1 for each in taken]
    return [
        _add(
            desk,
            (pool.tokens[a], pool.tokens[1 - a]),
            desired,
            least,
            sure and not beyond,
            with_coins,
        )
    ]


def _desired(desk: Desk, pool: View, a: int) -> tuple[list[int], list[int], bool]:
    """What is offered of both, what will be taken, and whether that mints something."""
    reserves = [pool.reserves[a], pool.reserves[1 - a]]
    rooms = [pool.room[a], pool.room[1 - a]]
    tokens = [pool.tokens[a], pool.tokens[1 - a]]
    share = desk.amount(max(pool.supply // 2, 9), 8)
    offered = [
        gross(token, 2 * ceiling(share * reserve, pool.supply))
        for token, reserve in zip(tokens, reserves, strict=True)
    ]
    offered[desk.rng.randrange(2)] *= desk.rng.choice((1, 2, 10))
    other = offered[0] * reserves[1] // reserves[0]
    taken = [offered[0], other]
    if other > offered[1]:
        taken = [offered[1] * reserves[0] // reserves[1], offered[1]]
    fits = all(amount <= room for amount, room in zip(taken, rooms, strict=True))
    return offered, taken, fits and min(taken) > 0


def _add_to_new(desk: Desk) -> list[Op]:
    tokens = desk.rng.sample(TOKENS, 2)
    known = desk.pools()
    fresh = "/".join(tokens) not in known and "/".join(tokens[::-1]) not in known
    if len(known) > 7 or not fresh:
        tokens = [tokens[0], desk.rng.choice(("zero", tokens[0], f"0x{'77' * 20}"))]
        fresh = False
    amounts = [desk.amount(2**80, 10**4) for _ in range(2)]
    return [_add(desk, (tokens[0], tokens[1]), amounts, [0, 0], fresh, tokens[1] == "weth")]


def _add(
    desk: Desk,
    tokens: tuple[str, str],
    desired: list[int],
    least: list[int],
    sure: bool,
    with_coins: bool,
) -> Op:
    wait, late = desk.wait(), desk.wrong(0.04)
    rest = (*least, desk.person(), desk.deadline(wait, late=late))
    sure = sure and not late
    if with_coins:
        args = (tokens[0], desired[0], *rest)
        return Op(desk.person(), "router", "addLiquidityETH", args, desired[1], wait, sure)
    return Op(desk.person(), "router", "addLiquidity", (*tokens, *desired, *rest), 0, wait, sure)


# --- liquidity out ------------------------------------------------------------


def remove(desk: Desk) -> list[Op]:
    """The six functions that take liquidity out: with an approval or a signature, in coins or not."""
    in_coins, signed = desk.wrong(0.7), desk.wrong(0.5)
    taxed = TAXED_TOO if in_coins and desk.wrong(0.5) else ""
    pool = (desk.pool_of("weth") if in_coins else None) or desk.pool()
    if not pool.deep or (in_coins and "weth" not in pool.tokens):
        return []
    least = 2 * ceiling(pool.supply, min(pool.balances)) + 1
    who, held = desk.holder(pool.name, least)
    liquidity = desk.amount(held, least) if held >= least else held + 1
    a = 1 - pool.side("weth") if in_coins else desk.rng.randrange(2)
    mins, sure = _least(desk, pool, a, liquidity)
    sure = sure and held >= least and (not in_coins or bool(taxed) or "taxed" not in pool.tokens)
    wait, late = desk.wait(), desk.wrong(0.04)
    tokens = (pool.tokens[a],) if in_coins else (pool.tokens[a], pool.tokens[1 - a])
    deadline = desk.deadline(wait, late=late)
    to = _receiver(desk)
    sure = sure and to in GOOD
    args = (*tokens, liquidity, *mins, to, deadline)
    function = f"removeLiquidity{'ETH' if in_coins else ''}"
    if not signed:
        allowed = desk.rng.choice((liquidity, FOREVER, liquidity, max(liquidity - 1, 0)))
        approve = Op(who, pool.name, "approve", ("router", allowed), meant=True)
        sure = sure and allowed >= liquidity and not late
        return [approve, Op(who, "router", f"{function}{taxed}", args, 0, wait, sure)]
    most, wrong = desk.wrong(0.5), desk.wrong(0.08)
    amount = FOREVER if most != wrong else liquidity
    signature = Signature(pool.name, who, "router", amount, deadline)
    sure = sure and not late and not wrong
    function = f"{function}WithPermit{taxed}"
    return [Op(who, "router", function, (*args, most, signature), 0, wait, sure)]


def _least(desk: Desk, pool: View, a: int, liquidity: int) -> tuple[list[int], bool]:
    """The least of both that is asked for, and whether it will be given."""
    shares = [liquidity * pool.balances[side] // pool.supply for side in (a, 1 - a)]
    if desk.wrong():
        beyond = desk.rng.randrange(2)
        shares[beyond] += 1
        return shares, False
    if desk.fee_on():  # whose share of the supply is not yet minted
        return [share * 3 // 4 for share in shares], True
    return [share * desk.rng.choice((0, 1)) for share in shares], True


ROUTER_OPERATIONS = {
    quotes: 2,
    quotes_along: 3,
    constants: 1,
    swap_exact_input: 14,
    swap_exact_output: 7,
    add: 7,
    remove: 12,
}

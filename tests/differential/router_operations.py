"""Quotes and swaps through the router, with coins and with taxed tokens."""

from __future__ import annotations

from tests.differential.desk import Desk
from tests.differential.exchange import TOKENS
from tests.differential.liquidity_operations import GOOD, TAXED_TOO, receiver
from tests.differential.operation import Op, refused_first
from tests.differential.paths import exact_in, exact_out, random_path, wrong_path

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
    who, to = desk.person(), receiver(desk)
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
    good = call(desk.rng.choice((0, exact, exact, exact, max(exact - 1, 0))))
    return refused_first(call(exact + 1), good)


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
    to, deadline = receiver(desk), desk.deadline(wait, late=late)
    sure = trade.sure and _arrives(path, "") and not late and to in GOOD
    who, cost = desk.person(), trade.result

    def call(limit: int) -> Op:
        limits = (trade.amount,) if kind.startswith("ETH") else (trade.amount, limit)
        coins = limit % 2**160 if kind.startswith("ETH") else 0
        return Op(who, "router", f"swap{kind}", (*limits, path, to, deadline), coins, wait, sure)

    good = call(desk.rng.choice((cost, cost, cost, cost + 1, 2 * cost + 7)))
    return refused_first(call(max(cost - 1, 0)), good)


def _path(desk: Desk, kind: str) -> list[str]:
    if desk.wrong(0.1):
        return wrong_path(desk)
    if kind.startswith("ETH"):
        return random_path(desk, first="weth")
    return random_path(desk, last="weth" if kind.endswith("ETH") else "")


def _arrives(path: list[str], taxed: str) -> bool:
    """Whether all that is sent arrives, or may fall short."""
    return bool(taxed) or "taxed" not in path[:-1]


ROUTER_OPERATIONS = {
    quotes: 2,
    quotes_along: 3,
    constants: 1,
    swap_exact_input: 14,
    swap_exact_output: 7,
}

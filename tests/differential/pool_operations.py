"""Operations on a pool itself: payments and calls of its functions, flash swaps, its liquidity token."""

from __future__ import annotations

from dataclasses import replace

from tests.differential.desk import (
    FOREVER,
    MAX_RESERVE,
    Desk,
    View,
    best_output,
    ceiling,
    gross,
    least_input,
    net,
)
from tests.differential.exchange import PEOPLE
from tests.differential.operation import Op, Script, Signature, refused_first


def pay(who: str, pool: View, amounts: tuple[int, int]) -> list[Op]:
    """Send tokens to a pool, and no more."""
    return [
        Op(who, token, "transfer", (pool.name, amount), meant=amount < 2**200)
        for token, amount in zip(pool.tokens, amounts, strict=True)
        if amount
    ]


def opened(desk: Desk, tokens: tuple[str, str]) -> list[Op]:
    """Create a pool in either order and put its first liquidity in."""
    name = "/".join(sorted(tokens, key=lambda each: int(desk.theirs.address[each], 16)))
    pool = View(name, (name.split("/")[0], name.split("/")[1]), (0, 0), (0, 0), 0)
    low, high = desk.rng.choice(((12, 40), (50, 90), (50, 90), (80, 108)))
    amounts = (desk.amount(2**high, 2**low), desk.amount(2**high, 2**low))
    return [
        Op(desk.person(), "factory", "createPair", tokens, meant=True),
        *pay("alice", pool, amounts),
        Op("alice", name, "mint", (desk.person(),), wait=desk.wait(), meant=True),
    ]


def first_mint(desk: Desk, pool: View) -> list[Op]:
    """Around the thousand units that the first provider leaves behind."""
    product = desk.rng.choice(((1000, 1000), (1001, 1001), (1, 10**6), (1, 1002002), (31, 32258)))
    paid = pay("alice", pool, product)
    return [*paid, Op("alice", pool.name, "mint", ("alice",), wait=desk.wait())]


def mint(desk: Desk, pool: View) -> list[Op]:
    """Liquidity at the pool's ratio and beside it."""
    who, to = desk.person(), desk.rng.choice((*PEOPLE, "borrower", "zero", pool.name))
    call = Op(who, pool.name, "mint", (to,), wait=desk.wait())
    if pool.supply == 0:
        return first_mint(desk, pool)
    if desk.wrong() or not pool.deep:
        lopsided = (desk.amount(max(pool.reserves)), 0)
        return [*pay(who, pool, desk.rng.choice((lopsided, lopsided[::-1], (0, 0)))), call]
    most = min(
        room * pool.supply // reserve
        for room, reserve in zip(pool.room, pool.reserves, strict=True)
    )
    share = desk.amount(min(pool.supply, most // 2))
    extra = desk.rng.choice((0, 0, 1, 17))
    amounts = [
        gross(token, ceiling(share * reserve, pool.supply) + extra)
        for token, reserve in zip(pool.tokens, pool.reserves, strict=True)
    ]
    fits = all(amount < room for amount, room in zip(amounts, pool.room, strict=True))
    return [*pay(who, pool, (amounts[0], amounts[1])), meant(call, fits)]


def meant(op: Op, sure: bool = True) -> Op:
    """The same, as an operation that should succeed."""
    return replace(op, meant=sure)


def unsure(op: Op) -> Op:
    """The same, as an operation of which nothing is expected."""
    return replace(op, meant=False)


def burn(desk: Desk, pool: View) -> list[Op]:
    """Liquidity sent to the pool and burned, with what else the pool holds of it."""
    least = 2 * ceiling(pool.supply, max(min(pool.balances), 1)) + 1
    who, held = desk.holder(pool.name, least)
    call = Op(who, pool.name, "burn", (desk.person(),), wait=desk.wait())
    if desk.wrong() or held < least:
        send = Op(who, pool.name, "transfer", (pool.name, desk.amount(held)))
        return desk.rng.choice(([call], [send, call]))
    send = Op(who, pool.name, "transfer", (pool.name, desk.amount(held, least)), meant=True)
    return [send, meant(call)]


def swap(desk: Desk, pool: View) -> list[Op]:
    """Paid exactly, too much, too little, not at all; one output or both."""
    if not pool.deep:
        return [_swap(desk, pool, desk.person(), (1, 0))]
    side = desk.rng.randrange(2)
    reserve_in, reserve_out = pool.reserves[side], pool.reserves[1 - side]
    surplus = max(pool.balances[side] - reserve_in, 0)
    least = reserve_in // reserve_out + 2
    paid = desk.amount(min(4 * reserve_in, pool.room[side]), least)
    out = best_output(surplus + net(pool.tokens[side], paid), reserve_in, reserve_out)
    fits = 0 < out < reserve_out and paid <= pool.room[side]
    who = desk.person()
    payment = pay(who, pool, _sided(side, paid, 0))
    if desk.wrong():
        wrong = desk.rng.choice((reserve_out, reserve_out - 1, 0, desk.wild()))
        return [*payment, _swap(desk, pool, who, _sided(side, 0, wrong))]
    if desk.wrong(0.1):
        outs = _sided(side, net(pool.tokens[side], paid) // 3, out // 3)
        return [*payment, _swap(desk, pool, who, outs)]
    less = desk.rng.choice((out, out, out, max(out - 1, 1), max(out // 2, 1)))
    call = _swap(desk, pool, who, _sided(side, 0, less))
    more = replace(call, args=(*_sided(side, 0, out + 1), *call.args[2:]))
    call = meant(call, fits and call.args[2] in PEOPLE)
    return [*payment, *refused_first(more, call)]


def _sided(side: int, own: int, other: int) -> tuple[int, int]:
    return (own, other) if side == 0 else (other, own)


def _swap(desk: Desk, pool: View, who: str, outs: tuple[int, int]) -> Op:
    to = desk.person()
    if desk.wrong(0.03):
        to = desk.rng.choice((*pool.tokens, pool.name, "zero"))
    return Op(who, pool.name, "swap", (*outs, to, b""), wait=desk.wait())


# --- flash swaps --------------------------------------------------------------

REENTRIES = (
    ("sync", ()),
    ("skim", ("carol",)),
    ("mint", ("carol",)),
    ("burn", ("carol",)),
    ("swap", (1, 0, "carol", b"")),
)
GLANCES = (
    *(("getReserves", ()), ("totalSupply", ()), ("kLast", ()), ("price0CumulativeLast", ())),
    *(("transfer", ("carol", 0)), ("approve", ("carol", 5)), ("balanceOf", ("borrower",))),
)


def flash(desk: Desk, pool: View) -> list[Op]:
    """A loan, paid back in the same token, in the other, in both, or not quite."""
    if not pool.deep:
        return [_flash(desk, pool, (1, 0), ())]
    outs = [desk.amount(reserve // 2) for reserve in pool.reserves]
    if desk.wrong(0.5):  # 997 in the place of 1000: then the product is just what it was
        outs = [out - out % 997 or out for out in outs]
    ways = {"same": 2, "other": 1, "both": 1, "nothing": 1, "reenter": 3, "glance": 1}
    way = desk.rng.choices(list(ways), list(ways.values()))[0]
    side = desk.rng.randrange(2)
    if way != "both":
        outs[1 - side] = 0
    if way == "other":
        steps = [_repay_other(pool, side, outs[side])]
    else:
        steps = [_repay(pool, each, out, 0) for each, out in enumerate(outs) if out]
    if way == "nothing":
        steps = []
    if way in {"reenter", "glance"}:
        calls = desk.rng.sample(REENTRIES if way == "reenter" else GLANCES, 2)
        must = way == "reenter" and desk.wrong(0.1)
        others = [(pool.name, must, function, args) for function, args in calls]
        # Before the payment and after it: a pool that lacks tokens refuses to skim by itself.
        steps = [*others, *steps] if desk.wrong(0.5) else [*steps, *others]
    call = _flash(desk, pool, (outs[0], outs[1]), tuple(steps))
    paid = way in {"same", "other", "both", "glance"} and _fits(pool, steps)
    call = meant(call, paid and call.args[2] == "borrower")
    if way != "same":
        return [call]
    short = Script((_repay(pool, side, outs[side], -1),))
    return refused_first(replace(call, args=(*call.args[:3], short)), call)


def _repay(pool: View, side: int, out: int, short: int) -> tuple[str, bool, str, tuple]:
    due = gross(pool.tokens[side], ceiling(out * 1000, 997)) + short
    return (pool.tokens[side], True, "transfer", (pool.name, max(due, 0)))


def _repay_other(pool: View, side: int, out: int) -> tuple[str, bool, str, tuple]:
    token = pool.tokens[1 - side]
    due = gross(token, least_input(out, pool.reserves[1 - side], pool.reserves[side]))
    return (token, True, "transfer", (pool.name, due))


def _fits(pool: View, steps: list) -> bool:
    paid = {target: args[-1] for target, _, function, args in steps if function == "transfer"}
    return all(
        paid.get(token, 0) <= room for token, room in zip(pool.tokens, pool.room, strict=True)
    )


def _flash(desk: Desk, pool: View, outs: tuple[int, int], steps: tuple) -> Op:
    to = desk.rng.choice(("alice", "factory", pool.tokens[0])) if desk.wrong(0.05) else "borrower"
    return Op(desk.person(), pool.name, "swap", (*outs, to, Script(steps)), wait=desk.wait())


# --- what is neither ----------------------------------------------------------


def give(desk: Desk, pool: View) -> list[Op]:
    """A donation, and what is done about it."""
    room = pool.room[0]
    amounts = (desk.amount(max(min(room, pool.reserves[0]), 1)), 0)
    after = desk.rng.choice(
        (
            Op(desk.person(), pool.name, "sync", wait=desk.wait()),
            Op(desk.person(), pool.name, "skim", (desk.person(),), wait=desk.wait()),
            Op(desk.person(), pool.name, "skim", (pool.name,), wait=desk.wait()),
        )
    )
    return [*pay(desk.person(), pool, amounts), meant(after, amounts[0] <= room)]


def overflow(desk: Desk, pool: View) -> list[Op]:
    """Above 2**112 - 1 everything is refused; `skim` is the way out. At it, all is well."""
    side = desk.rng.randrange(2)
    who, token = desk.person(), pool.tokens[side]
    beyond = desk.rng.choice((0, 0, 1, 1, MAX_RESERVE, 2**140))
    fill = Op(who, token, "transfer", (pool.name, gross(token, pool.room[side] + beyond)))
    stuck = [
        Op(who, pool.name, "sync", wait=desk.wait()),
        Op(who, pool.name, "mint", (who,), wait=desk.wait()),
        Op(who, pool.name, "swap", (*_sided(side, 1, 0), who, b""), wait=desk.wait()),
    ]
    stuck = desk.rng.sample(stuck, desk.rng.randrange(1, 3)) if beyond else stuck[1:2]
    return [fill, *stuck, Op(who, pool.name, "skim", (who,), meant=True)]


def liquidity_token(desk: Desk, pool: View) -> list[Op]:
    """transfer, approve, transferFrom."""
    who, held = desk.holder(pool.name, 1)
    other, amount = desk.person(), desk.rng.choice((0, held, desk.amount(max(held, 1))))
    amount = min(amount, held)
    if desk.wrong():
        taken = desk.rng.choice((held + 1, desk.wild()))
        pulled = Op("carol", pool.name, "transferFrom", (who, other, max(held, 1)))
        return [desk.rng.choice((Op(who, pool.name, "transfer", (other, taken)), pulled))]
    way = desk.rng.random()
    if way < 0.3:
        to = desk.rng.choice((*PEOPLE, "zero", "treasury", who))
        return [Op(who, pool.name, "transfer", (to, amount), meant=True)]
    allowed = desk.rng.choice((amount, amount + 1, FOREVER, FOREVER - 1, max(amount - 1, 0)))
    return [
        Op(who, pool.name, "approve", ("bob", allowed), meant=True),
        Op("bob", pool.name, "transferFrom", (who, other, amount), meant=allowed >= amount),
    ]


FLAWS = (
    {"signer": "carol"},
    {"nonce_ahead": 1},
    {"flaw": "low v"},
    {"flaw": "zero r"},
)


def permit(desk: Desk, pool: View) -> list[Op]:
    """Signatures that count, and some that do not."""
    owner, wait = desk.rng.choice(("alice", "bob")), desk.wait()
    spender, amount = desk.rng.choice(("bob", "router")), desk.wild()
    wrong, late = desk.wrong(), desk.wrong(0.06)
    deadline = desk.deadline(wait, late=late)
    flaw = desk.rng.choice(FLAWS) if wrong else desk.rng.choice(({}, {"flaw": "high s"}))
    signature = Signature(pool.name, owner, spender, amount, deadline, **flaw)
    claimed = "zero" if wrong and desk.wrong() else owner
    call = Op(
        desk.person(),
        pool.name,
        "permit",
        (claimed, spender, amount, deadline, signature),
        wait=wait,
        meant=not wrong and not late,
    )
    return [call]


POOL_OPERATIONS = {
    mint: 6,
    burn: 5,
    swap: 10,
    flash: 7,
    give: 4,
    overflow: 1,
    liquidity_token: 5,
    permit: 3,
}

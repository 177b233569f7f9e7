"""Operations on the factory, on the wrapped coin, and with tokens that misbehave for a moment."""

from __future__ import annotations

from tests.differential.desk import Desk, gross
from tests.differential.exchange import PLAIN_TOKENS, TOKENS
from tests.differential.operation import Op
from tests.differential.pool_operations import REENTRIES, burn, give, mint, swap, unsure


def protocol_fee(desk: Desk) -> list[Op]:
    """On for somebody, for a pool itself, or off; not by everybody."""
    if desk.wrong():
        stranger = desk.rng.choice(("bob", "carol"))
        return [Op(stranger, "factory", "setFeeTo", ("bob",))]
    receiver = desk.rng.choice(("treasury", "treasury", "bob", "zero", desk.pools()[0]))
    return [Op("alice", "factory", "setFeeTo", (receiver,), meant=True)]


def setter(desk: Desk) -> list[Op]:
    """The right to choose goes to Bob, and comes back."""
    return [
        Op("alice", "factory", "setFeeToSetter", ("bob",), meant=True),
        Op("alice", "factory", "setFeeToSetter", ("alice",)),
        Op("alice", desk.pools()[0], "initialize", ("red", "green")),
        Op("bob", "factory", "setFeeToSetter", ("alice",), meant=True),
    ]


def create(desk: Desk) -> list[Op]:
    """Pools of tokens that do not exist, of any address; again; of one token; of none."""
    ghost = f"0x{desk.rng.getrandbits(152) + 1:040x}"
    if desk.wrong(0.4):
        known = desk.rng.choice(desk.pools()).split("/")
        pairs = (known, known[::-1], ["zero", "red"], ["red", "zero"], ["red", "red"])
        return [Op(desk.person(), "factory", "createPair", tuple(desk.rng.choice(pairs)))]
    tokens = [ghost, desk.rng.choice(TOKENS)]
    desk.rng.shuffle(tokens)
    return [Op(desk.person(), "factory", "createPair", tuple(tokens), meant=True)]


def look_up(desk: Desk) -> list[Op]:
    """The factory's views, within its list and behind the end of it."""
    length = len(desk.theirs.pools)
    number = desk.rng.choice((0, length - 1, length, desk.wild()))
    tokens = desk.rng.sample(TOKENS, 2)
    return [
        Op("alice", "factory", "allPairs", (number,), meant=number < length),
        Op("alice", "factory", "getPair", tuple(tokens), meant=True),
    ]


def wrapped(desk: Desk) -> list[Op]:
    """The coin wrapped, unwrapped and moved. Not sent: the packaged WETH9 has no fallback function."""
    who, other, amount = desk.person(), desk.person(), desk.amount(2**100)
    if desk.wrong():
        held = desk.theirs.balance("weth", who)
        calls = (
            Op(who, "weth", "withdraw", (held + 1,)),
            Op(who, "weth", "transfer", (other, held + 1)),
            Op("carol", "weth", "transferFrom", ("alice", "carol", 1)),
            Op(who, "weth", "transfer", ("bob", amount), value=1),
        )
        return [desk.rng.choice(calls)]
    calls = (
        Op(who, "weth", "deposit", value=desk.rng.choice((0, amount)), meant=True),
        Op(who, "weth", "withdraw", (desk.rng.choice((0, amount)),), meant=True),
        Op(who, "weth", "transfer", (other, amount), meant=True),
        Op(who, "weth", "transferFrom", (who, other, amount), meant=True),
        Op(who, "weth", "totalSupply", meant=True),
    )
    return [desk.rng.choice(calls)]


def stray_coins(desk: Desk) -> list[Op]:
    """Coins for contracts that take none."""
    to = desk.rng.choice(("router", "factory", desk.rng.choice(desk.pools())))
    return [Op(desk.person(), to, value=desk.rng.choice((0, 1)))]


def stray_tokens(desk: Desk) -> list[Op]:
    """What is sent to the router by mistake is anybody's: it goes with the next payment."""
    token = desk.rng.choice(("weth", "taxed", *PLAIN_TOKENS))
    return [Op(desk.person(), token, "transfer", ("router", desk.amount(2**60)), meant=True)]


def lying(desk: Desk) -> list[Op]:
    """A token that answers False for the time of one operation."""
    pool = desk.pool_of("lying")
    if pool is None:
        return []
    act = desk.rng.choice((swap, burn, give, mint))
    broken = [unsure(op) for op in act(desk, pool)]
    payments, call = broken[:-1], broken[-1]
    switch = ("alice", "lying", "set_failing")
    pull = Op("alice", "router", "addLiquidity", _all(desk, pool.tokens))
    return [
        *payments,
        Op(*switch, (True,)),
        desk.rng.choice((call, call, pull)),
        Op(*switch, (False,)),
    ]


def _all(desk: Desk, tokens: tuple[str, str]) -> tuple:
    return (*tokens, *(gross(each, 10**6) for each in tokens), 0, 0, "alice", desk.deadline(0))


def hooked(desk: Desk) -> list[Op]:
    """A token that calls its pool again in the middle of a transfer."""
    pool = desk.pool_of("hooked")
    if pool is None:
        return []
    glances = (("getReserves", ()), ("transfer", ("carol", 0)))
    function, args = desk.rng.choice((*REENTRIES, *glances))
    data = desk.theirs.calldata(pool.name, function, args)
    act = desk.rng.choice((swap, burn, give))
    broken = [unsure(op) for op in act(desk, pool)]
    hook = Op("alice", "hooked", "set_hook", (pool.name, data))
    return [*broken[:-1], hook, broken[-1], Op("alice", "hooked", "set_hook", ("zero", b""))]


def lopsided(desk: Desk) -> list[Op]:
    """A pool of one unit against nearly all that fits: in two waits its sum of prices wraps."""
    name = "/".join(sorted(("green", "blue"), key=lambda each: int(desk.theirs.address[each], 16)))
    ages = [Op(desk.person(), name, "sync", wait=2**32 - 1, meant=True)]
    if name in desk.pools():
        return ages
    return [
        Op("alice", "factory", "createPair", ("green", "blue"), meant=True),
        Op("alice", "green", "transfer", (name, 1), meant=True),
        Op("alice", "blue", "transfer", (name, 2**112 - 1), meant=True),
        Op("alice", name, "mint", ("alice",), meant=True),
        *ages * 2,
    ]


OTHER_OPERATIONS = {
    protocol_fee: 3,
    setter: 1,
    create: 2,
    look_up: 1,
    wrapped: 4,
    stray_coins: 1,
    stray_tokens: 1,
    lying: 2,
    hooked: 2,
    lopsided: 1,
}

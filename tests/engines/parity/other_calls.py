"""Calls of everything around the exchange: rewards, issued tokens, batches, searchers."""

from __future__ import annotations

from typing import Any

from parity.desk import Call, Desk
from parity.exchange_calls import EXCHANGE_CALLS, Row, erc20
from parity.market import FOREVER, TOKENS


def by(sender: str, function: str, *args: Any) -> Row:
    """A function that is for one person."""
    return lambda d, name: [Call(name, function, args, sender)]


# --- rewards ----------------------------------------------------------------

INCENTIVE: dict[str, Row] = {
    **erc20("incentive_token"),
    "incentive_token.burn": lambda d, _: (d.amount(10**20),),
    "incentive_token.mint": lambda d, name: [
        Call("bonus", "mint", (d.person(), d.amount(10**20)), "alice")
    ],
    "incentive_token.set_minter": lambda d, name: [
        Call(d.rng.choice(("spare", name)), "set_minter", ("alice",), "alice")
    ],
}

MINTER: dict[str, Row] = {
    "minter.draw": lambda d, _: (),
    "minter.set_owner": by("alice", "set_owner", "alice"),
    "minter.add_gauge": lambda d, name: [
        Call(name, "add_gauge", (d.rng.choice(("stall", "farm")), 1), "alice")
    ],
    "minter.set_weight": lambda d, name: [
        Call(name, "set_weight", ("gauge", d.rng.randrange(5)), "alice")
    ],
}

GAUGE: dict[str, Row] = {
    "gauge.deposit": lambda d, _: (
        (d.amount(10**20),) if d.chance(0.5) else (d.amount(10**20), d.person())
    ),
    "gauge.withdraw": lambda d, _: (d.amount(10**19),),
    "gauge.claim": lambda d, _: d.rng.choice(
        ((), (d.person(),), (d.person(), d.rng.choice(("reward", "bonus"))))
    ),
    "gauge.exit": lambda d, _: (),
    "gauge.emergency_exit": lambda d, _: (),
    "gauge.set_owner": by("alice", "set_owner", "alice"),
    "gauge.add_reward": lambda d, name: [
        Call(name, "add_reward", (d.token(), "carol", d.rng.choice((1, 3_600))), "alice")
    ],
    "gauge.notify": lambda d, name: [Call(name, "notify", ("bonus", d.amount()), "carol")],
}

STAKING: dict[str, Row] = {
    "staking_rewards.stake": lambda d, _: (d.amount(10**20),),
    "staking_rewards.withdraw": lambda d, _: (d.amount(10**19),),
    "staking_rewards.claim": lambda d, _: (),
    "staking_rewards.exit": lambda d, _: (),
    "staking_rewards.checkpoint": lambda d, _: (d.person(),),
    "staking_rewards.notify": lambda d, name: [
        Call("bonus", "transfer", (name, 10**22), "carol"),
        Call(name, "notify", (d.amount(10**22),), "carol"),
    ],
    "staking_rewards.set_duration": lambda d, name: [
        Call(name, "set_duration", (d.rng.choice((60, 3_600, 86_400)),), "carol")
    ],
    "staking_rewards.set_paused": lambda d, name: [
        Call(name, "set_paused", (d.chance(0.3),), "carol")
    ],
    "staking_rewards.recover_token": lambda d, name: [
        Call("red", "transfer", (name, 10**18), "bob"),
        Call(name, "recover_token", ("red", d.amount(10**18)), "carol"),
    ],
}

# --- issued tokens ----------------------------------------------------------


def _to(d: Desk, *args: Any) -> tuple[Any, ...]:
    return (*args, d.person()) if d.chance(0.5) else args


ISSUER: dict[str, Row] = {
    **erc20("issuer"),
    "issuer.mint": lambda d, _: _to(d, d.amount(10**21)),
    "issuer.mint_at_par": lambda d, name: [
        Call(name, "mint_at_par", (d.amount(10**21), d.person()), "alice")
    ],
    "issuer.redeem": lambda d, name: [Call("house", "redeem", _to(d, d.amount(10**20)))],
    "issuer.request": lambda d, name: [Call("bond", "request", (d.amount(10**20),))],
    "issuer.claim": lambda d, name: [Call("bond", "claim", _to(d, d.amount(10**18)))],
    "issuer.cancel": lambda d, name: [
        Call("bond", "request", (10**18,), "bob"),
        Call("bond", "cancel", (d.amount(10**18),), "bob"),
    ],
    "issuer.invest": lambda d, name: [
        Call(name, "invest", (d.amount(10**20), d.person()), "alice")
    ],
    "issuer.divest": lambda d, name: [Call(name, "divest", (d.amount(10**20),), "alice")],
    "issuer.add_income": lambda d, name: [Call(name, "add_income", (d.amount(10**20),), "alice")],
    "issuer.collect_income": lambda d, name: [
        Call(name, "collect_income", (d.amount(10**16), d.person()), "alice")
    ],
    "issuer.recover": lambda d, name: [
        Call("red", "transfer", (name, 10**18), "bob"),
        Call(name, "recover", ("red", d.amount(10**18), d.person()), "alice"),
    ],
    "issuer.squeeze": lambda d, _: (d.person(), d.person(), d.amount(10**18)),
    "issuer.set_minting": lambda d, name: [Call(name, "set_minting", (d.chance(0.95),), "alice")],
    "issuer.set_whitelisted": lambda d, name: [
        Call(name, "set_whitelisted", (d.person(), d.chance(0.9)), "alice")
    ],
    "issuer.set_tender": lambda d, name: [
        Call(name, "set_tender", ("tender" if name == "house" else "takeover",), "alice")
    ],
    "issuer.set_owner": by("alice", "set_owner", "alice"),
}

TENDER: dict[str, Row] = {
    "tender.open": lambda d, name: [Call("takeover", "open", (), "bob")],
    "tender.accept": lambda d, _: (d.amount(10**20),),
    "tender.revoke": lambda d, name: [
        Call("takeover", "open", (), "bob"),
        Call("takeover", "accept", (10**18,), "dave"),
        Call("takeover", "revoke", (d.amount(10**18),), "dave"),
    ],
    "tender.settle": lambda d, _: (),
    "tender.collect": lambda d, name: [
        Call("tender", "settle"),
        Call("tender", "collect", (d.person(),)),
    ],
    "tender.squeeze": lambda d, _: [Call("tender", "squeeze", (d.person(),))],
    "tender.return_surplus": by("bob", "return_surplus"),
}

# --- batches ----------------------------------------------------------------


def settle(d: Desk, name: str) -> list[Call]:
    """Two orders against each other, and their settlement."""
    one, two = d.rng.sample(("red", "green"), 2)
    return [
        Call(name, "place", (one, d.amount(10**20), 0)),
        Call(name, "place", (two, d.amount(10**20), d.rng.choice((0, 0, d.amount())))),
        Call(name, "settle", ([],)),
    ]


def cancel(d: Desk, name: str) -> list[Call]:
    """An order and its end, by who placed it."""
    who, order = d.person(), d.ask(name, "next_id")
    return [
        Call(name, "place", ("red", d.amount(10**20), 10**30), who),
        Call(name, "cancel", (order,), who),
    ]


AUCTION: dict[str, Row] = {
    "batch_auction.place": lambda d, _: (
        d.rng.choice(("red", "green")),
        d.amount(10**20),
        d.rng.choice((0, d.amount())),
    ),
    "batch_auction.cancel": cancel,
    "batch_auction.settle": settle,
    "batch_auction.withdraw": lambda d, _: (d.rng.choice(("red", "green")), d.person()),
}


def some_calls(d: Desk, count: int) -> list[tuple[str, bytes]]:
    """Calls of views and of tokens, encoded."""
    asked = [
        Call("lens", "pool_info", (d.pool(), d.person(), "router")),
        Call("router", "getAmountsOut", (d.amount(), d.path())),
        Call(d.token(), "balanceOf", (d.person(),)),
        Call(d.token(), "transferFrom", (d.person(), d.person(), d.amount())),
        Call("oracle", "update", ("red", "green")),
    ]
    return d.encoded(d.rng.choices(asked, k=count))


def aggregate(function: str) -> Row:
    """One of the functions that make calls."""

    def row(d: Desk, name: str) -> list[Call]:
        calls: Any = some_calls(d, d.rng.randrange(1, 5))
        value = 0
        if function.startswith("aggregate3"):
            calls = [(to, d.chance(0.8), data) for to, data in calls]
        if function == "aggregate3Value":
            calls = [(to, may_fail, 0, data) for to, may_fail, data in calls]
            value = d.wei()
            calls.append((d.rng.choice(("weth", d.person(), "red")), True, value, b""))
        required = (d.chance(0.5),) if function.startswith("try") else ()
        return [Call(name, function, (*required, calls), value=value)]

    return row


AGGREGATES = (
    *("aggregate", "tryAggregate", "tryBlockAndAggregate", "blockAndAggregate"),
    *("aggregate3", "aggregate3Value"),
)
MULTICALL: dict[str, Row] = {f"multicall3.{name}": aggregate(name) for name in AGGREGATES}

# --- searchers --------------------------------------------------------------


def searched(d: Desk, name: str) -> list[Call]:
    """A trade of the searcher."""
    token = d.token()
    pools = d.pools_between(token)
    wei = d.rng.choice((d.amount(10**20), FOREVER)) if d.chance(0.3) else d.amount(10**19)
    return [Call(name, "swap", (pools, token, wei, d.rng.choice((0, 0, 10**30))), "alice")]


def finished(d: Desk, name: str) -> list[Call]:
    """A trade that has to pay, with a tip for the block's builder."""
    token = d.token()
    cycle = ["red/green", "red/green cheap"]
    terms = (d.rng.choice((0, 0, 10**18)), d.rng.choice((0, 0, 1)), d.wei())
    if token != "blue" and d.chance(0.5):
        pools = cycle if d.chance(0.5) else cycle[::-1]
    else:
        pools = d.pools_between(token)
    return [Call(name, "finish", (pools, token, d.amount(10**19), *terms), "alice")]


SEARCHER: dict[str, Row] = {
    "searcher.swap": searched,
    "searcher.finish": finished,
    "searcher.add": lambda d, name: [
        Call(name, "add", (d.pool(), d.amount(10**19), d.amount(10**19), 0), "alice")
    ],
    "searcher.remove": lambda d, name: [
        Call(name, "add", ("red/green", 10**19, 10**19, 0), "alice"),
        Call(name, "remove", ("red/green", d.amount(10**17), 0, 0, d.wei()), "alice"),
    ],
    "searcher.take": lambda d, name: [
        Call(name, "take", (d.token(), d.amount(10**18), d.person()), "alice")
    ],
    "searcher.take_money": lambda d, name: [
        Call(name, "take_money", (d.amount(10**16), d.person()), "alice")
    ],
}

ORACLE: dict[str, Row] = {
    "oracle_window.update": lambda d, _: tuple(d.rng.sample((*TOKENS, "weth"), 2)),
}

CALLS: dict[str, Row] = {
    **EXCHANGE_CALLS,
    **INCENTIVE,
    **MINTER,
    **GAUGE,
    **STAKING,
    **ISSUER,
    **TENDER,
    **AUCTION,
    **MULTICALL,
    **SEARCHER,
    **ORACLE,
}
"""A row for every function of every shipped contract that can change something."""

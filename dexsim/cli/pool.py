"""`dexsim pool`: look at pools, quote, swap, add and remove liquidity."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from dexsim.cli.console import say
from dexsim.cli.keys import KeyEnv, Keystore, PasswordFile, Sender
from dexsim.cli.working import (
    DEADLINE_SECONDS,
    FOLDER,
    LOCAL_NODE,
    SLIPPAGE_BPS,
    ChainId,
    Deadline,
    DryRun,
    Folder,
    Json,
    LpAmount,
    PlanName,
    RouterAddress,
    Rpc,
    Share,
    Slippage,
    deadline_told,
    open_desk,
    perform,
    tell_facts,
    tell_object,
    warn,
)

app = typer.Typer(
    help="Work a pool: look, quote, swap, add and remove liquidity.", no_args_is_help=True
)

PoolName: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="POOL",
        help="Its name (main), its pair (WETH/USDC), or the address of any Uniswap-v2 pair.",
    ),
]
Sell: TypeAlias = Annotated[
    str | None,
    typer.Option("--sell", metavar="AMOUNT", help="What is paid: '1 WETH', or '1 ETH' for coins."),
]
Buy: TypeAlias = Annotated[
    str | None,
    typer.Option("--buy", metavar="AMOUNT", help="What is got: '2000 USDC', or '1 ETH' for coins."),
]


@app.command()
def info(
    pool: Annotated[
        str | None,
        typer.Argument(metavar="[POOL]", help="Name, pair or address; without it all are listed."),
    ] = None,
    sender: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="ADDR", help="Whose LP tokens; default: the first account's."
        ),
    ] = None,
    rpc: Rpc = LOCAL_NODE,
    folder: Folder = FOLDER,
    plan: PlanName = None,
    json: Json = False,
) -> None:
    """Tell what pools hold, their prices and fees."""
    from dexsim.cli.pool_telling import tell_pool, tell_pools
    from dexsim.market.working.markets import find_market, market_of

    desk = open_desk(rpc, folder, plan)
    if pool is None:
        entries = desk.book.some_pools()
        tell_pools([market_of(desk.book, entry) for entry in entries], json=json)
    else:
        tell_pool(find_market(desk.book, pool), desk.looked_at(sender), json=json)


@app.command()
def quote(
    pool: PoolName,
    sell: Sell = None,
    buy: Buy = None,
    slippage_bps: Slippage = SLIPPAGE_BPS,
    router: RouterAddress = None,
    rpc: Rpc = LOCAL_NODE,
    folder: Folder = FOLDER,
    plan: PlanName = None,
    json: Json = False,
) -> None:
    """Tell what a swap would give now.

    Warns of what a sandwich could take from it. Sends nothing.
    """
    from dexsim.cli.pool_telling import headline, quote_object, swap_facts, threat_words
    from dexsim.market.working.markets import find_market
    from dexsim.market.working.swapping import plan_swap
    from dexsim.market.working.threats import threat_to

    desk = open_desk(rpc, folder, plan)
    market = find_market(desk.book, pool, router)
    planned = plan_swap(market, sell=sell, buy=buy, slippage_bps=slippage_bps)
    threat = threat_to(planned, desk.node.gas_price)
    if json:
        tell_object(quote_object(planned, threat))
        return
    say(headline(market))
    tell_facts(swap_facts(planned))
    warn(threat_words(planned, threat))


@app.command()
def swap(
    pool: PoolName,
    sell: Sell = None,
    buy: Buy = None,
    sender: Sender = None,
    slippage_bps: Slippage = SLIPPAGE_BPS,
    deadline_seconds: Deadline = DEADLINE_SECONDS,
    dry_run: DryRun = False,
    router: RouterAddress = None,
    rpc: Rpc = LOCAL_NODE,
    folder: Folder = FOLDER,
    plan: PlanName = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    key_env: KeyEnv = None,
    chain_id: ChainId = None,
) -> None:
    """Sell an exact amount, or buy one.

    It happens within the limit and in time, or not at all.

    The other side is the pool's other token; --sell '2000 USDC' --buy ETH takes coins instead.
    """
    from dexsim.cli.pool_telling import headline, swap_facts, tell_swapped, threat_words
    from dexsim.market.working.markets import find_market
    from dexsim.market.working.swapping import check_swap, plan_swap, swap_action
    from dexsim.market.working.threats import threat_to

    desk = open_desk(rpc, folder, plan)
    market = find_market(desk.book, pool, router)
    planned = plan_swap(market, sell=sell, buy=buy, slippage_bps=slippage_bps)
    deadline = desk.deadline(deadline_seconds)
    who = desk.sender(sender, keystore, password_file, key_env, chain_id)
    check_swap(planned, who)
    say(headline(market))
    receipts = perform(
        desk,
        swap_action(planned, who, deadline),
        swap_facts(planned) | {"deadline": deadline_told(deadline, deadline_seconds)},
        dry_run=dry_run,
        warning=threat_words(planned, threat_to(planned, desk.node.gas_price)),
    )
    if receipts:
        tell_swapped(planned, receipts)


@app.command()
def add(
    pool: PoolName,
    first: Annotated[
        str,
        typer.Option(
            "--with", metavar="AMOUNT", help="Of one side: '1 WETH', or '1 ETH' for coins."
        ),
    ],
    second: Annotated[
        str | None,
        typer.Option(
            "--and", metavar="AMOUNT", help="The most of the other side; default: what it takes."
        ),
    ] = None,
    sender: Sender = None,
    slippage_bps: Slippage = SLIPPAGE_BPS,
    deadline_seconds: Deadline = DEADLINE_SECONDS,
    dry_run: DryRun = False,
    router: RouterAddress = None,
    rpc: Rpc = LOCAL_NODE,
    folder: Folder = FOLDER,
    plan: PlanName = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    key_env: KeyEnv = None,
    chain_id: ChainId = None,
) -> None:
    """Put both tokens in at the pool's ratio, for LP tokens."""
    from dexsim.cli.pool_telling import add_facts, headline, tell_added
    from dexsim.market.working.markets import find_market
    from dexsim.market.working.providing import add_action, check_add, plan_add

    desk = open_desk(rpc, folder, plan)
    market = find_market(desk.book, pool, router)
    planned = plan_add(market, first=first, second=second, slippage_bps=slippage_bps)
    deadline = desk.deadline(deadline_seconds)
    who = desk.sender(sender, keystore, password_file, key_env, chain_id)
    check_add(planned, who)
    say(headline(market))
    receipts = perform(
        desk,
        add_action(planned, who, deadline),
        add_facts(planned) | {"deadline": deadline_told(deadline, deadline_seconds)},
        dry_run=dry_run,
    )
    if receipts:
        tell_added(planned, receipts, who)


@app.command()
def remove(
    pool: PoolName,
    share: Share = None,
    lp_amount: LpAmount = None,
    coins: Annotated[bool, typer.Option("--eth", help="Get ETH in place of WETH.")] = False,
    sender: Sender = None,
    slippage_bps: Slippage = SLIPPAGE_BPS,
    deadline_seconds: Deadline = DEADLINE_SECONDS,
    dry_run: DryRun = False,
    router: RouterAddress = None,
    rpc: Rpc = LOCAL_NODE,
    folder: Folder = FOLDER,
    plan: PlanName = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    key_env: KeyEnv = None,
    chain_id: ChainId = None,
) -> None:
    """Give LP tokens back, for both tokens."""
    from dexsim.cli.pool_telling import headline, remove_facts, tell_removed
    from dexsim.market.working.markets import find_market
    from dexsim.market.working.providing import plan_remove, remove_action

    desk = open_desk(rpc, folder, plan)
    market = find_market(desk.book, pool, router)
    deadline = desk.deadline(deadline_seconds)
    who = desk.sender(sender, keystore, password_file, key_env, chain_id)
    planned = plan_remove(
        market, who, share=share, lp_amount=lp_amount, slippage_bps=slippage_bps, coins=coins
    )
    say(headline(market))
    receipts = perform(
        desk,
        remove_action(planned, who, deadline),
        remove_facts(planned) | {"deadline": deadline_told(deadline, deadline_seconds)},
        dry_run=dry_run,
    )
    if receipts:
        tell_removed(planned, receipts)

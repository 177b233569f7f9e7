"""`dexsim gauge`: look at gauges, stake LP tokens, take them back, claim what they earned."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from dexsim.cli.keys import KeyEnv, Keystore, PasswordFile, Sender
from dexsim.cli.working import (
    FOLDER,
    LOCAL_NODE,
    ChainId,
    DryRun,
    Folder,
    Json,
    LpAmount,
    PlanName,
    Rpc,
    Share,
    open_desk,
    perform,
)

app = typer.Typer(help="Work a gauge: look, stake, take back, claim.", no_args_is_help=True)

GaugeName: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="[GAUGE]",
        help="Its name, its pool's name, or its address; the only one needs none.",
    ),
]


@app.command()
def info(
    gauge: GaugeName = None,
    sender: Annotated[
        str | None,
        typer.Option("--from", metavar="ADDR", help="Whose stake; default: the first account's."),
    ] = None,
    rpc: Rpc = LOCAL_NODE,
    folder: Folder = FOLDER,
    plan: PlanName = None,
    json: Json = False,
) -> None:
    """Tell what is staked, earned, and claimable."""
    from dexsim.cli.gauge_telling import tell_gauge
    from dexsim.market.working.staking import find_stakes

    desk = open_desk(rpc, folder, plan)
    tell_gauge(find_stakes(desk.book, gauge), desk.looked_at(sender), json=json)


@app.command()
def deposit(
    gauge: GaugeName = None,
    share: Share = None,
    lp_amount: LpAmount = None,
    sender: Sender = None,
    dry_run: DryRun = False,
    rpc: Rpc = LOCAL_NODE,
    folder: Folder = FOLDER,
    plan: PlanName = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    key_env: KeyEnv = None,
    chain_id: ChainId = None,
) -> None:
    """Stake LP tokens of the gauge's pool.

    How many: --share 100%, or --lp AMOUNT.
    """
    from dexsim.cli.gauge_telling import stake_facts, tell_staked
    from dexsim.market.working.staking import deposit_action, find_stakes, lp_to_stake

    desk = open_desk(rpc, folder, plan)
    stakes = find_stakes(desk.book, gauge)
    who = desk.sender(sender, keystore, password_file, key_env, chain_id)
    amount = lp_to_stake(stakes, who, share=share, lp_amount=lp_amount)
    facts = stake_facts("stake", stakes, amount)
    receipts = perform(desk, deposit_action(stakes, who, amount), facts, dry_run=dry_run)
    if receipts:
        tell_staked(stakes, receipts, who)


@app.command()
def withdraw(
    gauge: GaugeName = None,
    share: Share = None,
    lp_amount: LpAmount = None,
    sender: Sender = None,
    dry_run: DryRun = False,
    rpc: Rpc = LOCAL_NODE,
    folder: Folder = FOLDER,
    plan: PlanName = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    key_env: KeyEnv = None,
    chain_id: ChainId = None,
) -> None:
    """Take staked LP tokens back.

    How many: --share 50%, or --lp AMOUNT. What was earned stays claimable.
    """
    from dexsim.cli.gauge_telling import stake_facts, tell_staked
    from dexsim.market.working.staking import find_stakes, lp_to_withdraw, withdraw_action

    desk = open_desk(rpc, folder, plan)
    stakes = find_stakes(desk.book, gauge)
    who = desk.sender(sender, keystore, password_file, key_env, chain_id)
    amount = lp_to_withdraw(stakes, who, share=share, lp_amount=lp_amount)
    facts = stake_facts("take back", stakes, amount)
    receipts = perform(desk, withdraw_action(stakes, who, amount), facts, dry_run=dry_run)
    if receipts:
        tell_staked(stakes, receipts, who)


@app.command()
def claim(
    gauge: GaugeName = None,
    owner: Annotated[
        str | None,
        typer.Option(
            "--of", metavar="ADDR", help="Whose rewards; they go to them. Default: the sender's."
        ),
    ] = None,
    sender: Sender = None,
    dry_run: DryRun = False,
    rpc: Rpc = LOCAL_NODE,
    folder: Folder = FOLDER,
    plan: PlanName = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    key_env: KeyEnv = None,
    chain_id: ChainId = None,
) -> None:
    """Have everything paid that was earned until now."""
    from dexsim.chain.address import checksum
    from dexsim.cli.gauge_telling import claim_facts, tell_claimed
    from dexsim.market.working.staking import claim_action, find_stakes

    desk = open_desk(rpc, folder, plan)
    stakes = find_stakes(desk.book, gauge)
    who = desk.sender(sender, keystore, password_file, key_env, chain_id)
    receiver = checksum(owner) if owner else who
    facts = claim_facts(stakes, receiver)
    receipts = perform(desk, claim_action(stakes, who, receiver), facts, dry_run=dry_run)
    if receipts:
        tell_claimed(stakes, receipts, receiver)

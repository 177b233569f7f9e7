"""`dexsim token`: look at tokens and balances, send, allow, wrap, and fund accounts to try things with."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from dexsim.cli.giving import give
from dexsim.cli.keys import KeyEnv, Keystore, PasswordFile, Sender
from dexsim.cli.working import (
    FOLDER,
    LOCAL_NODE,
    ChainId,
    DryRun,
    Folder,
    Json,
    PlanName,
    Rpc,
    open_desk,
    perform,
)

app = typer.Typer(help="Work tokens: look, send, allow, wrap, fund accounts.", no_args_is_help=True)

AmountAndAddress: TypeAlias = Annotated[
    list[str],
    typer.Argument(
        metavar="AMOUNT ADDR", help="'10 USDC' (TOKEN: symbol, name or address), and to whom."
    ),
]
Amount: TypeAlias = Annotated[
    list[str], typer.Argument(metavar="AMOUNT", help="'1 ETH', '1 WETH', or the number alone.")
]


@app.command()
def info(
    token: Annotated[
        str | None,
        typer.Argument(
            metavar="[TOKEN]", help="Symbol, name or address; without it all are listed."
        ),
    ] = None,
    rpc: Rpc = LOCAL_NODE,
    folder: Folder = FOLDER,
    plan: PlanName = None,
    json: Json = False,
) -> None:
    """Tell what tokens there are: name, decimals, supply, address."""
    from dexsim.cli.token_telling import tell_tokens
    from dexsim.market.working.tokens import find_token, token_of

    desk = open_desk(rpc, folder, plan)
    if token is None:
        found = [token_of(entry, desk.node) for entry in desk.book.some_tokens()]
        tell_tokens(desk.book, found, json=json)
    else:
        tell_tokens(desk.book, [find_token(desk.book, token)], json=json, alone=True)


@app.command()
def balance(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ADDR|TOKEN]...",
            help="Whose, and of what; default: the node's first account, and everything.",
        ),
    ] = None,
    rpc: Rpc = LOCAL_NODE,
    folder: Folder = FOLDER,
    plan: PlanName = None,
    json: Json = False,
) -> None:
    """Tell what accounts hold: ETH, every token, LP tokens."""
    from dexsim.cli.token_telling import tell_balances
    from dexsim.cli.token_words import holders_and_tokens

    desk = open_desk(rpc, folder, plan)
    holders, tokens, coins = holders_and_tokens(desk, what or [])
    tell_balances(desk.node, holders, tokens, coins=coins, json=json)


@app.command()
def transfer(
    words: AmountAndAddress,
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
    """Send tokens: transfer '10 USDC' ADDR."""
    from dexsim.chain.address import checksum
    from dexsim.cli.token_telling import tell_transfer
    from dexsim.cli.token_words import amount_and_last
    from dexsim.market.working.amounts import exactly
    from dexsim.market.working.giving import transfer_action

    desk = open_desk(rpc, folder, plan)
    token, amount, last = amount_and_last(desk.book, words)
    to = checksum(last)
    who = desk.sender(sender, keystore, password_file, key_env, chain_id)
    action = transfer_action(token, who, to=to, amount=amount)
    known = desk.book.at(to)
    warning = f"{to} is the contract {known.name}: what is sent there is lost" if known else ""
    facts = {"send": f"{exactly(amount, token.decimals)} {token}", "to": to}
    receipts = perform(desk, action, facts, dry_run=dry_run, warning=warning)
    if receipts:
        tell_transfer(token, receipts, who, to)


@app.command()
def approve(
    words: AmountAndAddress,
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
    """Let somebody take tokens: approve '10 USDC' router.

    ADDR may be the name of a contract of the deployments.
    The new amount replaces the old one; '0 USDC' takes the permission back.
    """
    from dexsim.cli.token_telling import tell_approval
    from dexsim.cli.token_words import amount_and_last, spender_of
    from dexsim.market.working.amounts import exactly
    from dexsim.market.working.giving import approve_action

    desk = open_desk(rpc, folder, plan)
    token, amount, last = amount_and_last(desk.book, words, zero=True)
    spender = spender_of(desk.book, last)
    who = desk.sender(sender, keystore, password_file, key_env, chain_id)
    before = exactly(token.allowance(who, spender), token.decimals)
    facts = {
        "allow": f"{exactly(amount, token.decimals)} {token} in place of {before}",
        "to": spender if last == spender else f"{last} ({spender})",
    }
    action = approve_action(token, who, spender=spender, amount=amount)
    receipts = perform(desk, action, facts, dry_run=dry_run)
    if receipts:
        tell_approval(token, receipts, who, spender)


@app.command()
def wrap(
    words: Amount,
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
    """Make WETH of ETH, one for one: wrap 1."""
    from dexsim.cli.token_telling import tell_wrapped
    from dexsim.cli.token_words import wrapped_amount
    from dexsim.market.working.amounts import exactly
    from dexsim.market.working.giving import wrap_action

    desk = open_desk(rpc, folder, plan)
    token, amount = wrapped_amount(desk.book, words)
    who = desk.sender(sender, keystore, password_file, key_env, chain_id)
    facts = {"wrap": f"{exactly(amount, 18)} ETH into {token}, one for one"}
    receipts = perform(desk, wrap_action(token, who, amount), facts, dry_run=dry_run)
    if receipts:
        tell_wrapped(token, receipts, who)


@app.command()
def unwrap(
    words: Amount,
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
    """Make ETH of WETH, one for one: unwrap 1."""
    from dexsim.cli.token_telling import tell_wrapped
    from dexsim.cli.token_words import wrapped_amount
    from dexsim.market.working.amounts import exactly
    from dexsim.market.working.giving import unwrap_action

    desk = open_desk(rpc, folder, plan)
    token, amount = wrapped_amount(desk.book, words)
    who = desk.sender(sender, keystore, password_file, key_env, chain_id)
    facts = {"unwrap": f"{exactly(amount, 18)} {token} into ETH, one for one"}
    receipts = perform(desk, unwrap_action(token, who, amount), facts, dry_run=dry_run)
    if receipts:
        tell_wrapped(token, receipts, who)


@app.command()
def fund(
    to: Annotated[str, typer.Argument(metavar="ADDR", help="Who gets it.")],
    amounts: Annotated[
        list[str] | None,
        typer.Option(
            "--amount",
            metavar="AMOUNT",
            help="Give this alone ('500 USDC', '2 ETH'); repeatable. Default: 10,000 of each token, "
            "10 WETH, and 10 ETH to who has less than 1.",
        ),
    ] = None,
    sender: Annotated[
        str | None,
        typer.Option("--from", metavar="ADDR", help="Who gives; default: who deployed the tokens."),
    ] = None,
    dry_run: DryRun = False,
    rpc: Rpc = LOCAL_NODE,
    folder: Folder = FOLDER,
    plan: PlanName = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    key_env: KeyEnv = None,
    chain_id: ChainId = None,
) -> None:
    """Give an account a useful amount of every token.

    From the giver's stock, minted where there is too little, wrapped.
    """
    from dexsim.chain.address import checksum

    desk = open_desk(rpc, folder, plan)
    receiver = checksum(to)
    desk.book.some_tokens()
    deployers = {manifest.deployer for manifest in desk.book.manifests.values()}
    if sender is None and not (keystore or key_env) and len(deployers) == 1:
        sender = deployers.pop()
    who = desk.sender(sender, keystore, password_file, key_env, chain_id)
    give(desk, receiver, who, amounts or [], dry_run=dry_run)

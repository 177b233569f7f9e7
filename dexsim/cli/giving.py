"""Giving accounts tokens to try things with, as `dexsim token fund` and `dexsim deploy --fund` do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dexsim.cli.console import say
from dexsim.cli.working import Desk, perform

if TYPE_CHECKING:
    from dexsim.chain.types import Address


def give(
    desk: Desk, receiver: Address, giver: Address, amounts: list[str], *, dry_run: bool = False
) -> None:
    """Show what an account is given, give it, and tell what it has then."""
    from dexsim.cli.token_telling import tell_balances
    from dexsim.market.working.giving import gifts_action, plan_gifts

    gifts = plan_gifts(desk.book, desk.node, giver, receiver, amounts)
    action = gifts_action(gifts, giver)
    lacking = "; ".join(gift.lacking for gift in gifts if gift.lacking)
    given = [gift for gift in gifts if gift.steps]
    facts = {"give": ", ".join(f"{gift.told} ({gift.how})" for gift in given), "to": receiver}
    receipts = perform(desk, action, facts, dry_run=dry_run, warning=lacking)
    if receipts:
        say("given; now there is:")
        tokens = [gift.token for gift in given if gift.token]
        tell_balances(desk.node, [receiver], tokens, coins=True, json=False)


def give_to_newcomers(desk: Desk, receivers: list[Address], giver: Address) -> None:
    """Give to those who have nothing of some token yet, so that saying it again gives nothing more."""
    from dexsim.market.working.tokens import token_of

    tokens = [token_of(entry, desk.book.chain) for entry in desk.book.some_tokens()]
    for receiver in receivers:
        if all(token.balance(receiver) for token in tokens):
            say(f"{receiver} has some of every token already: nothing is given")
        else:
            give(desk, receiver, giver, [])

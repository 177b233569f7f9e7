"""What `dexsim pool`, `token` and `gauge` share: their options, the node with its deployments, sending."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from dexsim.cli.console import complain, say
from dexsim.cli.keys import sender_of, signer_of

if TYPE_CHECKING:
    from dexsim.chain.node import Node
    from dexsim.chain.node_wire import NodeReceipt
    from dexsim.chain.types import Address
    from dexsim.market.deploying.book import Book
    from dexsim.market.working.acting import Action, Cost

LOCAL_NODE = "http://127.0.0.1:8545"
FOLDER = Path("deployments")
SLIPPAGE_BPS = 50
DEADLINE_SECONDS = 1200

Rpc: TypeAlias = Annotated[str, typer.Option("--rpc", metavar="URL", help="The node.")]
Folder: TypeAlias = Annotated[
    Path, typer.Option("--dir", metavar="DIR", help="Where dexsim deploy keeps its manifests.")
]
PlanName: TypeAlias = Annotated[
    str | None,
    typer.Option("--plan", metavar="NAME", help="Look in this deployment alone."),
]
ChainId: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--chain-id",
        metavar="N",
        help="Confirms a chain that is neither local nor in DIR before anything is sent there.",
    ),
]
Slippage: TypeAlias = Annotated[
    int,
    typer.Option(
        "--slippage-bps",
        metavar="N",
        help="What may be lost to a moving price, in 1/100 %: at least quote * (10000 - N) // 10000 "
        "is got, or nothing happens. An amount that is bought costs at most (10000 + N) / 10000.",
    ),
]
Deadline: TypeAlias = Annotated[
    int,
    typer.Option(
        "--deadline-seconds",
        metavar="N",
        help="Nothing happens later than this, in the chain's time.",
    ),
]
DryRun: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="Show what would happen; send nothing.")
]
Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON object, nothing else. Amounts are strings.")
]
RouterAddress: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--router", metavar="ADDR", help="The router to take, for a pool that is not in DIR."
    ),
]
LpAmount: TypeAlias = Annotated[
    str | None, typer.Option("--lp", metavar="AMOUNT", help="How many LP tokens.")
]

Share: TypeAlias = Annotated[
    str | None, typer.Option("--share", metavar="PERCENT", help="How much of what there is: 50%.")
]


@dataclass(frozen=True)
class Desk:
    """A node and the deployments on its chain."""

    node: Node
    book: Book

    def looked_at(self, who: str | None) -> Address | None:
        """Whose holdings are told: whom the user named, else the node's first account, if any."""
        from dexsim.chain.address import checksum

        if who is not None:
            return checksum(who)
        return next(iter(self.node.accounts()), None)

    def sender(
        self,
        who: str | None,
        keystore: Path | None,
        password_file: Path | None,
        key_env: str | None,
        chain_id: int | None,
    ) -> Address:
        """Who sends here. Raises ScenarioError, and DeploymentError for a chain nobody confirmed."""
        from dexsim.market.deploying.networks import check_network

        said = chain_id is not None
        if said or not self.book.manifests:  # what was deployed there was confirmed then
            check_network(self.node.chain_id, chain_id, public=said)
        return sender_of(self.node, who, signer_of(keystore, password_file, key_env))

    def deadline(self, seconds: int) -> int:
        """The last second, by the chain's clock. Raises ScenarioError."""
        from dexsim.errors import ScenarioError

        if seconds < 1:
            raise ScenarioError(
                f"{seconds} is in the past; say how many seconds there are from now",
                key="--deadline-seconds",
            )
        return self.node.next_timestamp + seconds


def open_desk(rpc: str, folder: Path, plan: str | None = None) -> Desk:
    """The node at a URL, and what is recorded for its chain. Raises NodeError, DeploymentError."""
    from dexsim.chain.node import Node
    from dexsim.market.deploying.book import open_book

    node = Node.connect(rpc)
    return Desk(node, open_book(folder, node.chain_id, node, plan))


def perform(
    desk: Desk, action: Action, facts: dict[str, str], *, dry_run: bool, warning: str = ""
) -> list[NodeReceipt]:
    """Show an action with its approvals and its gas, then carry it out; none for a dry run."""
    from dexsim.market.working.acting import carry_out, check_coins, cost_of

    check_coins(action, 0, desk.node)
    cost = cost_of(action, desk.node)
    tell_facts(facts | _terms(action, cost))
    warn(warning)
    check_coins(action, cost.wei, desk.node)
    if dry_run:
        say("Dry run: nothing was sent.")
        return []
    return carry_out(action, desk.node)


def tell_facts(facts: dict[str, str]) -> None:
    """Names and what they are, under each other."""
    width = max(map(len, facts)) + 2
    for name, fact in facts.items():
        if fact:
            say(f"  {name:{width}}{fact}")


def warn(text: str) -> None:
    """A warning on stderr, if there is one."""
    if text:
        complain(f"warning: {text}")


def paid_gas(receipts: list[NodeReceipt]) -> str:
    """What transactions cost, in words, and where the last one stands."""
    from dexsim.market.working.amounts import told

    fees = told(sum(receipt.fee for receipt in receipts), 18)
    return f"gas {fees} ETH, block {receipts[-1].block_number}"


def deadline_told(deadline: int, seconds: int) -> str:
    """A deadline in words."""
    from datetime import UTC, datetime

    try:
        moment = f"{datetime.fromtimestamp(deadline, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError, OSError):  # further than calendars go
        moment = str(deadline)
    return f"{moment}, {seconds:,} s from now in the chain's time"


def tell_object(told: object) -> None:
    """One JSON object on stdout."""
    import json

    say(json.dumps(told, indent=2, ensure_ascii=False))


def _terms(action: Action, cost: Cost) -> dict[str, str]:
    from dexsim.market.working.amounts import exactly, told

    about = "about" if cost.exact else "at most"
    price = f"{exactly(cost.gas_price, 9)} gwei"
    return {
        "approves": ", ".join(each.what for each in action.approvals),
        "gas": f"{about} {told(cost.wei, 18)} ETH ({cost.gas:,} gas at {price})",
        "from": action.sender,
    }

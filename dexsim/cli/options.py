"""The options of `dexsim run`: what each is called, takes, and says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

_MOST = 2**63 - 1


def _whole(text: str, least: int) -> int:
    """A whole number from `least` on, or a complaint that names the text."""
    try:
        number = int(text)
    except ValueError:
        number = -1
    if not least <= number <= _MOST:
        raise typer.BadParameter(f"{text!r} is no whole number from {least} to {_MOST}")
    return number


def _seed(text: str) -> int:
    return _whole(text, 0)


def _blocks(text: str) -> int:
    return _whole(text, 1)


Name: TypeAlias = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A built-in scenario, or a TOML file.")
]
Seed: TypeAlias = Annotated[
    int, typer.Option(parser=_seed, metavar="N", help="Same seed, same run.")
]
Blocks: TypeAlias = Annotated[
    int | None,
    typer.Option(parser=_blocks, metavar="N", help="Blocks to run; default: the scenario's."),
]
Seeds: TypeAlias = Annotated[int, typer.Option(parser=_blocks, metavar="N", help="How many seeds.")]
Workers: TypeAlias = Annotated[
    int, typer.Option(parser=_blocks, metavar="N", help="Processes that share the work.")
]
Engine: TypeAlias = Annotated[
    str, typer.Option(metavar="E", help="The EVM to run on; auto: the fastest installed.")
]
Changes: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Change a value: agents.retail.count=50. Repeatable."
    ),
]
Prices: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="[TOKEN=]CSV",
        help="Outside prices of TOKEN (default: the first market's base token) from a file. "
        "Times are UTC; the end of the data ends the run.",
    ),
]
TimeColumn: TypeAlias = Annotated[
    str | None, typer.Option(metavar="C", help="Column of the time in the CSV.")
]
PriceColumn: TypeAlias = Annotated[
    str | None, typer.Option(metavar="C", help="Column of the price in the CSV.")
]
Out: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Keep the run here, with its tables and report.html."),
]
Force: TypeAlias = Annotated[bool, typer.Option("--force", help="Replace an earlier run in DIR.")]
Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print the summary as one JSON object, nothing else.")
]

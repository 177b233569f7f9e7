"""`dexsim scenarios`, `dexsim show NAME`, `dexsim new NAME`: what there is to run, and to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dexsim.cli.console import say, strong


def scenarios() -> None:
    """List the built-in scenarios and their claims."""
    import textwrap

    from dexsim.scenario.catalogue import catalogue

    for name, claim in catalogue():
        say(strong(name))
        say(textwrap.fill(claim, 78, initial_indent="  ", subsequent_indent="  "))
    say("\ndexsim run NAME runs one, dexsim show NAME prints it, dexsim new NAME starts your own.")


def show(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="A built-in scenario or plan, or a TOML file."),
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Print the deployment plan of that name instead.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of scenario files instead.")
    ] = False,
) -> None:
    """Print a scenario as TOML that reads back.

    A built-in one comes with its comments; a file as dexsim understands it, with absolute paths.
    The plans of `dexsim deploy` are printed likewise: exchange, tokens, and with --plan incentives.
    """
    from dexsim.errors import ScenarioError

    if (name is None) != schema:
        raise ScenarioError("name a scenario, or ask for --schema: one of the two")
    say(_text(name, plan).rstrip("\n"))


def _text(name: str | None, plan: bool) -> str:
    if name is None:
        return _schema()
    return _plan(name) if plan else _toml(name)


def _schema() -> str:
    import json

    from dexsim.scenario.schema import json_schema

    return json.dumps(json_schema(), indent=2)


def _toml(name: str) -> str:
    from dexsim.scenario.library import built_in, names
    from dexsim.scenario.reading import load
    from dexsim.scenario.writing import dumps

    if name in names():
        return built_in(name).read_text("utf-8")
    from dexsim.market.deploying.reading import names as plans

    return _plan(name) if name in plans() else dumps(load(name))


def _plan(name: str) -> str:
    from dexsim.description import unknown
    from dexsim.errors import ScenarioError
    from dexsim.market.deploying.reading import names, text_of

    if name not in names():
        raise ScenarioError(unknown(name, names(), "plan"), key="NAME")
    return text_of(name)


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What the scenario or the pool is called.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it; default: NAME.toml.")
    ] = None,
    pool: Annotated[
        bool,
        typer.Option(
            "--pool",
            help="Instead of a scenario a pool contract in Vyper, with an adapter and first tests.",
        ),
    ] = False,
) -> None:
    """Write a commented scenario to start from, or with --pool a pool of your own.

    Nothing is overwritten.
    """
    if pool:
        _new_pool(name, out)
        return
    from dexsim.errors import ScenarioError
    from dexsim.scenario.catalogue import template

    text = template(name.removesuffix(".toml"))
    target = out or Path(f"{name.removesuffix('.toml')}.toml")
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ScenarioError("is there already; nothing was written", file=str(target)) from None
    except OSError as error:
        raise ScenarioError(f"cannot be written: {error.strerror}", file=str(target)) from None
    say(f"written: {target}; dexsim run {target} runs it")


def _new_pool(name: str, out: Path | None) -> None:
    from dexsim.errors import ScenarioError
    from dexsim.testing.pool_template import write_pool

    if out is not None:
        raise ScenarioError("--out is for scenarios; a pool's files are written here")
    files = ", ".join(str(file) for file in write_pool(name, Path()))
    say(f"written: {files}")
    say(
        f"pytest runs its tests; dexsim check {name}.vy --adapter {name}_adapter.py:Adapter judges it"
    )

"""Who is judged: a pool contract, named as users name it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load
from dexsim.conformance.xyk.subject import Subject
from dexsim.errors import ArtifactError, ScenarioError
from dexsim.plugins.classes import names_file, plugin_class

_ASKED = (
    "getReserves", "mint", "burn", "swap", "skim", "sync", "kLast", "totalSupply", "balanceOf",
    "transfer", "transferFrom", "approve", "permit", "price0CumulativeLast", "price1CumulativeLast",
)  # fmt: skip
_FILES = ("pool", "adapter", "factory", "router", "token")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A pool, and what it is put into. All but the fee are files: Vyper source, or compiled JSON.

    adapter: "FILE.py:Class". factory, router, token: None for dexsim's own. fee_bps: what a pool under
    Uniswap v2's interface keeps of an input.
    """

    pool: str
    adapter: str | None = None
    factory: str | None = None
    router: str | None = None
    token: str | None = None
    fee_bps: int = 30

    @cached_property
    def artifact(self) -> Artifact:
        """The pool's. Raises ArtifactError as `load` does."""
        return load(self.pool)

    @cached_property
    def lacks(self) -> list[str]:
        """What Uniswap v2's pairs have and this pool has not."""
        there = {entry.get("name") for entry in self.artifact.abi if entry["type"] == "function"}
        return [name for name in _ASKED if name not in there]

    def subject(self) -> Subject:
        """For the machines of constant-product pools. Raises ArtifactError for another interface."""
        if self.lacks:
            raise ArtifactError(
                f"{self.pool} is no pair as Uniswap v2 has them, it lacks {', '.join(self.lacks)}: "
                "say how it is used with --adapter FILE.py:Class, and it is judged as an amm"
            )
        own = {
            name: load(file)
            for name in ("factory", "router", "token")
            if (file := getattr(self, name)) is not None
        }
        return Subject(pool=self.artifact, fee_bps=self.fee_bps, **own)

    def adapter_class(self) -> type[Any] | None:
        """The class that the adapter names. Raises ArtifactError where there is none."""
        if self.adapter is None:
            return None
        if ":" not in self.adapter:
            raise ArtifactError(f"adapter {self.adapter!r}: expected FILE.py:Class")
        try:
            return plugin_class(self.adapter)
        except ScenarioError as error:
            raise ArtifactError(f"adapter {self.adapter}: {error}") from None

    def seen_from(self, folder: Path) -> Candidate:
        """The same with relative paths that hold from another folder, for a script that is kept there."""

        moved: dict[str, Any] = {n: _moved(getattr(self, n), folder) for n in self.files()}
        return replace(self, **moved)

    def files(self) -> list[str]:
        """Which fields name a file; an adapter can be a module's instead."""
        named = [name for name in _FILES if getattr(self, name) is not None]
        is_module = self.adapter is not None and not names_file(self.adapter)
        return [name for name in named if not (name == "adapter" and is_module)]


def _moved(file: str, folder: Path) -> str:
    """A file as it is named from a folder, with the class or contract that it names in it."""
    path, mark, name = file, "", ""
    for suffix in (".py:", ".json:"):
        if suffix in file:
            path, mark, name = file.partition(suffix)
    return os.path.relpath(Path(path).resolve(), folder.resolve()) + mark + name

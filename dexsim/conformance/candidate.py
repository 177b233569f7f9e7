"""Who is judged: a pool contract, named as users name it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load
from dexsim.conformance.xyk.subject import Subject
from dexsim.errors import ArtifactError, ScenarioError
from dexsim.plugins.classes import plugin_class

_ASKED = (
    "getReserves", "mint", "burn", "swap", "skim", "sync", "kLast", "totalSupply", "balanceOf",
    "transfer", "transferFrom", "approve", "permit", "price0CumulativeLast", "price1CumulativeLast",
)  # fmt: skip


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

        def moved(file: str | None) -> str | None:
            if file is None:
                return None
            path, colon, name = file.partition(":") if ".py:" in file else (file, "", "")
            return f"{_relative(Path(path), folder)}{colon}{name}"

        return replace(
            self, pool=moved(self.pool) or self.pool, adapter=moved(self.adapter),
            factory=moved(self.factory), router=moved(self.router), token=moved(self.token),
        )  # fmt: skip


def _relative(path: Path, folder: Path) -> str:
    import os

    return os.path.relpath(path.resolve(), folder.resolve())

"""A run: its manifest and its tables, in memory and on disk."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dexsim.errors import ScenarioError
from dexsim.results.arm import Arm
from dexsim.results.columns import schema
from dexsim.results.summary import Summary, summarize
from dexsim.results.tables import TABLES, Table

FORMAT = 4
MANIFEST = "run.json"
SCENARIO = "scenario.toml"


@dataclass(frozen=True)
class Run:
    """What a run left behind.

    manifest: who, what, how: scenario, seed, engine, versions, digests.
    tables: Arrow tables by name, all arms in each. scenario: the scenario
    file's text; files: the other files that it reads, by path.
    """

    manifest: Mapping[str, Any]
    tables: Mapping[str, pa.Table]
    scenario: str
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over what happened on chain, in all arms."""
        return str(self.manifest["digest"])

    @property
    def arms(self) -> list[Arm]:
        """The arms, for measures."""
        return [Arm(name, self.tables, about) for name, about in self.manifest["arms"].items()]

    def table(self, name: str) -> pa.Table:
        """One table. Raises ScenarioError naming them all."""
        if name not in self.tables:
            raise ScenarioError(f"no table {name!r}; there are: {', '.join(self.tables)}")
        return self.tables[name]

    def summary(self) -> Summary:
        """The run in one table; `print` it."""
        return Summary(
            title=self.manifest["title"],
            seed=self.manifest["seed"],
            engine=self.manifest["engine"],
            numeraire=next(iter(self.manifest["arms"].values()))["numeraire"],
            digest=self.digest,
            arms=tuple(summarize(arm) for arm in self.arms),
        )

    def save(
        self,
        folder: str | os.PathLike[str],
        *,
        force: bool = False,
        also: Mapping[str, str] | None = None,
    ) -> Path:
        """Write the run into a folder, all of it or nothing.

        force: replace an earlier run there. also: further text files by name.
        Raises ScenarioError for a folder that is not empty, unless forced.
        """
        target = Path(folder).resolve()
        check_target(target, force=force)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            part.chmod(0o755)  # mkdtemp makes it for its owner alone
            self._write(part, also or {})
            _put(part, target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return target

    def _write(self, folder: Path, also: Mapping[str, str]) -> None:
        for name, table in self.tables.items():
            pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
        (folder / SCENARIO).write_text(self.scenario, "utf-8")
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        for name, text in also.items():
            (folder / name).write_text(text, "utf-8")
        (folder / MANIFEST).write_text(json.dumps(self.manifest, indent=2) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> Run:
        """Read a run back. Raises ScenarioError naming what is missing or damaged."""
        home = Path(folder)
        if not (home / MANIFEST).is_file():
            raise ScenarioError(f"no run here: {home / MANIFEST} is missing", file=str(home))
        try:
            manifest = _checked(json.loads((home / MANIFEST).read_text("utf-8")))
            tables = {name: _read(home, table) for name, table in TABLES.items()}
            scenario = (home / SCENARIO).read_text("utf-8")
            files = {name: (home / _inside(name)).read_bytes() for name in manifest["files"]}
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
            raise ScenarioError(f"a damaged run: {error}", file=str(home)) from None
        return cls(manifest=manifest, tables=tables, scenario=scenario, files=files)


_SHAPE = {"format": int, "seed": int, "digest": str, "title": str, "engine": str, "arms": dict}
_ARM_SHAPE = {
    "digest": str,
    "state_root": str,
    "fork": str,
    "chain_id": int,
    "numeraire": str,
    "tokens": dict,
    "gauges": dict,
    "endowments": dict,
    "differences": list,
}


def _checked(manifest: Any) -> dict[str, Any]:
    """A manifest of the shape that is written here. Raises ValueError naming what is not."""
    _check_shape("run.json", manifest, _SHAPE)
    if manifest["format"] != FORMAT:
        raise ValueError(f"format {manifest['format']}; this dexsim reads {FORMAT}")
    if manifest.get("complete") is not True:
        raise ValueError("it says that it is not complete")
    if not manifest["arms"]:
        raise ValueError("run.json: no arms")
    for name, about in manifest["arms"].items():
        _check_shape(f"run.json: arms.{name}", about, _ARM_SHAPE)
    checked: dict[str, Any] = manifest
    return checked


def _check_shape(where: str, value: Any, shape: Mapping[str, type]) -> None:
    if not isinstance(value, dict):
        raise ValueError(f"{where}: expected a table")
    for key, kind in shape.items():
        if not isinstance(value.get(key), kind):
            raise ValueError(f"{where}: {key} is missing, or no {kind.__name__}")


def _read(home: Path, table: Table) -> pa.Table:
    """A table of the shape that is written here."""
    stored = pq.read_table(home / f"{table.name}.parquet")
    if not stored.schema.equals(schema(table)):
        raise ValueError(f"{table.name}.parquet has other columns than this dexsim writes")
    return stored


def _inside(name: str) -> Path:
    """A file's name, unless it leads out of the run's folder."""
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"a file outside the run's folder: {name}")
    return path


def check_target(target: Path, *, force: bool) -> None:
    """Raises ScenarioError unless a run may be written there; ask before a long run, not after it."""
    if target.exists() and not target.is_dir():
        raise ScenarioError("is a file; --out wants a folder", file=str(target))
    occupied = target.is_dir() and any(target.iterdir())
    if occupied and not force:
        raise ScenarioError("is not empty; choose another folder, or --force", file=str(target))
    if occupied and not (target / MANIFEST).is_file():
        raise ScenarioError(
            f"holds something that is no run (there is no {MANIFEST}); --force replaces runs only",
            file=str(target),
        )
    parent = target.resolve().parent
    while not parent.exists():
        parent = parent.parent
    try:  # what permissions say and what a file system does are two things
        Path(tempfile.mkdtemp(prefix=".dexsim.", dir=parent)).rmdir()
    except OSError as error:
        raise ScenarioError(
            f"cannot be made: {error.strerror} in {parent}", file=str(target)
        ) from None


def _put(part: Path, target: Path) -> None:
    """Move the finished folder into place; an earlier run goes only when the new one is whole."""
    if not target.exists():
        part.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    target.rename(old / "old")
    try:
        part.rename(target)
    except BaseException:
        (old / "old").rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)

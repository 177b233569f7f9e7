"""What was deployed to a chain, to look up by the names that people use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dexsim.chain.address import checksum
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address
from dexsim.description import unknown
from dexsim.errors import DeploymentError, ScenarioError
from dexsim.market.deploying.code import code_hash
from dexsim.market.deploying.manifest import (
    ContractRecord,
    Manifest,
    manifest_path,
    manifests_of,
    read_manifest,
)

WRAPPED = "weth"
"""The artifact of tokens that wrap the chain's coins."""

_TOLD = 2  # names of a thing that are told where somebody asks for another


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A contract that a plan put on the chain, under its name there."""

    plan: str
    name: str
    record: ContractRecord

    @property
    def address(self) -> Address:
        """Where it stands."""
        return self.record.address

    def __str__(self) -> str:
        return f"{self.name} of {self.plan} ({self.address})"


@dataclass(frozen=True)
class Book:
    """The deployments of a chain. chain: asked whether what is recorded still stands."""

    folder: Path
    chain_id: int
    manifests: Mapping[str, Manifest]
    chain: Reader

    def __iter__(self) -> Iterator[Entry]:
        seen: set[Address] = set()
        for plan, manifest in self.manifests.items():
            for name, record in manifest.contracts.items():
                if record.address not in seen:
                    seen.add(record.address)
                    yield Entry(plan=plan, name=name, record=record)

    @property
    def tokens(self) -> list[Entry]:
        """Every token."""
        return [entry for entry in self if entry.record.token]

    @property
    def pools(self) -> list[Entry]:
        """Every pool."""
        return [entry for entry in self if entry.record.pool]

    @property
    def gauges(self) -> list[Entry]:
        """Every gauge."""
        return [entry for entry in self if entry.record.gauge]

    @property
    def routers(self) -> list[Entry]:
        """Every router."""
        return [entry for entry in self if entry.record.artifact == "router"]

    def at(self, address: Address) -> Entry | None:
        """What was put at an address."""
        wanted = checksum(address)
        return next((entry for entry in self if entry.address == wanted), None)

    def beside(self, entry: Entry, name: str) -> Entry:
        """Another contract of an entry's plan, by its name. Raises DeploymentError for none."""
        record = self.manifests[entry.plan].contracts.get(name)
        if record is None:
            raise DeploymentError(
                f"{self._path(entry.plan)}: {entry.name} needs {name!r}, and it is not recorded"
            )
        return self.standing(Entry(plan=entry.plan, name=name, record=record))

    def token(self, said: str) -> Entry:
        """A token by symbol, name or address. Raises ScenarioError, DeploymentError."""
        return self._one(said, "token", self.tokens, _names_of_token)

    def pool(self, said: str) -> Entry:
        """A pool by name, pair (in either order) or address. Raises ScenarioError, DeploymentError."""
        return self._one(said, "pool", self.pools, _names_of_pool)

    def some_pools(self) -> list[Entry]:
        """Every pool that stands. Raises ScenarioError where none is recorded, DeploymentError."""
        return self._some(self.pools, "pool")

    def some_tokens(self) -> list[Entry]:
        """Every token that stands. Raises ScenarioError where none is recorded, DeploymentError."""
        return self._some(self.tokens, "token")

    def _some(self, entries: list[Entry], kind: str) -> list[Entry]:
        """Those that stand; an old plan's record does not hide a newer one's."""
        if not entries:
            raise self._none("", kind, entries, lambda _: [])
        return [each for each in entries if self.chain.code(each.address)] or [
            self.standing(entries[0])
        ]

    def gauge(self, said: str | None) -> Entry:
        """A gauge by name, its pool's name, or address; where there is one alone it needs no name."""
        if said is None and len(self.gauges) == 1:
            return self.standing(self.gauges[0])
        return self._one(said or "", "gauge", self.gauges, _names_of_gauge)

    def wrapped(self) -> Entry:
        """The token that wraps the chain's coins. Raises ScenarioError, DeploymentError."""
        entries = [entry for entry in self.tokens if entry.record.artifact == WRAPPED]
        return self._one("ETH", "token that wraps coins", entries, lambda _: ["ETH"])

    def contract(self, said: str) -> Entry:
        """Any contract by its name or address. Raises ScenarioError, DeploymentError."""
        return self._one(said, "contract", list(self), lambda entry: [entry.name])

    def standing(self, entry: Entry) -> Entry:
        """The entry, when its code is on the chain. Raises DeploymentError saying what to do."""
        code = self.chain.code(entry.address)
        if code and code_hash(code) == entry.record.code_hash:
            return entry
        found = "other code stands" if code else "there is no code"
        raise DeploymentError(
            f"{found} at {entry.address}, where {entry.name} of {entry.plan} was deployed "
            f"({self._path(entry.plan)}): chain {self.chain_id} was restarted since, or is another one; "
            f"deploy again by `dexsim deploy {entry.plan} --rpc URL --apply --fresh`"
        )

    def _one(
        self,
        said: str,
        kind: str,
        entries: list[Entry],
        names: Callable[[Entry], list[str]],
    ) -> Entry:
        if said.startswith("0x"):
            wanted = checksum(said)
            found = [entry for entry in entries if entry.address == wanted]
        else:
            found = _matching(said, entries, names)
        if len(found) > 1:
            # A record of a chain that was restarted since is no choice.
            found = [entry for entry in found if self.chain.code(entry.address)] or found
        if len(found) == 1:
            return self.standing(found[0])
        raise self._ambiguous(said, found) if found else self._none(said, kind, entries, names)

    def _ambiguous(self, said: str, found: list[Entry]) -> ScenarioError:
        plans = {entry.plan for entry in found}
        how = "choose by --plan NAME, or give the address"
        if len(plans) == 1:
            how = "say its own name, or give the address"
        choices = ", ".join(map(str, found))
        return ScenarioError(f"{said!r} could be any of {choices}; {how}")

    def _none(
        self, said: str, kind: str, entries: list[Entry], names: Callable[[Entry], list[str]]
    ) -> ScenarioError:
        if not self.manifests:
            return ScenarioError(
                f"no {kind}{f' {said!r}' if said else ''}: nothing is recorded for chain {self.chain_id} in "
                f"{self.folder / str(self.chain_id)}{self._elsewhere()}; `dexsim deploy exchange --rpc URL "
                "--apply` deploys one, --dir DIR names another folder"
            )
        if not entries:
            plans = ", ".join(self.manifests)
            return ScenarioError(f"there is no {kind} in {plans} on chain {self.chain_id}")
        known = list(dict.fromkeys(name for entry in entries for name in names(entry)[:_TOLD]))
        if not said:
            return ScenarioError(f"say which {kind}: {', '.join(known)}")
        return ScenarioError(unknown(said, known, kind))

    def _elsewhere(self) -> str:
        others = sorted(
            place.name
            for place in self.folder.glob("*")
            if place.is_dir() and any(place.glob("*.json"))
        )
        return f" (there are records of chain {', '.join(others)})" if others else ""

    def _path(self, plan: str) -> Path:
        return manifest_path(self.folder, self.chain_id, plan)


def open_book(folder: Path, chain_id: int, chain: Reader, plan: str | None = None) -> Book:
    """The deployments of a chain under a folder of manifests; of one plan alone where it is named.

    A folder without any gives an empty book. Raises DeploymentError for a plan that is not there,
    and for a file that is no manifest.
    """
    paths = sorted((folder / str(chain_id)).glob("*.json"))
    if plan is not None:
        paths = manifests_of(folder, chain_id, plan)
    read = {path.stem: read_manifest(path) for path in paths}
    manifests = {name: manifest for name, manifest in read.items() if manifest is not None}
    return Book(folder=folder, chain_id=chain_id, manifests=manifests, chain=chain)


def _matching(said: str, entries: list[Entry], names: Callable[[Entry], list[str]]) -> list[Entry]:
    """By the very name; where there is none, by one that differs in case alone."""
    found = [entry for entry in entries if said in names(entry)]
    lower = said.casefold()
    return found or [
        entry for entry in entries if lower in [name.casefold() for name in names(entry)]
    ]


def _names_of_token(entry: Entry) -> list[str]:
    facts = entry.record.token
    assert facts is not None
    return [facts.symbol, entry.name, facts.name]


def _names_of_pool(entry: Entry) -> list[str]:
    facts = entry.record.pool
    assert facts is not None
    base, _, quote = facts.pair.partition("/")
    return [entry.name, facts.pair, f"{quote}/{base}"]


def _names_of_gauge(entry: Entry) -> list[str]:
    facts = entry.record.gauge
    assert facts is not None
    return [entry.name, facts.pool]

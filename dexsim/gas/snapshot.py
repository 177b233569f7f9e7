"""The committed figures: what every flow costs here and on Uniswap v2, and what they were measured with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dexsim.errors import ArtifactError

FILE = Path(__file__).with_name("snapshot.json")


@dataclass(frozen=True)
class Figures:
    """Gas of one flow, here and on the published Uniswap v2."""

    gas: int
    uniswap: int


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Figures by flow, the hard fork and compiler, and keccak256 of all creation codes by contract."""

    fork: str
    compiler: str
    contracts: Mapping[str, str]
    uniswap_contracts: Mapping[str, str]
    flows: Mapping[str, Figures]

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits that name these figures: the beginning of their SHA-256."""
        lines = [f"{name} {one.gas} {one.uniswap}\n" for name, one in sorted(self.flows.items())]
        return hashlib.sha256("".join(lines).encode()).hexdigest()[:8]

    def to_json(self) -> str:
        """The file's text, a line a flow."""
        head = {
            "fork": self.fork,
            "compiler": self.compiler,
            "contracts": self.contracts,
            "uniswap_contracts": self.uniswap_contracts,
        }
        flows = [
            f'  {json.dumps(name)}: {{"gas": {one.gas}, "uniswap": {one.uniswap}}}'
            for name, one in self.flows.items()
        ]
        begun = json.dumps(head, indent=1).removesuffix("\n}")
        return begun + ',\n "flows": {\n' + ",\n".join(flows) + "\n }\n}\n"


def read(file: Path | None = None) -> Snapshot:
    """The committed snapshot, or that of a file. Raises ArtifactError for a file that is none."""
    file = file or FILE
    try:
        fields = json.loads(file.read_text("utf-8"))
        flows = {name: Figures(**figures) for name, figures in fields.pop("flows").items()}
        return Snapshot(**fields, flows=flows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(f"{file}: no gas snapshot: {error}; scripts/gas writes one") from None

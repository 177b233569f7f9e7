"""A venue on anvil, deployed by the command line, for clients that nobody here wrote."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dexsim.chain.node import Node
from dexsim.cli import main
from dexsim.market.contract import Contract
from dexsim.market.deploying.manifest import read_manifest
from dexsim.market.factory import Factory
from dexsim.market.pool import pool_interface
from tests.anvil import running

# The clients and their packages, also where the tests run from a copy without packages.
CLIENTS = Path(os.environ.get("DEXSIM_CLIENTS") or Path(__file__).resolve().parent)
_PLAN = Path(__file__).resolve().with_name("venue.toml")


@dataclass(frozen=True)
class Venue:
    """The plan venue.toml on a node: where the node answers, and the file that names the contracts."""

    url: str
    file: Path
    node: Node
    addresses: dict[str, str]

    def pool_at(self, address: str) -> Contract:
        """Any pool, in the order of the ABI."""
        return Contract(pool_interface(), address, self.node)

    def reserves(self, token_a: str, token_b: str) -> dict[str, int]:
        """What the pool of two tokens holds of each."""
        factory = Factory(self.addresses["factory"], self.node, fee_bps=30)
        reserves = self.pool_at(factory.pool_address(token_a, token_b)).read.getReserves()
        tokens = sorted((token_a, token_b), key=str.lower)
        return dict(zip(tokens, reserves, strict=False))


@contextmanager
def deployed(folder: Path, chain_id: int = 31337) -> Iterator[Venue]:
    """A venue on an anvil of its own, deployed as a user does it."""
    with running("--chain-id", str(chain_id)) as url:
        node = Node.connect(url)
        # Every block is later than the one before, as on a public chain. Otherwise the gas that
        # a client estimates within the second of the pool's last trade is too little in the next.
        node._request("anvil_setBlockTimestampInterval", [1])
        arguments = [str(_PLAN), "--rpc", url, "--dir", str(folder), "--chain-id", str(chain_id)]
        assert main(["deploy", *arguments, "--apply"]) == 0
        file = folder / str(chain_id) / "venue.json"
        manifest = read_manifest(file)
        assert manifest is not None
        addresses = {name: record.address for name, record in manifest.contracts.items()}
        yield Venue(url, file, node, addresses)

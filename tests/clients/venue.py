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
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool, pool_interface
from tests.anvil import running

# The clients and their packages, also where the tests run from a copy without packages.
CLIENTS = Path(os.environ.get("DEXSIM_CLIENTS") or Path(__file__).resolve().parent)


@dataclass(frozen=True)
class Venue:
    """The plan `exchange` on a node: where the node answers, and the file that names the contracts."""

    url: str
    file: Path
    node: Node
    addresses: dict[str, str]

    def pool(self) -> Pool:
        """The venue's pool of BASE and QUOTE."""
        base = Erc20(self.addresses["base"], self.node, symbol="BASE")
        quote = Erc20(self.addresses["quote"], self.node, symbol="QUOTE", decimals=6)
        return Pool(self.addresses["pool"], self.node, base=base, quote=quote, fee_bps=30)

    def pool_at(self, address: str) -> Contract:
        """Any pool, in the order of the ABI."""
        return Contract(pool_interface(), address, self.node)


@contextmanager
def deployed(folder: Path, chain_id: int = 31337) -> Iterator[Venue]:
    """A venue on an anvil of its own, deployed as a user does it."""
    with running("--chain-id", str(chain_id)) as url:
        node = Node.connect(url)
        # A client estimates its gas on the state of now. Were a second to pass before its
        # transaction is mined, the pool would write the cumulative prices too, and run out.
        node._request("anvil_setBlockTimestampInterval", [1])
        arguments = ["exchange", "--rpc", url, "--dir", str(folder), "--chain-id", str(chain_id)]
        assert main(["deploy", *arguments, "--apply"]) == 0
        file = folder / str(chain_id) / "exchange.json"
        manifest = read_manifest(file)
        assert manifest is not None
        addresses = {name: record.address for name, record in manifest.contracts.items()}
        yield Venue(url, file, node, addresses)

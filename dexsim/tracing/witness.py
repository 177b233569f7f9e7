"""Who is who on a chain, and where to look things up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import artifact_of_code, source_map_of
from dexsim.artifacts.source_map import SourceMap
from dexsim.chain.accounts import name_of
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, Transaction
from dexsim.errors import ArtifactError, Reverted

_ZERO = "0x0000000000000000000000000000000000000000"


class Witness:
    """What is known of the addresses of a chain.

    chain: asked for code, symbols and decimals. names, interfaces: by address,
    before all else; a chain's own directory of handles comes next, code that
    dexsim has compiled or ships last.
    """

    def __init__(
        self,
        chain: Reader,
        *,
        names: Mapping[Address, str] | None = None,
        interfaces: Mapping[Address, Interface] | None = None,
    ) -> None:
        self._chain = chain
        directory = getattr(chain, "directory", None)
        self._names = {**(directory.names if directory else {}), **(names or {})}
        self._interfaces = {**(directory.interfaces if directory else {}), **(interfaces or {})}
        self._artifacts: dict[bytes, Artifact | None] = {}
        self._tokens: dict[Address, tuple[str, int] | None] = {}
        self._maps: dict[str, SourceMap | None] = {}

    def name(self, address: Address) -> str:
        """A person's or a contract's name; a short address of a stranger."""
        if address == _ZERO:
            return "0x0"
        token = self.token(address)
        return (
            (token[0] if token else "")
            or self._names.get(address, "")
            or name_of(address)
            or self._contract_name(address)
            or f"{address[:8]}…{address[-4:]}"
        )

    def _contract_name(self, address: Address) -> str:
        artifact = self.artifact(self._chain.code(address))
        return artifact.name if artifact else ""

    def artifact(self, code: bytes) -> Artifact | None:
        """What was compiled to a code on chain or to an init code."""
        if code not in self._artifacts:
            self._artifacts[code] = artifact_of_code(code) if code else None
        return self._artifacts[code]

    def interface(self, address: Address, code: bytes) -> Interface | None:
        """The ABI of the contract at an address that has run a code."""
        artifact = self.artifact(code)
        known = self._interfaces.get(address)
        return known or (Interface(artifact.abi) if artifact else None)

    def source_map(self, artifact: Artifact) -> SourceMap | None:
        """The sources of an artifact, where they are still there and compile to it."""
        key = f"{artifact.name} {artifact.init_code_hash.hex()}"
        if key not in self._maps:
            try:
                self._maps[key] = source_map_of(artifact)
            except ArtifactError:
                self._maps[key] = None
        return self._maps[key]

    def token(self, address: Address) -> tuple[str, int] | None:
        """(symbol, decimals) of what answers to both; asked once."""
        if address not in self._tokens:
            self._tokens[address] = self._ask_token(address)
        return self._tokens[address]

    def _ask_token(self, address: Address) -> tuple[str, int] | None:
        if not self._chain.code(address):
            return None
        symbol, decimals = self._ask(address, "symbol"), self._ask(address, "decimals")
        return (symbol, decimals) if symbol and decimals is not None else None

    def _ask(self, address: Address, view: str) -> Any:
        function = _METADATA.functions[view][0]
        tx = Transaction(sender=_ZERO, to=address, data=function.selector)
        try:
            return function.decode_output(self._chain.call(tx))
        except (Reverted, ArtifactError):
            return None

    def tokens_of(self, pool: Address) -> tuple[Address, Address] | None:
        """token0 and token1 of what has them."""
        first, second = self._ask(pool, "token0"), self._ask(pool, "token1")
        return (first, second) if first and second else None

    @cached_property
    def native(self) -> tuple[str, int]:
        """Name and decimals of the chain's own coin."""
        return "ETH", 18


def _view(name: str, kind: str) -> dict[str, Any]:
    outputs = [{"name": "", "type": kind}]
    return {
        "type": "function",
        "name": name,
        "inputs": [],
        "outputs": outputs,
        "stateMutability": "view",
    }


_METADATA = Interface(
    [
        _view("symbol", "string"),
        _view("decimals", "uint8"),
        _view("token0", "address"),
        _view("token1", "address"),
    ]
)

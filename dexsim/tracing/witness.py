"""Who is who on a chain, and where to look things up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import artifact_of_code, shipped, source_map_of
from dexsim.artifacts.source_map import SourceMap
from dexsim.chain.accounts import name_of
from dexsim.chain.reader import Reader
from dexsim.chain.types import Address, Transaction
from dexsim.errors import ArtifactError, Reverted

_ZERO = "0x0000000000000000000000000000000000000000"
# Questions are small; whoever needs more for its symbol has none.
_QUESTION_GAS = 200_000


class Token(NamedTuple):
    """What an amount is counted in."""

    symbol: str
    decimals: int


class Witness:
    """What is known of the addresses of a chain.

    chain: asked for code, symbols and decimals. names, interfaces: by address,
    before all else; a chain's own directory of handles comes next, code that
    dexsim has compiled or ships last.
    """

    native = Token("ETH", 18)
    """The chain's own coin."""

    def __init__(
        self,
        chain: Reader,
        *,
        names: Mapping[Address, str] | None = None,
        interfaces: Mapping[Address, Interface] | None = None,
    ) -> None:
        self._chain = chain
        directory = getattr(chain, "directory", None)
        self._given = dict(names or {})
        self._handles = dict(directory.names) if directory else {}
        self._interfaces = {**(directory.interfaces if directory else {}), **(interfaces or {})}
        self._artifacts: dict[bytes, Artifact | None] = {}
        self._names: dict[Address, str] = {}
        self._tokens: dict[Address, Token | None] = {}
        self._pairs: dict[Address, tuple[Address, ...]] = {}
        self._maps: dict[bytes, SourceMap | None] = {}

    def name(self, address: Address, code: bytes = b"") -> str:
        """A person's or a contract's name; a short address of a stranger.

        code: what it has run, for a contract that is no longer there.
        """
        if address not in self._names:
            self._names[address] = self._find_name(address)
        return self._names[address] or self._name_of_code(code) or _short(address)

    def _find_name(self, address: Address) -> str:
        if address == _ZERO:
            return "0x0"
        known = self._given.get(address) or name_of(address)
        if known or not self._chain.code(address):
            return known or self._handles.get(address, "")
        token = self.token(address)
        return (
            self._name_of_pool(address)
            or (token.symbol if token else "")
            or self._handles.get(address, "")
            or self._name_of_code(self._chain.code(address))
        )

    def _name_of_pool(self, address: Address) -> str:
        tokens = self.tokens_of(address)
        return f"pool {self.name(tokens[0])}/{self.name(tokens[1])}" if tokens else ""

    def _name_of_code(self, code: bytes) -> str:
        artifact = self.artifact(code)
        return artifact.name if artifact else ""

    def artifact(self, code: bytes) -> Artifact | None:
        """What was compiled to a code on chain or to an init code."""
        if code not in self._artifacts:
            self._artifacts[code] = artifact_of_code(code) if code else None
        return self._artifacts[code]

    def interface(self, address: Address, code: bytes) -> Interface:
        """The ABI of the contract at an address that has run a code.

        A stranger's functions and events are read as those of a Uniswap v2 pair or of wrapped
        money where they have the same signatures, as tokens and pools everywhere do.
        """
        known = self._interfaces.get(address)
        artifact = None if known else self.artifact(code or self._chain.code(address))
        return known or (Interface(artifact.abi) if artifact else _common())

    def source_map(self, artifact: Artifact) -> SourceMap | None:
        """The sources of an artifact, where they are still there and compile to it."""
        if artifact.bytecode not in self._maps:
            try:
                self._maps[artifact.bytecode] = source_map_of(artifact)
            except ArtifactError:
                self._maps[artifact.bytecode] = None
        return self._maps[artifact.bytecode]

    def token(self, address: Address) -> Token | None:
        """Symbol and decimals of what answers to both; asked once."""
        if address not in self._tokens:
            self._tokens[address] = self._ask_token(address)
        return self._tokens[address]

    def _ask_token(self, address: Address) -> Token | None:
        symbol, decimals = self._ask(address, "symbol"), self._ask(address, "decimals")
        return Token(symbol, decimals) if symbol and decimals is not None else None

    def tokens_of(self, pool: Address) -> tuple[Address, ...]:
        """token0 and token1 of what has them, else ()."""
        if pool not in self._pairs:
            tokens = self._ask(pool, "token0"), self._ask(pool, "token1")
            self._pairs[pool] = tokens if all(tokens) and pool not in tokens else ()
        return self._pairs[pool]

    def _ask(self, address: Address, view: str) -> Any:
        if not address or not self._chain.code(address):
            return None
        function = _METADATA.functions[view][0]
        tx = Transaction(sender=_ZERO, to=address, data=function.selector, gas_limit=_QUESTION_GAS)
        try:
            return function.decode_output(self._chain.call(tx))
        except (Reverted, ArtifactError, ValueError):
            return None


@cache
def _common() -> Interface:
    functions = [*shipped("pool").abi, *shipped("weth").abi]
    return Interface(entry for entry in functions if entry["type"] in ("function", "event"))


def _short(address: Address) -> str:
    return f"{address[:8]}…{address[-4:]}"


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

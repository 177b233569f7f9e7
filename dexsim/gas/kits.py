"""The contracts of an exchange as artifacts: dexsim's, those of a folder, or the published Uniswap v2."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load, shipped
from dexsim.errors import ArtifactError

UNISWAP = {
    "pool": "v2-core/build/UniswapV2Pair.json",
    "factory": "v2-core/build/UniswapV2Factory.json",
    "router": "v2-periphery/build/UniswapV2Router02.json",
    "weth": "v2-periphery/build/WETH9.json",
}


@dataclass(frozen=True, kw_only=True)
class Kit:
    """What an exchange is made of. All flows run over any kit whose contracts have Uniswap v2's functions."""

    pool: Artifact
    factory: Artifact
    router: Artifact
    weth: Artifact

    @property
    def has_blueprint(self) -> bool:
        """Whether the factory is told where the pool's code is, instead of holding it itself."""
        return len(Interface(self.factory.abi).constructor.inputs) > 1

    def hashes(self) -> dict[str, str]:
        """keccak256 of each contract's creation code."""
        parts = {name: getattr(self, name) for name in UNISWAP}
        return {name: "0x" + part.init_code_hash.hex() for name, part in parts.items()}


def shipped_kit() -> Kit:
    """The contracts that ship with dexsim."""
    return Kit(**{name: shipped(name) for name in UNISWAP})


def folder_kit(folder: Path) -> Kit:
    """The contracts of a folder, compiled. Raises ArtifactError naming what is missing or wrong."""
    missing = [f"{name}.vy" for name in UNISWAP if not (folder / f"{name}.vy").is_file()]
    if missing:
        raise ArtifactError(
            f"{folder}: no folder of contracts: {', '.join(missing)} not found there"
        )
    return Kit(**{name: load(folder / f"{name}.vy") for name in UNISWAP})


def uniswap_kit(node_modules: Path) -> Kit:
    """Uniswap v2 as it was published on npm, from a folder node_modules. Raises ArtifactError.

    The packages are @uniswap/v2-core 1.0.1 and @uniswap/v2-periphery 1.1.0-beta.0.
    """
    return Kit(**{name: load(node_modules / "@uniswap" / path) for name, path in UNISWAP.items()})

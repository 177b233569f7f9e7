"""Whether the code on chain is the code that was compiled."""

from __future__ import annotations

from eth_hash.auto import keccak

from dexsim.artifacts.artifact import immutable_bytes
from dexsim.errors import DeploymentError
from dexsim.market.deploying.plan import Planned

_BLUEPRINT_PREAMBLE = bytes.fromhex("fe7100")  # ERC-5202: version 0, no data section


def check_code(planned: Planned, code: bytes) -> None:
    """Compare code on chain with the artifact. Raises DeploymentError naming contract and address."""
    if not code:
        raise DeploymentError(f"{_who(planned)}: there is no code")
    if planned.form == "blueprint":
        matches = code == _BLUEPRINT_PREAMBLE + planned.artifact.bytecode
    else:
        matches = without_immutables(planned, code) == planned.artifact.runtime
    if not matches:
        raise DeploymentError(
            f"{_who(planned)}: the code on chain ({len(code)} bytes) is not what "
            f"{planned.artifact.compiler} made of {planned.artifact.name}"
        )


def code_hash(code: bytes) -> str:
    """keccak256 of code on chain, as manifests write it."""
    return "0x" + keccak(code).hex()


def without_immutables(planned: Planned, code: bytes) -> bytes:
    """The code without the values that the constructor fixed: Vyper keeps them behind the code."""
    data_bytes = immutable_bytes(planned.artifact.layout.get("code_layout", {}))
    return code[: max(0, len(code) - data_bytes)]


def _who(planned: Planned) -> str:
    return f"{planned.name} ({planned.artifact.name}) at {planned.address}"

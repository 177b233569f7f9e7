"""A new snapshot, from what is measured now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dexsim.artifacts.library import shipped
from dexsim.chain.engines import FORK
from dexsim.errors import ArtifactError
from dexsim.gas.flows.catalogue import FLOWS
from dexsim.gas.kits import shipped_kit, uniswap_kit
from dexsim.gas.measure import measure
from dexsim.gas.snapshot import Figures, Snapshot


def record(before: Snapshot | None, node_modules: Path | None) -> Snapshot:
    """Measure all flows.

    before: where Uniswap v2's figures come from when there is no folder of npm packages.
    Raises ArtifactError for a flow that would have none.
    """
    kit = shipped_kit()
    ours = measure(kit, FLOWS)
    if node_modules is None:
        theirs, hashes = _recorded(before)
    else:
        published = uniswap_kit(node_modules)
        theirs, hashes = measure(published, FLOWS), published.hashes()
    missing = [flow.name for flow in FLOWS if flow.name not in theirs]
    if missing:
        raise ArtifactError(
            f"no figure of Uniswap v2 is recorded for {', '.join(missing)}; "
            "let DEXSIM_NPM name the node_modules with its published packages"
        )
    return Snapshot(
        fork=FORK,
        compiler=kit.pool.compiler,
        contracts=used_contracts(),
        uniswap_contracts=hashes,
        flows={name: Figures(gas, theirs[name]) for name, gas in ours.items()},
    )


def used_contracts() -> dict[str, str]:
    """keccak256 of the creation codes that are measured, the traded token's among them."""
    return {**shipped_kit().hashes(), "token": "0x" + shipped("token").init_code_hash.hex()}


def _recorded(before: Snapshot | None) -> tuple[dict[str, int], Mapping[str, str]]:
    if before is None:
        return {}, {}
    if before.contracts["token"] != used_contracts()["token"]:
        raise ArtifactError(
            "the traded token is another than when Uniswap v2 was measured; "
            "let DEXSIM_NPM name the node_modules with its published packages"
        )
    return {name: one.uniswap for name, one in before.flows.items()}, before.uniswap_contracts

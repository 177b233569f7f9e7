"""Flows, measured."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dexsim.artifacts.artifact import Artifact
from dexsim.errors import ArtifactError, Reverted
from dexsim.gas.flows.flow import Flow
from dexsim.gas.kits import Kit, folder_kit
from dexsim.gas.stage import Stage


def measure(kit: Kit, flows: Iterable[Flow], *, token: Artifact | None = None) -> dict[str, int]:
    """Gas by flow, each from the same beginning: none knows of the others. Raises Reverted.

    token: creates the traded tokens; left out, dexsim's own.
    """
    stage = Stage(kit, token)
    used = {}
    for flow in flows:
        with stage.undone():
            used[flow.name] = flow.run(stage)
    return used


def measure_folder(folder: Path, flows: Iterable[Flow]) -> dict[str, int]:
    """Gas by flow of somebody's own contracts.

    Raises ArtifactError naming the folder, where it does not compile or cannot do what a flow does.
    """
    kit = folder_kit(folder)
    try:
        return measure(kit, flows)
    except (AttributeError, TypeError, Reverted) as error:
        raise ArtifactError(f"{folder}: not as the contracts that ship: {error}") from None

"""The names that `import dexsim` promises, and what it costs."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import dexsim

NAMES = set(
    """
    Account Actor Agent AmountTypeError Arbitrageur ArtifactError BackrunLabel Backrunner Batch
    Bidder BlindFrontrunner Bundle BundleAuction Buyer Chain CommitReveal Constant Contract Csv
    Deployment DeploymentError DexsimError EngineError Erc20 Experiment Farmer Fifo FixedClock Gas
    Gauge Gbm GreedySequencing Holdout Incentive Issued IssuerOwner JitLabel JumpDiffusion
    JustInTime Leaver Manipulator Manual Market MevShare NodeError Order OrnsteinUhlenbeck
    PanicSeller PoissonClock PoolAdapter Priority Private Provider RandomOrder Receipt Redeemer
    Reverted Run SandwichLabel Sandwicher Scenario ScenarioError Sessions Setup Submission
    TenderOffer Token Trader Transaction TransactionRejected Treasury Unbundled Venue View Weth
    World __version__ compare cpmm deploy deploy_world explain format_wei from_wei gwei load run
    to_wei
    """.split()  # noqa: SIM905 - a paragraph is easier to read and to change
)


def test_public_names_are_these() -> None:
    assert set(dexsim.__all__) == NAMES
    assert set(dir(dexsim)) >= NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_public_name_is_there(name: str) -> None:
    assert getattr(dexsim, name) is not None


def test_checkers_are_told_the_names_that_are_loaded() -> None:
    tree = ast.parse(Path(str(dexsim.__file__)).read_text())
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    told = {(alias.name, node.module) for node in imports for alias in node.names}
    assert {name for name, _ in told} == NAMES - {"__version__"}
    for name, module in told:
        home = importlib.import_module(str(module))
        assert getattr(dexsim, name) is getattr(home, name)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'dexsim' has no attribute 'Wrold'"):
        dexsim.Wrold  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize(
    ("script", "heavy"),
    [
        (
            "import dexsim",
            "numpy pydantic eth eth_abi eth_account eth_tester web3 vyper pyarrow polars pandas "
            "rich typer altair multiprocessing decimal",
        ),
        (
            "import dexsim; dexsim.to_wei('1'); dexsim.cpmm.amount_out(1000, 10**6, 10**6)",
            "numpy pydantic eth web3 vyper pyarrow polars pandas",
        ),
        (
            "import dexsim; dexsim.load('sandwich')",
            "eth eth_tester web3 vyper pyarrow polars pandas rich typer altair",
        ),
    ],
)
def test_what_is_used_loads_no_more_than_it_needs(script: str, heavy: str) -> None:
    script += "; import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not set(heavy.split()) & set(done.stdout.split())


def test_version_is_a_literal_that_the_build_reads() -> None:
    text = Path(str(dexsim.__file__)).read_text()
    assert f'\n__version__ = "{dexsim.__version__}"\n' in text

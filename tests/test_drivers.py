"""The drivers in scripts/ are the first pages of a tutorial: they run, and print what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"

# Amounts are exact: the same on every machine and every engine.
PRINTED = {
    "swap": """\
alice sold 1.000000 WETH for 1,992.013962 USDC; her limit was 1,982.053892 USDC
she has 1,992.013962 USDC, and paid for 138,682 gas
a second one would give 1,988.043838 USDC
""",
    "liquidity": """\
lucy put in 100.000000 WETH and took out 100.260559 WETH
lucy put in 200,000.000000 USDC and took out 199,999.999999 USDC
""",
    "sandwich": """\
calm: 47 trades paid 71.6 bps; 0 sandwiches
  the searcher gained 0.00 USDC; accounts close: True
hunted: 45 trades paid 139.5 bps; 16 sandwiches
  the searcher gained 636.94 USDC; accounts close: True
""",
    "incentives": """\
emitted in 1200 s: 360 DEX; claimed by the farmer: 292 DEX
the rest was emitted before the farmer had staked, or is not claimed yet
accounts close: True
""",
}


@pytest.mark.parametrize("name", PRINTED)
def test_a_driver_prints_what_it_says(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", SCRIPTS / f"{name}.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == PRINTED[name]


@pytest.mark.parametrize("name", PRINTED)
def test_a_driver_is_a_page_long(name: str) -> None:
    lines = (SCRIPTS / f"{name}.py").read_text().splitlines()
    code = [line for line in lines if line.strip() and line[0] not in '#"']
    assert len(code) <= 22

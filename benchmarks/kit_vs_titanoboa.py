"""The same 200 unit tests of a token with dexsim's fixtures and with titanoboa: which suite is faster?

Each test creates the token and sends ten transactions, with a read after each. Both suites are
written to a temporary folder and run by pytest in turns, each in its own environment, after one
run that compiles and fills the caches. The ratio is that of the medians of the wall times.

    python -m venv boa && boa/bin/pip install titanoboa pytest
    python benchmarks/kit_vs_titanoboa.py boa/bin/python
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]

TOKEN = """# pragma version ~=0.4.3

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    amount: uint256

balanceOf: public(HashMap[address, uint256])
totalSupply: public(uint256)

@deploy
def __init__(supply: uint256):
    self.totalSupply = supply
    self.balanceOf[msg.sender] = supply

@external
def transfer(receiver: address, amount: uint256) -> bool:
    assert self.balanceOf[msg.sender] >= amount, "token: insufficient balance"
    self.balanceOf[msg.sender] -= amount
    self.balanceOf[receiver] += amount
    log Transfer(sender=msg.sender, receiver=receiver, amount=amount)
    return True
"""

DEXSIM = """
import pytest

@pytest.mark.parametrize("turn", range({tests}))
def test_transfers(chain, deploy, alice, bob, turn):
    token = deploy("token.vy", 10**24)
    for amount in range(1, 11):
        before = token.read.balanceOf(bob)
        chain.send(token.write.transfer(alice, bob, amount + turn))
        assert token.read.balanceOf(bob) == before + amount + turn
"""

TITANOBOA = """
import boa
import pytest
from pathlib import Path

SOURCE = Path(__file__).with_name("token.vy")
boa.interpret.set_cache_dir(str(Path(__file__).with_name("cache")))

@pytest.fixture(autouse=True)
def isolated():
    with boa.env.anchor():
        yield

@pytest.fixture
def bob():
    return boa.env.generate_address("bob")

@pytest.mark.parametrize("turn", range({tests}))
def test_transfers(bob, turn):
    token = {load}(10**24)
    for amount in range(1, 11):
        before = token.balanceOf(bob)
        token.transfer(bob, amount + turn)
        assert token.balanceOf(bob) == before + amount + turn
"""
# The second way is the faster one there: the compiler's front end runs once a session.
LOADS = {
    "titanoboa, boa.load in each test": "boa.load_partial(str(SOURCE)).deploy",
    "titanoboa, compiled once a session": "DEPLOYER.deploy",
}


def write_suites(folder: Path, tests: int) -> dict[str, Path]:
    """The suites' folders by name."""
    suites = {"dexsim": DEXSIM}
    for name, load in LOADS.items():
        suites[name] = TITANOBOA.replace("{load}", load)
        if load.startswith("DEPLOYER"):
            suites[name] += "\n\nDEPLOYER = boa.load_partial(str(SOURCE))\n"
    places = {}
    for number, (name, code) in enumerate(suites.items()):
        places[name] = place = folder / f"suite{number}"
        place.mkdir()
        (place / "token.vy").write_text(TOKEN)
        (place / "test_token.py").write_text(code.replace("{tests}", str(tests)))
    (places["dexsim"] / "conftest.py").write_text('pytest_plugins = ["dexsim.testing"]\n')
    return places


def run(python: str, folder: Path, tests: int) -> float:
    """Wall time of one run in seconds. Ends the program when a test fails."""
    environment = {**os.environ, "DEXSIM_CACHE": str(folder / "cache")}
    if python == sys.executable:
        environment["PYTHONPATH"] = str(ROOT)
    begin = time.perf_counter()
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - begin
    if f"{tests} passed" not in done.stdout:
        sys.exit(f"{folder.name} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return seconds


def main() -> None:
    """Run the suites in turns and print times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("python", help="the python of an environment with titanoboa and pytest")
    parser.add_argument("--tests", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        suites = write_suites(Path(temporary), given.tests)
        pythons = {name: given.python if "boa" in name else sys.executable for name in suites}
        for name, folder in suites.items():
            run(pythons[name], folder, given.tests)
        times: dict[str, list[float]] = {name: [] for name in suites}
        for turn in range(given.rounds):
            for name in list(suites)[:: 1 if turn % 2 else -1]:
                times[name].append(run(pythons[name], suites[name], given.tests))
    report(times, given.tests)


def report(times: dict[str, list[float]], tests: int) -> None:
    """Medians with their spread, and how often dexsim's suite fits into the others."""
    ours = times["dexsim"]
    for name, seconds in times.items():
        spread = f"{min(seconds):.2f} to {max(seconds):.2f} s"
        each = median(seconds) / tests * 1000
        print(f"{name}: {median(seconds):.2f} s ({spread}), {each:.1f} ms a test")
        if seconds is not ours:
            pairs = [theirs / own for own, theirs in zip(ours, seconds, strict=True)]
            ratio = median(seconds) / median(ours)
            print(f"    {ratio:.2f} times dexsim's (pairs: {min(pairs):.2f} to {max(pairs):.2f})")


if __name__ == "__main__":
    main()

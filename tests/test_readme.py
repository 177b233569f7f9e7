"""The README, word for word: every command and every piece of code in it runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"

pytestmark = pytest.mark.skipif(not README.exists(), reason="no checkout here: no README")


def blocks(language: str) -> list[str]:
    """The README's code blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(), re.DOTALL)


def commands() -> list[str]:
    """What stands behind a prompt, but for the two scripts: they install, and run these tests."""
    lines = [line for block in blocks("console") for line in block.splitlines()]
    assert all(line.startswith("$ ") for line in lines)
    typed = [line.removeprefix("$ ") for line in lines]
    assert typed[:2] == ["./scripts/demo", "./scripts/check"]
    return typed[2:]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder in which the reader types along."""
    return tmp_path_factory.mktemp("reader")


def typed(command: str, folder: Path) -> str:
    typed_in = command.replace("dexsim", f"{shlex.quote(sys.executable)} -m dexsim", 1)
    done = subprocess.run(
        ["sh", "-c", typed_in if command.startswith("dexsim") else command],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), command
    return done.stdout


def test_every_command_works_in_its_order(folder: Path) -> None:
    for command in commands():
        assert typed(command, folder).strip() or ">" in command
    assert (folder / "my-run" / "report.html").exists()
    for code in blocks("python"):
        if "my-run" in code:
            done = subprocess.run(
                [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
            )
            assert "amount_in_tokens" in done.stdout


def test_the_scenario_in_python_runs() -> None:
    code = next(block for block in blocks("python") if "dx.World(" in block)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.count("accounts close: yes, to the wei") == 2


def test_the_agent_of_your_own_trades(tmp_path: Path) -> None:
    code = next(block for block in blocks("python") if block.startswith("# momentum.py"))
    (tmp_path / "momentum.py").write_text(code)
    scenario = typed("dexsim show sandwich", tmp_path).split("[arms.")[0]
    scenario = re.sub(r"\[experiment\].*?\n\[", "[", scenario, flags=re.DOTALL)
    (tmp_path / "mine.toml").write_text(scenario + "\n" + blocks("toml")[0])
    told = typed("dexsim run mine.toml --blocks 20 --json", tmp_path)
    assert '"momentum"' in told


def test_the_pool_of_your_own_is_traded_in(tmp_path: Path) -> None:
    code = next(block for block in blocks("python") if block.startswith("# mine.py"))
    (tmp_path / "mine.py").write_text(code)
    pools = ROOT / "tests" / "scenarios" / "own_pools"
    (tmp_path / "mypool.vy").write_text((pools / "dynamic.vy").read_text())
    (tmp_path / "vault.vy").write_text((pools / "vault.vy").read_text())
    market = next(block for block in blocks("toml") if "contract =" in block)
    scenario = typed("dexsim show sandwich", tmp_path)
    described = re.sub(
        r"\[world\.markets\.main\]\n.*?\n\n", market + "\n", scenario, flags=re.DOTALL
    )
    (tmp_path / "mine.toml").write_text(described)
    from_file = typed("dexsim run mine.toml --blocks 6 --json", tmp_path)
    settings = re.search(r"`(--set world\.markets.*?)`", README.read_text())
    assert settings is not None
    by_settings = typed(f"dexsim run sandwich --blocks 6 --json {settings[1]}", tmp_path)
    assert from_file == by_settings
    assert '"accounts_close": true' in from_file


def test_the_test_of_a_pool_passes(tmp_path: Path) -> None:
    code = next(block for block in blocks("python") if block.startswith("# test_pool.py"))
    (tmp_path / "test_pool.py").write_text(code)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["dexsim.testing"]\n')
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path],
        cwd=tmp_path,
        env={**os.environ, "DEXSIM_ENGINES": "pyevm"},  # each test once
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([\w/.]+)\)", README.read_text())
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []

"""Pools with one fault each, made on purpose."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dexsim.artifacts.library import sources_folder

Faulty = Callable[..., Path]


@pytest.fixture
def faulty(tmp_path: Path) -> Faulty:
    """`faulty((find, replace), ...)`: dexsim's pool with these texts changed, as a file."""

    def make(*edits: tuple[str, str]) -> Path:
        folder = tmp_path / "contracts"
        shutil.copytree(sources_folder(), folder)
        pool = folder / "pool.vy"
        text = pool.read_text()
        for find, replace in edits:
            assert text.count(find) == 1
            text = text.replace(find, replace)
        pool.write_text(text)
        return pool

    return make

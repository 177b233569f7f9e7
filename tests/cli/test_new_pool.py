"""`dexsim new NAME --pool`: all its files or none."""

from __future__ import annotations

import pytest


@pytest.fixture
def folder(tmp_path, monkeypatch, dexsim):
    """An empty working folder."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    return empty


def test_four_files_are_written_and_told_with_what_comes_next(dexsim, folder):
    ended = dexsim("new", "surge", "--pool")
    assert (ended.code, ended.err) == (0, "")
    files = {"surge.vy", "surge_adapter.py", "conftest.py", "test_surge.py"}
    assert {file.name for file in folder.iterdir()} == files
    assert all(name in ended.out for name in files)
    assert "dexsim check surge.vy --adapter surge_adapter.py:Adapter" in ended.out
    assert "NAME" not in "".join(file.read_text() for file in folder.iterdir())


def test_nothing_is_written_where_one_of_them_is_there(dexsim, folder):
    (folder / "conftest.py").write_text("mine = 1\n")
    ended = dexsim("new", "surge", "--pool")
    assert ended.code == 2
    assert "conftest.py: is there already; nothing was written" in ended.err
    assert [file.name for file in folder.iterdir()] == ["conftest.py"]


@pytest.mark.parametrize("name", ["Surge", "a-b", "1st", "../surge", "a b"])
def test_a_name_that_no_module_can_have_is_refused(dexsim, folder, name):
    ended = dexsim("new", name, "--pool")
    assert ended.code == 2
    assert "a pool's name is of lower case letters, digits and _" in ended.err
    assert list(folder.iterdir()) == []


def test_a_file_for_the_scenario_is_no_pools(dexsim, folder):
    ended = dexsim("new", "surge", "--pool", "--out", "surge.toml")
    assert ended.code == 2
    assert list(folder.iterdir()) == []

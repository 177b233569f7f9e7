"""A folder of generated files: whole, or as it was, and nothing of anybody else's is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from dexsim.artifacts.whole_folder import put
from dexsim.errors import ArtifactError

ONE, TWO = {"a.txt": "1", "deep/er/b.txt": "2"}, {"c.txt": "3"}


def read(folder: Path) -> dict[str, str]:
    """The texts of a folder by path, without the list of them."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    texts = {path.relative_to(folder).as_posix(): path.read_text() for path in files}
    return {path: text for path, text in texts.items() if path != ".written-by-dexsim"}


def test_a_folder_is_made_and_replaced_by_the_next(tmp_path: Path) -> None:
    for files in (ONE, TWO, ONE):
        put(tmp_path / "new" / "out", files)
        assert read(tmp_path / "new" / "out") == files
        assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    put(tmp_path / "out", ONE)
    assert read(tmp_path / "out") == ONE


@pytest.mark.parametrize("path", ["notes.md", "deep/notes.md", "deep/er/.hidden"])
def test_a_file_that_was_put_among_them_is_not_lost(tmp_path: Path, path: str) -> None:
    put(tmp_path / "out", ONE)
    (tmp_path / "out" / path).write_text("mine")
    with pytest.raises(ArtifactError, match=rf"other things \({path}\); --force"):
        put(tmp_path / "out", TWO)
    assert read(tmp_path / "out") == ONE | {path: "mine"}
    put(tmp_path / "out", TWO, force=True)
    assert read(tmp_path / "out") == TWO


def test_what_a_link_leads_to_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "far")
    for files in (ONE, TWO):
        put(tmp_path / "out", files)
        assert (tmp_path / "out").is_symlink()
        assert read(tmp_path / "far") == files


def test_a_link_in_a_folder_is_somebody_elses_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "precious").write_text("mine")
    put(tmp_path / "out", ONE)
    (tmp_path / "out" / "link").symlink_to(tmp_path / "far")
    with pytest.raises(ArtifactError, match=r"\(link\)"):
        put(tmp_path / "out", TWO)
    put(tmp_path / "out", TWO, force=True)
    assert read(tmp_path / "far") == {"precious": "mine"}


@pytest.mark.parametrize("out", [".", "..", "../here", ""])
@pytest.mark.parametrize("force", [False, True])
def test_the_folder_one_is_in_is_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, *, force: bool
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "beside").write_text("mine")
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(ArtifactError, match="is where you are: give the name of a folder in it"):
        put(Path(out), ONE, force=force)
    assert read(tmp_path) == {"beside": "mine"}


def test_a_file_is_not_replaced_by_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ArtifactError, match="is a file"):
        put(tmp_path / "out", ONE, force=True)
    assert (tmp_path / "out").read_text() == "mine"


def test_what_fails_while_it_is_written_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    put(tmp_path / "out", ONE)
    with pytest.raises(ArtifactError, match="cannot be written"):
        put(tmp_path / "out", {"a": "", "a/b": ""})
    assert read(tmp_path) == {f"out/{path}": text for path, text in ONE.items()} | {
        "out/.written-by-dexsim": (tmp_path / "out" / ".written-by-dexsim").read_text()
    }


def test_a_folder_that_cannot_take_its_place_brings_the_old_one_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "out", ONE)
    rename = Path.rename

    def refuses_the_new(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(5, "the disk is full")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuses_the_new)
    with pytest.raises(ArtifactError, match="out: cannot be written: the disk is full"):
        put(tmp_path / "out", TWO)
    assert read(tmp_path / "out") == ONE
    assert [path.name for path in tmp_path.iterdir()] == ["out"]

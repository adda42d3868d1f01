"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spindetect.commands.streams import open_output
from spindetect.files import whole_file


@pytest.mark.skipif(os.name == "nt", reason="no such permissions there")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_a_file_that_is_written_again_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("old", encoding="utf-8")
    path.chmod(mode)
    with open_output(path) as write:
        write("new")
    assert (path.read_text(encoding="utf-8"), path.stat().st_mode & 0o777) == ("new", mode)
    assert [one.name for one in tmp_path.iterdir()] == ["scores.csv"]


def test_a_file_that_an_error_leaves_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), whole_file(path) as stream:
        stream.write(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old" and [one.name for one in tmp_path.iterdir()] == ["scores.csv"]

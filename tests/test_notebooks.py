"""The notebooks: run from top to bottom, they show what is stored in them."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def load() -> ModuleType:
    """The program that runs the notebooks."""
    spec = importlib.util.spec_from_file_location("execute_notebooks", FOLDER / "execute.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


execute = load()


@pytest.mark.slow
def test_the_stored_outputs_are_those_of_a_fresh_run() -> None:
    done = subprocess.run(
        [sys.executable, str(FOLDER / "execute.py"), "--check"], capture_output=True, encoding="utf-8", cwd=FOLDER
    )
    assert done.returncode == 0, f"{done.stderr}\n`make notebooks` stores what the notebooks show now."
    assert done.stdout.count("as stored") == len(NOTEBOOKS) == 5


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_small_complete_and_free_of_noise(path: Path) -> None:
    assert path.stat().st_size < 300_000
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert notebook == execute.cleaned(nbformat.read(path, as_version=4))
    shown = [output for cell in code for output in cell.outputs]
    assert all(output.output_type != "error" for output in shown)
    assert any("image/png" in output.get("data", {}) for output in shown)
    outputs = "".join(str(output) for output in shown)
    assert not re.search(r"0x[0-9a-f]{6,}|/(home|root|tmp)/", outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        for link in re.findall(r"\]\(([^)]+)\)", cell.source) if cell.cell_type == "markdown" else ():
            assert (FOLDER / link).exists(), link


def test_the_sites_are_put_together_as_they_were_made() -> None:
    notebook = nbformat.read(FOLDER / "3-a-folder-of-articles.ipynb", as_version=4)
    printed = [output.text for cell in notebook.cells for output in cell.get("outputs", ()) if "text" in output]
    groups = re.findall(r"the same spinner: (.*)", "".join(printed))
    assert groups == ["daily-finch, news-lantern, press-meadow", "topic-mill, viral-quay"]  # as in data/README.md


def cell(text: str) -> nbformat.NotebookNode:
    """A notebook with one cell that printed ``text``."""
    output = nbformat.v4.new_output("stream", text=text)
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(...)", outputs=[output])])


def test_a_difference_is_found_and_said() -> None:
    assert execute.differences(cell("score 99.98, spun"), cell("score 99.97, spun")) == []
    [message] = execute.differences(cell("score 99.98, spun"), cell("score 12.5, spun"))
    assert "stored: score 99.98, spun" in message and "fresh:  score 12.5, spun" in message
    assert execute.differences(cell("score 99.98, spun"), cell("score 99.98, edited"))
    nothing = cell("")
    nothing.cells[0].outputs = []
    assert execute.differences(cell("score"), nothing)


def test_traces_of_the_machine_are_cleaned_away() -> None:
    notebook = cell("one\n")
    notebook.cells[0].outputs += [
        nbformat.v4.new_output("stream", name="stderr", text="warning: /home/someone"),
        nbformat.v4.new_output("stream", text="two\n"),
    ]
    notebook.cells[0].metadata["execution"] = {"iopub.execute_input": "2020-01-01T00:00:00Z"}
    notebook.metadata["kernelspec"] = {"display_name": "mine", "name": "mine", "language": "python"}
    [cleaned] = execute.cleaned(notebook).cells
    assert [output.text for output in cleaned.outputs] == ["one\ntwo\n"]
    assert cleaned.metadata == {} and notebook.metadata.kernelspec.name == "python3"

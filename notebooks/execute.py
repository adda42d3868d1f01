"""Run the notebooks from top to bottom, and keep what they show or check what is kept.

    python notebooks/execute.py            # run all and store the fresh outputs
    python notebooks/execute.py --check    # run all; exit with 1 where the stored texts differ

Stored notebooks carry no times and no traces of the machine that they ran on.
"""

from __future__ import annotations

import argparse
import base64
import html
import io
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import isclose
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

FOLDER = Path(__file__).parent
SECONDS = 120  # for one cell; the slowest takes a few
AT_ONCE = 2
_COLOURS = 96

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_MARKUP = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)
_RULES = re.compile(r"[-\s]+")  # widths of a table's columns follow its numbers


def notebooks() -> list[Path]:
    """The notebooks in this folder, in reading order."""
    return sorted(FOLDER.glob("*.ipynb"))


def executed(path: Path) -> NotebookNode:
    """The notebook run from top to bottom in a fresh kernel, cleaned; raises nbclient's error if a cell fails."""
    notebook = cleaned(nbformat.read(path, as_version=4))
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    return cleaned(client.execute())


def cleaned(notebook: NotebookNode) -> NotebookNode:
    """The notebook without what changes from run to run and between machines, and with small pictures."""
    notebook.metadata = NotebookNode(
        kernelspec=NotebookNode(display_name="Python 3", language="python", name="python3"),
        language_info=NotebookNode(name="python"),
    )
    for place, cell in enumerate(notebook.cells):
        cell.metadata = NotebookNode()
        cell.id = f"cell-{place}"
        if cell.cell_type == "code":
            cell.outputs = _joined([output for output in cell.outputs if output.get("name") != "stderr"])
            for output in cell.outputs:
                data = output.get("data", {})
                if "image/png" in data:
                    data["image/png"] = _small(data["image/png"])
    return notebook


def _small(picture: str) -> str:
    """A PNG in base64 with a palette of few colours, which plots are well shown with; a third of the size."""
    stream = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        flat = image if image.mode == "P" else image.convert("RGB").quantize(_COLOURS)
        flat.save(stream, "PNG", optimize=True)
    return base64.b64encode(stream.getvalue()).decode("ascii")


def _joined(outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
    """The outputs with what was printed in a row in one piece, however the kernel cut it."""
    joined: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream" and joined and joined[-1].output_type == "stream":
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def differences(stored: NotebookNode, fresh: NotebookNode) -> list[str]:
    """What the outputs say differently: one message a cell.

    Texts must be the same, their numbers nearly so; of pictures only that they are there.
    """
    messages = []
    for place, (old, new) in enumerate(zip(stored.cells, fresh.cells, strict=True)):
        for before, now in _said(old, new):
            if not alike(before, now):
                messages.append(f"cell {place}:\n  stored: {_short(before)}\n  fresh:  {_short(now)}")
                break
    return messages


def alike(before: str, now: str) -> bool:
    """Whether two outputs say the same, with numbers up to 2% or 0.02 apart.

    >>> alike("score 99.98, spun", "score 99.97, spun"), alike("score 99.98, spun", "score 9.99, spun")
    (True, False)
    """
    skeletons = [_RULES.sub(" ", _NUMBER.sub("#", text)) for text in (before, now)]
    numbers = [[float(found) for found in _NUMBER.findall(text)] for text in (before, now)]
    return skeletons[0] == skeletons[1] and all(
        isclose(one, other, rel_tol=0.02, abs_tol=0.02) for one, other in zip(*numbers, strict=True)
    )


def _said(old: NotebookNode, new: NotebookNode) -> Iterator[tuple[str, str]]:
    """Pairs of what a cell's outputs said and say."""
    if old.cell_type != "code":
        return
    yield from zip(_texts(old), _texts(new), strict=False)
    yield f"{len(_texts(old))} outputs", f"{len(_texts(new))} outputs"


def _texts(cell: NotebookNode) -> list[str]:
    """What a code cell's outputs say; a picture says which kind it is."""
    said = []
    for output in cell.outputs:
        if output.output_type == "stream":
            said.append(output.text)
            continue
        data: dict[str, Any] = output.get("data", {})
        said.append(" ".join(sorted(data)))
        said += [data["text/plain"]] if "text/plain" in data else []
        said += [html.unescape(_MARKUP.sub(" ", data["text/html"]))] if "text/html" in data else []
    return said


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 300 else f"{line[:300]}…"


def _store(path: Path, notebook: NotebookNode) -> None:
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def main() -> int:
    """Run all notebooks; store their outputs, or with ``--check`` compare them."""
    parser = argparse.ArgumentParser(description="Run the notebooks and store what they show.")
    parser.add_argument("--check", action="store_true", help="store nothing; exit with 1 where stored texts differ")
    check = parser.parse_args().check
    failed = False
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for path, fresh in zip(notebooks(), pool.map(executed, notebooks()), strict=True):
            found = differences(nbformat.read(path, as_version=4), fresh)
            print(f"{path.name}: {'changed' if found else 'as stored'}")
            if check:
                print("\n".join(found), file=sys.stderr)
                failed |= bool(found)
            else:
                _store(path, fresh)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""Whether the same input gives the same bytes: on several interpreters, for several hash seeds and numbers of jobs.

    python benchmarks/determinism.py [PYTHON ...]

Each PYTHON is an interpreter that has spindetect's dependencies, in the same versions as the others; without
any, this one is asked. Compared are JSON, CSV, the terminal's view, the HTML report and a scan of the example
articles as text, page and Markdown, and of a text with characters from all over Unicode. Exit code 1 when two
differ.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
NAMES = ("harbor", "battery", "heatwave")
RUNS = (("0", 1), ("1", 2), ("random", 3))  # hash seeds with numbers of jobs
_LAST = 0x32400  # no character is assigned between here and the tags
_LARGE = ((0x3400, 0xA000), (0xAC00, 0xE000), (0x17000, 0x18D00), (0x20000, _LAST))  # blocks to sample
_SAMPLED = 61
_WORD, _SENTENCE = 7, 20


def characters() -> str:
    """Words of seven characters through all of Unicode's blocks, the largest ones sampled."""
    codes = [
        code
        for code in range(0x20, _LAST)
        if code % _SAMPLED == 0 or not any(first <= code < last for first, last in _LARGE)
    ]
    shown = [chr(code) for code in codes if not 0xD800 <= code < 0xE000]
    words = ["".join(shown[at : at + _WORD]) for at in range(0, len(shown), _WORD)]
    return "\n".join(" ".join(words[at : at + _SENTENCE]) + "." for at in range(0, len(words), _SENTENCE))


def made_inputs(folder: Path) -> None:
    """Write the articles that aren't examples of ours."""
    (folder / "characters.txt").write_text(characters(), "utf-8", newline="")
    (folder / "turned.txt").write_text(characters().replace("a", "b"), "utf-8", newline="")
    for name in NAMES:
        text = (DATA / name / "spun.txt").read_text("utf-8")
        paragraphs = "".join(f"<p>{part}</p>\n" for part in text.split("\n\n"))
        (folder / f"{name}.html").write_text(f"<html><body><h1>{name}</h1>{paragraphs}</body></html>", "utf-8")
        (folder / f"{name}.md").write_text(f"# {name}\n\n[{name}](x)\n\n**{text}**\n", "utf-8")


def outputs(folder: Path, jobs: int) -> Iterator[tuple[str, bytes]]:
    """Everything that is made of the inputs, by name."""
    from spindetect import Archive, Detector
    from spindetect.report.html.page import report_page
    from spindetect.report.tables import FORMATS, as_text
    from spindetect.report.terminal import render
    from spindetect.scan import scan

    originals = {name: DATA / name / "original.txt" for name in NAMES}
    pairs = [(DATA / name / "spun.txt", original) for name, original in originals.items()]
    pairs += [
        (folder / f"{name}{end}", original) for name, original in originals.items() for end in (".md", ".html")
    ]
    pairs.append((folder / "turned.txt", folder / "characters.txt"))
    found = list(Detector.load().compare_many(pairs, jobs=jobs))
    for form in FORMATS:
        yield form, "".join(as_text(found, form, show_reference=True)).encode()
    yield "terminal", "".join(render(one, 120, True) for one in found).encode()
    yield "HTML", "".join(map(report_page, found)).encode()
    with tempfile.TemporaryDirectory() as place:
        with Archive.create(Path(place) / "archive") as archive:
            archive.add({"id": name, "text": path.read_text("utf-8")} for name, path in originals.items())
        out = Path(place) / "rows.jsonl"
        scan(folder, out, [Path(place) / "archive"], jobs=jobs)
        yield "scan", out.read_bytes()


def digests(python: str, folder: Path, seed: str, jobs: int) -> dict[str, str]:
    """SHA-256 of everything that one interpreter makes with this hash seed, on so many processes."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    command = [python, __file__, "--digests", str(folder), str(jobs)]
    made = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
    return dict(json.loads(made))


def main(pythons: list[str]) -> int:
    """Print a line for each output and how many different ones there were; 1 if that is ever more than one."""
    made: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as place:
        made_inputs(Path(place))
        for python in pythons:
            version = subprocess.run([python, "-V"], capture_output=True, text=True, check=True).stdout.strip()
            for seed, jobs in RUNS:
                for name, digest in digests(python, Path(place), seed, jobs).items():
                    made.setdefault(name, {})[f"{version}, seed {seed}, {jobs} jobs"] = digest
    for name, found in made.items():
        different = len(set(found.values()))
        print(f"{name:12} {len(found)} runs, {different} different")
        if different > 1:
            print("".join(f"    {digest}  {run}\n" for run, digest in found.items()), end="")
    return int(any(len(set(found.values())) > 1 for found in made.values()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--digests"]:
        contents = outputs(Path(sys.argv[2]), int(sys.argv[3]))
        print(json.dumps({name: hashlib.sha256(content).hexdigest()[:12] for name, content in contents}))
    else:
        sys.exit(main(sys.argv[1:] or [sys.executable]))

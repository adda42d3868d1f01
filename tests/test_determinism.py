"""The same input gives the same bytes, whatever happens to be the hash seed or the number of jobs; what may
change a score changes the signature.

``benchmarks/determinism.py`` compares interpreters.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from functools import cache
from pathlib import Path

import pytest
import spacy

import spindetect
from spindetect import Archive, Detector
from spindetect.ignoring import ignoring
from spindetect.read.article import article_from_text
from spindetect.report.inert import inert, inert_json
from spindetect.retrieve.searching import Search
from spindetect.settings import Settings
from spindetect.signature import code_digest, code_signature
from spindetect.unicode import NEWER, known_everywhere, printable

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
SUSPECTS = [
    str(DATA / name / file) for name in ("harbor", "battery", "heatwave") for file in ("spun.txt", "original.txt")
]
REFERENCES = [f"--reference={DATA / name / 'original.txt'}" for name in ("harbor", "battery")]


def run(*arguments: str, seed: str = "0") -> bytes:
    """What the command writes to standard output in a process with this hash seed."""
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-m", "spindetect", *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True).stdout


@cache
def scored(seed: str, jobs: str) -> bytes:
    return run("score", *SUSPECTS, *REFERENCES, "--format", "json", "--jobs", jobs, seed=seed)


@pytest.mark.parametrize(("seed", "jobs"), [("1", "1"), ("77", "2"), ("random", "3")])
@pytest.mark.slow
def test_scores_are_the_same_bytes_for_any_hash_seed_and_number_of_jobs(seed: str, jobs: str) -> None:
    assert scored(seed, jobs) == scored("0", "1")


@pytest.mark.parametrize("output", [("report", "--output", "-"), ("compare",), ("compare", "--format", "json")])
@pytest.mark.slow
def test_views_are_the_same_bytes_for_any_hash_seed(output: tuple[str, ...]) -> None:
    made = {run(output[0], *SUSPECTS[:2], *output[1:], seed=seed) for seed in ("0", "4242", "random")}
    assert len(made) == 1 and made.pop()


@pytest.mark.slow
def test_scans_are_the_same_bytes_for_any_hash_seed_and_number_of_jobs(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "archive") as archive:
        archive.add(
            {"id": name, "text": (DATA / name / "original.txt").read_text("utf-8"), "published": "2025-11-13"}
            for name in ("harbor", "battery", "heatwave")
        )
    rows = set()
    for seed, jobs in (("0", "1"), ("9", "2")):
        out = tmp_path / f"{seed}.jsonl"
        run("scan", str(DATA), "--archive", str(tmp_path / "archive"), "--out", str(out), "--jobs", jobs, seed=seed)
        rows.add(out.read_bytes())
    assert len(rows) == 1 and rows.pop()


# --- characters that only newer Pythons know ------------------------------------


def test_the_list_has_every_character_that_came_after_the_oldest_python_supported() -> None:
    newer = re.compile(f"[{NEWER}]")
    listed = {code for code in range(0x110000) if newer.match(chr(code))}
    known = {code for code in listed if unicodedata.category(chr(code)) != "Cn"}
    expected = {(3, 11): 5, (3, 12): 5 + 4_489, (3, 13): len(listed)}  # five became lower-case letters meanwhile
    assert len(listed) == 5 + 5_116
    assert len(known) == expected.get(sys.version_info[:2], len(listed))


def test_a_character_that_some_pythons_do_not_know_is_none_that_prints_or_spells_a_word() -> None:
    new = "\U0001fae8"  # an emoji of Unicode 15
    assert not printable(new) and printable("é 中 😀")
    assert inert(f"a{new}") == "a<U+1FAE8>"
    assert inert_json(f'"{new}"') == '"\\ud83e\\udee8"'
    assert known_everywhere(f"a{new}b\ud83dc") == "a\ufffdb\ufffdc"
    document = Detector.load().document(article_from_text(f"It{new} rained."))
    assert document.article.text == f"It{new} rained."  # as read


# --- the signature --------------------------------------------------------------


@pytest.mark.parametrize("folder", ["read", "segment", "align", "classify", "score", "archive", "."])
def test_the_signature_changes_with_the_code_that_makes_scores(tmp_path: Path, folder: str) -> None:
    package = Path(spindetect.__file__).parent
    copy = shutil.copytree(package, tmp_path / "spindetect", ignore=shutil.ignore_patterns("*.pyc", "models"))
    assert f"+{code_digest(copy)}|" in code_signature()
    changed = next(
        path
        for path in sorted((copy / folder).glob("*.py" if folder == "." else "**/*.py"))
        if path.stat().st_size > 200
    )
    changed.write_bytes(changed.read_bytes() + b"\n")
    assert code_digest(copy) != code_digest(package)


def test_the_signature_changes_with_a_table_of_words(tmp_path: Path) -> None:
    package = Path(spindetect.__file__).parent
    copy = shutil.copytree(package, tmp_path / "spindetect", ignore=shutil.ignore_patterns("*.pyc", "models"))
    table = copy / "segment" / "english.toml"
    table.write_text(table.read_text("utf-8").replace("whatever ", ""), "utf-8")
    assert code_digest(copy) != code_digest(package)


def test_the_signature_does_not_change_with_views_nor_with_line_endings(tmp_path: Path) -> None:
    package = Path(spindetect.__file__).parent
    copy = shutil.copytree(package, tmp_path / "spindetect", ignore=shutil.ignore_patterns("*.pyc", "models"))
    with (copy / "report" / "tables.py").open("a") as stream:
        stream.write("# A remark.\n")
    for path in copy.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert code_digest(copy) == code_digest(package)


def test_the_signature_names_what_reads_and_cuts_the_text() -> None:
    assert f"|spacy:{spacy.__version__}|" in code_signature()
    assert {part.split(":")[0] for part in code_signature().split("|")} >= {
        "PyStemmer",
        "lxml",
        "numpy",
        "trafilatura",
    }


def test_each_setting_that_can_change_a_score_changes_the_signature() -> None:
    signatures = {
        settings.signature
        for settings in (Settings(), Settings(pipeline="x"), Settings(max_characters=9), Settings(max_words=9))
    }
    assert len(signatures) == 4


def test_what_is_searched_and_ignored_changes_the_signature(tmp_path: Path) -> None:
    detector = Detector.load()
    with Archive.create(tmp_path / "archive") as archive:
        archive.add([{"id": "1", "text": "It rained."}])
        made = [
            Search(detector, archive),
            Search(detector, archive, candidates=2),
            Search(detector, archive, thrifty=True),
            Search(detector, archive, ignore=["It rained."]),
        ]
        signatures = {search._signature for search in made}
    assert len(signatures) == 4 and all(one.startswith(detector.signature) for one in signatures)
    assert ignoring([article_from_text("a")]) != ignoring([article_from_text("b")])

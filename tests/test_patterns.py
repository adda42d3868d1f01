"""No regular expression of the package takes time that grows faster than the text it is given."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import patterns
import pytest
from patterns import Pattern, slowest

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="stops patterns by a timer of POSIX systems")


@pytest.mark.parametrize("source", [r"(?:a+)+b", r"\s*,\s*", r"<p [^>]*>", r"\d+\Z", r"(?:x|xy?)*z", r"\s+$"])
def test_a_pattern_whose_time_grows_with_the_square_or_faster_is_found(source: str) -> None:
    assert slowest(Pattern(source, re.IGNORECASE, "here")).grows


@pytest.mark.parametrize("source", [r"<[^<>]*>", r"(?<!\d)\d++\Z", r"\s+", r"\b[a-z]{1,40}\b", r"(?:ab){0,9}c"])
def test_a_pattern_whose_time_grows_with_the_text_is_let_pass(source: str) -> None:
    assert not slowest(Pattern(source, 0, "here")).grows


def test_a_pattern_that_is_only_matched_at_the_beginning_may_scan_once() -> None:
    assert not slowest(Pattern(r"\s*,", 0, "here", anchored=True)).grows


@pytest.mark.slow
def test_no_pattern_of_the_package_grows_and_none_is_left_out(tmp_path: Path) -> None:
    # In a process of its own, as what was compiled before can't be noted any more.
    found = tmp_path / "found.json"
    subprocess.run([sys.executable, patterns.__file__, "--output", found], check=True, capture_output=True)
    told = json.loads(found.read_text("utf-8"))
    assert told["patterns"] > 200
    assert not told["growing"] and not told["unreached"]

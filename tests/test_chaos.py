"""Scans and additions that are killed, stopped or out of space: `benchmarks/chaos.py` in short."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from chaos import Chaos

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")]


def test_nothing_is_lost_doubled_or_changed_by_kills_stops_a_full_disk_and_a_moving_clock(tmp_path: Path) -> None:
    chaos = Chaos(tmp_path, random.Random(5), articles=6)
    chaos.scan(["kill a worker", "full disk", "kill"])
    chaos.add(["kill", "clock", "stop"])
    assert chaos.wrong == []

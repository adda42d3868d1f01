"""The audit of dependencies: what it says of a service's answers, and that silence is no good news."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

PATH = Path(__file__).parents[1] / ".ci" / "audit.py"


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", PATH)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SOUND = {"name": "numpy", "version": "2.4.6", "vulns": []}
FLAWED = {"name": "lxml", "version": "4.0", "vulns": [{"id": "CVE-1", "fix_versions": ["4.6.3"]}]}
SKIPPED = {"name": "typer", "skip_reason": "not found"}


def test_a_known_vulnerability_fails_and_is_named(audit: ModuleType) -> None:
    code, lines = audit.told([SOUND, FLAWED, SKIPPED])
    assert code == 1 and lines[0] == "lxml 4.0: CVE-1, mended in 4.6.3"
    assert "2 packages audited, 1 known vulnerabilities." in lines and "typer" in lines[-1]


def test_nothing_known_is_fine(audit: ModuleType) -> None:
    assert audit.told([SOUND]) == (0, ["1 packages audited, 0 known vulnerabilities."])


@pytest.mark.parametrize("answer", [[], [SKIPPED, SKIPPED]])
def test_no_answer_is_told_apart_from_nothing_known(audit: ModuleType, answer: list[dict[str, str]]) -> None:
    code, [line] = audit.told(answer)
    assert code == 0 and line.startswith("NOT AUDITED")


@pytest.mark.parametrize("said", ["", "[]", '{"dependencies": null}', "Traceback"])
def test_a_service_that_fails_gives_no_answer(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=said))
    assert audit.asked("pypi") == []

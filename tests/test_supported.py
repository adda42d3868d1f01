"""What is promised of Pythons, systems and the development environment."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
# Modules and functions that only POSIX systems have.
POSIX_MODULES = {"crypt", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
POSIX_NAMES = {"fork", "forkpty", "getuid", "geteuid", "killpg", "mkfifo", "sched_getaffinity", "sysconf",
               "SIGALRM", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGUSR1", "alarm", "setitimer"}  # fmt: skip


def in_all_sources() -> list[tuple[str, ast.AST]]:
    """Every node of the package's syntax trees, with the file that it is from."""
    nodes: list[tuple[str, ast.AST]] = []
    for path in sorted((ROOT / "spindetect").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        nodes += [(name, node) for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    return nodes


def posix_only(node: ast.AST) -> str | None:
    """What a node uses that only POSIX systems have."""
    if isinstance(node, ast.Import):
        return next((alias.name for alias in node.names if alias.name in POSIX_MODULES), None)
    if isinstance(node, ast.ImportFrom):
        return node.module if node.module in POSIX_MODULES else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("os", "signal"):
        return node.attr if node.attr in POSIX_NAMES else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if re.match(r"/(?:dev|proc|tmp|etc)/", node.value) else None
    return None


# Used behind a look at the platform: with Windows's own means beside it, or as a limit that only Linux can set.
GUARDED = {
    ("spindetect/archive/lock.py", "fcntl"),
    ("spindetect/memory.py", "resource"),
    ("spindetect/memory.py", "/proc/self/statm"),
    ("spindetect/read/files.py", "/proc/self/fd/"),
}


def test_the_package_uses_nothing_that_only_posix_systems_have() -> None:
    found = [
        f"{file}:{node.lineno}: {used}"  # type: ignore[attr-defined]
        for file, node in in_all_sources()
        if (used := posix_only(node)) and (str(file), used) not in GUARDED
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    ["import fcntl", "from resource import getrusage", "os.fork()", "signal.SIGKILL", "open('/proc/self/stat')"],
)
def test_what_only_posix_systems_have_is_noticed(code: str) -> None:
    assert any(posix_only(node) for node in ast.walk(ast.parse(code)))


def test_the_oldest_python_is_the_first_that_is_named() -> None:
    named = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if ":: Python :: 3." in line]
    assert PROJECT["requires-python"] == f">={named[0]}"
    assert named == sorted(named, key=lambda version: int(version.partition(".")[2]))


def test_the_lock_has_a_fitting_version_of_everything_asked_for() -> None:
    lines = (ROOT / "requirements-dev.lock").read_text("utf-8").splitlines()
    locked = [Requirement(line) for line in lines if line and not line.startswith("#")]
    here = [one for one in locked if one.marker is None or one.marker.evaluate(dict(default_environment()))]
    versions = {name(one.name): next(iter(one.specifier)).version for one in here}
    wanted = [*map(Requirement, PROJECT["dependencies"]), *asked_by("dev")]
    unfit = [str(one) for one in wanted if not one.specifier.contains(versions.get(name(one.name), "0"))]
    assert unfit == [], "pyproject.toml asks for what the lock doesn't have; `make lock` adds it"


def asked_by(extra: str) -> list[Requirement]:
    """What an extra asks for, with what the project's other extras that it names ask for."""
    found = []
    for one in map(Requirement, PROJECT["optional-dependencies"][extra]):
        own = name(one.name) == PROJECT["name"]
        found += [deep for other in sorted(one.extras) for deep in asked_by(other)] if own else [one]
    return found


def name(written: str) -> str:
    """A package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", written).lower()

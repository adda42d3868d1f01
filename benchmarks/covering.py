"""Which tests run which lines, told by a mark before each statement: what ``mutants.py`` chooses tests by."""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib
import inspect
import json
import mmap
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from mutating import FOLDERS, ROOT, Mutant

_MOST_SECONDS = 8.0  # of the processor, for one mutant's tests on the code as it is
_RAN = "__ran__"  # what a module with marks calls the bytes where it leaves them
_KEPT = ROOT / "build" / "mutants"
_NOT_TAKING_PART = ("--ignore=tests/browser", "--ignore=tests/test_notebooks.py", "-m", "not ray and not slow")
PYTEST = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", "--hypothesis-profile=mutants",
          *_NOT_TAKING_PART)  # fmt: skip
# On a busy machine no test fails for its time, and properties are tried on the same examples each time.
settings.register_profile(
    "mutants", deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def forked(work: Any, *arguments: object) -> int:
    """Do work in a process and a process group of its own; its exit status is what the work gives."""
    if pid := os.fork():
        return pid
    os.setsid()
    status = 3
    try:
        status = int(work(*arguments) or 0)
    except SystemExit as error:
        status = int(error.code or 0)
    finally:
        sys.stdout.flush()
        os._exit(status)


class Loader(SourceFileLoader):
    """Gives modules other code than their files hold, and is found before their own loaders."""

    def __init__(self, codes: Mapping[str, CodeType], ran: mmap.mmap | None = None) -> None:
        self._codes, self._ran = codes, ran

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The module's spec, if it is one of them."""
        if name not in self._codes:
            return None
        return spec_from_file_location(name, self._codes[name].co_filename, loader=self)

    def get_filename(self, name: str | None = None) -> str:
        """The file that the module is of."""
        return self._codes[str(name)].co_filename

    def get_code(self, fullname: str) -> CodeType:
        """The module's other code."""
        return self._codes[fullname]

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code, which may leave marks."""
        vars(module)[_RAN] = self._ran
        super().exec_module(module)


def module_of(file: str) -> str:
    """A module's dotted name."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class _Marking(ast.NodeTransformer):
    """Puts a mark before each statement of a function, and before what a lambda gives."""

    def __init__(self, file: str, places: list[tuple[str, int]]) -> None:
        self.file, self.places = file, places
        self.depth = 0

    def _number(self, line: int) -> int:
        self.places.append((self.file, line))
        return len(self.places) - 1

    def visit(self, node: ast.AST) -> ast.AST:
        function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        self.depth += function
        self.generic_visit(node)
        if isinstance(node, ast.Lambda):
            mark = ast.parse(f"{_RAN}.__setitem__({self._number(node.lineno)}, 1)", mode="eval").body
            node.body = ast.BoolOp(ast.Or(), [mark, node.body])
        for name in ("body", "orelse", "finalbody") if self.depth else ():
            if isinstance(block := getattr(node, name, None), list):
                marks = [ast.parse(f"{_RAN}[{self._number(one.lineno)}] = 1").body[0] for one in block]
                setattr(node, name, [part for pair in zip(marks, block, strict=True) for part in pair])
        self.depth -= function
        return node


def marked() -> tuple[dict[str, CodeType], list[tuple[str, int]]]:
    """The code of every module in the folders with marks, and the file and line of each mark."""
    codes, places = {}, list[tuple[str, int]]()
    for path in sorted(path for one in FOLDERS for path in (ROOT / "spindetect" / one).rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        tree = _Marking(file, places).visit(ast.parse(path.read_text("utf-8")))
        codes[module_of(file)] = compile(ast.fix_missing_locations(tree), str(path), "exec")
    return codes, places


class _Watching:
    """A plugin of pytest that writes down which marks each test ran over and how long it took, file by file.

    A test also covers what a fixture or a cache of the tests made for an earlier one, if it takes it from there.
    """

    def __init__(self, ran: mmap.mmap, outputs: Mapping[str, Path]) -> None:
        self.ran, self.outputs = ran, outputs
        self.marks: dict[str, str] = {}
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self.fixtures: dict[object, bytes] = {}

    def taken(self) -> bytes:
        """The marks since the last time, which are wiped."""
        marks = self.ran[:]
        self.ran[:] = bytes(len(marks))
        return marks

    def add(self, marks: bytes) -> None:
        """Lay marks over those that are there."""
        size = len(self.ran)
        both = int.from_bytes(self.ran[:], "big") | int.from_bytes(marks, "big")
        self.ran[:] = both.to_bytes(size, "big")

    def cache(self, usual: Any, function: Any = None, **options: Any) -> Any:
        """What functools caches with; a function of the tests, asked again, lays the marks of the first time."""
        if function is None:
            return functools.partial(self.cache, usual, **options)
        if not getattr(function, "__code__", marked.__code__).co_filename.startswith(str(ROOT / "tests")):
            return usual(**options)(function) if options else usual(function)
        kept: dict[object, tuple[Any, bytes]] = {}

        @functools.wraps(function)
        def ask(*arguments: Any, **named: Any) -> Any:
            key = (*arguments, *sorted(named.items()))
            if key in kept:
                self.add(kept[key][1])
            else:
                before = self.taken()
                kept[key] = function(*arguments, **named), self.ran[:]
                self.add(before)
            return kept[key][0]

        ask.cache_clear = kept.clear  # type: ignore[attr-defined]
        return ask

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Any:
        before = self.taken()
        try:
            return (yield)
        finally:
            self.fixtures[fixturedef] = self.ran[:]
            self.add(before)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> Any:
        self.taken()
        start = sum(os.times()[:4])
        result = yield
        self.seconds[item.nodeid] = sum(os.times()[:4]) - start
        for definitions in item._fixtureinfo.name2fixturedefs.values():
            self.add(self.fixtures.get(definitions[-1], b""))
        self.marks[item.nodeid] = np.packbits(np.frombuffer(self.taken(), "u1")).tobytes().hex()
        file = item.nodeid.partition("::")[0]
        if nextitem is None or nextitem.nodeid.partition("::")[0] != file:
            libraries = sorted({name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names)
            tests = {name: [self.seconds[name], marks] for name, marks in self.marks.items()}
            for name in self.failed:
                del tests[name]
            self.outputs[file].write_text(json.dumps({"libraries": libraries, "tests": tests}), "utf-8")
            self.marks, self.failed = {}, set()
        return result

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            print(f"{report.nodeid} fails on the code as it is, and is left out", file=sys.stderr)
            self.failed.add(report.nodeid)


def _watch(files: Mapping[str, Path]) -> None:
    """Run test files and write down what each covers; in a process of its own."""
    codes, places = marked()
    ran = mmap.mmap(-1, len(places))  # shared with the processes that tests fork
    sys.meta_path.insert(0, Loader(codes, ran))
    watching = _Watching(ran, files)
    functools.cache = functools.partial(watching.cache, functools.cache)  # type: ignore[assignment]
    functools.lru_cache = functools.partial(watching.cache, functools.lru_cache)  # type: ignore[assignment]
    pytest.main([*PYTEST, *files], plugins=[watching])


@dataclass(frozen=True, slots=True)
class Covered:
    """For each file and line the tests that run it, how long each test takes, and the libraries they import.

    ``on_import`` are the files and lines of functions that run while modules are imported.
    """

    tests: Mapping[str, Mapping[int, Sequence[str]]]
    seconds: Mapping[str, float]
    libraries: Sequence[str]
    on_import: Set[tuple[str, int]]

    def chosen(self, mutant: Mutant, noticed: Mapping[str, int]) -> list[str]:
        """The tests of a mutant, which are those that run its line.

        What runs on import has those that run any line of the file, and all of the files of tests that import it,
        as tables are looked up there. If they take too long, those are left out that noticed least in their time,
        of the others the slowest; of those of a file, the ones that run few of its lines. They are in order by
        that, file by file, as each file makes things of its own.
        """
        lines = self.tests.get(mutant.file, {})
        found = Counter(lines.get(mutant.statement, ()))
        if not mutant.statement or (not found and (mutant.file, mutant.statement) in self.on_import):
            found = Counter(name for tests in lines.values() for name in tests)
            own = _importing(module_of(mutant.file))
            found.update(name for name in self.seconds if name.partition("::")[0] in own)
        files: dict[str, list[str]] = defaultdict(list)
        total = 0.0
        for name in sorted(found, key=lambda name: (self.seconds[name] / (1 + noticed[name]) / found[name], name)):
            total += self.seconds[name]
            if files and total > _MOST_SECONDS:
                break
            files[name.partition("::")[0]].append(name)

        def cost(some: Sequence[str]) -> float:
            return sum(self.seconds[name] for name in some) / (1 + sum(noticed[name] for name in some))

        return [name for some in sorted(files.values(), key=cost) for name in some]


@functools.cache
def _importing(module: str) -> frozenset[str]:
    """The files of tests that import a module of the package."""
    folder, _, name = module.rpartition(".")
    found = set()
    for path in (ROOT / "tests").glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = {one.name for one in node.names} if isinstance(node, ast.ImportFrom) else set()
            if named and (node.module == module or (node.module == folder and name in named)):
                found.add(path.relative_to(ROOT).as_posix())
    return frozenset(found)


def _import(ran: mmap.mmap) -> None:
    """Import all modules in the folders, and leave their marks."""
    codes, _ = marked()
    sys.meta_path.insert(0, Loader(codes, ran))
    for name in codes:
        importlib.import_module(name)


def _kept(file: Path) -> Path:
    """Where it is kept what a file of tests covers: a name made of all that it may hang on."""
    tests = [path for path in (ROOT / "tests").rglob("*.py") if not path.name.startswith("test_")]
    models = [path for path in (ROOT / "models").rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for part in (_Marking, _Watching):
        digest.update(inspect.getsource(part).encode())
    for path in sorted([file, *tests, *models, *(ROOT / "spindetect").rglob("*.py")]):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return _KEPT / f"{file.stem}-{digest.hexdigest()[:16]}.json"


def cover(files: Sequence[Path], jobs: int) -> Covered:
    """What files of tests cover, by running those once that have changed, in as many processes as asked for."""
    kept = {path.relative_to(ROOT).as_posix(): _kept(path) for path in files}
    _KEPT.mkdir(parents=True, exist_ok=True)
    changed = [file for file, path in kept.items() if not path.exists()]
    shares = [changed[number::jobs] for number in range(jobs)]
    for pid in [forked(_watch, {file: kept[file] for file in share}) for share in shares if share]:
        os.waitpid(pid, 0)
    _, places = marked()
    ran = mmap.mmap(-1, len(places))
    os.waitpid(forked(_import, ran), 0)
    on_import = {place for place, mark in zip(places, ran[:], strict=True) if mark}
    tests: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    seconds: dict[str, float] = {}
    libraries: set[str] = set()
    for path in kept.values():
        if not path.exists():  # none of its tests takes part
            path.write_text(json.dumps({"libraries": [], "tests": {}}), "utf-8")
        record = json.loads(path.read_text("utf-8"))
        libraries |= set(record["libraries"])
        for name, (spent, marks) in record["tests"].items():
            seconds[name] = spent
            for place in np.flatnonzero(np.unpackbits(np.frombuffer(bytes.fromhex(marks), "u1"))):
                file, line = places[place]
                tests[file][line].append(name)
    own = {"spindetect", "__main__", *(path.stem for path in (ROOT / "tests").glob("*.py"))}
    own |= {path.stem for path in Path(__file__).parent.glob("*.py")}
    return Covered(tests, seconds, sorted(libraries - own), on_import)

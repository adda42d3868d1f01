"""Break the code in a random sample of places, one at a time, and count how often a test notices.

    python benchmarks/mutants.py [--count 400] [--seed 0] [--jobs 2] [--folders align classify score retrieve]
                                 [--tests NAME...] [--output benchmarks/results/mutants.json]

A mutant is the package with one operator, comparison, constant, condition, returned value or slice changed, or one
statement removed. Strings, messages, annotations and decorators stay as they are: no behaviour worth a test
hangs on them. Each mutant meets the tests that cover its line, those first that noticed others, until one fails or
they take too long. Tests of browsers, clusters and notebooks and those marked ``slow`` don't take part. POSIX only.

What the tests cover is told by marks put before each statement, which cost far less than a tracer. It is kept in
build/mutants for each file of tests until that file, the package, a model or a module that tests share changes.

Most mutants take but the time of their tests: a process that has collected them all and loaded the model forks, and
puts other code into one function. What runs while modules are imported or the model is loaded is tried from the
start, with the package imported anew. Some places are tried with the code as it is first, as a test that fails
there would notice every mutant.
"""

from __future__ import annotations

import argparse
import ast
import copy
import functools
import gc
import hashlib
import importlib
import inspect
import json
import math
import mmap
import os
import random
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("align", "classify", "score", "retrieve")
_MOST_SECONDS = 8.0  # of the processor, for one mutant's tests on the code as it is
# A mutant may take so many times as long, and so many seconds at least, of the processor.
_SLACK, _LEAST = 5.0, 20.0
_STUCK = 10.0  # times these by the clock, as other work may slow it down
_CONTROLS = 2
_NO_TESTS = 5  # pytest's exit status
_WIDTH = 70
_RAN = "__ran__"  # what a module with marks calls the bytes where it leaves them
_KEPT = ROOT / "build" / "mutants"
_NOT_TAKING_PART = ("--ignore=tests/browser", "--ignore=tests/test_notebooks.py", "-m", "not ray and not slow")
_PYTEST = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", *_NOT_TAKING_PART)

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one node: the ``place``-th of the file's tree, in one of the ways there are.

    ``statement`` is the line where the statement begins that holds it, or 0 if it runs on import.
    """

    file: str
    line: int
    statement: int
    place: int
    variant: int
    before: str
    after: str


# --- what can be changed ----------------------------------------------------------------------------


def variants(node: ast.AST) -> list[ast.AST]:
    """All that stands for a node in a mutant."""
    found: list[ast.AST] = []
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in _COMPARISONS[type(operator)]:
                found.append(_changed(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]]))
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _OPERATORS and not _of_types(node):
        found.append(_changed(node, op=_OPERATORS[type(node.op)]()))
        if isinstance(node, ast.AugAssign):
            found.append(ast.Pass())
    elif isinstance(node, ast.BoolOp):
        found.append(_changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And()))
        found += [node.values[0], node.values[-1]]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        found.append(node.operand)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        found += [ast.Constant(value) for value in _other_values(node.value)]
    elif isinstance(node, ast.If):
        found.append(_changed(node, test=ast.UnaryOp(ast.Not(), node.test)))
    elif isinstance(node, ast.IfExp):
        found.append(_changed(node, body=node.orelse, orelse=node.body))
    elif isinstance(node, ast.Return) and not (node.value is None or isinstance(node.value, ast.Constant)):
        found.append(_changed(node, value=ast.Constant(None)))
    elif isinstance(node, ast.Slice):
        one = ast.Constant(1)
        lower = ast.BinOp(node.lower, ast.Add(), one) if node.lower else one
        found.append(_changed(node, lower=lower))
        if node.upper:
            found.append(_changed(node, upper=ast.BinOp(node.upper, ast.Sub(), one)))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
        found.append(_changed(node, func=ast.Name(_CALLS[node.func.id], ast.Load())))
    elif (
        isinstance(node, ast.Continue | ast.Break)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Yield))
        or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute | ast.Subscript))
    ):
        found.append(ast.Pass())
    return found


def _changed(node: ast.AST, **fields: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _of_types(node: ast.BinOp | ast.AugAssign) -> bool:
    """Whether a ``|`` makes a type of two, as in an alias, or a ``%`` or ``+`` makes a string."""
    sides = [node.target, node.value] if isinstance(node, ast.AugAssign) else [node.left, node.right]
    if any(isinstance(side, ast.JoinedStr) or isinstance(getattr(side, "value", 0), str) for side in sides):
        return True
    return isinstance(node.op, ast.BitOr) and any(
        isinstance(side, ast.Constant | ast.Subscript) or (isinstance(side, ast.Name) and side.id[0].isupper())
        for side in sides
    )


def _other_values(value: bool | float) -> list[bool | float]:
    if isinstance(value, bool):
        return [not value]
    return [value + 1, value - 1] if isinstance(value, int) else [value * 2 if value else 1.0, value / 2 - 0.25]


def nodes(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """The parent, field and place in it of every node that may be changed, and the node, in a fixed order."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "bases"):
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not _is_exempt(child):
                yield tree, name, place, child
                yield from nodes(child)


def _is_exempt(node: ast.AST) -> bool:
    """Whether nothing inside a node changes what the program does, messages apart."""
    if isinstance(node, ast.Raise | ast.Assert | ast.Import | ast.ImportFrom | ast.JoinedStr):
        return True
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name):
        return node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id in ("__all__", "__slots__")
    return False


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Every mutant of a file."""
    name = file.relative_to(ROOT).as_posix()
    tree = ast.parse(file.read_text("utf-8"))
    statements = {id(node): 0 for node in ast.walk(tree)}
    for function in ast.walk(tree):
        for part in function.body if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) else ():
            for node in ast.walk(part):
                if isinstance(node, ast.stmt):
                    statements |= dict.fromkeys(map(id, ast.walk(node)), node.lineno)
        if isinstance(function, ast.Lambda):
            inner = {id(node): function.lineno for node in ast.walk(function.body) if not statements[id(node)]}
            statements |= inner
    line = 1
    for place, (_, _, _, node) in enumerate(nodes(tree)):
        line = getattr(node, "lineno", line)
        for variant, other in enumerate(variants(node)):
            before, after = (_shown(one) for one in (node, other))
            if before != after:
                yield Mutant(name, line, statements[id(node)], place, variant, before, after)


def _shown(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split("\n")[0]
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def mutated(mutant: Mutant) -> CodeType:
    """The code of a mutant's module."""
    path = ROOT / mutant.file
    tree = ast.parse(path.read_text("utf-8"))
    for number, (parent, field, place, node) in enumerate(nodes(tree)):
        if number == mutant.place:
            other = ast.copy_location(copy.deepcopy(variants(node)[mutant.variant]), node)
            if place is None:
                setattr(parent, field, other)
            else:
                getattr(parent, field)[place] = other
            break
    return compile(ast.fix_missing_locations(tree), str(path), "exec")


# --- which tests cover what --------------------------------------------------------------------------


class _Loader(SourceFileLoader):
    """Gives modules other code than their files hold, and is found before their own loaders."""

    def __init__(self, codes: Mapping[str, CodeType], ran: mmap.mmap | None = None) -> None:
        self._codes, self._ran = codes, ran

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name not in self._codes:
            return None
        return spec_from_file_location(name, self._codes[name].co_filename, loader=self)

    def get_filename(self, name: str | None = None) -> str:
        return self._codes[str(name)].co_filename

    def get_code(self, fullname: str) -> CodeType:
        return self._codes[fullname]

    def exec_module(self, module: ModuleType) -> None:
        vars(module)[_RAN] = self._ran
        super().exec_module(module)


def _module(file: str) -> str:
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


def _marked() -> tuple[dict[str, CodeType], list[tuple[str, int]]]:
    """The code of every module in the folders with marks, and the file and line of each mark."""
    codes, places = {}, list[tuple[str, int]]()
    for path in sorted(path for one in FOLDERS for path in (ROOT / "spindetect" / one).rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        tree = _Marking(file, places).visit(ast.parse(path.read_text("utf-8")))
        codes[_module(file)] = compile(ast.fix_missing_locations(tree), str(path), "exec")
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
        if not getattr(function, "__code__", _marked.__code__).co_filename.startswith(str(ROOT / "tests")):
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
    codes, places = _marked()
    ran = mmap.mmap(-1, len(places))  # shared with the processes that tests fork
    sys.meta_path.insert(0, _Loader(codes, ran))
    watching = _Watching(ran, files)
    functools.cache = functools.partial(watching.cache, functools.cache)  # type: ignore[assignment]
    functools.lru_cache = functools.partial(watching.cache, functools.lru_cache)  # type: ignore[assignment]
    pytest.main([*_PYTEST, *files], plugins=[watching])


@dataclass(frozen=True, slots=True)
class Covered:
    """For each file and line the tests that run it, how long each test takes, and the libraries they import."""

    tests: Mapping[str, Mapping[int, Sequence[str]]]
    seconds: Mapping[str, float]
    libraries: Sequence[str]

    def chosen(self, mutant: Mutant, noticed: Mapping[str, int]) -> list[str]:
        """The tests of a mutant; for a line that runs on import, those that run any line of the file.

        If they take too long, those are left out that noticed least in their time, of the others the slowest. They
        are in order by that, file by file, as each file makes things of its own.
        """
        lines = self.tests.get(mutant.file, {})
        if mutant.statement:
            names = set(lines.get(mutant.statement, ()))
        else:
            names = {name for tests in lines.values() for name in tests}
        files: dict[str, list[str]] = defaultdict(list)
        total = 0.0
        for name in sorted(names, key=lambda name: (self.seconds[name] / (1 + noticed[name]), name)):
            total += self.seconds[name]
            if files and total > _MOST_SECONDS:
                break
            files[name.partition("::")[0]].append(name)

        def cost(some: Sequence[str]) -> float:
            return sum(self.seconds[name] for name in some) / (1 + sum(noticed[name] for name in some))

        return [name for some in sorted(files.values(), key=cost) for name in some]


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
    for pid in [_forked(_watch, {file: kept[file] for file in share}) for share in shares if share]:
        os.waitpid(pid, 0)
    _, places = _marked()
    tests: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    seconds: dict[str, float] = {}
    libraries: set[str] = set()
    for path in kept.values():
        record = json.loads(path.read_text("utf-8"))
        libraries |= set(record["libraries"])
        for name, (spent, marks) in record["tests"].items():
            seconds[name] = spent
            for place in np.flatnonzero(np.unpackbits(np.frombuffer(bytes.fromhex(marks), "u1"))):
                file, line = places[place]
                tests[file][line].append(name)
    own = {"spindetect", "__main__", *(path.stem for path in (ROOT / "tests").glob("*.py"))}
    own |= {path.stem for path in Path(__file__).parent.glob("*.py")}
    return Covered(tests, seconds, sorted(libraries - own))


# --- trying ------------------------------------------------------------------------------------------

Attempt = Callable[[Mutant, Sequence[str], memoryview], int]
"""Runs tests against a mutant, in a process of its own, and returns an exit status that is 0 if all passed.

The place of the test that runs stands in the memory given.
"""


def _forked(work: Any, *arguments: object) -> int:
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


def try_all(
    sample: Sequence[Mutant], covered: Covered, jobs: int, attempt: Attempt
) -> Iterator[tuple[Mutant, int, bool]]:
    """Each mutant with the number of tests that it met, and whether one of them noticed it.

    Files whose tests noticed others before come first, and in them those tests.
    """
    running: dict[int, tuple[Mutant, Sequence[str], int, float]] = {}
    waiting, slots = list(reversed(sample)), list(range(jobs))
    noticing = mmap.mmap(-1, 4 * jobs)  # the place of the test that a process is at
    noticed: Counter[str] = Counter()
    while waiting or running:
        while waiting and slots:
            mutant = waiting.pop()
            if names := covered.chosen(mutant, noticed):
                limit = max(_LEAST, _SLACK * sum(covered.seconds[name] for name in names))
                slot = slots.pop()
                noticing[4 * slot : 4 * slot + 4] = bytes(4)
                at = memoryview(noticing)[4 * slot : 4 * slot + 4].cast("i")
                pid = _forked(_bounded, attempt, mutant, names, at, math.ceil(limit))
                running[pid] = mutant, names, slot, time.monotonic() + _STUCK * limit
            else:
                yield mutant, 0, False
        for pid, (mutant, names, slot, until) in list(running.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if not done and time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
                done, status = os.waitpid(pid, 0)
            if done:
                del running[pid]
                slots.append(slot)
                with suppress(ProcessLookupError):  # what its tests started and hadn't stopped yet
                    os.killpg(pid, signal.SIGKILL)
                if failed := os.waitstatus_to_exitcode(status) not in (0, _NO_TESTS):
                    noticed[names[int.from_bytes(noticing[4 * slot : 4 * slot + 4], sys.byteorder)]] += 1
                yield mutant, len(names), failed
        time.sleep(0.01)


def _bounded(attempt: Attempt, mutant: Mutant, names: Sequence[str], at: memoryview, seconds: int) -> int:
    """Let an attempt take so many seconds of the processor, and write nowhere."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return attempt(mutant, names, at)


class _Choosing:
    """A plugin of pytest that runs some tests only, in the order given."""

    def __init__(self, names: Sequence[str], at: memoryview) -> None:
        self.order, self.at = {name: place for place, name in enumerate(names)}, at

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.at[0] = self.order[nodeid]

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = sorted(
            (one for one in items if one.nodeid in self.order), key=lambda one: self.order[one.nodeid]
        )


def _try_from_the_start(mutant: Mutant, names: Sequence[str], at: memoryview) -> int:
    """Import the mutant's module and all others anew."""
    sys.meta_path.insert(0, _Loader({_module(mutant.file): mutated(mutant)}))
    files = dict.fromkeys(name.partition("::")[0] for name in names)
    return int(pytest.main(["-x", *_PYTEST, *files], plugins=[_Choosing(names, at)]))


class _Serving:
    """A plugin of pytest that collects tests, and then runs them against one mutant after another.

    A mutant is the package as it was imported, with other code in one function. That isn't done where the function
    ran already, while modules were imported or the model was loaded, as what it made then would stay.
    """

    def __init__(self, sample: Sequence[Mutant], covered: Covered, jobs: int, tell: Any) -> None:
        self.sample, self.covered, self.jobs, self.tell = sample, covered, jobs, tell
        codes, self.places = _marked()
        self.ran = mmap.mmap(-1, len(self.places))
        self.marked = {module: list(_functions(code)) for module, code in codes.items()}
        sys.meta_path.insert(0, _Loader(codes, self.ran))
        self.items: dict[str, Any] = {}
        self.live: dict[tuple[str, int], list[FunctionType]] = defaultdict(list)
        self.failed = False

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.failed |= report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: Any) -> bool:
        from spindetect import Detector

        Detector.load()
        past = {place for place, ran in zip(self.places, self.ran[:], strict=True) if ran}
        self.items = {one.nodeid: one for one in session.items}
        self._unmark()
        at_hand = [one for one in self.sample if (one.file, one.statement) not in past and self._change(one)]
        gc.collect()
        gc.freeze()
        controls = at_hand[:_CONTROLS]
        for mutant, _, failed in try_all(controls, self.covered, self.jobs, self._control):
            if failed:
                self.tell(f"Tests of {mutant.file}:{mutant.line} fail on the code as it is, and notice nothing.")
                return True
        for mutant, count, noticed in try_all(at_hand, self.covered, self.jobs, self._try):
            self.tell([self.sample.index(mutant), count, noticed])
        return True

    def _unmark(self) -> None:
        """Find the functions by their code with marks, and give them the code without."""
        places = {code: (module, at) for module, found in self.marked.items() for at, code in enumerate(found)}
        plain = {
            module: list(_functions(_compiled(file)))
            for file, module in {(file, _module(file)) for file, _ in self.places}
        }
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and (place := places.get(one.__code__)):
                self.live[place].append(one)
                one.__code__ = plain[place[0]][place[1]]

    def _change(self, mutant: Mutant) -> tuple[list[FunctionType], CodeType] | None:
        """The functions that a mutant changes and their new code; None if it isn't in one function alone."""
        module = _module(mutant.file)
        before, after = (list(_functions(one)) for one in (_compiled(mutant.file), mutated(mutant)))
        places = [place for place, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]]
        if not mutant.statement or len(before) != len(after) or len(places) != 1:
            return None
        found, code = self.live[module, places[0]], after[places[0]]
        same = all(one.__code__.co_freevars == code.co_freevars for one in found)
        return (found, code) if found and same else None

    def _try(self, mutant: Mutant, names: Sequence[str], at: memoryview) -> int:
        functions, code = self._change(mutant) or ([], None)
        for function in functions:
            function.__code__ = code  # type: ignore[assignment]
        return self._control(mutant, names, at)

    def _control(self, _: Mutant, names: Sequence[str], at: memoryview) -> int:
        items = [(place, self.items[name]) for place, name in enumerate(names) if name in self.items]
        for (place, item), (_, following) in zip(items, [*items[1:], (0, None)], strict=True):
            at[0] = place
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return 1
        return 0 if items else _NO_TESTS


def _functions(code: CodeType) -> Iterator[CodeType]:
    """The code of a module's functions and of its classes' methods, without what is inside these."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if one.co_flags & inspect.CO_OPTIMIZED:
                yield one
            else:
                yield from _functions(one)


def _compiled(file: str) -> CodeType:
    """The code of a module as it is."""
    path = ROOT / file
    return compile(ast.parse(path.read_text("utf-8")), str(path), "exec")


def _serve(sample: Sequence[Mutant], covered: Covered, jobs: int, pipe: int) -> None:
    """Try the mutants that take one function only, and write each one's place, number of tests and outcome."""
    files = {name.partition("::")[0] for name in covered.seconds}
    with os.fdopen(pipe, "w", encoding="utf-8") as stream:
        plugin = _Serving(sample, covered, jobs, lambda record: print(json.dumps(record), file=stream, flush=True))
        pytest.main([*_PYTEST, *sorted(files)], plugins=[plugin])


def outcomes(sample: Sequence[Mutant], covered: Covered, jobs: int) -> Iterator[tuple[Mutant, int, bool]]:
    """What `try_all` gives, for each mutant in the faster way that will do."""
    reading, writing = os.pipe()
    server = _forked(_serve, sample, covered, jobs, writing)
    os.close(writing)
    left = dict(enumerate(sample))
    with os.fdopen(reading, encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            if isinstance(record, str):
                raise SystemExit(record)
            place, count, noticed = record
            yield left.pop(place), count, noticed
    os.waitpid(server, 0)
    for name in covered.libraries:
        with suppress(ImportError):  # a library's own part is imported with the library
            importlib.import_module(name)
    yield from try_all(list(left.values()), covered, jobs, _try_from_the_start)


def main() -> None:
    """Print the mutants that lived and the share that was noticed, by folder; write both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folders", nargs="+", default=FOLDERS)
    parser.add_argument("--tests", nargs="+", help="file names without test_ and .py; all if none is named")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT)]
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    start = time.monotonic()
    tests = [ROOT / "tests" / f"test_{name}.py" for name in options.tests or ()]
    covered = cover(tests or sorted((ROOT / "tests").glob("test_*.py")), options.jobs)
    print(f"{len(covered.seconds)} tests in {time.monotonic() - start:.0f} s", flush=True)
    files = sorted(path for one in options.folders for path in (ROOT / "spindetect" / one).rglob("*.py"))
    every = [mutant for file in files for mutant in mutants_of(file)]
    sample = random.Random(options.seed).sample(every, min(options.count, len(every)))
    folders = {folder: {"mutants": 0, "noticed": 0} for folder in options.folders}
    record: dict[str, Any] = {"seed": options.seed, "possible": len(every), "tests": options.tests or "all"}
    lived: list[dict[str, Any]] = []
    for mutant, count, noticed in outcomes(sample, covered, options.jobs):
        row = folders[mutant.file.split("/")[1]]
        row["mutants"] += 1
        row["noticed"] += noticed
        if not noticed:
            shown = {"file": mutant.file, "line": mutant.line, "before": mutant.before, "after": mutant.after}
            lived.append({**shown, "tests": count})
            print(f"{mutant.file}:{mutant.line} [{mutant.before} -> {mutant.after}] {count} tests", flush=True)
        tried, total = (sum(row[name] for row in folders.values()) for name in ("mutants", "noticed"))
        record |= {"mutants": tried, "noticed": total, "share": round(total / tried, 4), "folders": folders}
        record |= {"seconds": round(time.monotonic() - start)}
        record |= {"lived": sorted(lived, key=lambda one: (one["file"], one["line"]))}
        if options.output:  # as it goes, so that a run that is broken off has said something
            options.output.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    for folder, row in folders.items():
        print(f"{folder:10} {row['noticed']:4} of {row['mutants']:4} {row['noticed'] / max(1, row['mutants']):.3f}")
    print(
        f"{'all':10} {record['noticed']:4} of {record['mutants']:4} {record['share']:.3f} in {record['seconds']} s"
    )


if __name__ == "__main__":
    main()

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
import gc
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
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import suppress
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from covering import PYTEST, Covered, Loader, cover, forked, marked, module_of
from mutating import FOLDERS, ROOT, Mutant, mutants_of, mutated

# A mutant may take so many times as long, and so many seconds at least, of the processor.
_SLACK, _LEAST = 5.0, 20.0
_STUCK = 10.0  # times these by the clock, as other work may slow it down
_CONTROLS = 8
_NO_TESTS = 5  # pytest's exit status

Attempt = Callable[[Mutant, Sequence[str], memoryview], int]
"""Runs tests against a mutant, in a process of its own, and returns an exit status that is 0 if all passed.

The place of the test that runs stands in the memory given.
"""


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
                pid = forked(_bounded, attempt, mutant, names, at, math.ceil(limit))
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
    sys.meta_path.insert(0, Loader({module_of(mutant.file): mutated(mutant)}))
    files = dict.fromkeys(name.partition("::")[0] for name in names)
    return int(pytest.main(["-x", *PYTEST, *files], plugins=[_Choosing(names, at)]))


class _Serving:
    """A plugin of pytest that collects tests, and then runs them against one mutant after another.

    A mutant is the package as it was imported, with other code in one function. That isn't done where the function
    ran already, while modules were imported or the model was loaded, as what it made then would stay.
    """

    def __init__(self, sample: Sequence[Mutant], covered: Covered, jobs: int, tell: Any) -> None:
        self.sample, self.covered, self.jobs, self.tell = sample, covered, jobs, tell
        codes, self.places = marked()
        self.ran = mmap.mmap(-1, len(self.places))
        self.marked = {module: list(_functions(code)) for module, code in codes.items()}
        sys.meta_path.insert(0, Loader(codes, self.ran))
        self.items: dict[str, Any] = {}
        self.live: dict[tuple[str, int], list[FunctionType]] = defaultdict(list)
        self.changes: dict[Mutant, tuple[list[FunctionType], CodeType]] = {}
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
        self.changes = {one: change for one in self.sample if (change := self._change(one, past))}
        at_hand = list(self.changes)
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
            for file, module in {(file, module_of(file)) for file, _ in self.places}
        }
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and (place := places.get(one.__code__)):
                self.live[place].append(one)
                one.__code__ = plain[place[0]][place[1]]

    def _change(self, mutant: Mutant, past: Set[tuple[str, int]]) -> tuple[list[FunctionType], CodeType] | None:
        """The functions that a mutant changes and their new code.

        None if it isn't in one function alone, or if its line ran in the past, or what it is in was made then.
        """
        module = module_of(mutant.file)
        before, after = (list(_functions(one)) for one in (_compiled(mutant.file), mutated(mutant)))
        places = [place for place, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]]
        if not mutant.statement or len(before) != len(after) or len(places) != 1:
            return None
        old, found, code = before[places[0]], self.live[module, places[0]], after[places[0]]
        lines = {mutant.statement}
        if any(isinstance(one, CodeType) for one in old.co_consts):
            lines.update(line for *_, line in old.co_lines() if line)
        if any((mutant.file, line) in past for line in lines):
            return None
        same = all(one.__code__.co_freevars == code.co_freevars for one in found)
        return (found, code) if found and same else None

    def _try(self, mutant: Mutant, names: Sequence[str], at: memoryview) -> int:
        functions, code = self.changes[mutant]
        for function in functions:
            function.__code__ = code
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
        pytest.main([*PYTEST, *sorted(files)], plugins=[plugin])


def outcomes(sample: Sequence[Mutant], covered: Covered, jobs: int) -> Iterator[tuple[Mutant, int, bool]]:
    """What `try_all` gives, for each mutant in the faster way that will do."""
    reading, writing = os.pipe()
    server = forked(_serve, sample, covered, jobs, writing)
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

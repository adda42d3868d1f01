"""Check every regular expression of the package for time that grows faster than the text it is given.

    python benchmarks/patterns.py [--characters 8000] [--output FILE]

All patterns are collected, those made at run time as well: the package is imported and made to read a few
articles while `re` notes what it compiles. From each pattern, texts are made that are hard on it: what comes before
something that repeats, that something over and over, and an end that doesn't fit. A pattern that takes
more than seven times as long on such a text as on a quarter of it takes minutes on a page of a megabyte.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import spindetect

PACKAGE = Path(spindetect.__file__).parent
LIMIT = 0.0005  # seconds; most patterns take a third of that, one that is quadratic more
CHARACTERS = 4_000
# Four times the text takes four times as long where time is linear, sixteen times where it is quadratic.
_FACTOR, _TOO_FAST = 4, 7
# Patterns that are only tried on pieces of so many characters.
BOUNDS = {
    "read/boilerplate.py": 400,  # boilerplate.MAX_LINE
    "segment/tokens.py": 100,  # tokens._LONGEST_CHUNK
    "training/pairs/dataset.py": 400,  # sentences of corpora, which are chosen
    "training/spinners/replacement.py": 400,
}
_PAGE, _SECONDS = 100_000, 3.0  # what such a pattern may take on a page of as many characters, cut into pieces
_ENDS = ("", "\x00!")
_MANY = 64  # repetitions from which a repeat counts as unbounded
_LONGEST_PUMP = 200
_MOST = 0.1  # seconds after which a pattern is stopped
_ANYTHING = "aA0 _<>=-.\n\t\"'/;,é"
_SEARCHES = frozenset({"search", "sub", "subn", "finditer", "findall", "split"})


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, where it is compiled, and whether it is only tried at a text's beginning."""

    source: str | bytes
    flags: int
    where: str
    anchored: bool = False


# --- collecting -----------------------------------------------------------------


@contextmanager
def noted() -> Iterator[dict[tuple[str | bytes, int], str]]:
    """What the package's own code compiles meanwhile, and from which line."""
    found: dict[tuple[str | bytes, int], str] = {}
    original = re._compile  # type: ignore[attr-defined]

    def compiled(pattern: Any, flags: Any) -> Any:
        frame = sys._getframe(1)
        while frame.f_code.co_filename == re.__file__ and frame.f_back:
            frame = frame.f_back
        path = Path(frame.f_code.co_filename)
        if isinstance(pattern, str | bytes) and path.is_relative_to(PACKAGE):
            found.setdefault((pattern, int(flags)), f"{path.relative_to(PACKAGE)}:{frame.f_lineno}")
        return original(pattern, flags)

    re._compile = compiled  # type: ignore[attr-defined]
    try:
        yield found
    finally:
        re._compile = original  # type: ignore[attr-defined]


def collected() -> list[Pattern]:
    """All patterns of the package: those it compiles when imported and at work, and literals it hasn't come to."""
    with noted() as found:
        for module in pkgutil.walk_packages([str(PACKAGE)], "spindetect."):
            if not module.name.endswith("__main__") and ".migrations." not in module.name:
                importlib.import_module(module.name)
        _work()
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    places = set(found.values())
    anchored = _anchored(trees)
    patterns = [Pattern(*key, where, _constant(trees, where) in anchored) for key, where in found.items()]
    for path, tree in trees.items():
        for call in _calls(tree):
            where = f"{path.relative_to(PACKAGE)}:{call.lineno}"
            first = call.args[0] if call.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str | bytes) and where not in places:
                patterns.append(Pattern(first.value, 0, where))
    return patterns


def unreached(patterns: list[Pattern]) -> list[str]:
    """The lines that compile a pattern which wasn't collected."""
    known = {pattern.where for pattern in patterns}
    return [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for call in _calls(ast.parse(path.read_text("utf-8")))
        if call.args and not _is_name(call.args[0]) and not _lines(path, call) & known
    ]


def _lines(path: Path, call: ast.Call) -> set[str]:
    return {f"{path.relative_to(PACKAGE)}:{line}" for line in range(call.lineno, (call.end_lineno or 0) + 1)}


def _is_name(node: ast.expr) -> bool:
    """Whether it is a variable: what is in it was compiled at the same time as all others that go through there."""
    return isinstance(node, ast.Name | ast.Attribute)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls of `re` itself that take a pattern."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in {"compile", "match", "fullmatch", *_SEARCHES}
        ):
            yield node


def _anchored(trees: dict[Path, ast.Module]) -> set[tuple[Path, str]]:
    """Names of patterns, by module, that are only ever asked whether a text begins so, or is so as a whole."""
    found = set()
    for path, tree in trees.items():
        asked: dict[str, set[str]] = {}
        used = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id.startswith("_"):
                asked.setdefault(node.id, set()).add(used.get(id(node), "search"))
        found |= {(path, name) for name, ways in asked.items() if ways <= {"match", "fullmatch"}}
    return found


def _constant(trees: dict[Path, ast.Module], where: str) -> tuple[Path, str]:
    """The constant that a line is part of the making of, by module and name; "" if it is none."""
    name, _, line = where.rpartition(":")
    path = PACKAGE / name
    for node in trees[path].body:
        if isinstance(node, ast.Assign) and node.lineno <= int(line) <= (node.end_lineno or 0):
            target = node.targets[0]
            return path, target.id if isinstance(node.value, ast.Call) and isinstance(target, ast.Name) else ""
    return path, ""


def _work() -> None:
    """Read and compare something, so that what is compiled late is compiled."""
    from spindetect import Detector
    from spindetect.read.article import read_article
    from spindetect.repair.garbled import _codec
    from spindetect.report.anonymous import without_names

    text = "The caf\u00c3\u00a9 was o-\npen. \u201cIt rained,\u201d he s*id. \u00adWe-\nther.\nBy Ann Other\n" * 3
    page = f"<html><body style='color:#fff , #fff'><p>{text}</p></body></html>"
    detector = Detector.load()
    for one in (text, page, "# A\n\n[b](http://c)\n\n|a|b|\n|-|-|\n" + text):
        article = read_article(one)
        compared = detector.compare(article, text)
        without_names(compared).to_html()
        detector.score(article)
    _codec("cp1252")


# --- texts that are hard on a pattern -------------------------------------------


def hard_texts(pattern: Pattern) -> Iterator[Callable[[int], str | bytes]]:
    """Texts on which a matcher that goes back and forth takes long, if any does, by their lengths."""
    tree = parser.parse(pattern.source, pattern.flags)
    pumps: dict[tuple[str, str], None] = {}
    for before, item in _repeats(tree, ""):
        for beginning, pump in (("", item), (before, item), ("", before + item), ("", before + item * 3)):
            if 0 < len(pump) <= _LONGEST_PUMP:
                pumps.setdefault((beginning[-_LONGEST_PUMP:], pump))
    for (beginning, pump), end in product(pumps, _ENDS):

        def make(characters: int, parts: tuple[str, str, str] = (beginning, pump, end)) -> str | bytes:
            text = parts[0] + parts[1] * (characters // len(parts[1])) + parts[2]
            return text if isinstance(pattern.source, str) else text.encode("latin-1", "replace")

        yield make


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """Each part that may repeat often: what may stand before it, and what it may be."""
    for operation, argument in tree:
        if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
            _, most, item = argument
            if most >= _MANY:
                for example in _examples(item):
                    yield before, example
            yield from _repeats(item, before)
        elif operation is constants.SUBPATTERN:
            yield from _repeats(argument[3], before)
        elif operation is constants.BRANCH:
            for branch in argument[1]:
                yield from _repeats(branch, before)
        elif operation in (constants.ASSERT, constants.ASSERT_NOT):
            yield from _repeats(argument[1], before)
        elif operation is constants.ATOMIC_GROUP:
            yield from _repeats(argument, before)
        before += _example([(operation, argument)])


def _examples(item: Any) -> list[str]:
    """What an item may be, in a few ways: a plain example, and one for each kind of character that it takes."""
    found = [_example(item)]
    if len(item) == 1 and item[0][0] is constants.IN:
        found += [char for char in _ANYTHING if _takes(item[0][1], char)][:6]
    if len(item) == 1 and item[0][0] in (constants.ANY, constants.NOT_LITERAL):
        found += list("a< ")
    if len(item) == 1 and item[0][0] is constants.SUBPATTERN:
        found += _examples(item[0][1][3])
    if len(item) == 1 and item[0][0] is constants.BRANCH:
        found += [_example(branch) for branch in item[0][1][1]][:6]
    return [one for one in dict.fromkeys(found) if one]


def _example(tree: Any) -> str:
    """A text that a part of a pattern takes, more or less."""
    text = ""
    for operation, argument in tree:
        if operation is constants.LITERAL:
            text += chr(argument)
        elif operation is constants.NOT_LITERAL:
            text += next(char for char in _ANYTHING if ord(char) != argument)
        elif operation is constants.ANY:
            text += "a"
        elif operation is constants.IN:
            text += next((char for char in _ANYTHING if _takes(argument, char)), _first(argument))
        elif operation in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
            least, most, item = argument
            text += _example(item) * min(max(least, min(most, 1)), _MANY * 2)
        elif operation is constants.SUBPATTERN:
            text += _example(argument[3])
        elif operation is constants.BRANCH:
            text += _example(argument[1][0])
        elif operation is constants.ATOMIC_GROUP:
            text += _example(argument)
    return text


def _first(items: Any) -> str:
    kind, value = items[0]
    if kind is constants.RANGE:
        return chr(value[0])
    return chr(value) if kind is constants.LITERAL else ""


def _takes(items: Any, char: str) -> bool:
    """Whether a set of characters has one."""
    code = ord(char)
    inside = False
    for kind, value in items:
        if kind is constants.LITERAL:
            inside |= code == value
        elif kind is constants.RANGE:
            inside |= value[0] <= code <= value[1]
        elif kind is constants.CATEGORY:
            inside |= _in_category(value, char)
    return inside != (items[0][0] is constants.NEGATE)


def _in_category(category: Any, char: str) -> bool:
    kinds: dict[Any, Callable[[], bool]] = {
        constants.CATEGORY_DIGIT: char.isdigit,
        constants.CATEGORY_SPACE: char.isspace,
        constants.CATEGORY_WORD: lambda: char.isalnum() or char == "_",
        constants.CATEGORY_NOT_DIGIT: lambda: not char.isdigit(),
        constants.CATEGORY_NOT_SPACE: lambda: not char.isspace(),
        constants.CATEGORY_NOT_WORD: lambda: not (char.isalnum() or char == "_"),
    }
    return kinds[category]()


# --- measuring ------------------------------------------------------------------


class _TooLong(Exception):
    """A pattern took longer than it may."""


@dataclass(frozen=True, slots=True)
class Slowest:
    """The longest that a pattern took on a text, in seconds, and whether its time grows too fast."""

    seconds: float = 0.0
    text: str | bytes = ""
    grows: bool = False


def slowest(pattern: Pattern, characters: int = CHARACTERS) -> Slowest:
    """What a pattern takes on the hardest of its hard texts, up to the first at which its time grows too fast."""
    compiled = re.compile(pattern.source, pattern.flags)
    bound = BOUNDS.get(pattern.where.partition(":")[0])
    found = Slowest()
    for make in hard_texts(pattern):
        taken = _timed(compiled, make(bound or characters), pattern.anchored)
        if taken > found.seconds:
            found = Slowest(taken, make(characters))
        if bound and taken < _SECONDS * bound / _PAGE:
            continue
        # What repeats a thousand times at most grows up to there, and no further.
        lengths = [characters // _FACTOR, characters, characters * _FACTOR]
        if taken > LIMIT and _grows(compiled, [make(length) for length in lengths], pattern.anchored):
            return Slowest(taken, make(characters), grows=True)
    return found


def _grows(compiled: re.Pattern[Any], texts: list[str | bytes], anchored: bool) -> bool:
    """Whether each text takes far more than its length's share of what the next shorter one takes."""
    before = min(_timed(compiled, texts[0], anchored) for _ in range(3))
    for text in texts[1:]:
        taken = _timed(compiled, text, anchored)
        if taken < _MOST:
            taken = min(taken, *(_timed(compiled, text, anchored) for _ in range(2)))
            if taken < _TOO_FAST * before:
                return False
        before = taken
    return True


def _timed(compiled: re.Pattern[Any], text: Any, anchored: bool) -> float:
    def stop(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGPROF, stop)
    start = time.thread_time()
    signal.setitimer(signal.ITIMER_PROF, _MOST)
    try:
        if anchored:
            compiled.match(text)
            compiled.fullmatch(text)
        else:
            for _ in compiled.finditer(text):
                pass
    except _TooLong:
        return _MOST
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return time.thread_time() - start


def main() -> None:
    """Check all, and list those that grow."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--characters", type=int, default=CHARACTERS)
    options.add_argument("--output", type=Path)
    given = options.parse_args()
    patterns = collected()
    times = {pattern: slowest(pattern, given.characters) for pattern in patterns}
    growing = {
        f"{pattern.where}: {pattern.source!r:.100} takes {found.seconds:.3f} s on {found.text!r:.60}"
        for pattern, found in times.items()
        if found.grows
    }
    missing = unreached(patterns)
    for line in [*sorted(growing), *(f"{where}: not reached" for where in missing)]:
        print(line)
    longest = max(found.seconds for found in times.values())
    print(f"{len(patterns)} patterns, {len(growing)} that grow; the slowest takes {longest:.3f} s")
    if given.output:
        told = {"patterns": len(patterns), "growing": sorted(growing), "unreached": missing}
        told |= {"characters": given.characters, "slowest_s": round(longest, 4)}
        given.output.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

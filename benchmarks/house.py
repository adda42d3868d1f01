"""Measure how the package is built: its size, its circles, and its functions that are named from a single place.

    python benchmarks/house.py [--verbose]

Prints each figure beside its ceiling in benchmarks/floors.json; the exit status is 1 where one is exceeded.
"""

from __future__ import annotations

import argparse
import ast
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "spindetect"
CEILINGS: Mapping[str, float] = json.loads(Path(__file__).with_name("floors.json").read_text("utf-8"))["house"]
_LONGEST_MODULE = 300
_LONGEST_FUNCTION = 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class House:
    """Source texts and syntax trees of a package's modules, by their dotted names."""

    texts: Mapping[str, str]
    trees: Mapping[str, ast.Module]

    def lines(self) -> int:
        """Lines of all modules."""
        return sum(text.count("\n") for text in self.texts.values())

    def named_once(self) -> list[str]:
        """Private functions that the package's code names in a single place, as module and name."""
        uses = Counter(name for tree in self.trees.values() for name in _names(tree))
        return [
            f"{module}.{function.name}"
            for module, function in self._functions()
            if function.name[:1] == "_" and function.name[:2] != "__" and uses[function.name] == 1
        ]

    def long_modules(self) -> list[str]:
        """Modules of more than 300 lines."""
        return [module for module, text in self.texts.items() if text.count("\n") > _LONGEST_MODULE]

    def long_functions(self) -> list[str]:
        """Functions of more than 60 lines, decorators apart."""
        return [
            f"{module}.{function.name}"
            for module, function in self._functions()
            if (function.end_lineno or 0) - function.lineno + 1 > _LONGEST_FUNCTION
        ]

    def circles(self) -> list[list[str]]:
        """Sets of modules that import each other in a circle; imports for types and inside functions count."""
        below = {module: set(self._imports(module)) - {module} for module in self.trees}
        while True:  # what imports nothing that is left is in no circle, nor is what nothing left imports
            used = set().union(*below.values())
            kept = {module: others & below.keys() for module, others in below.items() if others and module in used}
            if kept == below:
                break
            below = kept
        reached = {module: _reached(module, below) for module in below}
        together = {frozenset(one for one in reached[module] if module in reached[one]) for module in below}
        return sorted(sorted(modules) for modules in together if len(modules) > 1)

    def _imports(self, module: str) -> Iterator[str]:
        for node in ast.walk(self.trees[module]):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names if alias.name in self.trees)
            elif isinstance(node, ast.ImportFrom) and node.module in self.trees:
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    yield inner if inner in self.trees else node.module

    def _functions(self) -> Iterator[tuple[str, Function]]:
        for module, tree in self.trees.items():
            yield from ((module, node) for node in ast.walk(tree) if isinstance(node, Function))


def _names(tree: ast.AST) -> Iterator[str]:
    """Every name that code looks up or imports, once for each time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def _reached(start: str, below: Mapping[str, set[str]]) -> set[str]:
    """The modules that one imports, by way of others too."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        new = below.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen


def read_house(package: Path = PACKAGE) -> House:
    """Read all modules of a package."""
    texts = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        texts[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text("utf-8")
    return House(texts, {name: ast.parse(text) for name, text in texts.items()})


def figures(house: House) -> dict[str, float]:
    """All that has a ceiling."""
    return {
        "lines": house.lines(),
        "named_once_per_1000_lines": round(1000 * len(house.named_once()) / max(1, house.lines()), 1),
        "long_modules": len(house.long_modules()),
        "long_functions": len(house.long_functions()),
        "modules_in_circles": sum(map(len, house.circles())),
    }


def main() -> int:
    """Print every figure beside its ceiling; the exit status is 1 if one is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--verbose", action="store_true", help="also name what was counted")
    verbose = parser.parse_args().verbose
    house = read_house()
    exceeded = 0
    for name, value in figures(house).items():
        held = value <= CEILINGS[name]
        exceeded += not held
        print(f"{'ok   ' if held else 'ABOVE'} {name:28} {value:10.1f}   ceiling {CEILINGS[name]:10.1f}")
    if verbose:
        for counted in (house.named_once(), house.long_modules(), house.long_functions(), house.circles()):
            print(*counted, sep="\n", end="\n\n")
    return int(exceeded > 0)


if __name__ == "__main__":
    sys.exit(main())

"""The table of kinds: what is added to it is told, weighed and shown everywhere, and nothing else lists kinds."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from kind_views import SCHEMA, schema

from spindetect.classify import rules
from spindetect.kinds import KINDS, Kind

PACKAGE = Path(rules.__file__).parents[1]


def test_every_kind_has_a_row_and_a_rule() -> None:
    assert get_args(Kind) == tuple(KINDS)
    told = {
        node.value for node in ast.walk(parsed(PACKAGE / "classify" / "rules.py")) if isinstance(node, ast.Constant)
    }
    assert set(KINDS) - told == set(), "kinds that no rule in classify/rules.py tells"


def test_every_kind_is_marked_in_its_own_way() -> None:
    assert len({row.letter for row in KINDS.values()}) == len(KINDS)
    assert all(len(row.letter) == 1 and row.meaning for row in KINDS.values())
    assert len({row.colours for row in KINDS.values()}) == len(KINDS)


def test_the_schema_lists_the_kinds() -> None:
    """UPDATE_GOLDEN=1 writes them into the schema."""
    if os.environ.get("UPDATE_GOLDEN"):
        SCHEMA.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    listed = json.loads(SCHEMA.read_text("utf-8"))
    assert listed == schema(), "the kinds changed (UPDATE_GOLDEN=1 writes them into the schema)"


@pytest.mark.slow
def test_one_more_row_is_shown_by_every_view() -> None:
    """The chain and all views, in a process of its own whose table has a kind that they can't know."""
    script = Path(__file__).with_name("kind_views.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [view for view, shown in json.loads(done.stdout).items() if not shown] == []


def test_nothing_but_the_table_lists_kinds() -> None:
    """A list of three kinds or more elsewhere is one that the next kind would be missing from."""
    listed = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "kinds.py" or path.parent != PACKAGE
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict)
        if len(strings := list(_strings(node))) >= 3 and set(strings) <= set(KINDS)
    ]
    assert listed == []


def _strings(node: ast.Tuple | ast.List | ast.Set | ast.Dict) -> Iterator[str]:
    for one in node.keys if isinstance(node, ast.Dict) else node.elts:
        yield str(one.value) if isinstance(one, ast.Constant) else ""


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))

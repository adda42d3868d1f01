"""The package keeps its shape: no circles, no sprawling modules, and no more of what there should be less of."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest
from house import CEILINGS, PACKAGE, House, figures, read_house


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    return figures(read_house())


@pytest.mark.parametrize("figure", CEILINGS)
def test_no_figure_exceeds_its_ceiling(figure: str, measured: dict[str, float]) -> None:
    assert measured[figure] <= CEILINGS[figure], "see `python benchmarks/house.py --verbose`"


def test_every_table_is_read_where_its_name_stands() -> None:
    tables = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.toml")}
    code = "".join(read_house().texts.values())
    named = {table for table in tables if f'shipped_table("{table}")' in code}
    assert named == tables and len(tables) > 10


def test_the_map_has_every_layer_in_its_order_and_no_import_is_excepted() -> None:
    root = PACKAGE.parent
    contracts = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    assert not any("ignore_imports" in contract for contract in contracts)
    layers = [layer for layer in contracts[0]["layers"] if layer != "__main__"]
    rows = (root / "CONTRIBUTING.md").read_text("utf-8").split("## The map")[1].split("```\n")[1].splitlines()
    mapped = [name for row in rows for name in row.split("  ")[0].split(", ")]
    of = {name: place for place, layer in enumerate(layers) for name in layer.split(" : ")}
    assert sorted(mapped) == sorted(of)
    places = [of[name] for name in mapped]
    assert places == sorted(places)


def test_the_table_of_decisions_about_two_words_has_every_module_of_their_rooms() -> None:
    text = (PACKAGE.parent / "CONTRIBUTING.md").read_text("utf-8")
    said = text.split("### Where each decision about two words is made")[1].split("Beside the package")[0]
    nouns = {"__init__", "strands"}
    for room in ("align/words", "align/lexical", "classify"):
        modules = {path.stem for path in (PACKAGE / room).glob("*.py")} - nouns
        assert {name for name in modules if f"{name}.py" not in said} == set()
        head = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text("utf-8"))) or ""
        assert {name for name in modules if f"`{name}`" not in head} == set()


def house(**texts: str) -> House:
    return House(texts, {name: ast.parse(text) for name, text in texts.items()})


def test_a_circle_is_found_through_imports_for_types_and_inside_functions() -> None:
    made = house(
        a="from b import x",
        b="if TYPE_CHECKING:\n    import c",
        c="def f():\n    from a import y",
        above="import a",
        below="",
        d="import below",
    )
    assert made.circles() == [["a", "b", "c"]]
    assert house(a="import b", b="import c", c="").circles() == []


def test_private_functions_named_from_one_place_are_counted() -> None:
    text = "def _once(): ...\ndef _twice(): ...\ndef public():\n    return _once() + _twice() + _twice()\n"
    assert house(m=text).named_once() == ["m._once"]


def test_long_modules_and_functions_are_named() -> None:
    made = house(short="x = 1\n", long="x = 1\n" * 301, function="def f():\n" + "    x = 1\n" * 60)
    assert made.long_modules() == ["long"]
    assert made.long_functions() == ["function.f"]


def test_a_package_is_read_by_dotted_names(tmp_path: Path) -> None:
    (tmp_path / "p" / "q").mkdir(parents=True)
    for name in ("p/__init__.py", "p/q/__init__.py", "p/q/r.py"):
        (tmp_path / name).write_text("x = 1\n", "utf-8")
    made = read_house(tmp_path / "p")
    assert sorted(made.texts) == ["p", "p.q", "p.q.r"]
    assert made.lines() == 3

"""What can be changed in a module, one node at a time: the mutants that ``mutants.py`` tries."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("align", "classify", "score", "retrieve")
_WIDTH = 70

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

    ``statement`` is the line where the statement or lambda begins that holds it, or 0 outside functions.
    """

    file: str
    line: int
    statement: int
    place: int
    variant: int
    before: str
    after: str


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
    if isinstance(node, ast.keyword) and node.arg == "strict":  # of a zip: it asserts that both are of one length
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
            statements |= dict.fromkeys(map(id, ast.walk(function.body)), function.lineno)
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

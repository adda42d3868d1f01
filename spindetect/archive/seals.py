"""The archive's hash tree, by which accidents and edits are found: a leaf for each record, nodes, files, one root.

root = hash of (nodes, files, ends)   node = hash of the leaves of a thousand articles   leaf = hash of a record
with its place in the catalogue. It is kept in the catalogue. There is no root while somebody writes, nor after a
kill: the next writer makes the whole tree anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path

from spindetect.archive.articles import Articles
from spindetect.archive.catalogue import Catalogue, Row
from spindetect.archive.index import damaged
from spindetect.archive.index_files import LISTS, WRITER_LOCK, index_files
from spindetect.archive.layout import ABOUT, INDEX
from spindetect.archive.lock import held
from spindetect.archive.tree import Leaf, Tree
from spindetect.errors import InvalidArchive, SpindetectError

_NODE = 1024  # keys of a node
_BLOCK = 1 << 20


def node_of(key: int) -> int:
    """The node that an article's leaf belongs to."""
    return (key - 1) // _NODE


def seal(path: Path, changed: Collection[int] | None) -> None:
    """Give the archive at ``path`` a root; ``changed`` are the nodes to make anew, None for all.

    Raises `ArchiveBusy` when somebody writes, who will do it.
    """
    folder = path / INDEX
    with closing(Articles(path)) as articles, held(folder / WRITER_LOCK):
        catalogue, tree = articles.catalogue, Tree(articles.catalogue)
        tree.prepare()
        catalogue.begin()
        if changed is None:
            tree.forget()
        for node in sorted(_nodes(catalogue) if changed is None else set(changed)):
            leaves = _leaves(articles, node)
            tree.put_node(node, _hash_of([leaf for _, leaf in leaves]) if leaves else None)
            tree.put_leaves(*_keys(node), [(entry, _short(leaf)) for entry, leaf in leaves])
        tree.put_files({name: _file_hash(path / name) for name in _files(path)})
        tree.put_root(_root(catalogue))
        catalogue.commit_rows()


def check_lists(path: Path, catalogue: Catalogue) -> None:
    """Raise `InvalidArchive` unless the small files that all others hang on are as they were sealed."""
    tree = Tree(catalogue)
    for _ in range(5):  # a writer may be replacing them
        root, files = tree.root(), tree.files()
        wrong = [name for name in _lists() if root and name in files and _file_hash(path / name) != files[name]]
        if not wrong or tree.root() == root:
            break
    if wrong and wrong[0] == ABOUT:
        raise InvalidArchive(f"{path / ABOUT} is damaged: it isn't what was written. Restore it from a backup.")
    if wrong:
        raise damaged(path / INDEX, f"{path / wrong[0]} isn't what was written")


def seal_faults(articles: Articles, root: str | None) -> Iterator[str]:
    """The differences from the sealed state, article by article and file by file; ``root`` was kept elsewhere."""
    catalogue, path = articles.catalogue, articles.path
    tree = Tree(catalogue)
    found = tree.root()
    if root is not None and root != found:
        yield (
            f"the archive {path} has the root {found or 'none'}, expected {root}. It was changed since that was "
            "written down, or a writing was broken off."
        )
    if not found:
        return
    nodes, at = tree.nodes(), f"the catalogue {catalogue.path}"
    for node in sorted({*nodes, *_nodes(catalogue)}):
        leaves = _leaves(articles, node)
        stored = tree.leaves(*_keys(node))
        for entry, leaf in leaves:
            if stored.pop(entry.name, None) != (entry.key, _short(leaf)):
                yield f"{at} is damaged: its entry of {_named(articles, entry)} isn't as it was written. {_RESTORE}"
        for key, _ in stored.values():
            yield f"{at} is damaged: article number {key:,}, or a further id of its, is missing from it. {_RESTORE}"
        if nodes.get(node) != (_hash_of([leaf for _, leaf in leaves]) if leaves else None):
            first, last = _keys(node)
            yield f"{at} is damaged: articles number {first:,} to {last:,} aren't as they were written. {_RESTORE}"
    files = tree.files()
    for name in sorted({*files, *_files(path)}):
        if files.get(name) != _file_hash(path / name):
            yield str(damaged(path / INDEX, f"{path / name} isn't what was written"))
    if _root(catalogue) != found:
        yield f"{at} is damaged: its root doesn't fit what it is of. {_RESTORE}"


_RESTORE = "Restore it from a backup."


def _nodes(catalogue: Catalogue) -> set[int]:
    return {node_of(key) for key in range(1, catalogue.last_key() + 1, _NODE)}


def _keys(node: int) -> tuple[int, int]:
    return node * _NODE + 1, (node + 1) * _NODE


def _leaves(articles: Articles, node: int) -> list[tuple[Leaf, bytes]]:
    """The catalogue's entries in a node, each with the hash of it and of its record's bytes."""
    leaves = []
    for entry in Tree(articles.catalogue).entries(*_keys(node)):
        packed = b""
        with suppress(ValueError, OverflowError, OSError):  # a stretch that isn't in the file
            packed = articles.texts.read(entry.start, entry.length)
        about = json.dumps([entry.further, entry.key, entry.name, entry.digest, entry.start, entry.length])
        leaves.append((entry, sha256(about.encode() + packed).digest()))
    return leaves


def _short(leaf: bytes) -> int:
    """The record of a leaf that says which article has changed."""
    return int.from_bytes(leaf[:8], "big", signed=True)


def _hash_of(leaves: list[bytes]) -> str:
    return sha256(b"".join(leaves)).hexdigest()


def _root(catalogue: Catalogue) -> str:
    tree = Tree(catalogue)
    sealed = [sorted(tree.nodes().items()), sorted(tree.files().items()), catalogue.ends()]
    return sha256(json.dumps(sealed).encode()).hexdigest()


def _lists() -> list[str]:
    return [ABOUT, *(f"{INDEX}/{name}" for name in LISTS)]


def _files(path: Path) -> list[str]:
    """The names of all files but the catalogue and the texts, whose records have leaves."""
    try:
        return [*_lists(), *(f"{INDEX}/{name}" for name in index_files(path / INDEX))]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return _lists()


def _file_hash(path: Path) -> str:
    """A file's hash; "" for one that can't be read."""
    found = sha256()
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                found.update(block)
    except OSError:
        return ""
    return found.hexdigest()


def _named(articles: Articles, entry: Leaf) -> str:
    try:
        return repr(articles.stored(Row(entry.key, entry.start, entry.length)).id)
    except SpindetectError:
        return f"article number {entry.key:,}"

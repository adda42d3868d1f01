"""Plain prose of the files that packages hold: one paragraph a string, without code, tables and headings."""

from __future__ import annotations

import ast
import html
import inspect
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from spindetect.read.article import article_from_bytes

_FENCED = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n(?:(?!^[ \t]*\1)[^\n]*\n)*(?:[ \t]*\1[^\n]*)?", re.MULTILINE)
_TABLE_ROW = re.compile(r"^[ \t]*(?:\|[^\n]*|[^\n|]+\|[^\n|]+\|[^\n]*)$", re.MULTILINE)
_HEADING = re.compile(r"^(?:#{1,6}[ \t][^\n]*|[^\n]+\n[ \t]*[=-]{3,}[ \t]*)$", re.MULTILINE)
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[^\n]*$", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*(?:[-*+•]|\(?[0-9a-zA-Z]{1,3}[.)])[ \t]+", re.MULTILINE)
_LINK_MARK = re.compile(r"\[([^\[\]\n]+)\](?:\([^()\n]*\)|\[[^\[\]\n]*\])")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PROSE = 0.72  # of a paragraph's signs, letters and spaces; code, rules and lists of options have fewer
_FEWEST_WORDS = 4


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, an apostrophe straight.

    >>> words_of("He’s the well-known one (2).")
    ["he's", 'the', 'well-known', 'one', '2']
    """
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def paragraphs_of(data: bytes, path: str, reader: str = "") -> list[str]:
    """The paragraphs of a file, read as its ending or ``reader`` says (a key of `READERS`).

    Raises ``ValueError`` for an ending that has no reader.
    """
    name = reader or PurePosixPath(path).suffix.lower().removeprefix(".") or "text"
    if name not in READERS:
        raise ValueError(f"{path} has no reader; expected {', '.join(READERS)}, or the name of one of them.")
    tidy = (" ".join(paragraph.split()) for paragraph in READERS[name](data))
    return [paragraph for paragraph in tidy if is_prose(paragraph)]


def is_prose(paragraph: str) -> bool:
    """Whether a paragraph has at least four words and mostly letters."""
    plain = sum(sign.isalpha() or sign.isspace() for sign in paragraph)
    return len(words_of(paragraph)) >= _FEWEST_WORDS and plain >= _PROSE * len(paragraph)


def decoded(data: bytes) -> str:
    """A file's text: UTF-8, else Windows-1252."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").replace("\r\n", "\n")


def of_plain_text(data: bytes) -> Iterator[str]:
    """Paragraphs between blank lines; a list's items are paragraphs."""
    yield from re.split(r"\n[ \t]*\n", _items_apart(_HEADING.sub("", decoded(data))))


def _items_apart(text: str) -> str:
    return _ITEM.sub("\n\n", text)


def of_markdown(data: bytes) -> Iterator[str]:
    """Paragraphs of Markdown, its markup taken off by the product's reader."""
    text = decoded(data)
    for pattern in (_FENCED, _TABLE_ROW, _DEFINITION, _HEADING):
        text = pattern.sub("\n", text)
    lines, listed = [], False
    for line in text.split("\n"):
        listed = bool(_ITEM.match(line)) or (listed and (not line.strip() or line[0].isspace()))
        if listed or not line.startswith(("    ", "\t")):  # else it is code
            lines.append(line.strip() if listed else line)
    article = article_from_bytes(_LINK_MARK.sub(r"\1", _items_apart("\n".join(lines))).encode(), "text.md")
    plain, at = [], 0
    for mark in article.marks:
        if mark.kind == "markup" and mark.span.start >= at:
            plain.append(article.text[at : mark.span.start])
            at = mark.span.end
    yield from re.split(r"\n[ \t]*\n", html.unescape("".join([*plain, article.text[at:]])))


def of_html(data: bytes) -> Iterator[str]:
    """Paragraphs of a page's article, as the product extracts it."""
    yield from article_from_bytes(data, "page.html").text.split("\n")


def of_rst(data: bytes) -> Iterator[str]:
    """Paragraphs of reStructuredText, whatever roles and directives an extension gave it."""
    yield from rst_paragraphs(decoded(data))


def rst_paragraphs(text: str) -> Iterator[str]:
    """Paragraphs and list items of reStructuredText; code, tables, fields, comments and headings are left out."""
    from docutils import nodes
    from docutils.core import publish_doctree
    from docutils.parsers.rst import Directive, directives, roles

    class Inside(Directive):
        """An unknown directive: a note or an object's description is read, anything else isn't."""

        has_content, optional_arguments, final_argument_whitespace = True, 100, True
        option_spec = None

        def run(self) -> list[nodes.Node]:
            box = nodes.container()
            if self.name in _READ_INSIDE or ":" in self.name:
                self.state.nested_parse(self.content, self.content_offset, box)
            return [box]

    def role(name: str, raw: str, text: str, *_: object, **__: object) -> tuple[list[nodes.Node], list[nodes.Node]]:
        shown = re.sub(r"\s*<[^<>]*>$", "", text.replace("\x00", "")).lstrip("~!")
        return [nodes.inline(raw, shown)], []

    known_directive, known_role = directives.directive, roles.role

    def directive(name: str, *rest: Any) -> tuple[Any, list[Any]]:
        known = known_directive(name, *rest)
        return known if known[0] and name not in _READ_INSIDE else (Inside, [])

    directives.directive, roles.role = directive, lambda name, *_: (role, [])
    settings = {"report_level": 5, "halt_level": 5, "warning_stream": io.StringIO(), "raw_enabled": False}
    try:
        tree = publish_doctree(
            text, settings_overrides={**settings, "file_insertion_enabled": False, "_disable_config": True}
        )
    finally:
        directives.directive, roles.role = known_directive, known_role
    shut_out = (nodes.table, nodes.field_list, nodes.comment, nodes.footnote, nodes.citation, nodes.topic)
    for found in tree.findall(nodes.paragraph):
        around, inside = found.parent, True
        while around is not None and inside:
            inside = not isinstance(around, (*shut_out, nodes.system_message))
            around = around.parent
        if inside:
            yield found.astext()


_READ_INSIDE = {
    "note",
    "warning",
    "tip",
    "hint",
    "important",
    "caution",
    "attention",
    "danger",
    "admonition",
    "seealso",
}
_READ_INSIDE |= {"class", "function", "method", "attribute", "data", "module", "setting", "glossary", "seealso"}
_READ_INSIDE |= {"confval", "option", "program", "describe", "cmdoption", "exception", "sidebar", "topic"}


def of_docstrings(data: bytes) -> Iterator[str]:
    """Paragraphs of a Python module's docstrings (of either Python), by the names of what they describe."""
    text = decoded(data)
    names = [(found.start(), found[1]) for found in _DEFINED.finditer(text)]
    described = []
    for found in _DOCSTRING.finditer(text):
        before = [name for start, name in names if start < found.start()]
        if before:
            described.append((before[-1], inspect.cleandoc(found[1])))
    for _, docstring in sorted(described):
        yield from rst_paragraphs(docstring)


def of_service(data: bytes) -> Iterator[str]:
    """Paragraphs of a description of a web service in JSON: its operations, then its shapes, by name."""
    model = json.loads(data)
    parts = [model, *(part for key in ("operations", "shapes") for _, part in sorted(model.get(key, {}).items()))]
    for part in parts:
        text = _TAG.sub("", _BLOCK_TAG.sub("\n\n", part.get("documentation", "")))
        yield from html.unescape(text).split("\n\n")


def of_catalogue(side: int) -> Callable[[bytes], Iterator[str]]:
    """A reader of a gettext catalogue: the messages (0) that their translations change, or these (1)."""

    def read(data: bytes) -> Iterator[str]:
        for entry in _MESSAGE.finditer(decoded(data)):
            both = ["".join(ast.literal_eval(part) for part in _QUOTED.findall(found)) for found in entry.groups()]
            if both[1] and both[0] != both[1] and len(words_of(both[0])) >= _MESSAGE_WORDS:
                yield both[side].replace("\n", " ").replace("&", "")

    return read


_DEFINED = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_DOCSTRING = re.compile(r':[ \t]*\n[ \t]*[rRuU]?"""((?:[^"]|"(?!""))*)"""')
_TAG, _BLOCK_TAG = re.compile(r"<[^<>]*>"), re.compile(r"</?(?:p|li|ul|ol|note|important|h\d|dl|dt|dd)\b[^<>]*>")
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_MESSAGE = re.compile(rf"^msgid ((?:{_QUOTED.pattern}\n)+)msgstr ((?:{_QUOTED.pattern}(?:\n|\Z))+)", re.MULTILINE)
_MESSAGE_WORDS = 12  # of a message that says something


READERS: dict[str, Callable[[bytes], Iterator[str]]] = {
    **{"md": of_markdown, "markdown": of_markdown, "html": of_html, "htm": of_html, "text": of_plain_text},
    **{"rst": of_rst, "rest": of_rst, "txt": of_rst, "py": of_docstrings},
    **{"service": of_service, "messages": of_catalogue(0), "translations": of_catalogue(1)},
}

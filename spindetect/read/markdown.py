"""Marking the syntax of Markdown, so that only its words are compared.

The text stays as it is in the file. A line is looked at first (fences, headings,
lists, tables), then what it holds (links, images, emphasis, tags). This isn't a
Markdown parser: it needs to know which characters are syntax, not how they nest.
Follows https://spec.commonmark.org/0.31.2/ and GitHub's tables and footnotes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from spindetect.files import shipped_table
from spindetect.read.marks import MOST_SIGNS, tidy
from spindetect.records import Mark, Span

# Every pattern here takes time linear in the text: repetitions are possessive, exclude
# what may follow them, or are bounded.

_FRONT_MATTER = re.compile(
    r"(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<body>(?:(?!---|\+\+\+|\.\.\.)[^\n]*\n){1,200})"
    r"(?:(?P=fence)|\.\.\.)[ \t]*(?=\r?\n|\Z)"
)
# The look of lines in front matter; "key: value" must be among them, a sentence must not.
_KEY = re.compile(r"[\w-]+[ \t]*[:=]")
_FRONT_LINE = re.compile(r"[\w-]+[ \t]*[:=]|[ \t]|-[ \t]|#|\r?$|[\]}]")
_LINE = re.compile(r"[^\r\n]+")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})([^`]*)$")
_DEFINITION = re.compile(r" {0,3}\[(?!\^)([^\[\]]{1,300})\]:[ \t]*\S{1,4000}(?:[ \t]+[\"'(].{0,500})?$")
# A footnote's text, a line of a program in MDX, a fence around a box [:::note].
_ASIDE = re.compile(
    r" {0,3}\[\^[^\[\]\s]{1,100}\]:|:::|export (?:const|default|function)\b"
    r"|import [^;'\"]{0,200}['\"][^'\"]{1,200}['\"];?$"
)
_RULE = re.compile(r"[ \t]{0,3}(?:={2,}|-{2,}|(?:\*[ \t]*+){3,}|(?:-[ \t]*+){3,}|(?:_[ \t]*+){3,})$")
_TABLE_RULE = re.compile(r"[ \t]*+(?:\|[ \t]*+)?:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*\|?$")
# Quotation and list marks may be nested: "> - 1. text". A task's box comes last.
_PREFIX = re.compile(r"(?:[ \t]*+(?:>|(?:[-*+]|\d{1,3}[.)])(?=[ \t])))++(?:[ \t]*\[[ xX]\](?=[ \t]))?")
_HEADING = re.compile(r"[ \t>]*(#{1,6})(?=[ \t]|$)")
_HEADING_END = re.compile(r"(?<=[ \t])#+$")

_LINK_TITLE = r"[ \t\n]{1,20}(?:\"[^\"]{0,500}\"|'[^']{0,500}')"
_LINK_END = rf"\([ \t]{{0,20}}(?:<[^<>\n]*+>|(?:[^()\s]|\([^()\s]*+\))*+)(?:{_LINK_TITLE})?[ \t]{{0,20}}\)"
_SIGNS: list[list[str]] = shipped_table("read/markdown.toml")["inline"]
_INLINE = re.compile("|".join([f"(?P<{name}>{sign})" for name, _, sign in _SIGNS]).replace("LINK_END", _LINK_END))
_REASONS: dict[str, str] = {name: reason for name, reason, _ in _SIGNS if reason}


def front_matter(text: str) -> Span | None:
    """The block of ``key: value`` lines between rules that a file may begin with, None without one."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return None
    lines = found["body"].split("\n")
    is_data = all(_FRONT_LINE.match(line) for line in lines) and any(_KEY.match(line) for line in lines)
    return Span(0, found.end()) if is_data else None


def reads_as_markdown(text: str) -> bool:
    """Whether a text that isn't named as Markdown surely is: front matter, or headings and links.

    Two headings with hashes and two links with addresses are asked for: a hashtag
    line or a lone bracket occurs in plain text.
    """
    head = text[:100_000]
    if front_matter(head) is not None:
        return True
    headings = re.findall(r"^#{1,6} \S", head, re.MULTILINE)
    links = re.findall(r"\]\((?:https?://|/|#)[^()\s]{0,2000}\)", head)
    return len(headings) >= 2 and len(links) >= 2


def markup_marks(text: str) -> list[Mark]:
    """Marks of kind ``markup`` for all Markdown syntax in the text, sorted, without overlaps.

    Words stay unmarked, except those of pictures, comments and addresses.

    >>> [(mark.span.start, mark.span.end, mark.reason) for mark in markup_marks("# A *fine* [day](/x)")]
    [(0, 1, 'heading'), (4, 5, 'emphasis'), (9, 10, 'emphasis'), (11, 12, 'link'), (15, 20, 'link address')]
    """
    front = front_matter(text)
    marks, stretches = _outside_code(text, front.end if front else 0)
    if front:
        marks.append(Mark(front, "markup", "front matter"))
    defined: set[str] = set()
    for stretch in stretches:
        marks += _line_marks(text, stretch, defined)
    marks += _inline_marks(text, stretches, defined)
    return list(tidy(marks))


def _mark(start: int, end: int, reason: str) -> Mark:
    return Mark(Span(start, end), "markup", reason)


def _outside_code(text: str, body: int) -> tuple[list[Mark], list[Span]]:
    """Marks of the code fences from ``body`` on, and the stretches of text outside code blocks."""
    marks: list[Mark] = []
    stretches: list[Span] = []
    start, fence = body, ""
    for line in _LINE.finditer(text, body):
        found = _FENCE.match(line[0])
        if not found or (fence and (not found[1].startswith(fence) or found[2].strip())):
            continue
        marks.append(_mark(line.start(), line.end(), "code fence"))
        if not fence:
            stretches.append(Span(start, line.start()))
        start, fence = line.end(), "" if fence else found[1]
    # As in CommonMark, a fence that is never closed makes all that follows code.
    return marks, stretches if fence else [*stretches, Span(start, len(text))]


def _line_marks(text: str, stretch: Span, defined: set[str]) -> list[Mark]:
    """Marks of the syntax that is a matter of lines; labels of link definitions are added to ``defined``."""
    marks: list[Mark] = []
    lines = list(_LINE.finditer(text, stretch.start, stretch.end))
    for line in lines:
        content = line[0].rstrip()
        if definition := _DEFINITION.match(content):
            defined.add(_label(content, *definition.span(1)))
            marks.append(_mark(line.start(), line.end(), "link definition"))
        elif _ASIDE.match(content):
            marks.append(_mark(line.start(), line.end(), "footnote or code"))
        elif _RULE.match(content):
            marks.append(_mark(line.start(), line.end(), "rule"))
        else:
            if prefix := _PREFIX.match(content):
                first = line.start() + len(content) - len(content.lstrip())
                marks.append(_mark(first, line.start() + prefix.end(), "list or quotation mark"))
            if heading := _HEADING.match(content):
                marks.append(_mark(line.start() + heading.start(1), line.start() + heading.end(1), "heading"))
                if end := _HEADING_END.search(content, heading.end(1)):
                    marks.append(_mark(line.start() + end.start(), line.start() + end.end(), "heading"))
    return [*marks, *_table_marks(text, lines)]


def _table_marks(text: str, lines: list[re.Match[str]]) -> Iterator[Mark]:
    """Marks of the rule under a table's head, and of the pipes in its rows."""
    previous: re.Match[str] | None = None
    in_table = False
    for line in lines:
        adjacent = previous is not None and text.count("\n", previous.end(), line.start()) <= 1
        is_rule = "|" in line[0] and _TABLE_RULE.match(line[0].rstrip()) is not None
        if is_rule:
            yield _mark(line.start(), line.end(), "table rule")
            if previous is not None and adjacent:
                yield from _pipes(previous)
        in_table = is_rule or (in_table and adjacent and "|" in line[0])
        if not is_rule and (in_table or line[0].lstrip().startswith("|")):
            yield from _pipes(line)
        previous = line


def _pipes(line: re.Match[str]) -> Iterator[Mark]:
    for pipe in re.finditer(r"\|", line[0]):
        yield _mark(line.start() + pipe.start(), line.start() + pipe.end(), "table pipe")


def _inline_marks(text: str, stretches: Sequence[Span], defined: set[str]) -> list[Mark]:
    """Marks of the syntax inside lines: links, pictures, emphasis, code, tags and comments."""
    marks: list[Mark] = []
    opened: list[int] = []
    stars: list[re.Match[str]] = []
    tokens: Iterator[re.Match[str] | None] = chain.from_iterable(  # None at the end of each stretch
        chain(_INLINE.finditer(text, stretch.start, stretch.end), (None,)) for stretch in stretches
    )
    for token in islice(tokens, MOST_SIGNS):
        kind = token.lastgroup if token else "paragraph"
        if token is None or kind == "paragraph":
            opened.clear()
            marks += _inside_words(stars)
            stars.clear()
        elif kind == "open":
            opened.append(token.start())
        elif kind == "inside":
            stars.append(token)
        elif kind in _REASONS:
            if kind == "asterisks":
                stars.append(token)
            marks.append(_mark(token.start(), token.end(), _REASONS[kind]))
        elif opened:
            start = opened.pop()
            # A pair of brackets is a link if an address follows or its label is defined: "[sic]" is neither.
            if token["target"] or _label(text, start + 1, token.start()) in defined:
                marks += (_mark(start, start + 1, "link"), _mark(token.start(), token.end(), "link address"))
    return [*marks, *_inside_words(stars)]


def _inside_words(stars: list[re.Match[str]]) -> Iterator[Mark]:
    """Marks of the asterisks between two letters that pair with others [**bio**nic]; a lone one is text [f**k]."""
    runs: dict[int, list[re.Match[str]]] = defaultdict(list)
    for token in stars:
        runs[len(token[0])].append(token)
    for alike in runs.values():
        for token in alike[: len(alike) // 2 * 2]:
            if token.lastgroup == "inside":
                yield _mark(token.start(), token.end(), "emphasis")


def _label(text: str, start: int, end: int) -> str:
    return " ".join(text[start : min(end, start + 300)].split()).casefold()

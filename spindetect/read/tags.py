"""Marking the markup in a plain text that isn't Markdown: BBCode, HTML tags, wiki links, LaTeX, terminal codes.

The text stays as it is in the file. Each syntax is a row: the signs are marked where they come as often as chance
doesn't bring them. Every pattern is linear: its repetitions are bounded, or exclude what may follow them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from spindetect.read.marks import MOST_SIGNS, tidy
from spindetect.records import Mark, Span


@dataclass(frozen=True, slots=True)
class Syntax:
    """One markup: what it is called, a string that all of it has, and the stretches of a text that are its signs.

    A text is taken to have it when there are at least ``fewest`` signs.
    """

    name: str
    needs: str
    signs: Callable[[str], Iterator[tuple[int, int]]]
    fewest: int


def _whole(pattern: str) -> Callable[[str], Iterator[tuple[int, int]]]:
    """All of what a pattern matches."""
    compiled = re.compile(pattern)
    return lambda text: (found.span() for found in compiled.finditer(text))


def _around(pattern: str) -> Callable[[str], Iterator[tuple[int, int]]]:
    """The parts of a match before and after the pattern's one group, which the signs are about."""
    compiled = re.compile(pattern)

    def signs(text: str) -> Iterator[tuple[int, int]]:
        for found in compiled.finditer(text):
            for start, end in ((found.start(), found.start(1)), (found.end(1), found.end())):
                if start < end:
                    yield start, end

    return signs


def _closed(closing: str, tag: str) -> Callable[[str], Iterator[tuple[int, int]]]:
    """The tags whose name, their first group, some tag in the text closes."""
    ends, tags = re.compile(closing), re.compile(tag)

    def signs(text: str) -> Iterator[tuple[int, int]]:
        names = {found[1].lower() for found in ends.finditer(text)}
        for found in tags.finditer(text) if names else ():
            if found[1].lower() in names:
                yield found.span()

    return signs


_ADDRESS = r"https?://[^\s\[\]<>|()\"]{1,500}"
_LABEL = r"[^\[\]<>|\n]{1,300}"
_BETWEEN = r"(?<![\w{0}]){0}(\w(?:[\w '’-]{{0,80}}\w)?){0}(?![\w{0}])"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?"
# Before what somebody says, in brackets, or on a line of its own [[00:01:12] Speaker 1: ..., 10:15 a.m. ET].
_DAY = r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? "
_TIME_FIRST = (
    rf"(?m:^)(?:[\[(](?:{_DAY})?{_CLOCK}(?: ?[AP]M)?[\])]|\d{{1,3}} ?(?:h|m|hr|min|hour|minute)s? ago(?m:$)"
    rf"|{_CLOCK}(?: ?[ap]\.?m\.?)?(?: [A-Z]{{2,4}})?[ \t]*\r?(?m:$))"
)
_SYNTAXES = (
    Syntax("address in BBCode", "[", _whole(rf"\[(?:img|url)[^\[\]\n]{{0,100}}\]{_ADDRESS}\[/(?:img|url)\]"), 1),
    Syntax(
        "BBCode",
        "[/",
        _closed(r"\[/([A-Za-z][\w-]{0,30})\]", r"\[/?([A-Za-z][\w-]{0,30})(?:[=\s:][^\[\]\n]{0,300})?\]"),
        1,
    ),
    Syntax("footnote", "<ref", _whole(r"<ref(?:\s[^<>]{0,300})?>[^<>]{0,2000}</ref>"), 1),
    Syntax("HTML comment", "<!--", _whole(r"<!--(?:[^-<]|-(?!->)|<(?!!--))*+-->"), 1),
    Syntax("CDATA", "<![CDATA[", _around(r"<!\[CDATA\[([^\[\]]{0,5000})\]\]>"), 1),
    Syntax(
        "HTML tag",
        "</",
        _closed(
            r"</([A-Za-z][\w:-]{0,30})>", r"</?([A-Za-z][\w:-]{0,30})(?:\s(?:[^<>\"']|\"[^\"<>]{0,500}\"|')*+)?/?>"
        ),
        1,
    ),
    Syntax("HTML tag", "&lt;/", _closed(r"&lt;/([A-Za-z]\w{0,30})&gt;", r"&lt;/?([A-Za-z]\w{0,30})&gt;"), 1),
    Syntax("HTML tag", "<", _whole(r"<(?:br|hr|wbr|img)(?:\s[^<>\n]{0,500})?/?>|<[BI]R ?/?>"), 1),
    Syntax("picture in a wiki", "[[", _whole(r"\[\[(?:File|Image|Category):[^\[\]\n]{1,500}\]\]"), 1),
    Syntax("wiki link", "[[", _around(rf"\[\[(?:[^\[\]|\n]{{1,200}}\|)?({_LABEL})\]\]"), 1),
    Syntax("link", "://", _around(rf"\[({_LABEL})\]\({_ADDRESS}\)"), 1),
    Syntax("link", "://", _around(rf"<{_ADDRESS}\|({_LABEL})>"), 1),
    Syntax("link", "://", _around(rf"\[{_ADDRESS}\s({_LABEL})\]"), 1),
    Syntax("link", "://", _around(rf"\"([^\"\n]{{1,300}})\":{_ADDRESS}"), 1),
    Syntax("template", "{{", _whole(r"\{\{[ #:]?[A-Za-z][^{}|\n]{0,100}(?:\|[^{}]{0,1000})?\}\}"), 1),
    Syntax("macro", "{", _whole(r"\{(?:color|quote|panel|code|noformat)(?::[^{}\n]{0,100})?\}"), 2),
    Syntax("LaTeX", "\\", _around(r"\\[A-Za-z]{2,20}\{([^{}\n]{0,500})\}"), 4),
    Syntax("emphasis", "~~", _around(r"~~(\w[^~\n]{0,300})~~"), 2),
    *[Syntax("emphasis", sign, _around(_BETWEEN.format(re.escape(sign))), 4) for sign in ("//", *"/=$|#%^+")],
    Syntax("quotation of mail", "\n>", _whole(r"(?m:^(?:>[ \t]?){1,20}(?=[^\s>]|[ \t]*$))"), 3),
    Syntax("terminal code", "\x1b", _whole(r"\x1b\[[0-9;?]{0,30}[A-Za-z]|\x1b\][^\x07\x1b\n]{0,300}\x07"), 1),
    Syntax("time of what is said", "\n", _whole(_TIME_FIRST), 3),
    Syntax("heading", "==", _around(r"(?m:^)={2,6}[ \t]?([^=\n]{1,200}?)[ \t]?={2,6}[ \t]*(?m:$)"), 1),
    Syntax("heading", ". ", _whole(r"(?m:^)(?:h[1-6]|bq)\. (?=\S)"), 1),
    Syntax("emphasis", "'''", _around(r"'''((?:[^'\n]|'(?!'')){1,300})'''"), 2),
    Syntax(
        "field",
        ":",
        _whole(r"(?m:^)(?:#\+[A-Za-z_]{2,30}:|:[a-z][\w-]{1,30}:(?=\s)|\.\. [\w-]{1,30}::)[^\n]{0,300}"),
        1,
    ),
    Syntax(
        "shortcode",
        "[",
        _whole(r"\[[a-z][\w-]{1,30}(?: [\w-]{1,30}=(?:\"[^\"\n]{0,200}\"|[\w.-]{1,100})){1,20} ?/?\]"),
        1,
    ),
    Syntax(
        "signature of a mail", "\n-- ", _whole(r"(?m:^)-- ?\r?\n(?:[^\r\n]{1,80}(?:\r?\n|\Z)){1,8}\s{0,9}\Z"), 1
    ),
    Syntax("mention", "@", _whole(r"(?<![\w@.])@(?=[A-Za-z])"), 3),
)


def tag_marks(text: str) -> list[Mark]:
    """Marks of the markup in a text that isn't Markdown or HTML, sorted, none of them overlapping.

    >>> [mark.span.of("A [b]mill[/b] closed.") for mark in tag_marks("A [b]mill[/b] closed.")]
    ['[b]', '[/b]']
    """
    marks: list[Mark] = []
    for syntax in _SYNTAXES:
        if syntax.needs in text:
            signs = list(islice(syntax.signs(text), MOST_SIGNS))
            if len(signs) >= syntax.fewest:
                marks += [Mark(Span(start, end), "markup", syntax.name) for start, end in signs]
    return list(tidy(marks))

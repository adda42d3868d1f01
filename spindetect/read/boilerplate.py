"""Finding boilerplate: the lines around an article that aren't the article.

Lines are told by their wording (``boilerplate.toml``) and by where they stand.
A line is marked whole or not at all, and what is doubtful stays unmarked: boilerplate
that is missed adds a little noise to a score, a sentence marked by mistake is lost
to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from spindetect.read.marks import HIDDEN
from spindetect.read.rules import OPENERS, PARTS, RULES, Rule, Where
from spindetect.read.wrapping import wrapped_breaks
from spindetect.records import Mark, Span

# Boilerplate is shorter: of the 37 lines marked in 183 scraped articles the longest has 154 characters.
MAX_LINE = 400
# A text of more lines is no article; each takes as long as the next, and a file may be nothing but lines.
_MOST_LINES = 20_000
# A run of this many characters without white space is base64, a script or a joke: no word is that long. A
# zero-width space may stand for a space.
MAX_RUN = 400
_SPACE = rf"\s{HIDDEN}\u200b\u200c\u2060\ufeff"
_RUN = re.compile(rf"(?<![^{_SPACE}])[^{_SPACE}]{{{MAX_RUN + 1},}}")
_LINE = re.compile(r"\S[^\r\n]*")
_WORD_END = re.compile(r"[.!?…:][\"'”’»)\]]*$")

# Signs that decorate a line on either side: bullets, arrows, bars.
_DECORATION = " \t\xa0-–—•*»›>|·▶►→+"
_TRAILING = " \t\xa0»›>|·→"

_EARLIER = "earlier mail"
_MAIL_FIELD = re.compile(r"(?:From|To|Cc|Sent|Date|Subject|Reply-To):")
_TOP_LINES = 10
_NAME = r"[A-Z][a-z’'A-Z-]*[a-z]"
_BARE_NAME = re.compile(rf"{_NAME}(?: [A-Z]\.)?(?: (?:de|van|von|bin|al|der|del|{_NAME})){{0,2}} {_NAME}")
_NOT_IN_NAMES = re.compile(r"\b(?:The|A|An|How|Why|What|When|Where|Who|In|On|Of|For|To|And|New|No|More|Our|Your)\b")
_ALT_TEXT = re.compile(rf"(?:A|An|Two|Three|Several) (?:\w+ ){{0,3}}{PARTS['PICTURED']}\b[^.\"“”]*\.?")


@dataclass(slots=True)
class _Line:
    """A line with something on it (or a hard-wrapped paragraph), and why it is boilerplate: "" if it isn't."""

    span: Span
    text: str
    reason: str = ""
    prose: bool = False


class _Matcher:
    """Tells which of some rules a line matches; the rules without ``holds`` are tried in one go."""

    def __init__(self, *wheres: Where, rules: Sequence[Rule]) -> None:
        chosen = [rule for rule in rules if rule.where in wheres]
        plain = [rule for rule in chosen if not rule.holds]
        self._reasons = {f"r{index}": rule.reason for index, rule in enumerate(plain)}
        groups = (f"(?P<r{index}>{rule.pattern})" for index, rule in enumerate(plain))
        self._plain = re.compile("|".join(groups), re.IGNORECASE)
        self._others = [
            (rule.holds, re.compile(rule.pattern, re.IGNORECASE), rule.reason) for rule in chosen if rule.holds
        ]

    def reason(self, line: str) -> str:
        """The reason of the first rule that the whole line matches, "" if there is none."""
        if len(line) > MAX_LINE:
            return ""
        if found := self._plain.fullmatch(line):
            return self._reasons[found.lastgroup or ""]
        lowered = line.lower()
        matches = (
            reason for holds, pattern, reason in self._others if holds in lowered and pattern.fullmatch(line)
        )
        return next(matches, "")


@cache  # compiled on use: it takes milliseconds, and importing should not
def _matcher(*wheres: Where, openers: bool = False) -> _Matcher:
    return _Matcher(*wheres, rules=OPENERS if openers else RULES)


def boilerplate_marks(text: str) -> list[Mark]:
    """Marks of kind ``boilerplate``, sorted by start, for the lines of ``text`` that surround the article.

    ``text`` may have markup hidden (``marks.hide``). When every line is boilerplate
    none is marked, since boilerplate stands around something: none of a single line, and none of more lines than
    articles have. Runs of more than ``MAX_RUN`` characters without white space are marked in any case.

    >>> boilerplate_marks("It rained.\\n\\nLeave a Reply")
    [Mark(span=Span(start=12, end=25), kind='boilerplate', reason='comment form')]
    """
    shown = text.strip()
    breaks = max(shown.count("\r"), shown.count("\n"))
    lines = _lines(text) if 0 < breaks <= _MOST_LINES else []
    first, other = _matcher("anywhere"), _matcher("anywhere", "below")
    for index, line in enumerate(lines):
        line.reason = line.reason or (other if index else first).reason(line.text)
    if any(not line.reason for line in lines):
        for step in _STEPS:
            step(lines)
    found = [Mark(line.span, "boilerplate", line.reason) for line in lines if line.reason]
    longest = max(map(len, text.split()), default=0)  # a fifth of what the pattern costs
    unbroken = _RUN.finditer(text) if longest > MAX_RUN else ()
    runs = [Mark(Span(*run.span()), "boilerplate", "unbroken run") for run in unbroken]
    if len(found) == len(lines):
        return runs
    return sorted(found + runs, key=lambda mark: mark.span) if runs else found


def _lines(text: str) -> list[_Line]:
    """The lines that show something; those of a hard-wrapped paragraph count as one line."""
    ends = [found.span() for found in _LINE.finditer(text)]
    breaks, heads = wrapped_breaks(text, ends)
    spans: list[Span] = []
    for begin, end in ends:
        start = spans.pop().start if begin in breaks else begin
        spans.append(Span(start, begin + len(text[begin:end].rstrip())))
    lines = (_Line(one, _visible(one.of(text)), "page head" if one.start in heads else "") for one in spans)
    return [line for line in lines if line.text]


def _visible(line: str) -> str:
    if HIDDEN in line or "\n" in line:
        line = " ".join(line.replace(HIDDEN, "").split())
    return line.lstrip(_DECORATION).rstrip(_TRAILING) if len(line) <= MAX_LINE else line


def _find_earlier_mail(lines: list[_Line]) -> None:
    """The mail that a mail answers or passes on: its header, and all of it if it is shorter than the answer."""
    fields = [bool(_MAIL_FIELD.match(line.text)) for line in lines]
    begins = (at for at, line in enumerate(lines) if line.reason == _EARLIER or fields[at : at + 2] == [True, True])
    first = next(begins, len(lines))
    above, below = (sum(len(line.text) for line in part) for part in (lines[:first], lines[first:]))
    for line in lines[first:]:
        if above <= below and not line.reason and not _MAIL_FIELD.match(line.text):
            return
        line.reason = line.reason or _EARLIER


def _find_prose(lines: list[_Line]) -> None:
    """Set ``prose`` on the article's paragraphs: 25 words, or 12 that end as sentences do.

    Where there is none, short sentences are the article.
    """
    for line in lines:
        words = line.text.count(" ") + 1
        line.prose = not line.reason and (words >= 25 or (words >= 12 and bool(_WORD_END.search(line.text))))
    if not any(line.prose for line in lines):
        for line in lines:
            line.prose = not line.reason and line.text.count(" ") >= 4 and bool(_WORD_END.search(line.text))


def _top(lines: list[_Line]) -> int:
    """How many lines may be the page's head: ten, not beyond the second paragraph of prose or the last."""
    paragraphs = [index for index, line in enumerate(lines[:_TOP_LINES]) if line.prose]
    return paragraphs[2] if len(paragraphs) > 2 else min(_TOP_LINES, _end(lines))


def _end(lines: list[_Line]) -> int:
    """Index of the first line after all prose; the number of lines when there is no prose."""
    return 1 + max((index for index, line in enumerate(lines) if line.prose), default=len(lines) - 1)


def _headline(lines: list[_Line]) -> int:
    return next((index for index, line in enumerate(lines) if not line.reason), len(lines))


def _find_head(lines: list[_Line]) -> None:
    """Bylines, dates and labels among the first lines; the headline is never taken for one."""
    if not any(line.prose for line in lines):
        return
    for index in range(_top(lines)):
        line = lines[index]
        if line.reason or line.prose:
            continue
        reason = _matcher("top", "edge").reason(line.text)
        if index == _headline(lines) and (reason == "byline" or _is_prose(lines, index + 1)):
            reason = ""
        line.reason = reason


def _is_prose(lines: list[_Line], index: int) -> bool:
    return index < len(lines) and lines[index].prose


def _find_bare_byline(lines: list[_Line]) -> None:
    """A line that is only a name, between headline and text, and a picture's description above it.

    Two names or more are taken for an article's own headings.
    """
    names = [
        index
        for index, line in enumerate(lines)
        if not line.reason
        and len(line.text) <= 50
        and _is_prose(lines, index + 1)
        and _BARE_NAME.fullmatch(line.text)
        and not _NOT_IN_NAMES.search(line.text)
    ]
    if len(names) != 1 or not _headline(lines) < names[0] < _top(lines):
        return
    # an article names its subjects in other lines as well, not its author
    words = [word.lower() for word in lines[names[0]].text.split() if len(word) > 3]
    others = (line.text.lower() for line in lines[: names[0]] + lines[names[0] + 1 :])
    if any(word in text for text in others for word in words):
        return
    lines[names[0]].reason = "byline"
    above = lines[names[0] - 1]
    if names[0] - 1 > _headline(lines) and len(above.text) <= MAX_LINE and _ALT_TEXT.fullmatch(above.text):
        above.reason = "picture caption"
        above.prose = False


def _find_end(lines: list[_Line]) -> None:
    """Dates, counters and agencies after the last paragraph, and the headline where it is repeated."""
    headline = lines[_headline(lines)].text
    repeatable = headline.count(" ") >= 3 and len(headline) <= MAX_LINE
    for line in lines[_end(lines) :]:
        if line.reason:
            continue
        if repeatable and line.text.endswith(headline) and len(line.text) <= len(headline) + 80:
            line.reason = "headline repeated"
        else:
            line.reason = _matcher("edge").reason(line.text)


def _find_below_openers(lines: list[_Line]) -> None:
    """The lines under "Leave a Reply" or "Related Posts", if no prose is among them.

    Lists of articles are also put between paragraphs, so no sentence may stand below them.
    """
    is_opener = _matcher("anywhere", "below", openers=True).reason
    tail = range(_end(lines), len(lines))
    opener = next((index for index in tail if is_opener(lines[index].text)), len(lines))
    below = [line for line in lines[opener + 1 :] if not line.reason]
    if not below or (lines[opener].reason != "comment form" and any(line.text.endswith(".") for line in below)):
        return
    for line in below:
        line.reason = f"below '{lines[opener].text[:40]}'"


_TAG = r"[^\s,.!?;:“”\"]+(?: [^\s,.!?;:“”\"]+){0,3}"
_TAGS = re.compile(rf"{_TAG}(?:, ?{_TAG}){{3,40}}")
_VERBS = re.compile(r"\b(?:is|are|was|were|be|has|have|had|said|he|she|it|they|we|you|I|that|this|and|or|but)\b")


def _find_tag_list(lines: list[_Line]) -> None:
    """Four or more phrases joined by commas, beside other boilerplate after the last paragraph."""
    for index in range(_end(lines), len(lines)):
        line = lines[index]
        neighbours = lines[index - 1 : index] + lines[index + 1 : index + 2]
        beside = any(neighbour.reason for neighbour in neighbours)
        if beside and not line.reason and len(line.text) <= MAX_LINE and _TAGS.fullmatch(line.text):
            line.reason = "" if _VERBS.search(line.text) else "tag list"


# In this order: where the article begins and ends is known once its prose is.
_STEPS: tuple[Callable[[list[_Line]], None], ...] = (
    _find_earlier_mail, _find_prose, _find_head, _find_bare_byline, _find_end, _find_below_openers, _find_tag_list
)  # fmt: skip

"""PDF, by pypdf: plain Python, with limits on what a stream may unpack to, so that no file crashes the process."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from math import hypot
from typing import Any

from spindetect.errors import UnreadableArticle, needed
from spindetect.read.columns import Box, boxes_of
from spindetect.read.files import too_long
from spindetect.read.format import DOCUMENT_BYTES_PER_CHARACTER, Format, Reading
from spindetect.read.hidden import HIDDEN_TEXT
from spindetect.unicode import LIGATURES

_PLAIN = str.maketrans({**LIGATURES, "\x00": "", "\u00a0": " "})
_SILENCE = logging.NullHandler()
_HEAD_LINES = 2  # lines at the top and bottom of a page among which its running head and number are looked for
_PAGE_NUMBER = re.compile(r"[-–—|\s]*(?:(?:page|p\.)\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE)
_CUT_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]++)[-\u00ad\u2010]\Z")
_NEXT_PART = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]]*\Z")
# Words that compounds begin with, and that printers cut a word behind only where one of the endings follows.
_OFTEN_JOINED = frozenset(
    "one two three four five six seven eight nine first second third half well long short high low self".split()
)
_ENDINGS = frozenset("er ers est ly ish age ages ing ings ed ness ening ened en teen teenth ty some th".split())
_SHORT = 0.75  # of the usual width: a line that ends a paragraph
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# A letter takes two operators at most, and a byte of a packed document; what draws more repeats itself without end.
_ALWAYS = 50_000  # operators
_PAGE, _FORM = 100, 300  # operators as which a page counts, and a form each time that it is drawn
_SHOWING = frozenset((b"Tj", b"TJ", b"'", b'"'))
_COLOURING = frozenset((b"g", b"rg", b"k", b"sc", b"scn", b"cs"))
_FILLING = frozenset((b"f", b"F", b"f*"))
_PAINTING = _FILLING | {b"B", b"B*", b"b", b"b*", b"sh", b"Do", b"BI", b"INLINE IMAGE"}
_UNSEEN = (3, 7)  # rendering modes
_TINY, _ASKEW = 1.6, 0.1  # points, and the slope of a line
_NUMBER_FIRST = re.compile(r"\A\d{1,4}(?:\s+|\Z)")
_LINES_NUMBERED = 8
_BYTES = 25  # of a page's content that count as an operator, whatever is in them
# Bytes that a stream may unpack to: some, and so many for each of the file, and no more.
_STREAM, _STREAM_TIMES, _LARGEST_STREAM = 1 << 19, 10, 10_000_000
_PACKINGS = ("array_based_stream", "zlib", "lzw", "run_length", "brotli")


def read_pdf(data: bytes, name: str, max_characters: int) -> Reading:
    """The text of all pages, in paragraphs, without running heads and page numbers, cut words put together."""
    pypdf = needed("pypdf", "read a PDF document", "documents")
    logging.getLogger("pypdf").addHandler(_SILENCE)  # or else Python prints its warnings to the terminal
    sheets: list[list[str]] = []
    length = hidden = 0
    work = _Work(name, _ALWAYS + len(data))
    largest = min(_LARGEST_STREAM, _STREAM + _STREAM_TIMES * len(data))
    limits = {f"{packing}_maximum_output_length": largest for packing in _PACKINGS}
    try:
        with pypdf.apply_configuration(stream_parsing_work_maximum_count=500_000, **limits):
            reader = pypdf.PdfReader(BytesIO(data))
            if reader.is_encrypted and not reader.decrypt(""):
                raise UnreadableArticle(f"cannot read {name}: it takes a password. Save a copy without one.")
            for page in reader.pages:
                contents = page.get_contents()
                work.take(_PAGE + (len(contents.get_data()) // _BYTES if contents else 0))
                ink = _Ink(work)
                text = page.extract_text(visitor_operand_before=ink.before)
                without_odd, boxes = 0 < 2 * ink.odd < ink.whole, boxes_of(ink.shown)
                hidden += ink.hidden if without_odd else 0
                if without_odd or len(boxes) > 1:
                    parts = (_Ink(None, without_odd, box) for box in boxes)
                    text = "\n".join(page.extract_text(visitor_operand_before=part.before) for part in parts)
                sheets.append(_without_line_numbers(_lines(text)))
                length += sum(map(len, sheets[-1]))
                if length > max_characters:
                    raise too_long(name, f"more than {max_characters:,} characters", max_characters)
    except (UnreadableArticle, MemoryError):
        raise
    except Exception as error:  # pypdf raises whatever a damaged file leads it into
        raise UnreadableArticle(
            f"cannot read {name}: it is a PDF document, and damaged ({type(error).__name__}: {error}). "
            "Save it anew, or as text."
        ) from error
    text, pages = _flowing(_without_heads(sheets))
    warnings = () if text or not sheets else ("no text found: its pages are pictures; have them recognised (OCR)",)
    return Reading(text, warnings=(HIDDEN_TEXT.format(hidden),) if hidden else warnings, pages=pages)


class _Ink:
    """How a page's text is drawn: how many characters there are, how many don't show, and how many are odd.

    Those that don't show are drawn invisibly, tiny, or in white where nothing else was painted; odd are these and
    what stands askew, as watermarks and marginal notes do. Without ``work``, what is outside of ``box`` is left out
    as it is drawn, and what is odd if ``without_odd`` says so.
    """

    def __init__(self, work: _Work | None, without_odd: bool = False, box: Box | None = None) -> None:
        self.whole = self.hidden = self.odd = 0
        self._work, self._without_odd, self._box = work, without_odd, box
        self.shown: list[tuple[float, float, int]] = []  # where each string begins, and its length
        self._painted = False
        self._state: tuple[int, bool, float] = (0, False, 1.0)  # rendering mode, whether white, size
        self._saved: list[tuple[int, bool, float]] = []

    def before(self, operator: bytes, operands: list[Any], cm: Sequence[float], tm: Sequence[float]) -> None:
        """Look at an operator that is about to be carried out."""
        if self._work:
            self._work.before(operator)
        mode, white, size = self._state
        if operator in _SHOWING and operands:
            self._show(operands, cm, tm)
        elif operator in _COLOURING:
            values = [value for value in operands if isinstance(value, int | float)]
            blank = 0 if len(values) == 4 else 1
            self._state = mode, bool(values) and all(value == blank for value in values), size
        elif operator == b"Tr" and operands:
            self._state = int(operands[0]), white, size
        elif operator == b"Tf" and len(operands) > 1:
            self._state = mode, white, float(operands[1])
        elif operator == b"q":
            self._saved.append(self._state)
        elif operator == b"Q" and self._saved:
            self._state = self._saved.pop()
        elif operator in _PAINTING and not (white and operator in _FILLING):
            self._painted = True

    def _show(self, operands: list[Any], cm: Sequence[float], tm: Sequence[float]) -> None:
        mode, white, size = self._state
        strings = operands[-1] if isinstance(operands[-1], list) else operands[-1:]
        count = sum(len(one) for one in strings if isinstance(one, str | bytes))
        across = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
        hidden = mode in _UNSEEN or (white and not self._painted) or abs(size) * hypot(*across) < _TINY
        odd = hidden or abs(across[1]) > _ASKEW * abs(across[0])
        self.whole += count
        self.hidden += hidden * count
        self.odd += odd * count
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        if self._work:
            self.shown += [(x, y, count)] if count else []
        elif (odd and self._without_odd) or (self._box and not self._box.holds(x, y)):
            operands[-1] = type(operands[-1])() if isinstance(operands[-1], list) else ""


def _without_line_numbers(lines: list[str]) -> list[str]:
    """A page's lines without the numbers that count them, on lines of their own or before their text."""
    numbers = [int(found[0]) for line in lines if (found := _NUMBER_FIRST.match(line))]
    written = sum(not line.isdigit() for line in lines if line)
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    if len(numbers) < _LINES_NUMBERED or 2 * len(numbers) < written or not steps <= {1, 5}:
        return lines
    return [line for line in (_NUMBER_FIRST.sub("", line) for line in lines) if line]


class _Work:
    """How many operators are left that a document may draw with; `take` raises `UnreadableArticle` beyond that."""

    def __init__(self, name: str, left: int) -> None:
        self._name, self._left = name, left

    def take(self, count: int) -> None:
        """Count some work."""
        self._left -= count
        if self._left < 0:
            raise UnreadableArticle(
                f"cannot read {self._name}: it draws far more than its size explains. Save it anew, or as text."
            )

    def before(self, operator: bytes) -> None:
        """Count an operator that is about to be carried out."""
        self.take(_FORM if operator == b"Do" else 1)


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.translate(_PLAIN).split("\n")]


def _without_heads(sheets: Sequence[list[str]]) -> list[list[str]]:
    """The pages' lines without those that most pages have at top or bottom, numbers apart, and page numbers."""
    edges = Counter(head for lines in sheets for head in {_head(lines[at]) for at in _edges(lines)})
    running = {head for head, count in edges.items() if count > 1 and 2 * count >= len(sheets)}
    kept = []
    for lines in sheets:
        left_out = {at for at in _edges(lines) if _head(lines[at]) in running or _PAGE_NUMBER.fullmatch(lines[at])}
        kept.append([line for at, line in enumerate(lines) if at not in left_out])
    return kept


def _edges(lines: Sequence[str]) -> set[int]:
    """The places of the first and last lines of a page, blank ones apart."""
    places = [at for at, line in enumerate(lines) if line]
    return {*places[:_HEAD_LINES], *places[-_HEAD_LINES:]}


def _head(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _flowing(sheets: Sequence[list[str]]) -> tuple[str, tuple[int, ...]]:
    """Lines put together to paragraphs, and where each page begins in what comes out."""
    widths = sorted(len(line) for lines in sheets for line in lines if line)
    usual = widths[9 * len(widths) // 10] if widths else 0
    known = Counter(word.lower() for lines in sheets for line in lines for word in _WORD.findall(line))
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    last = ""
    blank = False
    for line, new_page in _numbered(sheets):
        joint = _joint(last, line, blank, usual, known) if last else ""
        if line and joint == "-":  # the hyphen goes, the word goes on
            pieces[-1], length, joint = pieces[-1][:-1], length - 1, ""
        if new_page:
            starts.append(length + len(joint) if line else length)
        if line:
            pieces += [joint, line]
            length += len(joint) + len(line)
            last, blank = line, False
        elif not new_page:
            blank = True
    return "".join(pieces), tuple(starts)


def _numbered(sheets: Sequence[list[str]]) -> Iterator[tuple[str, bool]]:
    for lines in sheets:
        first = next((at for at, line in enumerate(lines) if line), len(lines))
        yield from ((line, at == 0) for at, line in enumerate(lines[first:] or [""]))


def _joint(last: str, line: str, blank: bool, usual: int, known: Counter[str]) -> str:
    """The characters between two lines: a space, a paragraph's end, nothing, or ``-`` where the hyphen goes."""
    cut, following = _CUT_WORD.search(last), _NEXT_PART.match(line)
    if cut and following and not blank:
        return "" if _keeps_hyphen(cut, following[0], known) else "-"
    ends = _SENTENCE_END.search(last) is not None
    if blank:
        return "\n\n" if ends or not line[:1].islower() else " "
    short = len(last) < _SHORT * usual
    return "\n\n" if short and (ends or not line[:1].islower()) else " "


def _keeps_hyphen(cut: re.Match[str], following: str, known: Counter[str]) -> bool:
    """Whether a hyphen at a line's end is the word's own, as in "well-known", and not the printer's."""
    first, second = cut[1].lower(), following.lower()
    if following[0].isupper():
        return True
    if not cut[0].endswith("-") or known[first + second]:
        return False
    # In the end, two parts that are words of the text by themselves hardly come of cutting one.
    return (
        (first in _OFTEN_JOINED and second not in _ENDINGS)
        or known[f"{first}-{second}"] > 0
        or (known[first] > 1 and known[second] > 1)
    )


ROWS = (
    Format(name="pdf", title="a PDF document", endings=(".pdf",), media_types=("application/pdf",),
           kept="the text of its pages, without running heads and page numbers", document=read_pdf,
           magic=(b"%PDF-",), extra="documents", bytes_per_character=DOCUMENT_BYTES_PER_CHARACTER),
)  # fmt: skip

"""The main text of an HTML page, by trafilatura, and by all that is visible where it finds none."""

from __future__ import annotations

import logging
import re
from copy import copy, deepcopy
from functools import cache, cached_property
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING

from spindetect.memory import check_memory
from spindetect.read.captions import without_captions
from spindetect.read.hidden import leave_out_hidden, may_hide, without_hidden
from spindetect.read.loose import with_paragraphs

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Extractor

# trafilatura is imported on use: it takes a tenth of a second, and most inputs are plain text.

_SILENCE = logging.NullHandler()

_TAG = re.compile(r"<(?:!doctype|/?[a-z][a-z0-9]{0,15})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,300}\?>\s*)?(?:<!--(?:[^-<]|-(?!->)|<(?!!--))*-->\s*)?"
    r"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(r"\s*<(article|section|main|div|p|h[1-6])(?:\s[^<>]*)?>", re.IGNORECASE)
_COMMON_TAG = re.compile(
    r"</(?:p|a|b|i|u|em|strong|span|div|h[1-6]|li|ul|ol|blockquote|figure|figcaption|section|article|td)>|<br\s?/?>",
    re.IGNORECASE,
)
_XML_DECLARATION = re.compile(r"(?:\A\s*+)?<\?xml[^>]{0,300}\?>")

# Characters that a page may hold, as they are or by their numbers, and that lxml doesn't take back.
_NO_XML = re.compile(
    r"[\x00-\x08\x0e-\x1f\ufffe\uffff]|&#(?:0*+(?:[0-8]|1[124-9]|2[0-9]|3[01]|6553[45])(?![0-9])"
    r"|x0*+(?:[0-8bcef]|1[0-9a-f]|fff[ef])(?![0-9a-f]));?",
    re.IGNORECASE,
)

# Elements whose content isn't shown; what follows one that is never closed isn't lost with it.
_INVISIBLE = re.compile(r"<(script|style|head|title|template|noscript|svg|iframe|select|rt|rp)\b", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?:[^-<]|-(?!->)|<(?!!--))*+-->")
_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|body|br|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header"
    r"|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|ul)(?:[\s/][^<>]*+)?>",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"<[a-z/!?][^<>]*+>", re.IGNORECASE)

# Of an element's attributes so many are kept: the parser's time grows with the square of their number.
_ATTRIBUTE = r"[\s/]*+[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+"
_TAG_WITH_ATTRIBUTES = re.compile(rf"<[a-z][^\s/>]*+(?:{_ATTRIBUTE})*+", re.IGNORECASE)
_FIRST_ATTRIBUTES = re.compile(rf"<[a-z][^\s/>]*+(?:{_ATTRIBUTE}){{0,100}}+", re.IGNORECASE)
# A page of more elements isn't searched for its main text, which takes up to 40 µs for each of them: an article has
# hundreds, a long list thousands.
_MOST_ELEMENTS = 25_000
_LONG_TAG = 200  # characters; a hundred attributes take more
_LARGE = frozenset("BCDEFGHJKLMNPQRSTUVWXYZ")  # first letters that are no words by themselves
# Elements that hold nothing of an article, for trafilatura as well; and the length from which it asks no other
# extractor, set as it is here.
_NO_ARTICLE = ("script", "style", "nav", "aside", "footer", "noscript", "svg", "iframe", "select")
_LONG = 1_100
_PRUNED = [
    "//nav | //sup[a[starts-with(@href, '#')]] | //blockquote[contains(@class, 'twitter-tweet')]",
    "//*[self::blockquote or self::figure or self::p][contains(translate(@class, '-_', ''), 'pullquote')]",
    "//*[@itemprop='author'][not(descendant::p[4])]",
    "//*[@role='doc-endnotes' or contains(concat(' ', @class, ' '), ' footnotes ')][not(self::article)]",
]
_SHORT_PAGE = 250  # characters, tags and all: no page is so short, but there may be thousands of them in a file
_LINKED_DATA = "application/ld+json"


def has_tag(text: str) -> bool:
    """Whether the text holds an HTML tag anywhere: an .html file without one is plain text."""
    return _TAG.search(text) is not None


def has_markup(text: str) -> bool:
    """Whether a text from a feed's or table's field is HTML: common elements that end, or breaks, several of them.

    >>> has_markup("<p>It rained.</p><p>It stopped.</p>"), has_markup("Write <b> for bold text.")
    (True, False)
    """
    return is_fragment(text) or sum(1 for _ in islice(_COMMON_TAG.finditer(text), 2)) == 2


def is_page(text: str) -> bool:
    """Whether the text begins as an HTML page does: a doctype, ``<html``, ``<head`` or ``<body``."""
    return _PAGE.match(text) is not None


def is_fragment(text: str) -> bool:
    """Whether the text begins with a block element that is closed somewhere, as ``<p>...</p>`` is."""
    found = _FRAGMENT.match(text)
    return found is not None and f"</{found[1].lower()}>" in text[:100_000].lower()


def main_text(page: str) -> tuple[str, tuple[str, ...]]:
    """The article on a page, one paragraph a line, and warnings about how it was found; see `main_text_of`."""
    return main_text_of(*parsed(page))


def parsed(page: str) -> tuple[str, HtmlElement | None]:
    """A page as a whole page without what lxml stumbles over, and its tree; None for none, or an endless one."""
    from lxml import etree, html

    page = _complete(page)
    if _is_endless(page):
        return page, None
    try:
        parser = html.HTMLParser(collect_ids=False, default_doctype=False, remove_comments=True, remove_pis=True)
        return page, html.document_fromstring(page, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        check_memory(error)
        return page, None


def main_text_of(page: str, tree: HtmlElement | None) -> tuple[str, tuple[str, ...]]:
    """The article on a page as `parsed` gives it, one paragraph a line, and warnings about how it was found.

    Text that colour, size or visibility hides is left out first, unless it is most of the text. Comments,
    scripts, menus and footers are left out by trafilatura (Barbaresi 2021,
    https://aclanthology.org/2021.acl-demo.15), set to keep what is doubtful. Where it finds nothing,
    everything visible is taken, as of a page without a ``tree``, which isn't what it was afterwards.
    """
    from lxml import html

    changed, warnings = leave_out_hidden(tree) if tree is not None and may_hide(page) else (False, ())
    for step in _STEPS if tree is not None else ():
        changed = step(tree) or changed
    if text := "" if tree is None else _extract_from(tree, len(page) <= _SHORT_PAGE):
        return text, warnings
    if text := visible_text(str(html.tostring(tree, encoding="unicode")) if changed else page):
        return text, (*warnings, "no main text found: all visible text of the page was taken")
    return "", (*warnings, "no text found: the page shows none")


def _without_struck(tree: HtmlElement) -> bool:
    """Take out what is struck through, unless that is most of the text; whether there was any."""
    struck = list(tree.iter("del", "s", "strike"))
    size = sum(len("".join(one.itertext())) for one in struck)
    if not struck or 2 * size > len("".join(tree.itertext())):
        return False
    for element in struck:
        element.drop_tree()
    return True


def _with_first_letters(tree: HtmlElement) -> bool:
    """Put large first letters that stand by themselves into their paragraphs; whether there was any."""
    changed = False
    for element in tree.iter("div", "p", "span"):
        letter, paragraph = (element.text or "").strip(), element.getnext()
        alone = not len(element) and letter in _LARGE and not (element.tail or "").strip()
        if alone and paragraph is not None and paragraph.tag == "p" and (paragraph.text or "")[:1].islower():
            element.text, paragraph.text, changed = None, letter + paragraph.text, True
    return changed


def _complete(page: str) -> str:
    """``page`` without what lxml stumbles over, and as a page if a fragment."""
    if "<?xml" in page:
        page = _XML_DECLARATION.sub("", page, count=1)
    page = _NO_XML.sub("", page.replace("\x0b", " ").replace("\x0c", " "))
    page = _NO_XML.sub(" ", page)  # what was left of one inside another [&#&#1;1;]
    if any(tag.end() - tag.start() > _LONG_TAG for tag in _TAG_WITH_ATTRIBUTES.finditer(page)):
        page = _TAG_WITH_ATTRIBUTES.sub(_with_fewer_attributes, page)
    return page if re.search(r"<html\b", page, re.IGNORECASE) else f"<html><body>{page}</body></html>"


def _is_endless(page: str) -> bool:
    return page.count("<") - page.count("</") > _MOST_ELEMENTS


def _with_fewer_attributes(tag: re.Match[str]) -> str:
    first = _FIRST_ATTRIBUTES.match(tag[0]) if len(tag[0]) > _LONG_TAG else None
    return first[0] if first else tag[0]


_STEPS = (_without_struck, _with_first_letters, without_captions, with_paragraphs)


def _extract_from(tree: HtmlElement, short: bool) -> str:
    """The same as `_extract`, faster where the article is long.

    Elements that trafilatura never takes for an article go first: they may be nine tenths of a page, and it
    copies and searches all of it several times. It looks at them as well only if it finds little without them.
    Of a ``short`` page nothing else needs to be told from the article.
    """
    from lxml import etree, html

    if not short and all(
        one.tag == "script" and one.get("type") == _LINKED_DATA for one in tree.iter(*_NO_ARTICLE)
    ):
        return _extract(tree)
    light = copy(tree)
    linked = [script for script in light.iter("script") if script.get("type") == _LINKED_DATA]
    for script in linked:  # which trafilatura reads
        script.tag = "data"
    etree.strip_elements(light, *_NO_ARTICLE, with_tail=False)
    if short:
        return visible_text(str(html.tostring(light, encoding="unicode")))
    for script in linked:
        script.tag = "script"
    found = _extract(light)
    return found if len(found) > _LONG else _extract(tree)


def _extract(page: str | HtmlElement) -> str:
    import trafilatura

    return trafilatura.extract(page, prune_xpath=_PRUNED, options=_extraction_settings()) or ""


class _HashedOnce(tuple[str, ...]):
    """Words whose hash is computed once: justext looks up its 150,000 stop words by theirs, page after page."""

    @cached_property
    def _hash(self) -> int:
        return tuple.__hash__(self)

    def __hash__(self) -> int:
        return self._hash


@cache
def _extraction_settings() -> Extractor:
    """trafilatura's settings with a shorter shortest article; and it is made ready.

    Below ``MIN_EXTRACTED_SIZE`` characters, 250 by default, it takes all text of the
    page and joins the paragraphs, so a short news item and its byline become one line.
    """
    from trafilatura import external
    from trafilatura.settings import DEFAULT_CONFIG, Extractor

    # Without a handler, Python prints a library's warnings to the terminal; ours are in the Article.
    logging.getLogger("trafilatura").addHandler(_SILENCE)
    setattr(external, "JT_STOPLIST", _HashedOnce(external.jt_stoplist_init()))  # noqa: B010  # typed as None
    settings = deepcopy(DEFAULT_CONFIG)
    settings["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "100"
    return Extractor(config=settings, output_format="txt", comments=False, recall=True, dedup=False)


def shown_text(page: str) -> str:
    """All text of a page or a piece of one, without what its colour or size hides, one block element a line.

    For what holds nothing but an article, as a feed's entry or a book's chapter: it is faster than `main_text`,
    and leaves out nothing.
    """
    page = _complete(page)
    return visible_text(page if _is_endless(page) else without_hidden(page)[0])


def visible_text(page: str) -> str:
    """All text of a page that a browser would show, one block element a line.

    >>> visible_text("<p>One<br>two &amp; <b>three</b></p><script>x()</script>")
    'One\\ntwo & three'
    """
    shown = re.sub(r"\s+", " ", _without_invisible(_COMMENT.sub("", page)))
    shown = unescape(_ANY_TAG.sub("", _BLOCK.sub("\n", shown)))
    lines = (" ".join(line.split()).strip("\ufeff ") for line in shown.split("\n"))
    return "\n".join(line for line in lines if line)


def _without_invisible(page: str) -> str:
    """``page`` without scripts, styles and the like; searched once from left to right."""
    # str.lower() changes the length of a few letters, and offsets must stay.
    lowered = page.translate({code: code + 32 for code in range(ord("A"), ord("Z") + 1)})
    unclosed: set[str] = set()
    pieces: list[str] = []
    start = 0
    for opening in _INVISIBLE.finditer(page):
        name = opening[1].lower()
        if opening.start() < start or name in unclosed:
            continue
        end = lowered.find(f"</{name}", opening.end())
        if end < 0:
            unclosed.add(name)
            continue
        pieces.append(page[start : opening.start()])
        start = end  # its end tag goes with the other tags
    return "".join(pieces) + page[start:]

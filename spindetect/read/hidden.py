"""Text that a page holds and doesn't show: its colour is the ground's, it has no size, or it isn't visible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spindetect.read.styles import Style, Styles, colour, ground

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAY_HIDE = re.compile(r"color\s*[:=]|font-size\s*:|visibility\s*:|\bhidden\b|display\s*:\s*none", re.IGNORECASE)
_NO_SIZE = re.compile(r"(?:0+\.?0*|\.0+)(?:px|pt|em|rem|%|ex|ch|vw|vh)?\Z")
_RELATIVE = re.compile(r"[\d.]+(?:em|%|ex)\Z|inherit|smaller|larger")
_UNSEEN = re.compile(r"hidden|display\s*:\s*none", re.IGNORECASE)
# Links and buttons are often white, on a ground that a style sheet elsewhere gives them.
_ON_OWN_GROUND = frozenset({"a", "button", "input", "nav", "header", "footer", "h1", "th"})
_INLINE = frozenset("a abbr b cite code em font i mark q s small span strong sub sup u wbr".split())
_UNKNOWN = "?"
# Pieces of text of fewer characters are menus and buttons; where there is nothing longer, all text counts.
_PROSE = 60
# Where next to nothing would be left, it isn't hidden: a script shows it, or it stands on a dark ground.
_FEWEST_SHOWN = 400
_WARNING = "hidden text: {} characters that the page holds and doesn't show were left out"
_KEPT = (
    "hidden text: most of the text is hidden by the page's own styles, as scripts may show it later, and was taken"
)


@dataclass(frozen=True, slots=True)
class _State:
    """What holds for an element's text: ``gone`` with all inside it, not visible, without size, its colours."""

    gone: bool
    unseen: bool
    no_size: bool
    colour: str
    ground: str

    @property
    def hides(self) -> bool:
        """Whether the element's own text doesn't show."""
        return self.gone or self.unseen or self.no_size or (self.colour in ("transparent", self.ground))


def without_hidden(page: str) -> tuple[str, tuple[str, ...]]:
    """``page`` without the text that its styles hide, and a warning if there was any.

    Inline styles and the page's own rules for single classes and ids are looked at, not scripts or style sheets
    elsewhere. What is hidden beside a visible article is left out. Where the hidden part is most
    of the text it is the text: a wrapper hides it until a script has run, or has its size or ground elsewhere.
    """
    if not _MAY_HIDE.search(page):
        return page, ()
    from lxml import etree, html

    try:
        tree = html.document_fromstring(page)
    except (etree.LxmlError, ValueError):
        return page, ()
    styles = Styles("\n".join(one.text or "" for one in tree.iter("style")))
    shown_anyway: set[HtmlElement] = set()
    states = _states(tree, styles, shown_anyway)
    while wrappers := _wrappers(states) - shown_anyway:
        shown_anyway |= wrappers
        states = _states(tree, styles, shown_anyway)
    size = _leave_out(states)
    changed = size > 0
    for element, state in states.items():
        if not state.gone and _takes_for_hidden(element, shown_anyway):
            changed = True
            for name in ("style", "hidden", "aria-hidden", *(("class", "id") if element in shown_anyway else ())):
                element.attrib.pop(name, None)
    warnings = (*((_KEPT,) if shown_anyway else ()), *((_WARNING.format(size),) if size else ()))
    return (str(html.tostring(tree, encoding="unicode")) if changed else page), warnings


def _takes_for_hidden(element: HtmlElement, shown_anyway: set[HtmlElement]) -> bool:
    """Whether trafilatura would leave an element out for its attributes though it shows [overflow: hidden]."""
    return element in shown_anyway or bool(_UNSEEN.search(element.get("style") or ""))


def _states(tree: HtmlElement, styles: Styles, shown_anyway: set[HtmlElement]) -> dict[HtmlElement, _State]:
    """What holds for each element, from the root down; what hides those in ``shown_anyway`` is passed over."""
    states: dict[HtmlElement, _State] = {}
    first = _State(False, False, False, "", styles.page_ground)
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "head", "title", "noscript"):
            around = states.get(element.getparent(), first)
            style = styles.of(element)
            states[element] = _state(element, style, around, element in shown_anyway)
    return states


def _state(element: HtmlElement, style: Style, around: _State, shown: bool) -> _State:
    if shown:
        return _State(False, False, False, "", _UNKNOWN)
    size, visible = style.get("font-size", ""), style.get("visibility", "")
    no_size = around.no_size if not size or _RELATIVE.match(size) else False
    behind = _UNKNOWN if element.tag in _ON_OWN_GROUND else ground(style) or around.ground
    return _State(
        gone=around.gone or element.get("hidden") is not None or style.get("display") == "none",
        unseen=visible in ("hidden", "collapse") if visible and visible != "inherit" else around.unseen,
        no_size=no_size or bool(_NO_SIZE.match(size)),
        colour=colour(style.get("color", "")) or around.colour,
        ground=behind,
    )


def _pieces(element: HtmlElement) -> Iterator[str]:
    """The element's own text: what stands in it and in none of its children."""
    for piece in (element.text, *(child.tail for child in element)):
        if piece and not piece.isspace():
            yield " ".join(piece.split())


def _wrappers(states: dict[HtmlElement, _State]) -> set[HtmlElement]:
    """The outermost elements that hide an article: of the prose on the page most is in them."""
    hidden: dict[HtmlElement, int] = {}
    total = {False: 0, True: 0}
    within: dict[HtmlElement, HtmlElement] = {}
    has_prose = any(len(piece) >= _PROSE for element in states for piece in _pieces(element))
    for element, state in states.items():
        if state.hides:
            root = within[element] = within.get(element.getparent(), element)
            hidden.setdefault(root, 0)
        for piece in _pieces(element):
            if len(piece) >= _PROSE or not has_prose:
                total[state.hides] += len(piece)
                if state.hides:
                    hidden[within[element]] += len(piece)
    blocks = {root for root, size in hidden.items() if size and root.tag not in _INLINE}
    if sum(hidden[root] for root in blocks) > total[False]:
        return blocks
    return (
        {root for root, size in hidden.items() if size} if total[False] < min(total[True], _FEWEST_SHOWN) else set()
    )


def _leave_out(states: dict[HtmlElement, _State]) -> int:
    """Take the hidden text out of the page, and say how many characters it had."""
    shows: set[HtmlElement] = set()
    for element in reversed(states):
        if element in shows or (not states[element].hides and next(_pieces(element), None)):
            shows |= {element, element.getparent()}
    size = 0
    for element, state in states.items():
        if not state.hides:
            continue
        if state.gone and element.get("hidden") is None:  # trafilatura leaves it out, as menus and dialogs are
            continue
        size += sum(map(len, _pieces(element)))
        element.text = None
        for child in element:
            child.tail = None
        if element not in shows and not len(element) and element.getparent() is not None:
            element.drop_tree()
    return size

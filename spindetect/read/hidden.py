"""Text that a page holds and doesn't show: its colour is the ground's, it has no size, or it isn't visible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from spindetect.read.styles import Style, Styles, colour, ground

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAY_HIDE = re.compile(
    r"color\s*[:=]|font-size\s*:|visibility\s*:|\bhidden\b|display\s*:\s*none|opacity\s*:\s*0|:\s*-\d{3}|clip(?:-path)?\s*:|sr-only|visually-?hidden|screen-reader-text",
    re.IGNORECASE,
)
_FAR = re.compile(r"-\d{3,9}(?:\.\d{0,9})?(?:px|em|rem|pt|vw|%)\Z")  # to the left of the page, or above it
_CLIPPED = re.compile(r"rect\((?:[01](?:px)?[,\s]{0,9}){4}\)|inset\((?:50|100)%\)")
_NO_SIZE = re.compile(r"(?:0++\.?0*+|\.0++)(?:px|pt|em|rem|%|ex|ch|vw|vh)?\Z")
_RELATIVE = re.compile(r"[\d.]+(?:em|%|ex)\Z|inherit|smaller|larger")
_UNSEEN = re.compile(r"hidden|display\s*:\s*none", re.IGNORECASE)
# Links and buttons are often white, on a ground that a style sheet elsewhere gives them.
_ON_OWN_GROUND = frozenset({"a", "button", "input", "nav", "header", "footer", "h1", "th"})
INLINE = frozenset("a abbr b cite code em font i mark q s small span strong sub sup u wbr".split())
_UNKNOWN = "?"
# Pieces of text of fewer characters are menus and buttons; where there is nothing longer, all text counts.
_PROSE = 60
# Where next to nothing would be left, it isn't hidden: a script shows it, or it stands on a dark ground.
_FEWEST_SHOWN = 400
_NOT_SHOWN = frozenset({"script", "style", "head", "title", "noscript"})
HIDDEN_TEXT = "hidden text: {} characters that the page holds and doesn't show were left out"
_KEPT = (
    "hidden text: most of the text is hidden by the page's own styles, as scripts may show it later, and was taken"
)


@dataclass(frozen=True, slots=True)
class _State:
    """The state of an element's text: ``gone`` with all inside it, not visible, without size, its colours."""

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
    """``page`` without the text that its styles hide, and a warning if there was any; see `leave_out_hidden`."""
    if not may_hide(page):
        return page, ()
    from lxml import etree, html

    try:
        tree = html.document_fromstring(page)
    except (etree.LxmlError, ValueError):
        return page, ()
    changed, warnings = leave_out_hidden(tree)
    return (str(html.tostring(tree, encoding="unicode")) if changed else page), warnings


def may_hide(page: str) -> bool:
    """Whether there is anything on a page that may hide text."""
    return _MAY_HIDE.search(page) is not None


def leave_out_hidden(tree: HtmlElement) -> tuple[bool, tuple[str, ...]]:
    """Take the text that its styles hide out of a page; whether there was any, and a warning that says so.

    Inline styles and the page's own rules for single classes and ids are looked at, not scripts or style sheets
    elsewhere. Hidden text beside a visible article is left out. Where the hidden part is most
    of the text it is the text: a wrapper hides it until a script has run, or has its size or ground elsewhere.
    """
    styles = Styles(tree)
    styled = styles.styled(tree)
    shown_anyway: set[HtmlElement] = set()
    roots = _may_be_hidden(styled, styles)
    states = _states(tree, roots, styles, shown_anyway)
    while wrappers := _wrappers(tree, states) - shown_anyway:
        shown_anyway |= wrappers
        states = _states(tree, roots, styles, shown_anyway)
    changed, size = _leave_out(states)
    for element in [*styled, *shown_anyway]:
        gone = element in states and states[element].gone
        # trafilatura would leave it out for its attributes though it shows [overflow: hidden]
        if not gone and (element in shown_anyway or _UNSEEN.search(element.get("style") or "")):
            changed = True
            for name in ("hidden", "aria-hidden", *(("class", "id") if element in shown_anyway else ())):
                element.attrib.pop(name, None)
            if element.get("style"):
                element.set("style", "")  # not deleted: lxml copies such a tree at half the speed
    return changed, (*((_KEPT,) if shown_anyway else ()), *((HIDDEN_TEXT.format(size),) if size else ()))


def _may_be_hidden(styled: list[HtmlElement], styles: Styles) -> frozenset[HtmlElement]:
    """The elements that may hide text in them by their own styles; nothing outside of them is hidden."""
    own = [(element, styles.of(element)) for element in styled]
    grounds = {"transparent", styles.page_ground, *(ground(style) for _, style in own)} - {""}
    return frozenset(
        element
        for element, style in own
        if element.get("hidden") is not None
        or style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or _NO_SIZE.match(style.get("font-size", ""))
        or _is_away(style)
        or (style.get("color") and colour(style["color"]) in grounds)
    )


def _states(
    tree: HtmlElement, roots: frozenset[HtmlElement], styles: Styles, shown_anyway: set[HtmlElement]
) -> dict[HtmlElement, _State]:
    """The state of ``roots`` and all in them, from above down; nothing hides ``shown_anyway``."""
    states: dict[HtmlElement, _State] = {}
    around: dict[HtmlElement | None, _State] = {None: _State(False, False, False, "", styles.page_ground)}
    for element in tree.iter() if roots else ():
        parent = element.getparent()
        if (parent in states or element in roots) and _is_shown(element):
            outer = states.get(parent) or _around(parent, around, styles, shown_anyway)
            states[element] = _state(element, styles.of(element), outer, element in shown_anyway)
    return states


def _around(
    element: HtmlElement | None,
    known: dict[HtmlElement | None, _State],
    styles: Styles,
    shown_anyway: set[HtmlElement],
) -> _State:
    """The state of an element that nothing hides; ``known`` holds the states found so far, and grows."""
    path = []
    while element not in known:
        path.append(element)
        element = element.getparent()  # type: ignore[union-attr]  # None is known
    state = known[element]
    for one in reversed(path):
        state = _state(one, styles.of(one), state, one in shown_anyway) if _is_shown(one) else known[None]
        known[one] = state
    return state


def _is_shown(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and element.tag not in _NOT_SHOWN


def _state(element: HtmlElement, style: Style, around: _State, shown: bool) -> _State:
    if shown:
        return _State(False, False, False, "", _UNKNOWN)
    size, visible = style.get("font-size", ""), style.get("visibility", "")
    no_size = around.no_size if not size or _RELATIVE.match(size) else False
    behind = _UNKNOWN if element.tag in _ON_OWN_GROUND else ground(style) or around.ground
    return _State(
        gone=around.gone or element.get("hidden") is not None or style.get("display") == "none" or _is_away(style),
        unseen=visible in ("hidden", "collapse") if visible and visible != "inherit" else around.unseen,
        no_size=no_size or bool(_NO_SIZE.match(size)),
        colour=colour(style.get("color", "")) or around.colour,
        ground=behind,
    )


def _is_away(style: Style) -> bool:
    """Whether an element shows through, is cut to nothing, or stands beside the page."""
    if any(_FAR.match(style.get(one, "")) for one in ("text-indent", "left", "top")):
        return True
    clipped = any(_CLIPPED.match(style.get(one, "")) for one in ("clip", "clip-path"))
    fades_in = "transition" in style or "animation" in style
    return clipped or (not fades_in and bool(_NO_SIZE.match(style.get("opacity", ""))))


def _pieces(element: HtmlElement) -> Iterator[str]:
    """The element's own text: what stands in it and in none of its children."""
    for piece in (element.text, *(child.tail for child in element)):
        if piece and not piece.isspace():
            yield " ".join(piece.split())


def _wrappers(tree: HtmlElement, states: dict[HtmlElement, _State]) -> set[HtmlElement]:
    """The outermost elements that hide an article: of the prose on the page most is in them.

    ``states`` are those of all elements that may be hidden; what is outside of them shows.
    """
    hidden: dict[HtmlElement, int] = {}
    within: dict[HtmlElement, HtmlElement] = {}
    if not any(state.hides for state in states.values()):
        return set()
    shown = [one for one in tree.iter() if _is_shown(one) and not (one in states and states[one].hides)]
    has_prose = any(len(piece) >= _PROSE for one in chain(states, shown) for piece in _pieces(one))
    least = _PROSE if has_prose else 1
    for element, state in states.items():
        if state.hides:
            root = within[element] = within.get(element.getparent(), element)
            hidden[root] = hidden.get(root, 0) + sum(len(one) for one in _pieces(element) if len(one) >= least)
    total = sum(hidden.values())
    visible = 0
    for element in shown:
        if visible >= total:  # enough to know
            break
        visible += sum(len(one) for one in _pieces(element) if len(one) >= least)
    blocks = {root for root, size in hidden.items() if size and root.tag not in INLINE}
    if sum(hidden[root] for root in blocks) > visible:
        return blocks
    return {root for root, size in hidden.items() if size} if visible < min(total, _FEWEST_SHOWN) else set()


def _leave_out(states: dict[HtmlElement, _State]) -> tuple[bool, int]:
    """Take the hidden text out of the page; whether there was any, and how many characters worth telling it had.

    Of what isn't displayed, as menus and dialogs aren't, only prose is.
    """
    shows: set[HtmlElement] = set()
    for element in reversed(states):
        if element in shows or (not states[element].hides and next(_pieces(element), None)):
            shows |= {element, element.getparent()}
    size, changed = 0, False
    for element, state in states.items():
        if not state.hides:
            continue
        for piece in _pieces(element):
            changed = True
            told = not state.gone or element.get("hidden") is not None or len(piece) >= _PROSE
            size += len(piece) if told else 0
        element.text = None
        for child in element:
            child.tail = None
        if element not in shows and not len(element) and element.getparent() is not None:
            element.drop_tree()
    return changed, size

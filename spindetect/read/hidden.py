"""Text that a page holds and doesn't show: its colour is the ground's, or it has no size."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAY_HIDE = re.compile(r"color\s*[:=]|font-size\s*:|visibility\s*:|\shidden\b", re.IGNORECASE)
_RULE = re.compile(r"(?<![^{}])([^{}]++)\{([^{}]*+)\}")
_CLASS = re.compile(r"\s*[a-z]{0,20}\.([\w-]{1,100})\s*", re.IGNORECASE)
_ROOT = re.compile(r"\s*(?:body|html)\s*", re.IGNORECASE)
_WHITE = "#ffffff"
_NAMES = {"white": _WHITE, "rgb(255,255,255)": _WHITE, "rgba(255,255,255,1)": _WHITE, "black": "#000000"}
_NO_SIZE = re.compile(r"(?:0+\.?0*|\.0+)(?:px|pt|em|rem|%|ex|ch|vw|vh)?\Z")
# Links and buttons are often white, on a ground that a style sheet elsewhere gives them.
_ON_OWN_GROUND = frozenset({"a", "button", "input", "nav", "header", "footer", "h1", "th"})
# Where next to nothing would be left, it isn't hidden: a script shows it, or it stands on a dark ground.
_FEWEST_SHOWN = 400

_Style = dict[str, str]


def without_hidden(page: str) -> tuple[str, int]:
    """``page`` without the text that its colour or size hides, and how many characters that was.

    Inline styles and the page's own rules for single classes are looked at, not scripts
    or style sheets elsewhere. A page that seems to hide all of its text is left as it is.
    """
    if not _MAY_HIDE.search(page):
        return page, 0
    from lxml import etree, html

    try:
        tree = html.document_fromstring(page)
    except (etree.LxmlError, ValueError):
        return page, 0
    hidden = _hidden_elements(tree)
    size = sum(len(" ".join(one.text_content().split())) for one in hidden)
    shown = len(" ".join(tree.text_content().split())) - size
    if not size or shown < min(size, _FEWEST_SHOWN):
        return page, 0
    for element in hidden:
        element.drop_tree()
    return str(html.tostring(tree, encoding="unicode")), size


def _hidden_elements(tree: HtmlElement) -> list[HtmlElement]:
    """The elements that hide their text, without those inside others of them."""
    classes, ground = _rules("\n".join(one.text or "" for one in tree.iter("style")))
    style_of = cache(partial(_style_of, classes=classes))
    behind = partial(_behind, grounds={None: ground or _WHITE}, style_of=style_of)
    found: list[HtmlElement] = []
    inside: set[HtmlElement] = set()
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.getparent() in inside:
            inside.add(element)
        elif _hides(element, style_of(element), behind):
            inside.add(element)
            found.append(element)
    return found


def _rules(sheet: str) -> tuple[dict[str, _Style], str]:
    """What a style sheet says of single classes, and the colour of the page's ground, "" if it doesn't say."""
    classes: dict[str, _Style] = {}
    ground = ""
    for rule in _RULE.finditer(sheet):
        style = _style(rule[2])
        for selector in rule[1].split(","):
            if found := _CLASS.fullmatch(selector):
                classes[found[1]] = classes.get(found[1], {}) | style
            elif _ROOT.fullmatch(selector):
                ground = _ground(style) or ground
    return classes, ground


def _hides(element: HtmlElement, style: _Style, behind: Callable[[HtmlElement], str]) -> bool:
    if element.get("hidden") is not None or style.get("visibility") == "hidden":
        return True
    if _NO_SIZE.match(style.get("font-size", "")):
        return True
    colour = _colour(style.get("color", ""))
    if not colour or element.tag in _ON_OWN_GROUND:
        return False
    return colour in ("transparent", behind(element))


def _behind(
    element: HtmlElement, grounds: dict[HtmlElement | None, str], style_of: Callable[[HtmlElement], _Style]
) -> str:
    """The colour of the ground that an element stands on, its own or the nearest one around it.

    ``grounds`` has those known so far, the page's under None; what is found out is added.
    """
    within: list[HtmlElement] = []
    around: HtmlElement | None = element
    while around is not None and around not in grounds:
        within.append(around)
        if own := _ground(style_of(around)):
            grounds[around] = own
        else:
            around = around.getparent()
    found = grounds[around]
    grounds.update(dict.fromkeys(within, found))
    return found


def _style_of(element: HtmlElement, classes: dict[str, _Style]) -> _Style:
    """The declarations that hold for an element: its classes', its own, those of its attributes."""
    style: _Style = {}
    for name in (element.get("class") or "").split():
        style |= classes.get(name, {})
    if element.get("color"):
        style["color"] = element.get("color").lower()
    if element.get("bgcolor"):
        style["background"] = element.get("bgcolor").lower()
    return style | _style(element.get("style") or "")


def _style(declarations: str) -> _Style:
    parts = (part.lower().partition(":") for part in declarations.split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in parts}


def _ground(style: _Style) -> str:
    """What stands behind the text, "" if that isn't said; a picture is said, and no colour."""
    said = style.get("background-color") or style.get("background", "")
    return "" if said in ("", "transparent", "none", "inherit", "initial") else _colour(said)


def _colour(value: str) -> str:
    """One spelling for a colour's several: six digits, lower case."""
    value = re.sub(r"\s*,\s*", ",", value.strip())
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(2 * digit for digit in value[1:])
    return _NAMES.get(value, value)

"""A page's own styles, as far as they decide whether text shows: declarations, single classes and ids, colours."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Style = dict[str, str]

_RULE = re.compile(r"(?<![^{}])([^{}]++)\{([^{}]*+)\}")
_NAME = re.compile(r"([.#][\w-]{1,100})\s*[,{]")
# Rules for paper alone don't hide anything on a screen.
_PRINT = re.compile(r"@media(?=[^{}@]*?\bprint\b)[^{}@]*+\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\}", re.IGNORECASE)
_SELECTOR = re.compile(r"[a-z]{0,20}([.#][\w-]{1,100})", re.IGNORECASE)
_MATTERS = re.compile(
    r"color|background|font-size|visibility|display|opacity|text-indent|left|top|clip", re.IGNORECASE
)
_GROUND_RULE = re.compile(r"(?:body|html)\s*+(?:,[^{}]{0,50})?\{[^{}]*background", re.IGNORECASE)
_ROOTS = frozenset({"body", "html"})
_WHITE = "#ffffff"
_NAMES = {"white": _WHITE, "rgb(255,255,255)": _WHITE, "rgba(255,255,255,1)": _WHITE, "black": "#000000"}
PICTURE = "picture"
# Of a style only this is kept, so that what a page's elements have is bounded, whatever its rules say.
_TELLING = frozenset(
    "color background background-color background-image font-size visibility display text-indent left top clip "
    "clip-path opacity transition animation".split()
)
_LONGEST_VALUE = 200
# Frameworks' classes, which sheets elsewhere cut to nothing.
_FOR_EARS = frozenset({".sr-only", ".visually-hidden", ".visuallyhidden", ".screen-reader-text"})


class Styles:
    """The rules of a page's style sheets on single classes and ids, and the colour of its ground, white by default.

    Only what has to do with showing or hiding text is kept, of classes and ids that the page has.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self.page_ground = _WHITE
        sheet = "\n".join(one.text or "" for one in tree.iter("style"))
        named = set(_NAME.findall(sheet))
        classes = {name for several in tree.xpath("//@class", smart_strings=False) for name in several.split()}
        used = {f".{name}" for name in classes} | {f"#{id}" for id in tree.xpath("//@id", smart_strings=False)}
        self._rules: dict[str, Style] = {name: {"clip": "rect(0 0 0 0)"} for name in _FOR_EARS & used}
        used &= named
        # a sheet of a thousand rules takes as long as all else
        if not used and not ("background" in sheet and _GROUND_RULE.search(sheet)):
            return
        for rule in _RULE.finditer(_PRINT.sub("", sheet)):
            if not _MATTERS.search(rule[2]):
                continue
            selectors = dict.fromkeys(map(str.strip, rule[1].split(",")))
            style: Style | None = None
            for selector in selectors:
                if (found := _SELECTOR.fullmatch(selector)) and found[1] in used:
                    style = style or style_of(rule[2])
                    self._rules[found[1]] = self._rules.get(found[1], {}) | style
            if not _ROOTS.isdisjoint(map(str.lower, selectors)):
                self.page_ground = ground(style or style_of(rule[2])) or self.page_ground

    def of(self, element: HtmlElement) -> Style:
        """The declarations that hold for an element: those of its classes, its id, its attributes, its own."""
        style: Style = {}
        if self._rules:
            for name in (element.get("class") or "").split():
                style |= self._rules.get(f".{name}", {})
            style |= self._rules.get(f"#{element.get('id')}", {})
        if element.get("color"):
            style["color"] = element.get("color").lower()
        if element.get("bgcolor"):
            style["background"] = element.get("bgcolor").lower()
        own = element.get("style")
        return style | style_of(own) if own else style

    def styled(self, tree: HtmlElement) -> list[HtmlElement]:
        """The elements for which any declarations may hold."""
        found = list(tree.xpath(".//@style/..|.//@hidden/..|.//@color/..|.//@bgcolor/.."))
        if not self._rules:
            return found
        known = set(found)
        names = frozenset(self._rules)
        return found + [one for one in tree.iter() if one not in known and not names.isdisjoint(_names(one))]


def _names(element: HtmlElement) -> list[str]:
    names = [f".{name}" for name in (element.get("class") or "").split()]
    id = element.get("id")
    return [*names, f"#{id}"] if id else names


def style_of(declarations: str) -> Style:
    """The declarations in a rule or a ``style`` attribute."""
    parts = (part.lower().partition(":") for part in declarations.split(";"))
    named = ((name.strip(), value[:_LONGEST_VALUE]) for name, _, value in parts)
    return {name: value.replace("!important", "").strip() for name, value in named if name in _TELLING}


def ground(style: Style) -> str:
    """The ground behind the text, "" if none is stated; for a picture that name, and no colour."""
    said = style.get("background", "")
    if "url(" in said or "gradient(" in said or style.get("background-image", "none") not in ("none", "initial"):
        return PICTURE
    said = style.get("background-color") or said
    return "" if said in ("", "transparent", "none", "inherit", "initial") else colour(said)


@lru_cache(maxsize=1_000)
def colour(value: str) -> str:
    """One spelling for a colour's several: six digits, lower case."""
    value = ",".join(part.strip() for part in value.strip().split(","))
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(2 * digit for digit in value[1:])
    return "" if value in ("inherit", "initial", "unset", "currentcolor") else _NAMES.get(value, value)

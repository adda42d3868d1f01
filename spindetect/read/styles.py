"""A page's own styles, as far as they decide whether text shows: declarations, single classes and ids, colours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Style = dict[str, str]

_RULE = re.compile(r"(?<![^{}])([^{}]++)\{([^{}]*+)\}")
# What holds for paper alone doesn't hide anything on a screen.
_PRINT = re.compile(r"@media[^{}]*\bprint\b[^{}]*+\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\}", re.IGNORECASE)
_SELECTOR = re.compile(r"\s*[a-z]{0,20}([.#][\w-]{1,100})\s*", re.IGNORECASE)
_ROOT = re.compile(r"\s*(?:body|html)\s*", re.IGNORECASE)
_WHITE = "#ffffff"
_NAMES = {"white": _WHITE, "rgb(255,255,255)": _WHITE, "rgba(255,255,255,1)": _WHITE, "black": "#000000"}
PICTURE = "picture"


class Styles:
    """What a page's style sheets say of single classes and ids, and the colour of its ground, white by default."""

    def __init__(self, sheet: str) -> None:
        self._rules: dict[str, Style] = {}
        self.page_ground = _WHITE
        for rule in _RULE.finditer(_PRINT.sub("", sheet)):
            style = _style(rule[2])
            for selector in rule[1].split(","):
                if found := _SELECTOR.fullmatch(selector):
                    self._rules[found[1]] = self._rules.get(found[1], {}) | style
                elif _ROOT.fullmatch(selector):
                    self.page_ground = ground(style) or self.page_ground

    def of(self, element: HtmlElement) -> Style:
        """The declarations that hold for an element: those of its classes, its id, its attributes, its own."""
        style: Style = {}
        for name in (element.get("class") or "").split():
            style |= self._rules.get(f".{name}", {})
        style |= self._rules.get(f"#{element.get('id')}", {})
        if element.get("color"):
            style["color"] = element.get("color").lower()
        if element.get("bgcolor"):
            style["background"] = element.get("bgcolor").lower()
        return style | _style(element.get("style") or "")


def _style(declarations: str) -> Style:
    parts = (part.lower().partition(":") for part in declarations.split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in parts}


def ground(style: Style) -> str:
    """What stands behind the text, "" if that isn't said; a picture is said, and no colour."""
    said = style.get("background", "")
    if "url(" in said or "gradient(" in said or style.get("background-image", "none") not in ("none", "initial"):
        return PICTURE
    said = style.get("background-color") or said
    return "" if said in ("", "transparent", "none", "inherit", "initial") else colour(said)


def colour(value: str) -> str:
    """One spelling for a colour's several: six digits, lower case."""
    value = re.sub(r"\s*,\s*", ",", value.strip())
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(2 * digit for digit in value[1:])
    return "" if value in ("inherit", "initial", "unset", "currentcolor") else _NAMES.get(value, value)

"""Prose that a page has outside of its paragraphs, and words in elements of forms: trafilatura would lose them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spindetect.read.hidden import INLINE

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BOXES = ("div", "center", "section", "article", "main", "body", "td")
_FEWEST = 12  # words of a paragraph
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*\s*\Z")


def with_paragraphs(tree: HtmlElement) -> bool:
    """Put prose into paragraphs; whether any was loose [<div>It rained. <p> -> <div><p>It rained. </p><p>]."""
    changed = False
    for around in {one.getparent() for one in tree.iter("time", "button", "label")} - {None}:
        if around.tag == "p" and len("".join(around.itertext()).split()) >= _FEWEST:  # [on <time>Monday</time>]
            changed = True
            for element in around.iterchildren("time", "button", "label"):
                element.tag = "span"
    for box in [one for one in tree.iter(*_BOXES) if len(one) == 1 or one.find("p") is not None]:
        before: HtmlElement | None = None
        run: list[HtmlElement] = []
        for child in [*box, None]:
            if child is not None and child.tag in INLINE:
                run.append(child)
                continue
            text = (box.text if before is None else before.tail) or ""
            whole = text + "".join("".join(one.itertext()) + (one.tail or "") for one in run)
            if len(whole.split()) >= _FEWEST and _ENDS.search(whole):
                paragraph = box.makeelement("p")
                paragraph.text, changed = text, True
                paragraph.extend(run)
                if before is None:
                    box.text = None
                    box.insert(0, paragraph)
                else:
                    before.tail = None
                    before.addnext(paragraph)
            before, run = child, []
    return changed

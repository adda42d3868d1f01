"""Captions of pictures that stand in an article's text without being marked as captions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_WORDS = 40
# An image this narrow or low, in pixels, is an icon before an item of a list.
_ICON = 64
# Elements that set a caption's words apart from a paragraph's that has a picture in it.
_SET_APART = frozenset(("a", "em", "i", "small", "cite", "figcaption"))


def without_captions(tree: HtmlElement) -> bool:
    """Take out captions of galleries in lists and tables, and in italics below a picture; whether there was any.

    They stay where they are most of the text.
    """
    boxes: dict[HtmlElement, int] = {}
    for image in tree.iter("img"):
        box = next(image.iterancestors("li", "p", "table"), None)
        if box is None or box in boxes or not 0 < (words := _words(box)) <= _MOST_WORDS:
            continue
        if _IS_CAPTIONED[box.tag](box, image):
            boxes[box] = words
    if not boxes or 2 * sum(boxes.values()) > _words(tree):
        return False
    for box in boxes:
        box.drop_tree()
    return True


def _words(element: HtmlElement) -> int:
    return len("".join(element.itertext()).split())


def _picture_of_a_list(box: HtmlElement, image: HtmlElement) -> bool:
    """Whether each item of a list is a picture with a few words."""
    sizes = [size for name in ("width", "height") if (size := image.get(name, "").removesuffix("px")).isdecimal()]
    if any(int(size[:9]) <= _ICON for size in sizes):
        return False
    items = [] if box.getparent() is None else [one for one in box.getparent() if one.tag == "li"]
    return len(items) > 1 and all(next(one.iter("img"), None) is not None for one in items)


def _words_set_apart(box: HtmlElement, _: HtmlElement) -> bool:
    """Whether all words of a paragraph with a picture are in italics, small or linked."""
    if (box.text or "").strip() or any((one.tail or "").strip() for one in box):
        return False
    return all(one.tag in _SET_APART or not _words(one) for one in box)


_IS_CAPTIONED = {
    "li": _picture_of_a_list,
    # one with a picture in one cell and words in one other, or in the same
    "table": lambda box, _: sum(bool(_words(one)) for one in box.iter("td", "th")) == 1,
    "p": _words_set_apart,
}

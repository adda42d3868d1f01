"""Texts cut into tokens and joined with spaces [`` The mayor ' s plan did n' t pass , '' he said]."""

from __future__ import annotations

import re

from spindetect.repair.disguise import Known
from spindetect.repair.mapping import Edit, replacing

_APART = re.compile(
    r"(?<=[A-Za-z])(?:([ \xa0]?)[nN](?P<near>[ \xa0]?)['’](?P<gap>[ \xa0]?)[tT]"
    r"|([ \xa0]?)['’]([ \xa0]?)(?:s|ll|re|ve|m|d|S|LL|RE|VE|M|D))(?![\w'’-])"
    r"|(?<![\w.'’])(?:o([ \xa0]?)['’]([ \xa0]?)clock\b|O([ \xa0]?)['’]([ \xa0]?)[A-Z][a-z]{1,20}+(?!['’]))"
)
_NEGATED = re.compile(r"(?<![^\W_])(?i:do|does|did|is|are|was|were|ha[sd]|have|ca|wo|[cw]ould|should|must|might)\Z")
# The Penn Treebank's quotation marks and brackets, and Moses's signs within words [-LRB- AP -RRB- well @-@ known].
_SIGN = re.compile(r"``|''|-[LR][RSC]B-|(?<=\w) @[-,.:/]@ (?=\w)")
_APART_MARK = re.compile(r'(?<!\S)(?<!\d )"(?!\S)')
_SIGNS = dict(zip("`` '' -LRB- -RRB- -LSB- -RSB- -LCB- -RCB-".split(), "“”()[]{}", strict=True))


def tokenised(text: str, known: Known) -> list[Edit]:
    """Spaces within contractions, possessives and names [did n' t -> did n't], and a tokenizer's own signs."""
    edits: list[Edit] = []
    for found in _APART.finditer(text) if any(one in text for one in ("' ", " '", "’ ", " ’")) else ():
        if found["gap"] is not None and not (  # [do n't] is cut as don't is
            (found["near"] or found["gap"]) and _NEGATED.search(text, max(0, found.start() - 7), found.start())
        ):
            continue
        edits += [(*found.span(group), ()) for group in range(1, 10) if found[group]]
    quotes = "``" in text and "''" in text
    for found in _SIGN.finditer(text) if quotes or "RB-" in text or "@ " in text else ():
        if quotes or found[0] not in ("``", "''"):
            edits.append(replacing(*found.span(), _SIGNS.get(found[0], found[0].strip(" @"))))
    marks = [found.span() for found in _APART_MARK.finditer(text)] if ' " ' in text else []
    if len(marks) % 2 == 0 and len(marks) == text.count('"'):
        edits += [replacing(*at, "“”"[place % 2]) for place, at in enumerate(marks)]
    return sorted(edits)

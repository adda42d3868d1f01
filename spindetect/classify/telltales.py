"""Tell-tales: substitutions that hardly anyone but a machine would make."""

from __future__ import annotations

from spindetect.records import Kind

# Nats of evidence from which a substitution speaks for itself: a spinner is 20 times likelier to make it.
SPEAKS_ALONE = 3.0
# ... and inside a name, a fixed expression or a quotation, where people leave the words alone.
_PROTECTED = 1.0


def telltale_reason(kind: Kind, evidence: float, quoted: bool) -> str:
    """Why a substitution with so much evidence (in nats) is a tell-tale, in words; empty if it isn't one."""
    if kind == "disguise":
        return "nobody types such characters by accident"
    if kind == "demonym":
        return "nobody means the language here"
    if kind in ("form", "number", "rewrite", "function"):
        return ""
    if evidence >= SPEAKS_ALONE:
        return "spinners make this swap, people hardly ever do"
    if evidence < _PROTECTED:
        return ""
    if kind == "name":
        return "names aren't exchanged for synonyms"
    if kind == "term":
        return "fixed expressions aren't taken apart word by word"
    return "quotations aren't reworded by synonyms" if quoted else ""

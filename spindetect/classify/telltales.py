"""Tell-tales: substitutions that hardly anyone but a machine would make."""

from __future__ import annotations

from spindetect.classify.kinds import Context
from spindetect.datatypes import Kind
from spindetect.lexicon import Lexicon

# Nats of evidence from which a substitution speaks for itself: a spinner is 20 times likelier to make it.
_ALONE = 3.0
# ... and inside a name, a fixed expression or a quotation, where people leave the words alone.
_PROTECTED = 1.0


def telltale_reason(kind: Kind, context: Context, quoted: bool, lexicon: Lexicon) -> str:
    """Why the substitution is a tell-tale, in words; empty if it isn't one."""
    if kind == "disguise":
        return "nobody types such characters by accident"
    if kind == "demonym":
        return "nobody means the language here"
    if kind in ("form", "number", "rewrite", "function"):
        return ""
    evidence = lexicon.evidence(context.reference, context.suspect)
    if evidence >= _ALONE:
        return "spinners make this swap, people hardly ever do"
    if evidence < _PROTECTED:
        return ""
    if kind == "name":
        return "names aren't exchanged for synonyms"
    if kind == "term":
        return "fixed expressions aren't taken apart word by word"
    return "quotations aren't reworded by synonyms" if quoted else ""

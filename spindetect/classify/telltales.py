"""Tell-tales: substitutions that hardly anyone but a machine would make."""

from __future__ import annotations

from spindetect.kinds import KINDS, Kind

# Nats of evidence from which a substitution speaks for itself: a spinner is 20 times likelier to make it.
SPEAKS_ALONE = 3.0
# ... and inside a name, a fixed expression or a quotation, where people leave the words alone.
_PROTECTED = 1.0


def telltale_reason(kind: Kind, evidence: float, quoted: bool) -> str:
    """Why a substitution with so much evidence (in nats) is a tell-tale, in words; empty if it isn't one."""
    row = KINDS[kind]
    if row.telltale == "always":
        return row.because
    if row.telltale == "never" or evidence < _PROTECTED:
        return ""
    if evidence >= SPEAKS_ALONE:
        return "spinners make this swap, people hardly ever do"
    return row.because or ("quotations aren't reworded by synonyms" if quoted else "")

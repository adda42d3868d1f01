"""Which of two texts is the copy: by when they were published, and by whose words give the machine away."""

from __future__ import annotations

from spindetect.align.lexicon import Lexicon
from spindetect.pipeline import work_out
from spindetect.read.times import parse_time
from spindetect.records import MACHINE_RELATIONS, Direction, Result

# Tell-tales that a side needs, and by what factor they must outnumber those of the reverse comparison (plus one).
# Of the 58 machine-made articles in our collection of real ones this tells 15, nearly all of the spun, and
# none of them wrongly; tell-tales that are fewer or more even go either way.
_ENOUGH_TELLTALES = 3
_OUTNUMBER = 2
# Share of the suspect in common below which neither text is a copy of the other.
_RELATED = 0.3
_UNSAID = "when it was published"
_LONGEST_SHOWN = 60  # characters of a published time that isn't understood


def tell_direction(comparison: Result, reverse: int | None) -> Direction:
    """Which side of a comparison is the copy.

    ``reverse`` counts the tell-tales with the sides exchanged, None where that wasn't done. Times
    that contradict the tell-tales prove nothing: they are easily forged.
    """
    if comparison.verdict == "independent" or comparison.coverage < _RELATED:
        return Direction(None, "the texts have too little in common for one to be a copy of the other")
    timed, told = by_time(comparison), by_telltales(comparison, reverse)
    if timed.copy and told.copy and timed.copy != told.copy:
        return Direction(None, f"{timed.reason}, but {told.reason}")
    if timed.copy and told.copy:
        return Direction(timed.copy, f"{timed.reason}, and {told.reason}")
    if timed.copy or told.copy:
        return timed if timed.copy else told
    return Direction(None, f"{timed.reason}, and {told.reason}")


def by_time(comparison: Result) -> Direction:
    """The side that was published later, where both say when and the times don't overlap."""
    suspect, reference = comparison.suspect.article.published, comparison.reference.article.published
    ours, theirs = parse_time(suspect), parse_time(reference)
    if ours is None or theirs is None:
        return Direction(None, _why_untimed(suspect, reference))
    if ours.first > theirs.last:
        return Direction("suspect", f"the suspect was published later ({suspect}) than the reference ({reference})")
    if theirs.first > ours.last:
        return Direction(
            "reference", f"the reference was published later ({reference}) than the suspect ({suspect})"
        )
    return Direction(None, f"the times are too close to tell ({suspect} and {reference})")


def _why_untimed(suspect: str | None, reference: str | None) -> str:
    """What is missing of the two published times, as they stand."""
    reasons = [_untimed("suspect", suspect), _untimed("reference", reference)]
    if all(reason.endswith(_UNSAID) for reason in reasons):
        return f"neither text says {_UNSAID}"
    return ", and ".join(filter(None, reasons))


def _untimed(side: str, published: str | None) -> str:
    """Why a side's published time is of no use; "" when it is."""
    said = (published or "").strip()
    if not said:
        return f"the {side} doesn't say {_UNSAID}"
    if parse_time(said) is not None:
        return ""
    shown = said if len(said) <= _LONGEST_SHOWN else f"{said[:_LONGEST_SHOWN]}…"
    return f"the {side}'s published time ('{shown}') isn't understood"


def by_telltales(comparison: Result, reverse: int | None) -> Direction:
    """The side whose words are a machine's, where nearly all tell-tales are on that side."""
    if reverse is None:
        return Direction(None, "the words don't show it either")
    here, there = sum(item.telltale for item in comparison.substitutions), reverse
    if _outnumbers(here, there):
        return Direction("suspect", f"the suspect has {here} tell-tales of a machine, the reference {there}")
    if _outnumbers(there, here):
        return Direction("reference", f"the reference has {there} tell-tales of a machine, the suspect {here}")
    return Direction(None, f"the tell-tales don't show it ({here} in the suspect, {there} in the reference)")


def reverse_telltales(comparison: Result, lexicon: Lexicon) -> int:
    """How many tell-tales there are with the sides exchanged: no more of the reverse comparison is worked out."""
    worked = work_out(comparison.reference, comparison.suspect, lexicon)
    return sum(one.telltale for pair in worked.pairs for one in pair.judged)


def _outnumbers(count: int, other: int) -> bool:
    return count >= _ENOUGH_TELLTALES and count >= _OUTNUMBER * (other + 1)


def worth_reversing(comparison: Result) -> bool:
    """Whether the reverse comparison may show which side is the copy: one of them is a machine's work."""
    machine = sum(comparison.relations[relation] for relation in MACHINE_RELATIONS)
    return comparison.coverage >= _RELATED and machine >= 0.5

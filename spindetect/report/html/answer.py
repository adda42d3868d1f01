"""The answer at the head of the report: what was found, how sure it is, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from spindetect.files import last_part
from spindetect.findings import MACHINE_RELATIONS, RELATIONS, Result
from spindetect.records import Document
from spindetect.report.html.origin import copying_limit, direction_sentence
from spindetect.report.inert import inert
from spindetect.report.reasons import reuse_words
from spindetect.report.words import PAGES, VERDICTS, bounded, counted, percent, which_copy, which_tool
from spindetect.score.verdict import MACHINE_IS_ONE_IN
from spindetect.segment.english import NUMBER_WORDS

# Where most sentences of independent texts have a counterpart, and only their facts differ.
_MOSTLY = 0.5
_ONE_FORM: str = PAGES["one_form"]
# Least probability of the words that say how sure a verdict is.
_SURE = ((0.99, "almost certainly"), (0.95, "very probably"), (0.8, "probably"), (0.0, "more likely than not"))


LIMITS: tuple[str, ...] = tuple(PAGES["limits"])
_NOTHING_TO_GO_BY = ("no_words", "not_english", "too_short")


@dataclass(frozen=True, slots=True)
class Share:
    """A relation in words, its probability in words and as a number of 0 to 100, and whether a machine made it."""

    name: str
    text: str
    width: float
    machine: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the table of facts."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for a reader who reads no further.

    ``direction`` says which side is the copy, "" where nobody asked; ``copying`` what the score says of that;
    ``limit`` what a verdict that accuses nobody doesn't say, "" of any other.
    ``machine`` is whether the headline accuses the suspect of a machine's work.
    """

    headline: str
    sureness: str
    direction: str
    copying: str
    limit: str
    score: str
    reuse: str
    verdict: str
    machine: bool
    shares: tuple[Share, ...]
    facts: tuple[Fact, ...]
    warnings: tuple[str, ...]


def answer(comparison: Result) -> Answer:
    """Verdict, sureness and facts in sentences; the relations, most probable first."""
    known = [(name, comparison.relations[name]) for name in RELATIONS if name in comparison.relations]
    return Answer(
        headline=headline(comparison),
        sureness=sureness(comparison),
        direction=direction_sentence(comparison.direction),
        copying=copying_limit(comparison.direction),
        limit="",
        score=bounded(comparison.score),
        reuse=bounded(comparison.reuse or 0.0),
        verdict=VERDICTS[comparison.verdict].name,
        machine=comparison.verdict in MACHINE_RELATIONS and not comparison.reference_is_copy,
        shares=tuple(
            Share(VERDICTS[name].name, percent(share), round(100.0 * share, 1), name in MACHINE_RELATIONS)
            for name, share in sorted(known, key=lambda item: -item[1])
        ),
        facts=_facts(comparison),
        warnings=tuple(one for one in warnings_of(comparison) if one not in _said(comparison)),
    )


def warnings_of(result: Result) -> tuple[str, ...]:
    """The warnings, inert, with the articles' names in place of their paths."""
    names = [name for side in (result.suspect, result.reference) if last_part(name := side.article.name) != name]
    found = result.warnings
    for name in sorted(names, key=len, reverse=True):
        found = tuple([warning.replace(name, last_part(name)) for warning in found])
    return tuple(map(inert, found))


def _said(comparison: Result) -> tuple[str, ...]:
    """The headline of an undecided comparison, so that no note repeats it."""
    return tuple([inert(one.explanation) for one in comparison.undecided[:1]])


def headline(comparison: Result) -> str:
    """The verdict as a sentence; a suspect whose reference is the copy isn't accused, whatever the verdict."""
    if comparison.direction is not None and comparison.reference_is_copy:
        which = which_copy(comparison.direction)
        return f"{which[0].upper()}{which[1:]}, not the suspect: {inert(comparison.direction.reason)}."
    found = VERDICTS[comparison.verdict].headline
    if comparison.verdict in MACHINE_RELATIONS:
        return f"The suspect is {how_sure(comparison.score / 100.0)} {found}"
    if comparison.verdict == "undecided":
        why = [inert(one.explanation) for one in comparison.undecided]
        return f"{found} {why[0] if why else 'The evidence points both ways.'}"
    return _ONE_FORM if comparison.verdict == "independent" and comparison.coverage >= _MOSTLY else found


def how_sure(probability: float) -> str:
    """The words that say how sure a verdict of this probability is."""
    return next(word for least, word in _SURE if probability >= least)


def sureness(comparison: Result) -> str:
    """How sure the score is, in sentences a person understands."""
    if any(one.reason in _NOTHING_TO_GO_BY for one in comparison.undecided):
        return (
            f"The score of {bounded(comparison.score)} says little here; "
            "10 stands for “nothing to go by”, and it is no accusation."
        )
    few = list(NUMBER_WORDS)[MACHINE_IS_ONE_IN]
    said = (
        "The model puts the probability that a machine made the suspect from the reference at "
        f"{percent(comparison.score / 100.0)}, assuming that one such suspect in {few} is a machine's work."
    )
    if comparison.verdict in MACHINE_RELATIONS:
        return f"{said} Where machine paraphrases are rarer, be less sure."
    if comparison.verdict == "independent":
        return f"{said} Around 10% stands for “nothing to go by”."
    return said


def _facts(comparison: Result) -> tuple[Fact, ...]:
    """Size, coverage (of the reference, too, where that was measured) and what was counted."""
    covered = (
        f"{percent(comparison.coverage, 0)} of the suspect’s words stand in sentences "
        "that have a counterpart in the reference"
    )
    taken = comparison.features.get("reference_coverage")
    if taken is not None:
        covered = f"{covered}; so do {percent(taken, 0)} of the reference’s, in the suspect"
    return (
        Fact("Suspect", document_size(comparison.suspect)),
        Fact("Reference", document_size(comparison.reference)),
        Fact("Reuse", f"{bounded(comparison.reuse or 0.0)} of 100 \N{EM DASH} {reuse_words(comparison)}"),
        Fact("Coverage", covered),
        Fact("Substitutions", _substitutions(comparison)),
        Fact("Quotations", _quotations(comparison)),
        *tool_fact(comparison),
    )


def tool_fact(result: Result) -> tuple[Fact, ...]:
    """The tool that makes such substitutions, where that can be told."""
    tool = which_tool(result)
    return (Fact("Tool", inert(tool)),) if tool else ()


def document_size(document: Document) -> str:
    """An article's name and size, and how much of it was left out."""
    ignored = document.ignored_count
    boilerplate = len(document.sentences) - document.sentence_count - ignored
    size = f"{counted(document.word_count, 'word')} in {counted(document.sentence_count, 'sentence')}"
    left_out = f"; {counted(boilerplate, 'line')} of boilerplate left out" if boilerplate else ""
    shared = f"; {counted(ignored, 'sentence')} ignored: shared by many" if ignored else ""
    return f"{inert(last_part(document.article.name))} \N{EM DASH} {size}{left_out}{shared}"


def _substitutions(comparison: Result) -> str:
    """How many substitutions there are."""
    found = comparison.substitutions
    if not found:
        return "none"
    telltales = sum(item.telltale for item in found)
    meaning = ", which hardly anyone but a machine makes" if telltales else ""
    return (
        f"{len(found)}, {telltales or 'none'} of them {'a tell-tale' if telltales == 1 else 'tell-tales'}{meaning}"
    )


def _quotations(comparison: Result) -> str:
    """How many changes were made to what somebody said."""
    quoted = [item.suspect.span for item in comparison.substitutions if item.quoted]
    suspect = comparison.suspect
    altered = sum(any(suspect.quoted[token] for token in suspect.tokens(span)) for span in quoted)
    direct = f"{counted(altered, 'substitution')} inside direct quotations: words put into somebody’s mouth"
    reported = f"{counted(len(quoted) - altered, 'substitution')} where the suspect reports a quotation indirectly"
    said = [one for one, count in ((direct, altered), (reported, len(quoted) - altered)) if count]
    return "; ".join(said) or "no substitution inside a direct quotation"

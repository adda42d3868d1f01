"""Labelled pairs of many kinds: honest ways of changing a text, rewriting models, translators, tools.

A classifier that knows few kinds takes any dense change of words for a machine's. Each example names its kind,
so that a whole kind can weigh as one and be left out at once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from spindetect.errors import MissingCorpus
from spindetect.findings import MACHINE_RELATIONS
from spindetect.training.corpora import Thesaurus, read_records, read_texts, read_thesaurus
from spindetect.training.pairs.dataset import Example, held_out
from spindetect.training.pairs.simulated import both_ways
from spindetect.training.pairs.stitch import crop

_OLD_TEXTS = frozenset(("bible_revised", "old_spelling", "confessions_revised", "modern_spelling"))
"""Kinds of one sort: modern editions of old English. They count as one."""
MEASURED_ONLY = (
    "explained_twice", "defined_twice", "functions_twice", "cloud_docs_forms",
    "quran_translators", "gita_translators", "dhammapada_translators", "hadith_translators",
    "humano", "texthumanize:ash", "texthumanize:humanize", "texthumanize:until_human", "smollm2",
)  # fmt: skip
"""Collected kinds that nothing is learnt from: two texts on one thing of which nobody knows whether either had the
other in view, verses whose translators keep other words than those of news do, and tools that hardly reword."""
# Documents of the real tools' output that are used: each appears in some thirty rows.
_TOOL_DOCUMENTS = 60
# Kinds of edits by programs that must not be accused, and those of them in which no word was changed.
_TOOLS_EDITS = "control_"
_VERBATIM = ("control_quotes", "control_case", "control_pdf")
_SHORT_EDITS = 900
_SHORT_WORDS = (40, 151)
_SHORT_CORPUS = "allsides"
# The share of short texts with a single exchange; the others have two.
_ONE_EXCHANGE = 0.6


def kind_examples(corpora: Path, seed: int = 0) -> list[Example]:
    """All pairs of these kinds; where it makes sense in both orders, since either text may be the later one."""
    pairs = corpora / "pairs"
    tools = list(_examples(pairs / "tools.jsonl.gz", lambda record: str(record["operator"])))
    groups = sorted({one.group for one in tools}, key=lambda group: hashlib.sha256(group.encode()).hexdigest())
    kept = set(groups[:_TOOL_DOCUMENTS])
    return [
        *honest_examples(corpora),
        *(one for one in collected_examples(corpora) if not one.kind.startswith(MEASURED_ONLY)),
        *_both_orders(_examples(pairs / "newsrooms.jsonl.gz", lambda r: f"newsrooms_{r['relation']}")),
        # people's translations only: a machine's of the same source can't be told from them (see the model card)
        *_both_orders(
            _examples(
                pairs / "translations_wmt21.jsonl.gz",
                lambda r: f"wmt_{r['operator'].replace(':', '_')}" if r["relation"] == "translated" else "",
            )
        ),
        *_examples(pairs / "rewrites_lm.jsonl", _style),
        *_examples(pairs / "llm_sets.jsonl.gz", _task),
        *(example for example in tools if example.group in kept),
        *short_edits(corpora, read_thesaurus(corpora), seed),
    ]


def honest_examples(corpora: Path) -> Iterator[Example]:
    """The ways in which people change texts, and their translations, in both orders."""
    found = _examples(
        corpora / "pairs" / "honest.jsonl.gz", lambda r: "old_texts" if r["kind"] in _OLD_TEXTS else str(r["kind"])
    )
    yield from _both_orders(found)


def collected_examples(corpora: Path) -> Iterator[Example]:
    """The pairs out of packages that `benchmarks/collect.py` and its neighbours gather, where they were gathered.

    They are ``DIR/collected/*.jsonl.gz``. People's versions come in both orders, tools' work as it is.
    """
    for path in sorted((corpora / "collected").glob("*.jsonl.gz")):
        for example in _examples(path, lambda r: str(r.get("kind") or r["operator"])):
            by_tool = example.relation in MACHINE_RELATIONS or example.kind.startswith(_TOOLS_EDITS)
            yield from [example] if by_tool else _both_orders(iter([example]))


def machine_translations(corpora: Path, most: int = 600) -> list[Example]:
    """Machine translations against a person's of the same source, to measure: nobody can tell which is which."""
    path = corpora / "pairs" / "translations_wmt21.jsonl.gz"
    found = list(_examples(path, lambda record: "wmt_machine_" + record["operator"].rsplit(":", 1)[-1]))
    chosen = [one for one in found if one.relation == "back_translated"]
    return [chosen[place] for place in np.random.default_rng(0).permutation(len(chosen))[:most]]


def unit(kind: str) -> str:
    """The unit with which a kind is left out: the same tool at other settings, the same task on other subjects."""
    if kind.startswith(("short_", "wmt_")):
        return kind.rsplit("_", 1)[0]
    if kind.startswith("detectrl"):
        return kind.rsplit(":", 1)[0]
    return kind.split(":")[0]


def short_edits(corpora: Path, thesaurus: Thesaurus, seed: int = 0, most: int = _SHORT_EDITS) -> list[Example]:
    """Short honest texts with one or two words exchanged, by an editor's habit or out of a thesaurus."""
    rng = np.random.default_rng(seed)
    first_senses = {
        lemma: words
        for lemma, senses in thesaurus.senses.items()
        if senses and (words := [w for w in senses[0][1] if w != lemma and w.isalpha() and w.islower()])
    }
    sources = {"hand": both_ways("editors"), "thesaurus": first_senses}
    found: list[Example] = []
    for number, paragraphs in enumerate(read_texts(corpora, _SHORT_CORPUS)):
        if len(found) == most:
            break
        name = ("hand", "thesaurus")[number % 2]
        text = crop(" ".join(paragraphs[1:]), int(rng.integers(*_SHORT_WORDS)), rng)
        count = 1 if rng.random() < _ONE_EXCHANGE else 2
        if not _SHORT_WORDS[0] <= len(text.split()) < _SHORT_WORDS[1]:
            continue
        edited = _exchange(text, sources[name], count, rng)
        if edited:
            group = f"{_SHORT_CORPUS}:{number}"
            kind = f"short_{name}_{count}"
            found.append(
                Example(f"{kind}:{number}", "edited", name, group, edited, text, held_out(group), kind=kind)
            )
    return found


def _exchange(text: str, answers: Mapping[str, Sequence[str]], count: int, rng: np.random.Generator) -> str:
    """The text with so many words exchanged; empty if it hasn't as many that have an answer."""
    places = [match for match in re.finditer(r"(?<![\w-])[a-z]{4,}(?![\w-])", text) if match.group() in answers]
    if len(places) < count:
        return ""
    for place in sorted(rng.permutation(len(places))[:count], reverse=True):
        match = places[place]
        choice = answers[match.group()]
        text = text[: match.start()] + choice[int(rng.integers(len(choice)))] + text[match.end() :]
    return text


def _examples(path: Path, kind: Any) -> Iterator[Example]:
    """The pairs of one file; ``kind`` is a function of a record, and an empty kind leaves it out."""
    for number, record in enumerate(read_records(path)):
        try:
            name = kind(record)
            if name:
                group, texts = str(record["group"]), (record["suspect"], record["reference"])
                place, operator = f"{path.stem}:{number}", str(record.get("operator", "human"))
                relation: Any = "copied" if name.startswith(_VERBATIM) else record["relation"]
                yield Example(
                    str(record.get("id", place)), relation, operator, group, *texts, held_out(group), kind=name
                )
        except KeyError as error:
            raise MissingCorpus(
                f"{path}, record {number + 1}: no field {error}; has {', '.join(record)}."
            ) from error


def _both_orders(examples: Iterator[Example]) -> Iterator[Example]:
    for example in examples:
        yield example
        yield replace(example, id=f"{example.id}:turned", suspect=example.reference, reference=example.suspect)


def _style(record: Mapping[str, Any]) -> str:
    style = record["operator"].split(":")
    return "rewrite_against_another" if len(style) > 2 else f"rewrite_{style[1]}"


def _task(record: Mapping[str, Any]) -> str:
    operator = str(record["operator"])
    return operator if operator.startswith("detectrl") else "raidar:" + operator.split(":")[1].split()[0].lower()

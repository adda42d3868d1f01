"""Measure a model on what it wasn't trained on, and write the figures down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from spindetect.detector import Detector
from spindetect.findings import RELATIONS, Relation
from spindetect.results import Comparison
from spindetect.training.corpora import read_wild
from spindetect.training.measuring.figures import (
    Scored,
    auroc,
    calibration_error,
    draw,
    interval,
    macro_f1,
    share_reaching,
)
from spindetect.training.measuring.gold import GoldCounts, measure_gold
from spindetect.training.pairs.dataset import (
    LIGHTEST,
    Example,
    articles,
    neighbour_examples,
    real_examples,
    spun_examples,
    strewn_examples,
)
from spindetect.training.pairs.stitch import crop
from spindetect.training.spinners.spinner import families

# Invented spinners that training never draws.
_WILD_SEEDS_HELD_OUT = range(300, 400)
_ARTICLES_PER_CORPUS = 400
_NEIGHBOURS = 800
_LONG = 100
_LENGTHS = (100, 250, 500, 1000)
# How thoroughly a text was spun: edits a word.
_BANDS = ((0.0, LIGHTEST), (LIGHTEST, 0.05), (0.05, 0.1), (0.1, 1.0))


Measure = Callable[[Sequence[Scored]], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure: what, on what, its value and, where it has one, a 95% bootstrap interval."""

    name: str
    data: str
    value: float
    count: int
    low: float | None = None
    high: float | None = None


def evaluate(
    corpora: Path,
    gold: Path | None = None,
    model: str | Path | None = None,
    output: Path | None = None,
    seed: int = 1,
    jobs: int = 2,
) -> str:
    """Measure everything and return a Markdown table; ``output`` is a folder for it and the same as JSON.

    A folder with nothing but ``wild/pairs.jsonl``, such as the pairs that moderators decided, measures those.
    """
    detector = Detector.load(model)
    figures = _gold_figures(measure_gold(gold, detector)) if gold else []
    wild = score_examples(wild_examples(corpora), detector, jobs)
    figures += _wild_figures(wild)
    held_out = held_out_examples(corpora, seed) if (corpora / "text").is_dir() else []
    rows = score_examples(held_out, detector, jobs)
    figures += _dev_figures(rows) if rows else []
    for words in _LENGTHS if rows else ():
        cut = score_examples(list(_cut(held_out, words, seed)), detector, jobs)
        data = f"held-out pairs cut to {words} words"
        figures += [
            _figure("AUROC, all machine relations vs not", data, cut, auroc),
            _figure("macro-F1 over the relations there are", data, cut, macro_f1),
            _figure("false accusations, score >= 50", data, [r for r in cut if not r.machine], _reaching(50)),
            _figure("recall, score >= 50", data, [row for row in cut if row.machine], _reaching(50)),
        ]
    lines = [f"Measured with `{detector.signature}`.\n", "| figure | on | value | 95% interval | n |"]
    lines.append("|---|---|---|---|---|")
    for one in figures:
        between = "" if one.low is None else f"{one.low:.3f} to {one.high:.3f}"
        lines.append(f"| {one.name} | {one.data} | {one.value:.3f} | {between} | {one.count} |")
    table = "\n".join(lines) + "\n"
    if output:
        output.mkdir(parents=True, exist_ok=True)
        (output / "evaluation.md").write_text("# Evaluation\n\n" + table, "utf-8")
        record = {"signature": detector.signature, "figures": [asdict(one) for one in figures]}
        (output / "evaluation.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")
        draw([row for row in rows or wild if row.words >= _LONG], output)
    return table


def held_out_examples(corpora: Path, seed: int) -> list[Example]:
    """The examples that training leaves out: real pairs, neighbours, and texts spun by every family."""
    rng = np.random.default_rng(seed)
    sources = articles(corpora, _ARTICLES_PER_CORPUS)
    spinners = families(corpora, wild_seeds=_WILD_SEEDS_HELD_OUT)
    examples = real_examples(corpora, most_llm=10_000)
    examples += spun_examples(sources, spinners, rng, lightest=0.0)
    examples += neighbour_examples(sources, _NEIGHBOURS)
    examples += strewn_examples(corpora, sources, seed)
    return [example for example in examples if example.held_out]


def score_examples(examples: Sequence[Example], detector: Detector, jobs: int) -> list[Scored]:
    """Compare each example's texts and keep what the figures need."""
    pairs = ((example.suspect, example.reference) for example in examples)
    rows = []
    for example, comparison in zip(examples, detector.compare_many(pairs, jobs), strict=True):
        if not isinstance(comparison, Comparison):
            raise comparison
        rows.append(
            Scored(
                id=example.id,
                relation=example.relation,
                operator=example.operator,
                group=example.group,
                family=example.family,
                touched=example.touched,
                words=min(comparison.suspect.word_count, comparison.reference.word_count),
                score=comparison.score,
                likeliest=max(RELATIONS, key=lambda name: comparison.relations[name]),
                verdict=comparison.verdict,
            )
        )
    return rows


def wild_examples(corpora: Path) -> list[Example]:
    """Real altered news; none of it was trained on."""
    return [
        Example(p.id, p.relation, p.operator, p.group, p.suspect, p.reference, True)  # type: ignore[arg-type]
        for p in read_wild(corpora)
    ]


def _gold_figures(counts: dict[str, GoldCounts]) -> list[Figure]:
    whole = sum(counts.values(), GoldCounts())
    figures = [
        Figure("substitutions, micro-F1", name, count.f1, count.found + count.missed)
        for name, count in [*counts.items(), ("all labelled texts", whole)]
    ]
    return figures + [
        Figure(name, "all labelled texts", value, count)
        for name, value, count in (
            ("kinds right among those found", whole.kinds, whole.found),
            ("quoted flag right among those found", whole.quoted, whole.found),
            ("sentence pairs found", whole.pair_recall, whole.pairs),
            ("sentence pairs given that are false", whole.pair_errors, whole.pairs_given),
        )
    ]


def _wild_figures(rows: Sequence[Scored]) -> list[Figure]:
    honest = [row for row in rows if not row.machine]
    spun = [row for row in rows if row.relation == "spun"]
    certain: list[Relation] = ["spun", "back_translated"]
    return [
        _figure("AUROC, spun or back-translated vs not", "wild news",
                [r for r in rows if not r.machine or r.relation in certain], auroc),
        _figure("AUROC, all machine relations vs not", "wild news", rows, auroc),
        _figure("false accusations, score >= 50", "wild news, honest", honest, _reaching(50)),
        _figure("recall, score >= 50", "wild news, spun", spun, _reaching(50)),
        _figure("recall, score >= 50", "wild news, back-translated",
                [r for r in rows if r.relation == "back_translated"], _reaching(50)),
        _figure("recall, score >= 50", "wild news, rewritten by models and tools",
                [r for r in rows if r.relation in ("llm_rewritten", "machine")], _reaching(50)),
    ]  # fmt: skip


def _dev_figures(rows: Sequence[Scored]) -> list[Figure]:
    long = [row for row in rows if row.words >= _LONG]
    honest = [row for row in long if not row.machine]
    figures = [
        _figure("AUROC, all machine relations vs not", "held-out pairs, 100 words or more", long, auroc),
        _figure("macro-F1 over six relations", "held-out pairs, 100 words or more", long, macro_f1),
        _figure("expected calibration error", "held-out pairs, 100 words or more", long, calibration_error),
        _figure(
            "false accusations, score >= 50", "held-out honest pairs, 100 words or more", honest, _reaching(50)
        ),
        _figure(
            "false accusations, score >= 80", "held-out honest pairs, 100 words or more", honest, _reaching(80)
        ),
    ]
    for relation in RELATIONS:
        some = [row for row in long if row.relation == relation]
        figures.append(_figure("share reaching 50", f"held-out {relation}, 100 words or more", some, _reaching(50)))
    for family in sorted({row.family for row in long if row.family}):
        some = [row for row in long if row.family == family]
        figures.append(_figure("recall, score >= 50", f"held-out texts spun by {family}", some, _reaching(50)))
    for low, high in _BANDS:
        some = [row for row in long if row.family and low <= row.touched < high]
        data = f"held-out texts spun at {100 * low:.0f} to {100 * high:.0f} edits per 100 words"
        figures.append(_figure("recall, score >= 50", data, some, _reaching(50)))
    by_corpus: dict[tuple[str, str], list[Scored]] = {}
    for row in sorted(long, key=lambda row: (row.relation, row.id)):
        if not row.family:
            by_corpus.setdefault((row.relation, row.id.split(":")[0]), []).append(row)
    return figures + [
        _figure("share reaching 50", f"held-out {relation} from {corpus}", some, _reaching(50))
        for (relation, corpus), some in by_corpus.items()
    ]


def _cut(examples: Sequence[Example], words: int, seed: int) -> Iterator[Example]:
    """The examples with at least so many words on both sides, both cut to about that many."""
    rng = np.random.default_rng(seed)
    for example in examples:
        if min(len(example.suspect.split()), len(example.reference.split())) >= words:
            suspect, reference = (crop(text, words, rng) for text in (example.suspect, example.reference))
            yield replace(example, suspect=suspect, reference=reference)


def _reaching(score: float) -> Measure:
    return lambda rows: share_reaching(rows, score)


def _figure(name: str, data: str, rows: Sequence[Scored], measure: Measure) -> Figure:
    low, high = interval(rows, measure) if rows else (None, None)
    return Figure(name, data, measure(rows) if rows else float("nan"), len(rows), low, high)
